//! The stored index: segments, each the words of some entries, so that unlocking need not read
//! every entry to search.
//!
//! They are made of the entries and never trusted over them: of a segment only those entries count
//! whose newest revision it was made of. What it is behind with is indexed from the entries.
use std::collections::HashSet;

use super::Session;
use crate::{
    Entry, EntryId, Error, Result,
    ledger::{Change, Stored},
    random,
    record::{Kind, Record},
    search::{
        Index,
        segment::{Builder, Key, Segment},
    },
};

#[cfg(test)]
mod tests;

/// Entries in a segment: few, so that taking one in keeps nobody waiting; many, so that words
/// common to them are named once.
const SEGMENT: usize = 8192;
/// Segments that are read at once: while one is taken in, others are opened on the other cores. A
/// save waits for them, and they are all in memory.
const AT_ONCE: usize = 4;

/// What is stored of the index, as far as this session knows.
#[derive(Default)]
pub(super) struct StoredIndex {
    /// Segments that were not read yet.
    unread: Vec<Stored>,
    known: Vec<Known>,
    /// Segments that make no sense, or are of another way to cut words.
    unused: Vec<Stored>,
    /// Entries that no segment has, put together for the next.
    staged: Builder,
    /// The generation that it was last brought up to.
    generation: u64,
}

/// A segment that was read or written.
struct Known {
    stored: Stored,
    members: Vec<Key>,
}

impl StoredIndex {
    pub(super) fn unread(segments: Vec<Stored>) -> Self {
        Self { unread: segments, ..Self::default() }
    }

    /// All of its records.
    pub(super) fn stored(&self) -> impl Iterator<Item = Stored> {
        let known = self.known.iter().map(|known| known.stored);
        known.chain(self.unread.iter().chain(&self.unused).copied())
    }

    fn forget(&mut self, deleted: &[Stored]) {
        let stays = |stored: &Stored| !deleted.contains(stored);
        self.known.retain(|known| stays(&known.stored));
        self.unread.retain(stays);
        self.unused.retain(stays);
    }
}

impl Session {
    /// Takes the next few segments of the stored index into `index`, which is new; says whether
    /// there were any. Entries that the index has not in the end (see [`Index::has`]) are to be put
    /// into it; the others want [`Index::fill`], in any order and at any time.
    /// # Errors
    /// `Io`.
    pub fn load_index(&mut self, index: &mut Index) -> Result<bool> {
        let next = self.index.unread.len().saturating_sub(AT_ONCE);
        let Self { ledger, list, index: StoredIndex { unread, .. }, .. } = self;
        let mut members: Vec<Option<Vec<Key>>> = vec![None; unread.len() - next];
        let read = |record: Record| Segment::decode(&record.payload);
        ledger.read_each(&unread[next..], &read, &mut |place, segment| {
            index.adopt(&segment, &|key| list.get(key.id).filter(|meta| key.is(meta.revision)));
            members[place] = Some(segment.members.iter().map(|member| member.key).collect());
        })?;
        let stored = unread.split_off(next);
        let is_any = !stored.is_empty();
        for (stored, members) in stored.into_iter().zip(members) {
            match members {
                Some(members) => self.index.known.push(Known { stored, members }),
                None => self.index.unused.push(stored),
            }
        }
        Ok(is_any)
    }

    /// The whole index, from what is stored and from the entries that are not in it.
    /// # Errors
    /// `Io`.
    pub fn indexed(&mut self) -> Result<Index> {
        let mut index = Index::new();
        while self.load_index(&mut index)? {}
        for meta in self.list.iter().filter(|meta| !index.has(meta.id)).collect::<Vec<_>>() {
            match self.entry(meta.id) {
                Err(Error::Damaged { .. }) => {}
                entry => index.put(&entry?),
            }
        }
        Ok(index)
    }

    /// Takes note of an entry that the stored index has not, for the segment it is going to be in;
    /// writes that segment where it is full.
    /// # Errors
    /// Those of `put`; only the stored index is behind then.
    pub fn stage(&mut self, entry: &Entry) -> Result<()> {
        if self.index.staged.members.len() >= SEGMENT {
            if !self.may_settle() {
                return Ok(());
            }
            let staged = std::mem::take(&mut self.index.staged);
            self.write_segments(vec![staged], Vec::new())?;
        }
        self.index.staged.put(entry);
        Ok(())
    }

    /// Writes what makes the next unlocking fast: segments of the index and the catalogue, as far
    /// as they are behind. Costs as much as was changed since, not as much as there is. Nothing is
    /// written while something is wrong with the vault, or not known yet.
    /// # Errors
    /// Those of `put`; the next unlocking is slower then.
    pub fn settle(&mut self) -> Result<()> {
        if self.may_settle() {
            let is_whole = self.store_index()?;
            self.store_catalogue()?;
            if is_whole {
                self.index.generation = self.generation();
            }
            self.note_seen();
        }
        Ok(())
    }

    fn may_settle(&self) -> bool {
        self.is_checked() && self.integrity().is_sound()
    }

    /// Makes segments anew of which an entry was changed or deleted; nothing of it stays. Says
    /// whether nothing is left to do.
    fn store_index(&mut self) -> Result<bool> {
        if self.index.generation == self.generation() {
            return Ok(true);
        }
        if !self.index.unread.is_empty() {
            return Ok(false);
        }
        let staged = std::mem::take(&mut self.index.staged);
        let mut pool: Vec<Segment> = Segment::decode(&staged.encode()).into_iter().collect();
        let mut count: usize = pool.iter().map(|segment| segment.members.len()).sum();
        let mut whole = Vec::new();
        for (number, known) in self.index.known.iter().enumerate() {
            match known.members.iter().filter(|key| self.is_shown(key)).count() {
                living if living == known.members.len() => whole.push((living, number)),
                living => count += living,
            }
        }
        let missing = self.missing(&pool)?;
        let kept: HashSet<_> =
            keep_large(whole, count + missing.len(), SEGMENT).into_iter().collect();
        let dissolved = (0..).zip(&self.index.known).filter(|(number, _)| !kept.contains(number));
        let mut delete: Vec<_> = dissolved.map(|(_, known)| known.stored).collect();
        for stored in &delete {
            pool.extend(self.segment(stored)?);
        }
        delete.extend(&self.index.unused);
        let is_whole = missing.len() < SEGMENT;
        let builders = self.build(&pool, missing);
        self.write_segments(builders, delete)?;
        Ok(is_whole)
    }

    /// Entries that neither a segment nor `pool` has, as many as one segment holds.
    fn missing(&self, pool: &[Segment]) -> Result<Vec<Entry>> {
        let known = self.index.known.iter().flat_map(|known| &known.members);
        let pooled = pool.iter().flat_map(|segment| segment.members.iter().map(|it| &it.key));
        let shown = known.chain(pooled).filter(|key| self.is_shown(key));
        let there: HashSet<EntryId> = shown.map(|key| key.id).collect();
        let mut missing = Vec::new();
        for meta in self.list.iter().filter(|meta| !there.contains(&meta.id)).take(SEGMENT) {
            match self.entry(meta.id) {
                Err(Error::Damaged { .. }) => {}
                entry => missing.push(entry?),
            }
        }
        Ok(missing)
    }

    /// Puts what stands of `pool`, and `missing`, together for segments.
    fn build(&self, pool: &[Segment], missing: Vec<Entry>) -> Vec<Builder> {
        let mut builders = vec![Builder::default()];
        let mut taken = HashSet::new();
        for segment in pool {
            let mut wanted = HashSet::new();
            for key in segment.members.iter().map(|member| member.key) {
                if self.is_shown(&key) && taken.insert(key.id) {
                    wanted.insert(key.id);
                }
            }
            room(&mut builders, wanted.len()).take(segment, &|member| {
                self.is_shown(&member.key) && wanted.contains(&member.key.id)
            });
        }
        missing.iter().for_each(|entry| room(&mut builders, 1).put(entry));
        builders
    }

    fn write_segments(&mut self, builders: Vec<Builder>, delete: Vec<Stored>) -> Result<()> {
        let (mut change, mut members) = (Change { insert: Vec::new(), delete }, Vec::new());
        for builder in builders.into_iter().filter(|builder| !builder.members.is_empty()) {
            members.push(builder.members.iter().map(|member| member.key).collect());
            let (id, payload) = (random::bytes()?, builder.encode());
            change.insert.push(Record { id, kind: Kind::Segment, payload });
        }
        if change.insert.is_empty() && change.delete.is_empty() {
            return Ok(());
        }
        let stored = self.ledger.commit(&mut change)?;
        self.index.forget(&change.delete);
        let written = stored.into_iter().zip(members);
        self.index.known.extend(written.map(|(stored, members)| Known { stored, members }));
        Ok(())
    }

    /// The segments that have words of these entries: they are deleted with them.
    pub(super) fn segments_of(&self, entries: &[EntryId]) -> Result<Vec<Stored>> {
        let known = self.index.known.iter();
        let known = known.filter(|it| it.members.iter().any(|key| entries.contains(&key.id)));
        let mut found: Vec<_> = known.map(|known| known.stored).collect();
        for stored in &self.index.unread {
            let segment = self.segment(stored)?;
            let is_free = |it: Segment| it.members.iter().all(|it| !entries.contains(&it.key.id));
            if !segment.is_some_and(is_free) {
                found.push(*stored);
            }
        }
        found.extend(&self.index.unused);
        Ok(found)
    }

    /// What is stored beside the revisions of these entries and tells of them.
    pub(super) fn derived_of(&self, entries: &[EntryId]) -> Result<Vec<Stored>> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let mut derived = self.segments_of(entries)?;
        derived.extend(self.catalogue_of(entries));
        Ok(derived)
    }

    /// Forgets what [`Session::derived_of`] gave, which is deleted.
    pub(super) fn forget_derived(&mut self, deleted: &[Stored]) {
        self.index.forget(deleted);
        self.forget_catalogue(deleted);
    }

    fn is_shown(&self, key: &Key) -> bool {
        self.list.get(key.id).is_some_and(|meta| key.is(meta.revision))
    }

    /// Reads a segment; none where it can't be read or used.
    fn segment(&self, stored: &Stored) -> Result<Option<Segment>> {
        match self.ledger.read(stored) {
            Ok(record) => Ok(Segment::decode(&record.payload)),
            Err(Error::Damaged { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The builder that so many entries more go into.
fn room(builders: &mut Vec<Builder>, more: usize) -> &mut Builder {
    let last = builders.len() - 1;
    if builders[last].members.len() + more > SEGMENT {
        builders.push(Builder::default());
    }
    let last = builders.len() - 1;
    &mut builders[last]
}

/// Of parts by size and number those that stay, where `pool` items are to be written anew: the
/// smallest join the pool, as long as they are not much larger than it and not full. So the number
/// of parts grows with the logarithm of what was ever written.
pub(super) fn keep_large<N>(mut parts: Vec<(usize, N)>, mut pool: usize, full: usize) -> Vec<N> {
    parts.sort_unstable_by_key(|(size, _)| std::cmp::Reverse(*size));
    while let Some((size, _)) = parts.last()
        && pool > 0
        && *size <= 2 * pool
        && *size < full
    {
        pool += size;
        parts.pop();
    }
    parts.into_iter().map(|(_, number)| number).collect()
}
