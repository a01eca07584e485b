//! Buttons: one that leads on, others that keep quiet.
use egui::{Button, CornerRadius, Response, RichText, Role, Stroke, Ui, Vec2, WidgetInfo};

use crate::theme::{CORNER, SMALL_SIZE, UiTokens};

/// The one thing to do on a screen.
pub fn primary(ui: &mut Ui, label: String) -> Response {
    let tokens = ui.tokens();
    let text = RichText::new(label).color(tokens.on_accent).variations([(b"wght", 560.0)]);
    ui.add(
        Button::new(text)
            .fill(tokens.accent)
            .stroke(Stroke::NONE)
            .corner_radius(CornerRadius::same(CORNER))
            .min_size(Vec2::new(0.0, 36.0)),
    )
}

/// Something one may do.
pub fn plain(ui: &mut Ui, label: String) -> Response {
    ui.add(Button::new(label))
}

/// Something one may do, in words alone.
pub fn quiet(ui: &mut Ui, label: String) -> Response {
    let tokens = ui.tokens();
    ui.add(
        Button::new(RichText::new(label).size(SMALL_SIZE).color(tokens.ink_soft))
            .frame_when_inactive(false)
            .stroke(Stroke::NONE),
    )
}

/// As [`quiet`], with a name that says more than the words in sight.
pub fn named(ui: &mut Ui, label: String, name: String) -> Response {
    let response = quiet(ui, label);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    response
}

/// Something that holds, which a click takes away, with a name that says so.
pub fn chip(ui: &mut Ui, label: String, name: String) -> Response {
    let tokens = ui.tokens();
    let words = RichText::new(label).size(SMALL_SIZE).color(tokens.accent);
    let response = ui.add(Button::new(words).fill(tokens.accent_soft).stroke(Stroke::NONE));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    response
}

/// Something that destroys.
pub fn danger(ui: &mut Ui, label: String) -> Response {
    let tokens = ui.tokens();
    ui.add(Button::new(RichText::new(label).color(tokens.danger)))
}

/// One of a few choices for a value; a click takes it.
pub fn choice<T: PartialEq>(ui: &mut Ui, label: String, value: &mut T, choice: T) {
    let selected = *value == choice;
    let tokens = ui.tokens();
    let (fill, ink) = match selected {
        true => (tokens.accent_soft, tokens.accent),
        false => (tokens.paper, tokens.ink_soft),
    };
    let button = Button::selectable(selected, RichText::new(label).color(ink)).fill(fill);
    if ui.add(button).clicked() {
        *value = choice;
    }
}
