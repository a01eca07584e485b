//! An earlier revision can be read and brought back.
use super::*;
use crate::testing::{Place, create, text, texts, unlock, write};

#[test]
fn every_committed_revision_can_be_read_and_restored() {
    let place = Place::new();
    let mut session = create(&place.path);
    let id = write(&mut session, "one");
    for words in ["two", "three"] {
        session.commit_revision(id);
        session.put(id, &text(words)).unwrap();
    }
    drop(session);
    let mut session = unlock(&place.path).unwrap();
    let history = session.history(id).unwrap();
    let read = |revision: &RevisionMeta| session.revision(id, revision.id).unwrap().content.text;
    assert_eq!(history.iter().map(read).collect::<Vec<_>>(), ["three", "two", "one"]);
    assert_eq!(history.iter().filter(|revision| revision.standing).count(), 1);
    session.restore(id, history[2].id).unwrap();
    assert_eq!(texts(&session), ["one"]);
    assert_eq!(session.history(id).unwrap().len(), 4);
    let unknown = RevisionId([0; 16]);
    assert!(matches!(session.restore(id, unknown), Err(Error::NoSuchEntry)));
    assert!(matches!(session.history(EntryId([9; 16])), Err(Error::NoSuchEntry)));
}
