//! The window: locking by itself, searching, reflecting, the clipboard, and who can use it.
use std::{path::Path, sync::mpsc::sync_channel, time::Duration};

use egui::{Event, Key, Modifiers, OutputCommand};
use inglenook::{
    app::App,
    clipboard::{Clipboard, ClipboardJob},
    state::Stage,
};
use tests::{
    desk::{Desk, PASSPHRASE, is_locked, journal},
    script,
};

#[test]
fn a_journal_left_alone_locks_by_itself() {
    let mut desk = Desk::new().unlocked();
    desk.write("Tea is getting cold.");
    desk.pass(Duration::from_secs(9 * 60));
    assert!(!is_locked(desk.app()));
    desk.pass(Duration::from_secs(2 * 60));
    desk.settle("it locks", is_locked);
    desk.unlock(PASSPHRASE);
    assert_eq!(desk.journal().rows()[0].heading, "Tea is getting cold.");
}

#[test]
fn a_machine_that_slept_comes_back_locked() {
    let mut desk = Desk::new().unlocked();
    desk.sleep(Duration::from_secs(60));
    desk.settle("it locks", is_locked);
}

#[test]
fn a_search_shows_the_entries_with_the_word_and_how_many() {
    let mut desk = Desk::new().unlocked();
    for text in ["A walk by the lake", "Bread and butter", "The lake again"] {
        desk.press(Modifiers::COMMAND, Key::N);
        desk.write(text);
    }
    desk.wait_for_save();
    desk.press(Modifiers::COMMAND, Key::F);
    desk.type_into("Search", "lake");
    desk.settle("two are found", |app| {
        journal(app).is_some_and(|journal| journal.search.results.total == 2)
    });
    assert!(desk.shows("2 entries"));
    desk.open("A walk by the lake");
    assert_eq!(desk.journal().draft.content.text, "A walk by the lake");
    desk.press(Modifiers::NONE, Key::Escape);
    assert!(desk.shows_some("Bread and butter"));
}

#[test]
fn without_a_model_the_panel_says_what_to_do() {
    let desk = Desk::new().unlocked();
    assert!(desk.shows_some("make models"));
    assert!(!desk.shows("Ask me"));
}

#[test]
fn words_of_crisis_bring_the_fixed_text_where_the_model_does_not_load() {
    let broken = |path: &Path| {
        Err(engine::Error::Model { path: path.to_path_buf(), what: "it is cut short".to_owned() })
    };
    let mut desk = Desk::with_model(Box::new(broken)).unlocked();
    desk.write("I want to die.");
    desk.wait_for_save();
    desk.settle("the model is found", |app| app.state().model.is_some());
    desk.click("Ask me");
    desk.settle("something is said", |app| {
        let reflection = journal(app).map(|journal| &journal.reflection);
        reflection.is_some_and(|it| it.care.is_some() || it.problem.is_some())
    });
    desk.step();
    assert!(desk.shows_some("112"));
}

#[test]
fn a_summary_streams_in_and_what_was_written_before_a_stop_stays() {
    let (_go_on, wait) = sync_channel(0);
    let sentence = "I swam in the cold lake before breakfast. Then I ";
    let mut desk = Desk::with_model(script::model_that_goes_on(sentence, wait)).unlocked();
    desk.write(
        "I swam in the cold lake before breakfast. Then I made bread with Ana and we talked.",
    );
    desk.wait_for_save();
    desk.settle("the model is found", |app| app.state().model.is_some());
    desk.click("Summarise this entry");
    desk.settle("text streams in", |app| {
        journal(app).is_some_and(|journal| !journal.reflection.streamed.is_empty())
    });
    assert!(desk.shows_some("cold lake before breakfast"));
    assert!(desk.journal().reflection.stage.is_busy());
    desk.click("Stop");
    desk.settle("it stops", |app| {
        journal(app).is_some_and(|journal| journal.reflection.stage == Stage::Idle)
    });
    assert!(desk.shows_some("I swam in the cold lake before breakfast."));
    assert!(desk.shows("Stopped before its end."));
}

#[test]
fn locking_in_the_middle_of_a_summary_stops_it() {
    let (_go_on, wait) = sync_channel(0);
    let mut desk = Desk::with_model(script::model_that_goes_on("Words ", wait)).unlocked();
    desk.write("I swam in the cold lake before breakfast, and it was good.");
    desk.wait_for_save();
    desk.settle("the model is found", |app| app.state().model.is_some());
    desk.click("Summarise this entry");
    desk.settle("it is at work", |app| {
        journal(app).is_some_and(|journal| journal.reflection.stage != Stage::Preparing)
    });
    desk.lock();
    desk.unlock(PASSPHRASE);
    assert_eq!(desk.journal().reflection.stage, Stage::Idle);
}

#[test]
fn a_window_nobody_touches_does_not_draw_itself_again() {
    let mut desk = Desk::new().unlocked();
    desk.write("x");
    desk.wait_for_save();
    // The search index reports once more.
    desk.settle("all is indexed", |app| journal(app).is_some_and(|j| j.indexed.is_none()));
    let passes = (0..40).take_while(|_| {
        desk.step();
        desk.wants_to_draw()
    });
    assert!(passes.count() < 40, "every pass asks for another at once");
    desk.step();
    assert!(!desk.wants_to_draw());
}

#[test]
fn selected_text_is_not_published() {
    let mut desk = Desk::new().unlocked();
    desk.write("nobody's business");
    desk.press(Modifiers::COMMAND, Key::A);
    for _ in 0..5 {
        let published =
            |command: &OutputCommand| matches!(command, OutputCommand::TextSelectionSettled(_));
        assert!(!desk.handed_out().iter().any(published));
        desk.step();
    }
}

#[test]
fn copies_go_to_the_clipboard_alone_and_pastes_come_from_it() {
    let (clipboard, jobs, pasted) = Clipboard::with_ends();
    let mut desk = Desk::with_clipboard(clipboard).unlocked();
    desk.write("between us");
    desk.press(Modifiers::COMMAND, Key::A);
    desk.send(Event::Copy);
    let mark = match desk.handed_out() {
        [OutputCommand::CopyText(mark)] => mark.clone(),
        _ => panic!("a copy hands out one text"),
    };
    assert!(!mark.contains("between us"));
    let job = jobs.try_recv().unwrap();
    assert!(matches!(job, ClipboardJob::Copy(text) if text.as_str() == "between us"));

    desk.send(Event::Paste(mark));
    assert!(matches!(jobs.try_recv(), Ok(ClipboardJob::Paste)));
    assert_eq!(desk.journal().draft.content.text, "between us");
    pasted.send("from elsewhere".to_owned()).unwrap();
    desk.step();
    assert_eq!(desk.journal().draft.content.text, "from elsewhere");
}

#[test]
fn every_control_of_every_screen_has_a_name() {
    let mut desk = Desk::with_model(script::model("")).unlocked();
    desk.check_names();
    desk.click_some("Change the day or the time");
    desk.check_names();
    desk.press(Modifiers::COMMAND, Key::Comma);
    assert!(desk.shows("Settings"));
    desk.check_names();
    desk.press(Modifiers::NONE, Key::Escape);
    desk.lock();
    desk.check_names();
    Desk::new().check_names();
}

/// Asks the journal and waits for the answer.
fn ask(desk: &mut Desk, question: &str) {
    desk.type_into("Ask your journal", question);
    desk.press(Modifiers::NONE, Key::Enter);
    desk.settle("an answer comes", |app| {
        journal(app).is_some_and(|journal| {
            let last = journal.conversation.turns.last();
            last.is_some_and(|turn| turn.question == question && turn.answer.is_some())
        })
    });
}

#[test]
fn a_conversation_goes_on_and_is_kept_if_that_is_wished() {
    let mut desk = Desk::new().unlocked();
    desk.write("Dinner with Marta at the harbour.");
    desk.wait_for_save();
    ask(&mut desk, "When did I last see Marta?");
    ask(&mut desk, "What about Oscar?");
    assert!(desk.shows_some("Nothing in your journal about that."));
    desk.click("Keep this conversation, sealed in the journal");
    desk.lock();
    desk.unlock(PASSPHRASE);
    desk.settle("what was kept is there", |app| {
        journal(app).is_some_and(|journal| journal.conversation.turns.len() == 2)
    });
    assert!(desk.shows_some("Dinner with Marta at the harbour."));
    desk.click("Forget this conversation");
    desk.lock();
    desk.unlock(PASSPHRASE);
    assert!(desk.journal().conversation.turns.is_empty());
}

#[test]
fn a_filter_is_clicked_and_clicked_away() {
    let mut desk = Desk::new().unlocked();
    for text in ["Rain at the harbour.", "Sun at the harbour."] {
        desk.press(Modifiers::COMMAND, Key::N);
        desk.write(text);
    }
    desk.wait_for_save();
    desk.type_into("Search", "harbour");
    let found = |count| {
        move |app: &App| journal(app).is_some_and(|journal| journal.search.results.total == count)
    };
    desk.settle("both are found", found(2));
    desk.click("Filters");
    desk.click("Starred");
    desk.settle("none is starred", found(0));
    assert_eq!(desk.journal().search.text, "harbour is:starred ");
    desk.click("Remove the filter is:starred");
    desk.settle("both are found again", found(2));
}

#[test]
fn the_journal_answers_without_a_model_and_forgets_the_question_when_it_locks() {
    let mut desk = Desk::new().unlocked();
    for text in ["Dinner with Marta at the harbour.", "A letter from Marta."] {
        desk.press(Modifiers::COMMAND, Key::N);
        desk.write(text);
    }
    desk.wait_for_save();
    for (question, answer) in [
        ("When did I last see Marta?", "Dinner with Marta at the harbour."),
        ("When did I last see Oscar?", "Nothing in your journal about that."),
    ] {
        ask(&mut desk, question);
        assert!(desk.shows_some(answer), "{question}");
    }
    desk.lock();
    desk.unlock(PASSPHRASE);
    assert!(desk.journal().conversation.turns.is_empty());
}
