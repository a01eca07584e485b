//! Language models in the settings: found, added, chosen, removed; and how long one stays in memory.
use std::{
    fs,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use egui::{Key, Modifiers};
use inglenook::{app::App, models::Model, state::Stage};
use tests::{
    desk::{Desk, PASSPHRASE, journal},
    script,
};

/// The default model's file, where it was fetched.
fn real_model() -> Option<PathBuf> {
    tests::binary::folder("INGLENOOK_MODELS", "models")
        .map(|folder| folder.join("SmolLM2-135M-Instruct.Q4_1.gguf"))
        .filter(|file| file.exists())
}

/// A desk with the settings open and the models listed.
fn settings() -> Desk {
    let mut desk = Desk::new().unlocked();
    desk.press(Modifiers::COMMAND, Key::Comma);
    desk.settle("the models are listed", |app| app.state().models.list.is_some());
    desk
}

fn listed<'a>(app: &'a App, path: &Path) -> Option<&'a Model> {
    app.state().models.list.iter().flatten().find(|model| model.path == path)
}

fn no_model(desk: &Desk) -> PathBuf {
    let file = desk.path("notes.txt");
    fs::write(&file, "no model at all").unwrap();
    file
}

#[test]
fn what_is_no_model_is_refused_with_the_reason() {
    let mut desk = settings();
    let file = no_model(&desk);
    desk.type_into("Add a model", file.to_str().unwrap());
    desk.click("Add");
    desk.settle("it is refused", |app| app.state().models.problem.is_some());
    let reason = "can’t be used as a language model: not a model file (GGUF).";
    assert!(desk.shows(&format!("notes.txt {reason}")));
    desk.check_names();
    let words = desk.path("models").join("words.gguf");
    fs::copy(&file, &words).unwrap();
    desk.press(Modifiers::NONE, Key::Escape);
    desk.press(Modifiers::COMMAND, Key::Comma);
    desk.settle("it is listed", |app| listed(app, &words).is_some());
    assert!(desk.shows("Can’t be used: not a model file (GGUF)."));
    assert!(!desk.shows("words, Use"));
}

#[test]
fn a_dropped_file_that_is_no_model_is_told_so_and_one_that_is_gone_too() {
    let mut desk = settings();
    desk.drop_file(&no_model(&desk));
    desk.settle("it is refused", |app| app.state().models.problem.is_some());
    assert!(desk.shows_some("notes.txt can’t be used"));
    desk.drop_file(&desk.path("gone.gguf"));
    desk.settle("it is not found", |app| {
        app.state().models.problem.as_ref().is_some_and(|told| told.starts_with("gone.gguf"))
    });
    assert!(desk.shows("gone.gguf: There is no file at this place."));
    assert!(!desk.app().state().models.is_busy());
}

#[test]
fn of_several_dropped_files_each_is_waited_for() {
    let mut desk = settings();
    let files = ["one.gguf", "two.gguf", "three.gguf"].map(|name| desk.path(name));
    for file in &files {
        fs::copy(no_model(&desk), file).unwrap();
    }
    desk.drop_files(&files.each_ref().map(PathBuf::as_path));
    desk.settle("all are read", |app| !app.state().models.is_busy());
    let told = desk.app().state().models.problem.clone();
    assert!(told.is_some_and(|told| told.starts_with("three.gguf")));
}

#[test]
fn a_model_among_the_downloads_is_chosen_and_its_neighbours_stay_in_sight() {
    let Some(file) = real_model() else { return };
    let mut desk = Desk::new().unlocked();
    let downloads = desk.path("downloads");
    fs::create_dir(&downloads).unwrap();
    let (one, other) = (downloads.join("one.gguf"), downloads.join("other.gguf"));
    fs::copy(&file, &one).unwrap();
    fs::copy(&file, &other).unwrap();
    desk.press(Modifiers::COMMAND, Key::Comma);
    desk.settle("it is listed", |app| listed(app, &one).is_some());
    assert!(desk.shows_some("in your downloads"));
    desk.click("one, Use");
    desk.settle("it is used", |app| listed(app, &one).is_some_and(|model| model.used));
    desk.settle("it is found", |app| app.state().model.as_ref() == Some(&one));
    assert!(listed(desk.app(), &other).is_some_and(|model| !model.used && model.runs));
    desk.click("Choose by itself");
    desk.settle("none is chosen", |app| listed(app, &one).is_some_and(|model| !model.used));
    assert!(desk.app().state().settings.models.is_none());
}

#[test]
fn a_model_is_dropped_used_and_taken_off_the_list() {
    let Some(file) = real_model() else { return };
    let mut desk = Desk::new().unlocked();
    desk.drop_file(&file);
    desk.settle("it is added and used", |app| app.state().model.as_ref() == Some(&file));
    desk.settle("the settings show it", |app| listed(app, &file).is_some_and(|model| model.used));
    assert!(desk.shows("In use"));
    assert!(desk.shows_some("llama Q4_1") && desk.shows_some("SHA-256"));
    desk.check_names();
    desk.click("SmolLM2-135M-Instruct.Q4_1, Take off the list");
    desk.settle("it is off the list", |app| {
        app.state().models.list.iter().flatten().all(|model| model.removal.is_none())
    });
    assert!(file.exists());
}

#[test]
fn a_model_is_copied_in_and_deleted_only_when_asked_twice() {
    let Some(file) = real_model() else { return };
    let mut desk = settings();
    desk.click("Copy it into Inglenook’s folder");
    desk.type_into("Add a model", file.to_str().unwrap());
    desk.click("Add");
    let copy = desk.path("copied").join("SmolLM2-135M-Instruct.Q4_1.gguf");
    desk.settle("it is copied and used", |app| app.state().model.as_ref() == Some(&copy));
    desk.settle("the settings show it", |app| listed(app, &copy).is_some_and(|model| model.used));
    desk.click("SmolLM2-135M-Instruct.Q4_1, Delete…");
    assert!(copy.exists() && desk.shows_some("can’t be undone"));
    desk.click("Delete the file");
    desk.settle("it is gone", |app| listed(app, &copy).is_none());
    assert!(!copy.exists() && file.exists());
}

/// A desk whose model is loaded, and what tells that it has left memory.
fn with_loaded_model() -> (Desk, Receiver<()>) {
    let (gone, went) = channel();
    let mut desk = Desk::with_model(script::mortal_model(gone)).unlocked();
    desk.write("I swam in the cold lake before breakfast. Then I made bread with Ana.");
    desk.wait_for_save();
    desk.settle("the model is found", |app| app.state().model.is_some());
    summarise(&mut desk);
    (desk, went)
}

fn summarise(desk: &mut Desk) {
    desk.click("Summarise this entry");
    desk.settle("it is summarised", |app| {
        journal(app).is_some_and(|it| it.reflection.stage == Stage::Idle)
    });
}

#[test]
fn a_model_that_is_not_asked_for_long_leaves_memory_and_comes_back_when_asked() {
    let (mut desk, went) = with_loaded_model();
    let minutes = |count: u64| Duration::from_secs(60 * count);
    desk.pass(minutes(9));
    // The person is there, and writes.
    desk.write("More. ");
    desk.wait_for_save();
    assert!(went.try_recv().is_err(), "it is still there");
    desk.pass(minutes(2));
    went.recv_timeout(minutes(1)).unwrap();
    assert!(journal(desk.app()).is_some(), "the journal is still open");
    summarise(&mut desk);
    assert!(went.try_recv().is_err(), "it is there again");
}

#[test]
fn a_model_leaves_memory_when_the_journal_locks() {
    let (mut desk, went) = with_loaded_model();
    desk.lock();
    desk.step();
    went.recv_timeout(Duration::from_secs(60)).unwrap();
    desk.unlock(PASSPHRASE);
}
