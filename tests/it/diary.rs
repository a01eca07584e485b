//! Ten years of a real diary, from import to a summary, by the command line.
use std::fs;

use inglenook::paths::find_model;
use serde_json::{Value, json};
use tests::binary::{Home, folder};

const ENTRIES: usize = 3413;

/// The diary's file, if this machine has it.
fn diary() -> Option<String> {
    let file = folder("INGLENOOK_TEST_DATA", "../shared/data")?.join("pepys.jsonl");
    file.is_file().then(|| file.to_str().map(str::to_owned))?
}

fn without_ids(mut listed: Value) -> Value {
    for entry in listed["entries"].as_array_mut().into_iter().flatten() {
        entry.as_object_mut().unwrap().remove("id");
    }
    listed
}

#[test]
fn ten_years_come_in_are_found_and_go_out_again() {
    let Some(diary) = diary() else {
        return println!("no diary to import: set INGLENOOK_TEST_DATA");
    };
    let home = Home::with_journal();
    let report = home.json(&["import", &diary]);
    assert_eq!((&report["found"], &report["imported"]), (&json!(ENTRIES), &json!(ENTRIES)));
    assert_eq!((&report["duplicates"], &report["problems"]), (&json!(0), &json!([])));

    let stats = home.json(&["stats"]);
    assert_eq!((&stats["entries"], &stats["days"]), (&json!(ENTRIES), &json!(ENTRIES - 3)));
    assert_eq!((&stats["first"], &stats["last"]), (&json!("1660-01-11"), &json!("1669-06-10")));
    assert_eq!(stats["words"], json!(words(&diary)));

    let found = home.json(&["search", "parmazan"]);
    assert_eq!(found["hits"][0]["date"], "1666-09-14", "he buried his cheese");
    assert_eq!(home.json(&["import", &diary])["duplicates"], json!(ENTRIES));
    assert_eq!(home.json(&["stats"]), stats);

    let exported = home.path("all.json");
    let _ = home.json(&["export", "--format", "json", exported.to_str().unwrap()]);
    let copy = Home::with_journal();
    assert_eq!(copy.json(&["import", exported.to_str().unwrap()])["imported"], json!(ENTRIES));
    assert!(
        without_ids(copy.json(&["list"])) == without_ids(home.json(&["list"])),
        "the copy differs"
    );
}

#[test]
fn a_month_is_summarised_with_sources_of_that_month() {
    let models = folder("INGLENOOK_MODELS", "models").filter(|it| find_model(Some(it)).is_some());
    let (Some(diary), Some(models)) = (diary(), models) else {
        return println!("no diary or no model: set INGLENOOK_TEST_DATA and INGLENOOK_MODELS");
    };
    let home = Home::with_journal();
    let _ = home.json(&["import", &diary]);
    let models = models.to_str().unwrap();
    let summary = home.json(&["summarise", "--month", "1666-09", "--models", models]);
    let month = home.json(&["list", "--from", "1666-09-01", "--to", "1666-09-30"]);
    let month: Vec<_> =
        month["entries"].as_array().unwrap().iter().map(|entry| entry["id"].clone()).collect();
    assert_eq!(summary["entries_total"], json!(month.len()));
    assert!(!summary["text"].as_str().unwrap().trim().is_empty());
    assert_eq!(summary["entries_used"], summary["entries_total"]);
    for sentence in summary["sentences"].as_array().unwrap() {
        for source in sentence["sources"].as_array().unwrap() {
            assert!(month.contains(&source["id"]));
            let shown = home.json(&["show", source["id"].as_str().unwrap()]);
            let text = shown["entries"][0]["text"].as_str().unwrap();
            assert!(text.contains(source["text"].as_str().unwrap()), "{source}");
        }
    }
    only_what_lies_above_a_change_is_stale(&home, models, &summary);
    let asked = home.json(&["reflect", "--date", "1666-09-05", "--models", models]);
    let entry =
        home.json(&["show", "1666-09-05"])["entries"][0]["text"].as_str().unwrap().to_owned();
    for question in asked["questions"].as_array().unwrap() {
        assert!(entry.contains(question["rests_on"].as_str().unwrap()), "{question}");
    }
}

fn only_what_lies_above_a_change_is_stale(home: &Home, models: &str, month: &Value) {
    let kept = || home.json(&["summaries", "--models", models])["summaries"].clone();
    let stale = |kept: &Value| -> Vec<String> {
        let stale = kept.as_array().unwrap().iter().filter(|kept| kept["stale"] == json!(true));
        stale.map(|kept| kept["of"].as_str().unwrap().to_owned()).collect()
    };
    let before = kept();
    assert!(stale(&before).is_empty() && before.as_array().unwrap().len() >= 5, "{before}");
    let _ = home.json(&["write", "--date", "1666-09-14", "I resolved to sell the boat in May."]);
    assert_eq!(stale(&kept()), ["1666-09-13 to 1666-09-19", "1666-09-01 to 1666-09-30"]);
    let again = home.json(&["summarise", "--month", "1666-09", "--models", models]);
    assert_eq!(again["entries_total"], json!(month["entries_total"].as_u64().unwrap() + 1));
    assert!(stale(&kept()).is_empty());
    assert_eq!(home.json(&["summaries", "--delete", "--models", models])["summaries"], json!([]));
}

/// Words of the file itself, counted between white space.
fn words(diary: &str) -> usize {
    let file = fs::read_to_string(diary).unwrap();
    let texts =
        file.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["text"].clone());
    texts.map(|text| text.as_str().unwrap().split_whitespace().count()).sum()
}
