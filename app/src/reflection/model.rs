//! The engine as the model that reflection asks.
use engine::{CancelToken, Chunk, Completion, Engine, GenerationRequest, Message};

use super::LanguageModel;
use crate::trace;

/// Files smaller than this, in bytes, hold models that copy or invent when asked for prose (measured with 135 M weights).
const SMALL: u64 = 400_000_000;

impl LanguageModel for Engine {
    fn name(&self) -> String {
        self.info().name.clone()
    }
    fn context_length(&self) -> usize {
        self.info().context_length
    }
    fn count_tokens(&self, messages: &[Message]) -> engine::Result<usize> {
        Self::count_tokens(self, messages)
    }
    fn generate(
        &mut self,
        request: &GenerationRequest,
        cancel: &CancelToken,
        on_chunk: &mut dyn FnMut(Chunk<'_>),
    ) -> engine::Result<Completion> {
        let completion = Self::generate(self, request, cancel, on_chunk)?;
        let usage = completion.usage;
        let prompt_tokens = usage.prompt_tokens.saturating_sub(usage.reused_tokens);
        trace::tokens("prompt", prompt_tokens, usage.prompt_time);
        trace::tokens("generated", usage.generated_tokens, usage.generation_time);
        Ok(completion)
    }
    fn log_probability(&mut self, messages: &[Message], continuation: &str) -> engine::Result<f32> {
        Self::log_probability(self, messages, continuation)
    }
    fn fingerprint(&self) -> String {
        self.info().sha256.clone()
    }
    fn writes_prose(&self) -> bool {
        self.info().file_bytes >= SMALL
    }
}
