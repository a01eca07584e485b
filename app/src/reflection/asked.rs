//! Questions that were asked, kept sealed, so that none is asked again within weeks.
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use vault::{EntryId, Session};

/// The name of the value.
const NAME: &str = "asked";
/// Days after which a question may be asked again.
const DAYS: i64 = 56;
/// Most questions that are remembered.
const MOST: usize = 500;

/// What was asked about entries, oldest first. No `Debug`: questions hold phrases of entries.
#[derive(Default, Serialize, Deserialize)]
pub struct Asked(Vec<Item>);

#[derive(Serialize, Deserialize)]
struct Item {
    question: String,
    entry: EntryId,
    day: Date,
}

impl Asked {
    /// What the vault remembers; nothing where that can't be read.
    #[must_use]
    pub fn load(session: &Session) -> Self {
        let bytes = session.value(NAME).ok().flatten().unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Questions of the last weeks about other entries than this one.
    #[must_use]
    pub fn about_others(&self, entry: EntryId, today: Date) -> Vec<String> {
        let recent = today.saturating_sub(DAYS.days());
        let counts = |item: &&Item| item.entry != entry && item.day > recent;
        self.0.iter().filter(counts).map(|item| item.question.clone()).collect()
    }

    /// Questions about an entry, as they were asked last.
    #[must_use]
    pub fn about(&self, entry: EntryId) -> Vec<String> {
        let of_entry = self.0.iter().filter(|item| item.entry == entry);
        of_entry.map(|item| item.question.clone()).collect()
    }

    /// Remembers what was asked about an entry, in place of what was asked about it before.
    /// # Errors
    /// Those of the vault.
    pub fn keep(
        mut self,
        session: &mut Session,
        entry: EntryId,
        questions: &[String],
        day: Date,
    ) -> vault::Result<()> {
        self.0.retain(|item| item.entry != entry);
        let new = questions.iter().map(|question| Item { question: question.clone(), entry, day });
        self.0.extend(new);
        let surplus = self.0.len().saturating_sub(MOST);
        self.0.drain(..surplus);
        match serde_json::to_vec(&self) {
            Ok(bytes) => session.set_value(NAME, &bytes),
            Err(_) => Ok(()),
        }
    }

    /// Forgets all that was asked.
    /// # Errors
    /// Those of the vault.
    pub fn clear(session: &mut Session) -> vault::Result<()> {
        session.remove_value(NAME)
    }

    /// Forgets what was asked about an entry.
    /// # Errors
    /// Those of the vault.
    pub fn forget(session: &mut Session, entry: EntryId) -> vault::Result<()> {
        let asked = Self::load(session);
        let known = asked.0.iter().any(|item| item.entry == entry);
        if known { asked.keep(session, entry, &[], Date::MIN) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use vault::{KdfParams, Passphrase, Vault};

    use super::*;

    #[test]
    fn a_question_is_remembered_for_weeks_and_forgotten_with_its_entry() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j");
        let mut session = Vault::create(&path, &Passphrase::new("p"), KdfParams::FLOOR).unwrap();
        let (first, second) = (EntryId([1; 16]), EntryId([2; 16]));
        let day = date(2024, 3, 1);
        let questions = ["Why?".to_owned()];
        Asked::load(&session).keep(&mut session, first, &questions, day).unwrap();
        let asked = Asked::load(&session);
        assert_eq!(asked.about_others(second, date(2024, 4, 20)), ["Why?"]);
        assert!(asked.about_others(first, day).is_empty());
        assert!(asked.about_others(second, date(2024, 5, 1)).is_empty());
        Asked::forget(&mut session, first).unwrap();
        assert!(Asked::load(&session).about_others(second, day).is_empty());
    }
}
