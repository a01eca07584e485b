//! What an empty page of today may ask: one question, and nothing is written unless the person takes it.
use egui::{Button, RichText, Ui};
use jiff::Zoned;

use crate::{
    command::{Command, Insight},
    state::Journal,
    text::text,
    theme::{UI_SIZE, UiTokens, fonts},
    widget::button,
};

/// Room that it takes below the text, in points.
pub(super) const ROOM: f32 = 120.0;

/// Whether there is one for the open page.
pub(super) fn is_due(journal: &Journal) -> bool {
    let page = journal.draft.content.date;
    journal.draft.is_blank() && journal.insight.prompt(page, Zoned::now().date()).is_some()
}

/// Draws it.
pub(super) fn ui(ui: &mut Ui, journal: &Journal, commands: &mut Vec<Command>) {
    let Some(prompt) = journal.insight.prompts.first() else { return };
    let tokens = ui.tokens();
    let words =
        RichText::new(&prompt.text).font(fonts::serif(UI_SIZE + 2.0)).color(tokens.ink_soft);
    ui.add(egui::Label::new(words).wrap().selectable(false));
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        let wishes = [
            (Insight::Take, text("prompt-take")),
            (Insight::Another, text("prompt-another")),
            (Insight::Enough, text("prompt-enough")),
        ];
        for (wish, title) in wishes {
            if button::quiet(ui, title).clicked() {
                commands.push(Command::Insight(wish));
            }
        }
        if let Some((id, _)) = prompt.entry {
            let title = RichText::new(text("prompt-entry")).color(tokens.accent);
            if ui.add(Button::new(title).frame(false)).clicked() {
                commands.push(Command::OpenEntry(id));
            }
        }
    });
}
