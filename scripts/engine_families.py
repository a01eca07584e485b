#!/usr/bin/env python3
"""Compares the engine with llama.cpp on small made-up models, one of each family, then on every quantisation.

Weights are random, shapes are those of the real models scaled down. For each family, at 32 bits: the relative error
of the logits (2-norm of the difference over 2-norm of llama.cpp's, over all positions), how far the engine's own three
ways of reading a prompt differ (largest difference over largest logit), and how many of 64 greedy tokens are the same.
For each quantisation: the error of both against llama.cpp on the same weights written out at 32 bits, which both make
by rounding activations to 8 bits; the engine's must not be larger. A different token counts as a tie where
llama.cpp's two best logits are nearer to each other than that error.

Usage: engine_families.py [NAME...]
Needs `llama-cpp-python`, `gguf` and `numpy`, and `cargo build --release -p engine --example logits`.
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import gguf
import llama_cpp
import llama_cpp.llama_cpp as low
import numpy as np

from engine_shapes import VOCABULARY, add_header

ROOT = Path(__file__).resolve().parent.parent
LOGITS = Path(os.environ.get("INGLENOOK_LOGITS", ROOT / "target/release/examples/logits"))
TOKENS, GREEDY = 96, 64
# Both hold keys and values at 16 bits.
NOISE = 0.002

default = low.llama_model_default_params


def portable():
    """Its AMX buffers crash with some types on some machines."""
    params = default()
    params.use_extra_bufts = False
    return params


low.llama_model_default_params = portable

# Per family: the architecture, and what differs from `shape` below.
FAMILIES = {
    "llama-2": ("llama", {"kv_heads": 8}),
    "llama-3": ("llama", {"base": 500000.0}),
    "llama-3.1": ("llama", {"base": 500000.0, "freqs": True, "layers": 3}),
    "llama-3.2": ("llama", {"base": 500000.0, "freqs": True, "tied": True}),
    "llama-linear": ("llama", {"scaling": "linear", "factor": 4.0}),
    "llama-yarn": ("llama", {"scaling": "yarn", "factor": 4.0, "original": 64}),
    "mistral": ("llama", {"base": 1000000.0, "head_dim": 64}),
    "smollm2": ("llama", {"heads": 3, "kv_heads": 1, "embedding": 192, "tied": True, "base": 100000.0}),
    "smollm3": ("smollm3", {"layers": 5, "tied": True, "base": 5000000.0}),
    "qwen2.5": ("qwen2", {"bias": True, "base": 1000000.0, "tied": True}),
    "qwen2.5-large": ("qwen2", {"bias": True, "base": 1000000.0}),
    "qwen3": ("qwen3", {"head_dim": 64, "head_norms": True, "base": 1000000.0, "tied": True}),
    "gemma": ("gemma", {"head_dim": 64, "kv_heads": 1, "tied": True}),
    "gemma-2": ("gemma2", {"head_dim": 64, "tied": True, "post_norms": True, "window": 24, "caps": True, "layers": 4}),
    "gemma-3-1b": (
        "gemma3",
        {"head_dim": 64, "heads": 4, "kv_heads": 1, "tied": True, "post_norms": True, "head_norms": True,
         "window": 24, "base": 1000000.0, "layers": 7},
    ),
    "gemma-3-4b": (
        "gemma3",
        {"head_dim": 64, "heads": 4, "kv_heads": 2, "tied": True, "post_norms": True, "head_norms": True,
         "window": 24, "base": 1000000.0, "layers": 7, "factor": 8.0, "scaling": "linear"},
    ),
    "phi-3": ("phi3", {"fused": True, "kv_heads": 8}),
    "phi-3.5-long": ("phi3", {"fused": True, "kv_heads": 8, "factors": True, "original": 64}),
    "phi-3.5-short": ("phi3", {"fused": True, "kv_heads": 8, "factors": True, "original": 256}),
    "phi-4-mini": ("phi3", {"fused": True, "tied": True, "factors": True, "original": 64, "rope_dims": 24}),
}

# Families whose window llama.cpp does not apply.
WINDOWED = {
    "mistral-window": ("llama", {"window": 24}),
    "phi-3-window": ("phi3", {"window": 24, "fused": True, "kv_heads": 8}),
}

TYPES = [
    "F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0",
    "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS",
]


def shape(changes: dict) -> dict:
    base = {"layers": 2, "embedding": 256, "forward": 512, "heads": 8, "kv_heads": 2, "base": 10000.0}
    merged = {**base, **changes}
    merged.setdefault("head_dim", merged["embedding"] // merged["heads"])
    merged.setdefault("rope_dims", merged["head_dim"])
    return merged


def write(path: Path, architecture: str, s: dict, kind: str, seed: int, weights: dict | None = None) -> None:
    """Writes a model; with `weights` by name in place of random ones."""
    random = np.random.default_rng(seed)
    out = gguf.GGUFWriter(path, architecture)
    add_header(out, architecture, s)

    def matrix(name: str, rows: int, columns: int, gain: float = 1.0) -> None:
        values = (random.standard_normal((rows, columns)) * gain / np.sqrt(columns)).astype(np.float32)
        put(out, name, weights[name] if weights else values, kind)

    def vector(name: str, width: int, mean: float = 1.0) -> None:
        values = (mean + 0.2 * random.standard_normal(width)).astype(np.float32)
        out.add_tensor(name, weights[name] if weights else values)

    embedding, forward = s["embedding"], s["forward"]
    queries, keys = s["heads"] * s["head_dim"], s["kv_heads"] * s["head_dim"]
    # The embedding also makes the logits where it is tied: a spread of about 4.
    matrix("token_embd.weight", VOCABULARY, embedding, 4.0 if s.get("tied") else 16.0)
    vector("output_norm.weight", embedding)
    if not s.get("tied"):
        matrix("output.weight", VOCABULARY, embedding, 4.0)
    if s.get("freqs"):
        out.add_tensor("rope_freqs.weight", np.geomspace(1, 8, s["rope_dims"] // 2).astype(np.float32))
    if s.get("factors"):
        half = s["rope_dims"] // 2
        out.add_tensor("rope_factors_long.weight", np.linspace(1, 9, half).astype(np.float32))
        out.add_tensor("rope_factors_short.weight", np.linspace(1, 1.5, half).astype(np.float32))
    for layer in range(s["layers"]):
        name = f"blk.{layer}.".__add__
        vector(name("attn_norm.weight"), embedding)
        vector(name("ffn_norm.weight"), embedding)
        if s.get("fused"):
            matrix(name("attn_qkv.weight"), queries + 2 * keys, embedding, 1.5)
            matrix(name("ffn_up.weight"), 2 * forward, embedding)
        else:
            for part, rows in (("attn_q", queries), ("attn_k", keys), ("attn_v", keys)):
                matrix(name(f"{part}.weight"), rows, embedding, 1.5)
                if s.get("bias"):
                    vector(name(f"{part}.bias"), rows, 0.0)
            matrix(name("ffn_gate.weight"), forward, embedding)
            matrix(name("ffn_up.weight"), forward, embedding)
        matrix(name("attn_output.weight"), embedding, queries)
        matrix(name("ffn_down.weight"), embedding, forward)
        if s.get("head_norms"):
            vector(name("attn_q_norm.weight"), s["head_dim"])
            vector(name("attn_k_norm.weight"), s["head_dim"])
        if s.get("post_norms"):
            vector(name("post_attention_norm.weight"), embedding)
            vector(name("post_ffw_norm.weight"), embedding)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def put(out: gguf.GGUFWriter, name: str, values: np.ndarray, kind: str) -> None:
    if kind == "F32":
        return out.add_tensor(name, values)
    if kind == "F16":
        return out.add_tensor(name, values.astype(np.float16))
    number = gguf.GGMLQuantizationType[kind]
    out.add_tensor(name, gguf.quants.quantize(values, number), raw_dtype=number)


def quantise(source: Path, target: Path, kind: str) -> None:
    """By llama.cpp's own quantizer, every matrix to the one type."""
    params = low.llama_model_quantize_default_params()
    file_types = {"Q2_K": 10, "Q3_K": 12, "Q4_K": 15, "Q5_K": 17, "Q6_K": 18, "IQ4_NL": 25, "IQ4_XS": 30}
    params.ftype = file_types[kind]
    params.pure = True
    params.token_embedding_type = params.output_tensor_type = int(gguf.GGMLQuantizationType[kind])
    if low.llama_model_quantize(str(source).encode(), str(target).encode(), params):
        sys.exit(f"llama.cpp did not quantise to {kind}")


def reference(path: Path, ids: list[int]) -> tuple[np.ndarray, list[int], list[float], bool]:
    """Logits, greedy continuation with its margins, and whether another way of reading continues the same."""
    continued = []
    for batch in (256, 1):
        llm = llama_cpp.Llama(
            str(path), n_ctx=256, n_batch=batch, n_ubatch=batch, n_threads=1, logits_all=True, verbose=False
        )
        llm.eval(ids)
        if batch == 256:
            logits = llm.scores[: len(ids)].copy()
        tokens, margins = [], []
        for _ in range(GREEDY):
            last = llm.scores[llm.n_tokens - 1]
            best = np.argsort(-last, kind="stable")[:2]
            tokens.append(int(best[0]))
            margins.append(float(last[best[0]] - last[best[1]]))
            llm.eval(tokens[-1:])
        continued.append(tokens)
        del llm
    return logits, continued[0], margins, continued[0] == continued[1]


def engine(path: Path, ids: list[int], folder: Path) -> tuple[dict[str, np.ndarray], list[int]]:
    text = " ".join(map(str, ids))
    subprocess.run([LOGITS, path, folder, str(GREEDY)], input=text, text=True, check=True)
    read = {name: np.fromfile(folder / name, np.float32).reshape(len(ids), -1) for name in ("whole", "parts", "single")}
    return read, [int(token) for token in (folder / "greedy").read_text().split()]


def exact(path: Path, target: Path, changes: dict) -> Path:
    """The same weights at 32 bits."""
    weights = {tensor.name: gguf.quants.dequantize(tensor.data, tensor.tensor_type)
               for tensor in gguf.GGUFReader(path).tensors}
    write(target, "llama", shape(changes), "F32", 0, weights)
    return target


def windowed(path: Path, ids: list[int], s: dict) -> np.ndarray:
    """Logits of a Llama or Phi-3 with a sliding window, written out in numpy: llama.cpp does not apply theirs."""
    w = {tensor.name.removesuffix(".weight"): tensor.data.astype(np.float64) for tensor in gguf.GGUFReader(path).tensors}
    n, heads, dim, group = len(ids), s["heads"], s["head_dim"], s["heads"] // s["kv_heads"]
    queries, keys = heads * dim, s["kv_heads"] * dim
    at = np.arange(n)
    angle = at[:, None] * s["base"] ** (-2.0 * np.arange(dim // 2) / dim)
    hidden = (at[None] > at[:, None]) | (at[:, None] - at[None] >= s["window"])

    def norm(x: np.ndarray, weight: np.ndarray) -> np.ndarray:
        return x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-6) * weight

    def turn(x: np.ndarray) -> np.ndarray:
        pairs = (slice(0, dim // 2), slice(dim // 2, None)) if s.get("fused") else (slice(0, None, 2), slice(1, None, 2))
        a, b, out = x[..., pairs[0]], x[..., pairs[1]], np.empty_like(x)
        cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
        out[..., pairs[0]], out[..., pairs[1]] = a * cos - b * sin, a * sin + b * cos
        return out

    x = w["token_embd"][ids]
    for layer in range(s["layers"]):
        part = lambda name: w[f"blk.{layer}.{name}"]  # noqa: B023, E731
        h = norm(x, part("attn_norm"))
        if s.get("fused"):
            q, k, v = np.split(h @ part("attn_qkv").T, [queries, queries + keys], axis=1)
        else:
            q, k, v = (h @ part(f"attn_{name}").T for name in "qkv")
        q, k, v = turn(q.reshape(n, heads, dim)), turn(k.reshape(n, -1, dim)), v.reshape(n, -1, dim)
        attended = np.empty((n, heads, dim))
        for head in range(heads):
            scores = q[:, head] @ k[:, head // group].T / np.sqrt(dim)
            scores[hidden] = -np.inf
            weights = np.exp(scores - scores.max(1, keepdims=True))
            attended[:, head] = weights / weights.sum(1, keepdims=True) @ v[:, head // group]
        x = x + attended.reshape(n, -1) @ part("attn_output").T
        h = norm(x, part("ffn_norm"))
        gate, up = np.split(h @ part("ffn_up").T, 2, axis=1) if s.get("fused") else (
            h @ part("ffn_gate").T, h @ part("ffn_up").T)
        x = x + (gate / (1 + np.exp(-gate)) * up) @ part("ffn_down").T
    return norm(x, w["output_norm"]) @ w["output"].T


def compare_windowed(name: str, architecture: str, changes: dict, folder: Path) -> bool:
    """Without a window numpy must agree with llama.cpp, and with one the engine with numpy."""
    ids = [int(token) for token in np.random.default_rng(5).integers(0, VOCABULARY - 2, TOKENS)]
    s, path = shape(changes), folder / "model.gguf"
    write(path, architecture, s, "F32", 7)
    judged = error(windowed(path, ids, {**s, "window": TOKENS}), reference(path, ids)[0])
    got, _ = engine(path, ids, folder)
    mine = error(got["whole"], windowed(path, ids, s))
    portions = max(np.abs(got[other] - got["whole"]).max() for other in ("parts", "single")) / np.abs(got["whole"]).max()
    good = max(mine, judged) < NOISE and portions < 1e-3
    print(f"{name:16} error {mine:.2e} (numpy from llama.cpp, no window {judged:.2e})  portions {portions:.1e}  "
          f"{'ok' if good else 'DIFFERENT'}", flush=True)
    return good


def error(logits: np.ndarray, expected: np.ndarray) -> float:
    return float(np.linalg.norm(logits - expected) / np.linalg.norm(expected))


def compare(name: str, path: Path, folder: Path, written_out: Path | None = None) -> bool:
    ids = [int(token) for token in np.random.default_rng(5).integers(0, VOCABULARY - 2, TOKENS)]
    expected, continuation, margins, settled = reference(path, ids)
    try:
        got, greedy = engine(path, ids, folder)
    except subprocess.CalledProcessError:
        print(f"{name:16} the engine does not run it")
        return False
    if written_out:
        true = reference(written_out, ids)[0]
        mine, theirs = error(got["whole"], true), error(expected, true)
        limit, told = 1.1 * theirs + NOISE, f"error {mine:.2e} (llama.cpp {theirs:.2e})"
    else:
        mine, limit = error(got["whole"], expected), NOISE
        theirs, told = mine, f"error {mine:.2e}"
    spread = np.abs(got["whole"]).max()
    portions = max(np.abs(got[other] - got["whole"]).max() / spread for other in ("parts", "single"))
    same = next((i for i in range(GREEDY) if greedy[i] != continuation[i]), GREEDY)
    tie = same < GREEDY and margins[same] < 2 * (mine + theirs) * spread
    good = mine < limit and portions < 1e-3 and (same == GREEDY or tie or not settled)
    note = "" if same == GREEDY else " (a tie)" if tie else " (llama.cpp differs from itself)" if not settled else ""
    print(f"{name:16} {told}  portions {portions:.1e}  greedy {same}/{GREEDY}{note}  "
          f"{'ok' if good else 'DIFFERENT'}", flush=True)
    return good


def main() -> int:
    wanted = sys.argv[1:]
    good = True
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for seed, (name, (architecture, changes)) in enumerate(FAMILIES.items()):
            if not wanted or name in wanted:
                write(folder / "model.gguf", architecture, shape(changes), "F32", seed)
                good &= compare(name, folder / "model.gguf", folder)
        for name, (architecture, changes) in WINDOWED.items():
            if not wanted or name in wanted:
                good &= compare_windowed(name, architecture, changes, folder)
        for kind in TYPES:
            if wanted and kind not in wanted:
                continue
            model, changes = folder / f"{kind}.gguf", {"layers": 2, "embedding": 512, "forward": 1024}
            if kind.endswith("_K") or kind.startswith("IQ"):
                write(folder / "source.gguf", "llama", shape(changes), "F32", 99)
                quantise(folder / "source.gguf", model, kind)
            else:
                write(model, "llama", shape(changes), kind, 99)
            good &= compare(kind, model, folder, exact(model, folder / "exact.gguf", changes))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
