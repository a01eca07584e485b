//! Cuts text into words and folds them to the one form in which they are indexed and asked for.
//!
//! A word is a run of letters, digits and their marks, with apostrophes inside. Scripts written
//! without spaces give one token a character, so any run of them is found as a phrase, exactly;
//! where no entry has it, by its pairs of characters. A pictograph is a word too.
//! Case, diacritics of Latin and Greek, compatibility forms and typographic apostrophes are folded.
use std::{borrow::Cow, ops::Range};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Longest folded form kept, in bytes; what is longer is cut, in texts and in queries alike.
const MAX_FOLDED_LEN: usize = 64;

/// Short forms an apostrophe sets off at the end: "Anna's", "I'll".
const CLITICS: [&str; 6] = ["s", "ll", "ve", "re", "d", "m"];

/// Articles and pronouns an apostrophe sets off at the front: "l'été", "dell'arte".
const ELISIONS: [&str; 16] = [
    "l", "d", "j", "m", "n", "s", "t", "c", "qu", "un", "dell", "all", "nell", "sull", "dall",
    "jusqu",
];

/// The byte ranges of the words of a text, in order.
pub(crate) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next character and where it ends, from byte `at`.
    fn char_at(&self, at: usize) -> Option<(char, usize)> {
        let byte = *self.text.as_bytes().get(at)?;
        if byte < 0x80 {
            return Some((char::from(byte), at + 1));
        }
        let char = self.text[at..].chars().next()?;
        Some((char, at + char.len_utf8()))
    }

    fn word_end(&self, mut at: usize) -> usize {
        while let Some((char, end)) = self.char_at(at) {
            let inner = is_apostrophe(char)
                && self.char_at(end).is_some_and(|(next, _)| continues_word(next));
            if !inner && !continues_word(char) {
                break;
            }
            at = end;
        }
        at
    }

    /// A character with what is written onto it: a decomposed kana or syllable is one token.
    fn unspaced_end(&self, mut at: usize) -> usize {
        while let Some((char, end)) = self.char_at(at) {
            if !matches!(char, '\u{3099}' | '\u{309a}' | '\u{1160}'..='\u{11ff}') {
                break;
            }
            at = end;
        }
        at
    }
}

impl Iterator for Tokens<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        loop {
            let start = self.at;
            let (char, end) = self.char_at(start)?;
            self.at = if is_unspaced(char) {
                self.unspaced_end(end)
            } else if char.is_alphanumeric() {
                self.word_end(end)
            } else {
                end
            };
            if self.at > end || char.is_alphanumeric() || is_unspaced(char) || is_pictograph(char) {
                return Some(start..self.at);
            }
        }
    }
}

/// Puts the folded form of one token into `out`, which is cleared first.
pub(crate) fn fold(token: &str, out: &mut String) {
    out.clear();
    if token.is_ascii() {
        out.push_str(token);
        out.make_ascii_lowercase();
    } else {
        // First of all, so that a word in lower case folds as it does as written.
        fold_unicode(&token.to_lowercase(), out);
    }
    if out.contains('\'') {
        drop_apostrophes(out);
    }
    if out.len() > MAX_FOLDED_LEN {
        out.truncate(out.floor_char_boundary(MAX_FOLDED_LEN));
    }
}

/// A token in lower case, as it is stored.
pub(crate) fn lower(token: &str) -> Cow<'_, str> {
    if token.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(token)
    } else {
        Cow::Owned(token.to_lowercase())
    }
}

/// The folded form of a whole text: its folded words with a space between.
pub(crate) fn fold_text(text: &str) -> String {
    let mut folded = String::new();
    let mut word = String::new();
    for range in Tokens::new(text) {
        fold(&text[range], &mut word);
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(&word);
    }
    folded
}

/// Whether a script that is written without spaces between its words has this character.
pub(crate) fn is_unspaced(char: char) -> bool {
    if char < '\u{e00}' {
        return false;
    }
    matches!(char,
        '\u{e01}'..='\u{e3a}' | '\u{e40}'..='\u{e4f}' // Thai
        | '\u{e81}'..='\u{ece}' // Lao
        | '\u{1000}'..='\u{103f}' // Myanmar
        | '\u{1780}'..='\u{17d3}' // Khmer
        | '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}' // Hangul
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{309f}' // Hiragana
        | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' // Katakana
        | '\u{ff66}'..='\u{ff9f}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' // Han
        | '\u{20000}'..='\u{3ffff}')
}

fn is_pictograph(char: char) -> bool {
    matches!(char, '\u{2600}'..='\u{27bf}' | '\u{1f300}'..='\u{1faff}')
        && !matches!(char, '\u{1f3fb}'..='\u{1f3ff}')
}

fn continues_word(char: char) -> bool {
    if char.is_ascii() {
        return char.is_ascii_alphanumeric();
    }
    !is_unspaced(char)
        && (char.is_alphanumeric() || is_ignorable(char) || is_combining_mark(char))
        && !is_variation_selector(char)
}

fn is_apostrophe(char: char) -> bool {
    matches!(char, '\'' | '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{ff07}')
}

/// What stands in a word without being part of it: soft hyphen, joiners, tatweel.
fn is_ignorable(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{640}')
}

fn is_variation_selector(char: char) -> bool {
    matches!(char, '\u{fe00}'..='\u{fe0f}')
}

fn fold_unicode(token: &str, out: &mut String) {
    let mut base = ' ';
    let mut decomposed = String::with_capacity(token.len() + 8);
    for char in token.chars().nfkd().flat_map(char::to_lowercase) {
        if is_apostrophe(char) {
            decomposed.push('\'');
        } else if is_combining_mark(char) {
            if !is_folded_mark(base, char) {
                decomposed.push(char);
            }
        } else if !is_ignorable(char) {
            base = char;
            push_plain(char, &mut decomposed);
        }
    }
    out.extend(decomposed.nfc());
}

/// Whether a mark over `base` makes no difference to a search.
fn is_folded_mark(base: char, mark: char) -> bool {
    let points = matches!(mark, '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}');
    points || base < '\u{400}' || (base == 'е' && mark == '\u{308}')
}

/// Letters that no normal form takes apart.
fn push_plain(char: char, out: &mut String) {
    match char {
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'þ' => out.push_str("th"),
        'ø' => out.push('o'),
        'ł' => out.push('l'),
        'đ' | 'ð' => out.push('d'),
        'ı' => out.push('i'),
        'ς' => out.push('σ'),
        other => out.push(other),
    }
}

/// "anna's" is "anna", "l'ete" is "ete", "don't" is "dont".
fn drop_apostrophes(word: &mut String) {
    if let Some((head, tail)) = word.rsplit_once('\'')
        && CLITICS.contains(&tail)
    {
        word.truncate(head.len());
    }
    if let Some((head, tail)) = word.split_once('\'')
        && ELISIONS.contains(&head)
        && tail.chars().nth(1).is_some()
    {
        word.drain(..=head.len());
    }
    word.retain(|char| char != '\'');
}
