//! What is asked of the model about the journal, and what came back.
pub mod crisis;
pub mod language;
pub mod sentence;
pub mod words;

use engine::{CancelToken, Chunk, Completion, GenerationRequest, Message};
use jiff::civil::Date;
use vault::{Entry, EntryId};

/// A language model, as reflection sees it: the engine, or a script in tests.
pub trait LanguageModel {
    /// Name shown beside its text.
    fn name(&self) -> String;
    /// Tokens it can read.
    fn context_length(&self) -> usize;
    /// Tokens that these messages take.
    /// # Errors
    /// The model's.
    fn count_tokens(&self, messages: &[Message]) -> engine::Result<usize>;
    /// Answers.
    /// # Errors
    /// The model's.
    fn generate(
        &mut self,
        request: &GenerationRequest,
        cancel: &CancelToken,
        on_chunk: &mut dyn FnMut(Chunk<'_>),
    ) -> engine::Result<Completion>;
    /// Mean log-probability per token of a continuation.
    /// # Errors
    /// The model's.
    fn log_probability(&mut self, messages: &[Message], continuation: &str) -> engine::Result<f32>;
}

/// What to summarise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// One entry.
    Entry(EntryId),
    /// Days from first to last.
    Days(Date, Date),
}

/// What is told while the work runs.
#[derive(Clone)]
pub enum Progress {
    /// Tokens of prompts read so far, and an estimate of all to be read.
    Reading {
        /// So far.
        read: usize,
        /// In all.
        total: usize,
    },
    /// Part `done` of `total` is finished.
    Part {
        /// Finished.
        done: usize,
        /// In all.
        total: usize,
    },
    /// More text to show at the end of what is shown.
    Text(String),
}

/// A sentence with what it rests on.
#[derive(Clone, PartialEq, Eq)]
pub struct Sentence {
    /// The sentence.
    pub text: String,
    /// Entries that support it.
    pub sources: Vec<EntryId>,
    /// The person's own words, quoted.
    pub quoted: bool,
}

/// A summary of some entries.
#[derive(Clone)]
pub struct Summary {
    /// Its sentences, in order.
    pub sentences: Vec<Sentence>,
    /// Entries that were read.
    pub entries_used: usize,
    /// Entries in the span.
    pub entries_total: usize,
    /// Which model wrote it.
    pub model: String,
    /// False when it was stopped before its end.
    pub complete: bool,
}

/// A question about an entry.
#[derive(Clone, PartialEq, Eq)]
pub struct Question {
    /// The question.
    pub text: String,
    /// The phrase of the entry that it rests on, word for word.
    pub rests_on: String,
}

/// Summarises entries, in parts where they are many. Entries are in order of date.
/// # Errors
/// The model's.
pub fn summarise(
    _model: &mut dyn LanguageModel,
    _entries: &[Entry],
    _cancel: &CancelToken,
    _on_progress: &mut dyn FnMut(Progress),
) -> engine::Result<Summary> {
    todo!()
}

/// Asks up to `count` questions that rest on the entry; none of `asked_before` again.
/// # Errors
/// The model's.
pub fn ask(
    _model: &mut dyn LanguageModel,
    _entry: &Entry,
    _count: usize,
    _asked_before: &[String],
    _cancel: &CancelToken,
    _on_progress: &mut dyn FnMut(Progress),
) -> engine::Result<Vec<Question>> {
    todo!()
}
