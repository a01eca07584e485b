//! What is deleted waits thirty days; what is purged is nowhere in the file.
use std::fs;

use jiff::civil::date;

use super::*;
use crate::testing::{Place, create, text, texts, unlock, write};

#[test]
fn a_deleted_entry_waits_in_the_trash_and_comes_back_whole() {
    let place = Place::new();
    let mut session = create(&place.path);
    let id = write(&mut session, "taken back");
    session.delete(id).unwrap();
    drop(session);
    let mut session = unlock(&place.path).unwrap();
    let deleted = session.history(id).unwrap()[0].written.date();
    let day = |days: i32| deleted.checked_add(days.days()).unwrap();
    assert_eq!(session.trash(day(0))[0].meta.heading, "taken back");
    assert_eq!((session.trash(day(30)).len(), session.trash(day(31)).len()), (1, 0));
    assert_eq!(session.trash(date(1970, 1, 1)).len(), 1, "a clock set back hides nothing");
    session.undelete(id).unwrap();
    assert!(session.trash(day(0)).is_empty());
    assert_eq!(texts(&session), ["taken back"]);
    assert!(matches!(session.undelete(id), Err(Error::NoSuchEntry)));
}

#[test]
fn what_is_purged_is_nowhere_in_the_file() {
    let place = Place::new();
    let mut session = create(&place.path);
    let id = write(&mut session, "secret");
    session.commit_revision(id);
    session.put(id, &text(&"secret ".repeat(20_000))).unwrap();
    write(&mut session, "kept");
    let rows = session.entries[&id].0.iter().map(|revision| revision.stored.row);
    let sealed: Vec<_> = rows.map(|row| session.ledger.store.sealed(row).unwrap()).collect();
    session.ledger.store.checkpoint().unwrap();
    let found = || {
        let bytes = fs::read(&place.path).unwrap();
        let pieces = sealed.iter().flat_map(|sealed| sealed.chunks_exact(64));
        pieces.filter(|piece| bytes.windows(64).any(|window| window == *piece)).count()
    };
    assert!(found() > 100);
    session.delete(id).unwrap();
    session.purge(id).unwrap();
    assert_eq!(found(), 0);
    let log = crate::lock::beside(&place.path, "-wal");
    assert_eq!(fs::metadata(log).unwrap().len(), 0);
    assert_eq!(texts(&session), ["kept"]);
    assert!(session.trash(date(2026, 3, 1)).is_empty());
    drop(session);
    let session = unlock(&place.path).unwrap();
    assert!(session.integrity().is_sound() && session.ids().len() == 1);
}

#[test]
fn only_what_waited_long_enough_is_purged() {
    let place = Place::new();
    let mut session = create(&place.path);
    let id = write(&mut session, "old");
    session.delete(id).unwrap();
    let today = now().date();
    assert_eq!(session.purge_expired(today).unwrap(), 0);
    assert_eq!(session.purge_expired(today.checked_add(31.days()).unwrap()).unwrap(), 1);
    assert!(matches!(session.undelete(id), Err(Error::NoSuchEntry)));
}

#[test]
fn an_entry_is_purged_with_its_attachments_or_not_at_all() {
    let place = Place::new();
    let mut session = create(&place.path);
    let id = write(&mut session, "with two photos");
    for name in ["a.jpg", "b.jpg"] {
        session.attach(id, name, "image/jpeg", &mut [7; 1000].as_slice()).unwrap();
    }
    let generation = session.generation();
    session.purge(id).unwrap();
    assert_eq!(session.generation(), generation + 1, "one transaction");
    assert!(session.attachments(id).is_empty() && session.ids().is_empty());
    drop(session);
    let session = unlock(&place.path).unwrap();
    assert!(session.attachments(id).is_empty() && session.ids().is_empty());
    assert!(session.verify().unwrap().is_sound());
}
