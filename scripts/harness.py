"""Runs the built program in a display of its own, for the audit and the benchmarks."""
import os
import queue
import re
import shutil
import subprocess
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TRACE = re.compile(r"^trace: (?P<name>[a-z-]+)(?: (?P<tokens>\d+) tokens)? (?P<millis>[\d.]+) ms$")


class Display:
    """An X server without a screen. Use as a context manager."""

    def __init__(self, size: str = "1280x800x24"):
        self.size = size
        self.name = ""

    def __enter__(self) -> "Display":
        reader, writer = os.pipe()
        command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", self.size, "-nolisten", "tcp"]
        self.server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as number:
            self.name = f":{number.readline().strip()}"
        if self.name == ":":
            raise SystemExit("Xvfb did not start")
        return self

    def __exit__(self, *_) -> None:
        self.server.terminate()
        self.server.wait()

    def xdotool(self, *arguments: str) -> str:
        command = ["xdotool", *arguments]
        done = subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def focus(self) -> None:
        """There is no window manager to give the window the keyboard."""
        self.xdotool("search", "--sync", "--onlyvisible", "--class", "inglenook", "windowfocus", "--sync")

    def screenshot(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if shutil.which("import"):
            subprocess.run(["import", "-window", "root", str(path)], env=self.environment(), check=True)

    def environment(self) -> dict[str, str]:
        return {**os.environ, "DISPLAY": self.name}


class Program:
    """The program under a temporary home, with its timing lines as they come."""

    def __init__(self, command: list[str], home: Path, display: Display | None = None):
        self.begun = time.monotonic()
        self.moments: queue.Queue = queue.Queue()
        self.process = subprocess.Popen(
            command,
            env=environment(home, display),
            cwd=home,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        self.stderr: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stderr:
            if traced := TRACE.match(line.rstrip("\n")):
                tokens = int(traced["tokens"] or 0)
                self.moments.put((traced["name"], float(traced["millis"]), tokens, self.since_start()))
            else:
                self.stderr.append(line)
        self.moments.put(("ended", 0.0, 0, 0.0))

    def wait_for(self, name: str, seconds: float = 60) -> tuple[float, int, float]:
        """The next moment of this name: (milliseconds it says, tokens, milliseconds since the start)."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                found, millis, tokens, since_start = self.moments.get(timeout=left)
            except queue.Empty:
                break
            if found == name:
                return millis, tokens, since_start
            if found == "ended":
                break
        raise SystemExit(f"no moment {name!r} of {self.process.args}; it wrote: {''.join(self.stderr)[-2000:]}")

    def drain(self, name: str, quiet_seconds: float = 1.0) -> list[tuple[float, int]]:
        """Moments of this name until none comes for a while: (milliseconds, tokens)."""
        found = []
        while True:
            try:
                moment, millis, tokens, _ = self.moments.get(timeout=quiet_seconds)
            except queue.Empty:
                return found
            if moment == name:
                found.append((millis, tokens))
            elif moment == "ended":
                return found

    def since_start(self) -> float:
        """Milliseconds."""
        return (time.monotonic() - self.begun) * 1e3

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def environment(home: Path, display: Display | None = None) -> dict[str, str]:
    """Nothing of the person's own settings reaches the program."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "INGLENOOK_MODELS") if key in os.environ}
    kept.update(HOME=str(home), XDG_RUNTIME_DIR=str(home), TMPDIR=str(home), INGLENOOK_TRACE="1", LC_ALL="C.UTF-8")
    if display:
        kept["DISPLAY"] = display.name
    return kept
