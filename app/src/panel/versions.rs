//! Above the text: the other versions of an entry that was changed in two places.
use egui::{Frame, Margin, ScrollArea, Ui};

use crate::{
    command::{Command, Keep},
    state::keeping::About,
    text::text,
    theme::{CORNER, UiTokens},
    widget::{button, diff, label},
};

/// Height that another version may take, in points.
const HEIGHT: f32 = 180.0;

/// Draws it, where there is another version.
pub fn ui(ui: &mut Ui, about: &About, commands: &mut Vec<Command>) {
    if about.others.is_empty() {
        return;
    }
    let tokens = ui.tokens();
    let frame = Frame::NONE
        .fill(tokens.accent_soft)
        .corner_radius(CORNER)
        .inner_margin(Margin::symmetric(16, 12));
    frame.show(ui, |ui| {
        label::heading(ui, text("versions-title"));
        label::body(ui, text("versions-hint"));
        for (at, other) in about.others.iter().enumerate() {
            ui.add_space(6.0);
            ScrollArea::vertical()
                .id_salt(("other version", at))
                .max_height(HEIGHT)
                .show(ui, |ui| diff::ui(ui, &other.parts));
            ui.add_space(6.0);
            if button::plain(ui, text("versions-that")).clicked() {
                commands.push(Command::Keep(Keep::KeepThat(other.revision)));
            }
        }
        ui.horizontal(|ui| {
            if button::plain(ui, text("versions-this")).clicked() {
                commands.push(Command::Keep(Keep::KeepThis));
            }
            if button::plain(ui, text("versions-both")).clicked() {
                commands.push(Command::Keep(Keep::KeepBoth));
            }
        });
        label::note(ui, text("versions-legend"));
    });
    ui.add_space(14.0);
}
