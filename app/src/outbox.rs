//! Texts on their way to disk: each is kept here until its save is acknowledged.
use std::{collections::BTreeMap, time::Duration};

use vault::{Content, EntryId};

/// A save that failed is tried again after this.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// Saves that are not acknowledged, one an entry. No `Debug`: it holds text.
#[derive(Default)]
pub struct Outbox {
    letters: BTreeMap<EntryId, Letter>,
    editions: u64,
}

struct Letter {
    edition: u64,
    content: Content,
    stage: Stage,
}

enum Stage {
    Waiting,
    Sent,
    Failed { reason: String, retry_at: Duration },
}

impl Outbox {
    /// Takes an edition to be saved; it replaces an older one of the same entry.
    pub fn put(&mut self, id: EntryId, content: Content) {
        self.editions += 1;
        let edition = self.editions;
        self.letters.insert(id, Letter { edition, content, stage: Stage::Waiting });
    }

    /// Hands over what is due. `send` says whether the save was queued; if not, it stays due.
    pub fn send_due(
        &mut self,
        now: Duration,
        mut send: impl FnMut(EntryId, u64, &Content) -> bool,
    ) {
        for (id, letter) in &mut self.letters {
            let is_due = match letter.stage {
                Stage::Waiting => true,
                Stage::Sent => false,
                Stage::Failed { retry_at, .. } => retry_at <= now,
            };
            if is_due && send(*id, letter.edition, &letter.content) {
                letter.stage = Stage::Sent;
            }
        }
    }

    /// How long until something is due again.
    #[must_use]
    pub fn due_in(&self, now: Duration) -> Option<Duration> {
        let due = self.letters.values().filter_map(|letter| match letter.stage {
            Stage::Waiting => Some(Duration::ZERO),
            Stage::Sent => None,
            Stage::Failed { retry_at, .. } => Some(retry_at.saturating_sub(now)),
        });
        due.min()
    }

    /// An edition is on disk: its content, if no newer one took its place.
    pub fn acknowledge(&mut self, id: EntryId, edition: u64) -> Option<Content> {
        if self.letters.get(&id)?.edition != edition {
            return None;
        }
        self.letters.remove(&id).map(|letter| letter.content)
    }

    /// A save failed; it is tried again.
    pub fn fail(&mut self, id: EntryId, reason: String, now: Duration) {
        if let Some(letter) = self.letters.get_mut(&id) {
            letter.stage = Stage::Failed { reason, retry_at: now + RETRY_AFTER };
        }
    }

    /// Makes every failed save due at once.
    pub fn retry(&mut self) {
        for letter in self.letters.values_mut() {
            if matches!(letter.stage, Stage::Failed { .. }) {
                letter.stage = Stage::Waiting;
            }
        }
    }

    /// Why a save failed last, if one did.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        self.letters.values().find_map(|letter| match &letter.stage {
            Stage::Failed { reason, .. } => Some(reason.as_str()),
            Stage::Waiting | Stage::Sent => None,
        })
    }

    /// The newest text of an entry, if it is not on disk yet.
    #[must_use]
    pub fn content(&self, id: EntryId) -> Option<&Content> {
        self.letters.get(&id).map(|letter| &letter.content)
    }

    /// Forgets an entry that is deleted.
    pub fn discard(&mut self, id: EntryId) {
        self.letters.remove(&id);
    }

    /// Whether everything is on disk.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const ID: EntryId = EntryId([7; 16]);

    fn content(text: &str) -> Content {
        Content {
            date: date(2026, 1, 1),
            time: None,
            zone: None,
            title: String::new(),
            text: text.to_owned(),
            tags: Vec::new(),
            mood: None,
            starred: false,
            kept_from_model: false,
            extra: serde_json::Map::new(),
        }
    }

    fn sent(outbox: &mut Outbox, now: Duration) -> Vec<u64> {
        let mut editions = Vec::new();
        outbox.send_due(now, |_, edition, _| {
            editions.push(edition);
            true
        });
        editions
    }

    #[test]
    fn only_the_newest_edition_is_acknowledged() {
        let mut outbox = Outbox::default();
        outbox.put(ID, content("a"));
        assert_eq!(sent(&mut outbox, Duration::ZERO), [1]);
        outbox.put(ID, content("ab"));
        assert!(outbox.acknowledge(ID, 1).is_none());
        assert!(!outbox.is_empty());
        assert_eq!(sent(&mut outbox, Duration::ZERO), [2]);
        assert!(outbox.acknowledge(ID, 2).is_some_and(|content| content.text == "ab"));
        assert!(outbox.is_empty());
    }

    #[test]
    fn a_failed_save_keeps_its_text_and_is_tried_again() {
        let mut outbox = Outbox::default();
        outbox.put(ID, content("a"));
        sent(&mut outbox, Duration::ZERO);
        outbox.fail(ID, "full".to_owned(), Duration::ZERO);
        assert_eq!(outbox.failure(), Some("full"));
        assert!(sent(&mut outbox, Duration::from_secs(1)).is_empty());
        assert_eq!(outbox.due_in(Duration::from_secs(1)), Some(Duration::from_secs(4)));
        assert!(outbox.content(ID).is_some_and(|content| content.text == "a"));
        outbox.retry();
        assert_eq!(sent(&mut outbox, Duration::from_secs(1)), [1]);
    }

    #[test]
    fn a_save_that_finds_the_queue_full_stays_due() {
        let mut outbox = Outbox::default();
        outbox.put(ID, content("a"));
        outbox.send_due(Duration::ZERO, |_, _, _| false);
        assert_eq!(outbox.due_in(Duration::ZERO), Some(Duration::ZERO));
    }
}
