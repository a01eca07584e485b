//! A process that is killed loses nothing it said it had saved, and its lock dies with it.
use std::{
    env,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use jiff::civil::date;
use serde_json::json;
use tests::binary::{Home, PASSPHRASE};
use vault::{Content, EntryId, Passphrase, Session, Vault};

/// Names the journal that [`writer`] writes to.
const JOURNAL: &str = "INGLENOOK_DURABILITY_JOURNAL";

const KILLS: usize = 30;

/// Saves without end and says which; runs as a process of its own, to be killed.
#[test]
fn writer() {
    let Some(journal) = env::var_os(JOURNAL) else { return };
    let mut session = unlock(Path::new(&journal));
    for n in 0_usize.. {
        let (id, content) = (EntryId::random(), content(n));
        session.put(id, &content).unwrap();
        println!("saved {n} {id}");
    }
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let home = Home::with_journal();
    let mut saved: Vec<(usize, EntryId)> = Vec::new();
    for kill in 0..KILLS {
        let mut child = start_writer(&home);
        // The writer goes on while this process reads and kills it: the moment is never the same.
        let acknowledged =
            BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        saved.extend(acknowledged.filter_map(|line| acknowledgement(&line)).take(1 + kill % 7));
        child.kill().unwrap();
        child.wait().unwrap();

        let session = unlock(&home.journal());
        assert_eq!(session.damaged(), 0, "after kill {kill}");
        for (n, id) in &saved {
            let entry = session
                .entry(*id)
                .unwrap_or_else(|error| panic!("entry {n} after kill {kill}: {error}"));
            assert!(entry.content == content(*n), "entry {n} differs after kill {kill}");
        }
    }
    assert!(saved.len() > KILLS);
}

/// The fault program, a little of it: `cargo run -p tests --bin faults -- --help` has the rest.
#[test]
fn kills_power_cuts_and_full_disks_lose_nothing_that_was_acknowledged() {
    let faults = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_faults")).args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        println!("{said}");
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    };
    faults(&["--kills", "8", "--cuts", "40", "--full", "4", "--flips", "1999"]);
    faults(&["--cuts", "10", "--ignore-syncs"]);
}

#[test]
fn a_second_process_is_refused_while_the_first_lives_and_not_after() {
    let home = Home::with_journal();
    let mut child = start_writer(&home);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| acknowledgement(&line).is_some()), "the writer holds the journal");
    assert_eq!(home.run(&["stats"], "").code, Some(6));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(home.run(&["stats"], "").code, Some(0));
}

#[test]
fn an_import_that_is_killed_is_there_whole_or_not_at_all() {
    const ENTRIES: usize = 2000;
    let home = Home::with_journal();
    let line = |n: usize| {
        json!({"date": "2024-01-01", "text": format!("{n} {}", "marmalade ".repeat(100))})
            .to_string()
    };
    let file = home.file("diary.jsonl", (0..ENTRIES).map(line).collect::<Vec<_>>().join("\n"));
    for pages in [1, 40, 200, 800] {
        let mut child = home.start(&["import", &file], b"");
        wait_for_log(&home, &mut child, pages * 4096);
        child.kill().unwrap();
        child.wait().unwrap();
        let entries = home.json(&["stats"])["entries"].clone();
        assert!(entries == json!(0) || entries == json!(ENTRIES), "{entries} of {ENTRIES}");
        if entries != json!(0) {
            break;
        }
    }
}

/// Until so much is written ahead, or the command has ended.
fn wait_for_log(home: &Home, child: &mut Child, bytes: u64) {
    let log = home.path("journal.inglenook-wal");
    while child.try_wait().unwrap().is_none() {
        if std::fs::metadata(&log).is_ok_and(|log| log.len() >= bytes) {
            return;
        }
        std::thread::yield_now();
    }
}

fn start_writer(home: &Home) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "durability::writer", "--nocapture"]).env(JOURNAL, home.journal());
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

fn acknowledgement(line: &str) -> Option<(usize, EntryId)> {
    let (n, id) = line.split_once("saved ")?.1.split_once(' ')?;
    Some((n.parse().ok()?, id.parse().ok()?))
}

fn content(n: usize) -> Content {
    let text = format!("{n} {}", "marmalade ".repeat(n % 500));
    Content { text, ..Content::new(date(2024, 1, 1)) }
}

fn unlock(journal: &Path) -> Session {
    Vault::open(journal).unwrap().unlock(&Passphrase::new(PASSPHRASE)).unwrap()
}
