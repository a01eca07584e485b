//! Meaning: passages are made while the person rests, and found a moment after the words.
use std::time::Duration;

use engine::CancelToken;
use vault::{
    Entry, EntryId,
    search::{Near, Query},
};

use super::App;
use crate::{
    clock::Moment,
    meaning::Made,
    permission::Permission,
    state::{Journal, Meaning, MeaningStage, Screen},
    worker::{
        engine::EngineJob,
        meaning::{Holding, MeaningJob},
        vault::VaultJob,
    },
};

/// The person rests when there was no key and no mouse for so long.
const REST: Duration = Duration::from_secs(3);
/// A query of fewer words is found by its words.
const LEAST_WORDS: usize = 2;

impl App {
    /// Queues what is due: loading, the next entries to read, what a search means.
    pub(super) fn queue_meaning(&mut self, now: Moment) {
        let rests = self.rest_left(now).is_some_and(|left| left.is_zero());
        let is_back = now.elapsed.saturating_sub(self.last_input.elapsed) < REST;
        let Screen::Journal(journal) = &mut self.state.screen else { return };
        let is_indexed = journal.indexed.is_none();
        let is_permitted = journal.permission == Permission::Entries;
        let meaning = &mut journal.meaning;
        match (meaning.stage, &self.state.embedder) {
            (MeaningStage::Off, Some(model)) if is_indexed && is_permitted => {
                let job = VaultJob::LoadMeanings { model: model.clone() };
                if self.vault.try_send(job).is_ok() {
                    meaning.stage = MeaningStage::Loading;
                }
            }
            (MeaningStage::Ready, _) => {
                if is_back {
                    meaning.put_off();
                }
                if rests && self.vault.try_send(VaultJob::NextLacking).is_ok() {
                    meaning.is_reading = true;
                }
                self.ask_near();
            }
            _ => {}
        }
    }

    /// Time until entries may be read for their meaning; `None` when there is nothing to read.
    pub(super) fn rest_left(&self, now: Moment) -> Option<Duration> {
        let Screen::Journal(journal) = &self.state.screen else { return None };
        let meaning = &journal.meaning;
        let wanted = meaning.stage == MeaningStage::Ready
            && meaning.left > 0
            && !meaning.is_reading
            && !journal.reflection.stage.is_busy();
        let rested = now.elapsed.saturating_sub(self.last_input.elapsed);
        wanted.then(|| REST.saturating_sub(rested))
    }

    /// Asks what the newest search means, one at a time.
    fn ask_near(&mut self) {
        let Screen::Journal(journal) = &mut self.state.screen else { return };
        let Journal { search, meaning, .. } = journal.as_mut();
        let is_new = meaning.asked != search.ticket && !search.unsent;
        let words = Query::parse(&search.text, jiff::Zoned::now().date(), false).words();
        let is_worth = words.split_whitespace().count() >= LEAST_WORDS;
        if meaning.is_asking || !is_new || !is_worth {
            return;
        }
        let job = MeaningJob::Near { ticket: search.ticket, text: words };
        if self.engine.try_send(EngineJob::Meaning(job)).is_ok() {
            meaning.asked = search.ticket;
            meaning.is_asking = true;
        }
    }

    pub(super) fn meanings_loaded(&mut self, holding: Option<Box<Holding>>, left: usize) {
        let held = holding.is_some_and(|holding| {
            self.engine.try_send(EngineJob::Meaning(MeaningJob::Hold(holding))).is_ok()
        });
        if let Some(journal) = self.journal() {
            let meaning = &mut journal.meaning;
            meaning.stage = if held { MeaningStage::Ready } else { MeaningStage::Failed };
            meaning.left = left;
        }
    }

    /// What the model has read of an entry that is gone, or kept from it now.
    pub(super) fn forget_meaning(&self, id: EntryId) {
        // A queue that is full leaves passages in memory until the journal locks; the vault keeps none.
        let _ = self.engine.try_send(EngineJob::Meaning(MeaningJob::Forget(id)));
    }

    /// What a model may read has changed: where that is nothing, all it has read goes.
    pub(super) fn permitted(&mut self, permission: Permission) {
        let Some(journal) = self.journal() else { return };
        let before = std::mem::replace(&mut journal.permission, permission);
        if before == permission {
            return;
        }
        journal.meaning.put_off();
        journal.meaning = Meaning::default();
        journal.reflection.forget();
        if permission == Permission::Nothing {
            journal.conversation.turns.clear();
            self.stop_reflection();
            self.unload_due = true;
        }
    }

    pub(super) fn lacking(&mut self, entries: Vec<Entry>) {
        let is_empty = entries.is_empty();
        let cancel = CancelToken::default();
        let job = EngineJob::Meaning(MeaningJob::Read { entries, cancel: cancel.clone() });
        let sent = !is_empty && self.engine.try_send(job).is_ok();
        if let Some(journal) = self.journal() {
            journal.meaning.cancel = cancel;
            journal.meaning.is_reading = sent;
            journal.meaning.left *= usize::from(!is_empty);
        }
    }

    pub(super) fn meaning_made(&mut self, made: Vec<Made>) {
        let failed = made.is_empty() || self.vault.try_send(VaultJob::KeepMade(made)).is_err();
        if let Some(journal) = self.journal().filter(|_| failed) {
            journal.meaning.stage = MeaningStage::Failed;
        }
    }

    /// The entries are read when the person rests again.
    pub(super) fn meaning_put_off(&mut self) {
        if let Some(journal) = self.journal() {
            journal.meaning.is_reading = false;
        }
    }

    pub(super) fn meaning_kept(&mut self, left: usize) {
        if let Some(journal) = self.journal() {
            journal.meaning.is_reading = false;
            journal.meaning.left = left;
        }
    }

    pub(super) fn near(&mut self, ticket: u64, near: Vec<Near>) {
        let Screen::Journal(journal) = &mut self.state.screen else { return };
        journal.meaning.is_asking = false;
        if journal.search.ticket == ticket && !near.is_empty() {
            let (text, today) = (journal.search.text.clone(), jiff::Zoned::now().date());
            // Without it, what was found by words stays.
            let _ = self.vault.try_send(VaultJob::SearchNear { ticket, text, today, near });
        }
    }
}
