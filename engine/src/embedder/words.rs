//! Text to the tokens an encoder reads, from a tokenizer's own file or from a model file.
use crate::{
    error::{Checked, Error, Result},
    gguf::Metadata,
    tokenizer,
};
use tokenizers::TruncationParams;
use zeroize::Zeroizing;

/// Tokens of a text; wiped on drop.
pub(super) type Tokens = Zeroizing<Vec<u32>>;

/// A tokenizer that puts marks around a text and cuts what is too long.
pub(super) enum Words {
    /// Of a `tokenizer.json`.
    Json(Box<tokenizers::Tokenizer>),
    /// Of a GGUF file.
    Gguf(Box<Gguf>),
}

/// A vocabulary in a model file.
pub(super) struct Gguf {
    tokenizer: tokenizer::Tokenizer,
    first: u32,
    last: u32,
    most: usize,
}

impl Words {
    /// From the bytes of a `tokenizer.json`; `most`: tokens of a text that are read.
    pub(super) fn from_json(bytes: &[u8], most: usize) -> Checked<Self> {
        let mut tokenizer =
            tokenizers::Tokenizer::from_bytes(bytes).map_err(|_| "the tokenizer can't be read")?;
        let truncation = TruncationParams { max_length: most, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(truncation)).map_err(|_| "the tokenizer can't be used")?;
        tokenizer.with_padding(None);
        Ok(Self::Json(Box::new(tokenizer)))
    }

    /// From a model file; `most`: tokens of a text that are read.
    pub(super) fn from_gguf(metadata: &Metadata, most: usize) -> Checked<Self> {
        if metadata.text("tokenizer.ggml.model")? != Some("bert") {
            return Err("the model's kind of tokenizer is not supported".into());
        }
        let vocabulary = metadata.texts("tokenizer.ggml.tokens")?;
        let mark = |keys: [&str; 2], name: &str| -> Checked<u32> {
            let mut id = vocabulary.iter().position(|token| token == name);
            for key in keys {
                let key = format!("tokenizer.ggml.{key}_token_id");
                id = metadata.int(&key, 0..=vocabulary.len().saturating_sub(1))?.or(id);
            }
            let id = id.and_then(|id| u32::try_from(id).ok());
            id.ok_or_else(|| format!("damaged model file: no token {name}"))
        };
        Ok(Self::Gguf(Box::new(Gguf {
            first: mark(["bos", "cls"], "[CLS]")?,
            // The format's own spelling, and the right one.
            last: mark(["separator", "seperator"], "[SEP]")?,
            tokenizer: tokenizer::Tokenizer::new(metadata)?,
            most,
        })))
    }

    /// The tokens of a text, between the marks.
    pub(super) fn tokens(&self, text: &str) -> Result<Tokens> {
        match self {
            Self::Json(tokenizer) => match tokenizer.encode_fast(text, true) {
                Ok(encoding) => Ok(Zeroizing::new(encoding.get_ids().to_vec())),
                // The message of a failed encoding may quote the text.
                Err(_) => Err(Error::Compute("a text can't be cut into tokens".into())),
            },
            Self::Gguf(words) => Ok(words.tokens(text)),
        }
    }
}

impl Gguf {
    fn tokens(&self, text: &str) -> Tokens {
        let mut tokens = Zeroizing::new(vec![self.first]);
        self.tokenizer.encode_text(text, true, &mut tokens);
        tokens.truncate(self.most - 1);
        tokens.push(self.last);
        tokens
    }
}
