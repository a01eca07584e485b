//! The commands that guard against loss: trash, history, passphrase, backup, restore, salvage, merge.
use std::fs;

use serde_json::{Value, json};
use tests::binary::{Home, PASSPHRASE, damage_one_record};

const NEW: &str = "walnut harbour sixteen lantern";

fn write(home: &Home, date: &str, text: &str) -> String {
    home.json(&["write", "--date", date, text])["id"].as_str().unwrap().to_owned()
}

fn texts(home: &Home) -> Vec<Value> {
    let listed = home.json(&["list"]);
    listed["entries"].as_array().unwrap().iter().map(|entry| entry["text"].clone()).collect()
}

#[test]
fn a_deleted_entry_comes_back_from_the_trash() {
    let home = Home::with_journal();
    let id = write(&home, "2024-01-01", "Marmalade");
    assert_eq!(home.run(&["purge", &id], "").code, Some(1), "it takes two steps");
    assert_eq!(home.json(&["delete", &id[..10]])["id"], json!(id));
    assert_eq!(home.json(&["list"]), json!({"entries": []}));
    assert_eq!(home.run(&["show", &id], "").code, Some(1));
    assert_eq!(home.json(&["trash"])["entries"][0]["title"], "Marmalade");
    assert_eq!(home.json(&["undelete", &id[..10]])["id"], json!(id));
    assert_eq!(texts(&home), ["Marmalade"]);

    let _ = home.json(&["delete", &id]);
    let _ = home.json(&["purge", &id]);
    assert_eq!(home.json(&["trash"]), json!({"entries": []}));
    assert_eq!(home.run(&["undelete", &id], "").code, Some(1));
}

#[test]
fn an_earlier_version_is_listed_and_restored() {
    let home = Home::with_journal();
    let id = write(&home, "2024-01-01", "Marmalade and toast");
    let _ = home.json(&["delete", &id]);
    let history = home.json(&["history", &id]);
    let revisions = history["revisions"].as_array().unwrap();
    assert_eq!((revisions.len(), &revisions[0]["deleted"]), (2, &json!(true)));
    assert_eq!(
        (&revisions[1]["title"], &revisions[1]["words"]),
        (&json!("Marmalade and toast"), &json!(3))
    );
    let first = revisions[1]["revision"].as_str().unwrap();
    let _ = home.json(&["restore-revision", &id, first]);
    assert_eq!(texts(&home), ["Marmalade and toast"]);
    assert_eq!(home.run(&["restore-revision", &id, &"0".repeat(32)], "").code, Some(1));
}

#[test]
fn a_changed_passphrase_opens_and_the_old_one_does_not() {
    let home = Home::with_journal();
    let _ = write(&home, "2024-01-01", "Marmalade");
    assert_eq!(home.run(&["passphrase"], "\n").code, Some(2), "an empty one is refused");
    assert_eq!(home.run(&["passphrase"], format!("{NEW}\n")).code, Some(0));
    assert_eq!(home.run(&["stats"], "").code, Some(3));
    assert_eq!(home.run_as(NEW, &["stats"]).code, Some(0));
}

#[test]
fn a_recovery_key_replaces_a_forgotten_passphrase() {
    let home = Home::with_journal();
    let _ = write(&home, "2024-01-01", "Marmalade");
    let printed = home.json(&["recovery-key"]);
    let key = printed["recovery_key"].as_str().unwrap();
    let recover = |typed: &str| {
        home.run_as(&format!("{typed}\n{NEW}"), &["passphrase", "--with-recovery-key"])
    };
    let mistyped =
        if key.starts_with('0') { key.replacen('0', "1", 1) } else { format!("0{}", &key[1..]) };
    assert_eq!(recover(&mistyped).code, Some(3));
    assert_eq!(home.run(&["stats"], "").code, Some(0), "nothing is changed");
    assert_eq!(recover(&key.to_lowercase()).code, Some(0));
    assert_eq!(home.run(&["stats"], "").code, Some(3));
    assert_eq!(home.run_as(NEW, &["stats"]).code, Some(0));
}

#[test]
fn a_backup_is_restored_and_what_was_there_is_kept() {
    let home = Home::with_journal();
    let _ = write(&home, "2024-01-01", "Marmalade");
    let backup = home.json(&["backup"])["path"].as_str().unwrap().to_owned();
    assert_eq!(
        fs::read_dir(home.path("backups"))
            .unwrap()
            .filter(|file| file.as_ref().unwrap().path() == *backup)
            .count(),
        1
    );
    let _ = write(&home, "2024-01-02", "Toast");

    let broken = home.file("broken", &fs::read(&backup).unwrap()[..5000]);
    assert_eq!(home.run(&["restore", &broken], "").code, Some(4));
    assert_eq!(home.run_as("wrong", &["restore", &backup]).code, Some(3));
    assert_eq!(texts(&home), ["Marmalade", "Toast"]);

    let restored = home.json(&["restore", &backup]);
    assert_eq!(restored["entries"], 1);
    assert_eq!(texts(&home), ["Marmalade"]);
    let kept = restored["kept"].as_str().unwrap();
    let found = home.json(&["list", "--journal", kept]);
    assert_eq!(found["entries"].as_array().unwrap().len(), 2);
}

#[test]
fn damage_is_found_and_the_rest_salvaged() {
    let home = Home::with_journal();
    for n in 1..=20 {
        let _ = write(&home, &format!("2024-01-{n:02}"), &"Marmalade ".repeat(50));
    }
    assert_eq!(home.json(&["verify"]), json!({"sound": true, "entries": 20, "damaged": []}));

    damage_one_record(&home);
    let run = home.run(&["verify", "--json"], "");
    assert_eq!(run.code, Some(4), "{run:?}");
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report, json!({"sound": false, "entries": 19, "damaged": []}));
    let out = home.path("salvaged");
    let salvaged = home.json(&["salvage", out.to_str().unwrap()]);
    assert_eq!(salvaged["left"], 1);
    assert_eq!(
        home.json(&["verify", "--journal", out.to_str().unwrap()]),
        json!({"sound": true, "entries": 19, "damaged": []})
    );
    assert_eq!(
        home.run(&["salvage", out.to_str().unwrap()], "").code,
        Some(1),
        "nothing is replaced"
    );
}

#[test]
fn two_copies_are_merged() {
    let home = Home::with_journal();
    let _ = write(&home, "2024-01-01", "Marmalade");
    let copy = home.file("copy", fs::read(home.journal()).unwrap());
    let _ = write(&home, "2024-01-02", "Toast");
    let _ = home.json(&["write", "--date", "2024-01-03", "Tea", "--journal", &copy]);
    assert_eq!(home.run(&["passphrase", "--journal", &copy], format!("{NEW}\n")).code, Some(0));

    assert_eq!(home.run(&["merge", &copy], "wrong\n").code, Some(3));
    let merged = home.run(&["merge", &copy, "--json"], format!("{NEW}\n"));
    assert_eq!(merged.code, Some(0), "{merged:?}");
    assert_eq!(serde_json::from_str::<Value>(&merged.stdout).unwrap()["added"], 1);
    assert_eq!(texts(&home), ["Marmalade", "Toast", "Tea"]);
    assert_eq!(home.run_as(PASSPHRASE, &["stats"]).code, Some(0), "the passphrase is its own");
}
