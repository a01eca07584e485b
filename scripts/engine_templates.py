#!/usr/bin/env python3
"""Compares chat templates as the engine renders them with Hugging Face's rendering, byte for byte.

Usage: engine_templates.py TEMPLATE.jinja...
Where Hugging Face's refuses a conversation (a system role, for some), the engine folds the instructions into the
first message; such cases are counted apart. Needs `transformers`, `jinja2`, `gguf`, and
`cargo build --release -p engine --example judge`.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import gguf
from transformers.utils.chat_template_utils import render_jinja_template

ROOT = Path(__file__).resolve().parent.parent
JUDGE = os.environ.get("INGLENOOK_JUDGE", ROOT / "target/release/examples/judge")
SYSTEM = {"role": "system", "content": "Be brief, and  kind.\n"}
USER = {"role": "user", "content": " What's in \"that\" {{ day }}?\nünïcode 🦙 <b>&amp; "}
ANSWER = {"role": "assistant", "content": "A walk.\n\nAnd rain. "}
CONVERSATIONS = [[USER], [USER, ANSWER, USER], [SYSTEM, USER], [SYSTEM, USER, ANSWER, USER, ANSWER, USER]]


def write(path: Path, template: str) -> None:
    out = gguf.GGUFWriter(path, "llama")
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre("gpt-2")
    out.add_token_list(["a", "b", "<s>", "</s>"])
    out.add_token_types([1, 1, 3, 3])
    out.add_token_merges(["a b"])
    out.add_bos_token_id(2)
    out.add_eos_token_id(3)
    out.add_chat_template(template)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.close()


def expected(template: str, messages: list[dict]) -> str | None:
    try:
        rendered, _ = render_jinja_template(
            [messages], chat_template=template, add_generation_prompt=True, bos_token="<s>", eos_token="</s>"
        )
        return rendered[0]
    except Exception:
        return None


def main() -> int:
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[1:]:
            template = Path(name).read_text(encoding="utf-8")
            write(Path(folder) / "vocab.gguf", template)
            run = subprocess.run(
                [JUDGE, Path(folder) / "vocab.gguf"],
                input=json.dumps(CONVERSATIONS), capture_output=True, text=True, check=False,
            )
            got = json.loads(run.stdout) if run.returncode == 0 else [None] * len(CONVERSATIONS)
            wanted = [expected(template, messages) for messages in CONVERSATIONS]
            judged = [(ours, theirs) for ours, theirs in zip(got, wanted) if theirs is not None]
            same = sum(ours == theirs for ours, theirs in judged)
            bad += same < len(judged)
            print(f"{Path(name).stem:56} {same}/{len(judged)} the same, {len(wanted) - len(judged)} refused there "
                  f"{'' if same == len(judged) else run.stderr.strip()[:120] or 'DIFFERENT'}")
            if "-v" in os.environ.get("JUDGE_FLAGS", ""):
                for ours, theirs in judged:
                    if ours != theirs:
                        print(f"   ours   {ours!r}\n   theirs {theirs!r}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
