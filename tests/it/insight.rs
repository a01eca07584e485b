//! People, themes, open loops and prompts, from outside: on the command line and in the window.
use std::fs;

use egui::{Key, Modifiers};
use inglenook::state::insight::Part;
use serde_json::{Value, json};
use tests::{
    binary::{Home, Run},
    desk::{Desk, PASSPHRASE, journal},
};
use vault::{Content, EntryId, Passphrase, Vault};

/// Dates, moods and texts of a small journal.
const ENTRIES: [(&str, u8, &str); 7] = [
    ("2023-03-20", 4, "I walked to the lighthouse with Ruth and we talked about the boat."),
    ("2024-01-05", 3, "Lunch with Marta in Leeds."),
    ("2024-01-20", 3, "M. said that I looked tired. I want to paint the fence this week."),
    ("2024-02-01", 2, "Marta asked about the boat, and Mr Okafor told her everything."),
    ("2024-02-10", 3, "Walked with Marta and Ruth. Ruth laughed at my hat."),
    ("2024-03-01", 5, "Dinner with Ruth. My mother called from Tangier."),
    ("2024-03-02", 1, "Grey. I don't want to be here anymore. I must buy a rope for the boat."),
];

fn small_journal() -> Home {
    let home = Home::with_journal();
    for (date, mood, text) in ENTRIES {
        let _ = home.json(&["write", "--date", date, "--mood", &mood.to_string(), text]);
    }
    home
}

fn names(document: &Value, kind: &str) -> Vec<String> {
    let named = document[kind].as_array().unwrap().iter();
    named.map(|named| named["name"].as_str().unwrap().to_owned()).collect()
}

fn fails_with(run: &Run, code: i32, name: &str) {
    assert_eq!(run.code, Some(code), "{run:?}");
    assert_eq!(run.stdout, "", "{run:?}");
    assert!(!run.stderr.contains(name) && run.stderr.lines().count() == 1, "{run:?}");
}

#[test]
fn people_and_places_are_listed_with_their_entries() {
    let home = small_journal();
    let listed = home.json(&["people"]);
    assert_eq!(names(&listed, "people"), ["Ruth", "Marta", "M.", "Mr Okafor", "my mother"]);
    assert_eq!(names(&listed, "places"), ["Leeds", "Tangier"]);
    let marta = &listed["people"][1];
    assert_eq!(marta["entries"].as_array().unwrap().len(), 3);
    assert_eq!((&marta["first"], &marta["last"]), (&json!("2024-01-05"), &json!("2024-02-10")));
    let shown = home.json(&["people", "show", "mr. okafor"]);
    assert_eq!(shown["sentences"][0]["date"], "2024-02-01");
    assert_eq!(shown["sentences"][0]["text"], ENTRIES[3].2);
    assert_eq!(shown["sentences"][0]["id"], shown["entries"][0]);
}

#[test]
fn what_is_said_about_names_is_kept_and_used_by_search() {
    let home = small_journal();
    let found = |query: &str| home.json(&["search", query])["total"].clone();
    assert_eq!(found("person:M."), 1);
    let merged = home.json(&["people", "merge", "M.", "Marta"]);
    assert_eq!(merged["people"][0]["names"], json!(["marta", "m"]));
    assert_eq!(names(&home.json(&["people"]), "people").len(), 4);
    assert_eq!((found("person:M."), found("person:Marta")), (json!(4), json!(4)));
    assert_eq!(found("has:mood -person:Marta"), 3);

    let _ = home.json(&["people", "rename", "My mother", "Mum"]);
    let _ = home.json(&["people", "place", "Ruth"]);
    let listed = home.json(&["people", "forget", "Leeds"]);
    assert_eq!(names(&listed, "people"), ["Marta", "Mr Okafor", "Mum"]);
    assert_eq!(names(&listed, "places"), ["Ruth", "Tangier"]);
    let _ = home.json(&["people", "undo", "Leeds"]);
    assert!(names(&home.json(&["people"]), "places").contains(&"Leeds".to_owned()));
}

#[test]
fn a_question_asks_for_somebody_under_every_name() {
    let home = small_journal();
    let ask = |question: &str| home.json(&["ask", question, "--today", "2024-04-01"]);
    let entries =
        |name: &str| ask(&format!("In how many entries does {name} come up?"))["count"].clone();
    assert_eq!((entries("Marta"), entries("M.")), (json!(3), json!(1)));
    let _ = home.json(&["people", "merge", "M.", "Marta"]);
    assert_eq!((entries("Marta"), entries("M.")), (json!(4), json!(4)));
    assert_eq!(ask("When did I last see M.?")["dates"], json!(["2024-02-10"]));
    let _ = home.json(&["people", "forget", "Marta"]);
    assert_eq!(entries("Marta"), 3);
}

#[test]
fn what_is_forgotten_is_not_written_down() {
    let home = small_journal();
    let _ = home.json(&["people", "forget", "Marta"]);
    let vault = Vault::open(&home.journal()).unwrap();
    let session = vault.unlock(&Passphrase::new(tests::binary::PASSPHRASE)).unwrap();
    let values = session.value_names("insight/");
    assert_eq!(values.len(), 1);
    let said = String::from_utf8(session.value(&values[0]).unwrap().unwrap()).unwrap();
    assert!(!(said + &values[0]).to_lowercase().contains("marta"));
}

#[test]
fn open_loops_and_prompts_rest_on_entries_and_leave_out_a_crisis() {
    let home = small_journal();
    let loops = home.json(&["loops", "--today", "2024-03-20"])["loops"].clone();
    let texts: Vec<_> = loops.as_array().unwrap().iter().map(|it| it["text"].clone()).collect();
    assert_eq!(texts, ["I want to paint the fence this week."]);
    let prompts = home.json(&["prompts", "--today", "2024-03-20"])["prompts"].clone();
    let sources: Vec<_> =
        prompts.as_array().unwrap().iter().take(3).map(|it| it["source"].clone()).collect();
    assert_eq!(sources, ["open-loop", "this-day", "shelf"]);
    let text = |at: usize| prompts[at]["text"].as_str().unwrap();
    assert!(text(0).contains("I want to paint the fence this week."), "{}", text(0));
    assert!(text(1).starts_with("A year ago today you wrote: “I walked to the lighthouse"));
    assert!(prompts[2]["id"].is_null() && !prompts[0]["id"].is_null());
    assert!(!prompts.to_string().contains("rope") && !prompts.to_string().contains("anymore"));
    let text = home.text(&["prompts", "--today", "2024-03-20"]);
    assert!(text.lines().count() > 20);
}

#[test]
fn moods_are_given_as_they_were_set() {
    let home = small_journal();
    let moods = home.json(&["themes"])["moods"].clone();
    let moods: Vec<_> = moods.as_array().unwrap().iter().map(|it| it["mood"].clone()).collect();
    assert_eq!(moods, [4, 3, 3, 2, 3, 5, 1]);
}

#[test]
fn what_is_asked_wrongly_about_people_changes_nothing() {
    let home = small_journal();
    let before = fs::read(home.journal()).unwrap();
    for arguments in [
        &["people", "show", "Marmalade"][..],
        &["people", "merge", "Marmalade", "Marta"],
        &["people", "merge", "Marta", "Marmalade"],
        &["people", "merge", "Marta", "Marta"],
        &["people", "forget", "Marmalade"],
        &["people", "place", "Marmalade"],
    ] {
        fails_with(&home.run(arguments, ""), 1, "Marmalade");
    }
    for arguments in [
        &["people", "Marmalade"][..],
        &["people", "merge", "Marmalade"],
        &["loops", "--today", "Marmalade"],
        &["prompts", "Marmalade"],
        &["themes", "Marmalade"],
    ] {
        fails_with(&home.run(arguments, ""), 2, "Marmalade");
    }
    assert_eq!(fs::read(home.journal()).unwrap(), before);
}

/// A desk with the small journal open, every entry read.
fn desk() -> Desk {
    let mut desk = Desk::new().unlocked();
    desk.lock();
    let vault = Vault::open(&desk.journal_file()).unwrap();
    let mut session = vault.unlock(&Passphrase::new(PASSPHRASE)).unwrap();
    for (date, mood, text) in ENTRIES {
        let content = Content { mood: Some(mood), ..Content::new(date.parse().unwrap()) };
        let content = Content { text: text.to_owned(), ..content };
        session.put(EntryId::random(), &content).unwrap();
    }
    session.close().unwrap();
    desk.unlock(PASSPHRASE);
    wait_for_prompt(&mut desk);
    desk
}

fn wait_for_prompt(desk: &mut Desk) {
    desk.settle("every entry is read", |app| {
        journal(app).is_some_and(|it| it.insight.ready && !it.insight.prompts.is_empty())
    });
}

fn wait_for_overview(desk: &mut Desk) {
    desk.settle("the journal is looked through", |app| {
        journal(app).is_some_and(|it| it.insight.overview.is_some())
    });
}

fn has_person(desk: &mut Desk, name: &str, entries: usize) {
    desk.settle("the change is made", |app| {
        let overview = journal(app).and_then(|it| it.insight.overview.as_ref());
        overview.is_some_and(|it| {
            let named = it.people.iter().find(|it| it.name == name);
            named.map_or(0, |named| named.evidence.len()) == entries
        })
    });
}

#[test]
fn the_shelf_shows_people_and_leads_to_what_names_them() {
    let mut desk = desk();
    desk.press(Modifiers::COMMAND, Key::P);
    wait_for_overview(&mut desk);
    desk.check_names();
    desk.click_some("Mr Okafor · one entry");
    desk.settle("its sentences are there", |app| {
        let opened = journal(app).and_then(|it| it.insight.opened.as_ref());
        opened.is_some_and(|it| it.quotes.is_some())
    });
    desk.check_names();
    desk.click_some("“Marta asked about the boat");
    desk.settle("the entry opens", |app| {
        journal(app).is_some_and(|it| it.draft.content.text == ENTRIES[3].2)
    });
    assert!(desk.journal().keeping.shelf.is_none());
    desk.click("People & themes");
    for part in ["Places", "Themes", "Mood", "Still open", "People"] {
        desk.click(part);
        desk.check_names();
    }
    assert_eq!(desk.journal().insight.part, Part::People);
}

#[test]
fn what_is_put_right_on_the_shelf_stays_so_after_a_lock() {
    let mut desk = desk();
    desk.click("People & themes");
    wait_for_overview(&mut desk);
    desk.click_some("M. · one entry");
    desk.click("M., Same as…");
    desk.type_into("Name of the same person", "Nobody here");
    desk.click("Apply");
    desk.settle("it is told", |app| journal(app).is_some_and(|it| it.insight.problem.is_some()));
    desk.click_some("M. · one entry");
    desk.click("M., Same as…");
    desk.type_into("Name of the same person", "Marta");
    desk.press(Modifiers::NONE, Key::Enter);
    has_person(&mut desk, "Marta", 4);
    desk.click_some("Mr Okafor · one entry");
    desk.click("Mr Okafor, Not a name…");
    desk.click("Forget it");
    has_person(&mut desk, "Mr Okafor", 0);
    desk.lock();
    desk.unlock(PASSPHRASE);
    wait_for_prompt(&mut desk);
    desk.click("People & themes");
    wait_for_overview(&mut desk);
    has_person(&mut desk, "Marta", 4);
    has_person(&mut desk, "Mr Okafor", 0);
}

#[test]
fn an_empty_page_asks_one_thing_and_writes_nothing_by_itself() {
    let mut desk = desk();
    let first = desk.journal().insight.prompts[0].text.clone();
    assert!(desk.shows(&first));
    assert!(desk.journal().draft.is_blank());
    desk.click("Another");
    let second = desk.journal().insight.prompts[0].text.clone();
    assert!(first != second && desk.shows(&second) && !desk.shows(&first));
    desk.check_names();
    desk.click("Write about it");
    assert_eq!(desk.journal().draft.content.text, format!("> {second}\n\n"));
    assert!(!desk.shows("Another"), "a page that is begun asks no more");
    desk.lock();
    desk.unlock(PASSPHRASE);
    wait_for_prompt(&mut desk);
    assert_eq!(desk.journal().insight.prompts[0].text, second, "the same day it stays");
    assert!(desk.journal().insight.prompts[1..].iter().all(|it| it.text != first));
    desk.click("No questions");
    assert!(!desk.shows("Another"));
}

#[test]
fn turned_off_nothing_is_looked_for_and_what_was_said_is_deleted() {
    let mut desk = desk();
    desk.click("People & themes");
    wait_for_overview(&mut desk);
    desk.click_some("Mr Okafor · one entry");
    desk.click("Mr Okafor, This is a place");
    has_person(&mut desk, "Mr Okafor", 0);
    desk.press(Modifiers::COMMAND, Key::Comma);
    desk.click("Find them");
    desk.click("Done");
    assert!(!desk.shows("People & themes") && !desk.shows("Another"));
    assert!(desk.journal().insight.overview.is_none());
    desk.lock();
    let vault = Vault::open(&desk.journal_file()).unwrap();
    let session = vault.unlock(&Passphrase::new(PASSPHRASE)).unwrap();
    assert_eq!(session.value_names("insight/"), Vec::<String>::new());
}
