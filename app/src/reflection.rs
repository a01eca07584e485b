//! What is asked of the model about the journal, and what came back.
pub mod answer;
pub mod asked;
pub mod cache;
pub mod crisis;
pub mod language;
mod model;
pub mod prompt;
pub mod question;
pub mod select;
pub mod sentence;
mod summary;
pub mod support;
pub mod words;

use engine::{CancelToken, Chunk, Completion, GenerationRequest, Message};
use jiff::civil::Date;
use vault::{Entry, EntryId};

pub use self::crisis::{Care, Concern, crisis};

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
    /// Tells this model from every other, also from one of the same name.
    fn fingerprint(&self) -> String {
        self.name()
    }
    /// Whether it is large enough to be asked for prose of its own; a small one only words single sentences.
    fn writes_prose(&self) -> bool {
        true
    }
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
    /// The hash of its file.
    pub model_hash: String,
    /// False when it was stopped before its end.
    pub complete: bool,
    /// Set when an entry speaks of suicide, self-harm or abuse: its fixed text is to be shown first. The
    /// summary of that entry alone has no sentences.
    pub care: Option<Care>,
}

/// What can be given for an entry.
#[derive(Clone)]
pub enum Reflection {
    /// Questions.
    Questions(Vec<Question>),
    /// A fixed text instead, because the entry speaks of suicide, self-harm or abuse.
    Care(Care),
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
    model: &mut dyn LanguageModel,
    entries: &[Entry],
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(Progress),
) -> engine::Result<Summary> {
    summary::summarise(model, entries, cancel, on_progress)
}

/// Asks up to `count` questions that rest on the entry, none of `asked_before` again; or gives a
/// fixed text where no program should ask.
/// # Errors
/// The model's.
pub fn reflect(
    model: &mut dyn LanguageModel,
    entry: &Entry,
    count: usize,
    asked_before: &[String],
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(Progress),
) -> engine::Result<Reflection> {
    match crisis(&entry.content.text) {
        Some(care) => Ok(Reflection::Care(care)),
        None => {
            ask(model, entry, count, asked_before, cancel, on_progress).map(Reflection::Questions)
        }
    }
}

/// Asks up to `count` questions that rest on the entry; none of `asked_before` again. None at all
/// where [`crisis`] finds a concern.
/// # Errors
/// The model's.
pub fn ask(
    model: &mut dyn LanguageModel,
    entry: &Entry,
    count: usize,
    asked_before: &[String],
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(Progress),
) -> engine::Result<Vec<Question>> {
    question::ask(model, entry, count, asked_before, cancel, on_progress)
}

#[cfg(test)]
pub(crate) mod script;
