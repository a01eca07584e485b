//! The locked journal.
use egui::{Key, Response, TextEdit, Ui};

use super::{card, passphrase_field, path_field};
use crate::{
    command::Command,
    state::{PassphraseForm, picker::Target},
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
        let field = ui.add_enabled_ui(!busy, |ui| typed_fields(ui, form, commands)).inner;
        // Asked before the focus is taken back, which would make it as if Enter had not been pressed.
        let left = field.lost_focus() || (form.with_recovery && field.has_focus());
        let entered = left && ui.input(|input| input.key_pressed(Key::Enter));
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
        ui.add_space(6.0);
        ui.add_enabled_ui(!busy, |ui| other_ways(ui, form));
    });
}

/// The passphrase, with its key file where there is one, or the recovery phrase.
fn typed_fields(ui: &mut Ui, form: &mut PassphraseForm, commands: &mut Vec<Command>) -> Response {
    if form.with_recovery {
        // In sight: it is copied from paper, and nobody remembers it.
        let heading = label::heading(ui, text("unlock-recovery"));
        let field = TextEdit::multiline(&mut *form.passphrase)
            .desired_rows(3)
            .return_key(None)
            .desired_width(f32::INFINITY);
        return ui.add(field).labelled_by(heading.id);
    }
    let field = passphrase_field(ui, text("unlock-passphrase"), &mut form.passphrase);
    if form.with_key_file {
        let path = TextEdit::singleline(&mut form.key_file);
        path_field(ui, text("unlock-key-file"), path, Target::KeyFile, commands);
    }
    field
}

fn other_ways(ui: &mut Ui, form: &mut PassphraseForm) {
    ui.vertical(|ui| {
        let other = match form.with_recovery {
            true => text("unlock-with-passphrase"),
            false => text("unlock-with-recovery"),
        };
        if button::quiet(ui, other).clicked() {
            form.with_recovery = !form.with_recovery;
            form.passphrase = Default::default();
            form.problem = None;
        }
        if !form.with_key_file
            && !form.with_recovery
            && button::quiet(ui, text("unlock-with-key-file")).clicked()
        {
            form.with_key_file = true;
        }
    });
}
