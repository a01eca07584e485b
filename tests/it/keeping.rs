//! What guards against loss, on the command line: files of entries, checked backups, copies that went apart.
use std::{fs, io::Write as _};

use serde_json::{Value, json};
use tests::binary::{Home, damage_one_record};

fn write(home: &Home, date: &str, text: &str) -> String {
    home.json(&["write", "--date", date, text])["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_file_is_attached_listed_saved_and_removed() {
    let home = Home::with_journal();
    let id = write(&home, "2024-01-01", "With a photo");
    let photo: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
    let file = home.file("holiday.jpg", &photo);
    let attached = &home.json(&["attach", &id[..8], &file])["attachment"];
    assert_eq!(attached["name"], "holiday.jpg");
    assert_eq!(
        (&attached["length"], &attached["media_type"]),
        (&json!(200_000), &json!("image/jpeg"))
    );

    let out = home.path("out");
    let out = out.to_str().unwrap();
    for name in ["holiday.jpg", "holiday (2).jpg"] {
        let saved = home.json(&["attachments", &id, "--save", out]);
        let path = saved["attachments"][0]["path"].as_str().unwrap();
        assert_eq!(path, home.path("out").join(name).to_str().unwrap());
        assert!(fs::read(path).unwrap() == photo);
    }
    let listed = home.json(&["attachments", &id]);
    assert_eq!(listed["attachments"][0]["path"], Value::Null);

    let attachment = attached["attachment"].as_str().unwrap();
    assert_eq!(home.run(&["detach", &id, &"0".repeat(32)], "").code, Some(1));
    assert_eq!(home.json(&["detach", &id, attachment])["attachment"], attached["attachment"]);
    assert_eq!(home.json(&["attachments", &id])["attachments"], json!([]));
}

#[test]
fn what_is_no_file_is_not_attached() {
    let home = Home::with_journal();
    let id = write(&home, "2024-01-01", "x");
    let folder = home.path("");
    for wrong in [folder.to_str().unwrap(), home.path("missing").to_str().unwrap()] {
        let run = home.run(&["attach", &id, wrong], "");
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run:?}");
        assert!(run.stderr.contains("could not attach"), "{run:?}");
    }
    let file = home.file("a", "a");
    assert_eq!(home.run(&["attach", "00000000", &file], "").code, Some(1));
    assert_eq!(home.json(&["attachments", &id])["attachments"], json!([]));
}

#[test]
fn a_backup_goes_to_a_folder_or_to_a_new_file() {
    let home = Home::with_journal();
    let _ = write(&home, "2024-01-01", "Marmalade");
    let folder = home.path("stick");
    let path =
        home.json(&["backup", folder.to_str().unwrap()])["path"].as_str().unwrap().to_owned();
    assert!(path.starts_with(folder.to_str().unwrap()));
    let file = home.path("mine.inglenook");
    let file = file.to_str().unwrap();
    assert_eq!(home.json(&["backup", file])["path"], json!(file));
    assert_eq!(home.run(&["backup", file], "").code, Some(1), "nothing is replaced");
    let found = home.json(&["list", "--journal", file]);
    assert_eq!(found["entries"][0]["text"], "Marmalade");
}

#[test]
fn the_newest_backup_is_checked_without_a_trace() {
    let home = Home::with_journal();
    let none = home.run(&["backup", "--check"], "");
    assert_eq!(none.code, Some(1), "{none:?}");
    let _ = write(&home, "2024-01-01", "Marmalade and toast");
    let _ = write(&home, "2024-02-03", "Tea");
    let made = home.json(&["backup"])["path"].clone();
    let before = files(&home, "backups");
    let checked = home.json(&["backup", "--check"]);
    let expected = json!({"path": made, "sound": true, "entries": 2, "words": 4,
        "last": "2024-02-03", "same_secrets": true});
    assert_eq!(checked, expected);
    assert_eq!(home.json(&["backup", "--check", made.as_str().unwrap()]), expected);
    assert_eq!(files(&home, "backups"), before);

    let changed = home.run(&["passphrase"], "walnut harbour sixteen lantern\n");
    assert_eq!(changed.code, Some(0));
    let run = home.run_as("walnut harbour sixteen lantern", &["backup", "--check", "--json"]);
    assert!(run.stdout.contains("\"same_secrets\":false"), "{run:?}");
}

#[test]
fn a_damaged_backup_is_told() {
    let home = Home::with_journal();
    for n in 1..=9 {
        let _ = write(&home, &format!("2024-01-0{n}"), &"Marmalade ".repeat(40));
    }
    let file = home.file("b.inglenook", fs::read(home.journal()).unwrap());
    damage_one_record(&home);
    let journal = home.journal();
    let run = home.run(&["backup", "--check", journal.to_str().unwrap(), "--json"], "");
    assert_eq!(run.code, Some(4), "{run:?}");
    assert!(run.stdout.contains("\"sound\":false") && run.stdout.contains("\"entries\":8"));
    assert_eq!(home.run(&["backup", "--check", &file], "").code, Some(0));
}

#[test]
fn damage_is_named_by_its_day_where_a_backup_knows_it() {
    let home = Home::with_journal();
    let long = write(&home, "2024-01-05", &"Marmalade ".repeat(400));
    let _ = write(&home, "2024-01-06", "Toast");
    let _ = home.json(&["backup"]);
    damage_one_record(&home);
    let run = home.run(&["verify", "--json"], "");
    assert_eq!(run.code, Some(4), "{run:?}");
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["damaged"], json!([{"id": long, "date": "2024-01-05"}]));
}

#[test]
fn a_backup_is_restored_into_a_new_file_and_the_journal_stays() {
    let home = Home::with_journal();
    let _ = write(&home, "2024-01-01", "Marmalade");
    let backup = home.json(&["backup"])["path"].as_str().unwrap().to_owned();
    let _ = write(&home, "2024-01-02", "Toast");
    let living = fs::read(home.journal()).unwrap();
    let new = home.path("restored");
    let new = new.to_str().unwrap();
    let restored = home.json(&["restore", &backup, "--to", new]);
    assert_eq!(restored, json!({"path": new, "entries": 1, "kept": null}));
    assert!(fs::read(home.journal()).unwrap() == living);
    assert_eq!(home.run(&["restore", &backup, "--to", new], "").code, Some(1));
    let journal = home.journal();
    let over = home.run(&["restore", &backup, "--to", journal.to_str().unwrap()], "");
    assert_eq!(over.code, Some(1), "never over the living one");
    assert!(fs::read(home.journal()).unwrap() == living);
}

#[test]
fn restore_takes_a_file_or_a_version() {
    let home = Home::with_journal();
    let id = write(&home, "2024-01-01", "Marmalade and toast");
    let _ = home.json(&["delete", &id]);
    let history = home.json(&["history", &id]);
    let first = history["revisions"][1]["revision"].as_str().unwrap();
    assert_eq!(home.run(&["restore", &id[..8], &"0".repeat(32)], "").code, Some(1));
    assert_eq!(home.json(&["restore", &id[..8], &first[..8]])["id"], json!(id));
    let compared = home.json(&["history", &id[..8], &first[..8]]);
    assert_eq!(compared["parts"], json!([{"change": "same", "text": "Marmalade and toast"}]));
    assert_eq!(home.run(&["history", &id, &"0".repeat(32)], "").code, Some(1));
    assert_eq!(home.json(&["list"])["entries"][0]["text"], "Marmalade and toast");
    assert_eq!(home.run(&["restore", &id, first, "--to", "x"], "").code, Some(2));
    assert_eq!(home.run(&["restore", &id], "").code, Some(1), "no such file");
}

#[test]
fn a_conflict_copy_is_told_until_it_is_merged_and_stays_where_it_is() {
    let home = Home::with_journal();
    let _ = write(&home, "2024-01-01", "Marmalade");
    let name = "journal.sync-conflict-20240102-101500-ABCDEFG.inglenook";
    let copy = home.file(name, fs::read(home.journal()).unwrap());
    let _ = home.file("journal 2.inglenook", "something else");
    let told = |home: &Home| home.run(&["stats"], "").stderr.contains("another copy");
    assert!(!told(&home), "the same is no news");
    let _ = home.json(&["write", "--date", "2024-01-03", "Tea", "--journal", &copy]);
    assert!(told(&home));
    let before = fs::read(&copy).unwrap();
    assert_eq!(home.json(&["merge", &copy])["added"], 1);
    assert!(!told(&home));
    assert!(fs::read(&copy).unwrap() == before);
}

#[test]
fn an_entry_changed_in_both_copies_is_told_by_its_id() {
    let home = Home::with_journal();
    let id = write(&home, "2024-01-01", "Marmalade");
    let copy = home.file("copy", fs::read(home.journal()).unwrap());
    let _ = home.json(&["delete", &id]);
    let _ = home.json(&["undelete", &id]);
    let _ = home.json(&["delete", &id, "--journal", &copy]);
    let _ = home.json(&["undelete", &id, "--journal", &copy]);
    let run = home.run(&["merge", &copy, "--json"], "");
    assert!(run.stderr.contains("two versions"), "{run:?}");
    let merged: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(merged["two_versions"], json!([id]));
    assert_eq!(home.json(&["merge", &copy])["added"], 0);
}

#[test]
fn ways_to_unlock_are_listed_added_and_removed_but_never_the_last() {
    let home = Home::with_journal();
    let kinds = |keys: Value| -> Vec<String> {
        let keys = keys["keys"].as_array().unwrap().clone();
        keys.iter().map(|key| key["kind"].as_str().unwrap().to_owned()).collect()
    };
    let listed = home.json(&["keys"]);
    let id = listed["keys"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(kinds(listed), ["passphrase"]);
    assert_eq!(home.run(&["keys", "--remove", &id], "").code, Some(1));
    let _ = home.json(&["recovery-key"]);
    let listed = home.json(&["keys"]);
    let recovery = listed["keys"][1]["id"].as_str().unwrap().to_owned();
    assert_eq!(kinds(listed), ["passphrase", "recovery"]);
    assert_eq!(kinds(home.json(&["keys", "--remove", &recovery[..8]])), ["passphrase"]);
    assert_eq!(home.run(&["keys", "--remove", &recovery], "").code, Some(1));

    let file = home.path("key");
    let file = file.to_str().unwrap();
    let with_file = kinds(home.json(&["keys", "--add-file", file]));
    assert_eq!(with_file, ["passphrase-and-key-file"]);
    assert_eq!(fs::read(file).unwrap().len(), 64);
    assert_eq!(home.run(&["stats"], "").code, Some(3));
    assert_eq!(home.run(&["stats", "--key-file", file], "").code, Some(0));
    let without = kinds(home.json(&["keys", "--drop-file", "--key-file", file]));
    assert_eq!(without, ["passphrase"]);
    assert_eq!(home.run(&["stats"], "").code, Some(0));
    assert_eq!(home.run(&["keys", "--drop-file", "--remove", &id], "").code, Some(2));
}

/// The size is INGLENOOK_ATTACH_MB, so that a large file can be tried by hand.
#[cfg(target_os = "linux")]
#[test]
fn a_large_file_takes_little_memory() {
    let home = Home::with_journal();
    let id = write(&home, "2024-01-01", "x");
    let megabytes: usize =
        std::env::var("INGLENOOK_ATTACH_MB").map_or(40, |size| size.parse().unwrap());
    let block: Vec<u8> = (0..1_000_000_u32).map(|n| (n % 251) as u8).collect();
    let file = home.file("large", "");
    for _ in 0..megabytes {
        fs::OpenOptions::new().append(true).open(&file).unwrap().write_all(&block).unwrap();
    }
    let out = home.path("out");
    let peak = |arguments: &[&str]| peak_kib(&home, arguments);
    let unlocking = peak(&["stats"]);
    let attaching = peak(&["attach", &id, &file]);
    let saving = peak(&["attachments", &id, "--save", out.to_str().unwrap()]);
    println!(
        "{megabytes} MB: attach {attaching} KiB, save {saving} KiB; unlocking alone {unlocking} KiB"
    );
    assert!(attaching < 100_000_000 / 1024, "attach took {attaching} KiB");
    assert!(saving < 100_000_000 / 1024, "save took {saving} KiB");
    assert!(fs::read(out.join("large")).unwrap() == fs::read(&file).unwrap());
}

/// The most memory that a command had in use, looked at until it ends.
#[cfg(target_os = "linux")]
fn peak_kib(home: &Home, arguments: &[&str]) -> u64 {
    let child = home.start(arguments, b"");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while let Some(now) = fs::read_to_string(&status).ok().and_then(|status| peak_of(&status)) {
        peak = now.max(peak);
        std::thread::park_timeout(std::time::Duration::from_millis(5));
    }
    let run = tests::binary::Run::of(child);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(peak > 10_000, "nothing was measured");
    peak
}

/// `VmHWM:     1234 kB`; a process that ended has none.
#[cfg(target_os = "linux")]
fn peak_of(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().split(' ').next()?.parse().ok()
}

fn files(home: &Home, folder: &str) -> Vec<(String, u64)> {
    let files = fs::read_dir(home.path(folder)).unwrap().map(|file| file.unwrap());
    let mut files: Vec<_> = files
        .map(|file| (file.file_name().into_string().unwrap(), file.metadata().unwrap().len()))
        .collect();
    files.sort();
    files
}
