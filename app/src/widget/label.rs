//! Text of the interface, by how much it stands out.
use egui::{Label, Response, RichText, Ui};

use crate::theme::{SMALL_SIZE, UI_SIZE, UiTokens, fonts};

/// The heading of a screen.
pub fn title(ui: &mut Ui, text: String) -> Response {
    let ink = ui.tokens().ink;
    ui.add(Label::new(RichText::new(text).font(fonts::serif(30.0)).color(ink)))
}

/// The heading of a part.
pub fn heading(ui: &mut Ui, text: String) -> Response {
    let ink = ui.tokens().ink;
    ui.add(Label::new(RichText::new(text).size(UI_SIZE).color(ink).variations([(b"wght", 600.0)])))
}

/// Ordinary text that wraps.
pub fn body(ui: &mut Ui, text: String) -> Response {
    let ink = ui.tokens().ink_soft;
    ui.add(Label::new(RichText::new(text).color(ink).line_height(Some(21.0))).wrap())
}

/// Small text that stands back.
pub fn note(ui: &mut Ui, text: String) -> Response {
    let ink = ui.tokens().ink_soft;
    ui.add(Label::new(RichText::new(text).size(SMALL_SIZE).color(ink)).wrap())
}

/// A secret to be copied by hand, one part beside the other.
pub fn secret(ui: &mut Ui, text: &str) -> Response {
    let ink = ui.tokens().ink;
    ui.add(Label::new(RichText::new(text).size(17.0).color(ink)))
}

/// One line that is cut where there is no more room.
pub fn line(ui: &mut Ui, text: String) -> Response {
    let ink = ui.tokens().ink;
    ui.add(Label::new(RichText::new(text).color(ink)).truncate())
}

/// What went wrong.
pub fn problem(ui: &mut Ui, text: String) -> Response {
    let ink = ui.tokens().danger;
    ui.add(Label::new(RichText::new(text).color(ink).line_height(Some(21.0))).wrap())
}
