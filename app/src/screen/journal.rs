//! The open journal: the list, the entry, the reflection.
use std::path::Path;

use egui::{CentralPanel, Frame, Margin, Panel, Ui};

use crate::{
    command::Command,
    panel,
    settings::Settings,
    state::Journal,
    theme::{LIST_WIDTH, MARGIN, REFLECTION_WIDTH, UiTokens},
};

/// Draws it.
pub fn ui(
    ui: &mut Ui,
    journal: &mut Journal,
    settings: &mut Settings,
    model: Option<&Path>,
    commands: &mut Vec<Command>,
) {
    panel::copies::ui(ui, journal, commands);
    let tokens = ui.tokens();
    let margin = Margin { left: MARGIN, right: 8, top: 18, bottom: 12 };
    Panel::left("list")
        .exact_size(LIST_WIDTH)
        .resizable(false)
        .show_separator_line(false)
        .frame(Frame::NONE.fill(tokens.panel).inner_margin(margin))
        .show(ui, |ui| left(ui, journal, commands));
    if settings.reflection_open {
        Panel::right("reflection")
            .exact_size(REFLECTION_WIDTH)
            .resizable(false)
            .show_separator_line(false)
            .frame(Frame::NONE.fill(tokens.panel).inner_margin(Margin::same(MARGIN)))
            .show(ui, |ui| panel::reflection::ui(ui, journal, settings, model, commands));
    }
    CentralPanel::default().frame(Frame::NONE.fill(tokens.paper)).show(ui, |ui| {
        panel::status_bar::ui(ui, journal, settings, commands);
        match journal.keeping.shelf {
            Some(_) => panel::shelf::ui(ui, journal, commands),
            None => panel::editor::ui(ui, journal, settings, commands),
        }
    });
}

fn left(ui: &mut Ui, journal: &mut Journal, commands: &mut Vec<Command>) {
    panel::search::field(ui, journal, commands);
    ui.add_space(8.0);
    if journal.search.text.trim().is_empty() {
        panel::entry_list::ui(ui, journal, commands);
    } else {
        panel::search::results(ui, journal, commands);
    }
}
