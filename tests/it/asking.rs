//! Asking the journal and finding by meaning, from outside.
use inglenook::paths::find_embedder;
use serde_json::json;
use tests::binary::{Home, folder};

fn journal() -> Home {
    let home = Home::with_journal();
    for (date, text) in [
        ("2024-03-01", "Slept badly again. Dinner with Marta at the harbour."),
        ("2024-03-03", "Slept badly, the baby cried. I let my brother down by not coming."),
        ("2024-03-09", "A letter from Marta. I want to see Marta in May."),
        ("2024-04-02", "Walked home alone along the canal."),
    ] {
        let _ = home.json(&["write", "--date", date, text]);
    }
    home
}

#[test]
fn a_question_is_answered_as_of_its_day() {
    let home = journal();
    let ask = |question, today| home.json(&["ask", question, "--today", today]);
    let last = ask("When did I last see Marta?", "2024-04-10");
    assert_eq!((&last["kind"], &last["dates"]), (&json!("answered"), &json!(["2024-03-01"])));
    assert_eq!(last["sentences"][0]["text"], "Dinner with Marta at the harbour.");
    assert_eq!(last["sentences"][0]["sources"][0], last["entries"][0]["id"]);
    let often = ask("How often did I sleep badly last month?", "2024-04-10");
    assert_eq!((&often["kind"], &often["count"]), (&json!("counted"), &json!(2)));
    assert_eq!(ask("How often did I sleep badly last month?", "2024-05-10")["count"], 0);
    let nothing = ask("When did I last see Oscar?", "2024-04-10");
    assert_eq!(nothing["answer"], "Nothing in your journal about that.");
    assert_eq!((&nothing["dates"], &nothing["sentences"]), (&json!([]), &json!([])));
    let text = home.text(&["ask", "What did I do last week?", "--today", "2024-04-10"]);
    assert!(text.contains("2024-04-02  “Walked home alone along the canal.”"), "{text}");
}

#[test]
fn an_entry_is_read_for_its_meaning_once_and_again_only_when_there_is_another() {
    let models =
        folder("INGLENOOK_MODELS", "models").filter(|it| find_embedder(Some(it)).is_some());
    let Some(models) = models else {
        return println!("no embedding model: set INGLENOOK_MODELS");
    };
    let home = journal();
    let models = models.to_str().unwrap();
    let index = || home.json(&["--models", models, "index"]);
    assert_eq!(index()["read"], 4);
    let passages = index();
    assert_eq!(passages["read"], 0, "nothing is made twice");
    let found = home.json(&["--models", models, "search", "brother"]);
    assert_eq!(found["hits"][0]["date"], "2024-03-03");
    let _ = home.json(&["delete", found["hits"][0]["id"].as_str().unwrap()]);
    let fewer = index();
    assert_eq!(fewer["read"], 0);
    assert!(fewer["passages"].as_u64() < passages["passages"].as_u64());
}

#[test]
fn words_of_crisis_bring_the_fixed_text_in_every_format_and_name_no_model() {
    let Some(models) = folder("INGLENOOK_MODELS", "models") else {
        return println!("no model: set INGLENOOK_MODELS");
    };
    let models = models.to_str().unwrap();
    let home = Home::with_journal();
    let _ = home.json(&["write", "--date", "2024-03-01", "I want to die."]);
    let asked = home.json(&["reflect", "--date", "2024-03-01", "--models", models]);
    assert!(asked["care"].as_str().is_some_and(|care| care.contains("112")), "{asked}");
    assert_eq!((&asked["questions"], &asked["model"]), (&json!([]), &json!("")));
    let told = home.text(&["summarise", "--day", "2024-03-01", "--models", models]);
    assert!(told.contains("112") && !told.contains("written by"), "{told}");
}

#[test]
fn words_of_crisis_bring_the_fixed_text_where_there_is_no_model_at_all() {
    let home = Home::with_journal();
    let none = tempfile::tempdir().unwrap();
    let models = none.path().to_str().unwrap();
    let _ = home.json(&["write", "--date", "2024-03-01", "I want to die."]);
    for command in [["reflect", "--date"], ["summarise", "--day"]] {
        let given = home.json(&[command[0], command[1], "2024-03-01", "--models", models]);
        assert!(given["care"].as_str().is_some_and(|care| care.contains("112")), "{given}");
        assert_eq!(given["model"], "");
    }
    let _ = home.json(&["write", "--date", "2024-03-02", "Walked along the canal with Ruth."]);
    let run = home.run(&["reflect", "--date", "2024-03-02", "--models", models], "");
    assert_eq!(run.code, Some(7), "{run:?}");
}
