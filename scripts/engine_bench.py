#!/usr/bin/env python3
"""Times the engine and llama.cpp on one model, in turns, and prints medians.

Usage: engine_bench.py MODEL [ROUNDS] [THREADS]
Needs the `llama-cpp-python` package and `cargo build --release -p engine --example bench`.
Rates are tokens per second of wall clock and of processor time; the latter hardly suffers from a busy machine.
"""
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "target/release/examples/bench"
WORDS, TOKENS = 1000, 64

PEER = """
import sys, time
import llama_cpp.llama_cpp as low
from llama_cpp import Llama
model, repeats, tokens, threads = sys.argv[1], *map(int, sys.argv[2:])
default = low.llama_model_default_params
def portable():
    # Its AMX buffers crash with Q4_1 on some machines.
    params = default(); params.use_extra_bufts = False; return params
low.llama_model_default_params = portable
llm = Llama(model, n_ctx=4096, n_threads=threads, n_threads_batch=threads, verbose=False)
text = "Today I walked to the river and thought about work. " * repeats
prompt = llm.tokenize(text.encode(), add_bos=False)
now = lambda: (time.time(), time.process_time())
start, first, count = now(), None, 0
for token in llm.generate(prompt, temp=0.0, repeat_penalty=1.0):
    first = first or now(); count += 1
    if count > tokens: break
end = now()
for name, n, a, b in (("prompt", len(prompt), start, first), ("generated", tokens, first, end)):
    print(name, n, n / (b[0] - a[0]), n / max(b[1] - a[1], 1e-3))
"""


def rates(command: list[str]) -> dict[str, tuple[float, float]]:
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.findall(r"^(prompt|generated) \d+ ([\d.]+) ([\d.]+)$", output, re.M)
    return {name: (float(wall), float(processor)) for name, wall, processor in found}


def main() -> None:
    model = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    threads = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    cores = ",".join(map(str, sorted(os.sched_getaffinity(0))[:threads]))
    pin = ["taskset", "-c", cores]
    ours = [*pin, str(BENCH), model, str(WORDS), str(TOKENS)]
    peer = [*pin, sys.executable, "-c", PEER, model, str(WORDS // 10), str(TOKENS), str(threads)]
    runs = [(rates(ours), rates(peer)) for _ in range(rounds)]
    for what in ("prompt", "generated"):
        for index, clock in enumerate(("wall", "processor")):
            mine, theirs = (statistics.median(run[side][what][index] for run in runs) for side in (0, 1))
            print(f"{what:9} {clock:9} engine {mine:7.1f} llama.cpp {theirs:7.1f} tok/s ratio {mine / theirs:.2f}")


if __name__ == "__main__":
    main()
