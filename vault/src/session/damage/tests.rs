//! Damage has a day, also where only a backup still knows it.
use rusqlite::Connection;

use crate::testing::{Place, create, unlock, write};

const DAMAGE: &str = "UPDATE record SET sealed = zeroblob(length(sealed)) WHERE row = 1";

#[test]
fn a_sound_vault_names_nothing() {
    let place = Place::new();
    let mut session = create(&place.path);
    write(&mut session, "kept");
    assert_eq!(session.damaged_entries(None).unwrap(), []);
}

#[test]
fn what_was_damaged_before_unlocking_is_named_by_a_backup() {
    let place = Place::new();
    let mut session = create(&place.path);
    let lost = write(&mut session, "lost");
    let kept = write(&mut session, "kept");
    let copy = place.folder.path().join("copy");
    session.backup_to(&copy).unwrap();
    session.put(kept, &crate::testing::text("changed since")).unwrap();
    drop(session);
    Connection::open(&place.path).unwrap().execute_batch(DAMAGE).unwrap();
    let session = unlock(&place.path).unwrap();
    assert_eq!(session.damaged_entries(None).unwrap(), []);
    let copy = session.open_copy(&copy).unwrap();
    let named = session.damaged_entries(Some(&copy)).unwrap();
    assert_eq!(named.iter().map(|one| one.id).collect::<Vec<_>>(), [lost]);
    assert_eq!(named[0].date, jiff::civil::date(2026, 3, 1));
}

#[test]
fn a_damaged_attachment_is_named_by_its_entry() {
    let place = Place::new();
    let mut session = create(&place.path);
    write(&mut session, "bare");
    let entry = write(&mut session, "with a picture");
    session.attach(entry, "a.jpg", "image/jpeg", &mut [7_u8; 1000].as_slice()).unwrap();
    drop(session);
    let damage = "UPDATE chunk SET sealed = zeroblob(length(sealed))";
    Connection::open(&place.path).unwrap().execute_batch(damage).unwrap();
    let named = unlock(&place.path).unwrap().damaged_entries(None).unwrap();
    assert_eq!(named.iter().map(|one| one.id).collect::<Vec<_>>(), [entry]);
}
