//! A summary: its sentences, each of which leads to what it rests on, and how it was made.
use egui::{Button, RichText, Ui};
use jiff::civil::Date;

use super::Voice;
use crate::{
    command::Command,
    panel::day,
    reflection::{Summary, Told},
    state::{Journal, Reflection},
    text::{text, text_with},
    theme::{SMALL_SIZE, UiTokens},
    widget::{button, label},
};

/// Digits of the model's hash that are shown.
const HASH: usize = 12;

/// Draws it.
pub(super) fn ui(ui: &mut Ui, journal: &Journal, summary: &Summary, commands: &mut Vec<Command>) {
    let mut day_before = None;
    for (index, told) in summary.sentences.iter().enumerate() {
        let date = told.sources.first().map(|source| source.date);
        if date != day_before {
            date.into_iter().for_each(|date| heading(ui, date));
            day_before = date;
        }
        sentence(ui, index, told, commands);
    }
    ui.add_space(6.0);
    notes(ui, &journal.reflection, summary);
    if button::quiet(ui, text("summary-delete")).clicked() {
        commands.push(Command::DeleteSummary);
    }
}

fn heading(ui: &mut Ui, date: Date) {
    ui.add_space(4.0);
    label::note(ui, day(date, &text("reflection-source-format")));
}

fn sentence(ui: &mut Ui, index: usize, told: &Told, commands: &mut Vec<Command>) {
    let accent = ui.tokens().accent;
    let response = super::told(ui, &told.text, Voice::of(told.quoted));
    if response.on_hover_text(text("summary-show-source")).clicked() {
        commands.push(Command::ShowSource { sentence: index, source: 0 });
    }
    // One that rests on several entries leads to each.
    for (at, source) in told.sources.iter().enumerate().skip(1) {
        let place = day(source.date, &text("reflection-source-format"));
        let link = RichText::new(place).size(SMALL_SIZE).color(accent);
        if ui.add(Button::new(link).frame(false)).clicked() {
            commands.push(Command::ShowSource { sentence: index, source: at });
        }
    }
}

fn notes(ui: &mut Ui, reflection: &Reflection, summary: &Summary) {
    if !summary.complete {
        label::note(ui, text("reflection-stopped"));
    }
    if reflection.is_stale {
        label::note(ui, text("summary-stale"));
    }
    let used = [
        ("used", summary.entries_used.into()),
        ("total", summary.entries_total.into()),
        ("kept", summary.entries_kept.into()),
        ("told", summary.told_words().into()),
        ("words", summary.words.into()),
    ];
    label::note(ui, text_with("reflection-used", used));
    let origin = &summary.origin;
    let made = [
        ("model", origin.model.clone().into()),
        ("hash", origin.hash.chars().take(HASH).collect::<String>().into()),
        ("seed", origin.seed.into()),
        ("prompts", origin.prompts.clone().into()),
    ];
    label::note(ui, text_with("summary-made", made));
}
