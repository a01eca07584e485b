"""What the running program asks of the kernel, read from strace."""
import re
from pathlib import Path

WATCHED = "trace=%network,execve,execveat,io_uring_setup,io_uring_enter"


def strace(log: Path, program: list[str]) -> list[str]:
    """The command that runs a program under strace, its threads and children too."""
    return ["strace", "-f", "-qq", "-o", str(log), "-e", WATCHED, *program]


def violations(log: Path) -> list[str]:
    """Calls in a log that the promise rules out: any family but AF_UNIX, any program started."""
    found, started = [], 0
    for line in log.read_text(errors="replace").splitlines():
        families = set(re.findall(r"\b[AP]F_[A-Z0-9]+", line)) - {"AF_UNIX", "PF_UNIX", "AF_LOCAL"}
        if families or "io_uring_" in line:
            found.append(line)
        elif re.search(r"\bexecve(at)?\(", line):
            started += 1
            if started > 1:
                found.append(line)
    if not started:
        found.append(f"strace saw nothing: {log}")
    return found


def local_sockets(log: Path) -> list[str]:
    """Paths of the local sockets that were connected to."""
    text = log.read_text(errors="replace")
    return sorted(set(re.findall(r"connect\(.*sun_path=(@?\"[^\"]*\")", text)))
