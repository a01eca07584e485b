//! The list of living entries, in the order it is shown in.
use std::{cmp::Reverse, collections::HashMap};

use jiff::civil::{Date, Time};

use crate::{EntryId, EntryMeta};

/// Where an entry stands: newest day first, within a day by time.
type Place = (Reverse<Date>, Option<Time>, EntryId);

/// What a list needs of every living entry. An entry that is put in or taken out moves the numbers
/// of those after it, four bytes each: for 100,000 of them that is some microseconds.
#[derive(Default)]
pub(super) struct List {
    /// In no order.
    metas: Vec<EntryMeta>,
    /// Where an entry is in `metas`.
    numbers: HashMap<EntryId, u32>,
    /// Places in `metas`, in the order of the list.
    order: Vec<u32>,
}

impl List {
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &EntryMeta> + DoubleEndedIterator {
        self.order.iter().map(|&number| &self.metas[number as usize])
    }

    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    pub(super) fn get(&self, id: EntryId) -> Option<&EntryMeta> {
        self.numbers.get(&id).map(|&number| &self.metas[number as usize])
    }

    /// Puts an entry in its place, out of any it had before.
    pub(super) fn put(&mut self, meta: EntryMeta) {
        self.remove(meta.id);
        let number = self.metas.len() as u32;
        let at = self.position(&meta);
        self.order.insert(at, number);
        self.numbers.insert(meta.id, number);
        self.metas.push(meta);
    }

    pub(super) fn remove(&mut self, id: EntryId) {
        let Some(number) = self.numbers.remove(&id) else { return };
        let at = self.position(&self.metas[number as usize]);
        self.order.remove(at);
        if let Some(last) = self.metas.last().filter(|last| last.id != id) {
            // The last one takes the place that is free.
            let at = self.position(last);
            self.order[at] = number;
            self.numbers.insert(last.id, number);
        }
        self.metas.swap_remove(number as usize);
    }

    /// Where in the order an entry is, or belongs.
    fn position(&self, meta: &EntryMeta) -> usize {
        let wanted = place(meta);
        self.order.partition_point(|&number| place(&self.metas[number as usize]) < wanted)
    }
}

/// Of entries that each come once.
impl FromIterator<EntryMeta> for List {
    fn from_iter<T: IntoIterator<Item = EntryMeta>>(metas: T) -> Self {
        let metas: Vec<_> = metas.into_iter().collect();
        let numbers = (0..).zip(&metas).map(|(number, meta)| (meta.id, number)).collect();
        let mut order: Vec<u32> = (0..metas.len() as u32).collect();
        // Entries were mostly written in the order of their days: a sort that knows runs is quick.
        order.sort_by_key(|&number| place(&metas[number as usize]));
        Self { metas, numbers, order }
    }
}

fn place(meta: &EntryMeta) -> Place {
    (Reverse(meta.date), meta.time, meta.id)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Content, RevisionId};

    fn meta(id: u8, day: i8) -> EntryMeta {
        let revision = RevisionId([day.unsigned_abs(); 16]);
        EntryMeta::of(EntryId([id; 16]), revision, &Content::new(Date::constant(2026, 1, day)))
    }

    proptest! {
        #[test]
        fn it_is_as_one_made_of_what_is_left(
            steps in prop::collection::vec((0..20_u8, 1..28_i8, prop::bool::ANY), 0..80),
        ) {
            let (mut list, mut left) = (List::default(), HashMap::new());
            for (id, day, is_put) in steps {
                if is_put {
                    list.put(meta(id, day));
                    left.insert(id, meta(id, day));
                } else {
                    list.remove(EntryId([id; 16]));
                    left.remove(&id);
                }
            }
            let whole: List = left.values().cloned().collect();
            prop_assert!(list.iter().eq(whole.iter()) && list.len() == left.len());
            prop_assert!(list.iter().is_sorted_by_key(place));
            for id in 0..20 {
                prop_assert!(list.get(EntryId([id; 16])) == left.get(&id));
            }
        }
    }
}
