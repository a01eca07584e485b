//! A comparison to be read: what went is struck out, what came is underlined.
use egui::{FontId, Label, Stroke, TextFormat, Ui, text::LayoutJob};

use crate::{
    keeping::diff::{Change, Part},
    theme::{UI_SIZE, UiTokens},
};

/// Draws it, selectable.
pub fn ui(ui: &mut Ui, parts: &[Part]) {
    let tokens = ui.tokens();
    let mut job = LayoutJob::default();
    job.wrap.max_width = ui.available_width();
    for part in parts {
        let base = TextFormat {
            font_id: FontId::proportional(UI_SIZE),
            color: tokens.ink,
            line_height: Some(22.0),
            ..TextFormat::default()
        };
        let format = match part.change {
            Change::Same => base,
            Change::Gone => TextFormat {
                color: tokens.danger,
                strikethrough: Stroke::new(1.0, tokens.danger),
                ..base
            },
            Change::New => TextFormat {
                color: tokens.accent,
                underline: Stroke::new(1.5, tokens.accent),
                background: tokens.highlight,
                ..base
            },
        };
        job.append(&part.text, 0.0, format);
    }
    ui.add(Label::new(job).wrap().selectable(true));
}
