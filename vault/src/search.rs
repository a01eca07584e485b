//! Full-text search over an index that exists only in memory.
use std::ops::Range;

use jiff::civil::Date;

use crate::{Entry, EntryId};

/// A parsed search; parsing never fails.
#[derive(Clone, PartialEq)]
pub struct Query(());
impl Query {
    /// Reads what a person typed. `today` gives plain dates ("last summer") their meaning.
    /// With `typing`, the last word is a beginning.
    #[must_use]
    pub fn parse(_text: &str, _today: Date, _typing: bool) -> Self {
        todo!()
    }
}

/// A piece of an entry with what was found in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The text shown, on one line.
    pub text: String,
    /// Byte ranges of `text` to highlight.
    pub highlights: Vec<Range<usize>>,
}

/// Why a hit is there.
#[derive(Clone, PartialEq, Eq)]
pub enum Why {
    /// These words of the query are in it.
    Words(Vec<String>),
    /// A filter alone chose it.
    Filter,
    /// Its meaning is near: the closest sentence.
    Meaning(String),
}

/// One result.
#[derive(Clone, PartialEq)]
pub struct Hit {
    /// Which entry.
    pub id: EntryId,
    /// Its day.
    pub date: Date,
    /// Higher is better; comparable within one search only.
    pub score: f32,
    /// A piece of its text.
    pub snippet: Snippet,
    /// Why it is there.
    pub why: Why,
}

/// A page of results.
#[derive(Clone, PartialEq, Default)]
pub struct Results {
    /// How many entries match in all.
    pub total: usize,
    /// The best, best first.
    pub hits: Vec<Hit>,
}

/// The index; built from entries, wiped on drop.
pub struct Index(());
impl Index {
    /// An empty index.
    #[must_use]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        todo!()
    }
    /// Adds an entry, or replaces what was indexed of it.
    pub fn put(&mut self, _entry: &Entry) {
        todo!()
    }
    /// Takes an entry out.
    pub fn remove(&mut self, _id: EntryId) {
        todo!()
    }
    /// Finds. `text_of` gives the text of an entry for its snippet (title and text).
    pub fn search(
        &self,
        _query: &Query,
        _limit: usize,
        _text_of: &mut dyn FnMut(EntryId) -> Option<Entry>,
    ) -> Results {
        todo!()
    }
}
