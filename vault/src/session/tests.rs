//! What a person relies on: what was saved is there, what was not saved changed nothing.
use std::{fs, time::Instant};

use jiff::civil::{date, time};
use proptest::prelude::*;

use super::*;
use crate::{
    KdfParams, Vault, random,
    testing::{Place, create, passphrase, text, texts, unlock, write},
};

#[test]
fn what_is_put_is_there_after_reopening() {
    let place = Place::new();
    let mut session = create(&place.path);
    let id = EntryId::random();
    let mut content = text("Rain all day.");
    content.title = "Rain".into();
    content.time = Some(time(8, 30, 0, 0));
    content.zone = Some("Europe/Zurich".into());
    content.tags = vec!["weather".into()];
    content.mood = Some(4);
    content.starred = true;
    content.extra.insert("later".into(), serde_json::json!({"a": [1, 2]}));
    let saved = session.put(id, &content).unwrap();
    session.close().unwrap();
    let session = unlock(&place.path).unwrap();
    let entry = session.entry(id).unwrap();
    assert!(entry.content == content && entry.revision == saved.revision);
    assert!(session.integrity().is_sound());
    assert_eq!(session.generation(), saved.generation);
    let [meta] = session.metas().collect::<Vec<_>>()[..] else { panic!("one entry") };
    assert_eq!((meta.heading.as_str(), meta.words, meta.mood), ("Rain", 3, Some(4)));
}

#[test]
fn a_save_survives_a_session_that_never_closed() {
    let place = Place::new();
    let mut session = create(&place.path);
    let id = write(&mut session, "kept");
    // A copy taken while the log is not folded in is what a power cut leaves.
    let copy = Place::new();
    for ending in ["", "-wal"] {
        let from = crate::lock::beside(&place.path, ending);
        fs::copy(from, crate::lock::beside(&copy.path, ending)).unwrap();
    }
    let reopened = unlock(&copy.path).unwrap();
    assert_eq!(reopened.entry(id).unwrap().content.text, "kept");
    assert!(reopened.integrity().is_sound());
}

#[test]
fn lists_go_newest_day_first_and_visits_oldest_first() {
    let place = Place::new();
    let mut session = create(&place.path);
    for (day, hour) in [(2, 9), (1, 9), (2, 7), (3, 1)] {
        let mut content = text(&format!("{day} {hour}"));
        content.date = date(2026, 3, day);
        content.time = Some(time(hour, 0, 0, 0));
        session.put(EntryId::random(), &content).unwrap();
    }
    let order = |session: &Session| {
        let headings = session.metas().map(|meta| meta.heading.clone());
        headings.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(order(&session), "3 1, 2 7, 2 9, 1 9");
    assert_eq!(texts(&session).join(", "), "1 9, 2 7, 2 9, 3 1");
    drop(session);
    assert_eq!(order(&unlock(&place.path).unwrap()), "3 1, 2 7, 2 9, 1 9");
}

#[test]
fn saving_as_one_types_leaves_one_revision() {
    let place = Place::new();
    let mut session = create(&place.path);
    let id = EntryId::random();
    for words in ["T", "Th", "The"] {
        session.put(id, &text(words)).unwrap();
    }
    assert_eq!(session.entries[&id].0.len(), 1);
    let saved = session.put(id, &text("The")).unwrap();
    assert_eq!(saved.generation, session.generation(), "the same again writes nothing");
    session.commit_revision(id);
    session.put(id, &text("The end")).unwrap();
    assert_eq!(session.entries[&id].0.len(), 2);
    session.bursts.get_mut(&id).unwrap().started = Instant::now().checked_sub(BURST).unwrap();
    session.put(id, &text("The end.")).unwrap();
    assert_eq!(session.entries[&id].0.len(), 3);
    drop(session);
    let session = unlock(&place.path).unwrap();
    assert_eq!(session.entries[&id].0.len(), 3);
    assert_eq!(session.entry(id).unwrap().content.text, "The end.");
    assert!(session.integrity().is_sound());
}

#[test]
fn a_deleted_entry_is_gone_from_lists_and_comes_back_when_written_again() {
    let place = Place::new();
    let mut session = create(&place.path);
    let id = write(&mut session, "gone");
    session.delete(id).unwrap();
    assert!(session.ids().is_empty());
    assert!(matches!(session.entry(id), Err(Error::NoSuchEntry)));
    assert!(matches!(session.delete(id), Err(Error::NoSuchEntry)));
    drop(session);
    let mut session = unlock(&place.path).unwrap();
    assert!(session.ids().is_empty());
    session.put(id, &text("back")).unwrap();
    assert_eq!(texts(&session), ["back"]);
}

#[test]
fn entries_of_one_day_stay_in_the_order_they_came_in() {
    let place = Place::new();
    let mut session = create(&place.path);
    let notes: Vec<_> = (0..20).map(|number| format!("note {number}")).collect();
    let contents: Vec<_> = notes.iter().map(|note| text(note)).collect();
    session.import(&contents).unwrap();
    let mut found = Vec::new();
    session.for_each_entry(&mut |entry| found.push(entry.content.text)).unwrap();
    assert_eq!(found, notes);
}

#[test]
fn an_import_adds_each_entry_once() {
    let place = Place::new();
    let mut session = create(&place.path);
    write(&mut session, "there");
    let contents = [text("there"), text("new"), text("new"), text("newer")];
    let count = session.import(&contents).unwrap();
    assert_eq!(count, ImportCount { imported: 2, duplicates: 2 });
    let again = session.import(&contents).unwrap();
    assert_eq!(again, ImportCount { imported: 0, duplicates: 4 });
    drop(session);
    let session = unlock(&place.path).unwrap();
    assert!(session.integrity().is_sound() && session.ids().len() == 3);
}

#[test]
fn values_are_kept_by_name() {
    let place = Place::new();
    let mut session = create(&place.path);
    session.set_value("theme", b"dark").unwrap();
    session.set_value("theme", b"light").unwrap();
    session.set_value("cache", &vec![7; 100_000]).unwrap();
    drop(session);
    let session = unlock(&place.path).unwrap();
    assert_eq!(session.value("theme").unwrap().as_deref(), Some(b"light".as_slice()));
    assert_eq!(session.value("cache").unwrap().map(|value| value.len()), Some(100_000));
    assert_eq!(session.value("none").unwrap(), None);
    assert!(session.integrity().is_sound());
}

#[test]
fn without_randomness_nothing_is_saved() {
    let place = Place::new();
    let mut session = create(&place.path);
    let id = write(&mut session, "before");
    let generation = session.generation();
    random::tests::FAILING.set(true);
    let put = session.put(id, &text("after"));
    let import = session.import(&[text("imported")]);
    random::tests::FAILING.set(false);
    assert!(matches!(put, Err(Error::Random)) && matches!(import, Err(Error::Random)));
    assert!(matches!(session.put(EntryId([0; 16]), &text("x")), Err(Error::Random)));
    assert_eq!((session.generation(), texts(&session)), (generation, vec!["before".to_owned()]));
}

#[test]
fn a_new_passphrase_opens_and_the_old_one_does_not() {
    let place = Place::new();
    let old = passphrase("old");
    let mut session = Vault::create(&place.path, &old, KdfParams::FLOOR).unwrap();
    let id = write(&mut session, "kept");
    let slot = session.ledger.slots()[0].bytes.clone();
    session.change_passphrase(&passphrase("new"), KdfParams::FLOOR).unwrap();
    let bytes = fs::read(&place.path).unwrap();
    assert!(!bytes.windows(32).any(|window| window == &slot[60..92]), "the old salt is gone");
    drop(session);
    let vault = Vault::open(&place.path).unwrap();
    assert!(matches!(vault.unlock_key(&old), Err(Error::WrongPassphrase)));
    let session = vault.unlock(&passphrase("new")).unwrap();
    assert_eq!(session.entry(id).unwrap().content.text, "kept");
    assert!(session.integrity().is_sound());
}

#[test]
fn an_older_copy_is_reported_and_opens() {
    let (place, copy) = (Place::new(), Place::new());
    let seen = place.folder.path().join("state");
    let mut session = create(&place.path);
    write(&mut session, "first");
    drop(session);
    fs::copy(&place.path, &copy.path).unwrap();
    let mut session = unlock(&place.path).unwrap();
    session.watch_for_rollback(&seen).unwrap();
    assert_eq!(session.rollback(), None);
    write(&mut session, "second");
    let newest = session.generation();
    drop(session);
    let mut session = unlock(&copy.path).unwrap();
    session.watch_for_rollback(&seen).unwrap();
    assert_eq!(session.rollback(), Some(Rollback { seen: newest, found: newest - 1 }));
    assert_eq!(texts(&session), ["first"]);
    let file = fs::read_dir(&seen).unwrap().next().unwrap().unwrap().path();
    fs::write(&file, b"not ours").unwrap();
    session.watch_for_rollback(&seen).unwrap();
    assert_eq!(session.rollback(), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_content_reads_back_as_put(
        writes in prop::collection::vec((0u8..4, ".{0,400}", any::<bool>(), ".{0,20}"), 1..12),
    ) {
        let place = Place::new();
        let mut session = create(&place.path);
        let mut expected = std::collections::BTreeMap::new();
        for (which, body, starred, tag) in writes {
            let mut content = text(&body);
            content.starred = starred;
            content.tags = vec![tag];
            let id = EntryId([which + 1; 16]);
            session.put(id, &content).unwrap();
            expected.insert(id, content);
        }
        drop(session);
        let session = unlock(&place.path).unwrap();
        prop_assert!(session.integrity().is_sound());
        prop_assert_eq!(session.ids().len(), expected.len());
        for (id, content) in expected {
            prop_assert!(session.entry(id).unwrap().content == content);
        }
    }
}
