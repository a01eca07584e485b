//! The open entry, in a column of a width that reads well.
use std::{ops::Range, sync::Arc};

use egui::{
    Align, FontId, Frame, Galley, Id, Margin, Role, ScrollArea, TextBuffer, TextEdit, Ui,
    WidgetInfo,
    text::{CCursor, CCursorRange, CharIndex},
    text_edit::{TextEditOutput, TextEditState},
};
use vault::EntryId;

use crate::{
    command::Command,
    draft::GraphemeText,
    settings::Settings,
    state::{Focus, Journal, Lit},
    text::text,
    theme::UiTokens,
    widget::{
        button, label,
        markdown::{self, Face},
    },
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
                lit_note(ui, journal, commands);
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
    let lit = lit_ranges(journal);
    let mut layouter = |ui: &Ui, buffer: &dyn TextBuffer, width: f32| -> Arc<Galley> {
        let face = Face::new(settings, ui.tokens());
        let job = markdown::layout(buffer.as_str(), width, &face, &lit);
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
    scroll_to_lit(ui, journal, &output, &lit);
    let response = &output.response.response;
    if response.changed() {
        journal.draft.touch();
        journal.lit = None;
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

/// Where the open entry's text is lit up, in bytes and in order.
fn lit_ranges(journal: &Journal) -> Vec<Range<usize>> {
    let text = &journal.draft.content.text;
    let lit = journal.lit.iter().filter(|lit| lit.entry == journal.draft.id);
    lit.flat_map(|lit| &lit.sources).filter_map(|source| source.place(text)).collect()
}

/// Brings what is lit up into sight, once.
fn scroll_to_lit(ui: &Ui, journal: &mut Journal, output: &TextEditOutput, lit: &[Range<usize>]) {
    let is_shown = |shown: &&mut Lit| shown.scroll_due && shown.entry == journal.draft.id;
    let Some(shown) = journal.lit.as_mut().filter(is_shown) else { return };
    shown.scroll_due = false;
    let Some(first) = lit.first() else { return };
    let before = journal.draft.content.text.get(..first.start).unwrap_or_default();
    let cursor = CCursor::new(CharIndex(before.chars().count()));
    let place = output.galley.pos_from_cursor(cursor).translate(output.galley_pos.to_vec2());
    ui.scroll_to_rect(place, Some(Align::Center));
}

/// What is lit up, and a way to put it out.
fn lit_note(ui: &mut Ui, journal: &Journal, commands: &mut Vec<Command>) {
    if journal.lit.as_ref().is_some_and(|lit| lit.entry == journal.draft.id) {
        ui.horizontal(|ui| {
            label::note(ui, text("lit-note"));
            if button::quiet(ui, text("lit-hide")).clicked() {
                commands.push(Command::HideSource);
            }
        });
        ui.add_space(6.0);
    }
}

fn hint(font: FontId) -> egui::RichText {
    egui::RichText::new(text("entry-hint")).font(font)
}
