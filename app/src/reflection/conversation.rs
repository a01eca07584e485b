//! Questions to the journal with their answers, kept sealed where the person wants it.
use serde::{Deserialize, Serialize};
use vault::{EntryId, Session};

use super::answer::{Answer, Earlier};

/// The name of the value.
const NAME: &str = "conversation";

/// A question to the journal. No `Debug`.
#[derive(Clone, Serialize, Deserialize)]
pub struct Turn {
    /// As it was typed.
    pub question: String,
    /// What the journal says; `None` until it is there, or when it was stopped.
    pub answer: Option<Answer>,
}

impl Turn {
    /// What a question after it goes on from; `None` before it is answered.
    #[must_use]
    pub fn earlier(&self) -> Option<Earlier> {
        let dates = self.answer.as_ref()?.dates.clone();
        Some(Earlier { question: self.question.clone(), dates })
    }

    /// Whether its answer rests on an entry.
    #[must_use]
    pub fn rests_on(&self, entry: EntryId) -> bool {
        let quotes = |answer: &Answer| {
            answer.entries.contains(&entry)
                || answer.sentences.iter().any(|sentence| sentence.sources.contains(&entry))
        };
        self.answer.as_ref().is_some_and(quotes)
    }
}

/// What the vault keeps; nothing where that can't be read.
#[must_use]
pub fn load(session: &Session) -> Vec<Turn> {
    let bytes = session.value(NAME).ok().flatten().unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// Keeps a conversation in place of the one before; an empty one is thrown away.
/// # Errors
/// Those of the vault.
pub fn keep(session: &mut Session, turns: &[Turn]) -> vault::Result<()> {
    match serde_json::to_vec(turns) {
        Ok(bytes) if !turns.is_empty() => session.set_value(NAME, &bytes),
        _ if session.value_names(NAME).is_empty() => Ok(()),
        _ => session.remove_value(NAME),
    }
}

/// Throws away the answers that rest on an entry.
/// # Errors
/// Those of the vault.
pub fn forget(session: &mut Session, entry: EntryId) -> vault::Result<()> {
    let mut turns = load(session);
    let count = turns.len();
    turns.retain(|turn| !turn.rests_on(entry));
    if turns.len() < count { keep(session, &turns) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use vault::{KdfParams, Passphrase, Vault};

    use super::*;
    use crate::reflection::{Sentence, answer::AnswerKind};

    fn turn(question: &str, entry: EntryId) -> Turn {
        let sentence = Sentence { text: "Rain.".to_owned(), sources: vec![entry], quoted: true };
        let answer = Answer {
            text: "This is what you wrote.".to_owned(),
            kind: AnswerKind::Answered,
            count: None,
            dates: vec![date(2024, 3, 1)],
            entries: vec![entry],
            sentences: vec![sentence],
        };
        Turn { question: question.to_owned(), answer: Some(answer) }
    }

    #[test]
    fn what_is_kept_is_there_and_goes_with_its_entries_or_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j");
        let mut session = Vault::create(&path, &Passphrase::new("p"), KdfParams::FLOOR).unwrap();
        let (first, second) = (EntryId([1; 16]), EntryId([2; 16]));
        keep(&mut session, &[turn("Rain?", first), turn("Sun?", second)]).unwrap();
        assert_eq!(load(&session)[1].earlier().unwrap().dates, [date(2024, 3, 1)]);
        forget(&mut session, first).unwrap();
        let left: Vec<_> = load(&session).into_iter().map(|turn| turn.question).collect();
        assert_eq!(left, ["Sun?"]);
        keep(&mut session, &[]).unwrap();
        assert!(session.value_names(NAME).is_empty() && load(&session).is_empty());
        keep(&mut session, &[]).unwrap();
    }
}
