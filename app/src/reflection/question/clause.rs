//! Pieces of a sentence that a question can take up whole, and who does what in them.
use std::{collections::HashSet, ops::Range};

use crate::reflection::{
    language::Lexicon,
    sentence::sentences,
    words::{Class, Word, words},
};

/// Words that a finite verb may stand behind, after "and", for the conjunction to begin a new clause.
const BEFORE_VERB: usize = 5;

/// A sentence of an entry with its words, and what of the entry helps to read them.
pub struct Line<'a, 'n> {
    /// The sentence.
    pub text: &'a str,
    /// Its words.
    pub words: Vec<Word>,
    /// Word lists of its language.
    pub lexicon: &'static Lexicon,
    names: &'n HashSet<String>,
}

/// The names an entry holds: words written with a capital inside a sentence.
#[must_use]
pub fn names(text: &str, lexicon: &Lexicon) -> HashSet<String> {
    let inside = |s: &str| words(s, lexicon).into_iter().filter(|w| w.class == Class::Name);
    sentences(text).into_iter().flat_map(inside).map(|w| w.lower).collect()
}

impl<'a, 'n> Line<'a, 'n> {
    /// Reads a sentence.
    #[must_use]
    pub fn new(text: &'a str, lexicon: &'static Lexicon, names: &'n HashSet<String>) -> Self {
        let mut words = words(text, lexicon);
        for word in &mut words {
            if let Some(full) = lexicon.pair("contraction", &word.lower) {
                full.clone_into(&mut word.lower);
            }
        }
        Self { text, words, lexicon, names }
    }

    /// Ranges of words between punctuation, and between conjunctions that begin a clause.
    #[must_use]
    pub fn segments(&self) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut start = 0;
        for at in 1..=self.words.len() {
            if at == self.words.len() || self.cuts(at) {
                found.push(start..at);
                start = at;
            }
        }
        found
    }

    fn cuts(&self, at: usize) -> bool {
        let gap = &self.text[self.words[at - 1].end..self.words[at].start];
        let word = self.lower(at);
        let verb_last = self.lexicon.has("verb_last", "yes");
        if verb_last && gap.trim() == "," && self.is(at, "wh") {
            return false;
        }
        let time = gap == ":" && self.lower(at).starts_with(|c: char| c.is_ascii_digit());
        (gap.contains([',', ';', ':', '—', '–', '(', ')', '!', '\n', '/'])
            && !time
            && self.lower(at - 1) != "w")
            || gap.contains(" - ")
            || gap.contains("...")
            || gap.contains('…')
            || (self.lexicon.has("cut", word) && !gap.contains('-') && !self.is_what(at))
            || (verb_last && self.lexicon.has("joins", word) && self.is_participle(at - 1))
            || (self.lexicon.has("joins", word)
                && !(self.is_somebody(at - 1) && self.is_somebody(at + 1))
                && (self.begins_clause(at + 1) || (verb_last && self.is_finite(at + 1))))
    }

    /// "who" and "so" inside "I don't know who", "the one who", "so tired": no new clause.
    fn is_what(&self, at: usize) -> bool {
        // Without a comma, "who" tells which one is meant.
        let asked = (at.saturating_sub(3)..at).any(|w| self.is(w, "asks"));
        // "A good while" is no clause.
        let noun = self.lower(at) == "while" && self.is(at - 1, "before_while");
        noun || self.is(at, "rel")
            || asked
            || (self.lower(at) == "so" && !self.begins_clause(at + 1))
    }

    /// Whether a subject with its verb comes next, not a verb at once.
    fn begins_clause(&self, at: usize) -> bool {
        let first = (at..self.words.len()).find(|&w| !self.is_adverb(w)).unwrap_or(at);
        // "A las tres y media".
        if self.is(first, "fraction") {
            return false;
        }
        if self.is_subject_pronoun(first) || self.is_typed_short(first) {
            return true;
        }
        let until = self.words.len().min(first + BEFORE_VERB);
        let verb = (first..until).find(|&w| self.is_finite(w));
        verb.is_some_and(|w| w > first)
    }

    /// "Its 38 quid", "its not": a clause, as it is typed without an apostrophe.
    fn is_typed_short(&self, at: usize) -> bool {
        let next = self.lower(at + 1);
        let number = next.starts_with(|c: char| c.is_ascii_digit());
        self.is(at, "typed_short") && (number || self.lexicon.has("stop", next))
    }

    /// A word in lower case; nothing beyond the end.
    #[must_use]
    pub fn lower(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |w| w.lower.as_str())
    }

    /// Whether the word is in a list.
    #[must_use]
    pub fn is(&self, at: usize, list: &str) -> bool {
        self.lexicon.has(list, self.lower(at))
    }

    /// The text of some words.
    #[must_use]
    pub fn slice(&self, range: &Range<usize>) -> &'a str {
        match (self.words.get(range.start), self.words.get(range.end.wrapping_sub(1))) {
            (Some(first), Some(last)) if first.start < last.end => {
                let text = &self.text[first.start..last.end];
                // A word in single quotation marks keeps its closing one.
                let opens = text.contains(" '") || text.contains(" ‘");
                let closes = self.text[last.end..].starts_with(['\'', '’']);
                let end = self.text[last.end..].chars().next().map_or(0, char::len_utf8);
                if opens && closes { &self.text[first.start..last.end + end] } else { text }
            }
            _ => "",
        }
    }

    /// The text of some words as it stands inside a sentence: without the capital of a beginning.
    #[must_use]
    pub fn inside(&self, range: &Range<usize>) -> String {
        let text = self.slice(range);
        if text.len() > 4 && !text.contains(char::is_lowercase) {
            return text.to_lowercase();
        }
        if range.start == 0 && !self.is_name(0) && !self.is(0, "title") {
            let mut letters = text.chars();
            let first = letters.next().map(char::to_lowercase);
            let text: String = first.into_iter().flatten().chain(letters).collect();
            return if self.is_role(0) { format!("your {text}") } else { text };
        }
        text.to_owned()
    }

    /// Whether a word is somebody's name, as far as can be told.
    #[must_use]
    pub fn is_name(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else { return false };
        let capital = self.text[word.start..].starts_with(char::is_uppercase);
        let calendar =
            self.lexicon.has("month", &word.lower) || self.lexicon.has("weekday", &word.lower);
        let listed = ["household", "given"].iter().any(|list| self.lexicon.has(list, &word.lower));
        let known = self.names.contains(&word.lower) || listed || (at == 0 && self.speaks());
        // "Heute Nacht ist Opa gestorben".
        let vague = self.lexicon.has("vague", &word.lower);
        capital
            && !calendar
            && !vague
            && (word.class == Class::Name || known)
            && !self.lexicon.has("stop", &word.lower)
    }

    /// A name, or "mum": one of two who do something together.
    #[must_use]
    pub fn is_somebody(&self, at: usize) -> bool {
        self.is(at, "household") || self.is_name(at)
    }

    /// "Therapist says": somebody by what they are, without an article.
    fn is_role(&self, at: usize) -> bool {
        let role = self.is(at, "person") || self.is(at, "kin");
        role && self.lexicon.has("asking", "what")
            && !self.is(at, "household")
            && !self.lower(at).ends_with('s')
    }

    /// Whether the sentence's first word does what only somebody does: "Priya asked".
    fn speaks(&self) -> bool {
        let verb = (1..self.words.len()).find(|&w| !self.is_adverb(w)).unwrap_or(0);
        let somebody = self.is(0, "person") || self.is(0, "kin") || self.is(0, "own_subject");
        (self.is(verb, "say") || self.lower(verb) == "asked") && !somebody
    }

    /// "just", "slowly".
    #[must_use]
    pub fn is_adverb(&self, at: usize) -> bool {
        let word = self.lower(at);
        // "Billy told his family."
        let noun = ["given", "not_adverb"].iter().any(|list| self.lexicon.has(list, word));
        self.lexicon.has("adverb", word) || (word.len() > 4 && word.ends_with("ly") && !noun)
    }

    /// A pronoun that can only be a subject.
    #[must_use]
    pub fn is_subject_pronoun(&self, at: usize) -> bool {
        self.is(at, "own_subject") || self.is(at, "other_subject") || self.is(at, "own_contracted")
    }

    /// A verb in the past, as far as its form tells.
    #[must_use]
    pub fn is_past(&self, at: usize) -> bool {
        self.lexicon.is_past(self.lower(at))
    }

    /// A verb that has a subject of its own.
    #[must_use]
    pub fn is_finite(&self, at: usize) -> bool {
        self.lexicon.is_finite(self.lower(at))
    }

    /// A verb in the past that can stand after "when you": not "was late", nor "had been".
    #[must_use]
    pub fn is_event(&self, at: usize) -> bool {
        let next = self.lower(at + 1);
        match self.lower(at) {
            "was" | "were" => next.len() > 4 && next.ends_with("ing"),
            "had" | "did" => {
                self.is(at + 1, "determiner") || next.starts_with(|c: char| c.is_ascii_digit())
            }
            "wasn't" | "weren't" | "hadn't" => false,
            _ => self.is_past(at),
        }
    }

    /// Where the subject that begins at `at` ends: somebody else than the writer.
    #[must_use]
    pub fn other_subject(&self, at: usize, end: usize) -> Option<usize> {
        if self.is(at, "other_subject") {
            return Some(at + 1);
        }
        if at == 0 && self.is_role(0) {
            return Some(1);
        }
        let somebody = |to: &usize| self.is(to - 1, "kin") || self.is(to - 1, "person");
        self.noun_phrase(at, end).filter(somebody).or_else(|| self.name(at, end))
    }

    /// Where a subject of an article and a noun ends: "the little dog", before its verb.
    #[must_use]
    pub fn noun_phrase(&self, at: usize, end: usize) -> Option<usize> {
        if !self.is(at, "possessor") && !self.is(at, "article") {
            return None;
        }
        let verb = (at + 1..end.min(at + 5)).find(|&w| self.is_finite(w) || self.is_adverb(w))?;
        let plain = (at + 1..verb).all(|w| !self.is(w, "stop"));
        (plain && verb > at + 1).then_some(verb)
    }

    /// A name, a title with a name, or two names.
    fn name(&self, at: usize, end: usize) -> Option<usize> {
        let titled = self.is(at, "title") && self.is_name(at + 1);
        let small = !self.text.contains(char::is_uppercase) && self.is(at, "given");
        if !titled && !self.is_name(at) && !self.is(at, "household") && !small {
            return None;
        }
        let mut to = at + 1;
        while to < end && self.is_name(to) {
            to += 1;
        }
        if self.lower(to) == "and" && (self.is_somebody(to + 1) || self.lower(to + 1) == "i") {
            to += 2;
        }
        Some(to)
    }

    /// "was", "were", "had", "did": most often the verb of a clause of their own.
    #[must_use]
    pub fn is_was(&self, at: usize) -> bool {
        ["was", "were", "had", "did", "didn't", "wasn't", "weren't"].contains(&self.lower(at))
    }

    /// Words around an infinitive: at their end in German, at their beginning elsewhere.
    #[must_use]
    pub fn is_infinitive(&self, range: &Range<usize>) -> bool {
        let ends = |at: usize| self.lexicon.has_ending("infinitive", self.lower(at));
        match self.lexicon.has("verb_last", "yes") {
            true => ends(range.end - 1),
            false => range.clone().take(3).any(ends) && !self.is(range.start, "not_bare"),
        }
    }

    /// A participle of the past, as far as its form tells.
    #[must_use]
    pub fn is_participle(&self, at: usize) -> bool {
        let word = self.lower(at);
        let small = self
            .words
            .get(at)
            .is_some_and(|w| self.text[w.start..].starts_with(char::is_lowercase));
        let german = small
            && self.lexicon.has("ge_participle", "yes")
            && word.find("ge").is_some_and(|ge| ge < 8 && word.len() > ge + 4)
            && (word.ends_with('t') || word.ends_with("en"));
        german || self.is(at, "participle") || self.lexicon.has_ending("participle_ending", word)
    }
}
