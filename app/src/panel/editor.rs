//! The open entry, in a column of a width that reads well.
use std::sync::Arc;

use egui::{
    FontId, Frame, Galley, Id, Margin, Role, ScrollArea, TextBuffer, TextEdit, Ui, WidgetInfo,
    text::{CCursor, CCursorRange, CharIndex},
    text_edit::TextEditState,
};
use vault::EntryId;

use crate::{
    command::Command,
    draft::GraphemeText,
    settings::Settings,
    state::{Focus, Journal},
    text::text,
    theme::UiTokens,
    widget::markdown::{self, Face},
};

mod header;
mod prompt;

/// Width of the column, of the size of its text: about 68 characters.
const COLUMN: f32 = 32.0;
/// Room above the entry, in points.
const TOP: f32 = 56.0;

/// Room for the files' buttons below the text, and for each file, in points.
const BELOW: f32 = 76.0;
const ROW: f32 = 38.0;

/// Draws it.
pub fn ui(ui: &mut Ui, journal: &mut Journal, settings: &Settings, commands: &mut Vec<Command>) {
    let id = journal.draft.id;
    ScrollArea::vertical().id_salt(("entry", id.0)).auto_shrink(false).show(ui, |ui| {
        let width = (COLUMN * settings.text_size).min(ui.available_width() - 48.0);
        let side = ((ui.available_width() - width) / 2.0).max(24.0);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.add_space(side);
            ui.vertical(|ui| {
                ui.set_width(width);
                ui.add_space(TOP);
                header::ui(ui, journal, settings, commands);
                ui.add_space(14.0);
                super::versions::ui(ui, &journal.keeping.about, commands);
                body(ui, journal, settings, commands);
                ui.add_space(18.0);
                if prompt::is_due(journal) {
                    prompt::ui(ui, journal, commands);
                    ui.add_space(18.0);
                }
                super::attachments::ui(ui, journal, commands);
                ui.add_space(TOP);
            });
        });
    });
}

/// Drops what egui remembers of an entry's text: its undo holds whole copies.
pub fn forget(ctx: &egui::Context, id: EntryId) {
    ctx.data_mut(|data| data.remove::<TextEditState>(text_id(id)));
}

fn text_id(id: EntryId) -> Id {
    Id::unique(("entry-text", id.0))
}

fn body(ui: &mut Ui, journal: &mut Journal, settings: &Settings, commands: &mut Vec<Command>) {
    let tokens = ui.tokens();
    let id = text_id(journal.draft.id);
    let mut layouter = |ui: &Ui, buffer: &dyn TextBuffer, width: f32| -> Arc<Galley> {
        let face = Face::new(settings, ui.tokens());
        let job = markdown::layout(buffer.as_str(), width, &face);
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    };
    let face = Face::new(settings, tokens);
    // What lies below the text is in sight, however little is written.
    let below = BELOW + ROW * journal.keeping.about.files.len() as f32;
    let asks = prompt::is_due(journal);
    let below = below + if asks { prompt::ROOM } else { 0.0 };
    let left = (ui.available_height() - TOP - below).max(240.0);
    let mut buffer = GraphemeText(&mut journal.draft.content.text);
    let output = TextEdit::multiline(&mut buffer)
        .id(id)
        .hint_text(hint(face.font_id()))
        .frame(Frame::NONE)
        .margin(Margin::ZERO)
        .desired_width(f32::INFINITY)
        .min_size(egui::vec2(0.0, left))
        .lock_focus(true)
        .layouter(&mut layouter)
        .show(ui);
    let response = &output.response.response;
    response
        .widget_info(|| WidgetInfo::labeled(Role::MultilineTextInput, true, text("entry-label")));
    if response.changed() {
        journal.draft.touch();
    }
    if response.lost_focus() {
        commands.push(Command::Save);
    }
    match journal.focus {
        Some(Focus::Text) => response.request_focus(),
        Some(Focus::TextEnd) => {
            response.request_focus();
            let end = journal.draft.content.text.chars().count();
            let mut state = output.state;
            state.cursor.set_char_range(Some(CCursorRange::one(CCursor::new(CharIndex(end)))));
            state.store(ui.ctx(), id);
        }
        Some(Focus::Search) | None => return,
    }
    journal.focus = None;
}

fn hint(font: FontId) -> egui::RichText {
    egui::RichText::new(text("entry-hint")).font(font)
}
