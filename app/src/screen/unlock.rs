//! The locked journal.
use egui::{Key, Ui};

use super::{card, passphrase_field};
use crate::{
    command::Command,
    state::PassphraseForm,
    text::text,
    widget::{button, label},
};

/// Draws it.
pub fn ui(ui: &mut Ui, form: &mut PassphraseForm, commands: &mut Vec<Command>) {
    let top = (ui.available_height() - 360.0) / 2.5;
    card(ui, top, |ui| {
        label::title(ui, text("unlock-title"));
        label::body(ui, text("unlock-hint"));
        ui.add_space(10.0);
        let busy = form.busy;
        let field = ui
            .add_enabled_ui(!busy, |ui| {
                passphrase_field(ui, text("unlock-passphrase"), &mut form.passphrase)
            })
            .inner;
        // Before the field is given the keyboard again, or it never lost it.
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if !busy && ui.memory(|memory| memory.focused().is_none()) {
            field.request_focus();
        }
        match &form.problem {
            Some(problem) => label::problem(ui, problem.clone()),
            None => label::note(ui, String::new()),
        };
        ui.add_space(4.0);
        let title = if busy { text("unlock-busy") } else { text("unlock-button") };
        let ready = !busy && !form.passphrase.is_empty();
        let unlock = ui.add_enabled_ui(ready, |ui| button::primary(ui, title)).inner;
        if ready && (unlock.clicked() || entered) {
            commands.push(Command::Unlock);
        }
    });
}
