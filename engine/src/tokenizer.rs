//! Text to tokens and back, from the model file alone.
mod bpe;
mod merge;
mod split;
mod spm;
mod stream;
#[cfg(test)]
mod tests;
mod wordpiece;

use crate::{
    error::Checked,
    gguf::{Metadata, Texts, printable},
};
use bpe::Bpe;
use spm::Spm;
use std::collections::HashMap;
pub(crate) use stream::TextStream;
use wordpiece::WordPiece;

/// A part of a prompt: text of people or templates, or a token that only templates can name.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    /// Text; never becomes a control token.
    Text(String),
    /// A control token.
    Control(u32),
}

/// What a token is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Normal,
    Unknown,
    Control,
    /// Found in text before anything else.
    Added,
    Unused,
    Byte,
}

/// A vocabulary and the way text is cut into it.
pub(crate) struct Tokenizer {
    /// The bytes that each token stands for; a control token's name.
    pieces: Pieces,
    kinds: Vec<Kind>,
    controls: Finder,
    added: Finder,
    encoder: Encoder,
    bos: Option<u32>,
    eos: Option<u32>,
    eot: Option<u32>,
    add_bos: bool,
}

/// What tokens stand for, in one buffer.
#[derive(Default)]
struct Pieces {
    bytes: Vec<u8>,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Pieces {
    /// Nothing where there is no such token.
    fn get(&self, token: u32) -> &[u8] {
        let token = token as usize;
        let Some(&end) = self.ends.get(token) else { return &[] };
        let start = if token == 0 { 0 } else { self.ends[token - 1] };
        &self.bytes[start..end]
    }
}

impl FromIterator<Vec<u8>> for Pieces {
    fn from_iter<I: IntoIterator<Item = Vec<u8>>>(pieces: I) -> Self {
        let mut all = Self::default();
        for piece in pieces {
            all.bytes.extend_from_slice(&piece);
            all.ends.push(all.bytes.len());
        }
        all
    }
}

enum Encoder {
    Bpe(Bpe),
    Spm(Spm),
    WordPiece(Box<WordPiece>),
}

impl Tokenizer {
    /// From the metadata of a model file.
    pub(crate) fn new(metadata: &Metadata) -> Checked<Self> {
        let texts = metadata.texts("tokenizer.ggml.tokens")?;
        if texts.is_empty() || texts.len() > 300_000 {
            return Err("damaged model file: no vocabulary".into());
        }
        let mut kinds = kinds(metadata, texts.len())?;
        keep_ends_from_text(texts, &mut kinds);
        let (encoder, pieces, add_bos) = match metadata.text("tokenizer.ggml.model")? {
            Some("gpt2") => {
                let pieces = bpe::pieces(texts, &kinds);
                (Encoder::Bpe(Bpe::new(metadata, texts, &kinds, false)?), pieces, false)
            }
            Some("gemma4") => {
                let pieces = spm::pieces(texts, &kinds);
                (Encoder::Bpe(Bpe::new(metadata, texts, &kinds, true)?), pieces, true)
            }
            Some("llama") => {
                let pieces = spm::pieces(texts, &kinds);
                (Encoder::Spm(Spm::new(metadata, texts, &kinds)?), pieces, true)
            }
            Some("bert") => {
                let encoder = WordPiece::new(metadata, texts, &kinds)?;
                (Encoder::WordPiece(Box::new(encoder)), wordpiece::pieces(texts), false)
            }
            other => {
                let name = printable(other.unwrap_or("none"));
                return Err(format!("unknown kind of tokenizer {name}"));
            }
        };
        let token = |name: &str| -> Checked<Option<u32>> {
            let id =
                metadata.int(&format!("tokenizer.ggml.{name}_token_id"), 0..=texts.len() - 1)?;
            Ok(id.and_then(|id| u32::try_from(id).ok()))
        };
        Ok(Self {
            controls: Finder::new(texts, &kinds, Kind::Control),
            added: Finder::new(texts, &kinds, Kind::Added),
            bos: token("bos")?,
            eos: token("eos")?,
            eot: token("eot")?,
            add_bos: metadata.bool("tokenizer.ggml.add_bos_token")?.unwrap_or(add_bos),
            pieces,
            kinds,
            encoder,
        })
    }

    /// Cuts text that a template made at the control tokens it names.
    pub(crate) fn segments(&self, text: &str) -> Vec<Segment> {
        let mut segments = Vec::new();
        self.controls.cut(text, &mut |part| {
            segments.push(match part {
                Part::Text(text) => Segment::Text(text.to_owned()),
                Part::Token(id) => Segment::Control(id),
            });
        });
        segments
    }

    /// The first characters of control tokens.
    pub(crate) fn control_starts(&self) -> Vec<char> {
        let mut starts: Vec<char> =
            self.controls.names().filter_map(|name| name.chars().next()).collect();
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    /// Tokens of a prompt.
    pub(crate) fn encode(&self, segments: &[Segment]) -> Vec<u32> {
        let mut tokens = Vec::new();
        if let (true, Some(bos)) = (self.add_bos, self.bos)
            && segments.first() != Some(&Segment::Control(bos))
        {
            tokens.push(bos);
        }
        self.encode_segments(segments, &mut tokens);
        tokens
    }

    /// Tokens of segments, with nothing before them.
    pub(crate) fn encode_segments(&self, segments: &[Segment], tokens: &mut Vec<u32>) {
        let mut after_control = true;
        for segment in segments {
            match segment {
                Segment::Control(id) => tokens.push(*id),
                Segment::Text(text) => self.encode_text(text, after_control, tokens),
            }
            after_control = matches!(segment, Segment::Control(_));
        }
    }

    /// Tokens of text; none of them is a control token. `first`: nothing but a control token came before.
    pub(crate) fn encode_text(&self, text: &str, first: bool, tokens: &mut Vec<u32>) {
        let mut first = first;
        self.added.cut(text, &mut |part| {
            match (part, &self.encoder) {
                (Part::Token(id), _) => tokens.push(id),
                (Part::Text(text), Encoder::Bpe(bpe)) => bpe.encode(text, tokens),
                (Part::Text(text), Encoder::Spm(spm)) => spm.encode(text, first, tokens),
                (Part::Text(text), Encoder::WordPiece(words)) => words.encode(text, tokens),
            }
            first = false;
        });
    }

    /// The bytes of a token; none for control tokens.
    pub(crate) fn bytes(&self, token: u32) -> &[u8] {
        match self.kinds.get(token as usize) {
            None | Some(Kind::Control | Kind::Unused | Kind::Unknown) => &[],
            Some(_) => self.pieces.get(token),
        }
    }

    /// The text of a token as it is shown, a control token's name too; bytes that are no text are replaced.
    pub(crate) fn piece(&self, token: u32) -> String {
        self.text(Some(token))
    }

    /// Whether the model ends its turn with this token.
    pub(crate) fn ends_turn(&self, token: u32) -> bool {
        [self.eos, self.eot].contains(&Some(token))
            || self.kinds.get(token as usize).is_none_or(|&kind| kind == Kind::Control)
    }

    /// Text of the token that begins a text, for templates.
    pub(crate) fn bos_text(&self) -> String {
        self.text(self.bos)
    }

    /// Text of the token that ends a text, for templates.
    pub(crate) fn eos_text(&self) -> String {
        self.text(self.eos)
    }

    fn text(&self, token: Option<u32>) -> String {
        let piece = token.map_or(&[][..], |token| self.pieces.get(token));
        String::from_utf8_lossy(piece).into_owned()
    }
}

fn kinds(metadata: &Metadata, count: usize) -> Checked<Vec<Kind>> {
    let numbers = metadata.numbers("tokenizer.ggml.token_type")?;
    if numbers.is_empty() {
        return Ok(vec![Kind::Normal; count]);
    }
    if numbers.len() != count {
        return Err(
            "damaged model file: its vocabulary and its kinds of tokens differ in number".into()
        );
    }
    let kind = |&number: &f32| match number as i32 {
        2 => Kind::Unknown,
        3 => Kind::Control,
        4 => Kind::Added,
        5 => Kind::Unused,
        6 => Kind::Byte,
        _ => Kind::Normal,
    };
    Ok(numbers.iter().map(kind).collect())
}

/// Tokens that end a turn or a text in models of many families, by name.
const ENDS: [&str; 12] = [
    "</s>",
    "<|im_end|>",
    "<|end|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|end_of_text|>",
    "<|endoftext|>",
    "<end_of_turn>",
    "<end_of_utterance>",
    "<EOT>",
    "<|return|>",
    "<\u{ff5c}end\u{2581}of\u{2581}sentence\u{ff5c}>",
];

/// Such a token is no text, even where a file says that it is (Phi-3's `</s>`): else a person's text could end
/// their turn.
fn keep_ends_from_text(texts: &Texts, kinds: &mut [Kind]) {
    for (text, kind) in texts.iter().zip(kinds) {
        if matches!(kind, Kind::Normal | Kind::Added) && ENDS.contains(&text) {
            *kind = Kind::Control;
        }
    }
}

/// Finds names of tokens in text, the longest first.
struct Finder(HashMap<u8, Vec<(String, u32)>>);

enum Part<'a> {
    Text(&'a str),
    Token(u32),
}

impl Finder {
    fn new(texts: &Texts, kinds: &[Kind], kind: Kind) -> Self {
        let mut by_first: HashMap<u8, Vec<(String, u32)>> = HashMap::new();
        for ((text, id), _) in texts.iter().zip(0..).zip(kinds).filter(|(_, k)| **k == kind) {
            if let Some(&first) = text.as_bytes().first() {
                by_first.entry(first).or_default().push((text.to_owned(), id));
            }
        }
        for names in by_first.values_mut() {
            names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        }
        Self(by_first)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.0.values().flatten().map(|(name, _)| name.as_str())
    }

    fn cut<'a>(&self, text: &'a str, part: &mut dyn FnMut(Part<'a>)) {
        let (mut start, mut at) = (0, 0);
        while let Some(first) = text.as_bytes().get(at) {
            let names = self.0.get(first).map_or(&[][..], Vec::as_slice);
            let Some((name, id)) =
                names.iter().find(|(n, _)| text.as_bytes()[at..].starts_with(n.as_bytes()))
            else {
                at += 1;
                continue;
            };
            if start < at {
                part(Part::Text(&text[start..at]));
            }
            part(Part::Token(*id));
            at += name.len();
            start = at;
        }
        if start < text.len() {
            part(Part::Text(&text[start..]));
        }
    }
}
