"""Writes model files of the shapes and types of real ones, with random weights: `engine_shapes.py FOLDER [NAME...]`.

Each matrix has the type that llama.cpp's quantizer gives it in a file of that name: with "Q4_K_M" some are Q6_K, and
rows that are no multiple of 256 are Q5_0 or Q8_0 in the place of Q4_K and Q6_K. Needs `gguf` and `numpy`.
"""
import sys
from pathlib import Path

import gguf
import numpy as np

# Tokens of a model that does not say how many.
VOCABULARY = 512

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


def add_header(out: gguf.GGUFWriter, architecture: str, s: dict) -> None:
    """The metadata of a model of shape `s`, with a tokenizer of bytes and of words that nobody writes."""
    vocabulary = s.get("vocabulary", VOCABULARY)
    out.add_context_length(s.get("context", 256))
    out.add_embedding_length(s["embedding"])
    out.add_block_count(s["layers"])
    out.add_feed_forward_length(s["forward"])
    out.add_head_count(s["heads"])
    out.add_head_count_kv(s["kv_heads"])
    out.add_layer_norm_rms_eps(1e-6)
    out.add_rope_freq_base(s["base"])
    out.add_key_length(s["head_dim"])
    out.add_value_length(s["head_dim"])
    out.add_rope_dimension_count(s["rope_dims"])
    if "window" in s:
        out.add_sliding_window(s["window"])
    if "caps" in s:
        out.add_attn_logit_softcapping(50.0)
        out.add_final_logit_softcapping(30.0)
    if "scaling" in s:
        out.add_string(f"{architecture}.rope.scaling.type", s["scaling"])
    if "factor" in s:
        out.add_rope_scaling_factor(s["factor"])
    if "original" in s:
        out.add_rope_scaling_orig_ctx_len(s["original"])
    if "factors" in s:
        out.add_rope_scaling_attn_factors(1.19)
    out.add_vocab_size(vocabulary)
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre("gpt-2")
    tokens = byte_tokens() + [f"word{index}" for index in range(vocabulary - 258)] + ["<|end|>", "he"]
    out.add_token_list(tokens)
    out.add_token_types([1] * (vocabulary - 2) + [3, 1])
    out.add_token_merges(["h e"])
    out.add_eos_token_id(vocabulary - 2)
    out.add_chat_template("{% for m in messages %}{{ m.content }}{% endfor %}")


def byte_tokens() -> list[str]:
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in plain]
    return [chr(byte) if byte in plain else chr(256 + others.index(byte)) for byte in range(256)]


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
