//! What is done about a journal that is open already, whenever no job waits: its index is read and
//! completed, its records are checked, and what makes the next opening fast is written.
use vault::search::Index;

use super::Journal;
use crate::{event::Event, state::EntryRow, trace};

/// Entries worked on between two looks at the queue: a save never waits for more.
const SLICE: usize = 16;
/// Sealed bytes checked between two looks.
const CHECKED: usize = 1 << 20;
/// Progress is told once in so many slices.
const TOLD: usize = 16;

/// What comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum CatchUp {
    /// Parts of the index that are stored.
    Segments,
    /// Entries that are in none of them.
    Entries,
    /// Whether all records are there and whole.
    Check,
    /// The words of entries in their order, which the stored index has not.
    Order,
    /// Writing what the next opening reads.
    Settle,
    /// Nothing.
    Done,
}

impl Journal {
    /// Does a little; what there is to tell of it.
    pub(super) fn catch_up(&mut self) -> Option<Event> {
        match self.catch_up {
            CatchUp::Segments => self.load_segment(),
            CatchUp::Entries => return Some(self.index_entries()).filter(|_| self.is_telling()),
            CatchUp::Check => return self.check_records(),
            CatchUp::Order => self.fill_entries(),
            CatchUp::Settle => {
                // What is not written now is written when the journal is closed.
                let _ = self.session.settle();
                self.catch_up = CatchUp::Done;
            }
            CatchUp::Done => {}
        }
        None
    }

    fn load_segment(&mut self) {
        // A segment that can't be read is made anew.
        if self.session.load_index(&mut self.index).unwrap_or(false) {
            return;
        }
        let ids = self.session.ids();
        self.total = ids.len();
        // The newest last: they are taken from the end.
        let (there, missing) = ids.into_iter().rev().partition(|id| self.index.has(*id));
        (self.unordered, self.unindexed) = (there, missing);
        self.catch_up = CatchUp::Entries;
    }

    fn index_entries(&mut self) -> Event {
        for _ in 0..SLICE {
            let Some(id) = self.unindexed.pop() else { break };
            if let Ok(entry) = self.session.entry(id) {
                self.index.put(&entry);
                // What is not staged is read again when the index is stored.
                let _ = self.session.stage(&entry);
            }
        }
        if self.unindexed.is_empty() {
            trace::moment("searchable");
            self.catch_up = CatchUp::Check;
        }
        Event::Indexed { done: self.total - self.unindexed.len(), total: self.total }
    }

    fn is_telling(&self) -> bool {
        self.unindexed.len().is_multiple_of(TOLD * SLICE)
    }

    fn check_records(&mut self) -> Option<Event> {
        match self.session.check(CHECKED) {
            Ok(None) => None,
            Ok(Some(found)) if !found.is_sound() && !self.told_damage => {
                self.told_damage = true;
                let rows = self.session.metas().map(EntryRow::listed).collect();
                self.index = Index::new();
                self.catch_up = CatchUp::Segments;
                Some(Event::FoundDamage { rows, damaged: found.damaged_records })
            }
            _ => {
                self.catch_up = CatchUp::Order;
                None
            }
        }
    }

    fn fill_entries(&mut self) {
        for _ in 0..SLICE {
            let Some(id) = self.unordered.pop() else {
                self.catch_up = CatchUp::Settle;
                return;
            };
            if let Ok(entry) = self.session.entry(id) {
                self.index.fill(&entry);
            }
        }
    }
}
