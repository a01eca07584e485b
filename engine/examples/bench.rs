//! Reads a prompt and writes an answer, and says how fast: `bench MODEL PROMPT_WORDS TOKENS`.
//!
//! Prints tokens, tokens per second, and tokens per second of processor time (Linux), for both.
#![allow(clippy::print_stdout, reason = "it tells figures")]
use engine::{CancelToken, Chunk, Engine, GenerationRequest, Message, Role, SamplingParams};
use std::{error::Error, path::Path, time::Instant};

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
            content: format!("{text}\nTell a long story about that day."),
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
    let (start, mut read) = (clocks(), clocks());
    let completion = engine.generate(&request, &CancelToken::default(), &mut |chunk| {
        if let Chunk::Prompt { .. } = chunk {
            read = clocks();
        }
    })?;
    report("prompt", completion.usage.prompt_tokens, start, read);
    report("generated", completion.usage.generated_tokens, read, clocks());
    Ok(())
}

fn report(name: &str, tokens: usize, start: (Instant, f64), end: (Instant, f64)) {
    let wall = (end.0 - start.0).as_secs_f64();
    println!(
        "{name} {tokens} {:.1} {:.1}",
        tokens as f64 / wall,
        tokens as f64 / (end.1 - start.1).max(1e-3)
    );
}

/// Now, and the seconds of processor time that this process took, where the system says.
fn clocks() -> (Instant, f64) {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: f64 = fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    (Instant::now(), ticks / 100.0)
}
