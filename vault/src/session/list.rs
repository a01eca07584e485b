//! The list of living entries, in the order it is shown in.
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use jiff::civil::{Date, Time};

use crate::{EntryId, EntryMeta};

/// Where an entry stands: newest day first, within a day by time.
type Place = (Reverse<Date>, Option<Time>, EntryId);

/// What a list needs of every living entry. A change costs the same in a list of any length, but
/// for its logarithm.
#[derive(Default)]
pub(super) struct List {
    metas: BTreeMap<Place, EntryMeta>,
    moments: HashMap<EntryId, (Date, Option<Time>)>,
}

impl List {
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &EntryMeta> + DoubleEndedIterator {
        self.metas.values()
    }

    pub(super) fn get(&self, id: EntryId) -> Option<&EntryMeta> {
        let (date, time) = *self.moments.get(&id)?;
        self.metas.get(&(Reverse(date), time, id))
    }

    /// Puts an entry in its place, out of any it had before.
    pub(super) fn put(&mut self, meta: EntryMeta) {
        self.remove(meta.id);
        self.moments.insert(meta.id, (meta.date, meta.time));
        self.metas.insert(place(&meta), meta);
    }

    pub(super) fn remove(&mut self, id: EntryId) {
        if let Some((date, time)) = self.moments.remove(&id) {
            self.metas.remove(&(Reverse(date), time, id));
        }
    }
}

/// Of entries that each come once.
impl FromIterator<EntryMeta> for List {
    fn from_iter<T: IntoIterator<Item = EntryMeta>>(metas: T) -> Self {
        let metas: BTreeMap<_, _> = metas.into_iter().map(|meta| (place(&meta), meta)).collect();
        let moments = metas.values().map(|meta| (meta.id, (meta.date, meta.time))).collect();
        Self { metas, moments }
    }
}

fn place(meta: &EntryMeta) -> Place {
    (Reverse(meta.date), meta.time, meta.id)
}
