//! Whether somebody was met, or the writer was at a place, and not only spoke or heard of it.
use super::{doer::Told, wanted::Item};
use crate::reflection::words::{Class, Word};

/// How far before a name what denies it or keeps it far away still belongs to it.
const NEAR: usize = 6;

impl Told<'_> {
    /// Whether the person at `at` was met there, and not only written to, heard of or thought of.
    pub(super) fn is_met(&self, at: usize) -> bool {
        let before = &self.words[at.saturating_sub(NEAR)..at];
        let after = &self.words[at + 1..(at + 1 + NEAR / 2).min(self.words.len())];
        let near = &before[before.len().saturating_sub(NEAR / 2)..];
        let comes = self.has(after, "arrival") && !self.has(after, "negation");
        let met = match self.words[at].lower.ends_with("'s") {
            true => self.has(near, "visiting"),
            false => self.has(before, "contact") || comes,
        };
        let whither = before.last().is_some_and(|w| self.lexicon.has("place_to", &w.lower));
        met && !self.is_far(at) && (!whither || self.is_of_writer(at))
    }

    /// Whether the writer was at the place whose name ends at `at`.
    pub(super) fn is_there(&self, at: usize) -> bool {
        if self.is_far(at) || self.goes_on(at) || !self.is_of_writer(at) {
            return false;
        }
        let Some(before) = self.before_name(at) else { return self.stands_alone(at) };
        let has = |list| self.lexicon.has(list, &self.words[before].lower);
        let (goes, acts) = self.clause_has(at, "going");
        has("place_at") || has("reach") || (has("place_to") && (goes || !acts))
    }

    /// Whether a person or a place is where it was asked for.
    pub(super) fn fits(&self, item: &Item, at: usize) -> bool {
        match &item.person {
            Some(person) if item.place && !person.is_somebody() => self.is_there(at),
            Some(_) if item.place => self.is_there(at) || self.is_met(at),
            _ => self.is_met(at),
        }
    }

    /// The word of its clause before a name, its article, "then", and the names it is listed with.
    fn before_name(&self, at: usize) -> Option<usize> {
        let skipped = |it: &usize| {
            let word = &self.words[*it];
            let has = |list| self.lexicon.has(list, &word.lower);
            let joins = has("joins") && *it > 0 && self.words[*it - 1].class == Class::Name;
            word.class == Class::Name
                || ["article", "possessive", "title", "sequence"].into_iter().any(has)
                || joins
        };
        (self.clause(at).start..at).rev().find(|it| !skipped(it))
    }

    /// "Rome, day two."
    fn stands_alone(&self, at: usize) -> bool {
        let after = self.text[self.words[at].end..].chars().next();
        after.is_none_or(|mark| mark.is_ascii_punctuation() && mark != '\'')
    }

    /// Whether the name is the beginning of another's: "Rome Street".
    fn goes_on(&self, at: usize) -> bool {
        let Some(next) = self.words.get(at + 1) else { return false };
        let is_one = &self.text[self.words[at].end..next.start] == " ";
        let does = self.words.get(at + 2).is_some_and(|w| self.lexicon.is_finite(&w.lower));
        is_one && next.class == Class::Name && !does
    }

    /// Whether it is denied, wished for, or told of from far away.
    fn is_far(&self, at: usize) -> bool {
        let before = &self.words[at.saturating_sub(NEAR)..at];
        ["distant", "negation", "modal"].iter().any(|list| self.has(before, list))
    }

    fn has(&self, words: &[Word], list: &str) -> bool {
        words.iter().any(|w| self.lexicon.has(list, &w.lower))
    }
}
