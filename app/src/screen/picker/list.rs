//! What lies in the folder, one row each. Only what is in sight is drawn.
use std::ffi::OsStr;

use egui::{
    Align2, Color32, FontId, Frame, Margin, Rect, Response, Role, ScrollArea, Sense, StrokeKind,
    Ui, Vec2, WidgetInfo, pos2,
    text::{LayoutJob, TextWrapping},
    vec2,
};

use super::{PickerWish, UiTokens};
use crate::{
    folder::Item,
    keeping::attachment::is_invisible,
    panel::{attachments::size, day},
    state::Picker,
    text::{text, text_with},
    theme::{CORNER, SMALL_SIZE, UI_SIZE},
    widget::label,
};

/// Height of a row, in points.
const ROW_HEIGHT: f32 = 30.0;
/// Where a name begins, from the left of its row, in points.
const NAME: f32 = 30.0;
/// Where the length and the day end, from the right of the row, in points.
const COLUMNS: [f32; 2] = [112.0, 10.0];
/// Room for both, in points.
const COLUMNS_WIDTH: f32 = 190.0;

/// Draws it.
pub(super) fn ui(ui: &mut Ui, picker: &mut Picker, wishes: &mut Vec<PickerWish>) {
    let tokens = ui.tokens();
    let frame = Frame::NONE
        .fill(tokens.field)
        .stroke((1.0, tokens.line))
        .corner_radius(CORNER)
        .inner_margin(Margin::same(6));
    frame.show(ui, |ui| {
        ui.set_min_size(ui.available_size());
        if picker.row_count() == 0 {
            label::note(ui, nothing(picker));
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        let area = ScrollArea::vertical().id_salt("picker-list").auto_shrink(false);
        area.show_rows(ui, ROW_HEIGHT, picker.row_count(), |ui, shown| {
            scroll_to_chosen(ui, picker, shown.start);
            for at in shown {
                row(ui, picker, at, wishes);
            }
        });
    });
}

/// Why there is nothing to see.
fn nothing(picker: &Picker) -> String {
    let is_known = !picker.folder.as_os_str().is_empty();
    match (is_known, picker.is_narrowed()) {
        (false, _) => String::new(),
        (true, false) => text("picker-empty"),
        (true, true) => text("picker-unlike"),
    }
}

/// Brings the chosen row into sight, once.
fn scroll_to_chosen(ui: &Ui, picker: &mut Picker, first: usize) {
    if !std::mem::take(&mut picker.scroll_due) {
        return;
    }
    let below = picker.chosen().unwrap_or(0) as f32 - first as f32;
    let at = ui.max_rect().left_top() + vec2(0.0, below * ROW_HEIGHT);
    ui.scroll_to_rect(Rect::from_min_size(at, vec2(1.0, ROW_HEIGHT)), None);
}

fn row(ui: &mut Ui, picker: &mut Picker, at: usize, wishes: &mut Vec<PickerWish>) {
    let Some(item) = picker.item(at) else { return };
    let chosen = picker.chosen() == Some(at);
    let name = shown(&item.name);
    let said = match item.is_folder {
        true => text_with("picker-folder", [("name", name.clone().into())]),
        false => name.clone(),
    };
    let (rect, response) = slot(ui, chosen, &said);
    if ui.is_rect_visible(rect) {
        paint(ui, item, &name, rect);
    }
    // By keyboard or screen reader: the second click on a row is as a double one.
    let again = chosen && response.clicked() && !response.clicked_by(egui::PointerButton::Primary);
    // One who clicks to choose and then twice to open has clicked three times.
    if response.double_clicked() || response.triple_clicked() || again {
        wishes.extend(picker.enter());
    } else if response.clicked() || response.gained_focus() {
        picker.choose(at);
    }
}

/// A place to go to.
pub(super) fn place(ui: &mut Ui, name: &str, is_here: bool) -> Response {
    let (rect, response) = slot(ui, is_here, name);
    let ink = if is_here { ui.tokens().accent } else { ui.tokens().ink };
    words(ui, name, Rect::from_min_max(pos2(rect.left() + 10.0, rect.top()), rect.max), ink);
    response
}

/// Room for a row, with the ground it stands on.
fn slot(ui: &mut Ui, chosen: bool, name: &str) -> (Rect, Response) {
    let tokens = ui.tokens();
    let size = Vec2::new(ui.available_width(), ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, chosen, name));
    let fill = match (chosen, response.hovered() || response.has_focus()) {
        (true, _) => Some(tokens.accent_soft),
        (false, true) => Some(tokens.hover),
        (false, false) => None,
    };
    if let Some(fill) = fill {
        ui.painter().rect_filled(rect.shrink2(vec2(0.0, 1.0)), CORNER, fill);
    }
    (rect, response)
}

fn paint(ui: &Ui, item: &Item, name: &str, rect: Rect) {
    let tokens = ui.tokens();
    let columns = if item.is_folder { 10.0 } else { COLUMNS_WIDTH };
    let middle = rect.center().y;
    if item.is_folder {
        folder_sign(ui, pos2(rect.left() + 10.0, middle));
    }
    let room = Rect::from_min_max(
        pos2(rect.left() + NAME, rect.top()),
        pos2(rect.right() - columns, rect.bottom()),
    );
    words(ui, name, room, tokens.ink);
    let format = text("picker-date-format");
    let facts = [item.length.map(size), item.changed.map(|date| day(date, &format))];
    for (fact, from_right) in facts.into_iter().zip(COLUMNS) {
        let at = pos2(rect.right() - from_right, middle);
        let font = FontId::proportional(SMALL_SIZE);
        let fact = fact.unwrap_or_default();
        ui.painter().text(at, Align2::RIGHT_CENTER, fact, font, tokens.ink_soft);
    }
}

/// One line, cut where its room ends.
fn words(ui: &Ui, words: &str, room: Rect, ink: Color32) {
    let font = FontId::proportional(UI_SIZE);
    let mut job = LayoutJob::simple_singleline(words.to_owned(), font, ink);
    job.wrap = TextWrapping::truncate_at_width(room.width());
    let galley = ui.painter().layout_job(job);
    ui.painter().galley(pos2(room.left(), room.center().y - galley.size().y / 2.0), galley, ink);
}

/// The outline of a folder, its left in the middle of its height given.
fn folder_sign(ui: &Ui, left: egui::Pos2) {
    let stroke = (1.2, ui.tokens().ink_soft);
    let body = Rect::from_min_size(left + vec2(0.0, -4.0), vec2(13.0, 9.0));
    ui.painter().rect_stroke(body, 1.5, stroke, StrokeKind::Middle);
    let tab = [body.left_top() + vec2(1.0, -2.0), body.left_top() + vec2(5.0, -2.0)];
    ui.painter().line_segment(tab, stroke);
}

/// A name as it is shown: what would turn the order of its letters, or hide some, becomes a line.
pub(super) fn shown(name: &OsStr) -> String {
    let name = name.to_string_lossy();
    name.chars().map(|c| if is_invisible(c) { '_' } else { c }).collect()
}
