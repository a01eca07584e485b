//! Texts to vectors of length 1, by an encoder of the BERT family.
mod bert;
mod file;
mod fingerprint;
mod folder;
mod tensors;
#[cfg(test)]
mod tests;
mod words;

use crate::{
    error::{Error, Result},
    generation::CancelToken,
    kernel::Cpu,
};
use bert::Bert;
use std::{ops::Range, path::Path, sync::OnceLock};
use words::{Tokens, Words};

/// Tokens that a thread computes together: enough for the weights to be worth fetching.
const GROUP: usize = 192;
/// Fewer are not worth a thread's while.
const LEAST: usize = 48;

/// Turns text into vectors of length 1 whose dot product is nearness of meaning.
pub struct Embedder {
    words: Words,
    bert: Bert,
    cpu: Cpu,
}

/// Which model it is, told without loading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmbedderInfo {
    /// Length of a vector.
    pub dimensions: usize,
    /// A hash of what makes its vectors: the small files whole, of the weights parts from everywhere.
    pub fingerprint: [u8; 32],
}

impl Embedder {
    /// Whether a file is a GGUF file of an encoder, by its beginning.
    #[must_use]
    pub fn reads(path: &Path) -> bool {
        file::is_encoder(path)
    }

    /// Which model a path leads to.
    /// # Errors
    /// `Model`.
    pub fn info(path: &Path) -> Result<EmbedderInfo> {
        let look = if path.is_dir() { folder::info } else { file::info };
        look(path).map_err(|what| Error::model(what, path))
    }

    /// Loads a folder of sentence-transformers (`model.safetensors`, `config.json`, `tokenizer.json`), or a GGUF file.
    /// # Errors
    /// `Model`.
    pub fn load(path: &Path) -> Result<Self> {
        let read = if path.is_dir() { folder::read } else { file::read };
        let (words, bert) = read(path).map_err(|what| Error::model(what, path))?;
        Ok(Self { words, bert, cpu: Cpu::new() })
    }

    /// Length of a vector.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.bert.width()
    }

    /// One vector a text; `None` when cancelled, which is seen within 100 ms.
    /// # Errors
    /// `Compute`.
    pub fn embed(&self, texts: &[&str], cancel: &CancelToken) -> Result<Option<Vec<Vec<f32>>>> {
        let canceled = || cancel.is_canceled();
        let tokens = self.each(texts.len(), &|index| {
            if canceled() { Ok(Tokens::default()) } else { self.words.tokens(texts[index]) }
        });
        let tokens = tokens.into_iter().collect::<Result<Vec<_>>>()?;
        let groups = groups(&tokens, self.cpu.pool.threads());
        let vectors = self.each(groups.len(), &|index| {
            self.bert.embed(&tokens[groups[index].clone()], &canceled)
        });
        let vectors: Option<Vec<_>> = vectors.into_iter().collect();
        Ok(vectors.map(|vectors| vectors.into_iter().flatten().collect()))
    }

    /// What `work` makes of each of `count` numbers, in order.
    fn each<T: Send + Sync>(&self, count: usize, work: &(dyn Fn(usize) -> T + Sync)) -> Vec<T> {
        let made: Vec<OnceLock<T>> = (0..count).map(|_| OnceLock::new()).collect();
        self.cpu.pool.run(count, &|index| {
            // Each number comes once.
            let _ = made[index].set(work(index));
        });
        made.into_iter().filter_map(OnceLock::into_inner).collect()
    }
}

/// Neighbours that are computed together, so that every thread has some.
fn groups(texts: &[Tokens], threads: usize) -> Vec<Range<usize>> {
    let all: usize = texts.iter().map(|tokens| tokens.len()).sum();
    let wanted = (all / (2 * threads)).clamp(LEAST, GROUP);
    let mut groups = Vec::new();
    let (mut start, mut held) = (0, 0);
    for (index, tokens) in texts.iter().enumerate() {
        held += tokens.len();
        if held >= wanted || index + 1 == texts.len() {
            groups.push(start..index + 1);
            (start, held) = (index + 1, 0);
        }
    }
    groups
}
