//! What is shown in place of the entry: its earlier versions, the trash, or people and themes.
use egui::{ScrollArea, Ui};

use crate::{
    command::{Command, Keep},
    state::{Journal, keeping::Shelf},
    text::text,
    widget::{button, label},
};

mod history;
mod insight;
mod trash;

/// Width of the column, in points.
const WIDTH: f32 = 620.0;

/// Draws it.
pub fn ui(ui: &mut Ui, journal: &mut Journal, commands: &mut Vec<Command>) {
    let side = ((ui.available_width() - WIDTH) / 2.0).max(24.0);
    ScrollArea::vertical().id_salt("shelf").auto_shrink(false).show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.add_space(side);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                ui.set_width(WIDTH.min(ui.available_width() - 24.0));
                ui.add_space(48.0);
                column(ui, journal, commands);
                ui.add_space(48.0);
            });
        });
    });
}

fn column(ui: &mut Ui, journal: &mut Journal, commands: &mut Vec<Command>) {
    let Some(shelf) = &journal.keeping.shelf else { return };
    let title = match shelf {
        Shelf::History(_) => text("history-title"),
        Shelf::Trash { .. } => text("trash-title"),
        Shelf::Insight => text("insight-title"),
    };
    label::title(ui, title);
    ui.add_space(4.0);
    if button::plain(ui, text("shelf-back")).clicked() {
        commands.push(Command::Keep(Keep::CloseShelf));
    }
    ui.add_space(10.0);
    match shelf {
        Shelf::History(history) => history::ui(ui, history, commands),
        Shelf::Insight => insight::ui(ui, &mut journal.insight, commands),
        Shelf::Trash { entries: Some(entries), asked } => {
            trash::ui(ui, entries, *asked, commands);
        }
        Shelf::Trash { entries: None, .. } => {
            label::note(ui, text("shelf-busy"));
        }
    }
}
