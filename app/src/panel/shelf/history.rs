//! The earlier versions of an entry, and what changed since.
use egui::{Button, RichText, Ui};

use super::super::day;
use crate::{
    command::{Command, Keep},
    state::keeping::{History, Version},
    text::{text, text_with},
    theme::UiTokens,
    widget::{button, diff, label},
};

/// Draws it.
pub(super) fn ui(ui: &mut Ui, history: &History, commands: &mut Vec<Command>) {
    label::note(ui, text("history-rule"));
    ui.add_space(8.0);
    for (at, version) in history.versions.iter().enumerate() {
        let open = history.compared.as_ref().filter(|(id, _)| *id == version.meta.id);
        let title = title(version, at == 0);
        if version.words.is_none() {
            label::note(ui, title);
            continue;
        }
        if row(ui, title, open.is_some()).clicked() {
            commands.push(Command::Keep(Keep::Compare(version.meta.id)));
        }
        if let Some((_, parts)) = open {
            ui.add_space(4.0);
            diff::ui(ui, parts);
            ui.add_space(6.0);
            if at > 0 && button::plain(ui, text("history-restore")).clicked() {
                commands.push(Command::Keep(Keep::Restore(version.meta.id)));
            }
            ui.add_space(8.0);
        }
    }
    if !history.versions.is_empty() {
        ui.add_space(8.0);
        label::note(ui, text("history-legend"));
    }
}

fn row(ui: &mut Ui, title: String, open: bool) -> egui::Response {
    let tokens = ui.tokens();
    let ink = if open { tokens.accent } else { tokens.ink };
    ui.add(Button::selectable(open, RichText::new(title).color(ink)))
}

fn title(version: &Version, newest: bool) -> String {
    let written = version.meta.written;
    let when = day(written.date(), &text("history-day-format"));
    let when = format!("{when}, {}", written.strftime("%H:%M"));
    match version.words {
        _ if version.meta.deleted => text_with("history-deleted", [("when", when.into())]),
        None => text_with("history-unreadable", [("when", when.into())]),
        Some(words) => {
            let values = [("when", when.into()), ("count", words.into())];
            if newest {
                text_with("history-newest", values)
            } else {
                text_with("history-version", values)
            }
        }
    }
}
