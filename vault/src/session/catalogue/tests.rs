//! A vault that is opened by its catalogue is the vault that its records make, whatever happened.
use std::path::Path;

use proptest::prelude::*;
use rusqlite::Connection;

use super::*;
use crate::{
    EntryMeta, Integrity,
    testing::{Place, create, text, unlock, unlock_listed, write},
};

/// What can happen to a vault; numbers choose among what is there.
#[derive(Clone, Debug)]
enum Step {
    Write(u8),
    Edit(u8, u8),
    Delete(u8),
    Undelete(u8),
    Purge(u8),
    SetValue(u8),
    RemoveValue(u8),
    Attach(u8),
    Import(u8),
    Settle,
    /// Closed, or left as if it were killed.
    Reopen(bool),
}

fn step() -> impl Strategy<Value = Step> {
    let any = any::<u8>;
    prop_oneof![
        4 => any().prop_map(Step::Write),
        4 => (any(), any()).prop_map(|(which, what)| Step::Edit(which, what)),
        2 => any().prop_map(Step::Delete),
        1 => any().prop_map(Step::Undelete),
        1 => any().prop_map(Step::Purge),
        2 => any().prop_map(Step::SetValue),
        1 => any().prop_map(Step::RemoveValue),
        1 => any().prop_map(Step::Attach),
        1 => any().prop_map(Step::Import),
        3 => Just(Step::Settle),
        2 => any().prop_map(|close| Step::Reopen(close % 2 == 0)),
    ]
}

fn take(mut session: Session, path: &Path, step: &Step) -> Session {
    let mut all: Vec<EntryId> = session.entries.keys().copied().collect();
    all.sort_unstable();
    let chosen = |which: &u8| all.get(usize::from(*which) % all.len().max(1)).copied();
    match step {
        Step::Write(what) => _ = write(&mut session, &format!("# Day {what}\n\ntext")),
        Step::Edit(which, what) => {
            if let Some(id) = chosen(which).filter(|id| session.entry(*id).is_ok()) {
                if what % 2 == 0 {
                    session.commit_revision(id);
                }
                session.put(id, &text(&format!("edit {what}"))).unwrap();
            }
        }
        // Of what is not there an error tells.
        Step::Delete(which) => _ = chosen(which).map(|id| session.delete(id)),
        Step::Undelete(which) => _ = chosen(which).map(|id| session.undelete(id)),
        Step::Purge(which) => _ = chosen(which).map(|id| session.purge(id)),
        Step::SetValue(name) => {
            session.set_value(&format!("value {}", name % 3), &[*name; 9]).unwrap();
        }
        Step::RemoveValue(name) => session.remove_value(&format!("value {}", name % 3)).unwrap(),
        Step::Attach(which) => {
            if let Some(id) = chosen(which) {
                session.attach(id, "leaf", "image/png", &mut &[*which; 50][..]).unwrap();
            }
        }
        Step::Import(count) => {
            let contents: Vec<_> = (0..count % 5).map(|n| text(&format!("{count} {n}"))).collect();
            session.import(&contents).unwrap();
        }
        Step::Settle => session.settle().unwrap(),
        Step::Reopen(close) => {
            if *close {
                session.close().unwrap();
            } else {
                drop(session);
            }
            session = unlock_listed(path);
            assert!(finish(&mut session).is_sound());
        }
    }
    session
}

/// Checks all of it.
fn finish(session: &mut Session) -> Integrity {
    loop {
        if let Some(found) = session.check(2000).unwrap() {
            return found;
        }
    }
}

/// Everything that a session knows, in an order of its own.
fn known(session: &Session) -> (Vec<EntryMeta>, Vec<String>) {
    let mut rest = vec![format!("{:?}", session.generation())];
    let mut ids: Vec<_> = session.entries.keys().copied().collect();
    ids.sort_unstable();
    for id in ids {
        rest.push(format!("{id} {:?}", session.history(id).unwrap()));
        let files = session.attachments(id).into_iter();
        rest.extend(files.map(|file| format!("{:?} {}", file.id, file.length)));
    }
    for name in session.value_names("") {
        rest.push(format!("{name} {:?}", session.value(&name).unwrap()));
    }
    (session.metas().cloned().collect(), rest)
}

fn is_by_catalogue(path: &Path) -> bool {
    !unlock_listed(path).is_checked()
}

/// Changes the file as somebody could who has no key.
fn tamper(path: &Path, sql: &str) {
    let file = Connection::open(path).unwrap();
    assert_eq!(file.execute(sql, []).unwrap(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn whatever_happened_it_is_the_vault_that_the_records_make(
        steps in prop::collection::vec(step(), 1..30)
    ) {
        let place = Place::new();
        let mut session = create(&place.path);
        for step in &steps {
            session = take(session, &place.path, step);
        }
        let before = known(&session);
        drop(session);
        let mut listed = unlock_listed(&place.path);
        let by_catalogue = known(&listed);
        prop_assert!(finish(&mut listed).is_sound());
        drop(listed);
        let whole = unlock(&place.path).unwrap();
        prop_assert!(whole.integrity().is_sound());
        prop_assert!(by_catalogue == known(&whole));
        prop_assert!(before == by_catalogue);
    }
}

#[test]
fn it_counts_as_long_as_it_can_be_told_what_happened_since() {
    let place = Place::new();
    let mut session = create(&place.path);
    let (kept, edited, gone) =
        (write(&mut session, "kept"), write(&mut session, "edited"), write(&mut session, "gone"));
    session.set_value("theme", b"dark").unwrap();
    session.settle().unwrap();
    drop(session);
    assert!(is_by_catalogue(&place.path));
    let mut session = unlock_listed(&place.path);
    session.put(edited, &text("edited since")).unwrap();
    session.put(edited, &text("edited again")).unwrap();
    session.delete(gone).unwrap();
    session.set_value("theme", b"light").unwrap();
    drop(session);
    let session = unlock_listed(&place.path);
    assert!(!session.is_checked());
    assert_eq!(session.metas().map(|meta| meta.heading.as_str()).collect::<Vec<_>>().len(), 2);
    assert_eq!(session.entry(kept).unwrap().content.text, "kept");
    assert_eq!(session.entry(edited).unwrap().content.text, "edited again");
    assert_eq!(session.value("theme").unwrap().unwrap(), b"light");
    drop(session);
    let mut session = unlock(&place.path).unwrap();
    session.remove_value("theme").unwrap();
    session.purge(kept).unwrap();
    drop(session);
    assert!(!is_by_catalogue(&place.path), "a purge takes it along");
}

#[test]
fn settling_again_writes_nothing_and_costs_what_was_changed() {
    let place = Place::new();
    let mut session = create(&place.path);
    let contents: Vec<_> = (0..3000).map(|number| text(&format!("number {number}"))).collect();
    session.import(&contents).unwrap();
    session.settle().unwrap();
    // The index takes in no more than a segment at a time.
    session.settle().unwrap();
    assert_eq!(session.catalogue.pages.len(), 3000_usize.div_ceil(PAGE));
    let generation = session.generation();
    session.settle().unwrap();
    assert_eq!(session.generation(), generation);
    let large = session.catalogue.pages[0].unwrap().stored;
    for number in 0..40 {
        write(&mut session, &format!("later {number}"));
        session.settle().unwrap();
    }
    assert!(session.catalogue.pages.iter().flatten().any(|page| page.stored == large));
    assert!(session.catalogue.pages.len() < 10, "{}", session.catalogue.pages.len());
    drop(session);
    assert!(is_by_catalogue(&place.path));
    assert_eq!(unlock_listed(&place.path).metas().len(), 3040);
}

#[test]
fn pages_without_their_contents_change_nothing() {
    let place = Place::new();
    let mut session = create(&place.path);
    write(&mut session, "before");
    session.settle().unwrap();
    write(&mut session, "after");
    // As when it is killed between the two.
    session.write_pages(&HashSet::new()).unwrap();
    drop(session);
    let mut session = unlock_listed(&place.path);
    assert!(!session.is_checked() && session.metas().len() == 2);
    assert!(finish(&mut session).is_sound());
    session.settle().unwrap();
    drop(session);
    assert_eq!(unlock(&place.path).unwrap().catalogue.unused.len(), 2, "a page and the contents");
}

#[test]
fn an_entry_that_is_damaged_or_gone_is_found_out_and_none_is_hidden() {
    for sql in [
        "UPDATE record SET sealed = zeroblob(length(sealed)) WHERE row = 2",
        "DELETE FROM record WHERE row = 2",
        "UPDATE record SET sealed = (SELECT sealed FROM record WHERE row = 1) WHERE row = 2",
    ] {
        let place = Place::new();
        let mut session = create(&place.path);
        let ids = ["one", "two", "three"].map(|words| write(&mut session, words));
        session.settle().unwrap();
        session.close().unwrap();
        tamper(&place.path, sql);
        let mut session = unlock_listed(&place.path);
        assert!(session.entry(ids[1]).is_err() && session.entry(ids[0]).is_ok());
        let found = finish(&mut session);
        assert!(!found.complete && found.structure_sound, "{sql}");
        let by_catalogue = known(&session);
        drop(session);
        assert!(by_catalogue == known(&unlock(&place.path).unwrap()), "{sql}");
    }
}

#[test]
fn a_catalogue_that_is_damaged_or_put_back_does_not_count() {
    let place = Place::new();
    let mut session = create(&place.path);
    let id = write(&mut session, "one");
    session.settle().unwrap();
    let old = session.catalogue.contents.unwrap();
    let sealed = session.ledger.store.sealed(old.row).unwrap();
    session.delete(id).unwrap();
    write(&mut session, "two");
    session.settle().unwrap();
    session.close().unwrap();
    assert!(is_by_catalogue(&place.path));
    let file = Connection::open(&place.path).unwrap();
    let insert = "INSERT INTO record(id, sealed) VALUES (?1, ?2)";
    file.execute(insert, (&old.id, sealed)).unwrap();
    drop(file);
    let session = unlock_listed(&place.path);
    assert!(session.is_checked() && !session.integrity().complete);
    assert!(session.metas().len() == 1 && session.entry(id).is_err());
    session.close().unwrap();
    tamper(&place.path, "DELETE FROM record WHERE row = (SELECT max(row) FROM record)");
    assert!(is_by_catalogue(&place.path));
    let last = "WHERE row = (SELECT max(row) FROM record)";
    tamper(&place.path, &format!("UPDATE record SET sealed = zeroblob(1000) {last}"));
    let session = unlock_listed(&place.path);
    assert!(session.is_checked() && session.damaged() == 1 && session.metas().len() == 1);
}

#[test]
fn saves_go_on_while_it_is_checked() {
    let place = Place::new();
    let mut session = create(&place.path);
    let ids: Vec<_> = (0..50).map(|number| write(&mut session, &number.to_string())).collect();
    session.settle().unwrap();
    drop(session);
    let mut session = unlock_listed(&place.path);
    for id in &ids {
        assert!(session.check(1).unwrap().is_none());
        session.put(*id, &text(&format!("{id}"))).unwrap();
        session.put(*id, &text(&format!("{id} again"))).unwrap();
        session.set_value("place", id.to_string().as_bytes()).unwrap();
    }
    session.purge(ids[49]).unwrap();
    assert!(finish(&mut session).is_sound());
}

#[test]
fn a_backup_has_it_a_salvage_has_not() {
    let place = Place::new();
    let mut session = create(&place.path);
    write(&mut session, "one");
    session.settle().unwrap();
    let (backup, salvaged) =
        (place.folder.path().join("backup"), place.folder.path().join("salvaged"));
    session.backup_to(&backup).unwrap();
    session.salvage(&salvaged).unwrap();
    assert!(is_by_catalogue(&backup) && !is_by_catalogue(&salvaged));
    assert_eq!(unlock(&salvaged).unwrap().metas().len(), 1);
}

proptest! {
    #[test]
    fn damaged_parts_are_read_without_a_panic(bytes: Vec<u8>) {
        let _ = page::decode(&bytes, Page(0));
        let _ = Contents::decode(&bytes);
    }
}

#[test]
fn a_record_in_another_row_than_the_catalogue_says_is_found_by_the_check() {
    let place = Place::new();
    let mut session = create(&place.path);
    let ids = ["one", "two"].map(|text| write(&mut session, text));
    session.settle().unwrap();
    let first = session.entries[&ids[0]].shown().unwrap().stored.row;
    session.close().unwrap();
    let connection = Connection::open(&place.path).unwrap();
    let moved = "UPDATE record SET row = -5 WHERE row = ?1";
    assert_eq!(connection.execute(moved, [first]).unwrap(), 1);
    drop(connection);
    let mut session = unlock_listed(&place.path);
    assert!(session.entry(ids[0]).is_err() && session.entry(ids[1]).is_ok());
    while session.check(1 << 16).unwrap().is_none() {}
    assert!(ids.iter().all(|id| session.entry(*id).is_ok()));
}
