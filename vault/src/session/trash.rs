//! The trash: deleted entries, kept for thirty days, and deletion for good.
use jiff::{
    ToSpan,
    civil::{Date, DateTime},
};

use super::{Saved, Session, now};
use crate::{
    EntryId, EntryMeta, Error, Result,
    ledger::Change,
    random,
    record::{Kind, Record},
    revision::{EntryBody, Lineage, Revision, State, to_json},
};

#[cfg(test)]
mod tests;

/// How long the trash lists an entry.
const KEPT_DAYS: i32 = 30;

/// A deleted entry.
#[derive(Clone, PartialEq, Eq)]
pub struct Trashed {
    /// What a list needs of it, as it was last.
    pub meta: EntryMeta,
    /// When it was deleted, by the writer's clock.
    pub deleted: DateTime,
}

impl Session {
    /// Puts an entry in the trash.
    /// # Errors
    /// `NoSuchEntry`, and those of `put`.
    pub fn delete(&mut self, id: EntryId) -> Result<Saved> {
        self.entries.get(&id).and_then(Lineage::shown).ok_or(Error::NoSuchEntry)?;
        self.bursts.remove(&id);
        self.revise(id, None, None)
    }

    /// What was deleted in the thirty days before `today`, newest deletion first.
    #[must_use]
    pub fn trash(&self, today: Date) -> Vec<Trashed> {
        let mut trash: Vec<_> = self
            .deleted()
            .filter(|(_, deleted)| !is_expired(*deleted, today))
            .filter_map(|(id, deleted)| Some(Trashed { meta: self.last_meta(id)?, deleted }))
            .collect();
        trash.sort_by_key(|trashed| (std::cmp::Reverse(trashed.deleted), trashed.meta.id));
        trash
    }

    /// Takes an entry out of the trash, as it was last.
    /// # Errors
    /// `NoSuchEntry`, `Damaged`, and those of `put`.
    pub fn undelete(&mut self, id: EntryId) -> Result<Saved> {
        let lineage = self.lineage(id)?;
        let last = lineage.last_living().filter(|_| lineage.shown().is_none());
        let content = self.read(id, last.ok_or(Error::NoSuchEntry)?)?.content;
        self.put(id, &content)
    }

    /// Deletes an entry for good: all its revisions and attachments, out of the file as well.
    /// What remains is a mark that takes them out of any copy this vault is merged with.
    /// # Errors
    /// `NoSuchEntry`, and those of `put`.
    pub fn purge(&mut self, id: EntryId) -> Result<()> {
        self.purge_revisions(id)?;
        self.ledger.store.checkpoint()
    }

    /// Deletes for good what was in the trash for more than thirty days; gives how many.
    /// # Errors
    /// Those of [`Session::purge`].
    pub fn purge_expired(&mut self, today: Date) -> Result<usize> {
        let expired = self.deleted().filter(|(_, deleted)| is_expired(*deleted, today));
        let expired: Vec<_> = expired.map(|(id, _)| id).collect();
        for id in &expired {
            self.purge_revisions(*id)?;
        }
        if !expired.is_empty() {
            self.ledger.store.checkpoint()?;
        }
        Ok(expired.len())
    }

    /// The entry and what is attached to it go in one transaction.
    fn purge_revisions(&mut self, id: EntryId) -> Result<()> {
        let removals = self.removals(id)?;
        let lineage = self.lineage(id)?;
        let mut clock = lineage.clock();
        clock.bump(self.actor);
        let body = EntryBody { entry: id, clock, written: now(), content: None, purged: true };
        let record = Record { id: random::bytes()?, kind: Kind::Entry, payload: to_json(&body)? };
        let delete = lineage.0.iter().map(|revision| revision.stored).collect();
        let mut change = Change { insert: vec![record], delete };
        removals.iter().try_for_each(|removal| removal.plan(&mut change))?;
        let derived = self.derived_of(&[id])?;
        change.delete.extend(&derived);
        let stored = self.ledger.commit_with(&mut change, |write, _| {
            removals.iter().try_for_each(|removal| write.delete_chunks(&removal.id.0))
        })?;
        self.forget_derived(&derived);
        self.bursts.remove(&id);
        if let Some((entry, files)) = stored.split_first() {
            self.entries.insert(id, Lineage(vec![Revision::of(*entry, &body)]));
            removals.iter().zip(files).for_each(|(removal, file)| self.removed(removal, *file));
        }
        self.refresh_meta(id, None);
        self.note_seen();
        Ok(())
    }

    /// Entries in the trash, and when they got there.
    fn deleted(&self) -> impl Iterator<Item = (EntryId, DateTime)> {
        self.entries.iter().filter_map(|(id, lineage)| {
            if lineage.shown().is_some() || lineage.last_living().is_none() {
                return None;
            }
            let heads = lineage.heads().filter(|head| head.state == State::Deleted);
            Some((*id, heads.map(|head| head.written).max()?))
        })
    }

    fn last_meta(&self, id: EntryId) -> Option<EntryMeta> {
        let entry = self.read(id, self.entries.get(&id)?.last_living()?).ok()?;
        Some(EntryMeta::of(id, entry.revision, &entry.content))
    }
}

fn is_expired(deleted: DateTime, today: Date) -> bool {
    deleted.date().checked_add(KEPT_DAYS.days()).is_ok_and(|until| until < today)
}
