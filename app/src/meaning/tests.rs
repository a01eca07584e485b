use vault::{KdfParams, Passphrase, Vault};

use super::*;
use crate::reflection::script::entry;

const SPACE: Space = Space { model: [7; HASH], dimensions: 2 };

fn session(folder: &Path) -> Session {
    Vault::create(&folder.join("j"), &Passphrase::new("p"), KdfParams::FLOOR).unwrap()
}

fn made(entry: &Entry, vector: [f32; 2]) -> Made {
    let whole = 0..entry.content.text.len();
    Made::new(entry, std::slice::from_ref(&whole), &[vector.to_vec()], SPACE)
}

fn nearest(passages: &Passages) -> Option<EntryId> {
    passages.nearest(&[1.0, 0.0]).first().map(|near| near.id)
}

#[test]
fn what_was_made_is_there_after_loading_and_is_lacked_only_after_an_edit() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = session(folder.path());
    let (first, second) = (entry(1, "Rain."), entry(2, "Sun."));
    let (mut meanings, _) = Meanings::load(&session, SPACE).unwrap();
    assert!(meanings.lacks(&first));
    let both = vec![made(&first, [0.0, 1.0]), made(&second, [1.0, 0.0])];
    meanings.put(&mut session, both).unwrap();
    let (again, passages) = Meanings::load(&session, SPACE).unwrap();
    assert!(!again.lacks(&first) && !again.lacks(&second));
    assert!(again.lacks(&entry(1, "Rain!")));
    assert_eq!(nearest(&passages), Some(second.id));
    let other = Space { model: [8; HASH], ..SPACE };
    assert!(Meanings::load(&session, other).unwrap().1.is_empty());
}

#[test]
fn what_is_deleted_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = session(folder.path());
    let (first, mut second) = (entry(1, "Rain."), entry(2, "Sun."));
    let (mut meanings, _) = Meanings::load(&session, SPACE).unwrap();
    let both = vec![made(&first, [0.0, 1.0]), made(&second, [1.0, 0.0])];
    meanings.put(&mut session, both).unwrap();
    second.content.date = jiff::civil::date(2024, 5, 1);
    meanings.put(&mut session, vec![made(&second, [1.0, 0.0])]).unwrap();
    assert_eq!(session.value_names("meaning/"), ["meaning/2024-03", "meaning/2024-05"]);
    forget(&mut session, EntryId([9; 16]), first.content.date).unwrap();
    assert_eq!(session.value_names("meaning/").len(), 2);
    forget(&mut session, first.id, first.content.date).unwrap();
    assert_eq!(session.value_names("meaning/"), ["meaning/2024-05"]);
    meanings.put(&mut session, vec![made(&first, [0.0, 1.0])]).unwrap();
    meanings.remove(&mut session, first.id).unwrap();
    assert_eq!(session.value_names("meaning/"), ["meaning/2024-05"]);
    // The entry was never written to the vault itself, so it is as if it had been deleted elsewhere.
    meanings.sweep(&mut session).unwrap();
    assert!(session.value_names("meaning/").is_empty());
}

#[test]
fn an_entry_kept_from_the_model_has_no_passages() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = session(folder.path());
    let (mut first, second) = (entry(1, "Rain."), entry(2, "Sun."));
    for entry in [&first, &second] {
        session.put(entry.id, &entry.content).unwrap();
    }
    let (mut meanings, _) = Meanings::load(&session, SPACE).unwrap();
    let both = || vec![made(&first, [1.0, 0.0]), made(&second, [0.0, 1.0])];
    meanings.put(&mut session, both()).unwrap();
    let late = both();
    first.content.kept_from_model = true;
    session.put(first.id, &first.content).unwrap();
    let (mut meanings, passages) = Meanings::load(&session, SPACE).unwrap();
    assert_eq!(nearest(&passages), Some(second.id), "not even before it is swept");
    assert!(!meanings.lacks(&first));
    meanings.sweep(&mut session).unwrap();
    meanings.put(&mut session, late).unwrap();
    first.content.kept_from_model = false;
    session.put(first.id, &first.content).unwrap();
    let (meanings, passages) = Meanings::load(&session, SPACE).unwrap();
    assert!(meanings.lacks(&first) && passages.len() == 1, "what was made meanwhile is dropped");
}

#[test]
fn a_damaged_month_is_read_as_far_as_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = session(folder.path());
    let mut bytes = SPACE.model.to_vec();
    append(&mut bytes, EntryId([1; 16]), [0; HASH], &[0; 14]);
    append(&mut bytes, EntryId([2; 16]), [0; HASH], &[0; 13]);
    bytes.extend([255; 40]);
    session.set_value("meaning/2024-03", &bytes).unwrap();
    session.set_value("meaning/soon", &bytes).unwrap();
    assert_eq!(Meanings::load(&session, SPACE).unwrap().1.len(), 1);
}
