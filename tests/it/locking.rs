//! Locking: by hand, by itself, with the desktop; what is covered, what is saved, what is taken back.
use std::{env, process::Command, sync::mpsc::Receiver, time::Duration};

use egui::{Event, Key, Modifiers, ViewportCommand};
use inglenook::{
    clipboard::{Clipboard, ClipboardJob},
    state::Locking,
};
use tests::desk::{Desk, PASSPHRASE, is_locked, journal};

const MINUTE: Duration = Duration::from_secs(60);
/// Set in the process whose files may not grow.
const FULL: &str = "INGLENOOK_FULL_DISK_TEST";

#[test]
fn the_time_to_lock_is_chosen_and_counts_from_the_last_key() {
    let mut desk = Desk::new().unlocked();
    desk.press(Modifiers::COMMAND, Key::Comma);
    for choice in ["1 min", "5 min", "10 min", "30 min", "60 min", "Never"] {
        assert!(desk.shows(choice), "{choice}");
    }
    desk.click("1 min");
    desk.click("Done");
    desk.pass(MINUTE / 2);
    desk.write("Still here.");
    desk.pass(MINUTE / 2);
    assert!(!is_locked(desk.app()) && desk.journal().locking == Locking::No);
    desk.pass(MINUTE / 2);
    desk.settle("it locks", is_locked);
}

#[test]
fn never_is_never() {
    let mut desk = Desk::new().unlocked();
    desk.press(Modifiers::COMMAND, Key::Comma);
    desk.click("Never");
    desk.click("Done");
    desk.pass(1000 * MINUTE);
    assert_eq!(desk.journal().locking, Locking::No);
}

#[test]
fn a_draft_of_the_last_moment_is_sealed_before_the_desktop_locks_the_journal() {
    let mut desk = Desk::new().unlocked();
    desk.write("The very last words");
    desk.lock_desktop();
    assert!(!desk.shows_some("very last words"), "it is covered at once");
    desk.settle("it locks", is_locked);
    desk.unlock(PASSPHRASE);
    assert_eq!(desk.journal().rows()[0].heading, "The very last words");
}

#[test]
fn the_panic_key_saves_covers_and_hides() {
    let mut desk = Desk::new().unlocked();
    desk.write("Footsteps on the stairs");
    desk.press_once(Modifiers::COMMAND | Modifiers::SHIFT, Key::L);
    assert!(desk.window_commands().contains(&ViewportCommand::Minimized(true)));
    assert_ne!(journal(desk.app()).map(|journal| journal.locking), Some(Locking::No));
    assert!(desk.is_covered(), "the pass of the key itself shows nothing");
    desk.settle("it locks", is_locked);
    desk.unlock(PASSPHRASE);
    assert_eq!(desk.journal().rows()[0].heading, "Footsteps on the stairs");
}

#[test]
fn locking_and_closing_take_back_what_was_copied() {
    let (clipboard, jobs, _pasted) = Clipboard::with_ends();
    let mut desk = Desk::with_clipboard(clipboard).unlocked();
    copy_a_sentence(&mut desk, &jobs);
    desk.lock();
    assert!(matches!(jobs.try_recv(), Ok(ClipboardJob::Forget)));
    desk.unlock(PASSPHRASE);
    copy_a_sentence(&mut desk, &jobs);
    drop(desk);
    // Without a window there is no more to wait for: what serves the clipboard ends, and with it the offer.
    assert!(jobs.recv().is_err());
}

fn copy_a_sentence(desk: &mut Desk, jobs: &Receiver<ClipboardJob>) {
    desk.write("between us");
    desk.press(Modifiers::COMMAND, Key::A);
    desk.send(Event::Copy);
    assert!(matches!(jobs.try_recv(), Ok(ClipboardJob::Copy(_))));
}

/// On a full disk nothing is lost and nothing is shown: the text stays in memory, covered.
#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_saved_is_covered_until_the_passphrase_is_typed() {
    // A file may have 1,024 blocks of 512 bytes; what would kill for more is an error instead.
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 1024; exec \"$0\" --exact locking::on_a_full_disk"]);
    let output = command.arg(env::current_exe().unwrap()).env(FULL, "1").output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && printed.contains("1 passed"), "{printed}");
}

/// What the process on the full disk does.
#[test]
fn on_a_full_disk() {
    if env::var_os(FULL).is_none() {
        return;
    }
    let mut desk = Desk::new().unlocked();
    desk.write(&"Too much for this disk.\n".repeat(40_000));
    desk.pass(11 * MINUTE);
    desk.settle("saving fails", |app| {
        journal(app).is_some_and(|journal| journal.outbox.failure().is_some())
    });
    assert!(desk.shows_some("The journal is not locked yet"));
    assert!(!desk.shows("Text of the entry"));
    for (passphrase, goes_back) in [("guessed", false), (PASSPHRASE, true)] {
        desk.type_into("Passphrase, to go on writing", passphrase);
        desk.click("Back to writing");
        desk.settle("the vault answers", |app| journal(app).is_some_and(|it| !it.back.busy));
        assert_eq!(desk.shows("Text of the entry"), goes_back);
    }
    assert!(desk.journal().draft.content.text.starts_with("Too much"));
}
