#!/usr/bin/env python3
"""Measures the built program from outside and prints a Markdown table; with --write, into README.md.

The window runs in Xvfb with software rendering, driven by xdotool; the program tells moments and
milliseconds on stderr (INGLENOOK_TRACE). The journal holds ten years: a real diary where
INGLENOOK_TEST_DATA names a folder with one (pepys.jsonl), otherwise made-up entries of the same size.
"""
import json
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from harness import ROOT, TRACE, Display, Program, environment

PROGRAM = os.environ.get("INGLENOOK_BIN", str(ROOT / "target/release/inglenook"))
DATA = Path(os.environ.get("INGLENOOK_TEST_DATA", ROOT.parent / "shared" / "data")) / "pepys.jsonl"
PASSPHRASE = "walnut harbour seven lanterns"
LAUNCHES = 5
LONG_ENTRY_WORDS = 20_000
TYPED = "The quick brown fox jumps over the lazy dog, and back."
SEARCHED = "plague in the city"
# Places in the window, in pixels from its top left.
FIRST_IN_LIST, IN_THE_TEXT = ("140", "216"), ("600", "400")
IN_AN_OLD_MONTH, YEAR = ("140", "292"), ("1232", "134")
STOPS = 24


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch, Display() as display:
        home = Path(scratch)
        source = diary(home)
        command_line(home, ["new"])
        command_line(home, ["import", str(source)])
        rows = launching(home, display)
        command_line(home, ["write", "-"], " ".join(words(random.Random(1), LONG_ENTRY_WORDS)))
        rows += typing(home, display)
        rows += searching(home, display)
        rows += stopping(home, display)
        rows += summarising(home)
    table = "\n".join(["| What | Figure |", "|---|---|", *(f"| {what} | {figure} |" for what, figure in rows)])
    table += f"\n\n{os.cpu_count()} cores, {processor()}, {platform.system()}, software rendering.\n"
    print(table)
    if "--write" in sys.argv:
        readme = ROOT / "README.md"
        block = re.compile(r"(<!-- figures -->\n).*?(<!-- end of figures -->)", re.DOTALL)
        readme.write_text(block.sub(lambda found: found.group(1) + table + found.group(2), readme.read_text()))


def launching(home: Path, display: Display) -> list[tuple[str, str]]:
    """To the unlock screen and from the passphrase to the journal, and memory before and after."""
    shown, derived, opened, searchable, locked, unlocked = [], [], [], [], [], []
    for _ in range(LAUNCHES):
        window = Program([PROGRAM], home, display)
        shown.append(window.wait_for("unlock-screen")[2])
        display.focus()
        window.drain("frame")
        locked.append(resident_mb(window))
        display.xdotool("type", PASSPHRASE)
        window.drain("frame")
        entered = window.since_start()
        display.xdotool("key", "Return")
        derived.append(window.wait_for("key-derived")[0])
        opened.append(window.wait_for("journal-frame")[2] - entered)
        searchable.append(window.wait_for("searchable")[2] - entered)
        window.drain("frame")
        unlocked.append(resident_mb(window))
        window.stop()
    return [
        ("Launch to the unlock screen", millis(shown)),
        ("Passphrase to the journal, ten years", f"{millis(opened)}, of which key derivation {millis(derived)}"),
        ("Passphrase to a searchable journal", millis(searchable)),
        ("Memory in use, locked", f"{statistics.median(locked):.0f} MB"),
        ("Memory in use, ten years unlocked", f"{statistics.median(unlocked):.0f} MB"),
    ]


def typing(home: Path, display: Display) -> list[tuple[str, str]]:
    """In today's entry, the first of the list."""
    window = unlocked_window(home, display)
    window.wait_for("searchable")
    display.xdotool("mousemove", *FIRST_IN_LIST, "click", "1")
    window.drain("frame")
    display.xdotool("mousemove", *IN_THE_TEXT, "click", "1")
    window.drain("frame")
    window.drain("frame")
    display.xdotool("type", "--delay", "60", TYPED)
    frames = [spent for spent, _ in window.drain("frame")]
    window.stop()
    return [(f"A keystroke's frame, in an entry of {LONG_ENTRY_WORDS:,} words", spread(frames))]


def searching(home: Path, display: Display) -> list[tuple[str, str]]:
    window = unlocked_window(home, display)
    window.wait_for("searchable")
    display.xdotool("key", "ctrl+f")
    window.drain("frame")
    display.xdotool("type", "--delay", "120", SEARCHED)
    searches = [spent for spent, _ in window.drain("search")]
    window.stop()
    return [("A search as you type, ten years", spread(searches))]


def stopping(home: Path, display: Display) -> list[tuple[str, str]]:
    """Summaries of a year, each stopped a little later than the one before; what was made of it is kept."""
    window = unlocked_window(home, display)
    window.wait_for("searchable")
    display.xdotool("mousemove", *IN_AN_OLD_MONTH, "click", "1")
    window.drain("frame")
    waits = []
    for attempt in range(STOPS):
        display.xdotool("mousemove", *YEAR, "click", "1")
        window.wait_for("reflection-reads")
        time.sleep(0.07 * attempt)
        display.xdotool("key", "Escape")
        told = window.wait_for("reflection-told-to-stop")[0]
        waits.append(window.wait_for("reflection-ended")[0] - told)
        window.drain("frame", 0.3)
    window.stop()
    return [("Stop pressed to stopped, while a year is summarised", spread(waits))]


def summarising(home: Path) -> list[tuple[str, str]]:
    """A week of the diary, on the command line."""
    listed = json.loads(command_line(home, ["list", "--json"])[0])["entries"]
    day = listed[len(listed) // 2]["date"]
    _, stderr, peak_mb = command_line(home, ["summarise", "--week", day])
    rows = []
    for name, label in (("prompt", "Reading a prompt"), ("generated", "Writing")):
        lines = [found for line in stderr.splitlines() if (found := TRACE.match(line)) and found["name"] == name]
        tokens, spent = sum(int(line["tokens"]) for line in lines), sum(float(line["millis"]) for line in lines)
        if spent:
            rows.append((f"{label}, default model", f"{tokens / spent * 1e3:.0f} tokens/s"))
    # The key derivation takes its memory for as long as it lasts, and may be the most of all.
    unlocking_mb = command_line(home, ["stats"])[2]
    peak = f"{peak_mb:.0f} MB; unlocking alone {unlocking_mb:.0f} MB, for the key derivation"
    return [*rows, ("Memory in use at most, summarising a week", peak)]


def unlocked_window(home: Path, display: Display) -> Program:
    window = Program([PROGRAM], home, display)
    window.wait_for("unlock-screen")
    display.focus()
    display.xdotool("type", PASSPHRASE)
    window.drain("frame")
    display.xdotool("key", "Return")
    window.wait_for("journal-frame")
    return window


def command_line(home: Path, arguments: list[str], text: str = "") -> tuple[str, str, float]:
    """What a command printed on stdout and stderr, and its memory at most in MB."""
    with tempfile.TemporaryFile("w+") as stdout, tempfile.TemporaryFile("w+") as stderr:
        process = subprocess.Popen(
            [PROGRAM, "--passphrase-stdin", *arguments],
            env=environment(home), stdin=subprocess.PIPE, stdout=stdout, stderr=stderr, text=True,
        )
        process.stdin.write(f"{PASSPHRASE}\n{text}")
        process.stdin.close()
        _, status, usage = os.wait4(process.pid, 0)
        stdout.seek(0)
        stderr.seek(0)
        printed, told = stdout.read(), stderr.read()
    if status:
        raise SystemExit(f"{' '.join(arguments)} failed: {told}")
    return printed, told, usage.ru_maxrss / 1024


def diary(home: Path) -> Path:
    """A file of ten years of entries to import."""
    if DATA.is_file():
        return DATA
    chance, path = random.Random(0), home / "diary.jsonl"
    days = (date(2014, 1, 1) + timedelta(days=day) for day in range(3413))
    lines = (json.dumps({"date": str(day), "text": " ".join(words(chance, 345))}) for day in days)
    path.write_text("\n".join(lines) + "\n")
    return path


def words(chance: random.Random, count: int) -> list[str]:
    """Made-up words, common ones more often, in sentences and paragraphs."""
    syllables = ["ba", "den", "fo", "gar", "hil", "lo", "mer", "na", "pen", "ri", "sto", "tu", "wen", "ys"]
    lexicon = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(12_000)]
    chosen = [lexicon[int(len(lexicon) * chance.random() ** 3)] for _ in range(count)]
    return [word + (".\n\n" if at % 80 == 79 else "." if at % 13 == 12 else "") for at, word in enumerate(chosen)]


def resident_mb(window: Program) -> float:
    status = Path(f"/proc/{window.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


def millis(values: list[float]) -> str:
    return f"{statistics.median(values):.0f} ms"


def spread(values: list[float]) -> str:
    if not values:
        raise SystemExit("nothing was measured")
    ordered = sorted(values)
    p95 = ordered[int(len(ordered) * 0.95) - 1] if len(ordered) > 1 else ordered[0]
    return f"median {statistics.median(ordered):.1f} ms, 95 % below {p95:.1f} ms ({len(ordered)} measured)"


def processor() -> str:
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return found.group(1).strip() if found else platform.machine()


if __name__ == "__main__":
    main()
