//! Renewal: summaries under which an entry changed are made anew while the person rests.
use std::time::Duration;

use engine::CancelToken;

use super::App;
use crate::{
    clock::Moment,
    event::{Gathered, Stale},
    permission::Permission,
    reflection::{Summary, cache::Place},
    state::{Journal, Screen},
    worker::{
        engine::{EngineJob, ReflectionJob, Task},
        vault::VaultJob,
    },
};

/// No reflection has this ticket.
const TICKET: u64 = u64::MAX;
/// The person rests when there was no key and no mouse for so long.
const REST: Duration = Duration::from_secs(45);
/// On a battery, the power is looked at again after this.
const LOOK_AGAIN: Duration = Duration::from_secs(10 * 60);

impl App {
    /// Looks for the next summary to renew, if it is time.
    pub(super) fn queue_renewal(&mut self, now: Moment) {
        if self.renewal_left(now) != Some(Duration::ZERO) {
            return;
        }
        let Some(model) = self.state.model.clone() else { return };
        let is_looking = self.vault.try_send(VaultJob::NextStale { model }).is_ok();
        if let Some(journal) = self.journal() {
            journal.renewal.is_looking = is_looking;
        }
    }

    /// Time until a summary may be renewed; `None` when there is nothing to do.
    pub(super) fn renewal_left(&self, now: Moment) -> Option<Duration> {
        let Screen::Journal(journal) = &self.state.screen else { return None };
        let renewal = &journal.renewal;
        let wanted = renewal.is_due
            && self.state.model.is_some()
            && journal.permission == Permission::Entries
            && !renewal.is_looking
            && renewal.cancel.is_none()
            && !journal.reflection.stage.is_busy();
        let since = self.last_input.elapsed.max(renewal.not_before.unwrap_or_default());
        let rested = now.elapsed.saturating_sub(since);
        wanted.then(|| REST.saturating_sub(rested))
    }

    /// What the vault found: the entries under a summary that is not true any more.
    pub(super) fn found_stale(&mut self, stale: Stale) {
        let now = (self.clock)();
        let model = self.state.model.clone();
        let Screen::Journal(journal) = &mut self.state.screen else { return };
        let renewal = &mut journal.renewal;
        renewal.is_looking = false;
        match stale {
            Stale::Nothing => renewal.is_due = false,
            Stale::OnBattery => renewal.not_before = Some(now.elapsed + LOOK_AGAIN),
            Stale::Summary(gathered) => {
                let Gathered { entries, outline, .. } = *gathered;
                // Who came back meanwhile is not to wait for it.
                let is_busy = journal.reflection.stage.is_busy();
                if is_busy || now.elapsed.saturating_sub(self.last_input.elapsed) < REST {
                    return;
                }
                let cancel = CancelToken::default();
                let (ticket, task) = (TICKET, Task::Summarise);
                let job =
                    ReflectionJob { ticket, model, entries, outline, task, cancel: cancel.clone() };
                if self.engine.try_send(EngineJob::Renew(Box::new(job))).is_ok() {
                    renewal.cancel = Some(cancel);
                    self.note_model_used();
                }
            }
        }
    }

    /// A summary was made anew, or could not be: then none is tried before the next save.
    pub(super) fn renewed(&mut self, made: Option<Box<(Place, Summary)>>) {
        let Some(journal) = self.journal() else { return };
        let stopped = journal.renewal.cancel.take().is_some_and(|cancel| cancel.is_canceled());
        journal.renewal.is_due &= made.is_some() || stopped;
        if let Some(made) = made {
            self.keep_summary(made);
        }
    }

    /// Seals a summary. A queue that is full costs only making it again.
    pub(super) fn keep_summary(&self, made: Box<(Place, Summary)>) {
        let (place, summary) = *made;
        let summary = Box::new(summary);
        let _ = self.vault.try_send(VaultJob::KeepSummary { place, summary });
    }

    /// Whatever the person does comes first.
    pub(super) fn stop_renewal(&mut self) {
        if let Screen::Journal(journal) = &mut self.state.screen {
            journal.stop_renewal();
        }
    }
}

impl Journal {
    fn stop_renewal(&self) {
        if let Some(cancel) = &self.renewal.cancel {
            cancel.cancel();
        }
    }
}
