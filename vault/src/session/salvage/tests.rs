//! What still authenticates comes over, and what doesn't stays where it is.
use std::fs;

use rusqlite::Connection;

use super::*;
use crate::testing::{Place, create, texts, unlock, write};

#[test]
fn a_salvaged_vault_is_sound_and_holds_what_could_be_read() {
    let place = Place::new();
    let mut session = create(&place.path);
    for words in ["one", "two", "three"] {
        write(&mut session, words);
    }
    drop(session);
    let damage = "UPDATE record SET sealed = zeroblob(length(sealed)) WHERE row = 2; \
                  INSERT INTO record(id, sealed) SELECT id, sealed FROM record WHERE row = 1";
    Connection::open(&place.path).unwrap().execute_batch(damage).unwrap();
    let session = unlock(&place.path).unwrap();
    assert!(!session.verify().unwrap().is_sound());
    let saved = place.folder.path().join("saved.inglenook");
    assert_eq!(session.salvage(&saved).unwrap(), Salvaged { records: 2, left: 2 });
    assert!(matches!(session.salvage(&saved), Err(Error::Exists(_))));
    let new = unlock(&saved).unwrap();
    assert!(new.integrity().is_sound() && new.generation() > session.generation());
    assert_eq!(texts(&new).len(), 2);
    assert!(session.damaged() == 2, "the old file is as it was");
}

#[test]
fn pages_that_are_gone_take_only_their_own_records() {
    let place = Place::new();
    let mut session = create(&place.path);
    let contents: Vec<_> =
        (0..300).map(|n| crate::testing::text(&format!("{n} {}", "x".repeat(700)))).collect();
    session.import(&contents).unwrap();
    drop(session);
    let mut bytes = fs::read(&place.path).unwrap();
    let page = 16 * 1024;
    // The tenth page is one of records: the first six are the tables' own.
    bytes[9 * page..10 * page].fill(0xee);
    fs::write(&place.path, bytes).unwrap();
    let session = unlock(&place.path).unwrap();
    assert!(!session.integrity().structure_sound && session.ids().len() > 250);
    let saved = place.folder.path().join("saved.inglenook");
    session.salvage(&saved).unwrap();
    let mut new = unlock(&saved).unwrap();
    assert!(new.integrity().is_sound());
    assert_eq!(new.ids().len(), session.ids().len());
    write(&mut new, "writing goes on");
}

#[test]
fn a_broken_table_of_attachments_costs_no_entry() {
    let place = Place::new();
    let mut session = create(&place.path);
    let id = write(&mut session, "with a photo");
    session.attach(id, "a.jpg", "image/jpeg", &mut [7; 1000].as_slice()).unwrap();
    drop(session);
    let bytes = fs::read(&place.path).unwrap();
    // The fifth and sixth page are the pieces and their index.
    for page in [4, 5] {
        let mut bytes = bytes.clone();
        bytes[page * 16 * 1024 + 8..][..64].fill(0xee);
        fs::write(&place.path, bytes).unwrap();
        let session = unlock(&place.path).unwrap();
        assert!(!session.integrity().structure_sound);
        let saved = place.folder.path().join(format!("saved {page}"));
        session.salvage(&saved).unwrap();
        assert_eq!(texts(&unlock(&saved).unwrap()), ["with a photo"]);
    }
}
