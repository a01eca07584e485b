//! Copies that parted and meet again: the same stands in whatever order they are merged.
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use proptest::prelude::*;

use super::*;
use crate::{
    AttachmentId,
    testing::{Place, create, text, texts, unlock, write},
};

/// What stands, and which records there are.
#[derive(PartialEq)]
struct State {
    shown: BTreeMap<EntryId, ([u8; 16], String)>,
    revisions: BTreeSet<[u8; 16]>,
    value: Option<Vec<u8>>,
    attached: BTreeMap<AttachmentId, Vec<u8>>,
}

fn state(session: &Session) -> State {
    let mut shown = BTreeMap::new();
    let mut visit = |entry: crate::Entry| {
        shown.insert(entry.id, (entry.revision.0, entry.content.text));
    };
    session.for_each_entry(&mut visit).unwrap();
    let lineages = session.entries.values().chain(session.values.values());
    let lineages = lineages.chain(session.attachments.values().map(|attached| &attached.lineage));
    let revisions = lineages.flat_map(|lineage| &lineage.0).map(|one| one.stored.id).collect();
    let mut attached = BTreeMap::new();
    for (id, ..) in session.attached_files() {
        let mut bytes = Vec::new();
        session.read_attachment(id, &mut bytes).unwrap();
        attached.insert(id, bytes);
    }
    State { shown, revisions, value: session.value("theme").unwrap(), attached }
}

/// A copy of a closed vault, and where it lies.
fn copy(from: &Place) -> (Place, Session) {
    let place = Place::new();
    fs::copy(&from.path, &place.path).unwrap();
    let session = unlock(&place.path).unwrap();
    (place, session)
}

/// Does one thing a person might do.
fn act(session: &mut Session, (what, which, nonce): (u8, u8, u16)) {
    let id = EntryId([which + 1; 16]);
    session.commit_revision(id);
    // A deletion of what isn't there does nothing, which is as good as any.
    let _ = match what {
        0..=4 => session.put(id, &text(&format!("{which} {nonce}"))).map(|_| ()),
        5 => session.delete(id).map(|_| ()),
        6 => session.purge(id),
        7 => session.attach(id, "a", "b", &mut nonce.to_le_bytes().as_slice()).map(|_| ()),
        8 => match session.attachments(id).first() {
            Some(attachment) => session.remove_attachment(attachment.id),
            None => Ok(()),
        },
        _ => session.set_value("theme", &nonce.to_le_bytes()),
    };
}

/// Merges copies of three vaults in an order, and gives what stands after reopening.
fn merged(places: &[Place; 3], order: [usize; 4]) -> State {
    let (place, mut session) = copy(&places[order[0]]);
    for other in &order[1..] {
        let (_place, other) = copy(&places[*other]);
        session.merge(&other).unwrap();
    }
    let before = state(&session);
    drop(session);
    let session = unlock(&place.path).unwrap();
    assert!(session.integrity().is_sound());
    assert!(state(&session) == before, "memory and file differ");
    before
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn merging_is_commutative_associative_and_idempotent(
        shared in prop::collection::vec((0u8..10, 0u8..3, any::<u16>()), 0..4),
        apart in prop::array::uniform3(
            prop::collection::vec((0u8..10, 0u8..3, any::<u16>()), 0..6)),
    ) {
        let start = Place::new();
        let mut session = create(&start.path);
        shared.into_iter().for_each(|action| act(&mut session, action));
        drop(session);
        let places = apart.map(|actions| {
            let (place, mut session) = copy(&start);
            actions.into_iter().for_each(|action| act(&mut session, action));
            place
        });
        let expected = merged(&places, [0, 1, 2, 2]);
        for order in [[0, 2, 1, 0], [1, 0, 2, 1], [2, 1, 0, 0], [1, 2, 0, 2]] {
            prop_assert!(merged(&places, order) == expected);
        }
        // (a with b) with (b with c)
        let (_left, mut left) = copy(&places[0]);
        let (_right, mut right) = copy(&places[1]);
        let (_last, last) = copy(&places[2]);
        left.merge(&right).unwrap();
        right.merge(&last).unwrap();
        left.merge(&right).unwrap();
        prop_assert!(state(&left) == expected);
    }
}

#[test]
fn two_edits_apart_are_a_conflict_until_one_is_written_over_both() {
    let start = Place::new();
    let mut session = create(&start.path);
    let id = write(&mut session, "before");
    drop(session);
    let (_a, mut here) = copy(&start);
    let (_b, mut there) = copy(&start);
    here.put(id, &text("here")).unwrap();
    there.put(id, &text("there")).unwrap();
    let merged = here.merge(&there).unwrap();
    assert_eq!(merged, Merged { added: 1, removed: 0, unreadable: 0 });
    assert_eq!(here.conflicting(), [id]);
    let shown = here.entry(id).unwrap().content.text;
    let other = &here.conflicts(id).unwrap()[..];
    let [other] = other else { panic!("one other") };
    assert_eq!(BTreeSet::from([shown.as_str(), &other.content.text]), ["here", "there"].into());
    here.put(id, &text("both")).unwrap();
    assert!(here.conflicts(id).unwrap().is_empty() && here.conflicting().is_empty());
    there.merge(&here).unwrap();
    assert_eq!(texts(&there), ["both"]);
    assert_eq!(here.history(id).unwrap().len(), 4);
}

#[test]
fn an_edit_stands_against_a_deletion_that_did_not_see_it() {
    let start = Place::new();
    let mut session = create(&start.path);
    let id = write(&mut session, "before");
    drop(session);
    let (_a, mut here) = copy(&start);
    let (_b, mut there) = copy(&start);
    here.delete(id).unwrap();
    there.put(id, &text("edited")).unwrap();
    here.merge(&there).unwrap();
    assert_eq!(texts(&here), ["edited"]);
    here.purge(id).unwrap();
    there.merge(&here).unwrap();
    assert!(texts(&there).is_empty() && there.history(id).unwrap().len() == 1);
}
