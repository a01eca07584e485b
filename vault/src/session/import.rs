//! Taking in many entries at once.
use std::collections::HashSet;

use super::{Session, now};
use crate::{
    Content, EntryId, Error, Result,
    clock::Clock,
    keys::keyed_hash,
    ledger::Change,
    random,
    record::{Kind, Record},
    revision::{EntryBody, Revision, to_json},
};

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportCount {
    /// Entries added.
    pub imported: usize,
    /// Entries that were there already, or twice in the import.
    pub duplicates: usize,
}

impl Session {
    /// Adds entries in one transaction; those already there (same date, time and text) are counted, not added.
    /// # Errors
    /// Those of `put`; nothing is added then.
    pub fn import(&mut self, contents: &[Content]) -> Result<ImportCount> {
        let salt = random::bytes()?;
        let mut known = HashSet::new();
        self.for_each_entry(&mut |entry| {
            known.insert(fingerprint(&salt, &entry.content));
        })?;
        let new: Vec<_> =
            contents.iter().filter(|content| known.insert(fingerprint(&salt, content))).collect();
        let bodies = ids(new.len())?.into_iter().zip(new);
        let bodies: Vec<_> = bodies.map(|(id, content)| self.first_revision(id, content)).collect();
        let count =
            ImportCount { imported: bodies.len(), duplicates: contents.len() - bodies.len() };
        if !bodies.is_empty() {
            self.write_bodies(&bodies)?;
        }
        Ok(count)
    }

    fn first_revision(&self, entry: EntryId, content: &Content) -> EntryBody {
        let mut clock = Clock::default();
        clock.bump(self.actor);
        let content = Some(content.clone());
        EntryBody { entry, clock, written: now(), content, purged: false }
    }

    fn write_bodies(&mut self, bodies: &[EntryBody]) -> Result<()> {
        let mut change = Change::default();
        for body in bodies {
            let payload = to_json(body)?;
            change.insert.push(Record { id: random::bytes()?, kind: Kind::Entry, payload });
        }
        let stored = self.ledger.commit(&mut change)?;
        for (stored, body) in stored.into_iter().zip(bodies) {
            self.entries.entry(body.entry).or_default().add(Revision::of(stored, body));
            if let Some(content) = &body.content {
                let revision = crate::RevisionId(stored.id);
                self.list.put(crate::EntryMeta::of(body.entry, revision, content));
            }
        }
        self.note_seen();
        Ok(())
    }
}

/// New ids in rising order, so that entries of one day without a time stay in the order they came in.
fn ids(count: usize) -> Result<Vec<EntryId>> {
    let mut ids = (0..count)
        .map(|_| Some(EntryId::random()).filter(|id| id.0 != [0; 16]).ok_or(Error::Random))
        .collect::<Result<Vec<_>>>()?;
    ids.sort_unstable();
    Ok(ids)
}

/// Equal for equal date, time and text; salted, so that it means nothing outside this call.
fn fingerprint(salt: &[u8; 32], content: &Content) -> [u8; 32] {
    let when = format!("{} {:?}\n", content.date, content.time);
    keyed_hash(salt, b"ink1 same entry", &[when.as_bytes(), content.text.as_bytes()])
}
