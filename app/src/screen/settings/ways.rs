//! The settings about ways to unlock.
use egui::{TextEdit, Ui};
use vault::{SlotId, SlotKind};

use super::{
    super::{passphrase_field, path_field},
    section,
};
use crate::{
    command::{Command, Keep},
    keeping::sheet,
    paths,
    state::{
        keeping::{Done, WayForm, Ways},
        picker::Target,
    },
    text::{text, text_with},
    widget::{button, label},
};

/// Draws it.
pub(super) fn ui(ui: &mut Ui, ways: &mut Ways, commands: &mut Vec<Command>) {
    section(ui, text("ways-title"));
    let alone = ways.slots.iter().filter(|(_, kind)| opens(*kind)).count() < 2;
    for (id, kind) in ways.slots.clone() {
        slot(ui, (id, kind), alone, commands);
        if ways.form == Some(WayForm::Remove(id)) {
            remove(ui, id, commands);
        }
    }
    if alone {
        label::note(ui, text("ways-last"));
    }
    ui.add_space(4.0);
    match ways.form {
        None | Some(WayForm::Remove(_)) => choices(ui, ways, commands),
        Some(WayForm::Recovery) => recovery(ui, ways, commands),
        Some(WayForm::Sheet) => written_down(ui, ways, commands),
        Some(form) => change(ui, ways, form, commands),
    }
    told(ui, ways);
}

fn opens(kind: SlotKind) -> bool {
    !matches!(kind, SlotKind::Other(_))
}

fn slot(ui: &mut Ui, slot: (SlotId, SlotKind), alone: bool, commands: &mut Vec<Command>) {
    let name = match slot.1 {
        SlotKind::Passphrase => text("ways-passphrase"),
        SlotKind::PassphraseAndKeyFile => text("ways-passphrase-file"),
        SlotKind::Recovery => text("ways-recovery"),
        SlotKind::Other(_) => text("ways-other"),
    };
    ui.horizontal(|ui| {
        label::line(ui, name.clone());
        if !alone {
            let named = format!("{name}, {}", text("ways-remove"));
            if button::named(ui, text("ways-remove"), named).clicked() {
                commands.push(Command::Keep(Keep::OpenWay(WayForm::Remove(slot.0))));
            }
        }
    });
}

fn remove(ui: &mut Ui, id: SlotId, commands: &mut Vec<Command>) {
    label::problem(ui, text("ways-remove-hint"));
    ui.horizontal(|ui| {
        if button::danger(ui, text("ways-remove-sure")).clicked() {
            commands.push(Command::Keep(Keep::RemoveSlot(id)));
        }
        cancel(ui, commands);
    });
}

fn choices(ui: &mut Ui, ways: &Ways, commands: &mut Vec<Command>) {
    let has_recovery = ways.slots.iter().any(|(_, kind)| *kind == SlotKind::Recovery);
    let key_file = match ways.has_key_file() {
        true => (WayForm::DropKeyFile, text("ways-drop-file")),
        false => (WayForm::AddKeyFile, text("ways-add-file")),
    };
    let recovery = match has_recovery {
        true => text("ways-renew-recovery"),
        false => text("ways-make-recovery"),
    };
    ui.horizontal_wrapped(|ui| {
        for (form, title) in
            [(WayForm::Passphrase, text("ways-change")), (WayForm::Recovery, recovery), key_file]
        {
            if button::plain(ui, title).clicked() {
                commands.push(Command::Keep(Keep::OpenWay(form)));
            }
        }
    });
}

/// Another passphrase, or the same with or without a key file.
fn change(ui: &mut Ui, ways: &mut Ways, form: WayForm, commands: &mut Vec<Command>) {
    let (recovered, has_key_file) = (ways.recovered, ways.has_key_file());
    let typed = &mut ways.typed;
    if recovered {
        label::body(ui, text("ways-recovered"));
    }
    if !recovered || form != WayForm::Passphrase {
        passphrase_field(ui, text("ways-present"), &mut typed.present);
    }
    if has_key_file || form == WayForm::AddKeyFile {
        let target = match form {
            WayForm::AddKeyFile => Target::NewKeyFile,
            _ => Target::KeyFile,
        };
        let field = TextEdit::singleline(&mut typed.key_file);
        path_field(ui, text("ways-key-file"), field, target, commands);
    }
    if form == WayForm::AddKeyFile {
        label::note(ui, text("ways-key-file-hint"));
        let path = paths::typed(&typed.key_file);
        if !typed.key_file.trim().is_empty()
            && !path.exists()
            && button::plain(ui, text("ways-key-file-make")).clicked()
        {
            commands.push(Command::Keep(Keep::MakeKeyFile));
        }
    }
    let mut ready = !typed.present.is_empty() || recovered;
    if form == WayForm::Passphrase {
        passphrase_field(ui, text("ways-new"), &mut typed.new);
        super::super::welcome::strength_note(ui, &typed.new);
        passphrase_field(ui, text("ways-repeat"), &mut typed.repeated);
        ready &= !typed.new.is_empty() && typed.new == typed.repeated;
    }
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        let title = if ways.busy { text("ways-busy") } else { text("ways-apply") };
        let enabled = ready && !ways.busy;
        if ui.add_enabled_ui(enabled, |ui| button::plain(ui, title)).inner.clicked() {
            commands.push(Command::Keep(Keep::ChangePassphrase));
        }
        cancel(ui, commands);
    });
}

fn recovery(ui: &mut Ui, ways: &Ways, commands: &mut Vec<Command>) {
    label::body(ui, text("ways-recovery-hint"));
    ui.horizontal(|ui| {
        let title = if ways.busy { text("ways-busy") } else { text("ways-recovery-make") };
        if ui.add_enabled_ui(!ways.busy, |ui| button::plain(ui, title)).inner.clicked() {
            commands.push(Command::Keep(Keep::MakeRecovery));
        }
        cancel(ui, commands);
    });
}

/// The phrase just made, the sheet, and what shows that it is written down.
fn written_down(ui: &mut Ui, ways: &mut Ways, commands: &mut Vec<Command>) {
    let Some(phrase) = &ways.phrase else { return };
    label::heading(ui, text("ways-sheet-title"));
    numbered(ui, phrase);
    label::body(ui, text("ways-sheet-hint"));
    ui.add_space(6.0);
    let field = TextEdit::singleline(&mut ways.typed.sheet);
    path_field(ui, text("ways-sheet-path"), field, Target::Sheet, commands);
    if button::plain(ui, text("ways-sheet-save")).clicked() {
        commands.push(Command::Keep(Keep::SaveSheet));
    }
    if let Some(path) = &ways.sheet {
        let values = [("path", path.display().to_string().into())];
        label::note(ui, text_with("ways-sheet-saved", values));
    }
    ui.add_space(6.0);
    for (asked, typed) in sheet::asked(phrase).into_iter().zip(&mut ways.typed.parts) {
        let number = text_with("ways-part", [("number", (asked + 1).into())]);
        let heading = label::note(ui, number);
        ui.add(TextEdit::singleline(&mut **typed).desired_width(200.0)).labelled_by(heading.id);
    }
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        if button::plain(ui, text("ways-confirm")).clicked() {
            commands.push(Command::Keep(Keep::ConfirmRecovery));
        }
        if button::quiet(ui, text("ways-give-up")).clicked() {
            commands.push(Command::Keep(Keep::CloseWay));
        }
    });
}

/// The parts of a phrase as on the sheet, so that they can be counted.
fn numbered(ui: &mut Ui, phrase: &str) {
    egui::Grid::new("phrase").num_columns(4).spacing((24.0, 6.0)).show(ui, |ui| {
        for (number, part) in (1..).zip(sheet::parts(phrase)) {
            label::secret(ui, &format!("{number}. {part}"));
            if number % 4 == 0 {
                ui.end_row();
            }
        }
    });
}

fn cancel(ui: &mut Ui, commands: &mut Vec<Command>) {
    if button::quiet(ui, text("keeping-cancel")).clicked() {
        commands.push(Command::Keep(Keep::CloseWay));
    }
}

fn told(ui: &mut Ui, ways: &Ways) {
    if let Some(problem) = &ways.problem {
        label::problem(ui, problem.clone());
    }
    let words = match ways.done {
        None => return,
        Some(Done::Changed) => text("ways-changed"),
        Some(Done::Recovery) => text("ways-recovery-done"),
        Some(Done::Removed) => text("ways-removed"),
        Some(Done::KeyFileMade) => text("ways-key-file-made"),
    };
    label::body(ui, words);
}
