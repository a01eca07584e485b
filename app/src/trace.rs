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

/// Writes how long something took that was timed elsewhere.
pub fn took(name: &'static str, took: Duration) {
    if started().is_some() {
        write_line(name, None, took);
    }
}

/// Follows the frames of a window: when each screen was first shown, and what a frame cost in which a key was pressed.
#[derive(Default)]
pub struct Frames {
    any_shown: bool,
    screen: Option<&'static str>,
    /// Drawn in the frame before this one, and so shown by now.
    just_drawn: Option<&'static str>,
    key_pressed: bool,
}

impl Frames {
    /// Called at the start of each frame with the screen that will be drawn, and with what the frame before cost.
    pub fn begin(&mut self, ctx: &egui::Context, screen: &'static str, last: Option<f32>) {
        if started().is_none() {
            return;
        }
        if let Some(shown) = self.just_drawn.take() {
            if !std::mem::replace(&mut self.any_shown, true) {
                moment("first-frame");
            }
            moment(shown);
        }
        if let Some(seconds) = last.filter(|_| self.key_pressed) {
            took("frame", Duration::from_secs_f32(seconds));
        }
        self.key_pressed = ctx.input(|input| has_text(&input.events));
        if self.screen.replace(screen) != Some(screen) {
            self.just_drawn = Some(screen);
        }
        if self.just_drawn.is_some() || self.key_pressed {
            ctx.request_repaint();
        }
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

fn has_text(events: &[egui::Event]) -> bool {
    events.iter().any(|event| matches!(event, egui::Event::Text(_)))
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
