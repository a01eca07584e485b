"""Which crates are in the program, and whether one of them is banned."""
import re
import subprocess
from pathlib import Path


def banned(root: Path) -> set[str]:
    """Names under `deny` of `[bans]` in deny.toml: one list, for cargo-deny and for this audit."""
    text = (root / "deny.toml").read_text()
    block = re.search(r"^deny = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    return set(re.findall(r'"([A-Za-z0-9_-]+)"', re.sub(r"#.*", "", block.group(1))))


def shipped(root: Path) -> set[str]:
    """Names of every crate that is compiled into the program."""
    command = ["cargo", "tree", "--locked", "-p", "inglenook", "-e", "normal", "--prefix", "none", "--format", "{p}"]
    lines = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.splitlines()
    return {line.split()[0] for line in lines if line}
