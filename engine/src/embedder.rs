//! Texts to vectors, by a BERT of sentence-transformers: mean pooling, length 1.
mod bert;
#[cfg(test)]
mod tests;

use crate::error::{Checked, Error, Result};
use bert::Bert;
use serde_json::Value;
use std::path::Path;
use tokenizers::{Tokenizer, TruncationParams};
use zeroize::Zeroizing;

/// Tokens of a text that are read when the folder does not say; the rest is left out.
const MAX_TOKENS: usize = 256;
/// Tokens that are computed together.
const BATCH: usize = 512;
/// A model larger than this is not meant for this program.
const MAX_FILE: u64 = 2 << 30;

/// Turns text into vectors of length 1 whose dot product is nearness of meaning.
pub struct Embedder {
    tokenizer: Tokenizer,
    bert: Bert,
}

impl Embedder {
    /// Loads a folder with `model.safetensors`, `config.json`, `tokenizer.json`.
    /// # Errors
    /// `Model`.
    pub fn load(folder: &Path) -> Result<Self> {
        let read = || {
            let config = json(&folder.join("config.json"))?;
            let tokenizer = tokenizer(folder)?;
            let weights = read_file(&folder.join("model.safetensors"))?;
            Checked::Ok(Self { tokenizer, bert: Bert::new(&config, &weights)? })
        };
        read().map_err(|what| Error::model(what, folder))
    }

    /// Length of a vector.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.bert.width()
    }

    /// One vector a text.
    /// # Errors
    /// `Compute`.
    pub fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let mut vectors = Vec::with_capacity(texts.len());
        let mut batch: Vec<Zeroizing<Vec<u32>>> = Vec::new();
        for text in texts {
            let encoding = self.tokenizer.encode_fast(*text, true);
            // The message of a failed encoding may quote the text.
            let encoding =
                encoding.map_err(|_| Error::Compute("a text can't be cut into tokens".into()))?;
            batch.push(Zeroizing::new(encoding.get_ids().to_vec()));
            if batch.iter().map(|tokens| tokens.len()).sum::<usize>() >= BATCH {
                vectors.extend(self.bert.embed(&batch));
                batch.clear();
            }
        }
        vectors.extend(self.bert.embed(&batch));
        Ok(vectors)
    }
}

fn tokenizer(folder: &Path) -> Checked<Tokenizer> {
    let bytes = read_file(&folder.join("tokenizer.json"))?;
    let mut tokenizer = Tokenizer::from_bytes(bytes).map_err(|_| "the tokenizer can't be read")?;
    let sentences = folder.join("sentence_bert_config.json");
    let limit =
        if sentences.exists() { json(&sentences)?["max_seq_length"].as_u64() } else { None };
    let max_length =
        limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(MAX_TOKENS).clamp(3, 512);
    tokenizer
        .with_truncation(Some(TruncationParams { max_length, ..TruncationParams::default() }))
        .map_err(|_| "the tokenizer can't be used")?;
    tokenizer.with_padding(None);
    Ok(tokenizer)
}

fn json(path: &Path) -> Checked<Value> {
    serde_json::from_slice(&read_file(path)?).map_err(|_| format!("{} can't be read", name(path)))
}

fn read_file(path: &Path) -> Checked<Vec<u8>> {
    let read = || {
        if std::fs::metadata(path)?.len() > MAX_FILE {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        std::fs::read(path)
    };
    read()
        .map_err(|error: std::io::Error| format!("{} can't be read: {}", name(path), error.kind()))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
