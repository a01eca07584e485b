use engine::CancelToken;
use jiff::civil::date;
use vault::{KdfParams, Passphrase, Vault};

use super::*;
use crate::reflection::{
    Outline, Progress,
    script::{Script, entry},
    summarise,
};

const DAY: &str = "I decided to sell the boat, and I am relieved about the money.";
const FILE: &str = "m.gguf";

/// A journal with an entry on each of these days of March 2024.
fn journal(folder: &Path, days: &[u8]) -> (Session, Vec<Entry>) {
    let mut session =
        Vault::create(&folder.join("j"), &Passphrase::new("p"), KdfParams::FLOOR).unwrap();
    for day in days {
        let entry = entry(*day, &format!("{DAY} I met number{day} at the harbour."));
        session.put(entry.id, &entry.content).unwrap();
    }
    let mut entries = Vec::new();
    session.for_each_entry(&mut |entry| entries.push(entry)).unwrap();
    (session, entries)
}

fn month() -> Span {
    Span::Days(date(2024, 3, 1), date(2024, 3, 31))
}

/// Tells a span, and keeps everything that was made; what of it was read from entries.
fn tell(session: &mut Session, span: &Span, entries: &[Entry]) -> (Summary, usize) {
    let mut outline = Outline::of(span, entries, Path::new(FILE)).unwrap();
    outline.read(session, entries);
    let mut made = Vec::new();
    let mut read = 0;
    let summary = summarise(
        &mut Script::new(&[]),
        entries,
        &outline,
        &CancelToken::default(),
        &mut |progress| match progress {
            Progress::Made(it) => made.push(*it),
            Progress::Part { .. } => read += 1,
            _ => {}
        },
    )
    .unwrap();
    if let Some(place) = outline.place {
        made.push((place, summary.clone()));
    }
    made.iter().for_each(|(place, summary)| place.write(session, summary).unwrap());
    (summary, read)
}

fn stale(session: &Session) -> Vec<i32> {
    let kept = kept(session, Path::new(FILE)).unwrap();
    kept.into_iter().filter(|kept| kept.is_stale).map(|kept| kept.span.days()).collect()
}

#[test]
fn a_month_is_kept_by_its_weeks_and_only_what_lies_above_a_change_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (mut session, entries) = journal(folder.path(), &[1, 2, 5, 6, 12, 13, 20, 29]);
    let (first, read) = tell(&mut session, &month(), &entries);
    assert_eq!((first.entries_used, first.entries_total, read), (8, 8, 5));
    assert!(stale(&session).is_empty());
    assert_eq!(kept(&session, Path::new(FILE)).unwrap().len(), 6, "five weeks and the month");
    let (again, read) = tell(&mut session, &month(), &entries);
    assert!(again.sentences == first.sentences && read == 0);
    let mut content = entries[2].content.clone();
    content.text = "My sister Ruth married Paul in Bath, and I cried for joy.".to_owned();
    session.put(entries[2].id, &content).unwrap();
    assert_eq!(stale(&session), [7, 31], "its week and the month");
    let mut entries = Vec::new();
    session.for_each_entry(&mut |entry| entries.push(entry)).unwrap();
    let mut outline = Outline::of(&month(), &entries, Path::new(FILE)).unwrap();
    outline.read(&session, &entries);
    assert_eq!(outline.parts.iter().filter(|part| part.kept.is_none()).count(), 1);
    let (third, _) = tell(&mut session, &month(), &entries);
    assert!(third.sentences.iter().any(|told| told.text.contains("Ruth married Paul")));
    assert!(stale(&session).is_empty());
}

#[test]
fn a_summary_comes_back_as_it_was_for_the_same_model() {
    let folder = tempfile::tempdir().unwrap();
    let (mut session, entries) = journal(folder.path(), &[1]);
    let span = Span::Entry(entries[0].id);
    let (summary, _) = tell(&mut session, &span, &entries);
    let place = Place::new(span.clone(), &entries, Path::new(FILE));
    let back = place.read(&session, &entries).unwrap();
    assert!(back.sentences == summary.sentences && back.origin == summary.origin);
    let other = Place::new(span.clone(), &entries, Path::new("n.gguf"));
    assert!(other.read(&session, &entries).is_none(), "another model");
    remove(&mut session, &span).unwrap();
    assert!(place.read(&session, &entries).is_none());
}

#[test]
fn nothing_is_kept_that_was_stopped_or_must_not_be_told() {
    let folder = tempfile::tempdir().unwrap();
    let (mut session, mut entries) = journal(folder.path(), &[1]);
    let span = Span::Entry(entries[0].id);
    let (summary, _) = tell(&mut session, &span, &entries);
    clear(&mut session).unwrap();
    let place = Place::new(span, &entries, Path::new(FILE));
    let stopped = Summary { complete: false, ..summary.clone() };
    place.write(&mut session, &stopped).unwrap();
    entries[0].content.kept_from_model = true;
    session.put(entries[0].id, &entries[0].content).unwrap();
    place.write(&mut session, &summary).unwrap();
    assert!(session.value_names(NAME).is_empty());
}

#[test]
fn what_tells_of_a_deleted_entry_goes_with_it_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (mut session, entries) = journal(folder.path(), &[1, 20]);
    for entry in &entries {
        tell(&mut session, &Span::Entry(entry.id), std::slice::from_ref(entry));
    }
    tell(&mut session, &month(), &entries);
    forget(&mut session, entries[0].id).unwrap();
    let left = session.value_names(NAME);
    assert!(left.contains(&name_of(&Span::Entry(entries[1].id))), "{left:?}");
    assert!(!left.contains(&name_of(&Span::Entry(entries[0].id))));
    assert!(!left.contains(&name_of(&month())));
}
