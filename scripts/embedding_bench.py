#!/usr/bin/env python3
"""Times the engine's vectors of texts beside onnxruntime, PyTorch and llama.cpp on one model, in turns.

Usage: embedding_bench.py MODEL_FOLDER DIARY.jsonl [PASSAGES] [ROUNDS] [THREADS]
Needs the packages onnx, onnxruntime, gguf, tokenizers and numpy, where they are there also sentence-transformers and
llama-cpp-python, and `cargo build --release -p engine --example embed`.
Prints medians of texts a second of wall clock and of processor time (which a busy machine hardly changes, but waiting
threads of a peer count), and the least cosine of each with onnxruntime's vectors at 32 bits. PASSAGES: 0 for all.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import gguf
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

ROOT = Path(__file__).resolve().parent.parent
EMBED = ROOT / "target/release/examples/embed"
MOST_TOKENS = 256

# Each reads (model, texts, vectors, threads), prints seconds and seconds of processor time, and writes the vectors.
COMMON = """
import json, sys, time
import numpy as np
model, texts, vectors, threads = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
texts = [json.loads(line) for line in open(texts)]
"""
ONNX = COMMON + """
import onnxruntime, tokenizers
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = threads
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
cutter = tokenizers.Tokenizer.from_file(sys.argv[5])
cutter.enable_truncation(256)
cutter.no_padding()
def embed(texts, batch=int(sys.argv[6])):
    ids = [item.ids for item in cutter.encode_batch_fast(texts)]
    order = sorted(range(len(ids)), key=lambda i: -len(ids[i]))
    out = np.empty((len(ids), session.get_outputs()[0].shape[1]), np.float32)
    for at in range(0, len(order), batch):
        part = order[at : at + batch]
        longest = max(len(ids[i]) for i in part)
        tokens, mask = np.zeros((len(part), longest), np.int64), np.zeros((len(part), longest), np.float32)
        for row, i in enumerate(part):
            tokens[row, : len(ids[i])], mask[row, : len(ids[i])] = ids[i], 1
        out[part] = session.run(None, {"tokens": tokens, "mask": mask})[0]
    return out
embed(texts[:64])
wall, processor = time.time(), time.process_time()
out = embed(texts)
print(time.time() - wall, time.process_time() - processor)
out.astype("<f4").tofile(vectors)
"""
TORCH = COMMON + """
import torch
from sentence_transformers import SentenceTransformer
torch.set_num_threads(threads)
model = SentenceTransformer(model, device="cpu")
embed = lambda texts: model.encode(texts, batch_size=32, normalize_embeddings=True)
embed(texts[:64])
wall, processor = time.time(), time.process_time()
out = embed(texts)
print(time.time() - wall, time.process_time() - processor)
out.astype("<f4").tofile(vectors)
"""
LLAMA = COMMON + """
import ctypes
import llama_cpp.llama_cpp as low
import tokenizers
low.llama_backend_init()
params = low.llama_model_default_params()
loaded = low.llama_model_load_from_file(model.encode(), params)
vocabulary = low.llama_model_get_vocab(loaded)
params = low.llama_context_default_params()
params.n_ctx = params.n_batch = params.n_ubatch = 2048
params.n_seq_max = 64
params.n_threads = params.n_threads_batch = threads
params.embeddings = True
params.kv_unified = True
context = low.llama_init_from_model(loaded, params)
width = low.llama_model_n_embd(loaded)
def cut(text):
    text = text.encode()
    tokens = (ctypes.c_int32 * (len(text) + 8))()
    count = low.llama_tokenize(vocabulary, text, len(text), tokens, len(tokens), True, False)
    tokens = tokens[:count]
    return tokens if count <= 256 else tokens[:255] + tokens[-1:]
def embed(texts):
    ids = [cut(text) for text in texts]
    order = sorted(range(len(ids)), key=lambda i: -len(ids[i]))
    out = np.empty((len(ids), width), np.float32)
    batch, at = low.llama_batch_init(2048, 0, 1), 0
    while at < len(order):
        part, size = [], 0
        while at < len(order) and size + len(ids[order[at]]) <= 2048 and len(part) < 64:
            for position, token in enumerate(ids[order[at]]):
                batch.token[size], batch.pos[size], batch.n_seq_id[size] = token, position, 1
                batch.seq_id[size][0], batch.logits[size] = len(part), 1
                size += 1
            part.append(order[at])
            at += 1
        batch.n_tokens = size
        assert low.llama_encode(context, batch) == 0
        for row, i in enumerate(part):
            out[i] = np.ctypeslib.as_array(low.llama_get_embeddings_seq(context, row), (width,))
    return out / np.linalg.norm(out, axis=1, keepdims=True)
embed(texts[:64])
wall, processor = time.time(), time.process_time()
out = embed(texts)
print(time.time() - wall, time.process_time() - processor)
out.astype("<f4").tofile(vectors)
"""


def passages(diary: Path, count: int) -> list[str]:
    """Sentences of the diary, joined until there are 20 words: about what the program cuts, in the same lengths."""
    found = []
    for line in diary.read_text().splitlines():
        open_words = 20
        for sentence in re.findall(r"\S.*?(?:[.!?;:](?=\s)|$)", json.loads(line)["text"], re.S):
            if open_words >= 20:
                found.append(sentence)
                open_words = len(sentence.split())
            else:
                found[-1] += " " + sentence
                open_words += len(sentence.split())
    if count and len(found) > count:
        # Spread over the whole diary.
        found = [found[i * len(found) // count] for i in range(count)]
    return found


class Graph:
    """An ONNX graph in the making."""

    def __init__(self) -> None:
        self.nodes: list = []
        self.constants: list = []

    def constant(self, values: np.ndarray) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def __call__(self, kind: str, *inputs: str, **attributes) -> str:
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=f"{kind}{name}", **attributes))
        return name


def write_onnx(folder: Path, target: Path) -> None:
    """The model with mean pooling, at 32 bits, in onnxruntime's own fused operators: what its optimizer makes of it."""
    config = json.loads((folder / "config.json").read_text())
    w = load_file(folder / "model.safetensors")
    width, heads = config["hidden_size"], config["num_attention_heads"]
    epsilon, g = config["layer_norm_eps"], Graph()
    ints = lambda *values: g.constant(np.array(values, np.int64))  # noqa: E731

    def weights(name: str) -> str:
        return g.constant(w[f"{name}.weight"].T)

    def vectors(*names: str) -> list[str]:
        return [g.constant(w[name]) for name in names]

    def norm(x: str, skip: str, name: str, bias: str) -> str:
        parts = vectors(f"{name}.weight", f"{name}.bias", f"{bias}.bias")
        return g("SkipLayerNormalization", x, skip, *parts, domain="com.microsoft", epsilon=epsilon)

    words = g("Gather", g.constant(w["embeddings.word_embeddings.weight"]), "tokens")
    length = g("Slice", g("Shape", "tokens"), ints(1), ints(2))
    places = g.constant(w["embeddings.position_embeddings.weight"] + w["embeddings.token_type_embeddings.weight"][0])
    x = g("Add", words, g("Slice", places, ints(0), length, ints(0)))
    x = g("LayerNormalization", x, *vectors("embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias"), epsilon=epsilon, axis=-1)
    seen = g("Cast", "mask", to=TensorProto.INT32)
    for index in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{index}.".__add__
        parts = [name(f"attention.self.{part}") for part in ("query", "key", "value")]
        mixed = [g.constant(np.concatenate([w[f"{part}.weight"].T for part in parts], 1)),
                 g.constant(np.concatenate([w[f"{part}.bias"] for part in parts]))]
        attended = g("Attention", x, *mixed, seen, domain="com.microsoft", num_heads=heads)
        attended = g("MatMul", attended, weights(name("attention.output.dense")))
        x = norm(attended, x, name("attention.output.LayerNorm"), name("attention.output.dense"))
        up = g("MatMul", x, weights(name("intermediate.dense")))
        up = g("BiasGelu", up, *vectors(name("intermediate.dense.bias")), domain="com.microsoft")
        x = norm(g("MatMul", up, weights(name("output.dense"))), x, name("output.LayerNorm"), name("output.dense"))
    total = g("ReduceSum", g("Mul", x, g("Unsqueeze", "mask", ints(2))), ints(1), keepdims=0)
    g.nodes.append(helper.make_node("LpNormalization", [total], ["vectors"], axis=-1, p=2))
    graph = helper.make_graph(
        g.nodes,
        "encoder",
        [
            helper.make_tensor_value_info("tokens", TensorProto.INT64, ["n", "length"]),
            helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["n", "length"]),
        ],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", width])],
        g.constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)], ir_version=10)
    onnx.save(model, target)


def write_gguf(folder: Path, target: Path, kind: str) -> None:
    """The model as llama.cpp's converter writes it."""
    config = json.loads((folder / "config.json").read_text())
    out = gguf.GGUFWriter(target, "bert")
    out.add_name(folder.name)
    out.add_block_count(config["num_hidden_layers"])
    out.add_context_length(config["max_position_embeddings"])
    out.add_embedding_length(config["hidden_size"])
    out.add_feed_forward_length(config["intermediate_size"])
    out.add_head_count(config["num_attention_heads"])
    out.add_layer_norm_eps(config["layer_norm_eps"])
    out.add_causal_attention(False)
    out.add_pooling_type(gguf.PoolingType.MEAN)
    tokens = (folder / "vocab.txt").read_text().splitlines()
    marks = {"[PAD]": "pad", "[UNK]": "unk", "[CLS]": "bos", "[SEP]": "sep", "[MASK]": "mask"}
    out.add_tokenizer_model("bert")
    out.add_tokenizer_pre("jina-v2-en")
    control = lambda token: token.startswith("[") and token.endswith("]") and len(token) > 2  # noqa: E731
    own = lambda token: token[2:] if token.startswith("##") else "\u2581" + token  # noqa: E731
    out.add_token_list([token if control(token) else own(token) for token in tokens])
    out.add_token_types([3 if control(token) else 1 for token in tokens])
    out.add_token_type_count(config["type_vocab_size"])
    for name, key in marks.items():
        getattr(out, f"add_{key}_token_id")(tokens.index(name))
    names = {
        "embeddings.word_embeddings": "token_embd", "embeddings.position_embeddings": "position_embd",
        "embeddings.token_type_embeddings": "token_types", "embeddings.LayerNorm": "token_embd_norm",
        "attention.self.query": "attn_q", "attention.self.key": "attn_k", "attention.self.value": "attn_v",
        "attention.output.dense": "attn_output", "attention.output.LayerNorm": "attn_output_norm",
        "intermediate.dense": "ffn_up", "output.dense": "ffn_down", "output.LayerNorm": "layer_output_norm",
    }
    for name, values in load_file(folder / "model.safetensors").items():
        stem, _, end = name.rpartition(".")
        layer = re.match(r"encoder\.layer\.(\d+)\.(.+)", stem)
        common = names.get(layer[2] if layer else stem)
        if common is None:
            continue
        name = f"blk.{layer[1]}.{common}.{end}" if layer else f"{common}.{end}"
        number = gguf.GGMLQuantizationType[kind]
        # As the converter does: vectors, positions and segments stay at 32 bits.
        if values.ndim < 2 or common in ("position_embd", "token_types") or kind == "F32":
            out.add_tensor(name, values.astype(np.float32))
        elif kind == "F16":
            out.add_tensor(name, values.astype(np.float16))
        else:
            out.add_tensor(name, gguf.quants.quantize(values.astype(np.float32), number), raw_dtype=number)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def run(command: list[str], pin: list[str]) -> str | None:
    done = subprocess.run([*pin, *command], capture_output=True, text=True)
    if done.returncode:
        print(f"  left out: {(done.stderr.strip().splitlines() or ['?'])[-1]}", flush=True)
        return None
    return done.stdout


def main() -> None:
    folder, diary = Path(sys.argv[1]), Path(sys.argv[2])
    count, rounds, threads = (int(sys.argv[i]) if len(sys.argv) > i else d for i, d in ((3, 600), (4, 5), (5, 2)))
    texts = passages(diary, count)
    pin = ["taskset", "-c", ",".join(map(str, sorted(os.sched_getaffinity(0))[:threads]))]
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        write_onnx(folder, scratch / "model.onnx")
        for kind in ("F32", "F16", "Q8_0"):
            write_gguf(folder, scratch / f"{kind}.gguf", kind)
        (scratch / "texts").write_text("\n".join(map(json.dumps, texts)))
        common = [str(scratch / "texts"), str(scratch / "out")]
        python = lambda code, model, *more: [sys.executable, "-c", code, str(model), *common, str(threads), *more]  # noqa: E731
        ours = lambda model: [str(EMBED), str(model), *common]  # noqa: E731
        tokenizer = str(folder / "tokenizer.json")
        contestants = {
            "onnxruntime": python(ONNX, scratch / "model.onnx", tokenizer, "8"),
            "engine": ours(folder),
            "engine F16 GGUF": ours(scratch / "F16.gguf"),
            "engine Q8_0 GGUF": ours(scratch / "Q8_0.gguf"),
            "sentence-transformers": python(TORCH, folder),
            "llama.cpp F32": python(LLAMA, scratch / "F32.gguf"),
            "llama.cpp F16": python(LLAMA, scratch / "F16.gguf"),
            "llama.cpp Q8_0": python(LLAMA, scratch / "Q8_0.gguf"),
        }
        compare(contestants, scratch / "out", len(texts), rounds, pin)


def compare(contestants: dict[str, list[str]], out: Path, count: int, rounds: int, pin: list[str]) -> None:
    rates: dict[str, list[list[float]]] = {name: [] for name in contestants}
    vectors: dict[str, np.ndarray] = {}
    for _ in range(rounds):
        for name in list(rates):
            told = run(contestants[name], pin)
            if told is None:
                del rates[name]
                continue
            rates[name].append([count / max(float(number), 1e-3) for number in told.split()[:2]])
            vectors[name] = np.fromfile(out, "<f4").reshape(count, -1)
    medians = {name: np.median(found, axis=0) for name, found in rates.items()}
    mine = medians["engine"]
    print(f"{count} texts; a second of wall clock (engine, times as many), of processor time, least cosine")
    for name, (wall, processor) in medians.items():
        cosines = (vectors[name] * vectors["onnxruntime"]).sum(1)
        print(f"{name:22} {wall:7.1f} ({mine[0] / wall:4.2f})  {processor:7.1f} ({mine[1] / processor:4.2f})  {cosines.min():.6f}")


if __name__ == "__main__":
    main()
