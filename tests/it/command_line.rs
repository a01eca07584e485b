//! The command line from outside: what it prints, how it fails, and that a failure changes nothing.
use std::{fs, io::Read as _};

use serde_json::{Value, json};
use tests::binary::{Home, PASSPHRASE, Run};
use vault::{Passphrase, Vault};

/// Fails with this code, and says so on one line that repeats nothing of what was typed.
#[track_caller]
fn assert_failure(run: &Run, code: i32) {
    assert_eq!(run.code, Some(code), "{run:?}");
    assert_eq!(run.stdout, "", "{run:?}");
    let line = run.stderr.strip_suffix('\n').unwrap_or_default();
    let said = line.strip_prefix("inglenook: ").unwrap_or_default();
    assert!(said.starts_with(|c: char| !c.is_uppercase()), "{run:?}");
    assert!(!line.contains('\n') && !said.ends_with('.'), "{run:?}");
    assert!(!line.contains(PASSPHRASE) && !line.contains("Marmalade"), "{run:?}");
}

fn ids(document: &Value) -> Vec<String> {
    let entries = document["entries"].as_array().unwrap();
    entries.iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_new_journal_is_private_and_never_replaces_a_file() {
    let home = Home::empty();
    assert_failure(&home.run_as("", &["new"]), 2);
    assert!(!home.journal().exists());
    assert_eq!(home.text(&["new"]).trim_end(), home.journal().to_str().unwrap());
    let bytes = fs::read(home.journal()).unwrap();
    assert_failure(&home.run(&["new"], ""), 1);
    assert_eq!(fs::read(home.journal()).unwrap(), bytes);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(home.journal()).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(
        home.json(&["stats"]),
        json!({"entries":0,"words":0,"days":0,"first":null,"last":null})
    );
}

#[test]
fn a_weak_passphrase_is_taken_with_a_warning() {
    let home = Home::empty();
    let run = home.run_as("hunter2", &["new", "--json"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stderr.contains("could be guessed") && !run.stderr.contains("hunter2"), "{run:?}");
}

#[test]
fn an_entry_is_shown_as_it_was_written() {
    let home = Home::with_journal();
    let written = home.json(&[
        "write",
        "--date",
        "2024-02-29",
        "--time",
        "21:05",
        "--tag",
        "#walk",
        "--tag",
        "Anna B",
        "--mood",
        "4",
        "Marmalade",
        "with",
        "Anna",
    ]);
    let id = written["id"].as_str().unwrap();
    let expected = json!({
        "id": id, "date": "2024-02-29", "time": "21:05", "title": "Marmalade with Anna",
        "text": "Marmalade with Anna", "tags": ["walk", "Anna B"], "mood": 4, "starred": false,
        "kept_from_model": false,
    });
    for which in [id, &id[..12], &id[..12].to_uppercase(), "2024-02-29"] {
        assert_eq!(home.json(&["show", which])["entries"], json!([expected]), "{which}");
    }
    let page = home.text(&["show", id]);
    for part in [
        "Thursday, 29 February 2024",
        "21:05",
        "#walk",
        "#Anna B",
        "mood 4 of 5",
        "\nMarmalade with Anna\n",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn text_comes_from_stdin_after_the_passphrase() {
    let home = Home::with_journal();
    for (n, arguments) in [vec!["write", "-"], vec!["write"]].into_iter().enumerate() {
        let run = home.run(&arguments, "Marmalade\r\n\n  größer 🌱\n\n");
        assert_eq!(run.code, Some(0), "{run:?}");
        assert_eq!(home.json(&["list"])["entries"][n]["text"], "Marmalade\n\n  größer 🌱");
    }
    let long = "Marmalade ".repeat(1 << 17);
    let run = home.run(&["write", "--date", "2030-01-01"], &long);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(home.json(&["show", "2030-01-01"])["entries"][0]["text"], long.trim_end());
    assert_failure(&home.run(&["write", "-"], b"Marmalade \xff"), 1);
    assert_failure(&home.run(&["write", "-"], " \n\t\n"), 2);
    assert_failure(&home.run(&["write", ""], ""), 2);
    assert_eq!(home.json(&["stats"])["entries"], 3);
}

#[test]
fn what_is_typed_wrongly_is_told_without_repeating_it() {
    let home = Home::with_journal();
    let before = fs::read(home.journal()).unwrap();
    let wrong: &[&[&str]] = &[
        &["Marmalade"],
        &["write", "--date", "2024-13-01", "Marmalade"],
        &["write", "--date", "2023-02-29", "Marmalade"],
        &["write", "--date", "Marmalade", "x"],
        &["write", "--time", "25:00", "Marmalade"],
        &["write", "--mood", "6", "Marmalade"],
        &["write", "--mood", "0", "Marmalade"],
        &["write", "--tag", " # ", "Marmalade"],
        &["write", "--marmalade", "Marmalade"],
        &["write", "--- Marmalade"],
        &["write", "--date"],
        &["list", "--from", "2024-02-01", "--to", "2024-01-01"],
        &["list", "Marmalade"],
        &["show"],
        &["show", "Marmalade"],
        &["show", "2024-13-01"],
        &["search"],
        &["search", "--limit", "many", "Marmalade"],
        &["summarise"],
        &["summarise", "--month", "2024-13"],
        &["summarise", "--day", "2024-01-01", "--year", "2024"],
        &["reflect", "abc", "--date", "2024-01-01"],
        &["import"],
        &["export", "x.json"],
        &["export", "--format", "pdf", "x.pdf"],
        &["help", "Marmalade"],
    ];
    for arguments in wrong {
        assert_failure(&home.run(arguments, ""), 2);
    }
    assert_eq!(fs::read(home.journal()).unwrap(), before);
}

#[test]
fn a_list_is_of_the_days_asked_for_oldest_first() {
    let home = Home::with_journal();
    for date in ["2024-03-01", "2023-12-31", "2024-01-01"] {
        let _ = home.json(&["write", "--date", date, "Marmalade"]);
    }
    let dates = |arguments: &[&str]| -> Vec<Value> {
        let listed = home.json(&[&["list"], arguments].concat());
        listed["entries"].as_array().unwrap().iter().map(|entry| entry["date"].clone()).collect()
    };
    assert_eq!(dates(&[]), ["2023-12-31", "2024-01-01", "2024-03-01"]);
    assert_eq!(dates(&["--from", "2024-01-01"]), ["2024-01-01", "2024-03-01"]);
    assert_eq!(dates(&["--to", "2024-01-01"]), ["2023-12-31", "2024-01-01"]);
    assert_eq!(dates(&["--from", "2024-01-02", "--to", "2024-02-29"]), Vec::<Value>::new());
    assert_eq!(home.text(&["list"]).lines().count(), 3);
}

#[test]
fn an_id_must_name_one_entry() {
    let home = Home::with_journal();
    // Of seventeen ids two begin with the same digit.
    let lines = (1..=17)
        .map(|n| json!({"date": format!("2024-01-{n:02}"), "text": "Marmalade"}).to_string());
    let file = home.file("diary.jsonl", lines.collect::<Vec<_>>().join("\n"));
    assert_eq!(home.json(&["import", &file])["imported"], 17);
    let ids = ids(&home.json(&["list"]));
    let shared = "0123456789abcdef"
        .chars()
        .find(|digit| ids.iter().filter(|id| id.starts_with(*digit)).count() > 1);
    let run = home.run(&["show", &shared.unwrap().to_string()], "");
    assert_failure(&run, 1);
    assert!(run.stderr.contains("give more of it"), "{run:?}");
    let unknown = if ids.contains(&"0".repeat(32)) { "1" } else { "0" }.repeat(32);
    for command in ["show", "delete"] {
        assert_failure(&home.run(&[command, &unknown], ""), 1);
    }
    assert_failure(&home.run(&["show", "2020-01-01"], ""), 1);
}

#[test]
fn search_finds_words_and_says_how_many() {
    let home = Home::with_journal();
    for (date, text) in [
        ("2024-01-01", "The marmalade was bitter"),
        ("2024-01-02", "Snow"),
        ("2024-01-03", "Marmalade!"),
    ] {
        let _ = home.json(&["write", "--date", date, text]);
    }
    let found = home.json(&["search", "marmalade"]);
    assert_eq!((&found["total"], found["hits"].as_array().unwrap().len()), (&json!(2), 2));
    for hit in found["hits"].as_array().unwrap() {
        let (snippet, range) = (hit["snippet"].as_str().unwrap(), &hit["highlights"][0]);
        let at = |n: usize| usize::try_from(range[n].as_u64().unwrap()).unwrap();
        assert_eq!(snippet[at(0)..at(1)].to_lowercase(), "marmalade");
        assert!(
            hit["score"].is_number() && hit["why"]["words"].is_array() && hit["id"].is_string()
        );
    }
    let first = home.json(&["search", "marmalade", "--limit", "1"]);
    assert_eq!((&first["total"], first["hits"].as_array().unwrap().len()), (&json!(2), 1));
    assert_eq!(home.json(&["search", "zeppelin"]), json!({"total": 0, "hits": []}));
    assert_eq!(home.text(&["search", "zeppelin"]), "Nothing found.\n");
}

#[test]
fn a_wrong_passphrase_changes_nothing() {
    let home = Home::with_journal();
    let file = home.file("diary.jsonl", r#"{"date":"2024-01-01","text":"Marmalade"}"#);
    let before = fs::read(home.journal()).unwrap();
    let commands: &[&[&str]] = &[
        &["write", "Marmalade"],
        &["list"],
        &["show", "2024-01-01"],
        &["search", "Marmalade"],
        &["import", &file],
        &["export", "--format", "json", "-"],
        &["stats"],
        &["delete", "abc"],
    ];
    for arguments in commands {
        for passphrase in ["", "wrong", "vermilion tortoise paperclip canyon "] {
            assert_failure(&home.run_as(passphrase, arguments), 3);
        }
    }
    assert_eq!(fs::read(home.journal()).unwrap(), before);
}

#[test]
fn a_journal_that_is_open_elsewhere_is_refused() {
    let home = Home::with_journal();
    let held = Vault::open(&home.journal()).unwrap();
    assert_failure(&home.run(&["list"], ""), 6);
    let session = held.unlock(&Passphrase::new(PASSPHRASE)).unwrap();
    assert_failure(&home.run(&["write", "Marmalade"], ""), 6);
    drop(session);
    assert_eq!(home.run(&["list"], "").code, Some(0));
}

#[test]
fn a_missing_foreign_newer_or_damaged_journal_is_told_apart() {
    let home = Home::empty();
    assert_failure(&home.run(&["list"], ""), 1);
    assert!(!home.journal().exists(), "looking makes none");
    home.file("journal.inglenook", "Dear diary, this is no journal file at all. ".repeat(100));
    let run = home.run(&["list"], "");
    assert_failure(&run, 1);
    assert!(run.stderr.contains("not a journal file"), "{run:?}");

    let home = Home::with_journal();
    let newer = rusqlite::Connection::open(home.journal()).unwrap();
    newer.pragma_update(None, "user_version", 9999).unwrap();
    drop(newer);
    assert_failure(&home.run(&["list"], ""), 5);

    let home = Home::with_journal();
    let bytes = fs::read(home.journal()).unwrap();
    fs::write(home.journal(), &bytes[..bytes.len() / 2]).unwrap();
    assert_failure(&home.run(&["list"], ""), 4);
}

#[test]
fn without_a_model_the_commands_that_need_one_say_so() {
    let home = Home::with_journal();
    let models = home.path("no-models");
    fs::create_dir(&models).unwrap();
    let models = models.to_str().unwrap();
    assert_failure(&home.run(&["summarise", "--day", "2024-01-01", "--models", models], ""), 7);
    assert_failure(&home.run(&["summarize", "--year", "2024", "--models", models], ""), 7);
    let broken = home.file("no-models/broken.gguf", b"GGUF, or so it says");
    let _ = home.json(&["write", "--date", "2024-01-01", "Marmalade"]);
    assert_failure(&home.run(&["reflect", "--models", models], ""), 7);
    assert_failure(&home.run(&["summarise", "--day", "2024-01-01", "--models", &broken], ""), 7);
}

#[test]
fn an_import_reports_every_line_it_leaves_out() {
    let home = Home::with_journal();
    let good =
        r#"{"date":"2024-01-01","time":"21:05:30","text":"Marmalade","tags":["walk"],"mood":3}"#;
    let file = home.file("diary.jsonl", format!("\u{feff}{good}\r\nMarmalade\r\n{good}\r\n"));
    assert_eq!(
        home.json(&["import", &file]),
        json!({
            "found": 3, "imported": 1, "duplicates": 1, "skipped": 1, "media": 0,
            "problems": [{"where": "line 2", "what": "not valid JSON"}],
            "first": "2024-01-01", "last": "2024-01-01",
        })
    );
    let entry = &home.json(&["list"])["entries"][0];
    assert_eq!(
        (&entry["time"], &entry["tags"], &entry["mood"]),
        (&json!("21:05:30"), &json!(["walk"]), &json!(3))
    );
    let before = fs::read(home.journal()).unwrap();
    for (name, bytes) in [("a.txt", "Marmalade\n"), ("b.zip", "PK\u{3}\u{4}"), ("c.jsonl", "")] {
        assert_failure(&home.run(&["import", &home.file(name, bytes)], ""), 1);
    }
    assert_failure(&home.run(&["import", home.path("missing").to_str().unwrap()], ""), 1);
    assert_failure(&home.run(&["import", home.path("").to_str().unwrap()], ""), 1);
    assert_eq!(fs::read(home.journal()).unwrap(), before);
}

#[test]
fn an_export_is_private_and_never_replaces_a_file() {
    let home = Home::with_journal();
    let _ = home.json(&["write", "--date", "2024-02-29", "Marmalade"]);
    let path = home.file("there.json", "mine");
    assert_failure(&home.run(&["export", "--format", "json", &path], ""), 1);
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    let nowhere = home.path("no/folder/here.json");
    let run = home.run(&["export", "--format", "json", nowhere.to_str().unwrap()], "");
    assert_failure(&run, 1);
    let path = home.path("new.md");
    let run = home.run(&["export", "--format", "markdown", path.to_str().unwrap()], "");
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stderr.contains("not encrypted"), "{run:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "# 2024-02-29, Thursday\n\nMarmalade\n\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let piped: Value =
        serde_json::from_str(&home.text(&["export", "--format", "json", "-"])).unwrap();
    assert_eq!(piped["entries"][0]["text"], "Marmalade");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let home = Home::with_journal();
    let lines = (0..2000)
        .map(|n| json!({"date": "2024-01-01", "text": format!("Marmalade {n}")}).to_string());
    let file = home.file("diary.jsonl", lines.collect::<Vec<_>>().join("\n"));
    assert_eq!(home.json(&["import", &file])["imported"], 2000);
    let mut child = home.start(&["list"], b"");
    let mut first = [0; 8];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let run = Run::of(child);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}

#[test]
fn the_help_documents_every_field_of_json() {
    let home = Home::with_journal();
    let help = home.text(&["help", "json"]);
    let _ = home.json(&["write", "--date", "2024-01-01", "Marmalade"]);
    let file = home.file("diary.jsonl", "{\"date\":\"2024-01-02\",\"text\":\"x\"}\nx\n");
    let documents = [
        home.json(&["list"]),
        home.json(&["search", "marmalade"]),
        home.json(&["stats"]),
        home.json(&["import", &file]),
        home.json(&["self-test-network"]),
        home.json(&["export", "--format", "json", home.path("out.json").to_str().unwrap()]),
    ];
    for name in documents.iter().flat_map(field_names) {
        assert!(help.contains(&name), "{name}");
    }
    assert!(home.text(&["help", "write"]).contains("--mood"));
    assert!(home.text(&["help"]).contains("Exit codes"));
}

#[cfg(target_os = "linux")]
#[test]
fn the_belt_is_on_unless_it_is_refused() {
    let home = Home::empty();
    let on = home.json(&["self-test-network"]);
    let off = home.json(&["self-test-network", "--no-belt"]);
    assert_eq!(on["belt"], "on");
    assert_eq!(on["filters"].as_u64().unwrap(), off["filters"].as_u64().unwrap() + 2);
}

fn field_names(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().flat_map(field_names).collect(),
        Value::Object(map) => map
            .iter()
            .flat_map(|(name, value)| {
                let mut names = field_names(value);
                names.push(name.clone());
                names
            })
            .collect(),
        _ => Vec::new(),
    }
}
