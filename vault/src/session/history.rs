//! The history of an entry: what it said before, and what it says elsewhere.
use jiff::civil::DateTime;

use super::{Saved, Session};
use crate::{
    Entry, EntryId, Error, Result, RevisionId,
    revision::{Lineage, Revision, State},
};

#[cfg(test)]
mod tests;

/// One revision in the history of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevisionMeta {
    /// Which revision.
    pub id: RevisionId,
    /// When it was written, by the writer's clock.
    pub written: DateTime,
    /// Whether it put the entry in the trash.
    pub deleted: bool,
    /// Whether no other revision supersedes it.
    pub standing: bool,
}

impl Session {
    /// Every kept revision of an entry, those that have seen most first. Deleted entries too.
    /// # Errors
    /// `NoSuchEntry`.
    pub fn history(&self, id: EntryId) -> Result<Vec<RevisionMeta>> {
        let lineage = self.lineage(id)?;
        let heads: Vec<_> = lineage.heads().map(|head| head.stored.id).collect();
        let mut revisions: Vec<&Revision> = lineage.0.iter().collect();
        revisions.sort_by_key(|one| std::cmp::Reverse((one.clock.sum(), one.stored.id)));
        let meta = |one: &Revision| RevisionMeta {
            id: RevisionId(one.stored.id),
            written: one.written,
            deleted: one.state != State::Living,
            standing: heads.contains(&one.stored.id),
        };
        Ok(revisions.into_iter().map(meta).collect())
    }

    /// Reads an entry as it was in one revision.
    /// # Errors
    /// `NoSuchEntry` (also for a revision that deleted), `Damaged`, `Io`.
    pub fn revision(&self, id: EntryId, revision: RevisionId) -> Result<Entry> {
        let found = self.lineage(id)?.find(revision.0).filter(|one| one.state == State::Living);
        self.read(id, found.ok_or(Error::NoSuchEntry)?)
    }

    /// Makes an earlier revision the newest. Nothing between is lost.
    /// # Errors
    /// Those of [`Session::revision`] and of `put`.
    pub fn restore(&mut self, id: EntryId, revision: RevisionId) -> Result<Saved> {
        let content = self.revision(id, revision)?.content;
        self.commit_revision(id);
        let saved = self.put(id, &content);
        self.commit_revision(id);
        saved
    }

    /// Entries that have more than one version standing; see [`Session::conflicts`].
    #[must_use]
    pub fn conflicting(&self) -> Vec<EntryId> {
        let several =
            |id: &EntryId| self.entries.get(id).is_some_and(|lineage| lineage.standing().len() > 1);
        self.list.iter().map(|meta| meta.id).filter(several).collect()
    }

    /// The other versions of an entry that was changed in two copies of the vault: all that
    /// stand but the one shown. The next `put` settles it; all stay in the history.
    /// # Errors
    /// `NoSuchEntry`, `Damaged`, `Io`.
    pub fn conflicts(&self, id: EntryId) -> Result<Vec<Entry>> {
        let lineage = self.entries.get(&id).ok_or(Error::NoSuchEntry)?;
        lineage.standing().into_iter().skip(1).map(|head| self.read(id, head)).collect()
    }

    pub(super) fn lineage(&self, id: EntryId) -> Result<&Lineage> {
        self.entries.get(&id).ok_or(Error::NoSuchEntry)
    }
}
