//! Salvage: a new, sound vault of everything that still authenticates.
use std::{collections::HashSet, path::Path};

use super::{Session, attachment};
use crate::{
    Error, Result,
    ledger::Ledger,
    record::{Record, tag_of},
    root::Root,
    slot::Slot,
    store::{Row, Store, Write},
};

#[cfg(test)]
mod tests;

/// What a salvage brought over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salvaged {
    /// Records in the new vault.
    pub records: usize,
    /// Records that could be seen but not read, and stay only in the old file.
    pub left: usize,
}

impl Session {
    /// Writes everything that authenticates into a new vault at `path`, which opens with the same
    /// secrets and is sound. This one stays as it is.
    /// # Errors
    /// `Exists`, `Full`, `ReadOnly`, `Io`.
    pub fn salvage(&self, path: &Path) -> Result<Salvaged> {
        let mut salvaged = Salvaged { records: 0, left: 0 };
        let store = Store::create(path, |write| {
            salvaged = self.rescue(write)?;
            Ok(())
        })?;
        if !Self::load(store, self.master.again())?.integrity().is_sound() {
            return Err(Error::damaged("the new file doesn't read back"));
        }
        Ok(salvaged)
    }

    fn rescue(&self, write: &Write<'_>) -> Result<Salvaged> {
        let Ledger { store, keys, vault, .. } = &self.ledger;
        let mut root = Root::new(keys, &self.rescue_slots(write)?);
        root.generation = self.generation().saturating_add(1);
        let mut salvaged = Salvaged { records: 0, left: 0 };
        let (mut ids, mut failure) = (HashSet::new(), None);
        store.scan(&mut |&Row { id, sealed, .. }| {
            let id = id.try_into().unwrap_or_default();
            let record = Record::open(keys, *vault, id, sealed);
            if record.as_ref().is_none_or(|_| !ids.insert(id)) {
                salvaged.left += 1;
                return;
            }
            // What is made of other records is made again.
            if record.is_some_and(|record| record.kind.is_derived()) {
                return;
            }
            root.records.insert(keys, &id, &tag_of(sealed));
            salvaged.records += 1;
            failure = write.insert_record(&id, sealed).err().or(failure.take());
        })?;
        failure.map_or(Ok(()), Err)?;
        for (id, _, length) in self.attached_files() {
            attachment::copy_pieces(store, write, id, length)?;
        }
        write.set_root(&root.seal(keys, *vault)?)?;
        Ok(salvaged)
    }

    /// Slots that read as this vault's.
    fn rescue_slots(&self, write: &Write<'_>) -> Result<Vec<Slot>> {
        let ours = |slot: &&Slot| slot.vault().is_ok_and(|vault| vault == self.ledger.vault);
        let mut slots = Vec::new();
        for slot in self.ledger.slots().iter().filter(ours) {
            let row = write.insert_slot(&slot.bytes)?;
            slots.push(Slot { row, bytes: slot.bytes.clone() });
        }
        Ok(slots)
    }
}
