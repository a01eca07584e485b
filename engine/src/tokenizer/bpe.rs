//! Byte-level byte pair encoding, as of GPT-2, Llama 3, Qwen and SmolLM.
use super::{
    Kind, Pieces,
    merge::{Symbol, merge},
    split::Split,
    spm::{SPACE, byte_tokens},
};
use crate::{
    error::Checked,
    gguf::{Metadata, Texts, printable},
};
use std::collections::HashMap;

/// Those among the pre-tokenizers whose models take a word that is a token whole.
const WHOLE_WORDS: [&str; 14] = [
    "llama3",
    "llama-v3",
    "llama-bpe",
    "falcon3",
    "falcon-h1",
    "pixtral",
    "midm-2.0",
    "lfm2",
    "glm4",
    "glm5",
    "granite-embed-multi-97m",
    "minicpm5",
    "tekken",
    "jina-v5-nano",
];
/// Stands for a character that is no token.
const NO_TOKEN: u32 = u32::MAX;

/// The byte pair encoder.
pub(super) struct Bpe {
    /// Of tokens by their bytes; empty where nothing is looked up but merges.
    ids: HashMap<Vec<u8>, u32>,
    /// Rank and token of a joined pair.
    merges: HashMap<(u32, u32), (u32, u32)>,
    bytes: Vec<Option<u32>>,
    split: Split,
    /// A word that is a token is taken whole, whatever the merges say.
    whole_words: bool,
    /// Spaces are written as U+2581 and what no token has as bytes, as of Gemma 4.
    raw: bool,
}

impl Bpe {
    pub(super) fn new(
        metadata: &Metadata,
        texts: &Texts,
        kinds: &[Kind],
        raw: bool,
    ) -> Checked<Self> {
        let name = metadata.text("tokenizer.ggml.pre")?;
        let name = if raw { "gemma4" } else { name.unwrap_or("default") };
        let split =
            Split::named(name)?.ok_or_else(|| format!("unknown tokenizer {}", printable(name)))?;
        let bytes_of =
            |text: &str| if raw { Some(text.as_bytes().to_vec()) } else { bytes_of(text) };
        let mut ids = HashMap::new();
        for ((text, id), kind) in texts.iter().zip(0..).zip(kinds) {
            if let (Kind::Normal, Some(bytes)) = (kind, bytes_of(text)) {
                ids.insert(bytes, id);
            }
        }
        let mut merges = HashMap::new();
        for (merge, rank) in metadata.texts("tokenizer.ggml.merges")?.iter().zip(0..) {
            // A merge of tokens that don't exist can never happen.
            if let Some((pair, id)) = known_merge(merge, &ids, &bytes_of) {
                merges.entry(pair).or_insert((rank, id));
            }
        }
        let bytes = if raw {
            byte_tokens(texts, kinds)
        } else {
            (0..=255_u8).map(|byte| ids.get(&[byte][..]).copied()).collect()
        };
        let whole_words = WHOLE_WORDS.contains(&name);
        if !whole_words && !raw {
            ids = HashMap::new();
        }
        Ok(Self { ids, merges, bytes, split, whole_words, raw })
    }

    pub(super) fn encode(&self, text: &str, tokens: &mut Vec<u32>) {
        if self.raw {
            let text = text.replace(' ', SPACE);
            self.split.words(&text, &mut |word| self.encode_raw(word, tokens));
        } else {
            self.split.words(text, &mut |word| self.encode_word(word.as_bytes(), tokens));
        }
    }

    fn encode_word(&self, word: &[u8], tokens: &mut Vec<u32>) {
        if self.whole_words
            && let Some(&id) = self.ids.get(word)
        {
            return tokens.push(id);
        }
        let symbol = |(start, &byte): (usize, &u8)| {
            self.bytes[usize::from(byte)].map(|id| Symbol { id, start, end: start + 1 })
        };
        let mut symbols: Vec<Symbol> = word.iter().enumerate().filter_map(symbol).collect();
        merge(&mut symbols, |left, right| self.merges.get(&(left.id, right.id)).copied());
        tokens.extend(symbols.iter().map(|symbol| symbol.id));
    }

    fn encode_raw(&self, word: &str, tokens: &mut Vec<u32>) {
        let bytes = word.as_bytes();
        let symbol = |(start, c): (usize, char)| {
            let end = start + c.len_utf8();
            Symbol { id: self.ids.get(&bytes[start..end]).copied().unwrap_or(NO_TOKEN), start, end }
        };
        let mut symbols: Vec<Symbol> = word.char_indices().map(symbol).collect();
        merge(&mut symbols, |left, right| self.merges.get(&(left.id, right.id)).copied());
        for symbol in symbols {
            if symbol.id == NO_TOKEN {
                let bytes = bytes[symbol.start..symbol.end].iter();
                tokens.extend(bytes.filter_map(|&byte| self.bytes[usize::from(byte)]));
            } else {
                tokens.push(symbol.id);
            }
        }
    }
}

/// The pair and what it becomes.
fn known_merge(
    merge: &str,
    ids: &HashMap<Vec<u8>, u32>,
    bytes_of: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Option<((u32, u32), u32)> {
    // The first character may itself be a space in a damaged file only.
    let (left, right) = merge.split_once(' ')?;
    let (left, right) = (bytes_of(left)?, bytes_of(right)?);
    let pair = (*ids.get(&left)?, *ids.get(&right)?);
    Some((pair, *ids.get(&[left, right].concat())?))
}

/// The bytes of every token.
pub(super) fn pieces(texts: &Texts, kinds: &[Kind]) -> Pieces {
    let piece = |(text, kind): (&str, &Kind)| match kind {
        Kind::Normal => bytes_of(text).unwrap_or_else(|| text.as_bytes().to_vec()),
        _ => text.as_bytes().to_vec(),
    };
    texts.iter().zip(kinds).map(piece).collect()
}

/// Turns GPT-2's printable stand-ins into the bytes they stand for.
fn bytes_of(text: &str) -> Option<Vec<u8>> {
    text.chars().map(byte_of).collect()
}

/// Printable bytes stand for themselves; the 68 others, in order, are the characters from U+0100.
fn byte_of(character: char) -> Option<u8> {
    let code = u32::from(character);
    match code {
        0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff => u8::try_from(code).ok(),
        0x100..=0x120 => u8::try_from(code - 0x100).ok(),
        0x121..=0x142 => u8::try_from(code - 0x121 + 0x7f).ok(),
        0x143 => Some(0xad),
        _ => None,
    }
}
