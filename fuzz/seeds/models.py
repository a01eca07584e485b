"""Writes the seeds of model files beside it: headers of tiny models of each family, sound ones and ones with a defect."""

import pathlib
import struct

HERE = pathlib.Path(__file__).parent
INT, FLOAT, BOOL, TEXT, LIST = 4, 6, 7, 8, 9
F32, Q4_0, Q8_0 = 0, 2, 8
BLOCKS = {F32: (1, 4), Q4_0: (32, 18), Q8_0: (32, 34)}
EMBEDDING, HEADS, KV_HEADS, HEAD, FORWARD = 32, 2, 1, 16, 32
TEMPLATE = "{% for m in messages %}<s>{{ m.role }}: {{ m.content }}</s>{% endfor %}"


def text(value):
    value = value if isinstance(value, bytes) else value.encode()
    return struct.pack("<Q", len(value)) + value


def value(of):
    if isinstance(of, tuple):  # A kind and the bytes, as they are.
        return struct.pack("<I", of[0]) + of[1]
    if isinstance(of, bool):
        return struct.pack("<IB", BOOL, of)
    if isinstance(of, int):
        return struct.pack("<II", INT, of)
    if isinstance(of, float):
        return struct.pack("<If", FLOAT, of)
    if isinstance(of, (str, bytes)):
        return struct.pack("<I", TEXT) + text(of)
    kind, pack = (TEXT, text) if isinstance(of[0], (str, bytes)) else (5, lambda n: struct.pack("<i", n))
    return struct.pack("<IIQ", LIST, kind, len(of)) + b"".join(map(pack, of))


def size(dims, kind):
    block, width = BLOCKS.get(kind, (1, 4))
    elements = 1
    for n in dims:
        elements *= n
    return min(-(-(elements // block * width) // 32) * 32, 4096)


def header(keys, tensors, tensor_count=None, key_count=None, version=3):
    counts = [len(tensors) if tensor_count is None else tensor_count, len(keys) if key_count is None else key_count]
    out = b"GGUF" + struct.pack("<IQQ", version, *counts)
    for key, of in keys.items():
        out += text(key) + value(of)
    offset = 0
    for name, (dims, kind) in tensors.items():
        out += text(name) + struct.pack("<I", len(dims)) + b"".join(struct.pack("<Q", n) for n in dims)
        out += struct.pack("<IQ", kind, offset)
        offset += size(dims, kind)
    return out + bytes(-len(out) % 32), offset


def write(name, keys, tensors, kib=None, **counts):
    head, data = header(keys, tensors, **counts)
    kib = -(-data // 1024) if kib is None else kib
    folder = HERE / "gguf"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(bytes([min(kib, 255)]) + head)


def byte_level():
    tokens = [chr(c) for c in range(33, 127)] + ["Ġ", "Ċ", "he", "<s>", "</s>"]
    kinds = [1] * (len(tokens) - 2) + [3, 3]
    return tokens, {"model": "gpt2", "pre": "smollm", "tokens": tokens, "token_type": kinds, "merges": ["h e"]}


def sentence_piece():
    tokens = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(32, 127)] + ["▁", "h", "e", "he", "▁he"]
    kinds = [2, 3, 3] + [6] * 95 + [1] * 5
    scores = (LIST, struct.pack("<IQ", FLOAT, len(tokens)) + b"".join(struct.pack("<f", -n) for n in range(len(tokens))))
    return tokens, {"model": "llama", "tokens": tokens, "token_type": kinds, "scores": scores, "unknown_token_id": 0}


def model(architecture, vocabulary=byte_level, kind=Q4_0, **more):
    tokens, tokenizer = vocabulary()
    ends = {"bos_token_id": tokens.index("<s>"), "eos_token_id": tokens.index("</s>"), "add_bos_token": True}
    numbers = {
        "block_count": 1, "context_length": 64, "embedding_length": EMBEDDING, "feed_forward_length": FORWARD,
        "attention.head_count": HEADS, "attention.head_count_kv": KV_HEADS, "attention.key_length": HEAD,
        "attention.layer_norm_rms_epsilon": 1e-5, "rope.freq_base": 1e4, **more,
    }
    keys = {"general.architecture": architecture, "general.name": "tiny", "general.license": "mit"}
    keys |= {f"{architecture}.{name}": of for name, of in numbers.items()}
    keys |= {f"tokenizer.ggml.{name}": of for name, of in {**tokenizer, **ends}.items()}
    keys["tokenizer.chat_template"] = TEMPLATE
    return keys, tensors(architecture, len(tokens), kind)


def tensors(architecture, vocabulary, kind):
    queries, keys = HEADS * HEAD, KV_HEADS * HEAD
    all_of = {"token_embd.weight": ([EMBEDDING, vocabulary], kind), "output_norm.weight": ([EMBEDDING], F32)}
    layer = {"attn_norm": ([EMBEDDING], F32), "attn_output": ([queries, EMBEDDING], kind), "ffn_norm": ([EMBEDDING], F32),
             "ffn_down": ([FORWARD, EMBEDDING], kind)}
    if architecture == "phi3":
        layer |= {"attn_qkv": ([EMBEDDING, queries + 2 * keys], kind), "ffn_up": ([EMBEDDING, 2 * FORWARD], kind)}
    else:
        layer |= {"attn_q": ([EMBEDDING, queries], kind), "attn_k": ([EMBEDDING, keys], kind),
                  "attn_v": ([EMBEDDING, keys], kind), "ffn_gate": ([EMBEDDING, FORWARD], kind),
                  "ffn_up": ([EMBEDDING, FORWARD], kind)}
    if architecture in ("qwen3", "gemma3"):
        layer |= {"attn_q_norm": ([HEAD], F32), "attn_k_norm": ([HEAD], F32)}
    if architecture in ("gemma2", "gemma3"):
        layer |= {"post_attention_norm": ([EMBEDDING], F32), "post_ffw_norm": ([EMBEDDING], F32)}
    all_of |= {f"blk.0.{name}.weight": of for name, of in layer.items()}
    if architecture == "qwen2":
        all_of |= {f"blk.0.attn_{x}.bias": ([n], F32) for x, n in (("q", queries), ("k", keys), ("v", keys))}
    return all_of


def families():
    for name in ("llama", "qwen2", "qwen3", "phi3", "smollm3"):
        write(name, *model(name))
    for name in ("gemma", "gemma2", "gemma3"):
        write(name, *model(name, sentence_piece, Q8_0, **{"attention.sliding_window": 16}))
    write("llama-f32", *model("llama", sentence_piece, F32))
    write("llama-yarn", *model("llama", **{"rope.scaling.type": "yarn", "rope.scaling.factor": 4.0,
                                           "rope.scaling.original_context_length": 16}))
    keys, _ = model("llama")
    write("vocabulary", {key: of for key, of in keys.items() if not key.startswith("llama.")}, {})


def defects():
    keys, all_of = model("qwen3")
    huge, liar = 2**32 - 1, lambda n: (LIST, struct.pack("<IQ", 0, n))
    for name, of in {
        "head_count_kv": ("attention.head_count_kv", 0), "context": ("context_length", huge),
        "layers": ("block_count", huge), "head": ("attention.key_length", huge), "heads": ("attention.head_count", 3),
        "embedding": ("embedding_length", 31), "wrong-kind": ("attention.head_count", "2" * 300),
        "window": ("attention.sliding_window_pattern", [1]),
    }.items():
        write(f"bad-{name}", {**keys, f"qwen3.{of[0]}": of[1]}, all_of)
    for n in (0, 1, 64, huge):
        write(f"bad-alignment-{n}", {**keys, "general.alignment": n}, all_of)
    for name, dims in {"wrap": [32, 32 + 2**63], "square": [2**32, 2**32], "none": [], "five": [1] * 5, "zero": [0]}.items():
        write(f"bad-shape-{name}", keys, {**all_of, "blk.0.attn_q.weight": (dims, F32)})
    write("bad-type", keys, {**all_of, "blk.0.attn_q.weight": ([32, 32], 77)})
    write("bad-counts", keys, all_of, tensor_count=2**40, key_count=2**40)
    write("bad-version", keys, all_of, version=1)
    write("bad-list", {**keys, "a": liar(2**62)}, all_of)
    write("bad-nested", {**keys, "a": (LIST, struct.pack("<IQ", LIST, 1) * 64 + struct.pack("<IQ", 0, 0))}, all_of)
    write("bad-text", {**keys, "a": (TEXT, struct.pack("<Q", 2**62))}, all_of)
    write("bad-utf8", {**keys, "general.name": b"\xff\xfe\x1b[31m"}, all_of)
    write("bad-cut", keys, all_of, kib=0)
    write("bad-architecture", {**keys, "general.architecture": "mamba"}, all_of)
    write("bad-merges", {**keys, "tokenizer.ggml.merges": ["h zzz", " ", "", "h e e"]}, all_of)
    write("bad-bos", {**keys, "tokenizer.ggml.bos_token_id": (5, struct.pack("<i", -1))}, all_of)


def templates():
    folder = HERE / "template"
    folder.mkdir(exist_ok=True)
    for n, template in enumerate([
        TEMPLATE,
        "{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no') }}{% endif %}{{ m['content'] | trim }}{% endfor %}",
        "{% set ns = namespace(x='ab') %}{% for i in range(40) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x | length }}",
        "{% set x = 'a' * 9999 %}{{ x.replace('a', x).replace('a', x) | length }}",
        "{% set x = ['a' * 9999] * 9999 %}{{ ''.join(x).join(x) | length }}{{ '{:>999999999}'.format(1) }}",
        "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(messages) }}",
        "{{ messages | tojson(indent=4) }}{{ strftime_now('%d %B %Y') }}{{ messages[0].role.upper().split('E') }}",
        "{%- for m in messages if m.role in ['user'] -%}{{ m.content.split('</think>')[-1].lstrip('\\n') }}{%- endfor -%}",
        "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% endif %}{{ loop_messages | length }}",
    ]):
        (folder / f"{n:02}").write_text(template + "\0Hello <|end|>")


def texts():
    folder = HERE / "tokenizer"
    folder.mkdir(exist_ok=True)
    for n, sample in enumerate([
        "I'm  here, WE'LL\n\n go 1234567", "\t \n \r\n  x", "👩‍👩‍👧‍👦🇨🇭 e\u0301 ﬁ Å", "日記を書いた。ไทย العربية हिन्दी", "<|end|></s><0x41> ▁",
        "a" * 200, "\u0000\u0007\ue000\u200b\ufeff", "3.14159 12,345.67 ²½Ⅻ", "don't DON'T ’s …—",
    ]):
        for kind in (n, n + 10):
            (folder / f"{n:02}-{kind:02}").write_bytes(bytes([kind]) + sample.encode())


for make in (families, defects, templates, texts):
    make()
