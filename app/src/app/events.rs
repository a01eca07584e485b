//! What the workers report, taken into the state.
use jiff::Zoned;

use super::{App, locking::forget_typed, vault_problem};
use crate::{
    draft::Draft,
    event::Event,
    state::{EntryRow, Focus, Journal, PassphraseForm, Screen},
    text::{text, text_with},
    worker::vault::VaultJob,
};

impl App {
    pub(super) fn take(&mut self, ctx: &egui::Context, event: Event) {
        match event {
            Event::Opened { rows, damaged, behind, permission } => {
                self.opened(ctx, rows);
                self.permitted(permission);
                self.state.notice = opening_notice(damaged, behind);
            }
            Event::FoundDamage { rows, damaged } => {
                if let Some(journal) = self.journal() {
                    journal.set_rows(rows);
                    journal.search.refresh();
                }
                self.state.notice = opening_notice(damaged, 0);
            }
            Event::NotOpened(error) => self.not_opened(ctx, &error),
            Event::Locked => self.locked(ctx),
            Event::Checked(result) => self.checked(ctx, result),
            Event::Permitted(permission) => self.permitted(permission),
            Event::Saved { id, edition, row } => self.saved(id, edition, *row),
            Event::NotSaved { id, error } => {
                let now = (self.clock)();
                if let Some(journal) = self.journal() {
                    journal.outbox.fail(id, vault_problem(&error), now.awake);
                }
            }
            Event::Read(entry) => {
                if self.journal().is_some_and(|journal| journal.opening == Some(entry.id)) {
                    self.show_draft(ctx, Draft::open(*entry));
                }
            }
            Event::NotRead(error) => self.state.notice = Some(vault_problem(&error)),
            Event::Deleted(id) => self.deleted(ctx, id),
            Event::ConversationLoaded(turns) => self.conversation_loaded(turns),
            Event::Found { ticket, results } => {
                if let Some(journal) = self.journal()
                    && journal.search.ticket == ticket
                {
                    journal.search.results = results;
                }
            }
            Event::Indexed { done, total } => self.indexed(done, total),
            Event::Gathered { ticket, gathered } => self.gathered(ticket, *gathered),
            Event::Progress { ticket, progress } => self.progress(ticket, progress),
            Event::Summarised { ticket, result } => self.summarised(ticket, result),
            Event::ModelTextDeleted => {
                if let Some(journal) = self.journal() {
                    journal.reflection.forget();
                    journal.lit = None;
                }
                self.state.notice = Some(text("notice-model-text-deleted"));
            }
            Event::Stale(stale) => self.found_stale(stale),
            Event::Renewed(made) => self.renewed(made),
            Event::Asked { ticket, result } => self.asked(ticket, result),
            Event::Answered { ticket, answer } => self.answered(ticket, answer),
            Event::Insight(told) => self.take_insight(*told),
            Event::Kept(kept) => self.take_kept(ctx, *kept),
            Event::MeaningsLoaded { holding, left } => self.meanings_loaded(holding, left),
            Event::Lacking(entries) => self.lacking(entries),
            Event::MeaningMade(made) => self.meaning_made(made),
            Event::MeaningPutOff => self.meaning_put_off(),
            Event::MeaningKept { left } => self.meaning_kept(left),
            Event::Near { ticket, near } => self.near(ticket, near),
            Event::ModelFound { model, embedder } => {
                self.state.model = model;
                self.state.embedder = embedder;
            }
            Event::ModelsListed { models, outcome } => self.models_listed(models, outcome),
            Event::PlacesFound { ticket, places } => self.places_found(ticket, places),
            Event::Looked { ticket, found } => self.looked(ticket, found),
            Event::SettingsNotSaved(_) => {
                self.state.notice = Some(text("settings-not-saved"));
            }
        }
    }

    fn opened(&mut self, ctx: &egui::Context, rows: Vec<EntryRow>) {
        forget_typed(ctx);
        self.last_input = (self.clock)();
        let recovered = self.note_unlocked();
        self.state.screen =
            Screen::Journal(Box::new(Journal::new(rows, Draft::new(&Zoned::now()))));
        let _ = self.vault.try_send(VaultJob::LoadConversation);
        self.begin_keeping(recovered);
        self.begin_insight();
    }

    fn not_opened(&mut self, ctx: &egui::Context, error: &vault::Error) {
        forget_typed(ctx);
        if let Screen::Welcome(form) | Screen::Unlock(form) = &mut self.state.screen {
            let problem = match form.with_recovery && matches!(error, vault::Error::WrongPassphrase)
            {
                true => text("problem-recovery"),
                false => vault_problem(error),
            };
            *form = PassphraseForm {
                problem: Some(problem),
                with_recovery: form.with_recovery,
                with_key_file: form.with_key_file,
                key_file: std::mem::take(&mut form.key_file),
                ..PassphraseForm::default()
            };
        }
    }

    fn saved(&mut self, id: vault::EntryId, edition: u64, row: EntryRow) {
        if row.kept_from_model {
            self.forget_meaning(id);
        }
        let Some(journal) = self.journal() else { return };
        journal.renewal.is_due = true;
        let reflection = &mut journal.reflection;
        reflection.is_stale |= reflection.summary.is_some() && reflection.entries.contains(&id);
        let before = journal.row(id).is_some_and(|before| before.kept_from_model);
        if row.kept_from_model && !before {
            journal.reflection.forget();
            journal.conversation.turns.retain(|turn| !turn.rests_on(id));
        }
        journal.put_row(row);
        // One at least: the vault knows which, and whether its text changed.
        journal.meaning.left = journal.meaning.left.max(1);
        if let Some(content) = journal.outbox.acknowledge(id, edition)
            && journal.draft.id == id
        {
            journal.draft.acknowledge(content);
        }
    }

    fn deleted(&mut self, ctx: &egui::Context, id: vault::EntryId) {
        self.forget_meaning(id);
        let Some(journal) = self.journal() else { return };
        journal.outbox.discard(id);
        journal.remove_row(id);
        journal.conversation.turns.retain(|turn| !turn.rests_on(id));
        journal.search.refresh();
        if journal.draft.id == id {
            self.show_draft(ctx, Draft::new(&Zoned::now()));
            if let Some(journal) = self.journal() {
                journal.focus = Some(Focus::Text);
            }
        }
    }

    fn indexed(&mut self, done: usize, total: usize) {
        let Some(journal) = self.journal() else { return };
        journal.indexed = (done < total).then_some((done, total));
        // What is typed already is searched again in the whole.
        journal.search.refresh();
    }
}

/// What a person has to know of the journal that was opened, the worst first.
fn opening_notice(damaged: usize, behind: u64) -> Option<String> {
    if damaged > 0 {
        return Some(text_with("notice-damaged", [("count", damaged.into())]));
    }
    (behind > 0).then(|| text_with("notice-older", [("count", behind.into())]))
}
