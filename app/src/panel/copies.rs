//! Above everything: another copy of this journal was found, or entries have two versions.
use egui::{Frame, Margin, Panel, Ui};

use crate::{
    command::{Command, Keep},
    state::Journal,
    text::{text, text_with},
    theme::UiTokens,
    widget::{button, label},
};

/// Draws it, where there is something to tell.
pub fn ui(ui: &mut Ui, journal: &Journal, commands: &mut Vec<Command>) {
    let keeping = &journal.keeping;
    let unseen = keeping.conflicting.iter().find(|id| **id != journal.draft.id);
    if keeping.copies.is_empty() && unseen.is_none() {
        return;
    }
    let tokens = ui.tokens();
    let frame = Frame::NONE.fill(tokens.accent_soft).inner_margin(Margin::symmetric(20, 8));
    Panel::top("copies").frame(frame).show_separator_line(false).show(ui, |ui| {
        if let Some(copy) = keeping.copies.first() {
            let name = copy.file_name().unwrap_or_default().to_string_lossy();
            let name: String = name.chars().filter(|c| !c.is_control()).collect();
            label::body(ui, text_with("copies-found", [("name", name.into())]));
            ui.horizontal(|ui| {
                let merge = match keeping.merging {
                    true => text("copies-merging"),
                    false => text("copies-merge"),
                };
                let idle = !keeping.merging;
                let merge = ui.add_enabled_ui(idle, |ui| button::plain(ui, merge)).inner;
                if merge.clicked() {
                    commands.push(Command::Keep(Keep::Merge));
                }
                if button::quiet(ui, text("copies-not-now")).clicked() {
                    commands.push(Command::Keep(Keep::NotNow));
                }
            });
        } else if let Some(id) = unseen {
            ui.horizontal(|ui| {
                let count = keeping.conflicting.len();
                let open = button::plain(ui, text("versions-open"));
                if open.clicked() {
                    commands.push(Command::OpenEntry(*id));
                }
                label::body(ui, text_with("versions-count", [("count", count.into())]));
            });
        }
    });
}
