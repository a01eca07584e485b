//! The file picker, by mouse and keyboard: what is asked for is picked, and nothing else happens.
use std::{fs, path::PathBuf};

use egui::{Key, Modifiers};
use inglenook::{app::App, state::Picker};
use tests::{
    binary,
    desk::{Desk, PASSPHRASE, is_locked, journal},
};

/// A desk with things to pick in a folder of its own.
fn desk() -> (Desk, PathBuf) {
    let mut desk = Desk::new().unlocked();
    desk.write("A day at the sea");
    desk.wait_for_save();
    let folder = desk.path("things");
    fs::create_dir_all(folder.join("Album")).unwrap();
    for name in ["Album/photo.jpg", "letter.txt", ".hidden", "words.gguf"] {
        fs::write(folder.join(name), name).unwrap();
    }
    (desk, folder)
}

fn picker(app: &App) -> Option<&Picker> {
    app.state().picker.as_ref()
}

fn names(app: &App) -> Vec<String> {
    let items =
        picker(app).into_iter().flat_map(|it| (0..it.row_count()).filter_map(|at| it.item(at)));
    items.map(|item| item.name.to_string_lossy().into_owned()).collect()
}

/// Waits until the folder of this name is shown.
fn wait_for(desk: &mut Desk, folder: &str) {
    desk.settle("the folder is shown", |app| {
        picker(app).is_some_and(|picker| !picker.is_reading && picker.folder.ends_with(folder))
    });
}

fn attached(desk: &mut Desk) -> String {
    desk.settle("it is attached", |app| {
        journal(app).is_some_and(|journal| !journal.keeping.about.files.is_empty())
    });
    desk.journal().keeping.about.files[0].name.clone()
}

#[test]
fn a_file_is_attached_by_mouse_and_the_folder_is_remembered_until_the_lock() {
    let (mut desk, folder) = desk();
    desk.click("Attach a file…");
    desk.check_names();
    desk.go_to(&folder);
    desk.check_names();
    desk.click("Album, folder");
    assert!(desk.shows("Open"), "a folder is opened, not attached");
    desk.double_click("Album, folder");
    wait_for(&mut desk, "Album");
    desk.click("photo.jpg");
    desk.click("Attach");
    assert!(picker(desk.app()).is_none());
    assert_eq!(attached(&mut desk), "photo.jpg");
    desk.click("Attach a file…");
    wait_for(&mut desk, "Album");
    desk.press(Modifiers::COMMAND, Key::L);
    desk.settle("it locks", is_locked);
    assert!(picker(desk.app()).is_none());
    desk.unlock(PASSPHRASE);
    assert!(desk.journal().keeping.attached_from.is_none());
    let written = fs::read_to_string(desk.path("settings.json")).unwrap_or_default();
    assert!(!written.contains("Album"));
}

#[test]
fn a_file_is_attached_by_keyboard_alone() {
    let (mut desk, folder) = desk();
    desk.click("Attach a file…");
    desk.go_to(&folder);
    for key in [Key::ArrowDown, Key::Enter] {
        desk.press(Modifiers::NONE, key);
    }
    wait_for(&mut desk, "Album");
    desk.press(Modifiers::NONE, Key::Backspace);
    wait_for(&mut desk, "things");
    let chosen = picker(desk.app()).and_then(|picker| picker.chosen_item());
    assert_eq!(chosen.unwrap().name, "Album", "the folder that was left");
    desk.type_into("Name or path", "LET");
    assert_eq!(names(desk.app()), ["letter.txt"]);
    desk.press(Modifiers::NONE, Key::Enter);
    assert_eq!(attached(&mut desk), "letter.txt");
}

#[test]
fn a_model_is_added_with_the_picker() {
    let (mut desk, folder) = desk();
    desk.press(Modifiers::COMMAND, Key::Comma);
    desk.settle("the models are listed", |app| app.state().models.list.is_some());
    desk.click("Add a model, Choose…");
    desk.go_to(&folder);
    assert_eq!(names(desk.app()), ["Album", "words.gguf"], "only models, and folders");
    for key in [Key::ArrowDown, Key::ArrowDown, Key::Enter] {
        desk.press(Modifiers::NONE, key);
    }
    desk.settle("it is read", |app| !app.state().models.is_busy());
    assert!(desk.shows_some("words.gguf can’t be used as a language model"));

    let Some(models) = binary::folder("INGLENOOK_MODELS", "models") else { return };
    let model = models.join("SmolLM2-135M-Instruct.Q4_1.gguf");
    if !model.exists() {
        return;
    }
    desk.click("Add a model, Choose…");
    desk.go_to(&models);
    desk.click("SmolLM2-135M-Instruct.Q4_1.gguf");
    desk.click("Add");
    desk.settle("it is used", |app| app.state().model.as_ref() == Some(&model));
}

#[test]
fn what_is_listed_follows_the_kind_and_the_switch_for_hidden_files() {
    let (mut desk, folder) = desk();
    desk.click("Attach a file…");
    desk.go_to(&folder);
    assert_eq!(names(desk.app()), ["Album", "letter.txt", "words.gguf"]);
    desk.click("Hidden files");
    assert_eq!(names(desk.app()), ["Album", ".hidden", "letter.txt", "words.gguf"]);
    desk.click("Only pictures");
    assert_eq!(names(desk.app()), ["Album"]);
}

#[test]
fn what_cannot_be_read_is_told_and_the_list_stays() {
    let (mut desk, folder) = desk();
    desk.click("Attach a file…");
    desk.go_to(&folder);
    desk.go_to(&folder.join("missing/more"));
    assert!(desk.shows("There is nothing at this place."));
    assert_eq!(names(desk.app()).len(), 3);
    desk.press(Modifiers::NONE, Key::Escape);
    assert!(picker(desk.app()).is_none() && journal(desk.app()).is_some());
}

#[test]
fn nothing_beneath_is_reached_while_a_file_is_picked() {
    let (mut desk, _) = desk();
    let before = desk.journal().draft.id;
    desk.click("Attach a file…");
    desk.press(Modifiers::COMMAND, Key::N);
    desk.press(Modifiers::COMMAND, Key::Comma);
    assert_eq!(desk.journal().draft.id, before);
    assert!(!desk.app().state().settings_open);
    let photo = desk.path("things/Album/photo.jpg");
    desk.drop_file(&photo);
    assert_eq!(attached(&mut desk), "photo.jpg", "a dropped file is picked");
}

#[test]
fn the_backups_folder_is_chosen_and_escape_leaves_the_settings_open() {
    let (mut desk, folder) = desk();
    desk.press(Modifiers::COMMAND, Key::Comma);
    desk.click("Folder for backups, Choose…");
    desk.go_to(&folder);
    desk.press(Modifiers::NONE, Key::Escape);
    assert!(desk.app().state().settings_open && picker(desk.app()).is_none());
    assert!(desk.value_of("Folder for backups").is_empty());
    desk.click("Folder for backups, Choose…");
    desk.go_to(&folder);
    assert_eq!(names(desk.app()), ["Album"]);
    desk.click("Album, folder");
    desk.click("Choose Album");
    let album = folder.join("Album");
    assert_eq!(desk.value_of("Folder for backups"), album.to_str().unwrap());
    assert_eq!(desk.app().state().settings.backup_folder, Some(album));
}

#[test]
fn a_new_key_file_is_named_and_chosen_again_where_the_journal_is_locked() {
    let (mut desk, folder) = desk();
    let key = folder.join("a key");
    desk.press(Modifiers::COMMAND, Key::Comma);
    desk.click("Ask for a key file too…");
    desk.click("Path of the key file, Choose…");
    desk.go_to(&folder);
    desk.type_into("Name or path", "a key");
    desk.click("Choose");
    desk.settle("it is named", |app| picker(app).is_none());
    assert_eq!(desk.value_of("Path of the key file"), key.to_str().unwrap());
    desk.click("Make a new key file there");
    desk.settle("it is made", |_| key.exists());
    desk.press(Modifiers::NONE, Key::Escape);
    desk.lock();
    desk.click("This journal has a key file");
    desk.click("Path of the key file, Choose…");
    desk.go_to(&key);
    desk.settle("it is picked", |app| picker(app).is_none());
    assert_eq!(desk.value_of("Path of the key file"), key.to_str().unwrap());
}
