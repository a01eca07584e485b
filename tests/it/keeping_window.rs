//! What guards against loss, in the window: files, versions, the trash, backups, ways to unlock, copies.
use std::{fs, path::Path};

use egui::{Key, Modifiers};
use inglenook::{
    keeping::sheet,
    state::keeping::{Done, Outcome, Shelf},
};
use tests::desk::{Desk, PASSPHRASE, is_locked, journal};
use vault::{Content, EntryId, Passphrase, Session, SlotKind, Vault};

const NEW: &str = "walnut harbour sixteen lantern";

#[test]
fn a_file_is_attached_saved_and_removed() {
    let mut desk = Desk::new().unlocked();
    desk.write("A day at the sea");
    let photo = desk.path("photo.jpg");
    fs::write(&photo, vec![7; 150_000]).unwrap();
    desk.click("Attach a file…");
    desk.go_to(&photo);
    wait_for_files(&mut desk, 1);
    assert!(desk.shows("photo.jpg") && desk.shows("150 kB"));

    let out = desk.path("out");
    desk.click("photo.jpg, Save a copy…");
    assert!(desk.shows_some("not encrypted: whoever has it can read it"));
    fs::create_dir(&out).unwrap();
    desk.go_to(&out);
    desk.click("Save in out");
    desk.settle("the copy is there", |app| {
        journal(app).is_some_and(|journal| journal.keeping.about.saved.is_some())
    });
    assert!(fs::read(out.join("photo.jpg")).unwrap() == vec![7; 150_000]);
    assert!(desk.shows_some("not encrypted, as"));

    desk.click("photo.jpg, Remove…");
    assert!(desk.shows_some("can't be undone"));
    desk.click("Remove for ever");
    wait_for_files(&mut desk, 0);
    assert!(!desk.shows("photo.jpg"));
}

#[test]
fn a_file_that_is_not_there_is_told_and_nothing_is_attached() {
    let mut desk = Desk::new().unlocked();
    desk.write("x");
    desk.click("Attach a file…");
    desk.go_to(&desk.path("missing"));
    assert!(desk.shows("There is nothing at this place."));
    desk.press(Modifiers::NONE, Key::Escape);
    desk.drop_file(&desk.path("missing"));
    desk.settle("it is told", |app| {
        journal(app).is_some_and(|journal| journal.keeping.about.problem.is_some())
    });
    assert!(desk.shows_some("There is no file at this place."));
    assert!(desk.journal().keeping.about.files.is_empty());
}

#[test]
fn a_file_dropped_onto_a_new_entry_makes_it_one() {
    let mut desk = Desk::new().unlocked();
    let photo = desk.path("photo.png");
    fs::write(&photo, "light").unwrap();
    desk.drop_file(&photo);
    wait_for_files(&mut desk, 1);
    assert_eq!(desk.journal().rows().len(), 1);
    desk.lock();
    desk.unlock(PASSPHRASE);
    assert!(desk.journal().keeping.about.files.is_empty(), "a new entry is before the person");
    desk.open("Nothing written yet");
    wait_for_files(&mut desk, 1);
}

#[test]
fn an_earlier_version_is_compared_and_restored() {
    let mut desk = Desk::new().unlocked();
    desk.write("Tea with Ana");
    desk.wait_for_save();
    desk.lock();
    desk.unlock(PASSPHRASE);
    desk.open("Tea with Ana");
    desk.type_over("Text of the entry", "Tea with Ben");
    desk.wait_for_save();
    desk.click("Earlier versions");
    desk.settle("they are listed", |app| versions(app) == 2);
    let earlier = match &desk.journal().keeping.shelf {
        Some(Shelf::History(history)) => history.versions[1].meta.id,
        _ => panic!("the history is shown"),
    };
    desk.click_last("3 words");
    desk.settle(
        "it is compared",
        |app| matches!(shelf(app), Some(Shelf::History(history)) if history.compared.is_some()),
    );
    assert!(desk.shows_some("Tea with AnaBen"), "what went stands before what came");
    desk.check_names();
    desk.click("Restore this version");
    desk.settle("it is restored", |app| {
        journal(app).is_some_and(|journal| journal.draft.content.text == "Tea with Ana")
    });
    assert!(desk.journal().keeping.shelf.is_none());
    desk.lock();
    let session = open(&desk, PASSPHRASE);
    let history = session.history(session.ids()[0]).unwrap();
    assert_eq!(history.len(), 3, "nothing is lost");
    assert!(history.iter().any(|meta| meta.id == earlier));
}

#[test]
fn the_trash_gives_back_and_deletes_for_ever() {
    let mut desk = Desk::new().unlocked();
    desk.write("Herons by the river");
    desk.wait_for_save();
    delete(&mut desk);
    desk.click("Trash");
    desk.settle("it is listed", |app| trashed(app) == Some(1));
    assert!(desk.shows("Herons by the river") && desk.shows_some("30 days left"));
    desk.check_names();
    desk.click("Herons by the river, Put back");
    desk.settle("it is back", |app| {
        trashed(app) == Some(0) && journal(app).is_some_and(|journal| journal.rows().len() == 1)
    });
    assert!(desk.shows("The trash is empty."));
    desk.press(Modifiers::NONE, Key::Escape);
    desk.open("Herons by the river");
    delete(&mut desk);
    desk.click("Trash");
    desk.settle("it is listed", |app| trashed(app) == Some(1));
    desk.click("Herons by the river, Delete for ever…");
    assert!(desk.shows_some("can't be undone"));
    desk.click("Cancel");
    assert!(!desk.shows("Delete for ever"));
    desk.click("Herons by the river, Delete for ever…");
    desk.click("Delete for ever");
    desk.settle("it is gone", |app| trashed(app) == Some(0));
    desk.lock();
    assert!(open(&desk, PASSPHRASE).trash(jiff::Zoned::now().date()).is_empty());
}

#[test]
fn a_backup_is_made_by_itself_and_checked_by_a_button() {
    let mut desk = Desk::new().unlocked();
    desk.write("Marmalade and toast");
    desk.wait_for_save();
    let backups = desk.path("backups");
    desk.settle("the day's backup is there", |_| {
        fs::read_dir(&backups).is_ok_and(|mut files| files.next().is_some())
    });
    desk.press(Modifiers::COMMAND, Key::Comma);
    desk.click("Back up now");
    desk.settle("it is made", |app| matches!(backup_outcome(app), Some(Outcome::BackedUp(_))));
    desk.click("Check the newest backup");
    desk.settle("it is opened", |app| matches!(backup_outcome(app), Some(Outcome::Drilled(_))));
    assert!(desk.shows_some("reads back whole"));
    assert!(desk.shows_some("One entry, 3 words. The last entry is of"));
    assert_eq!(fs::read_dir(&backups).unwrap().count(), 1, "one a day, and nothing beside it");
    desk.check_names();

    let stick = desk.path("stick");
    fs::create_dir(&stick).unwrap();
    desk.drop_file(&stick);
    desk.settle("the new folder gets one", |_| fs::read_dir(&stick).unwrap().next().is_some());
    let settings = desk.path("settings.json");
    desk.settle("the folder is remembered", |_| {
        fs::read_to_string(&settings).is_ok_and(|settings| settings.contains("stick"))
    });
}

#[test]
fn a_check_names_the_day_of_what_is_damaged() {
    let mut desk = Desk::new().unlocked();
    desk.write(&"Marmalade ".repeat(300));
    desk.wait_for_save();
    desk.press(Modifiers::COMMAND, Key::Comma);
    desk.click("Check now");
    desk.settle("it is checked", |app| checked(app) == Some((true, 0)));
    assert!(desk.shows_some("Everything is sound"));
    desk.click("Back up now");
    desk.settle("it is made", |app| matches!(backup_outcome(app), Some(Outcome::BackedUp(_))));
    desk.press(Modifiers::NONE, Key::Escape);
    desk.lock();
    damage(&desk.journal_file());
    desk.unlock(PASSPHRASE);
    desk.press(Modifiers::COMMAND, Key::Comma);
    desk.click("Check now");
    desk.settle("it is checked", |app| checked(app) == Some((false, 1)));
    let today = jiff::Zoned::now().date().strftime("%-d %B %Y").to_string();
    assert!(desk.shows(&format!("Damaged entries: {today}.")));
}

#[test]
fn the_passphrase_changes_only_for_who_knows_it() {
    let mut desk = Desk::new().unlocked();
    desk.press(Modifiers::COMMAND, Key::Comma);
    assert!(desk.shows("The last way to unlock can't be removed."));
    desk.click("Change passphrase…");
    desk.check_names();
    desk.type_into("Present passphrase", "wrong");
    desk.type_into("New passphrase", NEW);
    desk.type_into("The new one once more", NEW);
    desk.click("Apply");
    desk.settle("it is refused", |app| ways(app).is_some_and(|ways| ways.problem.is_some()));
    assert!(desk.shows_some("Nothing was changed."));
    desk.type_over("Present passphrase", PASSPHRASE);
    desk.click("Apply");
    desk.settle("it is changed", |app| ways(app).is_some_and(|it| it.done == Some(Done::Changed)));
    desk.press(Modifiers::NONE, Key::Escape);
    desk.lock();
    desk.unlock(PASSPHRASE);
    assert!(is_locked(desk.app()));
    desk.unlock(NEW);
    assert!(!is_locked(desk.app()));
}

#[test]
fn a_recovery_phrase_is_made_typed_back_and_opens_the_journal() {
    let mut desk = Desk::new().unlocked();
    desk.press(Modifiers::COMMAND, Key::Comma);
    desk.click("Make a recovery phrase…");
    desk.click("Make it");
    desk.settle("it is shown", |app| ways(app).is_some_and(|ways| ways.phrase.is_some()));
    desk.check_names();
    let phrase = ways(desk.app()).unwrap().phrase.as_ref().unwrap().to_string();
    let sheet = desk.path("sheet.pdf");
    desk.type_over("Where the sheet goes", sheet.to_str().unwrap());
    desk.click("Save as PDF");
    desk.settle("it is saved", |app| ways(app).is_some_and(|ways| ways.sheet.is_some()));
    assert!(fs::read(&sheet).unwrap().starts_with(b"%PDF"));
    desk.click("I have written it down");
    assert!(desk.shows_some("That is not what is on the screen."));
    confirm_phrase(&mut desk);
    desk.press(Modifiers::NONE, Key::Escape);
    desk.lock();

    desk.click("Use the recovery phrase instead");
    desk.type_into("Recovery phrase", "not a phrase");
    desk.click("Unlock");
    assert!(desk.shows_some("does not open the journal"));
    desk.type_over("Recovery phrase", &phrase);
    desk.click("Unlock");
    desk.settle("it opens", |app| journal(app).is_some());
    desk.look_around();
    assert!(desk.shows_some("You came in with the recovery phrase."));
    assert!(!desk.shows("Present passphrase"));
    desk.type_into("New passphrase", NEW);
    desk.type_into("The new one once more", NEW);
    desk.click("Apply");
    desk.settle("it is changed", |app| ways(app).is_some_and(|it| it.done == Some(Done::Changed)));
    desk.press(Modifiers::NONE, Key::Escape);
    desk.lock();
    desk.unlock(NEW);
    assert!(!is_locked(desk.app()));
}

#[test]
fn a_way_is_removed_and_the_last_one_stays() {
    let mut desk = Desk::new().unlocked();
    desk.press(Modifiers::COMMAND, Key::Comma);
    desk.click("Make a recovery phrase…");
    desk.click("Make it");
    desk.settle("it is shown", |app| ways(app).is_some_and(|ways| ways.phrase.is_some()));
    desk.click("Give this phrase up");
    desk.settle("it is given up", |app| ways(app).is_some_and(|ways| ways.slots.len() == 1));
    desk.click("Make a recovery phrase…");
    desk.click("Make it");
    desk.settle("it is shown", |app| ways(app).is_some_and(|ways| ways.phrase.is_some()));
    confirm_phrase(&mut desk);
    desk.click("Recovery phrase, Remove…");
    desk.click("Remove this way");
    desk.settle("it is removed", |app| ways(app).is_some_and(|ways| ways.slots.len() == 1));
    assert!(desk.shows("The last way to unlock can't be removed."));
    assert!(!desk.shows("Passphrase, Remove…"));
}

#[test]
fn a_key_file_is_asked_for_beside_the_passphrase() {
    let mut desk = Desk::new().unlocked();
    let key = desk.path("key");
    desk.press(Modifiers::COMMAND, Key::Comma);
    desk.click("Ask for a key file too…");
    desk.type_into("Present passphrase", PASSPHRASE);
    desk.type_into("Path of the key file", key.to_str().unwrap());
    desk.click("Make a new key file there");
    desk.settle("it is made", |app| ways(app).is_some_and(|it| it.done == Some(Done::KeyFileMade)));
    assert_eq!(fs::read(&key).unwrap().len(), 64);
    desk.click("Apply");
    desk.settle("it is asked for", |app| ways(app).is_some_and(|ways| ways.has_key_file()));
    desk.press(Modifiers::NONE, Key::Escape);
    desk.lock();
    assert_eq!(desk.value_of("Path of the key file"), key.to_str().unwrap(), "its place is known");
    desk.type_over("Path of the key file", desk.path("other").to_str().unwrap());
    desk.unlock(PASSPHRASE);
    assert!(is_locked(desk.app()));
    desk.drop_file(&key);
    desk.unlock(PASSPHRASE);
    assert!(!is_locked(desk.app()));
    desk.settle("the ways are listed", |app| {
        let slots = ways(app).map(|ways| ways.slots.iter().map(|(_, kind)| *kind));
        slots.is_some_and(|kinds| kinds.eq([SlotKind::PassphraseAndKeyFile]))
    });

    desk.press(Modifiers::COMMAND, Key::Comma);
    desk.click("Ask for no key file…");
    desk.type_into("Present passphrase", PASSPHRASE);
    desk.type_over("Path of the key file", key.to_str().unwrap());
    desk.click("Apply");
    desk.settle("it is dropped", |app| ways(app).is_some_and(|ways| !ways.has_key_file()));
}

#[test]
fn a_conflict_copy_is_offered_merged_and_both_versions_kept() {
    let (mut desk, copy) = two_copies();
    desk.unlock(PASSPHRASE);
    desk.settle("it is found", |app| {
        journal(app).is_some_and(|journal| journal.keeping.copies.len() == 1)
    });
    assert!(desk.shows_some("journal.sync-conflict-20261122-101500-ABCDEFG.inglenook"));
    desk.check_names();
    let before = fs::read(&copy).unwrap();
    desk.click("Merge");
    desk.settle("it is merged", |app| {
        journal(app).is_some_and(|journal| {
            journal.keeping.copies.is_empty() && journal.keeping.conflicting.len() == 1
        })
    });
    assert!(desk.shows_some("The copy was left where it is."));
    assert!(fs::read(&copy).unwrap() == before);
    desk.press(Modifiers::NONE, Key::Escape);
    desk.click("Look");
    desk.settle("both are shown", |app| {
        journal(app).is_some_and(|journal| journal.keeping.about.others.len() == 1)
    });
    assert!(desk.shows("This entry was changed in two places"));
    desk.check_names();
    desk.click("Keep both, as two entries");
    desk.settle("there are two", |app| {
        journal(app).is_some_and(|journal| {
            journal.rows().len() == 2
                && journal.keeping.about.others.is_empty()
                && journal.keeping.conflicting.is_empty()
        })
    });
    desk.lock();
    let session = open(&desk, PASSPHRASE);
    let mut texts = Vec::new();
    session.for_each_entry(&mut |entry| texts.push(entry.content.text)).unwrap();
    texts.sort();
    assert_eq!(texts, ["here", "there"]);
    drop(session);
    desk.unlock(PASSPHRASE);
    desk.settle("upkeep", |app| journal(app).is_some_and(|j| !j.keeping.ways.slots.is_empty()));
    assert!(desk.journal().keeping.copies.is_empty(), "it holds nothing new any more");
}

#[test]
fn of_two_versions_one_is_chosen_and_the_other_stays_in_the_history() {
    let (mut desk, copy) = two_copies();
    let mut ours = open(&desk, PASSPHRASE);
    ours.merge(&ours.open_copy(&copy).unwrap()).unwrap();
    let id = ours.ids()[0];
    let other = ours.conflicts(id).unwrap().remove(0).content.text;
    drop(ours);
    desk.unlock(PASSPHRASE);
    desk.open("here");
    desk.settle("both are shown", |app| {
        journal(app).is_some_and(|journal| journal.keeping.about.others.len() == 1)
    });
    desk.click("Keep the other");
    desk.settle("it is settled", |app| {
        journal(app).is_some_and(|journal| {
            journal.draft.content.text == other && journal.keeping.about.others.is_empty()
        })
    });
    desk.lock();
    let session = open(&desk, PASSPHRASE);
    assert!(session.conflicting().is_empty());
    assert_eq!(session.history(id).unwrap().len(), 6, "nothing is lost");
}

/// Types back what is asked for of the phrase that is shown.
fn confirm_phrase(desk: &mut Desk) {
    let phrase = ways(desk.app()).unwrap().phrase.as_ref().unwrap().to_string();
    let parts = sheet::parts(&phrase);
    for asked in sheet::asked(&phrase) {
        desk.type_into(&format!("Part {} of it, from your paper", asked + 1), parts[asked]);
    }
    desk.click("I have written it down");
    assert!(ways(desk.app()).is_some_and(|ways| ways.phrase.is_none()));
}

/// A locked desk and a conflict copy; the one entry says "here" in one and "there" in the other.
fn two_copies() -> (Desk, std::path::PathBuf) {
    let mut desk = Desk::new().unlocked();
    desk.lock();
    let copy = desk.path("journal.sync-conflict-20261122-101500-ABCDEFG.inglenook");
    let mut session = open(&desk, PASSPHRASE);
    let id = EntryId::random();
    let content = |text: &str| Content {
        text: text.to_owned(),
        ..Content::new(jiff::civil::date(2026, 11, 1))
    };
    session.put(id, &content("before")).unwrap();
    session.backup_to(&copy).unwrap();
    session.commit_revision(id);
    session.put(id, &content("here")).unwrap();
    // Seen more often, so that this is the one shown.
    session.commit_revision(id);
    session.put(id, &content("here!")).unwrap();
    session.commit_revision(id);
    session.put(id, &content("here")).unwrap();
    session.close().unwrap();
    let vault = Vault::open(&copy).unwrap();
    let mut theirs = vault.unlock(&Passphrase::new(PASSPHRASE)).unwrap();
    theirs.put(id, &content("there")).unwrap();
    theirs.close().unwrap();
    (desk, copy)
}

fn open(desk: &Desk, passphrase: &str) -> Session {
    Vault::open(&desk.journal_file()).unwrap().unlock(&Passphrase::new(passphrase)).unwrap()
}

fn delete(desk: &mut Desk) {
    desk.click("Delete");
    desk.click("Move to trash");
    desk.settle("it is deleted", |app| {
        journal(app).is_some_and(|journal| journal.rows().is_empty())
    });
}

fn wait_for_files(desk: &mut Desk, count: usize) {
    desk.settle("the files are listed", |app| {
        journal(app).is_some_and(|journal| journal.keeping.about.files.len() == count)
    });
}

fn shelf(app: &inglenook::app::App) -> Option<&Shelf> {
    journal(app)?.keeping.shelf.as_ref()
}

fn versions(app: &inglenook::app::App) -> usize {
    match shelf(app) {
        Some(Shelf::History(history)) => history.versions.len(),
        _ => 0,
    }
}

fn trashed(app: &inglenook::app::App) -> Option<usize> {
    match shelf(app) {
        Some(Shelf::Trash { entries, .. }) => entries.as_ref().map(Vec::len),
        _ => None,
    }
}

fn ways(app: &inglenook::app::App) -> Option<&inglenook::state::keeping::Ways> {
    Some(&journal(app)?.keeping.ways)
}

fn backup_outcome(app: &inglenook::app::App) -> Option<&Outcome> {
    journal(app)?.keeping.safety.backup.as_ref()
}

fn checked(app: &inglenook::app::App) -> Option<(bool, usize)> {
    match journal(app)?.keeping.safety.check.as_ref()? {
        Outcome::Verified { sound, damaged, .. } => Some((*sound, damaged.len())),
        _ => None,
    }
}

/// Wipes every record that holds a text.
fn damage(journal: &Path) {
    let file = rusqlite::Connection::open(journal).unwrap();
    let wipe = "UPDATE record SET sealed = zeroblob(length(sealed)) WHERE length(sealed) > 2000";
    assert!(file.execute(wipe, []).unwrap() > 0);
}
