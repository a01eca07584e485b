//! The first screen: a journal is made.
use std::path::Path;

use egui::{Key, Ui};

use super::{card, passphrase_field};
use crate::{
    command::Command,
    state::PassphraseForm,
    strength::{Strength, strength},
    text::{text, text_with},
    theme::{SMALL_SIZE, UiTokens},
    widget::{button, label},
};

/// Draws it.
pub fn ui(ui: &mut Ui, form: &mut PassphraseForm, path: &Path, commands: &mut Vec<Command>) {
    let top = (ui.available_height() - 700.0) / 2.0;
    card(ui, top, |ui| {
        label::title(ui, text("welcome-title"));
        label::body(ui, text("welcome-promise"));
        ui.add_space(12.0);
        let fields = ui.add_enabled_ui(!form.busy, |ui| fields(ui, form)).inner;
        ui.add_space(6.0);
        label::body(ui, text("welcome-losing"));
        label::note(ui, text_with("welcome-place", [("path", path.display().to_string().into())]));
        if let Some(problem) = &form.problem {
            label::problem(ui, problem.clone());
        }
        ui.add_space(10.0);
        let ready = !form.busy && !form.passphrase.is_empty() && form.passphrase == form.repeated;
        let title = match form.busy {
            true => text("welcome-busy"),
            false => text("welcome-create"),
        };
        let create = ui.add_enabled_ui(ready, |ui| button::primary(ui, title)).inner;
        if ready && (create.clicked() || fields) {
            commands.push(Command::CreateJournal);
        }
    });
}

/// Whether the person pressed Enter in the last field.
fn fields(ui: &mut Ui, form: &mut PassphraseForm) -> bool {
    let first = passphrase_field(ui, text("welcome-passphrase"), &mut form.passphrase);
    if !form.busy && ui.memory(|memory| memory.focused().is_none()) {
        first.request_focus();
    }
    strength_note(ui, &form.passphrase);
    ui.add_space(6.0);
    let second = passphrase_field(ui, text("welcome-repeat"), &mut form.repeated);
    if !form.repeated.is_empty() && !form.passphrase.starts_with(form.repeated.as_str()) {
        label::problem(ui, text("welcome-differs"));
    } else if form.passphrase != form.repeated || form.passphrase.is_empty() {
        label::note(ui, String::new());
    } else {
        label::note(ui, text("welcome-same"));
    }
    second.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

/// How strong what is typed is, in words.
pub(super) fn strength_note(ui: &mut Ui, passphrase: &str) {
    let tokens = ui.tokens();
    let (words, ink) = match strength(passphrase) {
        _ if passphrase.is_empty() => (text("strength-none"), tokens.ink_soft),
        Strength::Weak => (text("strength-weak"), tokens.danger),
        Strength::Fair => (text("strength-fair"), tokens.ink),
        Strength::Good => (text("strength-good"), tokens.ink),
        Strength::Strong => (text("strength-strong"), tokens.ink),
    };
    ui.add(egui::Label::new(egui::RichText::new(words).size(SMALL_SIZE).color(ink)).wrap());
}
