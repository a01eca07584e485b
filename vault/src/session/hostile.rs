//! A vault changed behind our back: never other text, never a panic, never a silent loss.
use std::{collections::BTreeSet, fs, path::Path};

use rusqlite::Connection;

use super::*;
use crate::testing::{Place, create, text, texts, unlock, write};

/// A small vault, closed, and its bytes.
fn small() -> (Place, Vec<u8>) {
    let place = Place::new();
    let mut session = create(&place.path);
    for words in ["one", "two", "three"] {
        write(&mut session, words);
    }
    session.set_value("theme", b"dark").unwrap();
    drop(session);
    let bytes = fs::read(&place.path).unwrap();
    (place, bytes)
}

/// Opens what `bytes` are now: every text that shows is one that was written, and if not
/// everything is there, it says so.
fn check_honest(path: &Path, bytes: &[u8], what: &str) {
    fs::write(path, bytes).unwrap();
    let Ok(session) = unlock(path) else { return };
    let texts: BTreeSet<_> = texts(&session).into_iter().collect();
    let written = BTreeSet::from(["one", "two", "three"].map(str::to_owned));
    assert!(texts.is_subset(&written), "{what}: a text that nobody wrote");
    if session.integrity().is_sound() {
        assert!(texts == written, "{what}: a loss without a word");
        assert_eq!(session.value("theme").unwrap().as_deref(), Some(b"dark".as_slice()), "{what}");
    }
}

/// Changes the closed file with SQL, and opens it again.
fn tampered(path: &Path, sql: &str) -> Session {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
    unlock(path).unwrap()
}

#[test]
fn every_byte_flipped_is_noticed_or_harmless() {
    let (place, bytes) = small();
    for at in 0..bytes.len() {
        // Far from any content every byte is zero; there a sample will do.
        let is_empty =
            bytes[at.saturating_sub(32)..bytes.len().min(at + 32)].iter().all(|b| *b == 0);
        if is_empty && at % 97 != 0 {
            continue;
        }
        let mut changed = bytes.clone();
        changed[at] ^= [0x01, 0x80, 0xff][at % 3];
        check_honest(&place.path, &changed, &format!("byte {at}"));
    }
}

#[test]
fn a_file_cut_short_is_noticed() {
    let (place, bytes) = small();
    for length in (0..bytes.len()).step_by(512).chain([1, 99, 100, bytes.len() - 1]) {
        check_honest(&place.path, &bytes[..length], &format!("cut at {length}"));
    }
    let tail = [bytes.as_slice(), &[7; 1000]].concat();
    check_honest(&place.path, &tail, "a tail");
}

#[test]
fn swapped_rows_are_damage() {
    let (place, _) = small();
    let session = tampered(
        &place.path,
        "CREATE TEMP TABLE old AS SELECT row, sealed FROM record; \
         UPDATE record SET sealed = (SELECT sealed FROM old WHERE old.row = 3 - record.row) \
            WHERE row IN (1, 2)",
    );
    assert_eq!(session.damaged(), 2);
    assert_eq!(texts(&session), ["three"]);
}

#[test]
fn a_deleted_or_doubled_row_is_noticed() {
    let (place, bytes) = small();
    let session = tampered(&place.path, "DELETE FROM record WHERE row = 2");
    assert!(!session.integrity().complete && session.damaged() == 0);
    assert_eq!(session.ids().len(), 2);
    drop(session);
    fs::write(&place.path, bytes).unwrap();
    let copy = "INSERT INTO record(id, sealed) SELECT id, sealed FROM record WHERE row = 2";
    let session = tampered(&place.path, copy);
    assert!(!session.integrity().complete && session.damaged() == 1);
    assert_eq!(session.ids().len(), 3);
}

#[test]
fn a_row_put_back_is_noticed_and_does_not_come_alive() {
    let place = Place::new();
    let mut session = create(&place.path);
    let id = write(&mut session, "first");
    drop(session);
    let old: (Vec<u8>, Vec<u8>) = Connection::open(&place.path)
        .unwrap()
        .query_row("SELECT id, sealed FROM record", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    let mut session = unlock(&place.path).unwrap();
    session.put(id, &text("second")).unwrap();
    let gone = session.entries[&id].0.iter().find(|revision| revision.stored.id[..] == old.0[..]);
    let row = gone.unwrap().stored;
    session.ledger.commit(&mut Change { insert: vec![], delete: vec![row] }).unwrap();
    drop(session);
    let insert = "INSERT INTO record(id, sealed) VALUES (?1, ?2)";
    Connection::open(&place.path).unwrap().execute(insert, old).unwrap();
    let session = unlock(&place.path).unwrap();
    assert!(!session.integrity().complete);
    assert_eq!(texts(&session), ["second"]);
}

#[test]
fn a_row_or_slot_of_another_vault_is_noticed() {
    let (place, _) = small();
    let other = Place::new();
    let passphrase = crate::testing::passphrase("other");
    let mut session =
        crate::Vault::create(&other.path, &passphrase, crate::KdfParams::FLOOR).unwrap();
    write(&mut session, "foreign");
    drop(session);
    let attach = format!("ATTACH '{}' AS other;", other.path.display());
    let rows = "INSERT INTO record(id, sealed) SELECT id, sealed FROM other.record";
    let session = tampered(&place.path, &format!("{attach}{rows}"));
    assert!(session.damaged() == 1 && !session.integrity().complete && session.ids().len() == 3);
    drop(session);
    let slots = "DELETE FROM record WHERE row = 5; \
                 INSERT INTO slot(body) SELECT body FROM other.slot";
    let session = tampered(&place.path, &format!("{attach}{slots}"));
    assert!(session.damaged() == 0 && !session.integrity().complete);
}

#[test]
fn an_older_root_or_none_is_noticed_and_stays_noticed() {
    let (place, bytes) = small();
    let old = "UPDATE root SET sealed = (SELECT sealed FROM other.root)";
    let copy = Place::new();
    fs::write(&copy.path, &bytes).unwrap();
    write(&mut unlock(&place.path).unwrap(), "four");
    let attach = format!("ATTACH '{}' AS other;", copy.path.display());
    assert!(!tampered(&place.path, &format!("{attach}{old}")).integrity().complete);
    let mut session = tampered(&place.path, "DELETE FROM root");
    assert!(!session.integrity().complete && session.ids().len() == 4);
    write(&mut session, "five");
    drop(session);
    let session = unlock(&place.path).unwrap();
    assert!(!session.integrity().complete && session.ids().len() == 5);
}

#[test]
fn a_broken_structure_is_read_but_not_written() {
    let (place, mut bytes) = small();
    // A free list that points at a page in use would have it overwritten.
    bytes[32..40].copy_from_slice(&[0, 0, 0, 3, 0, 0, 0, 1]);
    fs::write(&place.path, bytes).unwrap();
    let mut session = unlock(&place.path).unwrap();
    assert!(!session.integrity().structure_sound);
    assert_eq!(session.ids().len(), 3);
    assert!(matches!(session.put(EntryId::random(), &text("x")), Err(Error::Damaged { .. })));
}
