//! What is attached reads back, and a piece out of place is damage.
use std::fs;

use rusqlite::Connection;

use super::*;
use crate::testing::{Place, create, text, unlock, write};

fn read(session: &Session, id: AttachmentId) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    session.read_attachment(id, &mut bytes)?;
    Ok(bytes)
}

/// Bytes that differ from place to place.
fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 + at / 251) as u8).collect()
}

#[test]
fn files_of_any_length_read_back() {
    let place = Place::new();
    let mut session = create(&place.path);
    let entry = write(&mut session, "with pictures");
    let lengths = [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 1_000_000];
    let ids = lengths.map(|length| {
        let source = bytes(length);
        session.attach(entry, "a.jpg", "image/jpeg", &mut source.as_slice()).unwrap()
    });
    drop(session);
    let session = unlock(&place.path).unwrap();
    assert!(session.verify().unwrap().is_sound());
    assert_eq!(session.attachments(entry).len(), lengths.len());
    for (id, length) in ids.into_iter().zip(lengths) {
        assert!(read(&session, id).unwrap() == bytes(length), "{length}");
    }
    assert!(session.attachments(EntryId([1; 16])).is_empty());
}

#[test]
fn a_source_that_fails_attaches_nothing() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }
    let place = Place::new();
    let mut session = create(&place.path);
    let entry = write(&mut session, "x");
    let generation = session.generation();
    let mut source = bytes(3 * PIECE);
    let mut source = source.as_mut_slice().chain(Failing);
    assert!(session.attach(entry, "a", "b", &mut source).is_err());
    assert!(session.attachments(entry).is_empty() && session.generation() == generation);
    let chunks: i64 = {
        drop(session);
        let connection = Connection::open(&place.path).unwrap();
        connection.query_row("SELECT count(*) FROM chunk", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(chunks, 0);
}

#[test]
fn pieces_out_of_place_are_damage() {
    for sql in [
        "DELETE FROM chunk WHERE number = 2",
        "DELETE FROM chunk WHERE number = 3",
        "UPDATE chunk SET number = 9 - number WHERE number IN (1, 2)",
        "UPDATE chunk SET sealed = (SELECT sealed FROM chunk WHERE number = 0) WHERE number = 1",
        "UPDATE chunk SET sealed = zeroblob(65576) WHERE number = 0",
    ] {
        let place = Place::new();
        let mut session = create(&place.path);
        let entry = write(&mut session, "x");
        let source = bytes(4 * PIECE);
        let id = session.attach(entry, "a", "b", &mut source.as_slice()).unwrap();
        drop(session);
        Connection::open(&place.path).unwrap().execute_batch(sql).unwrap();
        let session = unlock(&place.path).unwrap();
        assert!(matches!(read(&session, id), Err(Error::Damaged { .. })), "{sql}");
        assert_eq!(session.verify().unwrap().damaged_attachments, 1);
    }
}

#[test]
fn a_merge_brings_attachments_and_their_removal() {
    let start = Place::new();
    let mut session = create(&start.path);
    let entry = write(&mut session, "x");
    drop(session);
    let other = Place::new();
    fs::copy(&start.path, &other.path).unwrap();
    let (mut here, mut there) = (unlock(&start.path).unwrap(), unlock(&other.path).unwrap());
    let source = bytes(2 * PIECE + 5);
    let id = there.attach(entry, "a", "b", &mut source.as_slice()).unwrap();
    here.merge(&there).unwrap();
    assert!(read(&here, id).unwrap() == source);
    let saved = start.folder.path().join("saved.inglenook");
    here.salvage(&saved).unwrap();
    assert!(read(&unlock(&saved).unwrap(), id).unwrap() == source);
    here.remove_attachment(id).unwrap();
    assert!(matches!(read(&here, id), Err(Error::NoSuchEntry)));
    there.merge(&here).unwrap();
    here.merge(&there).unwrap();
    assert!(matches!(read(&there, id), Err(Error::NoSuchEntry)));
    for session in [&here, &there] {
        assert!(session.ledger.store.chunk(&id.0, 0).unwrap().is_none());
        assert!(session.verify().unwrap().is_sound());
    }
}

#[test]
fn purging_an_entry_takes_its_attachments_along() {
    let place = Place::new();
    let mut session = create(&place.path);
    let entry = write(&mut session, "x");
    let id = session.attach(entry, "a", "b", &mut bytes(PIECE).as_slice()).unwrap();
    session.put(entry, &text("changed")).unwrap();
    assert_eq!(session.attachments(entry).len(), 1);
    session.purge(entry).unwrap();
    assert!(session.attachments(entry).is_empty());
    assert!(session.ledger.store.chunk(&id.0, 0).unwrap().is_none());
    drop(session);
    assert!(unlock(&place.path).unwrap().verify().unwrap().is_sound());
}
