//! A hostile chat template: it ends, within bounds of memory, and never makes a message into a control token.
//! The input is the template, a zero byte, and what a person wrote.
#![no_main]
use std::fs;

use engine::{Ending, ModelFile};
use libfuzzer_sys::fuzz_target;

#[path = "../bounded.rs"]
mod bounded;
#[path = "../../engine/src/gguf/testing.rs"]
mod testing;

/// A template may make 64 MiB of text; while it is put together there may be copies.
const MEMORY: usize = 512 << 20;

fuzz_target!(|input: &str| {
    let (template, content) = input.split_once('\0').unwrap_or((input, "Hi"));
    let bytes = testing::tiny().text("tokenizer.chat_template", template).build();
    let path = std::env::temp_dir().join(format!("fuzz-template-{}", std::process::id()));
    fs::write(&path, bytes).unwrap();
    let file = ModelFile::open(&path);
    let _ = fs::remove_file(&path);
    let Ok(file) = file else { return };
    let plain = serde_json::json!([
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": content},
    ]);
    let odd = serde_json::json!([{"role": content, "tool_calls": [{"name": content, "n": [1, null, 2.5]}]}]);
    bounded::within(MEMORY, || {
        for messages in [plain, odd] {
            for ending in [Ending::LastMessage, Ending::Answer] {
                if let Err(error) = file.render(&messages, ending) {
                    let what = error.to_string();
                    assert!(what.len() < 300 && !what.chars().any(char::is_control), "{what:?}");
                }
            }
        }
    });
});
