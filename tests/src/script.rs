//! A language model that says what a test gives it.
use std::{
    path::Path,
    sync::mpsc::{Receiver, Sender},
};

use engine::{CancelToken, Chunk, Completion, FinishReason, GenerationRequest, Message, Usage};
use inglenook::{reflection::LanguageModel, worker::engine::ModelLoader};

/// Writes `text` word by word, then waits for `go_on`, or until it is told to stop.
struct Script {
    text: &'static str,
    go_on: Option<Receiver<()>>,
    gone: Option<Sender<()>>,
}

/// Loads a model that writes `text` and ends.
#[must_use]
pub fn model(text: &'static str) -> ModelLoader {
    Box::new(move |_: &Path| Ok(Box::new(Script { text, go_on: None, gone: None })))
}

/// Loads a model that writes `text` and goes on only when the other end of `go_on` is dropped.
#[must_use]
pub fn model_that_goes_on(text: &'static str, go_on: Receiver<()>) -> ModelLoader {
    let go_on = std::sync::Mutex::new(Some(go_on));
    Box::new(move |_: &Path| {
        let go_on = go_on.lock().ok().and_then(|mut go_on| go_on.take());
        Ok(Box::new(Script { text, go_on, gone: None }))
    })
}

/// Loads a model that writes nothing and tells when it leaves memory.
#[must_use]
pub fn mortal_model(gone: Sender<()>) -> ModelLoader {
    Box::new(move |_: &Path| {
        Ok(Box::new(Script { text: "", go_on: None, gone: Some(gone.clone()) }))
    })
}

impl Drop for Script {
    fn drop(&mut self) {
        if let Some(gone) = &self.gone {
            // A test that has ended listens no more.
            let _ = gone.send(());
        }
    }
}

impl LanguageModel for Script {
    fn name(&self) -> String {
        "Script".to_owned()
    }

    fn context_length(&self) -> usize {
        2048
    }

    fn count_tokens(&self, messages: &[Message]) -> engine::Result<usize> {
        Ok(messages.iter().map(|message| message.content.split_whitespace().count()).sum())
    }

    fn generate(
        &mut self,
        _request: &GenerationRequest,
        cancel: &CancelToken,
        on_chunk: &mut dyn FnMut(Chunk<'_>),
    ) -> engine::Result<Completion> {
        on_chunk(Chunk::Prompt { read: 1, total: 1 });
        let mut text = String::new();
        for word in self.text.split_inclusive(' ').take_while(|_| !cancel.is_canceled()) {
            text.push_str(word);
            on_chunk(Chunk::Text(word));
        }
        if let Some(go_on) = self.go_on.take() {
            let look_again = std::time::Duration::from_millis(5);
            while !cancel.is_canceled()
                && go_on.recv_timeout(look_again) == Err(std::sync::mpsc::RecvTimeoutError::Timeout)
            {
            }
        }
        let finish = match cancel.is_canceled() {
            true => FinishReason::Canceled,
            false => FinishReason::Stop,
        };
        Ok(Completion { text, finish, usage: Usage::default() })
    }

    fn log_probability(&mut self, _: &[Message], continuation: &str) -> engine::Result<f32> {
        Ok(-(continuation.len() as f32))
    }
}
