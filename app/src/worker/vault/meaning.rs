//! What the thread does about meaning: it keeps the passages of entries, and searches by them.
use std::{collections::HashSet, path::PathBuf};

use jiff::civil::Date;
use vault::{
    Entry, EntryId,
    search::{Near, Query},
};

use super::{Journal, SEARCH_LIMIT};
use crate::{
    event::Event,
    meaning::{Made, Meanings, Space},
    worker::meaning::Holding,
};

/// Entries that are read for their meaning at once: whatever else the model is asked waits for them.
const MEANING_SLICE: usize = 4;

impl Journal {
    pub(super) fn load_meanings(&mut self, folder: PathBuf) -> Event {
        let Some((meanings, holding)) = self.meanings_of(folder) else {
            return Event::MeaningsLoaded { holding: None, left: 0 };
        };
        let mut lacking = Vec::new();
        let read = self.session.for_each_entry(&mut |entry| {
            if meanings.lacks(&entry) {
                lacking.push(entry.id);
            }
        });
        if read.is_ok() {
            self.lacking = lacking;
        }
        self.meanings = Some(meanings);
        Event::MeaningsLoaded { holding: Some(Box::new(holding)), left: self.lacking.len() }
    }

    fn meanings_of(&mut self, folder: PathBuf) -> Option<(Meanings, Holding)> {
        let space = Space::of(&folder).ok()?;
        let (mut meanings, passages) = Meanings::load(&self.session, space).ok()?;
        meanings.sweep(&mut self.session).ok()?;
        Some((meanings, Holding { folder, space, passages }))
    }

    pub(super) fn next_lacking(&mut self) -> Vec<Entry> {
        let rest = self.lacking.len().saturating_sub(MEANING_SLICE);
        let next = self.lacking.split_off(rest);
        next.into_iter().filter_map(|id| self.session.entry(id).ok()).collect()
    }

    /// What can't be sealed is made again the next time the journal is opened.
    pub(super) fn keep_made(&mut self, made: Vec<Made>) -> Event {
        if let Some(meanings) = &mut self.meanings {
            let _ = meanings.put(&mut self.session, made);
        }
        Event::MeaningKept { left: self.lacking.len() }
    }

    pub(super) fn search_near(
        &mut self,
        ticket: u64,
        text: &str,
        today: Date,
        near: &[Near],
    ) -> Event {
        self.unfinished = None;
        self.index.set_files(self.session.attached());
        let query = Query::parse(&self.reading.expand(text), today, true);
        let kept = self.session.metas().filter(|meta| meta.kept_from_model);
        let kept: HashSet<EntryId> = kept.map(|meta| meta.id).collect();
        let near: Vec<Near> =
            near.iter().filter(|near| !kept.contains(&near.id)).cloned().collect();
        let mut entry = |id| self.session.entry(id).ok();
        let results = self.index.search_near(&query, &near, SEARCH_LIMIT, &mut entry);
        Event::Found { ticket, results }
    }
}
