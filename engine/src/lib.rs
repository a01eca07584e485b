//! Small language models, run in this process: offline, blocking, one generation at a time.
#![deny(missing_docs)]
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Result of a call into the engine.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a model can't be used. Texts are lower case, without a period.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file can't be used as a model.
    #[error("{what}: {path}")]
    Model {
        /// Why, in words.
        what: String,
        /// Which file.
        path: PathBuf,
    },
    /// The prompt does not fit.
    #[error("the prompt has {tokens} tokens, the model reads {limit}")]
    TooLong {
        /// Tokens of the prompt.
        tokens: usize,
        /// What the model can read.
        limit: usize,
    },
    /// A failure inside the computation.
    #[error("the model failed: {0}")]
    Compute(String),
}

/// Who says a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Instructions.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
}

/// One message of a conversation; no `Debug`: it may hold journal text.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// Who.
    pub role: Role,
    /// What.
    pub content: String,
}

/// How the next token is chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct SamplingParams {
    /// 0 is greedy.
    pub temperature: f32,
    /// 0 is off.
    pub top_k: usize,
    /// 1 is off.
    pub top_p: f32,
    /// 0 is off.
    pub min_p: f32,
    /// 1 is off.
    pub repetition_penalty: f32,
    /// Same seed, same text.
    pub seed: u64,
}

/// What is asked of the model.
#[derive(Clone)]
pub struct GenerationRequest {
    /// The conversation.
    pub messages: Vec<Message>,
    /// The answer's beginning, put in the model's mouth; empty for none.
    pub prefill: String,
    /// At most so many tokens are generated.
    pub max_tokens: usize,
    /// How tokens are chosen.
    pub sampling: SamplingParams,
    /// Generation ends before any of these.
    pub stop: Vec<String>,
}

/// What is told while a generation runs.
pub enum Chunk<'a> {
    /// So many tokens of the prompt have been read.
    Prompt {
        /// Read so far.
        read: usize,
        /// In all.
        total: usize,
    },
    /// More text; never half a character.
    Text(&'a str),
}

/// Why a generation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinishReason {
    /// The model, or a stop string, ended it.
    Stop,
    /// The token budget or the context is used up.
    Length,
    /// The caller cancelled.
    Canceled,
}

/// What a generation took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the prompt.
    pub prompt_tokens: usize,
    /// Of these, not read again because the last prompt began the same.
    pub reused_tokens: usize,
    /// Tokens generated.
    pub generated_tokens: usize,
    /// Time to read the prompt.
    pub prompt_time: Duration,
    /// Time to generate.
    pub generation_time: Duration,
}

/// A finished generation.
#[derive(Clone)]
pub struct Completion {
    /// The text.
    pub text: String,
    /// Why it ended.
    pub finish: FinishReason,
    /// What it took.
    pub usage: Usage,
}

/// Stops a generation from another thread.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);
impl CancelToken {
    /// Asks the generation to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
    /// Whether it was asked to.
    #[must_use]
    pub fn is_canceled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What a model file says of itself.
#[derive(Clone, Debug)]
pub struct ModelInfo {
    /// Its name, or the file's.
    pub name: String,
    /// `general.architecture`.
    pub architecture: String,
    /// The most common type of its tensors, such as `Q4_1`.
    pub quantisation: String,
    /// Tokens it can read.
    pub context_length: usize,
    /// Size of the file in bytes.
    pub file_bytes: u64,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// Licence, if the file says.
    pub licence: Option<String>,
    /// Estimated memory in use once loaded, in bytes.
    pub memory_bytes: u64,
}

/// A loaded model with its tokenizer and chat template.
pub struct Engine(());
impl Engine {
    /// Loads a GGUF file.
    /// # Errors
    /// `Model`, with the reason in words.
    pub fn load(_path: &Path) -> Result<Self> {
        todo!()
    }
    /// What the file says.
    #[must_use]
    pub fn info(&self) -> &ModelInfo {
        todo!()
    }
    /// Tokens that these messages take as a prompt.
    /// # Errors
    /// When the template fails.
    pub fn count_tokens(&self, _messages: &[Message]) -> Result<usize> {
        todo!()
    }
    /// Answers. `on_chunk` is called for progress and text; `cancel` is seen within 100 ms.
    /// # Errors
    /// `TooLong`, `Compute`.
    pub fn generate(
        &mut self,
        _request: &GenerationRequest,
        _cancel: &CancelToken,
        _on_chunk: &mut dyn FnMut(Chunk<'_>),
    ) -> Result<Completion> {
        todo!()
    }
    /// Mean log-probability per token of `continuation` after the prompt.
    /// # Errors
    /// `TooLong`, `Compute`.
    pub fn log_probability(&mut self, _messages: &[Message], _continuation: &str) -> Result<f32> {
        todo!()
    }
}

/// Turns text into vectors of length 1 whose dot product is nearness of meaning.
pub struct Embedder(());
impl Embedder {
    /// Loads a folder with `model.safetensors`, `config.json`, `tokenizer.json`.
    /// # Errors
    /// `Model`.
    pub fn load(_folder: &Path) -> Result<Self> {
        todo!()
    }
    /// Length of a vector.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        todo!()
    }
    /// One vector a text.
    /// # Errors
    /// `Compute`.
    pub fn embed(&self, _texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        todo!()
    }
}
