#!/usr/bin/env python3
"""Shows that the built program holds no code to open an internet connection.

Four gates, each of which is first shown to fail on something that does reach the network:
1. no banned crate among those that are compiled in;
2. every place of the machine code that touches a socket or starts a program is one of those
   listed, with a reason, in scripts/network_allow.txt, and makes local sockets only;
3. the running window makes local sockets only and starts no program;
4. so does a summary on the command line.

Usage: network_audit.py PROGRAM
"""
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from audit import binary, crates, running
from harness import ROOT, Display, Program, environment

ALLOWED = ROOT / "scripts" / "network_allow.txt"
PASSPHRASE = "walnut harbour seven lanterns"
# An outgoing connection through the library, and a socket made behind its back.
CANARY = """
fn main() {
    let reached = std::net::TcpStream::connect("127.0.0.1:9").is_ok();
    let socket: isize;
    // SAFETY: socket(AF_INET, SOCK_STREAM, 0) touches no memory.
    unsafe {
        std::arch::asm!("syscall", inlateout("rax") 41_isize => socket, in("rdi") 2, in("rsi") 1, in("rdx") 0,
            out("rcx") _, out("r11") _);
    }
    println!("{reached} {socket}");
}
"""


def main() -> int:
    program = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="audit-") as scratch:
        home = Path(scratch)
        canary = build_canary(home)
        gates = [
            ("crates", crates_gate),
            ("machine code", lambda: code_gate(program, canary)),
            ("running window", lambda: window_gate(program, home)),
            ("running summary", lambda: summary_gate(program, home, canary)),
        ]
        failed = [name for name, gate in gates if not report(name, gate())]
    print("network audit:", f"FAILED ({', '.join(failed)})" if failed else "passed")
    return 1 if failed else 0


def report(name: str, problems: list[str] | None) -> bool:
    """None stands for a gate that this machine lacks the tools for: on a CI machine that is a failure."""
    if problems is None:
        print(f"{name}: SKIPPED, a tool is missing")
        return not os.environ.get("CI")
    for problem in problems:
        print(f"{name}: {problem}")
    print(f"{name}: {'failed' if problems else 'ok'}", flush=True)
    return not problems


def build_canary(home: Path) -> str:
    """A program with one outgoing connection, which every gate must notice."""
    source, program = home / "canary.rs", home / "canary"
    source.write_text(CANARY)
    subprocess.run(["rustc", "-O", "-o", program, source], check=True)
    return str(program)


def crates_gate() -> list[str]:
    banned, shipped = crates.banned(ROOT), crates.shipped(ROOT)
    print(f"crates: {len(shipped)} are compiled in, {len(banned)} are banned")
    problems = [f"{name} is compiled in" for name in sorted(banned & shipped)]
    if not {"tokio", "hyper", "zbus"} <= banned or "eframe" not in shipped:
        problems.append("the lists are not what they seem")
    return problems


def code_gate(program: str, canary: str) -> list[str] | None:
    if platform.machine() != "x86_64" or not shutil.which("objdump"):
        return None
    allowed = allowed_sites()
    sites = binary.network_sites(program)
    print(f"machine code: {len(sites)} places touch a socket, load a library or may start a program")
    unlisted = [f"not in {ALLOWED.name}: {site}" for site in sites if not allowed_by(site, allowed)]
    for line in allowed:
        if not any(allowed_by(site, [line]) for site in sites):
            print(f"machine code: not needed in this build: {' '.join(line[:3])}")
    noticed = {site.way for site in binary.network_sites(canary) if site.family == "AF_INET"}
    return unlisted + ([] if noticed == {"library", "instruction"} else ["the canary was not noticed"])


def allowed_sites() -> list[tuple[str, str, str]]:
    """Lines of `call | family | function, a regular expression | reason`."""
    lines = [line for line in ALLOWED.read_text().splitlines() if line and not line.startswith("#")]
    fields = [[field.strip() for field in re.split(r"\s\|\s", line)] for line in lines]
    for line in fields:
        if len(line) != 4 or not line[3]:
            raise SystemExit(f"{ALLOWED.name}: want `call | family | function | reason`: {line}")
    return [(call, family, function) for call, family, function, _ in fields]


def allowed_by(site: binary.Site, allowed: list[tuple[str, str, str]]) -> bool:
    return any(
        site.call == call and site.family == family and re.search(function, site.function)
        for call, family, function in allowed
    )


def window_gate(program: str, home: Path) -> list[str] | None:
    """A journal is made on the command line, then unlocked and written to in the window."""
    if not all(shutil.which(tool) for tool in ("Xvfb", "strace", "xdotool")):
        return None
    command_line(program, home, ["new"])
    command_line(program, home, ["write", "--date", "2024-02-01"], "Walked to the mill. The river was high.")
    log = home / "window.strace"
    with Display() as display:
        window = Program(running.strace(log, [program]), home, display)
        window.wait_for("unlock-screen", 120)
        display.focus()
        display.screenshot(ROOT / "artifacts" / "window-locked.png")
        display.xdotool("type", "--delay", "20", PASSPHRASE)
        window.drain("frame")
        display.xdotool("key", "Return")
        window.wait_for("journal-frame", 120)
        display.xdotool("key", "ctrl+n")
        display.xdotool("type", "--delay", "20", "Bread and a letter from home.")
        window.drain("frame")
        display.screenshot(ROOT / "artifacts" / "window-journal.png")
        window.stop()
    print(f"running window: local sockets {' '.join(running.local_sockets(log))}")
    return running.violations(log)


def summary_gate(program: str, home: Path, canary: str) -> list[str] | None:
    if not shutil.which("strace") or not (model_folder() / "all-MiniLM-L6-v2").is_dir():
        return None
    log, canary_log = home / "summary.strace", home / "canary.strace"
    subprocess.run(running.strace(canary_log, [canary]), check=True, stdout=subprocess.DEVNULL)
    problems = [] if running.violations(canary_log) else ["the canary was not noticed"]
    command_line(program, home, ["summarise", "--day", "2024-02-01"], traced=running.strace(log, []))
    return problems + running.violations(log)


def command_line(program: str, home: Path, arguments: list[str], text: str = "", traced: list[str] | None = None):
    command = [*(traced or []), program, "--passphrase-stdin", *arguments]
    done = subprocess.run(
        command, env=environment(home), input=f"{PASSPHRASE}\n{text}", capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed: {done.stderr}")


def model_folder() -> Path:
    return Path(os.environ.get("INGLENOOK_MODELS", ROOT / "models"))


if __name__ == "__main__":
    sys.exit(main())
