//! The engine as reflection's language model.

use engine::{CancelToken, Chunk, Completion, Engine, GenerationRequest, Message};

use crate::reflection::LanguageModel;

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
        Self::generate(self, request, cancel, on_chunk)
    }

    fn log_probability(&mut self, messages: &[Message], continuation: &str) -> engine::Result<f32> {
        Self::log_probability(self, messages, continuation)
    }
}
