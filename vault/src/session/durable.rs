//! What was acknowledged survives: a kill, a full disk, a log that lost its end.
#![expect(clippy::disallowed_types, reason = "a test starts itself as the process that is killed")]
use std::{
    fs,
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
};

use super::*;
use crate::{
    lock::beside,
    testing::{Place, create, text, texts, try_create, unlock, write},
};

/// Names the vault that a child process saves to, over and over.
const CHILD: &str = "INGLENOOK_TEST_SAVE_TO";

/// Not a test by itself: the child that `a_kill_loses_no_acknowledged_save` kills.
#[test]
fn child_that_saves_until_killed() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let mut session = unlock(path.as_ref()).unwrap();
    for number in 0.. {
        let words = format!("{number} {}", "word ".repeat(number % 2000));
        let id = write(&mut session, &words);
        if number % 3 == 0 {
            session.put(id, &text(&format!("{words}again"))).unwrap();
        }
        println!("saved {number} {id}");
    }
}

#[test]
fn a_kill_loses_no_acknowledged_save() {
    let place = Place::new();
    drop(create(&place.path));
    let mut acknowledged = Vec::new();
    for kill in 0..8 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "session::durable::child_that_saves_until_killed", "--nocapture"])
            .env(CHILD, &place.path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines =
            BufReader::new(child.stdout.take().unwrap()).lines().map_while(|line| line.ok());
        let saved = lines.filter_map(|line| {
            line.split_once("saved ")?.1.split_once(' ').map(|(_, id)| id.to_owned())
        });
        acknowledged.extend(saved.take(5 + kill * 7));
        child.kill().unwrap();
        child.wait().unwrap();
        let session = unlock(&place.path).unwrap();
        assert!(session.integrity().is_sound());
        for id in &acknowledged {
            let text = session.entry(id.parse().unwrap()).unwrap().content.text;
            assert!(text.split(' ').next().is_some_and(|number| number.parse::<u32>().is_ok()));
        }
    }
    assert_eq!(acknowledged.len(), 8 * 5 + 7 * 28);
}

#[test]
fn a_full_disk_loses_nothing_and_says_so() {
    let place = Place::new();
    let mut session = create(&place.path);
    let id = write(&mut session, "before");
    session.ledger.store.limit_to_its_size();
    let long = text(&"x".repeat(100_000));
    assert!(matches!(session.put(id, &long), Err(Error::Full)));
    assert!(matches!(session.import(std::slice::from_ref(&long)), Err(Error::Full)));
    let mut source = std::io::repeat(7).take(500_000);
    assert!(matches!(session.attach(id, "a", "b", &mut source), Err(Error::Full)));
    assert_eq!(texts(&session), ["before"]);
    assert_eq!(session.put(id, &text("short")).unwrap().generation, session.generation());
    drop(session);
    let mut session = unlock(&place.path).unwrap();
    assert!(session.integrity().is_sound());
    assert_eq!(texts(&session), ["short"]);
    session.put(id, &long).unwrap();
}

#[test]
fn a_log_that_lost_its_end_is_an_older_copy() {
    let place = Place::new();
    let seen = place.folder.path().join("state");
    let mut session = create(&place.path);
    session.watch_for_rollback(&seen).unwrap();
    let written = ["one", "two", "three", "four"];
    for words in written {
        write(&mut session, words);
    }
    let newest = session.generation();
    let (file, log) = (fs::read(&place.path).unwrap(), beside(&place.path, "-wal"));
    let whole = fs::read(&log).unwrap();
    drop(session);
    for at in (0..whole.len()).step_by(whole.len() / 40) {
        let mut changed = whole.clone();
        changed[at] ^= 0x10;
        let copy = Place::new();
        fs::write(&copy.path, &file).unwrap();
        fs::write(beside(&copy.path, "-wal"), changed).unwrap();
        let mut session = unlock(&copy.path).unwrap();
        let state = copy.folder.path().join("state");
        fs::create_dir(&state).unwrap();
        for seen in fs::read_dir(&seen).unwrap().map(std::result::Result::unwrap) {
            fs::copy(seen.path(), state.join(seen.file_name())).unwrap();
        }
        session.watch_for_rollback(&state).unwrap();
        let rolled_back = session.rollback().is_some_and(|rollback| rollback.seen == newest);
        assert!(rolled_back || texts(&session).len() == written.len(), "byte {at}");
        assert!(texts(&session).iter().all(|text| written.contains(&text.as_str())));
    }
}

#[test]
fn a_very_long_entry_is_saved_and_one_too_large_refused() {
    let place = Place::new();
    let mut session = create(&place.path);
    let id = write(&mut session, &"long ".repeat(2_000_000));
    let huge = vec![0; 257 << 20];
    assert!(matches!(session.set_value("huge", &huge), Err(Error::TooLarge)));
    drop(session);
    let session = unlock(&place.path).unwrap();
    assert_eq!(session.entry(id).unwrap().content.text.len(), 10_000_000);
    assert_eq!(session.value("huge").unwrap(), None);
}

#[test]
fn a_session_moves_between_threads() {
    let place = Place::new();
    let mut session = create(&place.path);
    let worker = std::thread::Builder::new().name("worker".into());
    let worker = worker.spawn(move || write(&mut session, "there")).unwrap();
    assert!(worker.join().is_ok());
    assert!(try_create(&place.path).is_err_and(|error| matches!(error, Error::Exists(_))));
}

#[cfg(unix)]
#[test]
fn a_folder_that_goes_away_is_told_and_what_was_saved_is_whole_when_it_comes_back() {
    let place = Place::new();
    let folder = place.folder.path().join("stick");
    fs::create_dir(&folder).unwrap();
    let path = folder.join("journal");
    let mut session = try_create(&path).unwrap();
    let id = write(&mut session, "before");
    // As when a stick is pulled out: the same files are elsewhere, if anywhere.
    let away = place.folder.path().join("away");
    fs::rename(&folder, &away).unwrap();
    assert!(matches!(session.put(id, &text("away")), Err(Error::Missing(gone)) if gone == path));
    assert!(matches!(session.import(&[text("away")]), Err(Error::Missing(_))));
    assert_eq!(texts(&session), ["before"]);
    fs::rename(&away, &folder).unwrap();
    session.put(id, &text("back")).unwrap();
    drop(session);
    let session = unlock(&path).unwrap();
    assert!(session.integrity().is_sound());
    assert_eq!(texts(&session), ["back"]);
}

#[cfg(unix)]
#[test]
fn a_file_deleted_while_it_is_open_takes_no_more_saves_and_can_be_salvaged() {
    let place = Place::new();
    let mut session = create(&place.path);
    let id = write(&mut session, "before");
    for ending in ["", "-wal", ".lock"] {
        fs::remove_file(beside(&place.path, ending)).unwrap();
    }
    assert!(matches!(session.put(id, &text("after")), Err(Error::Missing(_))));
    // Another file of that name is not this one.
    fs::write(&place.path, "Dear diary").unwrap();
    assert!(matches!(session.put(id, &text("after")), Err(Error::Missing(_))));
    let saved = place.folder.path().join("saved");
    session.salvage(&saved).unwrap();
    assert_eq!(texts(&unlock(&saved).unwrap()), ["before"]);
    drop(session);
    assert_eq!(fs::read(&place.path).unwrap(), b"Dear diary");
}

#[test]
fn a_clock_set_back_ten_years_decides_nothing() {
    let place = Place::new();
    let mut session = create(&place.path);
    let (id, gone) = (write(&mut session, "written in ten years"), write(&mut session, "gone"));
    session.commit_revision(id);
    // What a clock ten years ahead would have written.
    let future = now().checked_add(jiff::ToSpan::years(10)).unwrap();
    for (entry, content) in [(id, Some(text("ahead"))), (gone, None)] {
        let mut clock = session.entries[&entry].clock();
        clock.bump(session.actor);
        let body = EntryBody { entry, clock, written: future, content, purged: false };
        session.write_body(body, Vec::new()).unwrap();
    }
    session.put(id, &text("back in the present")).unwrap();
    drop(session);
    let mut session = unlock(&place.path).unwrap();
    assert_eq!(texts(&session), ["back in the present"]);
    assert_eq!(session.history(id).unwrap().len(), 3);
    let today = now().date();
    assert_eq!(session.purge_expired(today).unwrap(), 0, "the trash is kept, if for too long");
    assert_eq!(session.trash(today).len(), 1);
    session.undelete(gone).unwrap();
    assert_eq!(session.ids().len(), 2);
}
