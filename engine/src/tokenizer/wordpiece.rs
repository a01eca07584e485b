//! WordPiece, as of BERT: words in lower case without accents, each cut into the longest known pieces.
use super::Kind;
use crate::{error::Checked, gguf::Metadata};
use fancy_regex::Regex;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// Begins the pieces that begin a word.
const START: &str = "\u{2581}";
/// A longer word is unknown, as in the original.
const LONGEST_WORD: usize = 100;

/// The encoder.
pub(super) struct WordPiece {
    ids: HashMap<String, u32>,
    unknown: u32,
    /// Marks, which are dropped.
    marks: Regex,
    /// Words, and characters that are words by themselves.
    words: Regex,
}

impl WordPiece {
    pub(super) fn new(metadata: &Metadata, texts: &[String], kinds: &[Kind]) -> Checked<Self> {
        let unknown = metadata.int("tokenizer.ggml.unknown_token_id", 0..=texts.len() - 1)?;
        let unknown = unknown.or_else(|| texts.iter().position(|text| text == "[UNK]"));
        let ids = texts.iter().zip(0..).zip(kinds);
        let regex = |pattern| Regex::new(pattern).map_err(|_| "words can't be told apart");
        Ok(Self {
            ids: ids
                .filter(|(_, kind)| **kind == Kind::Normal)
                .map(|((text, id), _)| (text.clone(), id))
                .collect(),
            unknown: unknown
                .and_then(|id| u32::try_from(id).ok())
                .ok_or("damaged model file: no token for what is unknown")?,
            marks: regex(r"\p{Mn}")?,
            words: regex(concat!(
                r"[!-/:-@\[-`{-~\p{P}\x{4e00}-\x{9fff}\x{3400}-\x{4dbf}\x{20000}-\x{2a6df}",
                r"\x{2a700}-\x{2b73f}\x{2b740}-\x{2b81f}\x{2b820}-\x{2ceaf}\x{f900}-\x{faff}\x{2f800}-\x{2fa1f}]",
                r"|[^\s!-/:-@\[-`{-~\p{P}\x{4e00}-\x{9fff}\x{3400}-\x{4dbf}\x{20000}-\x{2a6df}",
                r"\x{2a700}-\x{2b73f}\x{2b740}-\x{2b81f}\x{2b820}-\x{2ceaf}\x{f900}-\x{faff}\x{2f800}-\x{2fa1f}]+",
            ))?,
        })
    }

    pub(super) fn encode(&self, text: &str, tokens: &mut Vec<u32>) {
        let clean: String = text.chars().filter(|&c| !is_dropped(c)).nfd().collect();
        let plain = self.marks.replace_all(&clean, "").to_lowercase();
        for word in self.words.find_iter(&plain).map_while(Result::ok) {
            self.encode_word(word.as_str(), tokens);
        }
    }

    fn encode_word(&self, word: &str, tokens: &mut Vec<u32>) {
        let before = tokens.len();
        let mut rest = word;
        while !rest.is_empty() {
            let start = if rest.len() == word.len() { START } else { "" };
            let mut ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
            let found = ends
                .find_map(|end| Some((end, *self.ids.get(&format!("{start}{}", &rest[..end]))?)));
            let Some((end, id)) = found.filter(|_| word.chars().count() <= LONGEST_WORD) else {
                tokens.truncate(before);
                return tokens.push(self.unknown);
            };
            tokens.push(id);
            rest = &rest[end..];
        }
    }
}

/// Control characters but white space, and the character for what could not be read.
fn is_dropped(c: char) -> bool {
    let invisible = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e000}'..='\u{f8ff}');
    matches!(c, '\0' | '\u{fffd}')
        || (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
        || invisible
}

/// The text of every token.
pub(super) fn pieces(texts: &[String]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.replace(START, " ").into_bytes()).collect()
}
