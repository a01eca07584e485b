//! Byte-level byte pair encoding, as of GPT-2, Llama 3, Qwen and SmolLM.
use super::{
    Kind,
    merge::{Symbol, merge},
    split::Split,
};
use crate::{error::Checked, gguf::Metadata, gguf::printable};
use std::collections::HashMap;

/// The byte pair encoder.
pub(super) struct Bpe {
    ids: HashMap<Vec<u8>, u32>,
    /// Rank and token of a joined pair.
    merges: HashMap<(u32, u32), (u32, u32)>,
    bytes: Vec<Option<u32>>,
    split: Split,
    /// A word that is a token is taken whole, whatever the merges say.
    whole_words: bool,
}

impl Bpe {
    pub(super) fn new(metadata: &Metadata, texts: &[String], kinds: &[Kind]) -> Checked<Self> {
        let name = metadata
            .text("tokenizer.ggml.pre")?
            .ok_or("the model does not say how it splits words")?;
        let split =
            Split::named(name).ok_or_else(|| format!("unknown tokenizer {}", printable(name)))?;
        let by_bytes = pieces(texts, kinds).into_iter().zip(0..).zip(kinds);
        let ids: HashMap<Vec<u8>, u32> =
            by_bytes.filter(|(_, kind)| **kind == Kind::Normal).map(|(entry, _)| entry).collect();
        let mut merges = HashMap::new();
        for (merge, rank) in metadata.texts("tokenizer.ggml.merges")?.iter().zip(0..) {
            // A merge of tokens that don't exist can never happen.
            if let Some((pair, id)) = known_merge(merge, &ids) {
                merges.entry(pair).or_insert((rank, id));
            }
        }
        let bytes = (0..=255_u8).map(|byte| ids.get(&[byte][..]).copied()).collect();
        Ok(Self {
            ids,
            merges,
            bytes,
            split,
            whole_words: matches!(name, "llama3" | "llama-v3" | "llama-bpe"),
        })
    }

    pub(super) fn encode(&self, text: &str, tokens: &mut Vec<u32>) {
        self.split.words(text, &mut |word| self.encode_word(word.as_bytes(), tokens));
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
}

fn known_merge(merge: &str, ids: &HashMap<Vec<u8>, u32>) -> Option<((u32, u32), u32)> {
    // The first character may itself be a space in a damaged file only.
    let (left, right) = merge.split_once(' ')?;
    let (left, right) = (bytes_of(left)?, bytes_of(right)?);
    let pair = (*ids.get(&left)?, *ids.get(&right)?);
    Some((pair, *ids.get(&[left, right].concat())?))
}

/// The bytes of every token.
pub(super) fn pieces(texts: &[String], kinds: &[Kind]) -> Vec<Vec<u8>> {
    let piece = |(text, kind): (&String, &Kind)| match kind {
        Kind::Normal => bytes_of(text).unwrap_or_else(|| text.clone().into_bytes()),
        _ => text.clone().into_bytes(),
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
