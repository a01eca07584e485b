//! What fills the window.
pub mod journal;
pub mod locking;
pub mod picker;
pub mod settings;
pub mod unlock;
pub mod welcome;

use egui::{Align, Frame, Layout, Margin, Response, Role, TextEdit, Ui, Vec2, WidgetInfo};

use crate::{
    command::{Command, PickerWish},
    state::picker::Target,
    text::text,
    theme::{CORNER, UiTokens},
    widget::{button, label},
};

/// Width of a card in the middle of the window, in points.
const CARD_WIDTH: f32 = 440.0;
/// Room for the button beside a path, in points.
const CHOOSE_WIDTH: f32 = 104.0;

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
fn passphrase_field(ui: &mut Ui, label: String, value: &mut String) -> Response {
    // By its name: what appears above it must not take the keyboard away.
    let salt = label.clone();
    let label = label::heading(ui, label);
    let field = TextEdit::singleline(value)
        .id_salt(salt)
        .password(true)
        .desired_width(f32::INFINITY)
        .margin(Margin::symmetric(12, 9))
        .min_size(Vec2::new(0.0, 38.0));
    ui.add(field).labelled_by(label.id)
}

/// A labelled field for a path, with a button that opens the file picker for it.
fn path_field(
    ui: &mut Ui,
    label: String,
    field: TextEdit<'_>,
    target: Target,
    commands: &mut Vec<Command>,
) -> Response {
    let heading = label::note(ui, label.clone());
    ui.horizontal(|ui| {
        let width = (ui.available_width() - CHOOSE_WIDTH).max(120.0);
        let field = ui.add(field.desired_width(width)).labelled_by(heading.id);
        let choose = button::plain(ui, text("picker-open"));
        let name = format!("{label}, {}", text("picker-open"));
        choose.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        if choose.clicked() {
            commands.push(Command::Picker(PickerWish::Open(target)));
        }
        field
    })
    .inner
}
