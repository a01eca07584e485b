//! Between writing and locked: the text is covered while the last words are saved.
use egui::Ui;

use super::card;
use crate::{
    command::Command,
    state::Journal,
    text::{text, text_with},
    widget::{button, label},
};

/// Draws it.
pub fn ui(ui: &mut Ui, journal: &Journal, commands: &mut Vec<Command>) {
    let top = (ui.available_height() - 360.0) / 2.5;
    card(ui, top, |ui| {
        label::title(ui, text("locking-title"));
        let Some(reason) = journal.outbox.failure() else {
            label::body(ui, text("locking-saving"));
            return;
        };
        label::problem(ui, text_with("save-failed", [("reason", reason.into())]));
        label::body(ui, text("locking-kept"));
        ui.add_space(10.0);
        if button::primary(ui, text("locking-retry")).clicked() {
            commands.push(Command::Save);
        }
        if button::plain(ui, text("locking-back")).clicked() {
            commands.push(Command::KeepWriting);
        }
        if button::danger(ui, text("locking-discard")).clicked() {
            commands.push(Command::LockUnsaved);
        }
    });
}
