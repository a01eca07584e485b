//! What is asked of a model, what it tells meanwhile, and what comes back.
use crate::{chat::Message, grammar::Grammar, sampler::SamplingParams};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

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
    /// What the answer must look like, after the beginning that is given. It is then whole, however few tokens there
    /// are, unless it is cancelled.
    pub grammar: Option<Grammar>,
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
