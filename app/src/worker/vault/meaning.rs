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
    pub(super) fn load_meanings(&mut self, model: PathBuf) -> Event {
        let Some((meanings, holding)) = self.meanings_of(model) else {
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

    fn meanings_of(&mut self, model: PathBuf) -> Option<(Meanings, Holding)> {
        let space = Space::of(&model).ok()?;
        let (mut meanings, passages) = Meanings::load(&self.session, space).ok()?;
        meanings.sweep(&mut self.session).ok()?;
        Some((meanings, Holding { model, space, passages }))
    }

    pub(super) fn next_lacking(&mut self) -> Vec<Entry> {
        let session = &self.session;
        let mut next = Vec::new();
        while let Some(id) = self.lacking.pop_if(|_| next.len() < MEANING_SLICE) {
            next.extend(session.entry(id));
        }
        // They are lacking until they are made.
        self.lacking.extend(next.iter().map(|entry| entry.id));
        next
    }

    /// What can't be sealed is made again the next time the journal is opened.
    pub(super) fn keep_made(&mut self, mut made: Vec<Made>) -> Event {
        // What was deleted or changed meanwhile is not what was read.
        made.retain(|made| self.session.entry(made.id()).is_ok_and(|entry| made.is_of(&entry)));
        self.lacking.retain(|id| made.iter().all(|made| made.id() != *id));
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
