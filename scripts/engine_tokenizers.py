#!/usr/bin/env python3
"""Compares the engine's tokenizers with expected ids: FILE.gguf with FILE.gguf.inp and FILE.gguf.out beside it.

These are the files of llama.cpp's `models/ggml-vocab-*`, whose ids were made by Hugging Face's tokenizers.
Usage: engine_tokenizers.py FILE.gguf...
Needs `cargo build --release -p engine --example judge`.
"""
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
JUDGE = os.environ.get("INGLENOOK_JUDGE", ROOT / "target/release/examples/judge")


def main() -> int:
    bad = 0
    for name in sys.argv[1:]:
        beside = [Path(f"{name}.{end}") for end in ("inp", "out")]
        if not all(path.exists() for path in beside):
            continue
        texts = beside[0].read_bytes().decode().split("\n__ggml_vocab_test__\n")
        expected = [[int(token) for token in line.split()] for line in beside[1].read_text().split("\n")]
        run = subprocess.run([JUDGE, name], input=json.dumps(texts), capture_output=True, text=True, check=False)
        got = json.loads(run.stdout) if run.returncode == 0 else []
        same = sum(ours == theirs for ours, theirs in zip(got, expected))
        total = min(len(texts), len(expected))
        bad += same < total
        print(f"{Path(name).stem:32} {same}/{total} {run.stderr.strip()[:120]}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
