//! From the draft to the disk: nothing is called saved before the vault says so.
use std::time::Duration;

use super::App;
use crate::{
    clock::Moment,
    draft::Draft,
    state::{Deeper, Journal, Screen},
    worker::vault::VaultJob,
};

/// How often an open journal looks at the clock, to notice that the machine slept.
const LOOK_AT_CLOCK: Duration = Duration::from_secs(20);
/// A worker's queue that was full is tried again after this.
const QUEUE_RETRY: Duration = Duration::from_millis(50);

impl App {
    pub(super) fn journal(&mut self) -> Option<&mut Journal> {
        match &mut self.state.screen {
            Screen::Journal(journal) => Some(journal),
            Screen::Welcome(_) | Screen::Unlock(_) => None,
        }
    }

    /// Tells the autosave that the person wrote, if so.
    pub(super) fn note_edits(&mut self) -> bool {
        let now = (self.clock)();
        let Some(journal) = self.journal() else { return false };
        let edited = journal.draft.take_touched();
        if edited {
            journal.autosave.edited(now.awake);
        }
        edited
    }

    pub(super) fn save_if_due(&mut self, now: Moment) {
        let due = |journal: &mut Journal| journal.autosave.due_in(now.awake);
        if self.journal().and_then(due) == Some(Duration::ZERO) {
            self.flush();
        }
    }

    /// Puts the draft on its way, if the vault lacks any of it.
    pub(super) fn flush(&mut self) {
        if let Some(journal) = self.journal() {
            journal.flush();
        }
        self.send_outbox();
    }

    pub(super) fn send_outbox(&mut self) {
        let now = (self.clock)();
        let Screen::Journal(journal) = &mut self.state.screen else { return };
        journal.outbox.send_due(now.awake, |id, edition, content| {
            let content = Box::new(content.clone());
            self.vault.try_send(VaultJob::Put { id, edition, content }).is_ok()
        });
    }

    /// Jobs that found a queue full, or were not urgent enough to be queued at once.
    pub(super) fn queue_due_jobs(&mut self) {
        self.send_outbox();
        self.send_search();
        self.send_keep_jobs();
        self.send_insight_jobs();
        self.queue_meaning((self.clock)());
        self.queue_renewal((self.clock)());
        if self.unload_due {
            self.unload_due =
                self.engine.try_send(crate::worker::engine::EngineJob::Unload).is_err();
        }
        if self.find_model_due {
            let chosen = self.chosen_model();
            self.find_model_due = self.vault.try_send(VaultJob::FindModel { chosen }).is_err();
        }
        self.send_models_tasks();
        if self.settings_due {
            let (path, settings) =
                (self.settings_file.clone(), Box::new(self.state.settings.clone()));
            let job = VaultJob::SaveSettings { path, settings };
            self.settings_due = self.vault.try_send(job).is_err();
        }
    }

    fn send_search(&mut self) {
        let Screen::Journal(journal) = &mut self.state.screen else { return };
        let search = &mut journal.search;
        if search.unsent {
            let job = VaultJob::Search {
                ticket: search.ticket,
                text: search.text.clone(),
                today: jiff::Zoned::now().date(),
            };
            search.unsent = self.vault.try_send(job).is_err();
        }
    }

    /// Shows another entry in place of the open one, whose text is on its way already.
    pub(super) fn show_draft(&mut self, ctx: &egui::Context, draft: Draft) {
        let Some(journal) = self.journal() else { return };
        crate::panel::editor::forget(ctx, journal.draft.id);
        journal.lit.take_if(|lit| lit.entry != draft.id);
        if journal.draft.id != draft.id {
            journal.deeper = Deeper::default();
        }
        journal.draft = draft;
        journal.opening = None;
        journal.moment_open = false;
        journal.deleting = false;
        self.look_at_draft();
    }

    /// Asks to be woken when the next thing is due, and not before.
    pub(super) fn wake_later(&mut self, ctx: &egui::Context, now: Moment) {
        let idle_left = self.idle_left(now);
        let rest_left = self.rest_left(now).map(|left| left.max(QUEUE_RETRY));
        let unload_left = self.unload_left(now).map(|left| left.max(QUEUE_RETRY));
        let renewal_left = self.renewal_left(now).map(|left| left.max(QUEUE_RETRY));
        let waits_for_queue = self.unload_due
            || self.find_model_due
            || self.settings_due
            || !self.models_tasks.is_empty()
            || !self.keep_jobs.is_empty()
            || !self.insight_jobs.is_empty();
        let Some(journal) = self.journal() else {
            if waits_for_queue {
                ctx.request_repaint_after(QUEUE_RETRY);
            }
            return;
        };
        let queue_retry = (waits_for_queue || journal.search.unsent).then_some(QUEUE_RETRY);
        let outbox = journal.outbox.due_in(now.awake).map(|due| due.max(QUEUE_RETRY));
        let autosave = journal.autosave.due_in(now.awake);
        let due = [autosave, outbox, queue_retry, idle_left, rest_left, renewal_left, unload_left];
        let soonest = due.into_iter().flatten().min().unwrap_or(LOOK_AT_CLOCK);
        ctx.request_repaint_after(soonest.min(LOOK_AT_CLOCK));
    }
}

impl Journal {
    /// Puts the draft into the outbox, if neither it nor the vault has this text.
    pub fn flush(&mut self) {
        self.autosave.flushed();
        let is_new = match self.outbox.content(self.draft.id) {
            Some(on_its_way) => *on_its_way != self.draft.content,
            None => self.draft.is_unsaved(),
        };
        if is_new {
            self.outbox.put(self.draft.id, self.draft.content.clone());
        }
    }
}
