//! What is listed, what is chosen, and what Enter and the button do.
use std::path::Path;

use super::*;

const FOLDER: &str = "/home/ana";

fn picker(target: Target) -> Picker {
    let item =
        |name: &str, is_folder| Item { name: name.into(), is_folder, length: None, changed: None };
    let folders = ["Pictures", ".cache"].map(|name| item(name, true));
    let files = [".profile", "model.gguf", "note.txt", "photo.JPG"].map(|name| item(name, false));
    let mut picker = Picker::new(target, String::new());
    picker.show(FOLDER.into(), folders.into_iter().chain(files).collect());
    picker
}

fn names(picker: &Picker) -> Vec<&str> {
    (0..picker.row_count()).map(|row| picker.item(row).unwrap().name.to_str().unwrap()).collect()
}

fn type_name(picker: &mut Picker, typed: &str) {
    picker.typed = typed.to_owned();
    picker.refresh();
}

fn visit(path: &str) -> PickerWish {
    PickerWish::Visit(Path::new(FOLDER).join(path))
}

fn take(path: &str) -> PickerWish {
    PickerWish::Take(Path::new(FOLDER).join(path))
}

#[test]
fn only_files_of_the_kind_are_listed_and_hidden_ones_when_wished() {
    let mut models = picker(Target::Model);
    assert_eq!(names(&models), ["Pictures", "model.gguf"]);
    models.kind = Kind::All;
    models.refresh();
    assert_eq!(names(&models), ["Pictures", "model.gguf", "note.txt", "photo.JPG"]);
    let mut images = picker(Target::Attachment);
    images.kind = Kind::Images;
    images.refresh();
    assert_eq!(names(&images), ["Pictures", "photo.JPG"]);
    let mut folders = picker(Target::Backups);
    folders.hidden = true;
    folders.refresh();
    assert_eq!(names(&folders), ["Pictures", ".cache"]);
}

#[test]
fn what_is_typed_narrows_the_list_and_enter_picks_the_first() {
    let mut picker = picker(Target::Attachment);
    assert_eq!(picker.enter(), None);
    type_name(&mut picker, "PHO");
    assert_eq!(names(&picker), ["photo.JPG"]);
    assert_eq!(picker.enter(), Some(take("photo.JPG")));
    type_name(&mut picker, ".prof");
    assert_eq!(picker.enter(), Some(take(".profile")));
    type_name(&mut picker, "absent");
    assert_eq!(
        picker.enter(),
        Some(visit("absent")),
        "whoever looks tells that there is no such file"
    );
}

#[test]
fn a_path_is_looked_at_whatever_is_chosen() {
    for target in [Target::Attachment, Target::Backups, Target::Sheet] {
        let mut picker = picker(target);
        type_name(&mut picker, "/media/stick");
        assert_eq!(picker.enter(), Some(visit("/media/stick")));
        type_name(&mut picker, "../ben");
        assert_eq!(picker.pick(), Some(visit("../ben")));
    }
}

#[test]
fn arrows_stay_within_the_list() {
    let mut picker = picker(Target::Attachment);
    for (by, name) in [(1, "Pictures"), (1, "model.gguf"), (10, "photo.JPG"), (-10, "Pictures")] {
        picker.step(by);
        assert_eq!(picker.chosen_item().unwrap().name, name);
    }
    assert_eq!(picker.enter(), Some(visit("Pictures")));
}

#[test]
fn a_folder_is_entered_by_enter_and_picked_by_the_button() {
    let mut picker = picker(Target::Backups);
    assert_eq!(picker.pick(), Some(take("")), "the folder that is shown");
    picker.choose(0);
    assert_eq!(picker.enter(), Some(visit("Pictures")));
    assert_eq!(picker.pick(), Some(take("Pictures")));
}

#[test]
fn a_name_for_a_new_file_stays_while_folders_are_walked() {
    let mut picker = picker(Target::Sheet);
    type_name(&mut picker, "sheet.pdf");
    assert_eq!(picker.row_count(), 4, "a new name narrows nothing");
    picker.show("/home".into(), Vec::new());
    assert_eq!(picker.pick(), Some(PickerWish::Visit("/home/sheet.pdf".into())));
}

#[test]
fn what_is_typed_while_a_folder_is_read_stays() {
    let mut picker = picker(Target::Attachment);
    type_name(&mut picker, "pict");
    picker.looked_with = "pict".to_owned();
    picker.show(FOLDER.into(), Vec::new());
    assert!(picker.typed.is_empty(), "it has led here");
    type_name(&mut picker, "/media");
    picker.show("/home".into(), Vec::new());
    assert_eq!(picker.typed, "/media");
}

#[test]
fn a_file_that_is_there_lends_its_name_to_a_new_one() {
    let mut picker = picker(Target::NewKeyFile);
    picker.step(1);
    assert!(picker.typed.is_empty(), "a folder lends none");
    picker.step(2);
    assert_eq!(picker.typed, "note.txt");
    assert_eq!(picker.enter(), Some(visit("note.txt")));
}

#[test]
fn after_a_step_up_the_folder_that_was_left_is_chosen() {
    let mut picker = picker(Target::Attachment);
    assert_eq!(picker.above(), Some(PickerWish::Visit("/home".into())));
    let ana = Item { name: "ana".into(), is_folder: true, length: None, changed: None };
    let ben = Item { name: "ben".into(), ..ana.clone() };
    picker.show("/home".into(), vec![ben, ana]);
    assert_eq!(picker.chosen(), Some(1));
}
