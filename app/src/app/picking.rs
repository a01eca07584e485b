//! The file picker: opened, led through folders, and what was picked put to use.
use std::{
    io,
    path::{Path, PathBuf},
};

use super::App;
use crate::{
    command::{Command, PickerWish},
    folder::{Found, Places},
    paths,
    state::{
        Focus, Locking, Screen,
        picker::{Mode, Picker, Target},
    },
    text::{text, text_with},
    worker::{
        folders::{self, Look},
        vault::KeepJob,
    },
};

impl App {
    pub(super) fn carry_out_picking(&mut self, wish: PickerWish) {
        match wish {
            PickerWish::Open(target) => self.open_picker(target),
            PickerWish::Visit(path) => self.look(Look::At(path)),
            PickerWish::Take(path) => self.picked(&path),
            PickerWish::Close => self.close_picker(),
        }
    }

    /// While a file is picked, shortcuts change nothing beneath.
    pub(super) fn leave_out_covered(&self, commands: &mut Vec<Command>) {
        if self.state.picker.is_some() {
            commands.retain(|command| command.locks() || *command == Command::Escape);
        }
    }

    pub(super) fn close_picker(&mut self) {
        self.state.picker = None;
        let settings_open = self.state.settings_open;
        if let Some(journal) = self.journal().filter(|_| !settings_open) {
            journal.focus = Some(Focus::Text);
        }
    }

    /// The entry that was picked for is no longer before the person.
    pub(super) fn close_picker_of_entry(&mut self) {
        self.state.picker.take_if(|picker| picker.target.is_of_entry());
    }

    fn open_picker(&mut self, target: Target) {
        if matches!(&self.state.screen, Screen::Journal(it) if it.locking != Locking::No) {
            return;
        }
        if let Some(journal) = self.journal().filter(|_| target.is_of_entry()) {
            let about = &mut journal.keeping.about;
            (about.saved, about.problem) = (None, None);
        }
        let typed = self.typed_path(target).map(|typed| paths::typed(typed)).unwrap_or_default();
        let name = typed.file_name().filter(|_| target.mode() == Mode::Save);
        let name = name.unwrap_or_default().to_string_lossy().into_owned();
        self.state.picker = Some(Picker::new(target, name));
        let wanted = match target {
            Target::Attachment => self.journal().and_then(|it| it.keeping.attached_from.clone()),
            Target::Backups => Some(typed),
            _ => typed.parent().map(Path::to_owned),
        };
        let wanted = wanted.filter(|folder| folder.is_absolute());
        self.look(Look::Start { wanted, usual: usual_folder(target) });
    }

    /// The newest look counts.
    fn look(&mut self, look: Look) {
        let Some(picker) = &mut self.state.picker else { return };
        self.last_look += 1;
        picker.ticket = self.last_look;
        picker.problem = None;
        picker.looked_with.clone_from(&picker.typed);
        match folders::look(&self.events, picker.ticket, look) {
            Ok(()) => picker.is_reading = true,
            Err(error) => picker.problem = Some(look_problem(&error)),
        }
    }

    pub(super) fn places_found(&mut self, ticket: u64, places: Places) {
        if let Some(picker) = self.state.picker.as_mut().filter(|it| it.ticket >= ticket) {
            picker.places = places;
        }
    }

    pub(super) fn looked(&mut self, ticket: u64, found: io::Result<Found>) {
        let Some(picker) = self.state.picker.as_mut().filter(|it| it.ticket == ticket) else {
            return;
        };
        picker.is_reading = false;
        match (found, picker.mode()) {
            (Ok(Found::Folder(path, items)), _) => picker.show(path, items),
            (Ok(Found::File(_)), _) if picker.target == Target::Sheet => {
                picker.problem = Some(text("problem-exists"));
            }
            (Ok(Found::File(_)), Mode::Folder) => picker.problem = Some(text("picker-no-folder")),
            (Ok(Found::File(path)), _) | (Ok(Found::Nothing(path)), Mode::Save) => {
                self.picked(&path);
            }
            (Ok(Found::Nothing(_)), _) => picker.problem = Some(text("picker-nothing")),
            (Err(error), _) => picker.problem = Some(look_problem(&error)),
        }
    }

    fn picked(&mut self, path: &Path) {
        let Some(target) = self.state.picker.as_ref().map(|picker| picker.target) else { return };
        self.close_picker();
        match target {
            Target::Model => return self.add_models(&[path.to_owned()]),
            Target::Attachment => {
                if let Some(journal) = self.journal() {
                    journal.keeping.attached_from = path.parent().map(Path::to_owned);
                }
                return self.attach(vec![path.to_owned()]);
            }
            Target::Copy(id) => {
                return self.keep_entry(|entry| KeepJob::SaveCopy(entry, id, path.to_owned()));
            }
            _ => {}
        }
        if let Some(typed) = self.typed_path(target) {
            *typed = path.display().to_string();
        }
        if target == Target::Backups {
            self.take_backup_folder();
        }
    }

    /// The field that shows what was picked, where there is one.
    fn typed_path(&mut self, target: Target) -> Option<&mut String> {
        match (&mut self.state.screen, target) {
            (Screen::Unlock(form), Target::KeyFile) => Some(&mut form.key_file),
            (Screen::Journal(journal), target) => {
                let keeping = &mut journal.keeping;
                match target {
                    Target::Backups => Some(&mut keeping.safety.folder_typed),
                    Target::KeyFile | Target::NewKeyFile => Some(&mut keeping.ways.typed.key_file),
                    Target::Sheet => Some(&mut keeping.ways.typed.sheet),
                    Target::Model | Target::Attachment | Target::Copy(_) => None,
                }
            }
            _ => None,
        }
    }
}

/// Where a person looks first.
fn usual_folder(target: Target) -> fn() -> PathBuf {
    match target {
        Target::Model => paths::downloads,
        Target::Attachment => paths::pictures,
        Target::Copy(_) | Target::Backups | Target::Sheet => paths::documents,
        Target::KeyFile | Target::NewKeyFile => paths::home,
    }
}

/// What a person is told of a folder that can't be read.
fn look_problem(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => text("picker-nothing"),
        io::ErrorKind::PermissionDenied => text("picker-forbidden"),
        _ => text_with("picker-unreadable", [("reason", error.to_string().into())]),
    }
}
