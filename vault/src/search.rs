//! Full-text search over an index in memory; what is stored of it is sealed ([`crate::Session::settle`]).
//!
//! Words are found in any form of their stem, in the language of the entry, without regard to case
//! and diacritics; scripts without spaces by any run of characters, or, if no entry has the whole of
//! it, by pairs of them. What a person types is read as:
//!
//! - `garden rain`: entries with both words; if there are none, with either, the most complete first
//! - `"by the sea"`: these words in a row, as they stand
//! - `-work`: not this word; also before phrases and conditions
//! - `rain OR snow`: either
//! - `tag:garden`, `person:Anna`, `is:starred`, `has:photo`, `has:file`, `has:mood`, `has:title`,
//!   `has:tag`
//! - `in:travel`: entries that name this journal, as imported ones do; `in:journal`: those that
//!   name none
//! - `mood:4`, `mood:<3`, `mood:>=4`, `mood:2-4`
//! - `on:2021`, `on:2021-03`, `before:2021-03-04`, `after:…`, `since:…`, `until:…`, `on:today` (this
//!   day of every year)
//! - `march 2021`, `2021`, `last summer`, `gestern`: entries of these days, or, if there are none, with
//!   these words
//!
//! What makes no sense as a condition is read as words. If no entry has a word, the nearest ones
//! that entries do have stand in for it.
mod dictionary;
mod documents;
mod forward;
mod fuse;
mod fuzzy;
mod inverted;
mod language;
mod matching;
mod passages;
mod postings;
mod query;
mod rank;
pub(crate) mod segment;
mod snippet;
mod terms;
pub mod time;
mod tokenize;
mod view;

#[cfg(test)]
mod tests;

use std::ops::Range;

use jiff::civil::Date;

use view::View;

pub use passages::{Near, Passages, stored};

use crate::{Entry, EntryId, EntryMeta};

/// A parsed search; parsing never fails.
#[derive(Clone, PartialEq)]
pub struct Query {
    plan: query::Plan,
    /// With plain dates read as words, for when no entry is of these days.
    literal: Option<query::Plan>,
}

impl Query {
    /// Reads what a person typed. `today` gives plain dates ("last summer") their meaning.
    /// With `typing`, the last word is a beginning.
    #[must_use]
    pub fn parse(text: &str, today: Date, typing: bool) -> Self {
        let (plan, literal) = query::read(text, today, typing);
        Self { plan, literal }
    }

    /// What is looked for besides conditions, as it was typed, without what must not be there.
    #[must_use]
    pub fn words(&self) -> String {
        let wanted = self.plan.clauses.iter().filter(|clause| !clause.negated);
        let shown = wanted.flat_map(|clause| &clause.atoms).map(|atom| atom.shown.as_str());
        shown.collect::<Vec<_>>().join(" ")
    }

    /// Whether it asks for nothing, and so every entry matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.plan.clauses.is_empty() && self.plan.conditions.is_empty()
    }
}

/// Where the conditions of a query stand in it, in order: "tag:garden", "last summer".
#[must_use]
pub fn conditions(text: &str, today: Date) -> Vec<Range<usize>> {
    query::conditions(text, today)
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
pub struct Index {
    inverted: inverted::Inverted,
}

impl Default for Index {
    fn default() -> Self {
        Self::new()
    }
}

impl Index {
    /// An empty index.
    #[must_use]
    pub fn new() -> Self {
        Self { inverted: inverted::Inverted::new() }
    }

    /// Adds an entry, or replaces what was indexed of it.
    pub fn put(&mut self, entry: &Entry) {
        self.inverted.put(entry);
    }

    /// Takes an entry out.
    pub fn remove(&mut self, id: EntryId) {
        self.inverted.remove(id);
    }

    /// Takes in a segment: of its entries those that `meta_of` knows as they are in it.
    pub(crate) fn adopt<'a>(
        &mut self,
        segment: &segment::Segment,
        meta_of: &dyn Fn(segment::Key) -> Option<&'a EntryMeta>,
    ) {
        self.inverted.adopt(segment, meta_of);
    }

    /// Takes in the words of an entry in their order, where what was stored left them out (see
    /// [`crate::Session::load_index`]): until then a search reads them from the entry.
    pub fn fill(&mut self, entry: &Entry) {
        self.inverted.fill(entry);
    }

    /// Whether an entry is indexed.
    #[must_use]
    pub fn has(&self, id: EntryId) -> bool {
        self.inverted.documents.number_of(id).is_some()
    }

    /// Sets which entries have attached files, each with a media type, for `has:photo`.
    pub fn set_files(&mut self, files: impl IntoIterator<Item = (EntryId, String)>) {
        self.inverted.documents.set_files(files);
    }

    /// How many entries are indexed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inverted.documents.living()
    }

    /// Whether no entry is indexed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of memory the index holds, about.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.inverted.memory()
    }

    /// Finds. `text_of` gives an entry as it is indexed, for its snippet; it is asked for the entries
    /// returned, and for those whose words in their order are wanted and not here yet.
    pub fn search(
        &self,
        query: &Query,
        limit: usize,
        text_of: &mut dyn FnMut(EntryId) -> Option<Entry>,
    ) -> Results {
        let view = View::new(&self.inverted, text_of);
        let found = find(&view, query, limit);
        let snippets = snippet::Snippets::new(&self.inverted, &found);
        let hit = |ranked: &rank::Ranked| {
            let document = self.inverted.documents.get(ranked.doc);
            let entry = view.entry(document.id)?;
            Some(Hit {
                id: document.id,
                date: document.date,
                score: ranked.score,
                snippet: snippets.cut(ranked.doc, &entry.content),
                why: why(&found, ranked.doc),
            })
        };
        Results { total: found.total, hits: found.best.iter().filter_map(hit).collect() }
    }

    /// Finds by words and by meaning. `near` are the passages nearest to what the query means, one an
    /// entry, of every entry that has any: see [`Passages::nearest`]. Conditions hold for both; an
    /// entry that its meaning brought in is told by [`Why::Meaning`]. A query of conditions alone, or one with nothing near, is a plain search.
    pub fn search_near(
        &self,
        query: &Query,
        near: &[Near],
        limit: usize,
        text_of: &mut dyn FnMut(EntryId) -> Option<Entry>,
    ) -> Results {
        let view = View::new(&self.inverted, &mut *text_of);
        let found = find(&view, query, limit.max(fuse::POOL));
        if found.atoms.is_empty() || near.is_empty() {
            return self.search(query, limit, text_of);
        }
        let (total, fused) = fuse::fuse(&self.inverted, &found, near, limit);
        let snippets = snippet::Snippets::new(&self.inverted, &found);
        let hit = |fused: &fuse::Fused| {
            let document = self.inverted.documents.get(fused.doc);
            let entry = view.entry(document.id)?;
            let (snippet, why) = match &fused.passage {
                None => (snippets.cut(fused.doc, &entry.content), why(&found, fused.doc)),
                Some(range) => {
                    let snippet = snippet::passage(&entry.content.text, range);
                    let text = snippet.text.clone();
                    (snippet, Why::Meaning(text))
                }
            };
            Some(Hit { id: document.id, date: document.date, score: fused.score, snippet, why })
        };
        Results { total, hits: fused.iter().filter_map(hit).collect() }
    }
}

/// Carries a query out; with its plain dates read as words if no entry is of these days.
fn find(view: &View<'_>, query: &Query, limit: usize) -> rank::Found {
    let found = rank::find(view, &query.plan, limit);
    match &query.literal {
        Some(literal) if found.total == 0 => rank::find(view, literal, limit),
        _ => found,
    }
}

fn why(found: &rank::Found, doc: u32) -> Why {
    if found.atoms.is_empty() {
        return Why::Filter;
    }
    let has = found.atoms_of(doc);
    let atoms = found.atoms.iter().enumerate().filter(|(at, _)| has >> at & 1 == 1);
    Why::Words(atoms.map(|(_, atom)| atom.shown.clone()).collect())
}
