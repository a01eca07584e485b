//! Wishes about what guards against loss, carried out.
use std::path::PathBuf;

use jiff::Zoned;
use vault::RevisionId;

use super::App;
use crate::{
    command::{Keep, PickerWish},
    draft::Draft,
    paths,
    state::{
        Focus, Locking, Screen,
        keeping::{Busy, History, Shelf},
    },
    worker::vault::{KeepJob, VaultJob},
};

impl App {
    pub(super) fn carry_out_keep(&mut self, ctx: &egui::Context, wish: Keep) {
        match wish {
            Keep::AskRemove(id) => {
                if let Some(journal) = self.journal() {
                    let removing = &mut journal.keeping.removing;
                    *removing = Some(id).filter(|id| *removing != Some(*id));
                }
            }
            Keep::Remove(id) => {
                if let Some(journal) = self.journal() {
                    journal.keeping.removing = None;
                }
                self.keep_entry(|entry| KeepJob::RemoveFile(entry, id));
            }
            Keep::ShowHistory => self.show_history(),
            Keep::Compare(revision) => {
                self.keep_entry(|entry| KeepJob::Compare(entry, revision));
            }
            Keep::Restore(revision) | Keep::KeepThat(revision) => self.settle(Some(revision)),
            Keep::KeepThis => self.settle(None),
            Keep::KeepBoth => {
                self.flush();
                self.keep_entry(KeepJob::KeepBoth);
            }
            Keep::ShowTrash => {
                self.flush();
                self.show_shelf(Shelf::Trash { entries: None, asked: None });
                self.keep(KeepJob::Trash(Zoned::now().date()));
            }
            Keep::Undelete(id) => self.keep(KeepJob::Undelete(id)),
            Keep::AskPurge(id) => {
                if let Some(Shelf::Trash { asked, .. }) = self.shelf() {
                    *asked = Some(id).filter(|id| *asked != Some(*id));
                }
            }
            Keep::Purge(id) => self.keep(KeepJob::Purge(id)),
            Keep::CloseShelf => {
                if let Some(journal) = self.journal() {
                    (journal.keeping.shelf, journal.focus) = (None, Some(Focus::Text));
                }
            }
            Keep::Merge | Keep::NotNow => self.answer_copy(&wish),
            Keep::TakeBackupFolder => self.take_backup_folder(),
            Keep::BackUp | Keep::CheckBackup | Keep::Verify => self.guard(&wish),
            wish => self.carry_out_way(ctx, wish),
        }
    }

    /// Queues a job; it waits here while the vault's queue is full.
    pub(super) fn keep(&mut self, job: KeepJob) {
        self.keep_jobs.push_back(job);
        self.queue_due_jobs();
    }

    /// Queues a job about the open entry.
    pub(super) fn keep_entry(&mut self, job: impl FnOnce(vault::EntryId) -> KeepJob) {
        if let Some(entry) = self.journal().map(|journal| journal.draft.id) {
            self.keep(job(entry));
        }
    }

    pub(super) fn send_keep_jobs(&mut self) {
        self.queue_upkeep();
        while let Some(job) = self.keep_jobs.pop_front() {
            if let Err(VaultJob::Keep(job)) = self.vault.try_send(VaultJob::Keep(job)) {
                self.keep_jobs.push_front(job);
                break;
            }
        }
    }

    /// Once a day, when the journal is searchable and so nobody waits for the vault.
    fn queue_upkeep(&mut self) {
        let today = Zoned::now().date();
        let Screen::Journal(journal) = &self.state.screen else { return };
        if self.kept_up == Some(today)
            || journal.indexed.is_some()
            || journal.locking != Locking::No
        {
            return;
        }
        self.kept_up = Some(today);
        let settings = &self.state.settings;
        let folder = settings.backup_folder(&self.state.journal_path);
        self.keep_jobs.push_back(KeepJob::Upkeep(settings.backups.then_some(folder), today));
    }

    /// The journal is open: what it takes to guard it is asked for.
    pub(super) fn begin_keeping(&mut self, recovered: bool) {
        let path = self.state.journal_path.clone();
        let folder = self.state.settings.backup_folder.as_ref();
        let folder = folder.map(|folder| folder.display().to_string()).unwrap_or_default();
        self.kept_up = None;
        if let Some(journal) = self.journal() {
            journal.keeping.safety.folder_typed = folder;
        }
        self.keep(KeepJob::Slots);
        self.keep(KeepJob::FindCopies(path));
        if recovered {
            self.ask_new_passphrase();
        }
    }

    /// Asks what belongs to the open entry beside its text.
    pub(super) fn look_at_draft(&mut self) {
        if let Some(journal) = self.journal() {
            journal.keeping.about = crate::state::keeping::About::default();
            (journal.keeping.removing, journal.keeping.shelf) = (None, None);
        }
        self.close_picker_of_entry();
        self.keep_entry(KeepJob::Look);
    }

    /// Files dropped onto the window go where they are wanted.
    pub(super) fn take_dropped(&mut self, ctx: &egui::Context) {
        let dropped = ctx.input_mut(|input| std::mem::take(&mut input.raw.dropped_files));
        let files: Vec<_> = dropped.iter().map(|file| file.path().to_owned()).collect();
        if let Some(file) = files.first().filter(|_| self.state.picker.is_some()) {
            return self.carry_out_picking(PickerWish::Visit(file.clone()));
        }
        if self.take_dropped_models(&files) {
            return;
        }
        let Some(first) = files.first().map(|path| path.display().to_string()) else { return };
        let settings_open = self.state.settings_open;
        match &mut self.state.screen {
            Screen::Unlock(form) => (form.with_key_file, form.key_file) = (true, first),
            Screen::Journal(journal) if settings_open => {
                match (journal.keeping.ways.form, files[0].is_dir()) {
                    (Some(_), _) => journal.keeping.ways.typed.key_file = first,
                    (None, true) => {
                        journal.keeping.safety.folder_typed = first;
                        self.take_backup_folder();
                    }
                    (None, false) => self.add_models(&files),
                }
            }
            Screen::Journal(journal) if journal.locking == Locking::No => self.attach(files),
            Screen::Journal(_) | Screen::Welcome(_) => {}
        }
    }

    /// Takes the folder of the backups as typed.
    pub(super) fn take_backup_folder(&mut self) {
        let Some(journal) = self.journal() else { return };
        let typed = journal.keeping.safety.folder_typed.trim();
        let folder = (!typed.is_empty()).then(|| paths::typed(typed));
        if folder != self.state.settings.backup_folder {
            self.state.settings.backup_folder = folder;
            self.settings_due = true;
            // The new place gets today's backup too.
            self.kept_up = None;
        }
    }

    /// An entry that holds nothing yet is saved for the files' sake.
    pub(super) fn attach(&mut self, files: Vec<PathBuf>) {
        self.flush();
        let Some(journal) = self.journal() else { return };
        let (id, is_known) = (journal.draft.id, journal.draft.is_stored());
        if !is_known && journal.outbox.content(id).is_none() {
            journal.outbox.put(id, journal.draft.content.clone());
        }
        journal.keeping.about.busy = !files.is_empty();
        journal.keeping.about.problem = None;
        self.send_outbox();
        for path in files {
            self.keep(KeepJob::Attach(id, path));
        }
    }

    fn shelf(&mut self) -> Option<&mut Shelf> {
        self.journal()?.keeping.shelf.as_mut()
    }

    fn show_shelf(&mut self, shelf: Shelf) {
        if let Some(journal) = self.journal() {
            journal.keeping.shelf = Some(shelf);
        }
    }

    /// What is written now counts as a version of its own from here on.
    fn show_history(&mut self) {
        self.flush();
        let Some(entry) = self.journal().map(|journal| journal.draft.id) else { return };
        let history = History { entry, versions: Vec::new(), compared: None };
        self.show_shelf(Shelf::History(history));
        self.keep(KeepJob::History(entry));
    }

    fn settle(&mut self, revision: Option<RevisionId>) {
        self.flush();
        self.keep_entry(|entry| KeepJob::Keep(entry, revision));
    }

    fn answer_copy(&mut self, wish: &Keep) {
        self.flush();
        let Some(journal) = self.journal() else { return };
        if *wish == Keep::NotNow {
            journal.keeping.copies.clear();
        } else if let Some(copy) = journal.keeping.copies.first().cloned() {
            journal.keeping.merging = true;
            self.keep(KeepJob::Merge(copy));
        }
    }

    fn guard(&mut self, wish: &Keep) {
        self.flush();
        let folder = self.state.settings.backup_folder(&self.state.journal_path);
        let (busy, job) = match wish {
            Keep::BackUp => (Busy::Backup, KeepJob::BackUp(folder, Zoned::now().date())),
            Keep::CheckBackup => (Busy::Drill, KeepJob::Drill(folder)),
            _ => (Busy::Check, KeepJob::Verify(folder)),
        };
        let Some(journal) = self.journal() else { return };
        if journal.keeping.safety.busy.is_none() {
            journal.keeping.safety.busy = Some(busy);
            self.keep(job);
        }
    }

    /// Whether it was the recovery phrase that opened the journal; a key file that did is
    /// remembered by its place.
    pub(super) fn note_unlocked(&mut self) -> bool {
        let Screen::Unlock(form) = &self.state.screen else { return false };
        if form.with_recovery {
            return true;
        }
        let typed = Some(form.key_file.as_str()).filter(|path| !path.trim().is_empty());
        let key_file = typed.filter(|_| form.with_key_file).map(paths::typed);
        if key_file != self.state.settings.key_file {
            self.state.settings.key_file = key_file;
            self.settings_due = true;
        }
        false
    }

    /// Shows a blank entry where the open one is gone.
    pub(super) fn leave_draft(&mut self, ctx: &egui::Context, gone: vault::EntryId) {
        if self.journal().is_some_and(|journal| journal.draft.id == gone) {
            self.show_draft(ctx, Draft::new(&Zoned::now()));
        }
    }
}
