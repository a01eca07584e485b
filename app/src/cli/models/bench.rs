//! How fast a model is on this computer.

use engine::{CancelToken, Engine, GenerationRequest, Message, Role, SamplingParams};
use serde::Serialize;

use super::{
    super::{arguments::models::BenchModel, failure::Failure, journal::Context, screen::print},
    find,
};
use crate::paths;

/// Tokens generated.
const TOKENS: usize = 64;

#[derive(Serialize)]
struct Speed {
    model: String,
    sha256: String,
    prompt_tokens: usize,
    /// Tokens a second.
    reading: f64,
    generated_tokens: usize,
    /// Tokens a second.
    writing: f64,
}

/// Reads a text of about 500 tokens, writes 64, and prints how many tokens a second that were.
pub(super) fn run(context: &Context, arguments: &BenchModel) -> Result<(), Failure> {
    let path = match &arguments.name {
        Some(name) => find(context, name)?,
        None => paths::find_model(context.models())
            .ok_or_else(|| Failure::no_model("there is no model: see 'inglenook models list'"))?,
    };
    let mut engine = Engine::load(&path)?;
    let completion = engine.generate(&request(), &CancelToken::default(), &mut |_| {})?;
    let usage = completion.usage;
    let rate =
        |tokens: usize, time: std::time::Duration| tokens as f64 / time.as_secs_f64().max(1e-6);
    let speed = Speed {
        model: engine.info().name.clone(),
        sha256: engine.info().sha256.clone(),
        prompt_tokens: usage.prompt_tokens,
        reading: rate(usage.prompt_tokens, usage.prompt_time),
        generated_tokens: usage.generated_tokens,
        writing: rate(usage.generated_tokens, usage.generation_time),
    };
    print(context.format, &speed, |speed, out| {
        writeln!(
            out,
            "{}: reads {:.0} tokens a second, writes {:.0}.",
            speed.model, speed.reading, speed.writing
        )
    })
}

fn request() -> GenerationRequest {
    let text = "Today I walked to the river and thought about work. ".repeat(43);
    let content = format!("{text}\nTell a long story about that day.");
    GenerationRequest {
        messages: vec![Message { role: Role::User, content }],
        prefill: String::new(),
        max_tokens: TOKENS,
        sampling: SamplingParams {
            temperature: 0.0,
            top_k: 0,
            top_p: 1.0,
            min_p: 0.0,
            repetition_penalty: 1.0,
            seed: 1,
        },
        stop: Vec::new(),
        grammar: None,
    }
}
