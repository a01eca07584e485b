//! A stored index finds what one made of the entries finds, and holds nothing that is gone.
use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::{
    Content,
    search::{Query, Results},
    testing::{Place, create, unlock, unlock_listed, write},
};

const WORDS: [&str; 14] = [
    "walk", "walked", "Walking", "sea", "the", "and", "Anna’s", "Café", "café", "cafe", "naïve",
    "Straße", "東京", "rainbow",
];
const QUERIES: [&str; 16] = [
    "walk",
    "walks sea",
    "\"the sea\"",
    "\"walked and\"",
    "-sea",
    "caf",
    "café",
    "strasse",
    "東",
    "anna",
    "raimbow",
    "tag:sea",
    "in:travel walk",
    "mood:>2",
    "has:title the",
    "rain OR walked",
];

/// What can happen to a vault.
#[derive(Clone, Debug)]
enum Step {
    /// Writes this entry anew, of such words.
    Write(u8, Vec<usize>),
    Delete(u8),
    Purge(u8),
    Settle,
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let words = prop::collection::vec(0..WORDS.len(), 0..9);
    prop_oneof![
        6 => (0..12_u8, words).prop_map(|(which, words)| Step::Write(which, words)),
        2 => (0..12_u8).prop_map(Step::Delete),
        1 => (0..12_u8).prop_map(Step::Purge),
        2 => Just(Step::Settle),
        1 => Just(Step::Reopen),
    ]
}

fn content(number: u8, words: &[usize]) -> Content {
    let written: Vec<_> = words.iter().map(|word| WORDS[*word]).collect();
    let mut content = Content::new(date(2026, 3, 1 + i8::try_from(number).unwrap()));
    content.text = written.join(" ");
    content.tags = written.iter().take(usize::from(number) % 3).map(|tag| (*tag).into()).collect();
    content.mood = Some(number % 6).filter(|mood| *mood > 0);
    if number.is_multiple_of(4) {
        content.title = written.first().copied().unwrap_or_default().into();
        content.extra.insert("journal".into(), "Travel/Japan".into());
    }
    content
}

fn find(session: &Session, index: &Index, query: &str) -> Results {
    let query = Query::parse(query, date(2026, 4, 1), true);
    index.search(&query, 20, &mut |id| session.entry(id).ok())
}

fn fresh(session: &Session) -> Index {
    let mut index = Index::new();
    session.for_each_entry(&mut |entry| index.put(&entry)).unwrap();
    index
}

/// Everything that the segments say, as text.
fn stored_text(session: &Session) -> String {
    let segments = session.index.stored().filter_map(|stored| session.segment(&stored).unwrap());
    let mut text = String::new();
    for segment in segments {
        segment.forms().for_each(|(form, _)| text += &format!(" {form} "));
        let journals = segment.members.iter().filter_map(|member| member.journal.as_deref());
        journals.for_each(|journal| text += journal);
    }
    text
}

fn take(mut session: Session, place: &Place, step: &Step) -> Session {
    let id = |number: &u8| EntryId([number + 1; 16]);
    match step {
        Step::Write(which, words) => {
            session.put(id(which), &content(*which, words)).map(|_| ()).unwrap();
        }
        // Of what is not there an error tells.
        Step::Delete(which) => _ = session.delete(id(which)),
        Step::Purge(which) => _ = session.purge(id(which)),
        Step::Settle => session.settle().unwrap(),
        Step::Reopen => {
            drop(session);
            session = unlock(&place.path).unwrap();
            session.indexed().unwrap();
        }
    }
    session
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_happened_it_finds_what_an_index_of_the_entries_finds(
        steps in prop::collection::vec(step(), 1..24)
    ) {
        let place = Place::new();
        let mut session = create(&place.path);
        for step in &steps {
            session = take(session, &place, step);
        }
        drop(session);
        let mut session = unlock(&place.path).unwrap();
        let mut loaded = session.indexed().unwrap();
        let made = fresh(&session);
        prop_assert_eq!(loaded.len(), made.len());
        for query in QUERIES {
            prop_assert!(find(&session, &loaded, query) == find(&session, &made, query), "{}", query);
        }
        session.for_each_entry(&mut |entry| loaded.fill(&entry)).unwrap();
        for query in QUERIES {
            prop_assert!(find(&session, &loaded, query) == find(&session, &made, query), "{}", query);
        }
    }

    #[test]
    fn damaged_segments_are_read_without_a_panic(bytes: Vec<u8>, changed: usize, by: u8) {
        let _ = Segment::decode(&bytes);
        let mut builder = Builder::default();
        let entry = |number: u8| Entry {
            id: EntryId([number; 16]),
            revision: crate::RevisionId([number; 16]),
            content: content(number, &[1, 2, 3, 4, 5, usize::from(number)]),
        };
        (0..9).for_each(|number| builder.put(&entry(number)));
        let mut bytes = builder.encode();
        prop_assert!(Segment::decode(&bytes).is_some());
        let at = changed % bytes.len();
        bytes[at] ^= by;
        if let Some(segment) = Segment::decode(&bytes) {
            let meta = crate::EntryMeta::of(entry(1).id, entry(1).revision, &entry(1).content);
            Index::new().adopt(&segment, &|_| Some(&meta));
        }
    }
}

#[test]
fn a_stored_index_holds_the_words_of_what_is_shown_and_no_others() {
    let place = Place::new();
    let mut session = create(&place.path);
    let ids = ["apple", "quince", "zebra"].map(|word| write(&mut session, word));
    session.settle().unwrap();
    assert_eq!(stored_text(&session).split_whitespace().count(), 3);
    session.put(ids[0], &crate::testing::text("orange")).unwrap();
    session.delete(ids[1]).unwrap();
    session.settle().unwrap();
    let stored = stored_text(&session);
    assert_eq!(stored.split_whitespace().collect::<Vec<_>>(), ["orange", "zebra"]);
    session.purge(ids[2]).unwrap();
    assert!(!stored_text(&session).contains("zebra"), "at once, before anything else is written");
    session.settle().unwrap();
    assert_eq!(stored_text(&session).trim(), "orange");
}

#[test]
fn what_is_deleted_for_good_is_in_no_record_and_no_page_of_the_file() {
    let place = Place::new();
    let mut session = create(&place.path);
    let (kept, gone) = (write(&mut session, "kept"), write(&mut session, "qqzzxx heading"));
    session.settle().unwrap();
    let sealed: Vec<_> = session.index.stored().chain(session.catalogue_of(&[gone])).collect();
    let sealed = sealed.iter().map(|it| session.ledger.store.sealed(it.row).unwrap());
    let sealed: Vec<_> = sealed.collect();
    assert_eq!(sealed.len(), 3, "a segment, a page, the contents");
    drop(session);
    // By a program that knows neither index nor catalogue in memory.
    let mut session = unlock(&place.path).unwrap();
    session.delete(gone).unwrap();
    session.purge(gone).unwrap();
    let mut records = Vec::new();
    let Session { ledger, .. } = &session;
    ledger
        .store
        .scan(&mut |row| {
            let id = row.id.try_into().unwrap();
            records.push(Record::open(&ledger.keys, ledger.vault, id, row.sealed).unwrap());
        })
        .unwrap();
    assert_eq!(records.len(), 2, "the entry kept, and the mark of the one that is gone");
    let has = |record: &Record| record.payload.windows(6).any(|bytes| bytes == b"qqzzxx");
    assert!(!records.iter().any(has));
    session.close().unwrap();
    let file = std::fs::read(&place.path).unwrap();
    for sealed in sealed {
        assert!(!file.windows(64).any(|bytes| bytes == &sealed[24..88]), "it is overwritten");
    }
    let mut session = unlock_listed(&place.path);
    session.settle().unwrap();
    assert_eq!(session.ids(), [kept]);
}

#[test]
fn segments_of_another_way_to_cut_words_are_made_anew() {
    let place = Place::new();
    let mut session = create(&place.path);
    write(&mut session, "one");
    let record = Record {
        id: [7; 16],
        kind: Kind::Segment,
        payload: b"another way to do it".to_vec().into(),
    };
    session.ledger.commit(&mut Change { insert: vec![record], delete: Vec::new() }).unwrap();
    drop(session);
    let mut session = unlock(&place.path).unwrap();
    assert_eq!(session.indexed().unwrap().len(), 1);
    session.settle().unwrap();
    assert!(session.index.stored().count() == 1 && session.index.unused.is_empty());
    assert_eq!(stored_text(&session).trim(), "one");
}

#[test]
fn staged_entries_are_in_a_segment_only_as_they_are_shown() {
    let place = Place::new();
    let mut session = create(&place.path);
    let ids = ["early", "other"].map(|word| write(&mut session, word));
    session.stage(&session.entry(ids[0]).unwrap()).unwrap();
    session.put(ids[0], &crate::testing::text("late")).unwrap();
    session.settle().unwrap();
    assert_eq!(stored_text(&session).split_whitespace().collect::<Vec<_>>(), ["late", "other"]);
}

#[test]
fn parts_grow_few_however_often_a_little_is_added() {
    let mut parts = Vec::new();
    for number in 0..1000 {
        let kept = keep_large(parts.iter().copied().zip(0..).collect(), 1, 64);
        let kept: Vec<usize> = kept.iter().map(|at: &usize| parts[*at]).collect();
        let new = number + 1 - kept.iter().sum::<usize>();
        parts = kept;
        parts.extend((0..new).step_by(64).map(|start| 64.min(new - start)));
        assert!(parts.iter().filter(|size| **size < 64).count() < 8, "{parts:?}");
    }
    assert!(
        keep_large(vec![(1, 'a'), (64, 'b')], 0, 64).len() == 2,
        "nothing new, nothing written"
    );
}
