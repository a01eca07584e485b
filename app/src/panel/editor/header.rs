//! Above the text: when it was, its title, its tags and how it felt.
use egui::{
    Align2, Button, Frame, Margin, Response, RichText, Role, Sense, Stroke, TextEdit, Ui, Vec2,
    WidgetInfo,
};

use super::super::{day, row_name};
use crate::{
    command::Command,
    draft::{Draft, GraphemeText},
    settings::Settings,
    state::Journal,
    text::text,
    theme::{SMALL_SIZE, UI_SIZE, UiTokens, fonts},
    widget::{button, label, markdown::Face},
};

/// Side of a mood's circle, in points.
const MOOD_SIZE: f32 = 22.0;

/// Draws it.
pub fn ui(ui: &mut Ui, journal: &mut Journal, settings: &Settings, commands: &mut Vec<Command>) {
    if journal.moment_open {
        moment_fields(ui, journal, commands);
    } else {
        moment(ui, journal);
    }
    ui.add_space(2.0);
    title(ui, &mut journal.draft, settings);
    ui.horizontal(|ui| {
        tags(ui, &mut journal.draft);
        mood(ui, &mut journal.draft);
        star(ui, &mut journal.draft);
        keep(ui, &mut journal.draft);
        delete(ui, journal, commands);
    });
}

fn moment(ui: &mut Ui, journal: &mut Journal) {
    let tokens = ui.tokens();
    let content = &journal.draft.content;
    let mut words = day(content.date, &text("entry-day-format"));
    if !journal.draft.time.is_empty() {
        words = format!("{words}  ·  {}", journal.draft.time);
    }
    let shown = RichText::new(&words).size(UI_SIZE).color(tokens.ink_soft);
    let response = ui.add(Button::new(shown).frame(false));
    let name = row_name(words, &text("entry-moment-edit"));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    if response.on_hover_text(text("entry-moment-edit")).clicked() {
        journal.moment_open = true;
    }
}

fn moment_fields(ui: &mut Ui, journal: &mut Journal, commands: &mut Vec<Command>) {
    let draft = &mut journal.draft;
    ui.horizontal(|ui| {
        let date = TextEdit::singleline(&mut draft.date).desired_width(110.0);
        let date = ui.add(date);
        date.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, text("entry-date")));
        let time = TextEdit::singleline(&mut draft.time).desired_width(64.0);
        let time = ui.add(time);
        time.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, text("entry-time")));
        let changed = date.changed() || time.changed();
        let taken = !changed || draft.take_moment();
        let done = button::plain(ui, text("entry-moment-done")).clicked();
        if done && draft.take_moment() {
            journal.moment_open = false;
            draft.reset_moment();
            commands.push(Command::Save);
        } else if !taken || done {
            label::problem(ui, text("entry-moment-problem"));
        }
    });
}

fn title(ui: &mut Ui, draft: &mut Draft, settings: &Settings) {
    let tokens = ui.tokens();
    let face = Face::new(settings, tokens).with_size((settings.text_size * 1.55).round());
    let mut buffer = GraphemeText(&mut draft.content.title);
    let hint = RichText::new(text("entry-title-hint")).font(face.font_id());
    let field = TextEdit::singleline(&mut buffer)
        .id_salt(("title", draft.id.0))
        .font(face.font_id())
        .text_color(tokens.ink)
        .hint_text(hint)
        .frame(Frame::NONE)
        .margin(Margin::ZERO)
        .desired_width(f32::INFINITY);
    let response = ui.add(field);
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, text("entry-title")));
    if response.changed() {
        draft.touch();
    }
}

fn tags(ui: &mut Ui, draft: &mut Draft) {
    let tokens = ui.tokens();
    let font = egui::FontId::proportional(SMALL_SIZE);
    let field = TextEdit::singleline(&mut draft.tags)
        .id_salt(("tags", draft.id.0))
        .font(font.clone())
        .text_color(tokens.ink_soft)
        .hint_text(RichText::new(text("entry-tags-hint")).font(font))
        .frame(Frame::NONE)
        .margin(Margin::ZERO)
        .min_size(Vec2::new(0.0, ui.spacing().interact_size.y))
        .align(Align2::LEFT_CENTER)
        .desired_width((ui.available_width() - 300.0).max(80.0));
    let response = ui.add(field);
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, text("entry-tags")));
    if response.changed() {
        draft.take_tags();
    }
}

/// Five circles from heavy to light; the one chosen is filled, a second click takes it back.
fn mood(ui: &mut Ui, draft: &mut Draft) {
    ui.spacing_mut().item_spacing.x = 2.0;
    for value in 1..=5 {
        let chosen = draft.content.mood == Some(value);
        if mood_button(ui, value, chosen).clicked() {
            draft.content.mood = (!chosen).then_some(value);
            draft.touch();
        }
    }
    ui.spacing_mut().item_spacing.x = 8.0;
}

fn mood_button(ui: &mut Ui, value: u8, chosen: bool) -> Response {
    let tokens = ui.tokens();
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(MOOD_SIZE), Sense::click());
    let name = mood_name(value);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, &name));
    let over = response.hovered() || response.has_focus();
    let ink = if chosen || over { tokens.accent } else { tokens.ink_faint };
    let center = rect.center();
    if chosen {
        ui.painter().circle_filled(center, 9.0, tokens.accent_soft);
    }
    ui.painter().circle_stroke(center, 7.0, Stroke::new(1.2, ink));
    // The mouth: bent down for 1, straight for 3, bent up for 5.
    let bend = (f32::from(value) - 3.0) * 1.2;
    let mouth = [-1.0_f32, -0.5, 0.0, 0.5, 1.0]
        .map(|x| center + Vec2::new(3.2 * x, 2.2 + bend * (0.5 - x * x)));
    ui.painter().add(egui::Shape::line(mouth.to_vec(), Stroke::new(1.2, ink)));
    for side in [-2.4, 2.4] {
        ui.painter().circle_filled(center + Vec2::new(side, -1.8), 0.9, ink);
    }
    response.on_hover_text(name)
}

fn mood_name(value: u8) -> String {
    match value {
        1 => text("mood-worst"),
        2 => text("mood-bad"),
        3 => text("mood-even"),
        4 => text("mood-good"),
        _ => text("mood-best"),
    }
}

fn star(ui: &mut Ui, draft: &mut Draft) {
    let tokens = ui.tokens();
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(MOOD_SIZE), Sense::click());
    let starred = draft.content.starred;
    response
        .widget_info(|| WidgetInfo::selected(Role::CheckBox, true, starred, text("entry-star")));
    let over = response.hovered() || response.has_focus();
    let (sign, ink) = match (starred, over) {
        (true, _) => ("★", tokens.accent),
        (false, true) => ("☆", tokens.accent),
        (false, false) => ("☆", tokens.ink_faint),
    };
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, sign, fonts::serif(16.0), ink);
    if response.on_hover_text(text("entry-star")).clicked() {
        draft.content.starred = !starred;
        draft.touch();
    }
}

/// An eye; struck through where the model never reads the entry.
fn keep(ui: &mut Ui, draft: &mut Draft) {
    let tokens = ui.tokens();
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(MOOD_SIZE), Sense::click());
    let kept = draft.content.kept_from_model;
    let name = text("entry-keep-from-model");
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, kept, &name));
    let over = response.hovered() || response.has_focus();
    let ink = if kept || over { tokens.accent } else { tokens.ink_faint };
    let stroke = Stroke::new(1.2, ink);
    let center = rect.center();
    for side in [-1.0_f32, 1.0] {
        let lid = [-1.0_f32, -0.5, 0.0, 0.5, 1.0]
            .map(|x| center + Vec2::new(8.0 * x, side * 4.6 * (1.0 - x * x)));
        ui.painter().add(egui::Shape::line(lid.to_vec(), stroke));
    }
    ui.painter().circle_filled(center, 2.0, ink);
    if kept {
        let corner = Vec2::new(6.0, 6.0);
        ui.painter().line_segment([center - corner, center + corner], Stroke::new(1.6, ink));
    }
    if response.on_hover_text(name).clicked() {
        draft.content.kept_from_model = !kept;
        draft.touch();
    }
}

fn delete(ui: &mut Ui, journal: &Journal, commands: &mut Vec<Command>) {
    if journal.draft.is_blank() && !journal.draft.is_stored() {
        return;
    }
    if !journal.deleting {
        if button::quiet(ui, text("entry-delete")).clicked() {
            commands.push(Command::AskDelete);
        }
        return;
    }
    if button::danger(ui, text("entry-delete-sure")).clicked() {
        commands.push(Command::Delete);
    }
    if button::quiet(ui, text("entry-delete-keep")).clicked() {
        commands.push(Command::Escape);
    }
}
