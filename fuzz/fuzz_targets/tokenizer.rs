//! Hostile text, cut into tokens by every kind of tokenizer: nothing is lost, and nothing becomes a control token.
//! The input is the tokenizer (one byte) and the text.
#![no_main]
use std::{cell::RefCell, collections::HashMap, fs};

use engine::{ControlNames, ModelFile};
use libfuzzer_sys::fuzz_target;

#[path = "../bounded.rs"]
mod bounded;
#[expect(dead_code, reason = "tests of the engine write more kinds of files")]
#[path = "../../engine/src/gguf/testing.rs"]
mod testing;
use testing::{Writer, vocabulary};

const MEMORY: usize = 64 << 20;
const SPACE: &str = "\u{2581}";
const BYTE_LEVEL: [&str; 16] = [
    "gpt-2", "smollm", "llama-bpe", "qwen2", "qwen35", "tekken", "gpt-4o", "deepseek-v3", "deepseek-llm",
    "deepseek-coder", "falcon", "bloom", "viking", "starcoder", "command-r", "jina-v2-de",
];

thread_local! {
    static FILES: RefCell<HashMap<usize, ModelFile>> = RefCell::default();
}

fuzz_target!(|input: &[u8]| {
    let Some((&kind, text)) = input.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let kind = usize::from(kind) % (BYTE_LEVEL.len() + 3);
    FILES.with_borrow_mut(|files| {
        let file = files.entry(kind).or_insert_with(|| file(kind));
        bounded::within(MEMORY, || {
            let tokens = file.tokenize(text, ControlNames::Text).unwrap();
            assert!(tokens.iter().all(|&(id, _)| id != 257 && id != 258), "a control token");
            if kind < BYTE_LEVEL.len() + 2 {
                // The sign for a space can't be told from one where it stands for it.
                let told = if kind < BYTE_LEVEL.len() { text.into() } else { text.replace(SPACE, " ") };
                assert_eq!(text_of(&tokens), told.as_bytes(), "text that does not come back");
            }
            file.tokenize(text, ControlNames::Tokens).unwrap();
        });
    });
});

/// Tokens up to 255 are bytes, the next is a word, the last a space.
fn text_of(tokens: &[(u32, String)]) -> Vec<u8> {
    let bytes = |&(id, _): &(u32, String)| match id {
        256 => b"he".to_vec(),
        259 => b" ".to_vec(),
        byte => vec![byte as u8],
    };
    tokens.iter().flat_map(bytes).collect()
}

fn file(kind: usize) -> ModelFile {
    let path = std::env::temp_dir().join(format!("fuzz-tokenizer-{}", std::process::id()));
    fs::write(&path, writer(kind).build()).unwrap();
    let file = ModelFile::open(&path).unwrap();
    fs::remove_file(&path).unwrap();
    file
}

fn writer(kind: usize) -> Writer {
    let byte_names: Vec<String> = (0..=255).map(|byte| format!("<0x{byte:02X}>")).collect();
    let names = ["he", "<|start|>", "<|end|>", SPACE].map(String::from);
    let raw = [byte_names, names.to_vec()].concat();
    let mut kinds = vec![6; 256];
    kinds.extend([1, 3, 3, 1]);
    let scores = vec![0; raw.len()];
    if let Some(pre) = BYTE_LEVEL.get(kind) {
        let mut kinds = vec![1; 257];
        kinds.extend([3, 3]);
        return Writer::default()
            .text("tokenizer.ggml.model", "gpt2")
            .text("tokenizer.ggml.pre", pre)
            .texts("tokenizer.ggml.tokens", &vocabulary())
            .ints("tokenizer.ggml.token_type", &kinds)
            .texts("tokenizer.ggml.merges", &["h e".into()]);
    }
    let writer = Writer::default().ints("tokenizer.ggml.token_type", &kinds);
    match kind - BYTE_LEVEL.len() {
        0 => writer
            .text("tokenizer.ggml.model", "llama")
            .texts("tokenizer.ggml.tokens", &raw)
            .ints("tokenizer.ggml.scores", &scores)
            .raw("tokenizer.ggml.add_space_prefix", 7, &[0]),
        1 => writer
            .text("tokenizer.ggml.model", "gemma4")
            .texts("tokenizer.ggml.tokens", &raw)
            .texts("tokenizer.ggml.merges", &["h e".into()]),
        _ => {
            let mut words: Vec<String> = (0..256).map(|n| format!("\u{2581}{n}")).collect();
            words.extend(["[UNK]", "<|start|>", "<|end|>"].map(String::from));
            Writer::default()
                .text("tokenizer.ggml.model", "bert")
                .texts("tokenizer.ggml.tokens", &words)
                .ints("tokenizer.ggml.token_type", &[vec![1; 257], vec![3; 2]].concat())
        }
    }
}
