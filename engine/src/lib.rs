//! Small language models, run in this process: offline, blocking, one generation at a time.
//!
//! [`Engine`] loads a GGUF file, [`Embedder`] one of an encoder, or a sentence-transformers folder. Files are not
//! trusted: a bad one is refused with a sentence. Prompts, and what is computed from them, are overwritten when they are
//! dropped.
#![deny(missing_docs)]
mod chat;
mod embedder;
mod engine;
mod error;
mod file;
mod generation;
mod gguf;
mod grammar;
mod kernel;
mod linear;
mod memory;
mod model;
mod sampler;
#[cfg(test)]
mod testing;
mod thoughts;
mod tokenizer;
mod weights;

pub use chat::{Message, Role};
pub use embedder::{Embedder, EmbedderInfo};
pub use engine::{Engine, ModelInfo};
pub use error::{Error, Result};
pub use file::{ControlNames, Ending, ModelFile};
pub use generation::{CancelToken, Chunk, Completion, FinishReason, GenerationRequest, Usage};
pub use grammar::{Grammar, Schema};
pub use model::CacheType;
pub use sampler::SamplingParams;
