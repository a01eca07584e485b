//! What the model makes of entries: a summary, questions, always with what they rest on.
mod conversation;
pub mod questions;
mod summary;

use std::path::Path;

use egui::{Button, ProgressBar, Response, RichText, Role, ScrollArea, Ui, WidgetInfo};
use vault::EntryId;

use super::day;
use crate::{
    command::Command,
    reflection::{Sentence, Summary},
    settings::Settings,
    state::{Journal, Scope, Stage},
    text::{text, text_with},
    theme::{SMALL_SIZE, UI_SIZE, UiTokens, fonts},
    widget::{button, label},
};

/// Line height of the model's text, in points.
const LINE: f32 = 22.0;

/// Draws it.
pub fn ui(
    ui: &mut Ui,
    journal: &mut Journal,
    settings: &mut Settings,
    model: Option<&Path>,
    commands: &mut Vec<Command>,
) {
    label::heading(ui, text("reflection-title"));
    let stage = journal.reflection.stage;
    conversation::field(ui, &mut journal.conversation, commands);
    match model {
        Some(_) => _ = ui.add_enabled_ui(!stage.is_busy(), |ui| wishes(ui, settings, commands)),
        None => _ = label::body(ui, text("reflection-no-model")),
    }
    if stage.is_busy() {
        progress(ui, stage, commands);
    }
    ui.add_space(6.0);
    ScrollArea::vertical()
        .id_salt("reflection")
        .auto_shrink(false)
        .stick_to_bottom(stage == Stage::Writing)
        .show(ui, |ui| contents(ui, journal, commands));
}

fn wishes(ui: &mut Ui, settings: &mut Settings, commands: &mut Vec<Command>) {
    label::note(ui, text("reflection-summarise"));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().button_padding.x = 10.0;
        ui.spacing_mut().item_spacing.x = 6.0;
        let scopes = [
            (Scope::Entry, text("reflection-entry"), text("reflection-entry-name")),
            (Scope::Day, text("reflection-day"), text("reflection-day-name")),
            (Scope::Week, text("reflection-week"), text("reflection-week-name")),
            (Scope::Month, text("reflection-month"), text("reflection-month-name")),
            (Scope::Year, text("reflection-year"), text("reflection-year-name")),
        ];
        for (scope, title, name) in scopes {
            let response = button::plain(ui, title);
            response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &name));
            if response.on_hover_text(name).clicked() {
                commands.push(Command::Summarise(scope));
            }
        }
    });
    ui.add_space(2.0);
    label::note(ui, text("reflection-style"));
    questions::style(ui, settings, commands);
    if button::plain(ui, text("reflection-ask")).clicked() {
        commands.push(Command::Ask);
    }
}

fn progress(ui: &mut Ui, stage: Stage, commands: &mut Vec<Command>) {
    let tokens = ui.tokens();
    ui.horizontal(|ui| {
        if button::plain(ui, text("reflection-stop")).clicked() {
            commands.push(Command::Stop);
        }
        let words = match stage {
            Stage::Idle => String::new(),
            Stage::Preparing => text("reflection-preparing"),
            Stage::Reading(part) => {
                let percent = (part * 100.0).round() as i64;
                text_with("reflection-reading", [("percent", percent.into())])
            }
            Stage::Writing => text("reflection-writing"),
            Stage::Stopping => text("reflection-stopping"),
        };
        label::note(ui, words);
    });
    if let Stage::Reading(part) = stage {
        ui.add(ProgressBar::new(part).desired_height(4.0).fill(tokens.accent));
    }
}

fn contents(ui: &mut Ui, journal: &mut Journal, commands: &mut Vec<Command>) {
    let reflection = &journal.reflection;
    conversation::turns(ui, journal, commands);
    if let Some(problem) = &reflection.problem {
        label::problem(ui, problem.clone());
    }
    if let Some(care) = reflection.care {
        written(ui, care.text());
        ui.add_space(6.0);
    }
    if !reflection.streamed.is_empty() {
        written(ui, &reflection.streamed);
    }
    // The fixed text stands alone: no model has a part in it.
    let is_told = |summary: &&Summary| !summary.sentences.is_empty() || reflection.care.is_none();
    let summary = reflection.summary.as_ref().filter(is_told);
    if let Some(summary) = summary {
        summary::ui(ui, journal, summary, commands);
    }
    let is_worded = summary.is_some_and(|it| it.sentences.iter().any(|told| !told.quoted));
    questions::ui(ui, journal, commands);
    if is_worded {
        ui.add_space(10.0);
        label::note(ui, text("reflection-honest"));
    }
}

/// Text while it is written.
fn written(ui: &mut Ui, words: &str) {
    let ink = ui.tokens().ink;
    let words = RichText::new(words).font(fonts::serif(UI_SIZE + 1.5)).color(ink);
    ui.add(egui::Label::new(words.line_height(Some(LINE))).wrap().selectable(true));
}

/// Whose words a sentence is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Voice {
    Person,
    Model,
}

impl Voice {
    fn of(quoted: bool) -> Self {
        if quoted { Self::Person } else { Self::Model }
    }
}

/// Draws a sentence; the person's own words as a quotation.
fn told(ui: &mut Ui, sentence: &str, voice: Voice) -> Response {
    let tokens = ui.tokens();
    let (words, ink) = match voice {
        Voice::Person => {
            (text_with("reflection-quote", [("words", sentence.trim().into())]), tokens.ink_soft)
        }
        Voice::Model => (sentence.trim().to_owned(), tokens.ink),
    };
    let font = fonts::serif(UI_SIZE + 1.5);
    let words = RichText::new(words).font(font).color(ink).line_height(Some(LINE));
    ui.add(Button::new(words).wrap().frame(false))
}

/// A sentence leads to the entry it rests on.
fn show_sentence(ui: &mut Ui, sentence: &Sentence, journal: &Journal, commands: &mut Vec<Command>) {
    let response = told(ui, &sentence.text, Voice::of(sentence.quoted));
    let Some(source) = sentence.sources.first() else { return };
    let place = place(*source, journal);
    let source_note = RichText::new(&place).size(SMALL_SIZE).color(ui.tokens().accent);
    let link = ui.add(Button::new(source_note).frame(false)).on_hover_text(text("reflection-open"));
    if response.on_hover_text(place).clicked() || link.clicked() {
        commands.push(Command::OpenEntry(*source));
    }
}

fn place(source: EntryId, journal: &Journal) -> String {
    journal.row(source).map_or_else(
        || text("reflection-open"),
        |row| day(row.date, &text("reflection-source-format")),
    )
}
