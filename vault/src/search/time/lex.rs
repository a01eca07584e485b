//! Cuts a text into the words and numbers an expression of time is made of.
use std::ops::Range;

use crate::search::tokenize;

/// A word, folded, or a number with what clings to it: "2020-05-03", "3rd", "90s".
pub(super) struct Word {
    pub(super) text: String,
    pub(super) range: Range<usize>,
}

pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(skip) = text[at..].find(char::is_alphanumeric) {
        let start = at + skip;
        at = if text.as_bytes()[start].is_ascii_digit() {
            number_end(text, start)
        } else {
            word_end(text, start)
        };
        let mut folded = String::new();
        let token = &text[start..at];
        if token.is_ascii() {
            folded = token.to_ascii_lowercase();
        } else {
            tokenize::fold(token, &mut folded);
        }
        words.push(Word { text: folded, range: start..at });
    }
    words
}

fn word_end(text: &str, start: usize) -> usize {
    let in_word = |char: char| char.is_alphanumeric() || matches!(char, '\'' | '\u{2019}');
    let end = text[start..].find(|char| !in_word(char)).map_or(text.len(), |length| start + length);
    start + text[start..end].trim_end_matches(['\'', '\u{2019}']).len()
}

/// Digits, separators with a digit after them, then letters.
fn number_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = start;
    while is_digit(at) || (matches!(bytes.get(at), Some(b'-' | b'/' | b'.')) && is_digit(at + 1)) {
        at += 1;
    }
    word_end(text, at).max(at)
}
