#!/usr/bin/env python3
"""Compares the engine's tokenizers with others, vocabulary by vocabulary.

With a folder of sentence-transformers: its BERT vocabulary, written as GGUF, with Hugging Face's tokenizers.
With FILE.gguf.inp and FILE.gguf.out beside FILE.gguf: with the ids there. These are the files of llama.cpp's
`models/ggml-vocab-*`, whose ids were made by Hugging Face's tokenizers. With llama-cpp-python installed: with llama.cpp
too, on texts that are hard to cut, of which those that differ are printed.
Usage: engine_tokenizers.py FILE.gguf|FOLDER...
Needs `cargo build --release -p engine --example judge`.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
JUDGE = os.environ.get("INGLENOOK_JUDGE", ROOT / "target/release/examples/judge")
# What texts are made of: each kind that some tokenizer cuts in a way of its own.
PARTS = [
    " ", "  ", "   ", " " * 9, "\t", "\t\t ", "\n", "\n\n", "\n\n\n", "\r\n", "\r", " \n", "\n ", "\u00a0", "\u3000", "\u2009",
    "\u2028", "\x0b", "\x0c", "\x85", "1", "12", "123", "1234", "1234567", "3.14", "1,000,000", "12:30", "²", "½", "Ⅻ", "٣٤",
    "१२", "①", "I'm", "I'M", "don't", "DON'T", "we'll", "WE'LL", "they'Re", "o'clock", "'s", "'S", "’s", "''", "x'ſ", "a", "The",
    "the", "THE", "camelCase", "HTTPServer", "ßtraße", "İstanbul", "ﬁ", "Å", "e\u0301", "n\u0303o", "a\u0300\u0301\u0302",
    "日記を書いた。", "中文", "한국어", "ไทย", "العربية", "हिन्दी", "বাংলা", "ქართული", "Ωmega", "σίσυφος", "ΣΊΣΥΦΟΣ", "Привет", "שלום", "𝒳𝓎",
    "𐐀𐐨", "🙂", "👩‍👩‍👧‍👦", "🇨🇭🇫🇷", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👍🏽", "☕️", "❤", "\u200b", "\u200d", "\u200e", "\ufeff", "\u00ad", "\ue000", "\u0000",
    "\u0007", "\u001b[31m", "\u007f", "\ufffd", ".", "...", "…", "!", "?!", ",", ";", "—", "--", "_", "__init__", "(", ")", "[]",
    "{}", "<>", "/", "//", "\\", "a/b", "#", "$", "€", "%", "&", "*", "**", "+", "=", "==", "^", "`", "```", "|", "~", "«»", "“”", "„",
    "。", "、", "！", "·", "<|im_end|>", "<|im_start|>", "<s>", "</s>", "<unk>", "<pad>", "[INST]", "[CLS]", "[UNK]", "<0x41>", "▁", "▁▁a",
    "Ġ", "Ċ", "##ing", "http://a.b/c?d=e", "a@b.c", "Donaudampfschifffahrtsgesellschaftskapitän", "supercalifragilistic" * 6, "x" * 150,
]


def corpus(count: int = 1500) -> list[str]:
    """Every part, alone and between letters and spaces, and rows of parts: always the same."""
    chance = random.Random(1)
    texts = [text for part in PARTS for text in (part, f"a{part}b", f" {part} ", part + part, f"\n{part}\n")]
    return texts + ["".join(chance.choices(PARTS, k=chance.randint(2, 9))) for _ in range(count)]


def ours(name: str, texts: list[str]) -> tuple[list[list[int]], str]:
    run = subprocess.run([JUDGE, name], input=json.dumps(texts), capture_output=True, text=True, check=False)
    return (json.loads(run.stdout) if run.returncode == 0 else []), run.stderr.strip()[:120]


def with_ids_beside(name: str) -> bool:
    beside = [Path(f"{name}.{end}") for end in ("inp", "out")]
    if not all(path.exists() for path in beside):
        return True
    texts = beside[0].read_bytes().decode().split("\n__ggml_vocab_test__\n")
    expected = [[int(token) for token in line.split()] for line in beside[1].read_text().split("\n")]
    got, error = ours(name, texts)
    same = sum(ours == theirs for ours, theirs in zip(got, expected))
    total = min(len(texts), len(expected))
    print(f"{Path(name).stem:32} {same}/{total} {error}", flush=True)
    return same == total


def with_llama(name: str) -> bool:
    try:
        import llama_cpp
    except ImportError:
        return True
    texts = corpus()
    got, error = ours(name, texts)
    if not got:
        print(f"{Path(name).stem:32} {error}")
        return True
    llama = llama_cpp.Llama(name, vocab_only=True, verbose=False)
    differ = []
    for text, tokens in zip(texts, got):
        theirs = llama.tokenize(text.encode(), add_bos=False, special=False)
        if tokens != theirs:
            differ.append((text, tokens, theirs))
    print(f"{Path(name).stem:32} {len(texts) - len(differ)}/{len(texts)} as llama.cpp", flush=True)
    for text, tokens, theirs in sorted(differ, key=lambda d: len(d[0]))[:int(os.environ.get("SHOW", "5"))]:
        print(f"    {text!r}: {tokens} {theirs}")
    return not differ


def with_hugging_face(folder: str) -> bool:
    """Every character between letters, and the corpus; names of special tokens are text, as in the engine."""
    import tokenizers

    theirs = tokenizers.Tokenizer.from_file(f"{folder}/tokenizer.json")
    theirs.encode_special_tokens = True
    theirs.no_truncation()
    theirs.no_padding()
    characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    texts = corpus() + [f"a{character}b {character}" for character in characters]
    with tempfile.TemporaryDirectory() as scratch:
        file = f"{scratch}/vocabulary.gguf"
        write_vocabulary(Path(folder), file)
        got, error = ours(file, texts)
    expected = [item.ids for item in theirs.encode_batch_fast(texts, add_special_tokens=False)]
    differ = [text for text, mine, other in zip(texts, got, expected) if mine != other]
    print(f"{Path(folder).stem:32} {len(got) - len(differ)}/{len(texts)} as Hugging Face {error}", flush=True)
    for text in differ[:int(os.environ.get("SHOW", "5"))]:
        at = texts.index(text)
        print(f"    {text!r}: {got[at]} {expected[at]}")
    return bool(got) and not differ


def write_vocabulary(folder: Path, file: str) -> None:
    """The vocabulary as llama.cpp's converter writes it."""
    import gguf

    tokens = (folder / "vocab.txt").read_text().splitlines()
    out = gguf.GGUFWriter(file, "bert")
    out.add_tokenizer_model("bert")
    out.add_tokenizer_pre("jina-v2-en")
    control = [token.startswith("[") and token.endswith("]") and len(token) > 2 for token in tokens]
    own = [token if skip else token[2:] if token.startswith("##") else "\u2581" + token for token, skip in zip(tokens, control)]
    out.add_token_list(own)
    out.add_token_types([3 if skip else 1 for skip in control])
    out.add_unk_token_id(tokens.index("[UNK]"))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def main() -> int:
    checks = lambda name: (with_hugging_face,) if Path(name).is_dir() else (with_ids_beside, with_llama)  # noqa: E731
    fine = [check(name) for name in sys.argv[1:] for check in checks(name)]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
