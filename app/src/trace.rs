//! Timing lines on stderr for benchmarks: names of moments, counts and milliseconds, never content.
//!
//! Silent unless the environment variable `INGLENOOK_TRACE` is set.
//! Names are `&'static str`, so that no text of a journal can be handed in.
use std::{
    io::Write as _,
    sync::OnceLock,
    time::{Duration, Instant},
};

static STARTED: OnceLock<Option<Instant>> = OnceLock::new();

/// Starts the clock that [`moment`] reads; called first in `main`.
pub fn start() {
    started();
}

/// Writes how long after [`start`] this moment is: `trace: first-frame 123.4 ms`.
pub fn moment(name: &'static str) {
    if let Some(started) = started() {
        write_line(name, None, started.elapsed());
    }
}

/// Writes how long the returned guard lived: `trace: search 4.2 ms`.
#[must_use]
pub fn span(name: &'static str) -> Span {
    Span { name, begun: started().map(|_| Instant::now()) }
}

/// Writes how long a number of tokens took: `trace: generated 64 tokens 1800.0 ms`.
pub fn tokens(name: &'static str, count: usize, took: Duration) {
    if started().is_some() {
        write_line(name, Some(count), took);
    }
}

/// A stretch of time that ends when this is dropped.
pub struct Span {
    name: &'static str,
    begun: Option<Instant>,
}

impl Drop for Span {
    fn drop(&mut self) {
        if let Some(begun) = self.begun {
            write_line(self.name, None, begun.elapsed());
        }
    }
}

fn started() -> Option<Instant> {
    *STARTED.get_or_init(|| std::env::var_os("INGLENOOK_TRACE").map(|_| Instant::now()))
}

/// A closed stderr is no reason to fail.
fn write_line(name: &str, tokens: Option<usize>, took: Duration) {
    let millis = took.as_secs_f64() * 1e3;
    let count = tokens.map_or_else(String::new, |count| format!(" {count} tokens"));
    let _ = writeln!(std::io::stderr(), "trace: {name}{count} {millis:.1} ms");
}
