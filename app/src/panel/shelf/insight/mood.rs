//! How the person said that it felt, as a plain line over time; nothing is added to it.
use egui::{Align2, Pos2, Rect, Role, Sense, Stroke, Ui, Vec2, WidgetInfo};
use jiff::civil::Date;

use super::super::super::day;
use crate::{
    state::insight::Insights,
    text::{text, text_with},
    theme::{SMALL_SIZE, UiTokens},
    widget::label,
};

/// Height of the picture, in points, and room beside it for what the lines mean.
const HEIGHT: f32 = 150.0;
const SIDE: f32 = 44.0;

/// Draws it.
pub(super) fn ui(ui: &mut Ui, insight: &Insights) {
    let Some(overview) = &insight.overview else { return };
    label::note(ui, text("insight-mood-rule"));
    let days: Vec<(Date, u8)> =
        overview.moods.iter().map(|(_, date, mood)| (*date, *mood)).collect();
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        label::body(ui, text("insight-mood-none"));
        return;
    };
    ui.add_space(8.0);
    let size = Vec2::new(ui.available_width() - 8.0, HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let values = [
        ("count", days.len().into()),
        ("first", day(first.0, &text("list-name-format")).into()),
        ("last", day(last.0, &text("list-name-format")).into()),
    ];
    let words = text_with("insight-mood-line", values);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    draw(ui, rect, &days);
    label::note(ui, words);
}

fn draw(ui: &Ui, rect: Rect, days: &[(Date, u8)]) {
    let (tokens, painter) = (ui.tokens(), ui.painter());
    let field = Rect::from_min_max(rect.min + Vec2::new(SIDE, 8.0), rect.max - Vec2::new(6.0, 8.0));
    for mood in 1..=5 {
        let y = height(field, mood);
        painter.hline(field.x_range(), y, Stroke::new(1.0, tokens.line));
        let font = egui::FontId::proportional(SMALL_SIZE);
        let place = Pos2::new(rect.left() + SIDE - 10.0, y);
        painter.text(place, Align2::RIGHT_CENTER, mood, font, tokens.ink_faint);
    }
    let points: Vec<Pos2> = points(field, days);
    painter.add(egui::Shape::line(points.clone(), Stroke::new(1.2, tokens.accent_soft)));
    for point in points {
        painter.circle_filled(point, 2.2, tokens.accent);
    }
}

fn points(field: Rect, days: &[(Date, u8)]) -> Vec<Pos2> {
    let Some((first, _)) = days.first() else { return Vec::new() };
    let since = |date: Date| first.until(date).map_or(0, |span| span.get_days()) as f32;
    let all = days.last().map_or(0.0, |(last, _)| since(*last)).max(1.0);
    let point = |(date, mood): &(Date, u8)| {
        let x = field.left() + field.width() * since(*date) / all;
        Pos2::new(x, height(field, *mood))
    };
    days.iter().map(point).collect()
}

fn height(field: Rect, mood: u8) -> f32 {
    field.bottom() - field.height() * f32::from(mood.clamp(1, 5) - 1) / 4.0
}
