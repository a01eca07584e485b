//! One quiet line: how saving stands, and what else there is to do.
use egui::{Align, Frame, Layout, Margin, Panel, RichText, Ui};

use crate::{
    command::{Command, Insight, Keep},
    settings::Settings,
    state::{Journal, SaveStatus},
    text::{text, text_with},
    theme::{SMALL_SIZE, UiTokens},
    widget::button,
};

/// Draws it.
pub fn ui(ui: &mut Ui, journal: &Journal, settings: &Settings, commands: &mut Vec<Command>) {
    let tokens = ui.tokens();
    let frame = Frame::NONE.fill(tokens.paper).inner_margin(Margin::symmetric(20, 8));
    Panel::bottom("status").frame(frame).show_separator_line(false).show(ui, |ui| {
        ui.horizontal(|ui| {
            save_status(ui, journal, commands);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let reflection = match settings.reflection_open {
                    true => text("status-hide-reflection"),
                    false => text("status-show-reflection"),
                };
                let insight = (Command::Insight(Insight::Show), text("insight-title"));
                let entries = [
                    Some((Command::ToggleReflection, reflection)),
                    Some(insight).filter(|_| settings.insight),
                    Some((Command::Keep(Keep::ShowTrash), text("trash-title"))),
                    Some((Command::ToggleSettings, text("status-settings"))),
                    Some((Command::Lock, text("status-lock"))),
                ];
                for (command, title) in entries.into_iter().flatten() {
                    let keys = command.shortcut().map(|keys| ui.ctx().format_shortcut(&keys));
                    let button = button::quiet(ui, title).on_hover_text(keys.unwrap_or_default());
                    if button.clicked() {
                        commands.push(command);
                    }
                }
            });
        });
    });
}

fn save_status(ui: &mut Ui, journal: &Journal, commands: &mut Vec<Command>) {
    let tokens = ui.tokens();
    let (words, ink) = match journal.save_status() {
        SaveStatus::Empty => (text("save-empty"), tokens.ink_faint),
        SaveStatus::Saving => (text("save-saving"), tokens.ink_soft),
        SaveStatus::Saved => (text("save-saved"), tokens.ink_soft),
        SaveStatus::Failed(reason) => {
            (text_with("save-failed", [("reason", reason.into())]), tokens.danger)
        }
    };
    ui.label(RichText::new(words).size(SMALL_SIZE).color(ink));
    if journal.outbox.failure().is_some() && button::quiet(ui, text("save-retry")).clicked() {
        commands.push(Command::Save);
    }
}
