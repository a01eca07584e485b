//! Writing: nothing typed is lost, and nothing is called saved that is not.
use std::time::Duration;

use egui::{Key, Modifiers};
use inglenook::state::SaveStatus;
use tests::desk::{Desk, PASSPHRASE, is_locked, journal};

#[test]
fn what_is_written_is_there_after_locking_and_unlocking() {
    let mut desk = Desk::new().unlocked();
    desk.write("The **river** was high.");
    assert_eq!(desk.journal().save_status(), SaveStatus::Saving);
    desk.step();
    assert!(desk.shows("Saving…") && !desk.shows("Saved"));
    desk.wait_for_save();
    assert!(desk.shows("Saved"));
    desk.lock();
    assert!(!desk.shows_some("river"));

    desk.unlock("copper lantern mossy tricycle");
    assert!(is_locked(desk.app()));
    assert!(desk.shows_some("does not open the journal"));

    desk.unlock(PASSPHRASE);
    assert_eq!(desk.journal().rows().len(), 1);
    let row = desk.journal().rows()[0].clone();
    assert_eq!(row.heading, "The river was high.");
    desk.open("The river was high.");
    assert_eq!(desk.journal().draft.content.text, "The **river** was high.");
}

#[test]
fn locking_saves_what_was_typed_a_moment_before() {
    let mut desk = Desk::new().unlocked();
    desk.write("Last words");
    desk.lock();
    desk.unlock(PASSPHRASE);
    assert_eq!(desk.journal().rows()[0].heading, "Last words");
}

#[test]
fn opening_another_entry_saves_the_one_before() {
    let mut desk = Desk::new().unlocked();
    desk.write("First");
    desk.press(Modifiers::COMMAND, Key::N);
    desk.write("Second");
    desk.press(Modifiers::COMMAND, Key::S);
    desk.settle("both are saved", |app| {
        journal(app).is_some_and(|journal| journal.rows().len() == 2 && journal.outbox.is_empty())
    });
    desk.open("First");
    assert_eq!(desk.journal().draft.content.text, "First");
}

#[test]
fn an_empty_entry_is_never_written() {
    let mut desk = Desk::new().unlocked();
    desk.write(" ");
    desk.press(Modifiers::COMMAND, Key::S);
    desk.pass(Duration::from_secs(10));
    desk.press(Modifiers::COMMAND, Key::N);
    desk.write("x");
    desk.wait_for_save();
    assert_eq!(desk.journal().rows().len(), 1);
}

#[test]
fn who_never_pauses_is_saved_every_few_seconds() {
    let mut desk = Desk::new().unlocked();
    for _ in 0..12 {
        desk.write("word ");
        desk.pass(Duration::from_millis(500));
    }
    desk.settle("a part is saved", |app| {
        journal(app).is_some_and(|journal| journal.rows().len() == 1)
    });
}

#[test]
fn an_entry_moved_to_another_day_moves_in_the_list() {
    let mut desk = Desk::new().unlocked();
    desk.write("Remembered");
    desk.wait_for_save();
    desk.click_some("Change the day or the time");
    desk.type_over("Day", "1999-12-31");
    desk.click("Done");
    desk.settle("it is saved", |app| {
        journal(app).is_some_and(|journal| {
            journal.outbox.is_empty() && journal.rows()[0].date.to_string() == "1999-12-31"
        })
    });
    assert!(desk.shows("December 1999"));
}

#[test]
fn undo_does_not_bring_back_the_text_of_another_entry() {
    let mut desk = Desk::new().unlocked();
    desk.write("Secret of the first");
    desk.press(Modifiers::COMMAND, Key::N);
    desk.write("x");
    desk.press(Modifiers::COMMAND, Key::Z);
    desk.press(Modifiers::COMMAND, Key::Z);
    assert!(!desk.journal().draft.content.text.contains("Secret"));
}

#[test]
fn a_deleted_entry_is_gone_from_the_list() {
    let mut desk = Desk::new().unlocked();
    desk.write("Not this");
    desk.wait_for_save();
    desk.click("Delete");
    desk.click("Move to trash");
    desk.settle("it is gone", |app| journal(app).is_some_and(|journal| journal.rows().is_empty()));
    assert!(desk.journal().draft.content.text.is_empty());
}
