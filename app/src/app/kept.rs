//! What the vault reports about what guards against loss, taken into the state.
use jiff::Zoned;
use vault::{Entry, EntryId};

use super::{App, vault_problem};
use crate::{
    draft::Draft,
    event::{KeepPart, Kept},
    keeping::attachment::Problem,
    state::{
        EntryRow, Screen,
        keeping::{Outcome, Shelf},
    },
    text::{text, text_with},
    worker::vault::KeepJob,
};

impl App {
    pub(super) fn take_kept(&mut self, ctx: &egui::Context, kept: Kept) {
        match kept {
            Kept::AsksForKeyFile => {
                if let Screen::Unlock(form) = &mut self.state.screen {
                    form.with_key_file = true;
                }
            }
            Kept::Failed { part, problem } => self.not_kept(part, &problem),
            Kept::Restored(entry) => {
                if let Some(journal) = self.journal() {
                    journal.put_row(EntryRow::of(&entry));
                    journal.keeping.conflicting.retain(|id| *id != entry.id);
                    journal.search.refresh();
                }
                self.show_again(ctx, *entry);
            }
            Kept::Reread(entry) => self.show_again(ctx, *entry),
            Kept::Changed { rows, conflicting, taken } => {
                self.changed(rows, conflicting, taken);
            }
            Kept::Undeleted(row) => {
                if let Some(journal) = self.journal() {
                    journal.put_row(*row);
                    journal.search.refresh();
                }
                self.keep(KeepJob::Trash(Zoned::now().date()));
            }
            Kept::Purged(id) => {
                self.leave_draft(ctx, id);
                self.keep(KeepJob::Trash(Zoned::now().date()));
            }
            Kept::BackedUp(_) | Kept::Drilled(_) | Kept::Verified { .. } => self.guarded(kept),
            Kept::Slots(_)
            | Kept::PassphraseChanged(_)
            | Kept::Recovery { .. }
            | Kept::FileMade(_) => self.take_way(ctx, kept),
            kept => self.shown(kept),
        }
    }

    /// Shows an entry that changed in the vault, unless the person is writing in it: then their
    /// words come after it, and it stays among the earlier versions.
    fn show_again(&mut self, ctx: &egui::Context, entry: Entry) {
        let Some(journal) = self.journal() else { return };
        let written = journal.draft.is_unsaved() || journal.outbox.content(entry.id).is_some();
        if journal.draft.id == entry.id && !written {
            self.show_draft(ctx, Draft::open(entry));
        }
    }

    /// What only has to be shown.
    fn shown(&mut self, kept: Kept) {
        let Some(journal) = self.journal() else { return };
        let (keeping, draft) = (&mut journal.keeping, journal.draft.id);
        match kept {
            Kept::About { id, files, others } if id == draft => {
                (keeping.about.files, keeping.about.others) = (files, others);
                keeping.about.busy = false;
            }
            Kept::CopySaved(path) => keeping.about.saved = Some(path),
            Kept::History { id, versions } => {
                if let Some(Shelf::History(history)) = &mut keeping.shelf
                    && history.entry == id
                {
                    history.versions = versions;
                }
            }
            Kept::Compared { revision, parts } => {
                if let Some(Shelf::History(history)) = &mut keeping.shelf {
                    history.compared = Some((revision, parts));
                }
            }
            Kept::Trash(trashed) => {
                if let Some(Shelf::Trash { entries, asked }) = &mut keeping.shelf {
                    (*entries, *asked) = (Some(trashed), None);
                }
            }
            Kept::Copies(copies) => keeping.copies = copies,
            _ => {}
        }
    }

    /// The open entry may say something else now: it is read again, unless it is being written.
    fn changed(&mut self, rows: Vec<EntryRow>, conflicting: Vec<EntryId>, taken: Option<usize>) {
        let Some(journal) = self.journal() else { return };
        journal.set_rows(rows);
        journal.search.refresh();
        journal.keeping.conflicting = conflicting;
        journal.keeping.merging = false;
        let reread = journal.draft.is_stored().then_some(journal.draft.id);
        if let Some(id) = reread {
            self.keep(KeepJob::Reread(id));
        }
        if let Some(taken) = taken {
            self.state.notice = Some(text_with("copies-merged", [("count", taken.into())]));
            let path = self.state.journal_path.clone();
            self.keep(KeepJob::FindCopies(path));
        }
    }

    fn guarded(&mut self, kept: Kept) {
        let Some(journal) = self.journal() else { return };
        let safety = &mut journal.keeping.safety;
        safety.busy = None;
        match kept {
            Kept::BackedUp(path) => safety.backup = Some(Outcome::BackedUp(path)),
            Kept::Drilled(Some(drill)) => safety.backup = Some(Outcome::Drilled(drill)),
            Kept::Drilled(None) => safety.backup = Some(Outcome::NoBackup),
            Kept::Verified { sound, entries, damaged } => {
                let damaged = damaged.into_iter().map(|entry| entry.date).collect();
                safety.check = Some(Outcome::Verified { sound, entries, damaged });
            }
            _ => {}
        }
    }

    fn not_kept(&mut self, part: KeepPart, problem: &Problem) {
        let words = keep_problem(problem);
        let Some(journal) = self.journal() else { return };
        let keeping = &mut journal.keeping;
        match part {
            KeepPart::Files => {
                (keeping.about.busy, keeping.about.problem) = (false, Some(words));
            }
            KeepPart::Backups => {
                (keeping.safety.busy, keeping.safety.backup) = (None, Some(Outcome::Failed(words)));
            }
            KeepPart::Check => {
                (keeping.safety.busy, keeping.safety.check) = (None, Some(Outcome::Failed(words)));
            }
            KeepPart::Ways => (keeping.ways.busy, keeping.ways.problem) = (false, Some(words)),
            KeepPart::Upkeep => {
                let words = text_with("backups-failed", [("reason", words.into())]);
                self.state.notice = Some(words);
            }
            KeepPart::Journal => {
                keeping.merging = false;
                self.state.notice = Some(words);
            }
        }
    }
}

/// What a person is told: what happened, then what to do.
fn keep_problem(problem: &Problem) -> String {
    match problem {
        Problem::Vault(vault::Error::WrongPassphrase) => text("problem-present"),
        Problem::Vault(vault::Error::Missing(_)) => text("problem-no-file"),
        Problem::Vault(error) => vault_problem(error),
        Problem::File(error) => file_problem(error),
    }
}

/// What a person is told of a file that can't be read or written.
pub(super) fn file_problem(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => text("problem-no-file"),
        ErrorKind::InvalidInput | ErrorKind::IsADirectory => text("problem-not-a-file"),
        ErrorKind::AlreadyExists => text("problem-exists"),
        ErrorKind::StorageFull => text("problem-full"),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => text("problem-read-only"),
        _ => text_with("problem-other", [("reason", error.to_string().into())]),
    }
}
