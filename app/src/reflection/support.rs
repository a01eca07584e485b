//! Whether a sentence says only what the person wrote: words, names, numbers, who did it, and "not".
mod trace;

use self::trace::Trace;
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

/// The sentences of the person's that `sentence` rests on, as indices into `own`; `None` when any
/// part of it rests on nothing. It may only leave out: whole clauses, and words that change nothing.
/// What is left has to be the person's words in their order, with "you" for "I"; nothing that was
/// denied, wished, planned, supposed or told by another may lose the word that says so, and no day its
/// "yesterday".
#[must_use]
pub fn support(sentence: &str, own: &[&Own<'_>], lexicon: &Lexicon) -> Option<Vec<usize>> {
    let told = words(sentence, lexicon);
    let carrying = told.iter().filter(|word| word.carries()).count();
    if told.len() > LONGEST || carrying < 2 || sentence.contains('?') {
        return None;
    }
    let whole = Trace::of_told(sentence, &told, lexicon);
    if let Some(at) = own.iter().position(|own| whole.rests_on(own)) {
        return Some(vec![at]);
    }
    let mut sources = Vec::new();
    for part in whole.parts() {
        let at = own.iter().position(|own| part.rests_on(own))?;
        if !sources.contains(&at) {
            sources.push(at);
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
#[derive(PartialEq, Eq)]
enum Subject {
    /// "I", "we", "you" for the writer, or left out.
    Writer,
    /// "he", "she", "they", "it".
    Other,
    /// A name or a relation.
    Named,
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
            return Subject::Named;
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
