//! The check of a vault that was opened by its catalogue: bit by bit, between saves.
use std::collections::HashMap;

use super::{Ledger, Stored};
use crate::{
    Error, Integrity, Result,
    keys::Keys,
    record::{Record, tag_of},
    root::RecordSet,
    store::Store,
};

/// How far it has come.
pub(super) struct Check {
    /// Whether the structure was looked at, which is before the first write.
    structure: bool,
    next: i64,
    /// The last row there was; what comes later was written by this session.
    end: i64,
    /// What is to be found.
    expected: RecordSet,
    found: RecordSet,
    /// In which row each record was found.
    rows: HashMap<i64, [u8; 16]>,
    damaged: usize,
}

impl Check {
    pub(super) fn of(store: &Store, expected: RecordSet) -> Result<Self> {
        let (end, found, rows) = (store.last_row()?, RecordSet::default(), HashMap::new());
        Ok(Self { structure: false, next: i64::MIN, end, expected, found, rows, damaged: 0 })
    }

    /// Whether a record that the session knows was found, in the row where it looks for it.
    fn has(&self, stored: &Stored) -> bool {
        stored.row > self.end || self.rows.get(&stored.row) == Some(&stored.id)
    }

    /// A record is deleted: if it was not come to yet, it is not to be found any more.
    pub(super) fn forget(&mut self, keys: &Keys, stored: &Stored) {
        if (self.next..=self.end).contains(&stored.row) {
            self.expected.remove(keys, &stored.id, &stored.tag);
        }
    }
}

impl Ledger {
    /// Whether everything was looked at that is there since the vault was opened.
    pub(crate) fn is_checked(&self) -> bool {
        self.check.is_none()
    }

    /// Looks at about so many bytes more of a vault that was opened by its catalogue: first whether
    /// its structure is sound, then record by record. Tells in the end what was found, and whether
    /// all that is `known` is where it is looked for.
    pub(crate) fn check(
        &mut self,
        bytes: usize,
        mut known: impl Iterator<Item = Stored>,
    ) -> Result<Option<Integrity>> {
        let Some(mut check) = self.check.take() else { return Ok(Some(self.integrity)) };
        if !check.structure {
            self.check = Some(check);
            self.check_structure();
            return Ok(None);
        }
        let looked = self.look_at(&mut check, bytes);
        match looked {
            Ok(false) => {
                self.check = Some(check);
                return Ok(None);
            }
            Ok(true) => {}
            Err(Error::Damaged { .. }) => self.integrity.structure_sound = false,
            Err(error) => {
                self.check = Some(check);
                return Err(error);
            }
        }
        self.integrity.damaged_records = check.damaged;
        let are_known_there = known.all(|stored| check.has(&stored));
        self.integrity.complete = check.found == check.expected && are_known_there;
        Ok(Some(self.integrity))
    }

    /// Looks once, before the first write or in [`Ledger::check`].
    pub(super) fn check_structure(&mut self) {
        if let Some(Check { structure: structure @ false, .. }) = &mut self.check {
            *structure = true;
            self.integrity.structure_sound = self.store.is_structure_sound();
        }
    }

    /// Whether the last row was come to.
    fn look_at(&self, check: &mut Check, bytes: usize) -> Result<bool> {
        let (keys, vault, mut left) = (&self.keys, self.vault, bytes);
        let end = check.end;
        self.store.scan_until(check.next, end, &mut |row| {
            let id = row.id.try_into().unwrap_or_default();
            check.found.insert(keys, &id, &tag_of(row.sealed));
            check.rows.insert(row.row, id);
            check.damaged += usize::from(Record::open(keys, vault, id, row.sealed).is_none());
            check.next = row.row.saturating_add(1);
            left = left.saturating_sub(row.sealed.len());
            left > 0
        })
    }
}
