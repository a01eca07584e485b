//! The words of a journal, and what a question meant by one that is not among them.
use std::collections::HashMap;

use vault::Entry;

use crate::reflection::{
    language::Lexicon,
    words::{Word, words},
};

/// Shorter words are taken as they stand.
const LEAST_LETTERS: usize = 5;
/// Words of so many letters may have two slips.
const LONG: usize = 9;

/// Every word of some entries, with how it is written.
pub(super) struct Vocabulary(HashMap<String, Written>);

#[derive(Clone, Copy, Default)]
struct Written {
    count: u32,
    /// In lower case.
    small: u32,
    /// With a capital, inside a sentence.
    large: u32,
}

impl Vocabulary {
    pub(super) fn new(entries: &[Entry]) -> Self {
        let mut forms: HashMap<&str, Written> = HashMap::new();
        for entry in entries {
            for (word, is_inside) in split(&entry.content.text) {
                let written = forms.entry(word).or_default();
                written.count += 1;
                written.large += u32::from(is_inside);
            }
            for (tag, _) in entry.content.tags.iter().flat_map(|tag| split(tag)) {
                forms.entry(tag).or_default().count += 1;
            }
        }
        let mut all: HashMap<String, Written> = HashMap::with_capacity(forms.len());
        for (form, written) in forms {
            let is_large = form.starts_with(char::is_uppercase);
            let word = all.entry(form.to_lowercase()).or_default();
            word.count += written.count;
            word.small += if is_large { 0 } else { written.count };
            word.large += if is_large { written.large } else { 0 };
        }
        Self(all)
    }

    /// Whether a word is written with a capital, inside sentences too, and hardly ever without.
    pub(super) fn is_name(&self, word: &str) -> bool {
        self.0.get(word).is_some_and(|written| written.large > 4 * written.small)
    }

    /// The question with its slips mended, and what was mended: as typed, as read. `is_known` tells words
    /// that need not be in the journal.
    pub(super) fn mend(
        &self,
        question: &str,
        lexicon: &Lexicon,
        is_known: &dyn Fn(&str) -> bool,
    ) -> (String, Vec<(String, String)>) {
        let mut mended = question.to_owned();
        let mut slips = Vec::new();
        let words = words(question, lexicon);
        for word in words.iter().rev().filter(|word| !is_known(&word.lower)) {
            let Some(meant) = self.meant(word, lexicon) else { continue };
            let typed = &question[word.start..word.end];
            let meant = if self.is_name(&meant) { capital(&meant) } else { meant };
            mended.replace_range(word.start..word.end, &meant);
            slips.push((typed.to_owned(), meant));
        }
        slips.reverse();
        (mended, slips)
    }

    /// What was meant by a word that neither the journal nor the language knows.
    fn meant(&self, word: &Word, lexicon: &Lexicon) -> Option<String> {
        let typed = word.lower.trim_end_matches("'s");
        let letters: Vec<char> = typed.chars().collect();
        let is_word = letters.len() >= LEAST_LETTERS && letters.iter().all(|c| c.is_alphabetic());
        if !is_word || self.has(typed, lexicon) {
            return None;
        }
        let most = if letters.len() >= LONG { 2 } else { 1 };
        let written = self.0.iter().map(|(word, written)| (word.as_str(), written.count));
        let known = lexicon.known().map(|word| (word, 0));
        let near = written.chain(known).filter_map(|(word, count)| {
            let slips = slips(&letters, word, most)?;
            Some((slips, std::cmp::Reverse(count), word))
        });
        near.min().map(|(.., word)| word.to_owned())
    }

    /// Whether the journal has a word, or one of the same stem, or the language does.
    fn has(&self, word: &str, lexicon: &Lexicon) -> bool {
        let stem = lexicon.stem(word);
        self.0.contains_key(word)
            || lexicon.knows(word)
            || lexicon.knows(&stem)
            || self.0.contains_key(&stem)
            || lexicon.roots(word).iter().any(|root| {
                root.len() + 2 >= word.len() && self.0.keys().any(|known| known.starts_with(root))
            })
    }
}

/// Runs of letters, and whether they stand inside a sentence.
fn split(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(char::is_alphabetic)?;
        let end =
            text[start..].find(|c: char| !c.is_alphanumeric()).map_or(text.len(), |n| start + n);
        at = end;
        Some((&text[start..end], is_inside(&text[..start])))
    })
}

/// Whether a word after this stands inside a sentence.
fn is_inside(before: &str) -> bool {
    let told = before.trim_end();
    before.ends_with(' ')
        && match told.chars().next_back() {
            Some('.') => is_abbreviated(told),
            Some(mark) => !"!?:…“".contains(mark),
            None => false,
        }
}

/// Whether the full stop at the end is likely to be the word's: "Mr.", "W.".
fn is_abbreviated(text: &str) -> bool {
    let word = text.trim_end_matches('.').rsplit(|c: char| !c.is_alphanumeric()).next();
    word.is_some_and(|word| word.len() <= 3 && word.starts_with(char::is_uppercase))
}

/// How many slips of the hand make `typed` of `word`; `None` for more than `most`, and for a slip that more likely
/// makes another word: a consonant in the place of another, another first letter.
fn slips(typed: &[char], word: &str, most: usize) -> Option<usize> {
    if !word.starts_with(typed[0]) || word.len() + most < typed.len() {
        return None;
    }
    let word: Vec<char> = word.chars().collect();
    (word.len() <= typed.len() + most).then(|| slips_from(typed, &word, most)).flatten()
}

fn slips_from(typed: &[char], word: &[char], left: usize) -> Option<usize> {
    let same = typed.iter().zip(word).take_while(|(a, b)| a == b).count();
    let (typed, word) = (&typed[same..], &word[same..]);
    if typed.is_empty() && word.is_empty() {
        return Some(0);
    }
    let left = left.checked_sub(1)?;
    let mut best: Option<usize> = None;
    let mut consider = |typed: &[char], word: &[char]| {
        let more = slips_from(typed, word, left).map(|more| more + 1);
        best = [best, more].into_iter().flatten().min();
    };
    if let Some(rest) = typed.get(1..) {
        consider(rest, word);
    }
    if let Some(rest) = word.get(1..) {
        consider(typed, rest);
    }
    if let ([a, b, typed @ ..], [c, d, word @ ..]) = (typed, word)
        && (a, b) == (d, c)
    {
        consider(typed, word);
    }
    if let ([a, typed @ ..], [b, word @ ..]) = (typed, word)
        && is_vowel(*a)
        && is_vowel(*b)
    {
        consider(typed, word);
    }
    best
}

fn is_vowel(letter: char) -> bool {
    "aeiouyäöüáéíóúàèìòùâêîôû".contains(letter)
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reflection::{language::Language, script::entry};

    fn mended(text: &str, question: &str) -> String {
        let lexicon = Language::English.lexicon();
        Vocabulary::new(&[entry(1, text)]).mend(question, lexicon, &|_| false).0
    }

    #[test]
    fn a_slip_is_read_as_the_word_of_the_journal_that_was_meant() {
        let text = "We saw Mr Evelyn, Captain Cocke and Lady Batten by the canal.";
        assert_eq!(mended(text, "when did i see mr evlyn"), "when did i see mr Evelyn");
        assert_eq!(mended(text, "Captian Cocke?"), "Captain Cocke?");
        assert_eq!(mended(text, "With Lady Battin?"), "With Lady Batten?");
        assert_eq!(mended(text, "Who was at the cannal?"), "Who was at the canal?");
    }

    #[test]
    fn somebody_else_is_not_taken_for_a_slip() {
        let text = "Dinner with Maria and Carl and Bernard.";
        for question in ["Did I see Marta?", "Did I see Karls?", "Did I see Bernadette?"] {
            assert_eq!(mended(text, question), question);
        }
    }
}
