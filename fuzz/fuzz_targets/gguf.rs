//! A hostile model file, looked at, loaded and asked. The input is the number of KiB of weights that follow (one
//! byte), and the file up to there.
#![no_main]
use std::{fs, path::Path};

use engine::{
    CancelToken, ControlNames, Ending, Engine, GenerationRequest, Message, ModelFile, Role,
    SamplingParams,
};
use libfuzzer_sys::fuzz_target;

#[path = "../bounded.rs"]
mod bounded;

/// What a small file may take: its tensors are converted, a template may use 64 MiB.
const MEMORY: usize = 256 << 20;

fuzz_target!(|input: &[u8]| {
    let Some((&kib, header)) = input.split_first() else { return };
    let weights = (0..usize::from(kib) * 1024).map(|at| (at * 89 % 251) as u8);
    let file: Vec<u8> = header.iter().copied().chain(weights).collect();
    let path = std::env::temp_dir().join(format!("fuzz-gguf-{}", std::process::id()));
    fs::write(&path, file).unwrap();
    bounded::within(MEMORY, || {
        look_at(&path);
        ask(&path);
    });
    let _ = fs::remove_file(path);
});

fn look_at(path: &Path) {
    let file = match ModelFile::open(path) {
        Ok(file) => file,
        Err(error) => return check(&error),
    };
    file.info().err().iter().for_each(check);
    if let Some(what) = file.obstacle() {
        check_sentence(&what);
    }
    for names in [ControlNames::Text, ControlNames::Tokens] {
        file.tokenize("I'd walk <s>\n 12 ü🙂", names).err().iter().for_each(check);
    }
    let messages = serde_json::json!([{"role": "user", "content": "Hi"}]);
    file.render(&messages, Ending::Answer).err().iter().for_each(check);
}

/// What loads also computes.
fn ask(path: &Path) {
    let mut engine = match Engine::load(path) {
        Ok(engine) => engine,
        Err(error) => return check(&error),
    };
    let request = GenerationRequest {
        messages: vec![Message { role: Role::User, content: "he sat".into() }],
        prefill: String::new(),
        max_tokens: 2,
        sampling: SamplingParams {
            temperature: 1.0,
            top_k: 5,
            top_p: 0.9,
            min_p: 0.01,
            repetition_penalty: 1.1,
            seed: 1,
        },
        stop: vec!["x".into()],
        grammar: None,
    };
    engine.generate(&request, &CancelToken::default(), &mut |_| {}).err().iter().for_each(check);
    engine.log_probability(&request.messages, "he").err().iter().for_each(check);
    engine.forget();
}

fn check(error: &engine::Error) {
    match error {
        engine::Error::Model { what, .. } => check_sentence(what),
        other => check_sentence(&other.to_string()),
    }
}

/// A failure is a sentence for people, not what a file put there.
fn check_sentence(what: &str) {
    assert!(what.len() < 200 && what.contains(' '), "no sentence: {what:?}");
    assert!(!what.chars().any(char::is_control), "control characters: {what:?}");
}
