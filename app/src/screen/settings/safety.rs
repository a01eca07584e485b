//! The settings about backups, and the check of the journal.
use egui::{Checkbox, TextEdit, Ui};
use jiff::civil::Date;

use super::{super::path_field, section};
use crate::{
    command::{Command, Keep},
    keeping::backup::Drill,
    panel,
    settings::Settings,
    state::{
        keeping::{Busy, Outcome, Safety},
        picker::Target,
    },
    text::{text, text_with},
    widget::{button, label},
};

/// Days of damaged entries that are named; more are counted.
const DAYS_NAMED: usize = 30;

/// Draws it; says whether the folder typed is to be taken.
pub(super) fn ui(
    ui: &mut Ui,
    settings: &mut Settings,
    safety: &mut Safety,
    commands: &mut Vec<Command>,
) -> bool {
    section(ui, text("backups-title"));
    label::note(ui, text("backups-hint"));
    ui.add_space(4.0);
    ui.add(Checkbox::new(&mut settings.backups, text("backups-daily")));
    let field =
        TextEdit::singleline(&mut safety.folder_typed).hint_text(text("backups-folder-hint"));
    let field = path_field(ui, text("backups-folder"), field, Target::Backups, commands);
    ui.add_space(4.0);
    let busy = safety.busy;
    ui.add_enabled_ui(busy.is_none(), |ui| {
        ui.horizontal(|ui| {
            if button::plain(ui, text("backups-now")).clicked() {
                commands.push(Command::Keep(Keep::BackUp));
            }
            if button::plain(ui, text("backups-check")).clicked() {
                commands.push(Command::Keep(Keep::CheckBackup));
            }
        });
    });
    match busy {
        Some(Busy::Backup) => told(ui, text("backups-busy")),
        Some(Busy::Drill) => told(ui, text("backups-drill-busy")),
        _ => outcome(ui, safety.backup.as_ref()),
    }
    section(ui, text("check-title"));
    label::note(ui, text("check-hint"));
    ui.add_space(4.0);
    let check = ui.add_enabled_ui(busy.is_none(), |ui| button::plain(ui, text("check-now")));
    if check.inner.clicked() {
        commands.push(Command::Keep(Keep::Verify));
    }
    match busy {
        Some(Busy::Check) => told(ui, text("check-busy")),
        _ => outcome(ui, safety.check.as_ref()),
    }
    field.lost_focus()
}

fn outcome(ui: &mut Ui, outcome: Option<&Outcome>) {
    match outcome {
        None => {}
        Some(Outcome::BackedUp(path)) => {
            told(ui, text_with("backups-done", [("path", path.display().to_string().into())]));
        }
        Some(Outcome::NoBackup) => told(ui, text("backups-none")),
        Some(Outcome::Drilled(drill)) => drilled(ui, drill),
        Some(Outcome::Verified { sound: true, entries, .. }) => {
            told(ui, text_with("check-sound", [("count", (*entries).into())]));
        }
        Some(Outcome::Verified { entries, damaged, .. }) => is_damaged(ui, *entries, damaged),
        Some(Outcome::Failed(reason)) => {
            let words = text_with("check-failed", [("reason", reason.as_str().into())]);
            label::problem(ui, words);
        }
    }
}

fn drilled(ui: &mut Ui, drill: &Drill) {
    let path = drill.path.display().to_string();
    match drill.sound {
        true => told(ui, text_with("backups-sound", [("path", path.into())])),
        false => {
            label::problem(ui, text_with("backups-damaged", [("path", path.into())]));
        }
    }
    let counts = [("entries", drill.entries.into()), ("words", drill.words.into())];
    let mut holds = text_with("backups-holds", counts);
    if let Some(last) = drill.last {
        let date = panel::day(last, &text("entry-day-format"));
        holds = format!("{holds} {}", text_with("backups-last", [("date", date.into())]));
    }
    told(ui, holds);
    if !drill.same_secrets {
        told(ui, text("backups-older-secrets"));
    }
}

fn is_damaged(ui: &mut Ui, entries: usize, damaged: &[Date]) {
    label::problem(ui, text_with("check-damaged", [("count", entries.into())]));
    if !damaged.is_empty() {
        let format = text("list-name-format");
        let named = damaged.iter().take(DAYS_NAMED).map(|date| panel::day(*date, &format));
        let mut days: Vec<_> = named.collect();
        match damaged.len().saturating_sub(DAYS_NAMED) {
            0 => {}
            more => days.push(format!("+ {more}")),
        }
        label::problem(ui, text_with("check-days", [("days", days.join(", ").into())]));
    }
    told(ui, text("check-advice"));
}

fn told(ui: &mut Ui, words: String) {
    label::body(ui, words);
}
