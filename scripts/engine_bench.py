#!/usr/bin/env python3
"""Measures the engine beside llama.cpp: the same files, tokens and threads, in turns.

For each file: reading a prompt of 512 tokens, generating 64 tokens at depths 0 and 512; with one thread, with two, and
with two while another process keeps one of the cores busy. Figures are medians of tokens per second; a ratio above 1
says that the engine is faster. Beside generation stands the share of the memory's bandwidth that the weights and keys
read for it take up. Then the memory in use relative to the file and its keys and values, and, with INGLENOOK_TEST_DATA,
the perplexity of the default model over a year of a diary.

Needs the packages `llama-cpp-python`, `gguf` and `numpy`, and `cargo build --release -p engine --example bench`.
"""
import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import gguf
import numpy as np

from engine_shapes import SHAPES, write

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "target/release/examples/bench"
DEFAULT = "SmolLM2-135M-Instruct.Q4_1"
PROMPT, SEGMENT = 512, 1024
SETTINGS = ["1 thread", "2 threads", "2 threads, a core busy"]
PEER = """
import ctypes, sys, time
import numpy as np
import llama_cpp.llama_cpp as low
low.llama_backend_init()
params = low.llama_model_default_params()
params.use_extra_bufts = sys.argv[3] == "repack"
quiet = low.llama_log_callback(lambda *_: None)
low.llama_log_set(quiet, None)
model = low.llama_model_load_from_file(sys.argv[1].encode(), params)
settings = low.llama_context_default_params()
settings.n_ctx = int(sys.argv[4]); settings.n_threads = settings.n_threads_batch = int(sys.argv[2])
context = low.llama_init_from_model(model, settings)
vocabulary = low.llama_vocab_n_tokens(low.llama_model_get_vocab(model))
token = lambda position: position * 31 % 250
held = 0
def read(ids):
    global held
    tokens = (ctypes.c_int32 * len(ids))(*ids)
    assert low.llama_decode(context, low.llama_batch_get_one(tokens, len(ids))) == 0
    low.llama_synchronize(context); held += len(ids)
def forget():
    global held
    low.llama_memory_clear(low.llama_get_memory(context), True); held = 0
def surprise(ids):
    forget(); total = 0.0
    batch = low.llama_batch_init(512, 0, 1)
    for start in range(0, len(ids), 512):
        part = ids[start : start + 512]; batch.n_tokens = len(part)
        for i, id in enumerate(part):
            batch.token[i], batch.pos[i], batch.n_seq_id[i], batch.seq_id[i][0], batch.logits[i] = id, start + i, 1, 0, 1
        assert low.llama_decode(context, batch) == 0
        for i in range(len(part)):
            if start + i + 1 < len(ids):
                row = np.ctypeslib.as_array(low.llama_get_logits_ith(context, i), (vocabulary,)).astype(np.float64)
                total += row.max() + np.log(np.exp(row - row.max()).sum()) - row[ids[start + i + 1]]
    return total / (len(ids) - 1)
for line in sys.stdin:
    name, *numbers = line.split(); numbers = [int(number) for number in numbers]
    begun = time.perf_counter(); answer = None
    if name == "forget": forget()
    elif name == "prompt": forget(); read([token(i) for i in range(numbers[0])])
    elif name == "generate":
        for _ in range(numbers[0]): read([token(held)])
    elif name == "surprise": answer = surprise(numbers)
    elif name == "tokens":
        text = bytes.fromhex(sys.stdin.readline()); ids = (ctypes.c_int32 * len(text))()
        count = low.llama_tokenize(low.llama_model_get_vocab(model), text, len(text), ids, len(text), False, False)
        answer = " ".join(map(str, ids[: min(count, numbers[0])]))
    print(time.perf_counter() - begun if answer is None else answer, flush=True)
"""


class Runner:
    """A process that holds a model and answers one request a line."""

    def __init__(self, command: list[str], cores: list[int]) -> None:
        pin = ["taskset", "-c", ",".join(map(str, cores))]
        self.process = subprocess.Popen([*pin, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        stderr=subprocess.DEVNULL)

    def ask(self, request: str) -> str:
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"it ended at: {request[:40]}")
        return answer.strip()

    def seconds(self, request: str) -> float:
        return float(self.ask(request))

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def engine(path: Path, cores: list[int], *cache: str) -> Runner:
    return Runner([str(BENCH), str(path), *cache], cores)


def llama(path: Path, cores: list[int], context: int = SEGMENT) -> Runner:
    # Without its AMX buffers, which crash with some types on some machines; they come with the repacked ones.
    buffers = "plain" if "amx" in Path("/proc/cpuinfo").read_text() else "repack"
    return Runner([sys.executable, "-c", PEER, str(path), str(len(cores)), buffers, str(context)], cores)


def measure(runner: Runner, generated: int) -> dict[str, float]:
    """Tokens per second of each kind."""
    rates = {"prompt": PROMPT / runner.seconds(f"prompt {PROMPT}")}
    rates[f"depth {PROMPT}"] = generated / runner.seconds(f"generate {generated}")
    runner.ask("prompt 1")
    rates["depth 0"] = generated / runner.seconds(f"generate {generated}")
    return rates


def bandwidth(cores: list[int]) -> float:
    """Bytes a second that so many threads read."""
    buffer = np.ones(1 << 28, np.int8)
    parts = np.array_split(buffer, len(cores))

    def once() -> float:
        threads = [threading.Thread(target=part.max) for part in parts]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - begun

    os.sched_setaffinity(0, cores)
    return buffer.nbytes / min(once() for _ in range(5))


def weights(path: Path) -> tuple[int, int]:
    """Bytes of the matrices read for a token, and bytes of keys and values for one."""
    reader = gguf.GGUFReader(path)
    number = lambda key: int(reader.fields[f"{architecture}.{key}"].contents())  # noqa: E731
    architecture = reader.fields["general.architecture"].contents()
    names = {tensor.name for tensor in reader.tensors}
    read = sum(int(tensor.n_bytes) for tensor in reader.tensors
               if tensor.name != "token_embd.weight" or "output.weight" not in names)
    heads = number("attention.head_count_kv")
    dim = (number("attention.key_length") if f"{architecture}.attention.key_length" in reader.fields
           else number("embedding_length") // number("attention.head_count"))
    return read, number("block_count") * heads * dim * 2 * 2


def speed(path: Path, setting: str, given: argparse.Namespace, all_cores: list[int]) -> None:
    cores = all_cores[:1] if setting.startswith("1") else all_cores[:2]
    read, keys = weights(path)
    limit = bandwidth(cores)
    os.sched_setaffinity(0, all_cores)
    busy = None
    if "busy" in setting:
        busy = subprocess.Popen(["taskset", "-c", str(cores[-1]), sys.executable, "-c", "while True: pass"])
    runners = [engine(path, cores), llama(path, cores)]
    for runner in runners:
        runner.ask("prompt 64")
    runs = [[measure(runner, given.generated) for runner in runners] for _ in range(given.rounds)]
    if busy:
        busy.kill()
        busy.wait()
    for what in ("prompt", "depth 0", f"depth {PROMPT}"):
        mine, theirs = (statistics.median(run[side][what] for run in runs) for side in (0, 1))
        share = mine * (read + keys * (PROMPT if what.endswith(str(PROMPT)) else 0)) / limit
        told = "" if what == "prompt" else f" {share:4.0%} of {limit / 1e9:.1f} GB/s"
        name = f"prompt of {PROMPT}" if what == "prompt" else f"generation at {what}"
        print(f"| {path.stem} | {setting} | {name} | {mine:.1f} | {theirs:.1f} | {mine / theirs:.2f} |{told}", flush=True)
    if "2 threads" == setting:
        told = float(runners[0].ask("memory"))
        expected = path.stat().st_size + keys * (PROMPT + given.generated)
        print(f"  memory {told / 1e6:.0f} MB, {told / expected:.2f} of file and keys and values", flush=True)
    for runner in runners:
        runner.close()


def perplexity(path: Path, diary: Path, count: int, cores: list[int]) -> None:
    entries = (json.loads(line) for line in diary.open())
    text = "\n\n".join(entry["text"] for entry in entries if entry["date"].startswith("1660"))
    runners = [engine(path, cores), llama(path, cores, count), engine(path, cores, "q8")]
    ids = runners[1].ask(f"tokens {count}\n{text[: 8 * count].encode().hex()}")
    mine, theirs, eight = (math.exp(float(runner.ask(f"surprise {ids}"))) for runner in runners)
    print(f"  perplexity over {len(ids.split())} tokens: engine {mine:.4f}, llama.cpp {theirs:.4f}, "
          f"{mine / theirs - 1:+.3%}; with keys and values at 8 bits {eight:.4f}, {eight / mine - 1:+.3%}", flush=True)
    for runner in runners:
        runner.close()


def main() -> None:
    names = [DEFAULT, *SHAPES]
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--files", nargs="+", choices=names, default=names)
    arguments.add_argument("--settings", nargs="+", choices=["1", "2", "busy", "perplexity"],
                           default=["1", "2", "busy", "perplexity"])
    arguments.add_argument("--rounds", type=int, default=2)
    arguments.add_argument("--generated", type=int, default=64,
                           help="tokens; beside a busy core llama.cpp may take seconds for each")
    arguments.add_argument("--tokens", type=int, default=2048, help="for the perplexity")
    given = arguments.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    folder = ROOT / "target/shapes"
    folder.mkdir(parents=True, exist_ok=True)
    models = Path(os.environ.get("INGLENOOK_MODELS", ROOT / "models"))
    for name in given.files:
        path = models / f"{name}.gguf" if name == DEFAULT else write(folder, name)
        for setting, short in zip(SETTINGS, ("1", "2", "busy")):
            if short in given.settings:
                speed(path, setting, given, cores)
        diary = Path(os.environ.get("INGLENOOK_TEST_DATA", ".")) / "pepys.jsonl"
        if name == DEFAULT and "perplexity" in given.settings and diary.exists():
            perplexity(path, diary, given.tokens, cores)


if __name__ == "__main__":
    main()
