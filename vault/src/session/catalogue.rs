//! The catalogue: what unlocking needs of every record, kept in a few records of its own, so that
//! the list is there before the entries are read.
//!
//! It is made of the other records and never trusted over them. It counts only where the root
//! accounts for exactly the records that it names, those written since, and itself; whether they are
//! still there and whole is checked afterwards, see [`Session::check`]. Where it is missing or stale,
//! everything is read as if there were none.
use std::collections::{HashMap, HashSet};

use super::{Loaded, Loading, Session};
use crate::{
    EntryId, Error, Result,
    keys::{Keys, VaultId},
    ledger::{Change, Ledger, Sealed, Stored, Unchecked},
    random,
    record::{Kind, Record, tag_of},
    revision::{Lineage, Page, Revision},
    root::RecordSet,
    store::Store,
};

mod contents;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod page;
#[cfg(test)]
mod tests;

use contents::{Contents, Loose};
use page::Listed;

/// Revisions in a page.
const PAGE: usize = 4096;
/// What may have been written since the catalogue was, in records and in sealed bytes: beyond that,
/// reading everything is no slower.
const MOST_NEWER: usize = 4096;
const MOST_NEWER_BYTES: usize = 8 << 20;

/// What is stored of it, as far as this session knows.
#[derive(Default)]
pub(super) struct Catalogue {
    contents: Option<Stored>,
    /// By number; none where a page was deleted.
    pages: Vec<Option<Written>>,
    /// Records of a catalogue that nothing uses.
    pub(super) unused: Vec<Stored>,
    /// The generation of which it tells everything.
    generation: u64,
}

/// A page that is stored.
#[derive(Clone, Copy)]
struct Written {
    stored: Stored,
    /// How many revisions are in it.
    count: usize,
}

impl Catalogue {
    /// All of its records.
    pub(super) fn stored(&self) -> impl Iterator<Item = Stored> {
        let pages = self.pages.iter().flatten().map(|page| page.stored);
        pages.chain(self.contents).chain(self.unused.iter().copied())
    }
}

/// What was read of a catalogue, with the set of the records it names.
struct Found {
    loading: Loading,
    records: RecordSet,
    /// Entries of which something was written since.
    touched: HashSet<EntryId>,
    /// Records that were written or deleted since.
    changes: usize,
}

/// Reads a vault by its catalogue; none where it has none that counts.
pub(super) fn load(
    store: &Store,
    keys: &Keys,
    vault: VaultId,
) -> Result<Option<(Unchecked, Loading, Catalogue)>> {
    match read(store, keys, vault) {
        // The whole scan finds out what is broken.
        Err(Error::Damaged { .. }) => Ok(None),
        read => read,
    }
}

fn read(
    store: &Store,
    keys: &Keys,
    vault: VaultId,
) -> Result<Option<(Unchecked, Loading, Catalogue)>> {
    let Some(unchecked) = Ledger::unchecked(store, keys, vault)? else { return Ok(None) };
    let opener = Opener { store, keys, vault };
    let Some((mut found, (stored, contents))) = opener.newer()? else { return Ok(None) };
    opener.pages(&contents, &mut found)?;
    opener.loose(&contents, &mut found)?;
    if !unchecked.agrees_with(&found.records) {
        opener.leave_out_deleted(&mut found)?;
    }
    if !unchecked.agrees_with(&found.records) {
        return Ok(None);
    }
    let pages = contents
        .pages
        .iter()
        .map(|(stored, count)| Some(Written { stored: *stored, count: *count }));
    let (contents, pages, unused) = (Some(stored), pages.collect(), Vec::new());
    // Stale at once where anything was written since.
    let generation = if found.changes == 0 { unchecked.generation() } else { 0 };
    Ok(Some((unchecked, found.loading, Catalogue { contents, pages, unused, generation })))
}

/// Reads the parts of a catalogue.
struct Opener<'a> {
    store: &'a Store,
    keys: &'a Keys,
    vault: VaultId,
}

impl Opener<'_> {
    /// Reads the records from the last back to the contents of the catalogue.
    fn newer(&self) -> Result<Option<(Found, (Stored, Contents))>> {
        let (loading, records) = (Loading::default(), RecordSet::default());
        let mut found = Found { loading, records, touched: HashSet::new(), changes: 0 };
        let (mut contents, mut bytes) = (None, 0);
        self.store.scan_back(&mut |row| {
            bytes += row.sealed.len();
            let id = row.id.try_into().unwrap_or_default();
            let stored = Stored { row: row.row, id, tag: tag_of(row.sealed) };
            let record = Record::open(self.keys, self.vault, id, row.sealed);
            let Some(record) = record.filter(|_| bytes < MOST_NEWER_BYTES) else { return false };
            found.records.insert(self.keys, &id, &stored.tag);
            if record.kind == Kind::Contents {
                contents = Contents::decode(&record.payload).map(|contents| (stored, contents));
                return false;
            }
            let loaded = Loaded::of(stored, &record);
            if let Loaded::Entry(id, ..) = &loaded {
                found.touched.insert(*id);
            }
            found.loading.add(loaded);
            found.changes += 1;
            found.changes < MOST_NEWER
        })?;
        Ok(contents.map(|contents| (found, contents)))
    }

    /// Reads the pages, on all cores.
    fn pages(&self, contents: &Contents, found: &mut Found) -> Result<()> {
        let Self { store, keys, vault } = *self;
        let rows: Vec<_> = contents.pages.iter().map(|(stored, _)| stored.row).collect();
        let numbers: HashMap<i64, u16> = rows.iter().copied().zip(0..).collect();
        let open = |Sealed { row, id, sealed }: Sealed| {
            let at = *numbers.get(&row)?;
            let stored = Stored { row, id, tag: tag_of(&sealed) };
            let known = contents.pages.get(usize::from(at)).is_some_and(|(it, _)| *it == stored);
            let record = Record::open(keys, vault, id, &sealed).filter(|_| known)?;
            let listed = page::decode(&record.payload, Page(at))?;
            let mut records = RecordSet::default();
            records.insert(keys, &id, &stored.tag);
            for Listed { revision: Revision { stored, .. }, .. } in &listed {
                records.insert(keys, &stored.id, &stored.tag);
            }
            Some((records, listed))
        };
        let work = |batch: Vec<Sealed>| batch.into_iter().map(open).collect::<Option<Vec<_>>>();
        let mut whole = true;
        Ledger::read_rows(store, &rows, &work, &mut |pages| {
            whole &= pages.is_some();
            for (records, listed) in pages.into_iter().flatten() {
                found.records.join(&records);
                found.loading.entries.reserve(listed.len());
                listed.into_iter().for_each(|listed| found.loading.add(listed.into_loaded()));
            }
        })?;
        if whole { Ok(()) } else { Err(Error::damaged("the catalogue")) }
    }

    /// Takes in what the contents name themselves; attachments are read.
    fn loose(&self, contents: &Contents, found: &mut Found) -> Result<()> {
        for (stored, loose) in &contents.loose {
            found.records.insert(self.keys, &stored.id, &stored.tag);
            let loaded = match loose {
                Loose::Value(name, clock) => {
                    Loaded::Value(name.clone(), Revision::of_value(*stored, clock.clone()))
                }
                Loose::Segment => Loaded::Segment(*stored),
                Loose::Other => Loaded::Other(*stored),
                Loose::Attachment if self.store.has(stored.row, &stored.id)? => {
                    let sealed = self.store.sealed(stored.row)?;
                    let record = Record::open(self.keys, self.vault, stored.id, &sealed);
                    let record = record.filter(|_| tag_of(&sealed) == stored.tag);
                    Loaded::of(*stored, &record.ok_or_else(|| Error::damaged("a record"))?)
                }
                Loose::Attachment => {
                    found.records.remove(self.keys, &stored.id, &stored.tag);
                    found.changes += 1;
                    continue;
                }
            };
            found.loading.add(loaded);
        }
        Ok(())
    }

    /// Forgets what was deleted since, as far as that can be: revisions of entries that were
    /// written since, and whatever is no entry. What else was deleted keeps the root from agreeing.
    fn leave_out_deleted(&self, found: &mut Found) -> Result<()> {
        let Loading { entries, values, segments, others, .. } = &found.loading;
        let touched = found.touched.iter().filter_map(|id| entries.get(id));
        let revisions = touched.chain(values.values()).flat_map(|lineage| &lineage.0);
        let stored = revisions.map(|revision| revision.stored);
        let mut gone = HashSet::new();
        for stored in stored.chain(segments.iter().chain(others).copied()) {
            if !self.store.has(stored.row, &stored.id)? {
                found.records.remove(self.keys, &stored.id, &stored.tag);
                found.changes += 1;
                gone.insert(stored.id);
            }
        }
        let Loading { entries, values, segments, others, .. } = &mut found.loading;
        let touched = found.touched.iter();
        touched.for_each(|id| _ = entries.get_mut(id).map(|lineage| lineage.remove_all(&gone)));
        values.values_mut().for_each(|lineage| _ = lineage.remove_all(&gone));
        segments.retain(|stored| !gone.contains(&stored.id));
        others.retain(|stored| !gone.contains(&stored.id));
        Ok(())
    }
}

impl Session {
    /// Writes the catalogue, as far as it does not tell of everything yet: pages of which something
    /// was deleted anew, what is new in pages of its own, small ones together.
    pub(super) fn store_catalogue(&mut self) -> Result<()> {
        if self.catalogue.contents.is_some() && self.catalogue.generation == self.generation() {
            return Ok(());
        }
        let kept = self.kept_pages();
        let written = self.write_pages(&kept)?;
        let old = std::mem::take(&mut self.catalogue);
        let pages = (0..).zip(&old.pages).filter(|(number, _)| kept.contains(number));
        let pages = pages.filter_map(|(_, page)| *page).chain(written).map(Some);
        self.catalogue.pages = pages.collect();
        let gone = (0..).zip(&old.pages).filter(|(number, _)| !kept.contains(number));
        let gone = gone.filter_map(|(_, page)| page.map(|page| page.stored));
        self.catalogue.unused = gone.chain(old.contents).chain(old.unused).collect();
        self.write_contents()
    }

    /// Numbers of pages that stay: all that is in them stands, and the new ones are not so large
    /// that they had better go together.
    fn kept_pages(&self) -> HashSet<u16> {
        let pages = &self.catalogue.pages;
        let mut living = vec![0; pages.len()];
        let mut pool = 0;
        for revision in self.entries.values().flat_map(|lineage| &lineage.0) {
            match living.get_mut(usize::from(revision.page.0)) {
                Some(living) => *living += 1,
                None => pool += 1,
            }
        }
        let mut whole = Vec::new();
        for ((number, page), living) in (0_u16..).zip(pages).zip(living) {
            match page {
                Some(page) if page.count == living => whole.push((living, number)),
                _ => pool += living,
            }
        }
        super::indexing::keep_large(whole, pool, PAGE).into_iter().collect()
    }

    /// Writes what is in no page that stays; each revision learns the number that its page has then.
    fn write_pages(&mut self, kept: &HashSet<u16>) -> Result<Vec<Written>> {
        let mut pool: Vec<(EntryId, &Revision)> = Vec::new();
        for (id, lineage) in &self.entries {
            let loose = lineage.0.iter().filter(|revision| !kept.contains(&revision.page.0));
            pool.extend(loose.map(|revision| (*id, revision)));
        }
        pool.sort_unstable_by_key(|(_, revision)| revision.stored.row);
        let mut change = Change::default();
        for revisions in pool.chunks(PAGE) {
            let payload = page::encode(revisions, &|id| self.list.get(id));
            change.insert.push(Record { id: random::bytes()?, kind: Kind::Page, payload });
        }
        let counts: Vec<_> = pool.chunks(PAGE).map(<[_]>::len).collect();
        let pooled: Vec<_> = pool.iter().map(|(_, revision)| revision.stored.id).collect();
        let stored =
            if counts.is_empty() { Vec::new() } else { self.ledger.commit(&mut change)? };
        self.number_pages(kept, &pooled);
        let written = stored.into_iter().zip(counts);
        Ok(written.map(|(stored, count)| Written { stored, count }).collect())
    }

    /// The pages that stay come first, in their order, then those of the pool.
    fn number_pages(&mut self, kept: &HashSet<u16>, pooled: &[[u8; 16]]) {
        let mut order: Vec<u16> = kept.iter().copied().collect();
        order.sort_unstable();
        let new = |at: usize| Page(u16::try_from(order.len() + at / PAGE).unwrap_or(u16::MAX));
        let new: HashMap<_, _> = pooled.iter().enumerate().map(|(at, id)| (*id, new(at))).collect();
        for revision in self.entries.values_mut().flat_map(|lineage| &mut lineage.0) {
            let page = order.binary_search(&revision.page.0);
            let page = page.ok().and_then(|at| u16::try_from(at).ok()).map(Page);
            let page = page.or_else(|| new.get(&revision.stored.id).copied());
            revision.page = page.unwrap_or(Page::NONE);
        }
    }

    /// Writes the contents, after everything else, and deletes what is unused with them.
    fn write_contents(&mut self) -> Result<()> {
        let pages = self.catalogue.pages.iter().flatten();
        let pages = pages.map(|page| (page.stored, page.count)).collect();
        let payload = Contents { pages, loose: self.loose() }.encode();
        let record = Record { id: random::bytes()?, kind: Kind::Contents, payload };
        let delete = self.catalogue.unused.clone();
        let stored = self.ledger.commit(&mut Change { insert: vec![record], delete })?;
        self.catalogue.contents = stored.first().copied();
        self.catalogue.unused = Vec::new();
        self.catalogue.generation = self.generation();
        Ok(())
    }

    /// Every record that is no revision of an entry and no part of the catalogue.
    fn loose(&self) -> Vec<(Stored, Loose)> {
        let values = self.values.iter().flat_map(|(name, lineage)| {
            let value = |it: &Revision| (it.stored, Loose::Value(name.clone(), it.clock.clone()));
            lineage.0.iter().map(value)
        });
        let attached = self.attachments.values().flat_map(|attached| &attached.lineage.0);
        let attached = attached.map(|revision| (revision.stored, Loose::Attachment));
        let others = self.others.iter().map(|stored| (*stored, Loose::Other));
        let segments = self.index.stored().map(|stored| (stored, Loose::Segment));
        let mut loose: Vec<_> = values.chain(attached).chain(others).chain(segments).collect();
        loose.sort_by_key(|(stored, _)| stored.row);
        loose
    }

    /// The parts of the catalogue that tell of any of these entries: they are deleted with them.
    pub(super) fn catalogue_of(&self, entries: &[EntryId]) -> Vec<Stored> {
        let lineages = entries.iter().filter_map(|id| self.entries.get(id));
        let pages = lineages.flat_map(Lineage::pages).collect::<HashSet<_>>();
        let pages = pages.into_iter().filter_map(|page| *self.catalogue.pages.get(page)?);
        let Catalogue { contents, unused, .. } = &self.catalogue;
        pages.map(|page| page.stored).chain(*contents).chain(unused.iter().copied()).collect()
    }

    /// Forgets parts that were deleted.
    pub(super) fn forget_catalogue(&mut self, deleted: &[Stored]) {
        let is_gone = |stored: &Stored| deleted.contains(stored);
        let Catalogue { contents, pages, unused, .. } = &mut self.catalogue;
        *contents = contents.take().filter(|stored| !is_gone(stored));
        unused.retain(|stored| !is_gone(stored));
        for page in pages {
            *page = page.take().filter(|page| !is_gone(&page.stored));
        }
    }
}
