//! Questions about the entry, each with room to answer; what was answered, until it is kept or thrown away.
use egui::{Frame, Margin, RichText, Role, TextEdit, Ui, WidgetInfo};

use super::{LINE, written};
use crate::{
    command::{Command, Deepen},
    reflection::{Question, Style, dialogue},
    settings::Settings,
    state::{Deeper, Journal},
    text::{text, text_with},
    theme::{CORNER, UI_SIZE, UiTokens, fonts},
    widget::{button, label},
};

/// Lines of the field that an answer is typed into.
const ROWS: usize = 3;

/// Draws how questions are worded, to choose from.
pub fn style(ui: &mut Ui, settings: &mut Settings, commands: &mut Vec<Command>) {
    let before = settings.style;
    ui.horizontal_wrapped(|ui| {
        for style in Style::ALL {
            button::choice(ui, title(style), &mut settings.style, style);
        }
    });
    if settings.style != before {
        commands.push(Command::ApplySettings);
    }
}

fn title(style: Style) -> String {
    match style {
        Style::Questions => text("style-questions"),
        Style::Gentle => text("style-gentle"),
        Style::Direct => text("style-direct"),
    }
}

/// Draws the questions, and the answers given.
pub(super) fn ui(ui: &mut Ui, journal: &mut Journal, commands: &mut Vec<Command>) {
    kept(ui, journal, commands);
    if journal.has_answers() {
        ui.add_space(10.0);
        for exchange in &journal.deeper.exchanges {
            said(ui, &exchange.question, &exchange.answer);
        }
    }
    if !journal.reflection.questions.is_empty() {
        ui.add_space(10.0);
        label::note(ui, text("reflection-questions"));
        let can_answer = journal.can_answer();
        for (index, question) in journal.reflection.questions.iter().enumerate() {
            let deeper = can_answer.then_some(&mut journal.deeper);
            show(ui, (index, question), deeper, commands);
        }
    }
    if journal.has_answers() {
        fate(ui, commands);
    }
}

/// What was kept with the entry before.
fn kept(ui: &mut Ui, journal: &Journal, commands: &mut Vec<Command>) {
    let exchanges = dialogue::kept(&journal.draft.content);
    if exchanges.is_empty() {
        return;
    }
    ui.add_space(10.0);
    label::note(ui, text("deeper-kept"));
    for exchange in &exchanges {
        said(ui, &exchange.question, &exchange.answer);
    }
    if button::plain(ui, text("deeper-drop-kept")).clicked() {
        commands.push(Command::Deepen(Deepen::DropKept));
    }
}

fn said(ui: &mut Ui, question: &str, answer: &str) {
    label::note(ui, question.to_owned());
    written(ui, answer);
    ui.add_space(6.0);
}

/// What becomes of the answers.
fn fate(ui: &mut Ui, commands: &mut Vec<Command>) {
    ui.add_space(6.0);
    ui.horizontal_wrapped(|ui| {
        for (title, what) in [
            (text("deeper-keep"), Deepen::Keep),
            (text("deeper-insert"), Deepen::Insert),
            (text("deeper-drop"), Deepen::Drop),
        ] {
            if button::plain(ui, title).clicked() {
                commands.push(Command::Deepen(what));
            }
        }
    });
    label::note(ui, text("deeper-hint"));
}

fn show(
    ui: &mut Ui,
    (index, question): (usize, &Question),
    deeper: Option<&mut Deeper>,
    commands: &mut Vec<Command>,
) {
    let tokens = ui.tokens();
    Frame::NONE
        .fill(tokens.paper)
        .stroke((1.0, tokens.line))
        .corner_radius(CORNER)
        .inner_margin(Margin::symmetric(12, 10))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let font = fonts::serif(UI_SIZE + 1.5);
            let words = RichText::new(&question.text).font(font).color(tokens.ink);
            ui.add(egui::Label::new(words.line_height(Some(LINE))).wrap().selectable(true));
            if !question.rests_on.is_empty() {
                let quote =
                    text_with("reflection-quote", [("words", question.rests_on.as_str().into())]);
                label::note(ui, quote);
            }
            match deeper {
                Some(deeper) if deeper.answering.as_ref() == Some(&question.text) => {
                    answer(ui, deeper, commands);
                }
                deeper => choices(ui, (index, question), deeper, commands),
            }
        });
}

fn choices(
    ui: &mut Ui,
    (index, question): (usize, &Question),
    deeper: Option<&mut Deeper>,
    commands: &mut Vec<Command>,
) {
    ui.horizontal(|ui| {
        if let Some(deeper) = deeper
            && button::quiet(ui, text("deeper-answer")).clicked()
        {
            deeper.answering = Some(question.text.clone());
        }
        let insert = button::quiet(ui, text("reflection-insert-short"));
        if insert.on_hover_text(text("reflection-insert")).clicked() {
            commands.push(Command::InsertQuestion(index));
        }
    });
}

fn answer(ui: &mut Ui, deeper: &mut Deeper, commands: &mut Vec<Command>) {
    let field = ui.add(
        TextEdit::multiline(&mut deeper.typed)
            .id_salt("answer")
            .hint_text(text("deeper-field-hint"))
            .desired_rows(ROWS)
            .desired_width(f32::INFINITY),
    );
    field.widget_info(|| WidgetInfo::labeled(Role::MultilineTextInput, true, text("deeper-field")));
    ui.horizontal(|ui| {
        let has_words = !deeper.typed.trim().is_empty();
        let on = ui.add_enabled_ui(has_words, |ui| button::plain(ui, text("deeper-next"))).inner;
        if on.clicked() {
            commands.push(Command::Deepen(Deepen::Answer));
        }
        if button::quiet(ui, text("deeper-cancel")).clicked() {
            deeper.answering = None;
        }
    });
}
