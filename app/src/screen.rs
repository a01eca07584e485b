//! What fills the window.
pub mod journal;
pub mod locking;
pub mod settings;
pub mod unlock;
pub mod welcome;

use egui::{Align, Frame, Layout, Margin, Ui, Vec2};

use crate::theme::{CORNER, UiTokens};

/// Width of a card in the middle of the window, in points.
const CARD_WIDTH: f32 = 440.0;

/// A sheet of paper in the middle of the window.
fn card(ui: &mut Ui, top_gap: f32, contents: impl FnOnce(&mut Ui)) {
    let tokens = ui.tokens();
    egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.vertical_centered(|ui| {
            ui.add_space(top_gap.max(24.0));
            let width = CARD_WIDTH.min(ui.available_width() - 32.0);
            Frame::NONE
                .fill(tokens.paper)
                .stroke((1.0, tokens.line))
                .corner_radius(2 * CORNER)
                .inner_margin(Margin::symmetric(40, 36))
                .show(ui, |ui| {
                    ui.set_width(width - 80.0);
                    let layout = Layout::top_down(Align::Min);
                    ui.with_layout(layout, contents);
                });
            ui.add_space(24.0);
        });
    });
}

/// A labelled field for a passphrase.
fn passphrase_field(ui: &mut Ui, label: String, value: &mut String) -> egui::Response {
    // By its name: what appears above it must not take the keyboard away.
    let salt = label.clone();
    let label = crate::widget::label::heading(ui, label);
    let field = egui::TextEdit::singleline(value)
        .id_salt(salt)
        .password(true)
        .desired_width(f32::INFINITY)
        .margin(Margin::symmetric(12, 9))
        .min_size(Vec2::new(0.0, 38.0));
    ui.add(field).labelled_by(label.id)
}
