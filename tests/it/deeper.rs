//! Going deeper in the window: what was answered stays with the entry, whatever is opened meanwhile.
use egui::{Key, Modifiers};
use inglenook::{
    reflection::dialogue::{self, Exchange},
    state::Stage,
};
use tests::{
    desk::{Desk, journal},
    script,
};

const TEXT: &str = "I want to call Peter before the funeral stone is set.";
const ANSWER: &str = "I am afraid that he blames me.";

/// A journal with one entry that was asked about.
fn asked() -> Desk {
    let mut desk = Desk::with_model(script::model("")).unlocked();
    desk.write(TEXT);
    desk.wait_for_save();
    desk.settle("the model is found", |app| app.state().model.is_some());
    desk.click("Ask me");
    desk.settle("it is asked about", |app| {
        journal(app).is_some_and(|journal| !journal.reflection.questions.is_empty())
    });
    desk.step();
    desk
}

fn kept(desk: &Desk) -> Vec<Exchange> {
    dialogue::kept(&desk.journal().draft.content)
}

#[test]
fn an_answer_leads_to_a_question_and_is_kept_with_the_entry() {
    let mut desk = asked();
    desk.click_last("Answer…");
    desk.type_into("Your answer", ANSWER);
    desk.click("Ask on");
    desk.settle("the next question is there", |app| {
        journal(app).is_some_and(|journal| journal.reflection.stage == Stage::Idle)
    });
    desk.step();
    desk.click("Keep with the entry");
    desk.wait_for_save();
    assert_eq!(kept(&desk).len(), 1);
    assert_eq!(kept(&desk)[0].answer, ANSWER);
    assert_eq!(desk.journal().draft.content.text, TEXT);
}

#[test]
fn an_answer_that_was_only_typed_is_not_lost_when_another_entry_is_opened() {
    let mut desk = asked();
    desk.click_last("Answer…");
    desk.type_into("Your answer", ANSWER);
    desk.press(Modifiers::COMMAND, Key::N);
    desk.write("Bread, and the long way home.");
    desk.wait_for_save();
    assert!(!desk.shows_some("Answer…"), "an answer belongs to the entry that was asked about");
    desk.open("I want to call Peter");
    assert_eq!(kept(&desk).first().map(|exchange| exchange.answer.as_str()), Some(ANSWER));
}

#[test]
fn an_entry_kept_from_the_model_is_asked_nothing_more_and_the_answer_stays() {
    let mut desk = asked();
    desk.click_last("Answer…");
    desk.type_into("Your answer", ANSWER);
    desk.click("Never read by the model");
    desk.wait_for_save();
    assert!(desk.journal().reflection.questions.is_empty());
    desk.press(Modifiers::COMMAND, Key::N);
    desk.open("I want to call Peter");
    assert_eq!(kept(&desk).len(), 1);
}
