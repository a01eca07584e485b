//! A model that says what a test gives it.
use engine::{CancelToken, Chunk, Completion, FinishReason, GenerationRequest, Message, Usage};
use jiff::civil::date;
use vault::{Content, Entry, EntryId, RevisionId};

use super::LanguageModel;

/// Answers in the order given, then with nothing; every prompt is kept.
pub struct Script {
    pub answers: Vec<&'static str>,
    pub prompts: Vec<String>,
    pub prose: bool,
    pub context: usize,
}

impl Script {
    pub fn new(answers: &[&'static str]) -> Self {
        Self {
            answers: answers.iter().rev().copied().collect(),
            prompts: Vec::new(),
            prose: true,
            context: 2048,
        }
    }
}

impl LanguageModel for Script {
    fn name(&self) -> String {
        "script".into()
    }
    fn context_length(&self) -> usize {
        self.context
    }
    fn count_tokens(&self, messages: &[Message]) -> engine::Result<usize> {
        Ok(messages.iter().map(|m| 4 + m.content.split_whitespace().count()).sum())
    }
    fn generate(
        &mut self,
        request: &GenerationRequest,
        cancel: &CancelToken,
        on_chunk: &mut dyn FnMut(Chunk<'_>),
    ) -> engine::Result<Completion> {
        assert!(self.count_tokens(&request.messages)? + request.max_tokens <= self.context);
        self.prompts.push(request.messages.last().map(|m| m.content.clone()).unwrap_or_default());
        let text = self.answers.pop().unwrap_or_default();
        for piece in text.split_inclusive(' ') {
            if !cancel.is_canceled() {
                on_chunk(Chunk::Text(piece));
            }
        }
        Ok(Completion {
            text: text.to_owned(),
            finish: FinishReason::Stop,
            usage: Usage::default(),
        })
    }
    fn log_probability(&mut self, _: &[Message], continuation: &str) -> engine::Result<f32> {
        Ok(-(continuation.len() as f32) / 100.0)
    }
    fn writes_prose(&self) -> bool {
        self.prose
    }
}

/// An entry of the `day`th of March 2024.
pub fn entry(day: u8, text: &str) -> Entry {
    let content = Content {
        date: date(2024, 3, day as i8),
        time: None,
        zone: None,
        title: String::new(),
        text: text.to_owned(),
        tags: Vec::new(),
        mood: None,
        starred: false,
        kept_from_model: false,
        extra: serde_json::Map::new(),
    };
    Entry { id: EntryId([day; 16]), revision: RevisionId([day; 16]), content }
}
