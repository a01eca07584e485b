//! SentencePiece vocabularies with scores, as of Llama 2, Mistral, Gemma and Phi-3.
use super::{
    Kind, Pieces,
    merge::{Symbol, merge},
};
use crate::{
    error::Checked,
    gguf::{Metadata, Texts},
};
use std::collections::HashMap;

/// Stands for a space.
pub(super) const SPACE: &str = "\u{2581}";

/// The encoder.
pub(super) struct Spm {
    /// Token and rank (0 is joined first) by text, spaces written as U+2581.
    ids: HashMap<String, (u32, u32)>,
    bytes: Vec<Option<u32>>,
    unknown: Option<u32>,
    prefix: bool,
}

impl Spm {
    pub(super) fn new(metadata: &Metadata, texts: &Texts, kinds: &[Kind]) -> Checked<Self> {
        let scores = metadata.numbers("tokenizer.ggml.scores")?;
        if scores.len() != texts.len() {
            return Err("damaged model file: its vocabulary and its scores differ in number".into());
        }
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        let mut ids = HashMap::new();
        let (mut rank, mut last) = (0, None);
        for index in order {
            // Equal scores are equal ranks: the leftmost of such pairs is joined first.
            rank += u32::from(last.is_some_and(|last| last != scores[index]));
            last = Some(scores[index]);
            if let (Kind::Normal | Kind::Added, Ok(id)) = (kinds[index], u32::try_from(index)) {
                ids.entry(texts.get(index).to_owned()).or_insert((rank, id));
            }
        }
        let unknown = metadata.int("tokenizer.ggml.unknown_token_id", 0..=texts.len() - 1)?;
        Ok(Self {
            ids,
            bytes: byte_tokens(texts, kinds),
            unknown: unknown.and_then(|id| u32::try_from(id).ok()),
            prefix: metadata.bool("tokenizer.ggml.add_space_prefix")?.unwrap_or(true),
        })
    }

    pub(super) fn encode(&self, text: &str, first: bool, tokens: &mut Vec<u32>) {
        let prefix = if first && self.prefix { SPACE } else { "" };
        let text = format!("{prefix}{}", text.replace(' ', SPACE));
        let mut symbols: Vec<Symbol> = text
            .char_indices()
            .map(|(start, c)| Symbol {
                id: self.id(&text[start..start + c.len_utf8()]),
                start,
                end: start + c.len_utf8(),
            })
            .collect();
        merge(&mut symbols, |left, right| self.ids.get(&text[left.start..right.end]).copied());
        for symbol in symbols {
            if symbol.id == u32::MAX {
                let bytes = text.as_bytes()[symbol.start..symbol.end].iter();
                tokens.extend(
                    bytes.filter_map(|&byte| self.bytes[usize::from(byte)].or(self.unknown)),
                );
            } else {
                tokens.push(symbol.id);
            }
        }
    }

    fn id(&self, text: &str) -> u32 {
        self.ids.get(text).map_or(u32::MAX, |&(_, id)| id)
    }
}

/// The token of every byte.
pub(super) fn byte_tokens(texts: &Texts, kinds: &[Kind]) -> Vec<Option<u32>> {
    let mut tokens = vec![None; 256];
    for ((text, id), kind) in texts.iter().zip(0..).zip(kinds) {
        if let (Kind::Byte, Some(byte)) = (kind, byte_of(text)) {
            tokens[usize::from(byte)] = Some(id);
        }
    }
    tokens
}

/// `<0x41>` is the byte 0x41.
fn byte_of(text: &str) -> Option<u8> {
    u8::from_str_radix(text.strip_prefix("<0x")?.strip_suffix('>')?, 16).ok()
}

/// The bytes of every token.
pub(super) fn pieces(texts: &Texts, kinds: &[Kind]) -> Pieces {
    let piece = |(text, kind): (&str, &Kind)| match kind {
        Kind::Byte => byte_of(text).into_iter().collect(),
        Kind::Control => text.as_bytes().to_vec(),
        _ => text.replace(SPACE, " ").into_bytes(),
    };
    texts.iter().zip(kinds).map(piece).collect()
}
