"""Writes model files of the shapes and types of real ones, with random weights: `engine_shapes.py FOLDER [NAME...]`.

Each matrix has the type that llama.cpp's quantizer gives it in a file of that name: with "Q4_K_M" some are Q6_K, and
rows that are no multiple of 256 are Q5_0 or Q8_0 in the place of Q4_K and Q6_K. Needs `gguf`, `llama-cpp-python`, `numpy`.
"""
import sys
from pathlib import Path

import gguf
import numpy as np

from engine_families import add_header

LLAMA = {"layers": 16, "embedding": 2048, "forward": 8192, "heads": 32, "kv_heads": 8, "head_dim": 64,
         "base": 500000.0, "vocabulary": 128256, "freqs": True}
SHAPES = {
    "Qwen2.5-0.5B.Q4_K_M": ("qwen2", {
        "layers": 24, "embedding": 896, "forward": 4864, "heads": 14, "kv_heads": 2, "head_dim": 64,
        "base": 1000000.0, "vocabulary": 151936, "bias": True}),
    "Llama-3.2-1B.Q4_K_M": ("llama", LLAMA),
    "Llama-3.2-1B.Q8_0": ("llama", LLAMA),
    "Gemma-3-1B.Q4_0": ("gemma3", {
        "layers": 26, "embedding": 1152, "forward": 6912, "heads": 4, "kv_heads": 1, "head_dim": 256,
        "base": 1000000.0, "vocabulary": 262144, "window": 512, "head_norms": True, "post_norms": True}),
}
# Where the 16-bit scales of a block are.
SCALES = {"Q4_0": [0], "Q5_0": [0], "Q8_0": [0], "Q4_K": [0, 2], "Q6_K": [208]}


def has_more_bits(layer: int, layers: int) -> bool:
    """The layers whose values and outputs are Q6_K in a Q4_K_M file."""
    return layer < layers // 8 or layer >= 7 * layers // 8 or (layer - layers // 8) % 3 == 2


def kind(name: str, part: str, layer: int, columns: int, layers: int) -> str:
    """The type of a matrix."""
    file_type = name.rsplit(".", 1)[1]
    if file_type != "Q4_K_M":
        found = "Q6_K" if part == "token_embd" and file_type == "Q4_0" else file_type
    else:
        more = part == "token_embd" or part in ("attn_v", "ffn_down") and has_more_bits(layer, layers)
        found = "Q6_K" if more else "Q4_K"
    return found if columns % 256 == 0 else {"Q4_K": "Q5_0", "Q6_K": "Q8_0"}.get(found, found)


def weights(rows: int, columns: int, kind: str, random: np.random.Generator) -> np.ndarray:
    """Random codes with scales that give weights of about 1 / sqrt(columns)."""
    size, width = gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType[kind]]
    count = rows * columns // size
    few = random.integers(0, 256, (min(count, 1 << 16), width), dtype=np.uint8)
    blocks = np.resize(few, (count, width))
    step = {"Q4_0": 4.6, "Q5_0": 9.2, "Q8_0": 74.0, "Q4_K": 4.6 * 32, "Q6_K": 18.5 * 64}[kind]
    scale = np.float16(1 / (step * np.sqrt(columns)))
    for at in SCALES[kind]:
        blocks[:, at : at + 2] = np.frombuffer((scale * (8 if at == 2 else 1)).astype(np.float16).tobytes(), np.uint8)
    return blocks.reshape(rows, -1)


def write(folder: Path, name: str) -> Path:
    """Writes a file unless it is there, and returns its path."""
    path = folder / f"{name}.gguf"
    if path.exists():
        return path
    architecture, s = SHAPES[name]
    s = {"rope_dims": s["head_dim"], "context": 8192, "tied": True, **s}
    random = np.random.default_rng(1)
    out = gguf.GGUFWriter(path.with_suffix(".part"), architecture, use_temp_file=True)
    add_header(out, architecture, s)

    def matrix(part: str, rows: int, columns: int, layer: int | None = None) -> None:
        chosen = kind(name, part, layer or 0, columns, s["layers"])
        full = f"{part}.weight" if layer is None else f"blk.{layer}.{part}.weight"
        out.add_tensor(full, weights(rows, columns, chosen, random), raw_dtype=gguf.GGMLQuantizationType[chosen])

    def vector(full: str, width: int, mean: float = 1.0) -> None:
        out.add_tensor(full, np.full(width, mean, np.float32))

    embedding, forward = s["embedding"], s["forward"]
    queries, keys = s["heads"] * s["head_dim"], s["kv_heads"] * s["head_dim"]
    matrix("token_embd", s["vocabulary"], embedding)
    vector("output_norm.weight", embedding)
    if s.get("freqs"):
        vector("rope_freqs.weight", s["rope_dims"] // 2)
    for layer in range(s["layers"]):
        at = f"blk.{layer}.".__add__
        vector(at("attn_norm.weight"), embedding)
        vector(at("ffn_norm.weight"), embedding)
        for part, rows in (("attn_q", queries), ("attn_k", keys), ("attn_v", keys)):
            matrix(part, rows, embedding, layer)
            if s.get("bias"):
                vector(at(f"{part}.bias"), rows, 0.0)
        matrix("attn_output", embedding, queries, layer)
        matrix("ffn_gate", forward, embedding, layer)
        matrix("ffn_up", forward, embedding, layer)
        matrix("ffn_down", embedding, forward, layer)
        if s.get("head_norms"):
            vector(at("attn_q_norm.weight"), s["head_dim"])
            vector(at("attn_k_norm.weight"), s["head_dim"])
        if s.get("post_norms"):
            vector(at("post_attention_norm.weight"), embedding)
            vector(at("post_ffw_norm.weight"), embedding)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()
    return path.with_suffix(".part").rename(path)


if __name__ == "__main__":
    for wanted in sys.argv[2:] or SHAPES:
        print(write(Path(sys.argv[1]), wanted))
