//! Reads a prompt and writes an answer, and says how fast: `bench MODEL PROMPT_WORDS TOKENS`.
#![allow(clippy::print_stdout, reason = "it tells figures")]
use engine::{CancelToken, Engine, GenerationRequest, Message, Role, SamplingParams};
use std::{error::Error, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, model, words, tokens] = arguments.as_slice() else {
        return Err("bench MODEL PROMPT_WORDS TOKENS".into());
    };
    let mut engine = Engine::load(Path::new(model))?;
    let text =
        "Today I walked to the river and thought about work. ".repeat(words.parse::<usize>()? / 10);
    let request = GenerationRequest {
        messages: vec![Message {
            role: Role::User,
            content: format!("{text}\nWhat did I do today?"),
        }],
        prefill: String::new(),
        max_tokens: tokens.parse()?,
        sampling: SamplingParams {
            temperature: 0.0,
            top_k: 0,
            top_p: 1.0,
            min_p: 0.0,
            repetition_penalty: 1.0,
            seed: 1,
        },
        stop: Vec::new(),
    };
    let completion = engine.generate(&request, &CancelToken::default(), &mut |_| {})?;
    let usage = completion.usage;
    println!("{}", completion.text);
    println!(
        "prompt {} tokens {:.1} tok/s, generated {} tokens {:.1} tok/s",
        usage.prompt_tokens,
        usage.prompt_tokens as f64 / usage.prompt_time.as_secs_f64(),
        usage.generated_tokens,
        usage.generated_tokens as f64 / usage.generation_time.as_secs_f64()
    );
    Ok(())
}
