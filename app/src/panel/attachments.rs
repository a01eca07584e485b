//! Below the text: the files of the entry, and the way to its earlier versions.
use egui::{Align, Layout, Ui};
use vault::{Attachment, AttachmentId};

use super::row_name;
use crate::{
    command::{Command, Keep, PickerWish},
    state::{Journal, keeping::About, picker::Target},
    text::{text, text_with},
    widget::{button, label},
};

/// Draws it.
pub fn ui(ui: &mut Ui, journal: &Journal, commands: &mut Vec<Command>) {
    let about = &journal.keeping.about;
    for file in &about.files {
        row(ui, file, commands);
        if journal.keeping.removing == Some(file.id) {
            sure(ui, file.id, commands);
        }
    }
    told(ui, about);
    if ui.input(|input| !input.raw.hovered_files.is_empty()) {
        label::note(ui, text("files-drop"));
    }
    ui.horizontal(|ui| {
        if button::quiet(ui, text("files-add")).clicked() {
            commands.push(Command::Picker(PickerWish::Open(Target::Attachment)));
        }
        if journal.draft.is_stored() && button::quiet(ui, text("history-show")).clicked() {
            commands.push(Command::Keep(Keep::ShowHistory));
        }
    });
}

fn told(ui: &mut Ui, about: &About) {
    if about.busy {
        label::note(ui, text("files-busy"));
    }
    if let Some(problem) = &about.problem {
        label::problem(ui, text_with("files-problem", [("reason", problem.as_str().into())]));
    }
    if let Some(path) = &about.saved {
        label::note(ui, text_with("files-saved", [("path", path.display().to_string().into())]));
    }
}

fn row(ui: &mut Ui, file: &Attachment, commands: &mut Vec<Command>) {
    // The name may be an enemy's: it is shown as it would be saved.
    let name = crate::keeping::attachment::safe_name(&file.name);
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let named = |action: &str| row_name(&name, action);
            let remove = button::named(ui, text("files-remove"), named(&text("files-remove")));
            if remove.clicked() {
                commands.push(Command::Keep(Keep::AskRemove(file.id)));
            }
            let save = button::named(ui, text("files-save"), named(&text("files-save")));
            if save.clicked() {
                commands.push(Command::Picker(PickerWish::Open(Target::Copy(file.id))));
            }
            label::note(ui, size(file.length));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                label::line(ui, name.clone());
            });
        });
    });
}

fn sure(ui: &mut Ui, id: AttachmentId, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        label::note(ui, text("files-remove-hint"));
    });
    ui.horizontal(|ui| {
        if button::danger(ui, text("files-remove-sure")).clicked() {
            commands.push(Command::Keep(Keep::Remove(id)));
        }
        if button::quiet(ui, text("keeping-cancel")).clicked() {
            commands.push(Command::Keep(Keep::AskRemove(id)));
        }
    });
}

/// A length as people say it, in steps of a thousand.
pub(crate) fn size(bytes: u64) -> String {
    let (mut amount, mut unit) = (bytes as f64, "size-bytes");
    for larger in ["size-kilobytes", "size-megabytes", "size-gigabytes"] {
        if amount < 999.5 {
            break;
        }
        (amount, unit) = (amount / 1000.0, larger);
    }
    let digits = usize::from(unit != "size-bytes" && amount < 9.95);
    let amount = format!("{amount:.digits$}");
    match unit {
        "size-bytes" => text_with("size-bytes", [("amount", amount.into())]),
        "size-kilobytes" => text_with("size-kilobytes", [("amount", amount.into())]),
        "size-megabytes" => text_with("size-megabytes", [("amount", amount.into())]),
        _ => text_with("size-gigabytes", [("amount", amount.into())]),
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_read_as_people_say_them() {
        for (bytes, said) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_000, "1.0 kB"),
            (9_949, "9.9 kB"),
            (123_456, "123 kB"),
            (2_345_678, "2.3 MB"),
            (500_000_000, "500 MB"),
            (999_999_999, "1.0 GB"),
        ] {
            assert_eq!(size(bytes), said);
        }
    }
}
