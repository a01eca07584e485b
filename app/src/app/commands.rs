//! What a person wishes, carried out.
use jiff::Zoned;
use vault::{EntryId, Passphrase, RecoveryKey};

use super::App;
use crate::{
    command::Command,
    draft::Draft,
    paths,
    state::{Focus, Journal, Locking, PassphraseForm, Scope, Screen, Search},
    text::text,
    theme,
    worker::{
        engine::Task,
        vault::{Secret, VaultJob},
    },
};

impl App {
    pub(super) fn carry_out(&mut self, ctx: &egui::Context, command: Command) {
        match command {
            Command::CreateJournal => self.create(),
            Command::Unlock => self.unlock(),
            Command::Lock => self.begin_locking(),
            Command::Panic => self.panic(ctx),
            Command::ToggleSettings => match self.state.settings_open {
                true => self.state.settings_open = false,
                false => self.open_settings(),
            },
            Command::Models(wish) => self.carry_out_models(wish),
            Command::Picker(wish) => self.carry_out_picking(wish),
            Command::ApplySettings => self.apply_settings(ctx),
            Command::ToggleReflection => {
                let open = &mut self.state.settings.reflection_open;
                *open = !*open;
                self.settings_due = true;
            }
            Command::Escape => self.escape(),
            Command::Insight(wish) if self.is_in_use() => self.carry_out_insight(wish),
            Command::Keep(wish) if self.is_in_use() => self.carry_out_keep(ctx, wish),
            command if self.is_in_use() => self.carry_out_in_journal(ctx, command),
            Command::LockUnsaved => self.close_vault(),
            Command::KeepWriting => self.keep_writing(),
            Command::Save => self.save_now(),
            _ => {}
        }
    }

    /// Whether the journal is open and not about to lock.
    fn is_in_use(&self) -> bool {
        matches!(&self.state.screen, Screen::Journal(journal) if journal.locking == Locking::No)
    }

    fn carry_out_in_journal(&mut self, ctx: &egui::Context, command: Command) {
        match command {
            Command::NewEntry => self.new_entry(ctx),
            Command::OpenEntry(id) => self.open_entry(ctx, id),
            Command::Save => self.save_now(),
            Command::Delete => self.delete(ctx),
            Command::ShowSource { sentence, source } => self.show_source(ctx, sentence, source),
            Command::DeleteSummary => self.delete_summary(),
            Command::DeleteModelText => {
                let _ = self.vault.try_send(VaultJob::DeleteModelText);
            }
            Command::Permit(permission) => {
                // Told back by an event; a queue that is full is for the person to try again.
                let _ = self.vault.try_send(VaultJob::Permit(permission));
            }
            Command::Summarise(scope) => self.reflect(scope, Task::Summarise),
            Command::Ask => {
                let style = self.state.settings.style;
                let task = |journal: &mut Journal| journal.reflection.question_task(style);
                if let Some(task) = self.journal().map(task) {
                    self.reflect(Scope::Entry, task);
                }
            }
            Command::Deepen(what) => self.deepen(what),
            Command::AskJournal => self.ask_journal(),
            Command::ForgetConversation => self.forget_conversation(),
            Command::ToggleKeptConversation => self.toggle_kept_conversation(),
            Command::Stop => self.stop_reflection(),
            command => {
                let Some(journal) = self.journal() else { return };
                match command {
                    Command::HideSource => journal.lit = None,
                    Command::AskDelete => journal.deleting = true,
                    Command::FocusSearch => journal.focus = Some(Focus::Search),
                    Command::Search => journal.search.refresh(),
                    Command::InsertQuestion(index) => {
                        if let Some(question) = journal.reflection.questions.get(index) {
                            journal.draft.append_quote(&question.text);
                            journal.focus = Some(Focus::TextEnd);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn create(&mut self) {
        let (path, params) = (self.state.journal_path.clone(), self.kdf_params);
        let Screen::Welcome(form) = &mut self.state.screen else { return };
        if form.busy || form.passphrase.is_empty() || form.passphrase != form.repeated {
            return;
        }
        let passphrase = Passphrase::new(&form.passphrase);
        let job = VaultJob::Create { path, passphrase, params };
        form.busy = self.vault.try_send(job).is_ok();
    }

    fn unlock(&mut self) {
        let path = self.state.journal_path.clone();
        let Screen::Unlock(form) = &mut self.state.screen else { return };
        if form.busy || form.passphrase.is_empty() {
            return;
        }
        form.problem = None;
        let Some(secret) = typed_secret(form) else {
            form.problem = Some(text("problem-recovery"));
            return;
        };
        form.busy = self.vault.try_send(VaultJob::Unlock { path, secret }).is_ok();
    }

    fn save_now(&mut self) {
        if let Some(journal) = self.journal() {
            journal.outbox.retry();
        }
        self.flush();
    }

    fn new_entry(&mut self, ctx: &egui::Context) {
        self.settle_answers();
        self.flush();
        self.show_draft(ctx, Draft::new(&Zoned::now()));
        if let Some(journal) = self.journal() {
            journal.focus = Some(Focus::Text);
        }
    }

    /// An entry that is still on its way to the vault is opened from there.
    pub(super) fn open_entry(&mut self, ctx: &egui::Context, id: EntryId) {
        let Some(journal) = self.journal() else { return };
        if journal.draft.id == id {
            journal.keeping.shelf = None;
            return self.flush();
        }
        self.settle_answers();
        self.flush();
        let Some(journal) = self.journal() else { return };
        if let Some(content) = journal.outbox.content(id).cloned() {
            self.show_draft(ctx, Draft::pending(id, content));
        } else if self.vault.try_send(VaultJob::Read(id)).is_ok()
            && let Some(journal) = self.journal()
        {
            journal.opening = Some(id);
        }
    }

    /// An entry that the vault never saw is simply dropped.
    fn delete(&mut self, ctx: &egui::Context) {
        let Some(journal) = self.journal() else { return };
        journal.deleting = false;
        let id = journal.draft.id;
        if !journal.draft.is_stored() && journal.outbox.content(id).is_none() {
            self.show_draft(ctx, Draft::new(&Zoned::now()));
        } else {
            journal.outbox.discard(id);
            // Told back by an event; a queue that is full is for the person to try again.
            let _ = self.vault.try_send(VaultJob::Delete(id));
        }
    }

    fn apply_settings(&mut self, ctx: &egui::Context) {
        theme::apply(ctx, &self.state.settings);
        self.settings_due = true;
        self.turn_insight();
    }

    /// Asks the vault whether the passphrase is right: the one who goes back may be another.
    fn keep_writing(&mut self) {
        let Screen::Journal(journal) = &mut self.state.screen else { return };
        if journal.locking == Locking::WhenSaved && !journal.back.passphrase.is_empty() {
            let passphrase = Passphrase::new(&journal.back.passphrase);
            journal.back = PassphraseForm::default();
            let key_file = self.state.settings.key_file.clone();
            let job = VaultJob::Check { passphrase, key_file };
            journal.back.busy = self.vault.try_send(job).is_ok();
        }
    }

    /// Closes what lies on top, one thing at a time.
    fn escape(&mut self) {
        if self.state.picker.is_some() {
            return self.close_picker();
        }
        if self.state.settings_open {
            self.state.settings_open = false;
            return;
        }
        if self.state.notice.take().is_some() {
            return;
        }
        let Some(journal) = self.journal() else { return };
        if journal.keeping.removing.take().is_some() || journal.keeping.shelf.take().is_some() {
            journal.focus = Some(Focus::Text);
        } else if journal.deleting {
            journal.deleting = false;
        } else if journal.moment_open {
            journal.moment_open = false;
        } else if journal.lit.take().is_some() {
            journal.focus = Some(Focus::Text);
        } else if !journal.search.text.is_empty() {
            journal.search = Search { ticket: journal.search.ticket + 1, ..Search::default() };
            journal.focus = Some(Focus::Text);
        } else if journal.reflection.stage.is_busy() {
            self.stop_reflection();
        }
    }
}

/// What was typed to unlock; none where it is no recovery phrase.
fn typed_secret(form: &PassphraseForm) -> Option<Secret> {
    if form.with_recovery {
        return RecoveryKey::parse(&form.passphrase).map(Secret::Recovery);
    }
    let key_file = Some(form.key_file.as_str()).filter(|path| !path.trim().is_empty());
    let key_file = key_file.filter(|_| form.with_key_file).map(paths::typed);
    Some(Secret::Passphrase(Passphrase::new(&form.passphrase), key_file))
}
