//! What a model writes, held back until a sentence is complete and found to rest on the entries.
use vault::Entry;

use super::{one_line, writer::source};
use crate::reflection::{
    Told,
    language::Language,
    select::Scored,
    sentence::sentences,
    support::{Own, support},
};

/// Text under way, and what it may rest on.
pub(super) struct Draft<'s, 't> {
    owns: Vec<&'s Own<'t>>,
    entries: &'s [Entry],
    language: Language,
    pending: String,
    kept: Vec<String>,
    covered: Vec<&'t str>,
}

impl<'s, 't> Draft<'s, 't> {
    /// Nothing written yet about `told`.
    pub(super) fn new(told: &[&'s Scored<'t>], entries: &'s [Entry], language: Language) -> Self {
        let owns = told.iter().map(|s| &s.own).collect();
        Self {
            owns,
            entries,
            language,
            pending: String::new(),
            kept: Vec::new(),
            covered: Vec::new(),
        }
    }

    /// Takes more text; the sentences that are complete by it and may be shown.
    pub(super) fn push(&mut self, text: &str) -> Vec<Told> {
        self.pending.push_str(text);
        let complete = match sentences(&self.pending).as_slice() {
            [.., last] => last.as_ptr() as usize - self.pending.as_ptr() as usize,
            [] => 0,
        };
        let rest = self.pending.split_off(complete);
        let complete = std::mem::replace(&mut self.pending, rest);
        self.check(&complete)
    }

    /// Takes the end: the last sentence, if it was brought to its end.
    pub(super) fn finish(&mut self) -> Vec<Told> {
        let rest = std::mem::take(&mut self.pending);
        if rest.trim_end().ends_with(['.', '!']) { self.check(&rest) } else { Vec::new() }
    }

    /// The person's sentences that what was kept rests on.
    pub(super) fn covered(&self) -> impl Iterator<Item = &'t str> {
        self.covered.iter().copied()
    }

    fn check(&mut self, text: &str) -> Vec<Told> {
        sentences(text).into_iter().filter_map(|s| self.kept(&one_line(s))).collect()
    }

    fn kept(&mut self, text: &str) -> Option<Told> {
        let found = support(text, &self.owns, self.language.lexicon())?;
        let known = found.iter().all(|&at| self.covered.contains(&self.owns[at].text));
        if known || self.kept.iter().any(|k| k == text) {
            return None;
        }
        self.covered.extend(found.iter().map(|&at| self.owns[at].text));
        self.kept.push(text.to_owned());
        let owns = found.iter().map(|&at| self.owns[at]);
        let sources = owns.map(|own| source(&self.entries[own.entry], own.text)).collect();
        let quoted = self.owns.iter().any(|own| one_line(own.text) == text);
        Some(Told { text: text.to_owned(), quoted, sources })
    }
}
