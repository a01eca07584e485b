//! Between writing and locked: the text is covered while the last words are saved.
use egui::{Key, Ui};

use super::{card, passphrase_field};
use crate::{
    command::Command,
    state::{Journal, PassphraseForm},
    text::{text, text_with},
    widget::{button, label},
};

/// Draws it.
pub fn ui(ui: &mut Ui, journal: &mut Journal, commands: &mut Vec<Command>) {
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
        if button::danger(ui, text("locking-discard")).clicked() {
            commands.push(Command::LockUnsaved);
        }
        ui.add_space(14.0);
        back(ui, &mut journal.back, commands);
    });
}

/// The way back to writing. It takes the passphrase, since the journal may have locked by itself.
fn back(ui: &mut Ui, form: &mut PassphraseForm, commands: &mut Vec<Command>) {
    let field = ui
        .add_enabled_ui(!form.busy, |ui| {
            passphrase_field(ui, text("locking-passphrase"), &mut form.passphrase)
        })
        .inner;
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if let Some(problem) = &form.problem {
        label::problem(ui, problem.clone());
    }
    let title = if form.busy { text("unlock-busy") } else { text("locking-back") };
    let ready = !form.busy && !form.passphrase.is_empty();
    let back = ui.add_enabled_ui(ready, |ui| button::plain(ui, title)).inner;
    if ready && (back.clicked() || entered) {
        commands.push(Command::KeepWriting);
    }
}
