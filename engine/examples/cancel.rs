//! Presses Stop at random moments and says how long the model goes on: `cancel MODEL [TIMES]`.
//!
//! Prints median, 95th percentile and maximum in milliseconds, while a long prompt is read and while it is answered.
#![allow(clippy::print_stdout, reason = "it tells figures")]
#![allow(clippy::disallowed_methods, reason = "a thread plays the person who presses Stop")]
use engine::{
    CancelToken, Chunk, Engine, FinishReason, GenerationRequest, Message, Role, SamplingParams,
};
use std::{
    error::Error,
    path::Path,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let (model, times) = match arguments.as_slice() {
        [_, model] => (model, 100),
        [_, model, times] => (model, times.parse()?),
        _ => return Err("cancel MODEL [TIMES]".into()),
    };
    let mut engine = Engine::load(Path::new(model))?;
    let whole = run(&mut engine, &request("Day 0."), None)?;
    for writing in [false, true] {
        let mut late = Vec::new();
        for turn in 0..times {
            // Moments spread evenly over a span by the golden ratio, which any number of turns fills.
            let moment = (f64::from(turn) * 0.618_034).fract();
            let wait = if writing { whole.writing } else { whole.reading }.mul_f64(moment * 0.7);
            // Another beginning, so that nothing of the prompt is known yet.
            let request = request(&format!("Day {}.", turn + 1));
            let spans = run(&mut engine, &request, Some((wait, writing)))?;
            // A machine that got faster meanwhile may be done before the moment.
            if spans.stopped {
                late.push(spans.late.as_secs_f64() * 1e3);
            }
        }
        late.sort_by(f64::total_cmp);
        if late.is_empty() {
            return Err("nothing was stopped".into());
        }
        let at = |part: f64| late[((late.len() - 1) as f64 * part).round() as usize];
        println!(
            "{} stopped {} times: median {:.1} ms, 95th percentile {:.1} ms, maximum {:.1} ms",
            if writing { "writing" } else { "reading" },
            late.len(),
            at(0.5),
            at(0.95),
            at(1.0)
        );
    }
    Ok(())
}

/// How long a generation took, and how long it went on after Stop.
#[derive(Default)]
struct Spans {
    reading: Duration,
    writing: Duration,
    late: Duration,
    stopped: bool,
}

/// Generates; stopped so long after it began to read, or to write.
fn run(
    engine: &mut Engine,
    request: &GenerationRequest,
    stop: Option<(Duration, bool)>,
) -> Outcome<Spans> {
    let cancel = CancelToken::default();
    let (written, heard) = mpsc::channel::<()>();
    let (wait, writing) = stop.unwrap_or_default();
    let presser = stop.map(|_| {
        let cancel = cancel.clone();
        thread::spawn(move || {
            if writing {
                _ = heard.recv();
            }
            thread::sleep(wait);
            cancel.cancel();
            Instant::now()
        })
    });
    let completion = engine.generate(request, &cancel, &mut |chunk| {
        if matches!(chunk, Chunk::Text(_)) {
            _ = written.send(());
        }
    })?;
    let ended = Instant::now();
    let pressed = match presser {
        Some(presser) => presser.join().map_err(|_| "the presser failed")?,
        None => ended,
    };
    Ok(Spans {
        stopped: completion.finish == FinishReason::Canceled,
        reading: completion.usage.prompt_time,
        writing: completion.usage.generation_time,
        late: ended.saturating_duration_since(pressed),
    })
}

fn request(beginning: &str) -> GenerationRequest {
    let text = "Today I walked to the river and thought about work. ".repeat(100);
    GenerationRequest {
        messages: vec![Message {
            role: Role::User,
            content: format!("{beginning} {text}\nTell a long story about that day."),
        }],
        prefill: String::new(),
        max_tokens: 64,
        sampling: SamplingParams {
            temperature: 0.0,
            top_k: 0,
            top_p: 1.0,
            min_p: 0.0,
            repetition_penalty: 1.3,
            seed: 1,
        },
        stop: Vec::new(),
        grammar: None,
    }
}
