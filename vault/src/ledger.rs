//! The ledger: records sealed into the store, and the root that accounts for them.
use std::collections::{HashMap, HashSet};

use crate::{
    Error, Result,
    keys::{Keys, VaultId},
    record::{Record, tag_of},
    root::{RecordSet, Root},
    seal,
    slot::Slot,
    store::{Row, Store, Write},
};

mod check;
mod scan;

use check::Check;
pub(crate) use scan::Sealed;

/// Where a record lies, and what the root knows of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) row: i64,
    pub(crate) id: [u8; 16],
    pub(crate) tag: [u8; seal::TAG],
}

/// What was found when the vault was unlocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Integrity {
    /// Records that are there but can't be read.
    pub damaged_records: usize,
    /// Attachments that can't be read whole. Only [`crate::Session::verify`] looks at them.
    pub damaged_attachments: usize,
    /// Records and slots are those of the last save: none lost, added, or put back.
    pub complete: bool,
    /// The file's structure is sound; where it isn't, nothing is written to it any more.
    pub structure_sound: bool,
}

impl Integrity {
    /// Whether nothing at all is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.damaged_records == 0
            && self.damaged_attachments == 0
            && self.complete
            && self.structure_sound
    }
}

/// What one transaction does.
#[derive(Default)]
pub(crate) struct Change {
    pub(crate) insert: Vec<Record>,
    pub(crate) delete: Vec<Stored>,
}

/// Sealed records and their root.
pub(crate) struct Ledger {
    pub(crate) store: Store,
    pub(crate) vault: VaultId,
    pub(crate) keys: Keys,
    root: Root,
    slots: Vec<Slot>,
    integrity: Integrity,
    /// What is not checked yet of a vault that was opened by its catalogue.
    check: Option<Check>,
}

/// Opens records and makes something of them.
pub(crate) type Read<'a, T> = dyn Fn(Stored, Record) -> T + Sync + 'a;

impl Ledger {
    /// Reads every record once and checks all against the root. Those that open go through `read`,
    /// on all cores, and what it makes of them to `take`, in the order of rows.
    pub(crate) fn load<T: Send>(
        store: Store,
        keys: Keys,
        vault: VaultId,
        read: &Read<'_, T>,
        take: &mut dyn FnMut(T),
    ) -> Result<Self> {
        let slots = store.slots()?;
        let tally = Tally::take(&store, &Reader { keys: &keys, vault, read }, take)?;
        let saved = read_root(&store, &keys, vault)?;
        let integrity = tally.compare(&store, &keys, saved, &slots);
        let root = saved.unwrap_or_else(|| Root::rebuilt(&keys, tally.records, &slots));
        Ok(Self { store, vault, keys, root, slots, integrity, check: None })
    }

    /// A ledger of the root alone, whose records are accounted for elsewhere and checked later: see
    /// [`Ledger::check`]. None where the root can't be read, was made anew, or knows other slots.
    pub(crate) fn unchecked(
        store: &Store,
        keys: &Keys,
        vault: VaultId,
    ) -> Result<Option<Unchecked>> {
        let slots = store.slots()?;
        let root = read_root(store, keys, vault)?;
        let root = root.filter(|root| !root.is_rebuilt() && root.agrees_with_slots(keys, &slots));
        Ok(root.map(|root| Unchecked { root, slots }))
    }

    /// Reads every record again, as [`Ledger::load`] does.
    pub(crate) fn reload<T: Send>(
        &mut self,
        read: &Read<'_, T>,
        take: &mut dyn FnMut(T),
    ) -> Result<()> {
        let Self { store, keys, vault, .. } = self;
        let tally = Tally::take(store, &Reader { keys, vault: *vault, read }, take)?;
        let saved = read_root(store, keys, *vault)?;
        self.integrity = tally.compare(store, keys, saved, &self.slots);
        self.check = None;
        Ok(())
    }

    /// Reads everything once more and checks it against the root on disk.
    pub(crate) fn verify(&self) -> Result<Integrity> {
        let Self { store, keys, vault, .. } = self;
        let reader = Reader { keys, vault: *vault, read: &|_, _| {} };
        let tally = Tally::take(store, &reader, &mut |()| {})?;
        let saved = read_root(store, keys, *vault)?.filter(|saved| *saved == self.root);
        Ok(tally.compare(store, keys, saved, &store.slots()?))
    }

    pub(crate) fn integrity(&self) -> Integrity {
        self.integrity
    }

    pub(crate) fn generation(&self) -> u64 {
        self.root.generation
    }

    pub(crate) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Reads these rows, which must all be there, and makes something of them on all cores.
    pub(crate) fn read_rows<T: Send>(
        store: &Store,
        rows: &[i64],
        work: &(dyn Fn(Vec<Sealed>) -> T + Sync),
        take: &mut dyn FnMut(T),
    ) -> Result<()> {
        let feed = &|visit: &mut dyn FnMut(&Row<'_>)| {
            rows.iter().try_for_each(|row| store.visit(*row, visit))?;
            Ok(true)
        };
        scan::on_all_cores(feed, work, take).map(|_| ())
    }

    /// Reads a record back.
    pub(crate) fn read(&self, stored: &Stored) -> Result<Record> {
        let sealed = self.store.sealed(stored.row)?;
        Record::open(&self.keys, self.vault, stored.id, &sealed)
            .filter(|_| tag_of(&sealed) == stored.tag)
            .ok_or_else(|| Error::damaged("a record"))
    }

    /// Reads records back, makes something of each on all cores, and gives that to `take` with its
    /// place in `stored`, in order and while others are still being read. Those that can't be read
    /// are left out.
    pub(crate) fn read_each<T: Send>(
        &self,
        stored: &[Stored],
        make: &(dyn Fn(Record) -> Option<T> + Sync),
        take: &mut dyn FnMut(usize, T),
    ) -> Result<()> {
        let (keys, vault) = (&self.keys, self.vault);
        let mut there = HashMap::new();
        for (place, stored) in stored.iter().enumerate() {
            match self.store.has(stored.row, &stored.id) {
                Ok(true) => _ = there.insert(stored.row, (place, stored.tag)),
                Ok(false) | Err(Error::Damaged { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let open = |Sealed { row, id, sealed }: Sealed| {
            let (place, tag) = there.get(&row)?;
            let record = Record::open(keys, vault, id, &sealed)?;
            if tag_of(&sealed) != *tag {
                return None;
            }
            Some((*place, make(record)?))
        };
        let work = |batch: Vec<Sealed>| batch.into_iter().filter_map(open).collect::<Vec<_>>();
        let rows: Vec<_> =
            stored.iter().map(|stored| stored.row).filter(|row| there.contains_key(row)).collect();
        let read = Self::read_rows(&self.store, &rows, &work, &mut |batch| {
            batch.into_iter().for_each(|(place, one)| take(place, one));
        });
        match read {
            Err(Error::Damaged { .. }) => Ok(()),
            read => read,
        }
    }

    /// Seals and deletes in one transaction that is durable when this returns.
    pub(crate) fn commit(&mut self, change: &mut Change) -> Result<Vec<Stored>> {
        self.commit_with(change, |_, _| Ok(()))
    }

    /// As [`Ledger::commit`], with more to do in the same transaction: `also` comes first, and
    /// may add to the change.
    pub(crate) fn commit_with(
        &mut self,
        change: &mut Change,
        also: impl FnOnce(&Write<'_>, &mut Change) -> Result<()>,
    ) -> Result<Vec<Stored>> {
        let Self { vault, root, .. } = *self;
        let mut next = root.next();
        let (write, keys) = self.begin()?;
        also(&write, change)?;
        let mut inserted = Vec::with_capacity(change.insert.len());
        for record in &change.insert {
            let sealed = record.seal(keys, vault)?;
            let tag = tag_of(&sealed);
            let row = write.insert_record(&record.id, &sealed)?;
            next.records.insert(keys, &record.id, &tag);
            inserted.push(Stored { row, id: record.id, tag });
        }
        for stored in &change.delete {
            write.delete_record(stored.row)?;
            next.records.remove(keys, &stored.id, &stored.tag);
        }
        write.set_root(&next.seal(keys, vault)?)?;
        write.commit()?;
        self.root = next;
        if let Some(check) = &mut self.check {
            change.delete.iter().for_each(|stored| check.forget(&self.keys, stored));
        }
        Ok(inserted)
    }

    /// Puts a slot in the place of others, in one transaction, and leaves nothing of the old.
    pub(crate) fn replace_slots(&mut self, add: Option<Vec<u8>>, remove: &[i64]) -> Result<()> {
        let Self { vault, root, .. } = *self;
        let mut slots = self.slots.clone();
        slots.retain(|slot| !remove.contains(&slot.row));
        let mut next = root.next();
        let (write, keys) = self.begin()?;
        if let Some(bytes) = add {
            slots.push(Slot { row: write.insert_slot(&bytes)?, bytes });
        }
        for row in remove {
            write.delete_slot(*row)?;
        }
        slots.sort_by_key(|slot| slot.row);
        next.set_slots(keys, &slots);
        write.set_root(&next.seal(keys, vault)?)?;
        write.commit()?;
        (self.root, self.slots) = (next, slots);
        // The change is on disk. Should this fail, the old slot is gone once the vault is closed.
        let _ = self.store.checkpoint();
        Ok(())
    }

    fn begin(&mut self) -> Result<(Write<'_>, &Keys)> {
        self.check_structure();
        if !self.integrity.structure_sound {
            return Err(Error::damaged("its structure, so nothing can be written to it"));
        }
        Ok((self.store.write()?, &self.keys))
    }
}

/// A root and slots that agree; the records are still to be read.
pub(crate) struct Unchecked {
    root: Root,
    slots: Vec<Slot>,
}

impl Unchecked {
    /// Whether the root accounts for just these records.
    pub(crate) fn agrees_with(&self, records: &RecordSet) -> bool {
        self.root.records == *records
    }

    pub(crate) fn generation(&self) -> u64 {
        self.root.generation
    }

    pub(crate) fn into_ledger(self, store: Store, keys: Keys, vault: VaultId) -> Result<Ledger> {
        let Self { root, slots } = self;
        let integrity = Integrity {
            damaged_records: 0,
            damaged_attachments: 0,
            complete: true,
            structure_sound: true,
        };
        let check = Some(Check::of(&store, root.records)?);
        Ok(Ledger { store, vault, keys, root, slots, integrity, check })
    }
}

/// Opens records and makes something of them; used by several threads at once.
struct Reader<'a, T> {
    keys: &'a Keys,
    vault: VaultId,
    read: &'a Read<'a, T>,
}

/// Some rows, opened: none in the place of one that doesn't authenticate.
struct Opened<T> {
    records: RecordSet,
    rows: Vec<Option<([u8; 16], T)>>,
}

impl<T> Reader<'_, T> {
    fn open(&self, batch: Vec<Sealed>) -> Opened<T> {
        let mut records = RecordSet::default();
        let rows = batch.into_iter().map(|Sealed { row, id, sealed }| {
            let stored = Stored { row, id, tag: tag_of(&sealed) };
            records.insert(self.keys, &id, &stored.tag);
            let record = Record::open(self.keys, self.vault, id, &sealed)?;
            Some((id, (self.read)(stored, record)))
        });
        let rows = rows.collect();
        Opened { records, rows }
    }
}

/// What a look at every record found.
struct Tally {
    records: RecordSet,
    damaged: usize,
    /// Every row could be reached.
    whole: bool,
}

impl Tally {
    fn take<T: Send>(
        store: &Store,
        reader: &Reader<'_, T>,
        take: &mut dyn FnMut(T),
    ) -> Result<Self> {
        let mut tally = Self { records: RecordSet::default(), damaged: 0, whole: true };
        let mut ids = HashSet::new();
        let mut add = |batch: Opened<T>| {
            tally.records.join(&batch.records);
            for opened in batch.rows {
                match opened {
                    Some((id, made)) if ids.insert(id) => take(made),
                    _ => tally.damaged += 1,
                }
            }
        };
        let feed = &|visit: &mut dyn FnMut(&Row<'_>)| store.scan(visit);
        let whole = scan::on_all_cores(feed, &|batch| reader.open(batch), &mut add)?;
        tally.whole = whole;
        Ok(tally)
    }

    /// What was found, against what was saved.
    fn compare(
        &self,
        store: &Store,
        keys: &Keys,
        saved: Option<Root>,
        slots: &[Slot],
    ) -> Integrity {
        let is_saved = |root: Root| {
            root.records == self.records
                && !root.is_rebuilt()
                && root.agrees_with_slots(keys, slots)
        };
        Integrity {
            damaged_records: self.damaged,
            damaged_attachments: 0,
            complete: saved.is_some_and(is_saved),
            structure_sound: self.whole && store.is_structure_sound(),
        }
    }
}

fn read_root(store: &Store, keys: &Keys, vault: VaultId) -> Result<Option<Root>> {
    Ok(store.root()?.and_then(|sealed| Root::open(keys, vault, &sealed)))
}
