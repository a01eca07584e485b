//! The check of a vault that was opened by its catalogue: bit by bit, between saves.
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
    damaged: usize,
}

impl Check {
    pub(super) fn of(store: &Store, expected: RecordSet) -> Result<Self> {
        let (end, found) = (store.last_row()?, RecordSet::default());
        Ok(Self { structure: false, next: i64::MIN, end, expected, found, damaged: 0 })
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
    /// its structure is sound, then record by record. Tells in the end what was found.
    pub(crate) fn check(&mut self, bytes: usize) -> Result<Option<Integrity>> {
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
        self.integrity.complete = check.found == check.expected;
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
            check.damaged += usize::from(Record::open(keys, vault, id, row.sealed).is_none());
            check.next = row.row.saturating_add(1);
            left = left.saturating_sub(row.sealed.len());
            left > 0
        })
    }
}
