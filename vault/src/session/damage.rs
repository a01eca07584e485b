//! Which entries are damaged: what can't be read any more, named by its day.
use std::{collections::BTreeSet, io};

use jiff::civil::Date;

use super::Session;
use crate::{EntryId, Error, Result, revision::Lineage};

#[cfg(test)]
mod tests;

/// An entry that can't be read as it was last, or a file attached to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DamagedEntry {
    /// Its civil day.
    pub date: Date,
    /// Which entry.
    pub id: EntryId,
}

impl Session {
    /// The entries whose newest text or attachments can't be read, by day. What was damaged
    /// before unlocking has no name left in this vault: `earlier`, another copy of it such as a
    /// backup, still knows it.
    /// # Errors
    /// `Io`.
    pub fn damaged_entries(&self, earlier: Option<&Self>) -> Result<Vec<DamagedEntry>> {
        let mut damaged = BTreeSet::new();
        for meta in self.list.iter() {
            let unread = match self.entry(meta.id) {
                Err(Error::Damaged { .. }) => true,
                read => read.map(|_| false)?,
            };
            if unread || self.has_damaged_attachment(meta.id)? {
                damaged.insert(DamagedEntry { date: meta.date, id: meta.id });
            }
        }
        if let Some(earlier) = earlier.filter(|_| !self.verify().is_ok_and(|it| it.is_sound())) {
            let lost = earlier.list.iter().filter(|meta| self.has_lost(earlier, meta.id));
            damaged.extend(lost.map(|meta| DamagedEntry { date: meta.date, id: meta.id }));
        }
        Ok(damaged.into_iter().collect())
    }

    fn has_damaged_attachment(&self, entry: EntryId) -> Result<bool> {
        for attachment in self.attachments(entry) {
            match self.read_attachment(attachment.id, &mut io::sink()) {
                Err(Error::Damaged { .. }) => return Ok(true),
                read => read?,
            }
        }
        Ok(false)
    }

    /// Whether a revision that stood in an earlier copy is neither here nor superseded here.
    fn has_lost(&self, earlier: &Self, id: EntryId) -> bool {
        let none = Lineage::default();
        let ours = self.entries.get(&id).unwrap_or(&none);
        let known = |stored: [u8; 16]| ours.find(stored).is_some();
        let theirs = earlier.entries.get(&id).unwrap_or(&none);
        theirs
            .heads()
            .any(|head| !known(head.stored.id) && !ours.0.iter().any(|one| head.clock < one.clock))
    }
}
