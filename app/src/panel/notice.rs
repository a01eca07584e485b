//! Something to be told once, above everything.
use egui::{Frame, Margin, Panel, Ui};

use crate::{
    command::Command,
    text::text,
    theme::UiTokens,
    widget::{button, label},
};

/// Draws it.
pub fn ui(ui: &mut Ui, notice: &str, commands: &mut Vec<Command>) {
    let tokens = ui.tokens();
    let frame = Frame::NONE.fill(tokens.accent_soft).inner_margin(Margin::symmetric(20, 8));
    Panel::top("notice").frame(frame).show_separator_line(false).show(ui, |ui| {
        ui.horizontal(|ui| {
            if button::quiet(ui, text("notice-dismiss")).clicked() {
                commands.push(Command::Escape);
            }
            label::problem(ui, notice.to_owned());
        });
    });
}
