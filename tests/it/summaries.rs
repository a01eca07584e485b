//! Summaries in the window: what they rest on lights up, what is kept from the model stays out, and what
//! is stale is made anew while nobody is at the computer.
use std::time::Duration;

use egui::{Key, Modifiers};
use tests::{
    desk::{Desk, journal},
    script,
};

const WALK: &str = "I swam in the cold lake before breakfast, and it was good.";

/// A journal with one entry, and a model that says nothing of its own.
fn desk() -> Desk {
    let mut desk = Desk::with_model(script::model("")).unlocked();
    desk.write(WALK);
    desk.wait_for_save();
    desk.settle("the model is found", |app| app.state().model.is_some());
    desk
}

fn summarise(desk: &mut Desk, name: &str) {
    desk.click(name);
    desk.settle("it is summarised", |app| {
        journal(app).is_some_and(|journal| journal.reflection.summary.is_some())
    });
}

#[test]
fn a_sentence_leads_to_the_entry_with_what_it_rests_on_lit_until_the_person_writes() {
    let mut desk = desk();
    summarise(&mut desk, "Summarise this day");
    desk.press(Modifiers::COMMAND, Key::N);
    desk.click("“I swam in the cold lake before breakfast, and it was good.”");
    desk.settle("the entry opens", |app| {
        journal(app).is_some_and(|journal| journal.draft.content.text == WALK)
    });
    assert!(desk.journal().lit.is_some());
    assert!(desk.shows("Marked is what a sentence of the summary rests on."));
    desk.click("Hide the marks");
    assert!(desk.journal().lit.is_none());
    desk.click("“I swam in the cold lake before breakfast, and it was good.”");
    assert!(desk.journal().lit.is_some());
    desk.write(" Then bread.");
    assert!(desk.journal().lit.is_none(), "the marks go when the person writes");
    assert!(desk.journal().draft.content.text.contains(WALK), "nothing of the text was changed");
    desk.wait_for_save();
    assert!(desk.journal().reflection.is_stale);
    assert!(desk.shows_some("An entry under it has changed since."));
}

#[test]
fn the_fixed_text_of_a_crisis_stands_alone() {
    let mut desk = Desk::with_model(script::model("")).unlocked();
    desk.write("I want to die.");
    desk.wait_for_save();
    desk.settle("the model is found", |app| app.state().model.is_some());
    desk.click("Summarise this entry");
    desk.settle("something is said", |app| {
        journal(app).is_some_and(|journal| journal.reflection.care.is_some())
    });
    desk.step();
    assert!(desk.shows_some("I won't let a program answer it"));
    for of_model in ["Made by", "A small model wrote this", "Delete this summary"] {
        assert!(!desk.shows_some(of_model), "{of_model}: no model has a part in it");
    }
}

#[test]
fn an_entry_kept_from_the_model_is_not_summarised_and_counted_as_kept() {
    let mut desk = desk();
    summarise(&mut desk, "Summarise this entry");
    desk.click("Never read by the model");
    desk.wait_for_save();
    assert!(desk.journal().reflection.summary.is_none(), "what was made of it is gone");
    desk.click("Summarise this entry");
    assert!(desk.shows_some("This is kept from the model."));
    desk.press(Modifiers::COMMAND, Key::N);
    desk.write("I sold the boat to Ana for the price of a bicycle.");
    desk.wait_for_save();
    summarise(&mut desk, "Summarise this day");
    assert!(desk.shows_some("1 of 2 entries used, 1 kept from the model"));
    desk.click("Settings");
    desk.click("Keep the whole journal from the model");
    desk.settle("the journal is kept", |app| {
        journal(app).is_some_and(|journal| journal.reflection.summary.is_none())
    });
    desk.click("Done");
    desk.click("Summarise this day");
    assert!(desk.shows_some("This is kept from the model."));
}

#[test]
fn a_stale_summary_is_made_anew_when_the_person_rests() {
    let mut desk = desk();
    summarise(&mut desk, "Summarise this day");
    desk.write(" My sister Ruth married Paul, and I cried for joy.");
    desk.wait_for_save();
    assert!(desk.journal().renewal.is_due);
    desk.pass(Duration::from_secs(60));
    desk.settle("all is renewed", |app| {
        journal(app).is_some_and(|journal| !journal.renewal.is_due)
    });
    summarise(&mut desk, "Summarise this day");
    assert!(desk.shows_some("Ruth married Paul"));
}

#[test]
fn one_click_deletes_a_summary_and_another_all_the_model_wrote() {
    let mut desk = desk();
    summarise(&mut desk, "Summarise this entry");
    desk.click("Delete this summary");
    assert!(desk.journal().reflection.summary.is_none());
    summarise(&mut desk, "Summarise this entry");
    assert!(desk.shows_some("Made by Script"));
    desk.click("Settings");
    desk.click("Delete all that the model wrote");
    desk.settle("all is deleted", |app| {
        journal(app).is_some_and(|journal| journal.reflection.summary.is_none())
    });
}
