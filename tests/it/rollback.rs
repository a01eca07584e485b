//! An older copy of a journal, put in its place: it opens, and it is said.
use std::fs;

use tests::{
    binary::Home,
    desk::{Desk, PASSPHRASE},
};

const WARNING: &str = "this is an older copy of the journal, 2 changes behind";

#[test]
fn the_command_line_warns_of_an_older_copy_until_something_is_written() {
    let home = Home::with_journal();
    write(&home, "first");
    let old = fs::read(home.journal()).unwrap();
    write(&home, "second");
    write(&home, "third");
    fs::write(home.journal(), &old).unwrap();
    for _ in 0..2 {
        let run = home.run(&["list"], "");
        assert_eq!(run.code, Some(0), "it opens all the same: {}", run.stderr);
        assert!(run.stdout.contains("first") && !run.stdout.contains("second"));
        assert!(run.stderr.contains(WARNING), "{}", run.stderr);
    }
    write(&home, "fourth");
    assert_eq!(home.run(&["list"], "").stderr, "");
}

#[test]
fn copies_elsewhere_and_restored_backups_are_no_older_copies() {
    let home = Home::with_journal();
    write(&home, "first");
    let backup = home.path("early.inglenook");
    let _ = home.text(&["backup", backup.to_str().unwrap()]);
    write(&home, "second");
    let copy = home.path("elsewhere.inglenook");
    fs::copy(&backup, &copy).unwrap();
    let list = home.run(&["list", "--journal", copy.to_str().unwrap()], "");
    assert!(list.stdout.contains("first"), "{}", list.stderr);
    assert_eq!(list.stderr, "");
    let restored = home.run(&["restore", backup.to_str().unwrap()], "");
    assert_eq!((restored.code, restored.stderr.as_str()), (Some(0), ""));
    assert_eq!(home.run(&["list"], "").stderr, "");
}

#[test]
fn the_window_tells_of_an_older_copy_and_lets_the_person_in() {
    let mut desk = Desk::new().unlocked();
    desk.write("What the copy has.");
    desk.wait_for_save();
    desk.lock();
    let old = fs::read(desk.journal_file()).unwrap();
    desk.unlock(PASSPHRASE);
    assert!(!desk.shows_some("older copy"));
    desk.write("What it lacks.");
    desk.wait_for_save();
    desk.lock();
    fs::write(desk.journal_file(), old).unwrap();
    desk.unlock(PASSPHRASE);
    assert!(desk.shows_some("This is an older copy of your journal"));
    assert!(desk.shows_some("What the copy has."));
    desk.click("Dismiss");
    assert!(!desk.shows_some("older copy"));
}

fn write(home: &Home, text: &str) {
    assert_eq!(home.run(&["write"], text).code, Some(0));
}
