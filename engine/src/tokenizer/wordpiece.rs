//! WordPiece, as of BERT: words, in lower case without accents where the model knows no others, each cut into the
//! longest known pieces.
use super::{Kind, Pieces};
use crate::{
    error::Checked,
    gguf::{Metadata, Texts},
};
use fancy_regex::Regex;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// Begins the pieces that begin a word.
const START: &str = "\u{2581}";
/// A longer word is unknown, as in the original.
const LONGEST_WORD: usize = 100;

/// The encoder.
pub(super) struct WordPiece {
    /// Pieces that begin a word, and those that go on in one.
    begins: HashMap<String, u32>,
    goes_on: HashMap<String, u32>,
    /// Bytes of the longest.
    longest: usize,
    unknown: u32,
    lower_case: bool,
    strip_accents: bool,
    /// What is dropped before anything else: control characters but white space, and what could not be read.
    /// Not what no character is yet: Hugging Face's tokenizers take that for an unknown word.
    dropped: Regex,
    /// Accents once they are apart from their letters.
    accents: Regex,
    /// Words, and characters that are words by themselves.
    words: Regex,
}

impl WordPiece {
    pub(super) fn new(metadata: &Metadata, texts: &Texts, kinds: &[Kind]) -> Checked<Self> {
        let unknown = metadata.int("tokenizer.ggml.unknown_token_id", 0..=texts.len() - 1)?;
        let unknown = unknown.or_else(|| texts.iter().position(|text| text == "[UNK]"));
        let option = |name| metadata.bool(&format!("tokenizer.ggml.normalizer.{name}"));
        let lower_case = option("lowercase")?.unwrap_or(true);
        let (mut begins, mut goes_on) = (HashMap::new(), HashMap::new());
        for ((text, id), kind) in texts.iter().zip(0..).zip(kinds) {
            match text.strip_prefix(START) {
                _ if *kind != Kind::Normal => None,
                Some(rest) => begins.insert(rest.to_owned(), id),
                None => goes_on.insert(text.to_owned(), id),
            };
        }
        let regex = |pattern| Regex::new(pattern).map_err(|_| "words can't be told apart");
        Ok(Self {
            longest: begins.keys().chain(goes_on.keys()).map(String::len).max().unwrap_or(0),
            begins,
            goes_on,
            unknown: unknown
                .and_then(|id| u32::try_from(id).ok())
                .ok_or("damaged model file: no token for what is unknown")?,
            lower_case,
            strip_accents: option("strip_accents")?.unwrap_or(lower_case),
            dropped: regex(r"[[\p{Cc}\p{Cf}\p{Co}\x{fffd}]--[\t\n\r]]")?,
            accents: regex(r"\p{Mn}")?,
            words: regex(concat!(
                r"[!-/:-@\[-`{-~\p{P}\x{4e00}-\x{9fff}\x{3400}-\x{4dbf}\x{20000}-\x{2a6df}",
                r"\x{2a700}-\x{2b73f}\x{2b740}-\x{2b81f}\x{2b920}-\x{2ceaf}\x{f900}-\x{faff}\x{2f800}-\x{2fa1f}]",
                r"|[^\s!-/:-@\[-`{-~\p{P}\x{4e00}-\x{9fff}\x{3400}-\x{4dbf}\x{20000}-\x{2a6df}",
                r"\x{2a700}-\x{2b73f}\x{2b740}-\x{2b81f}\x{2b920}-\x{2ceaf}\x{f900}-\x{faff}\x{2f800}-\x{2fa1f}]+",
            ))?,
        })
    }

    pub(super) fn encode(&self, text: &str, tokens: &mut Vec<u32>) {
        // Spaces part words whatever else is done to them.
        for part in text.split([' ', '\t', '\n', '\r']) {
            if part.is_ascii() {
                self.encode_ascii(part, tokens);
            } else {
                self.encode_any(part, tokens);
            }
        }
    }

    /// As [`Self::encode_any`], without the Unicode: most text is plain.
    fn encode_ascii(&self, text: &str, tokens: &mut Vec<u32>) {
        let mut plain: String = text.chars().filter(|c| !c.is_ascii_control()).collect();
        if self.lower_case {
            plain.make_ascii_lowercase();
        }
        for part in plain.split_inclusive(|c: char| c.is_ascii_punctuation()) {
            let word = part.trim_end_matches(|c: char| c.is_ascii_punctuation());
            self.encode_word(word, tokens);
            self.encode_word(&part[word.len()..], tokens);
        }
    }

    fn encode_any(&self, text: &str, tokens: &mut Vec<u32>) {
        let mut text = self.dropped.replace_all(text, "").into_owned();
        if self.strip_accents {
            let apart: String = text.nfd().collect();
            text = self.accents.replace_all(&apart, "").into_owned();
        }
        if self.lower_case {
            // Letter by letter: a sigma at the end of a word is as any other.
            text = text.chars().flat_map(char::to_lowercase).collect();
        }
        for word in self.words.find_iter(&text).map_while(Result::ok) {
            self.encode_word(word.as_str(), tokens);
        }
    }

    fn encode_word(&self, word: &str, tokens: &mut Vec<u32>) {
        let before = tokens.len();
        let is_long = word.len() > LONGEST_WORD && word.chars().count() > LONGEST_WORD;
        let mut rest = word;
        while !rest.is_empty() {
            let known = if rest.len() == word.len() { &self.begins } else { &self.goes_on };
            let mut ends = (1..=rest.len().min(self.longest)).rev();
            let found = ends.find_map(|end| Some((end, *known.get(rest.get(..end)?)?)));
            let Some((end, id)) = found.filter(|_| !is_long) else {
                tokens.truncate(before);
                return tokens.push(self.unknown);
            };
            tokens.push(id);
            rest = &rest[end..];
        }
    }
}

/// The text of every token.
pub(super) fn pieces(texts: &Texts) -> Pieces {
    texts.iter().map(|text| text.replace(START, " ").into_bytes()).collect()
}
