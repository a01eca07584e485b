//! Questions of a reflection that are answered, one leading to the next.
use vault::EntryId;

use super::Journal;
use crate::reflection::dialogue::{self, Exchange};

/// Answers that are neither kept nor thrown away yet. No `Debug`: they are text of the journal.
#[derive(Default)]
pub struct Deeper {
    /// The entry that the questions are about.
    pub entry: Option<EntryId>,
    /// What was answered, oldest first.
    pub exchanges: Vec<Exchange>,
    /// The question that is being answered; other questions may be asked meanwhile.
    pub answering: Option<String>,
    /// What is typed as its answer.
    pub typed: String,
}

impl Journal {
    /// Whether the questions are about the open entry: only there can they be answered.
    #[must_use]
    pub fn can_answer(&self) -> bool {
        self.reflection.about == Some(self.draft.id)
    }

    /// Takes what is typed as the answer to the question it stands under; the entry that it is about.
    pub fn take_answer(&mut self) -> Option<(EntryId, String)> {
        let question = self.deeper.answering.clone()?;
        let answer = self.deeper.typed.trim().to_owned();
        if answer.is_empty() {
            return None;
        }
        // It can be typed only while this entry is open, and is settled before another is.
        let entry = self.draft.id;
        self.deeper.entry = Some(entry);
        self.deeper.exchanges.push(Exchange { question, answer: answer.clone() });
        self.deeper.typed.clear();
        self.deeper.answering = None;
        Some((entry, answer))
    }

    /// Whether there are answers about the open entry.
    #[must_use]
    pub fn has_answers(&self) -> bool {
        self.deeper.entry == Some(self.draft.id) && !self.deeper.exchanges.is_empty()
    }

    /// Keeps the answers with the entry, apart from its text.
    pub fn keep_answers(&mut self) {
        if self.has_answers() {
            dialogue::keep(&mut self.draft.content, &self.deeper.exchanges);
            self.draft.touch();
        }
        self.deeper = Deeper::default();
    }

    /// Puts questions and answers into the entry's text.
    pub fn insert_answers(&mut self) {
        if self.has_answers() {
            self.draft.append(&dialogue::as_text(&self.deeper.exchanges));
        }
        self.deeper = Deeper::default();
    }

    /// Before another entry is shown, or none: an answer that nobody threw away is not lost.
    pub fn settle_answers(&mut self) {
        let _ = self.take_answer();
        self.keep_answers();
    }

    /// Takes what was kept with the entry away.
    pub fn drop_kept_answers(&mut self) {
        dialogue::drop_kept(&mut self.draft.content);
        self.draft.touch();
    }
}
