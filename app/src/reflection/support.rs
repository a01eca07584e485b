//! Whether a sentence says only what the person wrote: words, names, numbers, who did it, and "not".
use super::{
    language::Lexicon,
    words::{Class, Word, words},
};

/// A sentence of the person's, ready to be compared with.
pub struct Own<'a> {
    /// Which entry, as an index that the caller understands.
    pub entry: usize,
    /// The sentence, a slice of the entry's text.
    pub text: &'a str,
    /// Its words.
    pub words: Vec<Word>,
}

/// Most words that a sentence of a summary may have.
const LONGEST: usize = 45;
/// How far before the words in question a "not" or an "if" still governs them.
const REACH: usize = 4;

/// The sentences of the person's that `sentence` rests on, as indices into `own`; `None` when any
/// part of it rests on nothing. Each clause has to come from one sentence, with the same names in
/// the same order, the same numbers, the same doer, and as certain and as negated as it was written.
#[must_use]
pub fn support(sentence: &str, own: &[&Own<'_>], lexicon: &Lexicon) -> Option<Vec<usize>> {
    let words = words(sentence, lexicon);
    if words.len() > LONGEST || sentence.contains('?') {
        return None;
    }
    let mut sources = Vec::new();
    let mut subject = Subject::Writer;
    for clause in clauses(sentence, &words, lexicon) {
        let clause = Clause::new(clause, subject, lexicon)?;
        subject = clause.subject.clone();
        let source = own.iter().position(|o| clause.rests_on(&o.words, lexicon))?;
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    (!sources.is_empty()).then_some(sources)
}

/// Whether what follows `words` in a sentence is done or felt by the writer, as far as the words tell.
#[must_use]
pub fn is_of_writer(words: &[Word], lexicon: &Lexicon) -> bool {
    doer_before(words, lexicon) == Subject::Writer
}

/// Who does what a clause tells.
#[derive(Clone, PartialEq, Eq)]
enum Subject {
    /// "I", "we", "you" for the writer, or left out.
    Writer,
    /// "he", "she", "they", "it".
    Other,
    /// A name or a relation, by its stem.
    Named(String),
}

/// Cuts at punctuation and conjunctions; a piece with less than two words that carry stays with the one before.
fn clauses<'a>(text: &str, words: &'a [Word], lexicon: &Lexicon) -> Vec<&'a [Word]> {
    let mut found: Vec<&[Word]> = Vec::new();
    let mut start = 0;
    for at in 1..=words.len() {
        let boundary = at == words.len()
            || text[words[at - 1].end..words[at].start].contains([',', ';', ':', '—', '–'])
            || lexicon.has("conjunction", &words[at].lower);
        let carrying = |w: &[Word]| w.iter().filter(|w| carries(w, lexicon)).count() >= 2;
        if boundary
            && (at == words.len() || (carrying(&words[start..at]) && carrying(&words[at..])))
        {
            found.push(&words[start..at]);
            start = at;
        }
    }
    found
}

/// A word that has to be in the source.
fn carries(word: &Word, lexicon: &Lexicon) -> bool {
    word.carries() && !lexicon.has("light", &word.lower)
}

struct Clause<'a> {
    words: &'a [Word],
    carrying: Vec<&'a Word>,
    subject: Subject,
}

impl<'a> Clause<'a> {
    fn new(words: &'a [Word], before: Subject, lexicon: &Lexicon) -> Option<Self> {
        let carrying: Vec<&Word> = words.iter().filter(|w| carries(w, lexicon)).collect();
        if carrying.len() < 2 {
            return None;
        }
        let subject = subject_of(words, lexicon).unwrap_or(before);
        Some(Self { words, carrying, subject })
    }

    fn rests_on(&self, source: &[Word], lexicon: &Lexicon) -> bool {
        let Some(places) = self.places(source) else { return false };
        let (Some(&first), Some(&last)) = (places.iter().min(), places.iter().max()) else {
            return false;
        };
        let governed = &source[first.saturating_sub(REACH)..=last];
        let agrees = |list| {
            let here = self.words.iter().any(|w| lexicon.has(list, &w.lower));
            here == governed.iter().any(|w| lexicon.has(list, &w.lower))
        };
        agrees("negation")
            && agrees("modal")
            && self.in_order(&places)
            && self.same_relations(source, lexicon)
            && self.same_doer(source, &places, lexicon)
    }

    /// Where each carrying word is in the source.
    fn places(&self, source: &[Word]) -> Option<Vec<usize>> {
        let place = |w: &&Word| source.iter().position(|s| s.stem == w.stem && s.carries());
        self.carrying.iter().map(place).collect()
    }

    /// Names in the order of the source; of the other words one may be moved.
    fn in_order(&self, places: &[usize]) -> bool {
        let names = self.carrying.iter().zip(places).filter(|(w, _)| w.class == Class::Name);
        let moved = places.windows(2).filter(|pair| pair[1] < pair[0]).count();
        names.map(|(_, place)| *place).is_sorted() && moved <= 1
    }

    /// Each preposition stands before the same word as in the source: "spent on" isn't "spent, with".
    fn same_relations(&self, source: &[Word], lexicon: &Lexicon) -> bool {
        let is_relation = |w: &&Word| lexicon.has("preposition", &w.lower);
        self.words.iter().filter(is_relation).all(|relation| {
            let Some(object) = self.carrying.iter().find(|w| w.start > relation.start) else {
                return true;
            };
            let mut before = source.iter().enumerate().filter(|(_, w)| w.lower == relation.lower);
            before.any(|(at, _)| source[at + 1..].iter().take(REACH).any(|w| w.stem == object.stem))
        })
    }

    fn same_doer(&self, source: &[Word], places: &[usize], lexicon: &Lexicon) -> bool {
        let named = |w: &Word| self.subject == Subject::Named(w.stem.clone());
        let verb =
            self.carrying.iter().zip(places).find(|(w, _)| !named(w)).map(|(_, place)| *place);
        let doer = verb.map(|v| doer_before(&source[..v], lexicon));
        match (&self.subject, doer) {
            (Subject::Other, Some(Subject::Named(_))) => true,
            (subject, Some(doer)) => *subject == doer,
            (_, None) => false,
        }
    }
}

/// The subject that a clause names before its first other word; `None` when it names none.
fn subject_of(words: &[Word], lexicon: &Lexicon) -> Option<Subject> {
    for (at, word) in words.iter().enumerate() {
        let lower = word.lower.as_str();
        if lexicon.has("subject_first", lower) || lexicon.has("subject_second", lower) {
            return Some(Subject::Writer);
        } else if lexicon.has("subject_third", lower) {
            return Some(Subject::Other);
        } else if is_person(words, at, lexicon) {
            return Some(Subject::Named(word.stem.clone()));
        } else if word.carries() {
            return None;
        }
    }
    None
}

/// Who is named last before a word as its doer; the writer when nobody is.
fn doer_before(words: &[Word], lexicon: &Lexicon) -> Subject {
    for (at, word) in words.iter().enumerate().rev() {
        let lower = word.lower.as_str();
        if lexicon.has("subject_first", lower) {
            return Subject::Writer;
        } else if lexicon.has("subject_third", lower) || lexicon.has("subject_second", lower) {
            return Subject::Other;
        } else if is_person(words, at, lexicon) && !after_preposition(words, at, lexicon) {
            return Subject::Named(word.stem.clone());
        }
    }
    Subject::Writer
}

fn is_person(words: &[Word], at: usize, lexicon: &Lexicon) -> bool {
    let word = &words[at];
    word.class == Class::Name
        || lexicon.has("kin", &word.lower)
        || (at == 0 && word.class == Class::Content && looks_named(words, lexicon))
}

/// A capitalised first word can't be told from a name; before a verb of speech it is one.
fn looks_named(words: &[Word], lexicon: &Lexicon) -> bool {
    words.get(1).is_some_and(|next| lexicon.has("speech", &next.lower))
}

fn after_preposition(words: &[Word], at: usize, lexicon: &Lexicon) -> bool {
    let before = words[..at].iter().rev().find(|w| {
        w.class != Class::Name && !lexicon.has("first", &w.lower) && !lexicon.has("title", &w.lower)
    });
    before.is_some_and(|w| {
        w.class == Class::Function
            && !lexicon.has("conjunction", &w.lower)
            && !lexicon.has("subject_first", &w.lower)
    }) && before.is_some_and(|w| {
        !["the", "a", "an", "der", "die", "das", "le", "la", "el"].contains(&w.lower.as_str())
    })
}

#[cfg(test)]
mod tests;
