//! Merging two copies of a vault: the union of their revisions.
use std::collections::{HashMap, HashSet};

use super::{Session, attachment};
use crate::{
    EntryId, Error, Result,
    ledger::{Change, Stored},
    revision::{Lineage, Revision},
};

#[cfg(test)]
mod algebra;
#[cfg(test)]
mod tests;

/// What a merge did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Records taken from the other vault.
    pub added: usize,
    /// Records that a deletion for good took out of this one, or a newer value.
    pub removed: usize,
    /// Records of the other vault that can't be read.
    pub unreadable: usize,
}

/// What a merge is about to do.
#[derive(Default)]
struct Plan<'a> {
    take: Vec<&'a Revision>,
    delete: Vec<Stored>,
}

impl Session {
    /// Takes in every revision of another vault, in one transaction. In whatever order and however
    /// often copies are merged, the same stands in the end; no clock on a wall has a say.
    /// # Errors
    /// Those of `put`; nothing is changed then.
    pub fn merge(&mut self, other: &Self) -> Result<Merged> {
        let plan = self.plan(other);
        let known: HashSet<_> = self.others.iter().map(|stored| stored.id).collect();
        let foreign = other.others.iter().filter(|stored| !known.contains(&stored.id));
        let Plan { take, delete } = plan;
        let wanted = take.iter().map(|revision| &revision.stored).chain(foreign);
        let (mut change, unreadable) = other.gather(wanted, delete)?;
        let (added, removed) = (change.insert.len(), change.delete.len());
        if added + removed > 0 {
            let derived = self.derived_of(&self.losing(&change.delete))?;
            change.delete.extend(&derived);
            let stored = self.commit_merge(&mut change, other)?;
            self.forget_derived(&derived);
            self.adopt(&change, &stored);
            self.note_seen();
        }
        Ok(Merged { added, removed, unreadable })
    }

    /// Whether a merge with another vault would change this one.
    #[must_use]
    pub fn lacks(&self, other: &Self) -> bool {
        let Plan { take, delete } = self.plan(other);
        !take.is_empty() || !delete.is_empty()
    }

    fn plan<'a>(&self, other: &'a Self) -> Plan<'a> {
        let mut plan = Plan::default();
        for (id, theirs) in &other.entries {
            plan.unite(self.entries.get(id), theirs, Lineage::purged);
        }
        for (name, theirs) in &other.values {
            plan.unite(self.values.get(name), theirs, Lineage::superseded);
        }
        for (id, theirs) in &other.attachments {
            let ours = self.attachments.get(id).map(|ours| &ours.lineage);
            plan.unite(ours, &theirs.lineage, Lineage::purged);
        }
        plan
    }

    /// Entries of which any of these records is a revision.
    fn losing(&self, deleted: &[Stored]) -> Vec<EntryId> {
        let gone: HashSet<_> = deleted.iter().map(|stored| stored.id).collect();
        let is_gone = |revision: &Revision| gone.contains(&revision.stored.id);
        let losing = self.entries.iter().filter(|(_, lineage)| lineage.0.iter().any(is_gone));
        if gone.is_empty() { Vec::new() } else { losing.map(|(id, _)| *id).collect() }
    }

    /// Writes records, and with the description of an attachment its pieces.
    fn commit_merge(&mut self, change: &mut Change, other: &Self) -> Result<Vec<Stored>> {
        let lost = self.attached_files().filter(|(_, stored, _)| change.delete.contains(stored));
        let lost: Vec<_> = lost.map(|(id, ..)| id).collect();
        let new: HashSet<_> = change.insert.iter().map(|record| record.id).collect();
        let found = other.attached_files().filter(|(_, stored, _)| new.contains(&stored.id));
        self.ledger.commit_with(change, |write, _| {
            lost.iter().try_for_each(|id| write.delete_chunks(&id.0))?;
            for (id, _, length) in found {
                attachment::copy_pieces(&other.ledger.store, write, id, length)?;
            }
            Ok(())
        })
    }

    /// Reads the records that another session asks for.
    fn gather<'a>(
        &self,
        wanted: impl Iterator<Item = &'a Stored>,
        delete: Vec<Stored>,
    ) -> Result<(Change, usize)> {
        let (mut change, mut unreadable) = (Change { insert: Vec::new(), delete }, 0);
        for stored in wanted {
            match self.ledger.read(stored) {
                Ok(record) => change.insert.push(record),
                Err(Error::Damaged { .. }) => unreadable += 1,
                Err(error) => return Err(error),
            }
        }
        Ok((change, unreadable))
    }

    /// Brings what is in memory up to date with a merge that is on disk.
    fn adopt(&mut self, change: &Change, stored: &[Stored]) {
        let mut loading = super::Loading::default();
        for (record, stored) in change.insert.iter().zip(stored) {
            loading.add(super::Loaded::of(*stored, record));
        }
        let mut touched: HashSet<EntryId> = loading.entries.keys().copied().collect();
        let gone: HashSet<_> = change.delete.iter().map(|stored| stored.id).collect();
        for (id, lineage) in &mut self.entries {
            if lineage.remove_all(&gone) {
                touched.insert(*id);
            }
        }
        self.values.values_mut().for_each(|lineage| _ = lineage.remove_all(&gone));
        for attached in self.attachments.values_mut() {
            attached.forget(&gone);
        }
        for (id, attached) in loading.attachments {
            self.attachments.entry(id).or_default().join(attached);
        }
        extend(&mut self.entries, loading.entries);
        extend(&mut self.values, loading.values);
        self.others.extend(loading.others);
        touched.into_iter().for_each(|id| self.refresh_meta(id, None));
    }
}

impl<'a> Plan<'a> {
    /// Plans the union of two lineages, without those that `gone` names of the union.
    fn unite(
        &mut self,
        ours: Option<&Lineage>,
        theirs: &'a Lineage,
        gone: fn(&Lineage) -> HashSet<[u8; 16]>,
    ) {
        let none = Lineage::default();
        let ours = ours.unwrap_or(&none);
        let new = |revision: &&Revision| ours.find(revision.stored.id).is_none();
        let mut union = ours.clone();
        union.0.extend(theirs.0.iter().filter(new).cloned());
        let gone = gone(&union);
        let is_gone = |revision: &&Revision| gone.contains(&revision.stored.id);
        self.take.extend(theirs.0.iter().filter(new).filter(|revision| !is_gone(revision)));
        self.delete.extend(ours.0.iter().filter(is_gone).map(|revision| revision.stored));
    }
}

fn extend<K: Eq + std::hash::Hash>(into: &mut HashMap<K, Lineage>, from: HashMap<K, Lineage>) {
    for (key, lineage) in from {
        into.entry(key).or_default().0.extend(lineage.0);
    }
}
