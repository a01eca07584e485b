//! Ask your journal: a question, and an answer in the person's own words, each with its day.
use egui::{Key, Margin, RichText, Role, TextEdit, Ui, Vec2, WidgetInfo};

use super::{place, show_sentence};
use crate::{
    command::Command,
    reflection::{
        answer::{Answer, AnswerKind},
        conversation::Turn,
    },
    state::{Conversation, Journal},
    text::text,
    theme::{UI_SIZE, UiTokens},
    widget::{button, label},
};

/// Draws the field that questions are typed into.
pub(super) fn field(ui: &mut Ui, conversation: &mut Conversation, commands: &mut Vec<Command>) {
    let width = ui.available_width() - 10.0;
    let field = ui.add(
        TextEdit::singleline(&mut conversation.typed)
            .id_salt("ask")
            .hint_text(text("ask-hint"))
            .margin(Margin::symmetric(12, 8))
            .min_size(Vec2::new(width, 36.0))
            .desired_width(width),
    );
    field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, text("ask-label")));
    if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
        commands.push(Command::AskJournal);
    }
    ui.add_space(6.0);
}

/// Draws what was asked and answered.
pub(super) fn turns(ui: &mut Ui, journal: &Journal, commands: &mut Vec<Command>) {
    let turns = &journal.conversation.turns;
    for turn in turns {
        show_turn(ui, turn, journal, commands);
    }
    if turns.is_empty() {
        return;
    }
    ui.add_space(8.0);
    let mut kept = journal.conversation.kept;
    if ui.checkbox(&mut kept, text("ask-keep")).changed() {
        commands.push(Command::ToggleKeptConversation);
    }
    if button::plain(ui, text("ask-forget")).clicked() {
        commands.push(Command::ForgetConversation);
    }
}

fn show_turn(ui: &mut Ui, turn: &Turn, journal: &Journal, commands: &mut Vec<Command>) {
    let ink = ui.tokens().ink;
    ui.add_space(8.0);
    ui.label(RichText::new(&turn.question).size(UI_SIZE).color(ink).strong());
    let Some(answer) = &turn.answer else { return };
    label::body(ui, answer.text.clone());
    for sentence in &answer.sentences {
        show_sentence(ui, sentence, journal, commands);
    }
    if answer.kind == AnswerKind::Nothing && !answer.entries.is_empty() {
        nearest(ui, answer, journal, commands);
    }
}

fn nearest(ui: &mut Ui, answer: &Answer, journal: &Journal, commands: &mut Vec<Command>) {
    label::note(ui, text("ask-nearest"));
    for id in &answer.entries {
        if button::plain(ui, place(*id, journal)).clicked() {
            commands.push(Command::OpenEntry(*id));
        }
    }
}
