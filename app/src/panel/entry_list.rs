//! The entries by day, the newest first. Only what is in sight is drawn.
use egui::{Align2, FontId, Rect, Response, Role, ScrollArea, Sense, Ui, Vec2, WidgetInfo, pos2};
use jiff::civil::Date;

use super::{day, heading_or_blank, row_name};
use crate::{
    command::Command,
    state::{EntryRow, Journal, Line},
    text::text,
    theme::{CORNER, SMALL_SIZE, UI_SIZE, UiTokens, fonts},
    widget::button,
};

/// Height of a line, in points; the same for all, so that any can be found by its number.
const ROW_HEIGHT: f32 = 38.0;
/// Width of the day before a heading, in points.
const DAY_WIDTH: f32 = 58.0;

/// Draws it.
pub fn ui(ui: &mut Ui, journal: &Journal, commands: &mut Vec<Command>) {
    let new = ui.allocate_ui(Vec2::new(ui.available_width() - 10.0, 36.0), |ui| {
        ui.centered_and_justified(|ui| button::plain(ui, text("list-new"))).inner
    });
    if new.inner.clicked() {
        commands.push(Command::NewEntry);
    }
    ui.add_space(6.0);
    if journal.rows().is_empty() {
        crate::widget::label::note(ui, text("list-empty"));
        return;
    }
    let lines = journal.lines();
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().auto_shrink(false).show_rows(
        ui,
        ROW_HEIGHT,
        lines.len(),
        |ui, shown| {
            for line in &lines[shown] {
                match line {
                    Line::Month(first) => month(ui, *first),
                    Line::Entry(index) => {
                        let row = &journal.rows()[*index];
                        let open = journal.draft.id == row.id || journal.opening == Some(row.id);
                        if entry(ui, row, open).clicked() {
                            commands.push(Command::OpenEntry(row.id));
                        }
                    }
                }
            }
        },
    );
}

fn month(ui: &mut Ui, first: Date) {
    let tokens = ui.tokens();
    let size = Vec2::new(ui.available_width(), ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let name = day(first, &text("list-month-format"));
    let at = pos2(rect.left(), rect.bottom() - 9.0);
    ui.painter().text(at, Align2::LEFT_BOTTOM, &name, fonts::serif(UI_SIZE), tokens.ink_soft);
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, &name));
}

fn entry(ui: &mut Ui, row: &EntryRow, open: bool) -> Response {
    let size = Vec2::new(ui.available_width() - 10.0, ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let heading = heading_or_blank(&row.heading);
    let name = row_name(day(row.date, &text("list-name-format")), &heading);
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, open, &name));
    if ui.is_rect_visible(rect) {
        paint(
            ui,
            row,
            &heading,
            rect,
            Look { open, over: response.hovered() || response.has_focus() },
        );
    }
    response
}

#[derive(Clone, Copy)]
struct Look {
    open: bool,
    over: bool,
}

fn paint(ui: &Ui, row: &EntryRow, heading: &str, rect: Rect, look: Look) {
    let tokens = ui.tokens();
    let fill = match look {
        Look { open: true, .. } => Some(tokens.accent_soft),
        Look { over: true, .. } => Some(tokens.hover),
        _ => None,
    };
    let outer = Rect::from_min_max(pos2(rect.left() - 8.0, rect.top() + 1.0), rect.max);
    if let Some(fill) = fill {
        ui.painter().rect_filled(outer, CORNER, fill);
    }
    let middle = rect.center().y;
    let date = day(row.date, &text("list-day-format"));
    let small = FontId::proportional(SMALL_SIZE);
    let date_ink = if look.open { tokens.accent } else { tokens.ink_soft };
    ui.painter().text(pos2(rect.left(), middle), Align2::LEFT_CENTER, date, small, date_ink);
    let left = rect.left() + DAY_WIDTH;
    let star = if row.starred { 16.0 } else { 0.0 };
    let width = rect.right() - left - 8.0 - star;
    let ink = if row.heading.is_empty() { tokens.ink_faint } else { tokens.ink };
    let mut job = egui::text::LayoutJob::simple_singleline(
        heading.to_owned(),
        FontId::proportional(UI_SIZE),
        ink,
    );
    job.wrap = egui::text::TextWrapping::truncate_at_width(width);
    let galley = ui.painter().layout_job(job);
    ui.painter().galley(pos2(left, middle - galley.size().y / 2.0), galley, ink);
    if row.starred {
        ui.painter().circle_filled(pos2(rect.right() - 10.0, middle), 3.0, tokens.accent);
    }
}
