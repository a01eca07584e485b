//! What is asked of the model about the journal, and what came back.
pub mod answer;
pub mod asked;
pub mod cache;
pub mod conversation;
pub mod crisis;
pub mod deeper;
pub mod dialogue;
pub mod language;
mod model;
pub mod piece;
pub mod prompt;
pub mod question;
pub mod select;
pub mod sentence;
mod summary;
pub mod support;
pub mod words;

use std::ops::Range;

use engine::{CancelToken, Chunk, Completion, GenerationRequest, Message};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use vault::{Entry, EntryId};

use self::cache::Place;
pub use self::{
    crisis::{Care, Concern, crisis},
    question::{Style, Wish},
    summary::{outline::Outline, prose::text as summary_text},
};

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

/// What to summarise. No `Debug`: a search is the person's own words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Span {
    /// One entry.
    Entry(EntryId),
    /// Days from first to last.
    Days(Date, Date),
    /// What a search found.
    Search(String),
}

impl Span {
    /// How many days it has; 0 for one entry, the most for a search.
    #[must_use]
    pub fn days(&self) -> i32 {
        match self {
            Self::Entry(_) => 0,
            Self::Days(first, last) => (*last - *first).get_days() + 1,
            Self::Search(_) => i32::MAX,
        }
    }
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
    /// A summary under the one that was asked for is done, to be kept.
    Made(Box<(Place, Summary)>),
}

/// A sentence with what it rests on.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// The sentence.
    pub text: String,
    /// Entries that support it.
    pub sources: Vec<EntryId>,
    /// The person's own words, quoted.
    pub quoted: bool,
}

/// A sentence of a summary.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The sentence.
    pub text: String,
    /// The person's own words, quoted.
    pub quoted: bool,
    /// What it rests on.
    pub sources: Vec<Source>,
}

/// A sentence of an entry that a summary rests on.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The entry.
    pub entry: EntryId,
    /// Its day.
    pub date: Date,
    /// The sentence, word for word as it stands in the text.
    pub text: String,
    /// Where it stood in the text, in bytes.
    pub start: usize,
}

impl Source {
    /// Where it stands in the entry's text as that is now, in bytes; `None` where it is there no more.
    #[must_use]
    pub fn place(&self, text: &str) -> Option<Range<usize>> {
        let is_there = text.get(self.start..).is_some_and(|rest| rest.starts_with(&self.text));
        let start = if is_there { self.start } else { text.find(&self.text)? };
        Some(start..start + self.text.len())
    }
}

/// What made a text: enough to make it again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The model's name.
    pub model: String,
    /// The SHA-256 of its file.
    pub hash: String,
    /// The seed of its sampler.
    pub seed: u64,
    /// The version of the prompts and rules.
    pub prompts: String,
}

impl Origin {
    /// Of what `model` writes from now on.
    #[must_use]
    pub fn of(model: &dyn LanguageModel) -> Self {
        let (name, hash) = (model.name(), model.fingerprint());
        Self { model: name, hash, seed: prompt::SEED, prompts: prompt::version().to_owned() }
    }
}

/// A summary of some entries.
#[derive(Clone)]
pub struct Summary {
    /// Its sentences, in order.
    pub sentences: Vec<Told>,
    /// Entries that were read.
    pub entries_used: usize,
    /// Entries in the span.
    pub entries_total: usize,
    /// Those of them that the person keeps from the model.
    pub entries_kept: usize,
    /// Words of the entries that were read.
    pub words: usize,
    /// What made it.
    pub origin: Origin,
    /// False when it was stopped before its end.
    pub complete: bool,
    /// Set when an entry speaks of suicide, self-harm or abuse: its fixed text is to be shown first. The
    /// summary of that entry alone has no sentences.
    pub care: Option<Care>,
}

impl Summary {
    /// Words of the summary itself.
    #[must_use]
    pub fn told_words(&self) -> usize {
        self.sentences.iter().map(|told| told.text.split_whitespace().count()).sum()
    }

    /// The same, of a span that has so many more entries which are kept from the model.
    #[must_use]
    pub fn without(mut self, kept: usize) -> Self {
        self.entries_total += kept;
        self.entries_kept += kept;
        self
    }
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

/// Tells a span as its outline says: what is kept is taken, the rest is made, from the weeks up. `entries`
/// are all of it, in order of date.
/// # Errors
/// The model's.
pub fn summarise(
    model: &mut dyn LanguageModel,
    entries: &[Entry],
    outline: &Outline,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(Progress),
) -> engine::Result<Summary> {
    summary::summarise(model, entries, outline, cancel, on_progress)
}

/// Asks questions that rest on the entry; or gives a fixed text where no program should ask.
/// # Errors
/// The model's.
pub fn reflect(
    model: &mut dyn LanguageModel,
    entry: &Entry,
    wish: &Wish,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(Progress),
) -> engine::Result<Reflection> {
    match crisis(&entry.content.text) {
        Some(care) => Ok(Reflection::Care(care)),
        None => ask(model, entry, wish, cancel, on_progress).map(Reflection::Questions),
    }
}

/// Asks questions that rest on the entry; none at all where [`crisis`] finds a concern.
/// # Errors
/// The model's.
pub fn ask(
    model: &mut dyn LanguageModel,
    entry: &Entry,
    wish: &Wish,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(Progress),
) -> engine::Result<Vec<Question>> {
    question::ask(model, entry, wish, cancel, on_progress)
}

#[cfg(test)]
pub(crate) mod script;
