//! The commands about models: vocabularies, templates, lists, and refusals.
use std::{
    fs,
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::json;
use tests::binary::{Home, Run, program};

/// Runs a command that asks for no passphrase.
fn run(home: &Home, arguments: &[&str], input: &str) -> Run {
    let mut command = Command::new(program());
    command.args(arguments).env("HOME", home.path(".")).env_remove("XDG_CONFIG_HOME");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    Run::of(child)
}

/// A key with a text.
fn text(key: &str, value: &str) -> Vec<u8> {
    [string(key), 8_u32.to_le_bytes().to_vec(), string(value)].concat()
}

fn string(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat()
}

/// A key with a list whose items are of a kind.
fn list(key: &str, kind: u32, items: &[Vec<u8>]) -> Vec<u8> {
    let header = [9_u32.to_le_bytes(), kind.to_le_bytes()].concat();
    [string(key), header, (items.len() as u64).to_le_bytes().to_vec(), items.concat()].concat()
}

/// A GGUF file that holds a vocabulary and a template only.
fn vocabulary() -> Vec<u8> {
    let tokens = ["h", "e", "he", "<", "|", "x", ">", "<|x|>", "Ġ"];
    let kinds = [1, 1, 1, 1, 1, 1, 1, 3, 1].map(|kind: i32| kind.to_le_bytes().to_vec());
    let keys = [
        text("general.architecture", "llama"),
        text("tokenizer.ggml.model", "gpt2"),
        text("tokenizer.ggml.pre", "gpt-2"),
        list("tokenizer.ggml.tokens", 8, &tokens.map(string)),
        list("tokenizer.ggml.token_type", 5, &kinds),
        list("tokenizer.ggml.merges", 8, &[string("h e")]),
        text(
            "tokenizer.chat_template",
            "{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}\
             {% if add_generation_prompt %}[assistant]{% endif %}",
        ),
    ];
    let counts = [0_u64.to_le_bytes(), (keys.len() as u64).to_le_bytes()].concat();
    [b"GGUF\x03\0\0\0".to_vec(), counts, keys.concat(), vec![0; 64]].concat()
}

#[test]
fn text_is_cut_into_tokens_and_names_of_special_ones_stay_text() {
    let home = Home::empty();
    let file = home.file("vocabulary.gguf", vocabulary());
    let tokens = |arguments: &[&str]| {
        let all = [&["models", "tokenize", "--json"], arguments].concat();
        serde_json::from_str::<serde_json::Value>(&run(&home, &all, "he<|x|>").stdout).unwrap()
    };
    assert_eq!(
        tokens(&[&file]),
        json!({"ids": [2, 3, 4, 5, 4, 6], "pieces": ["he", "<", "|", "x", "|", ">"]})
    );
    assert_eq!(tokens(&["--special", &file]), json!({"ids": [2, 7], "pieces": ["he", "<|x|>"]}));
}

#[test]
fn messages_are_rendered_by_the_template_of_the_file() {
    let home = Home::empty();
    let file = home.file("vocabulary.gguf", vocabulary());
    let arguments = ["models", "template", "--json", &file];
    let input =
        r#"{"messages": [{"role": "user", "content": "Hi"}], "add_generation_prompt": true}"#;
    let printed = run(&home, &arguments, input);
    assert_eq!(printed.stdout, "{\"text\":\"[user] Hi\\n[assistant]\"}\n", "{printed:?}");
    assert_eq!(run(&home, &arguments, "nonsense").code, Some(2));
}

#[test]
fn models_are_listed_with_the_reason_why_one_does_not_run() {
    let home = Home::empty();
    let folder = home.path("models");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("notes.gguf"), "no model at all").unwrap();
    fs::write(folder.join("words.gguf"), vocabulary()).unwrap();
    let folder = folder.to_str().unwrap();
    let listed = run(&home, &["models", "list", "--json", "--models", folder], "");
    let document: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    let own: Vec<_> = document["models"].as_array().unwrap().iter().collect();
    assert_eq!(own[0]["name"], "notes");
    assert_eq!(own[0]["reason"], "not a model file (GGUF)");
    assert_eq!(own[1]["family"], "llama");
    assert_eq!(own[1]["reason"], "the model file holds a vocabulary only");
    assert_eq!(own[1]["runs"], false);
    for name in ["notes", "words"] {
        let refused = run(&home, &["models", "use", name, "--models", folder], "");
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(7), ""), "{refused:?}");
        assert_eq!(refused.stderr.lines().count(), 1, "{refused:?}");
    }
    assert_eq!(run(&home, &["models", "use", "missing", "--models", folder], "").code, Some(7));
}

#[test]
fn a_model_is_added_by_its_place_chosen_and_forgotten() {
    let Some(file) = tests::binary::folder("INGLENOOK_MODELS", "models")
        .map(|folder| folder.join("SmolLM2-135M-Instruct.Q4_1.gguf"))
        .filter(|file| file.exists())
    else {
        return;
    };
    let home = Home::empty();
    let json = |arguments: &[&str]| -> serde_json::Value {
        let printed = run(&home, &[&["models", "--json"], arguments].concat(), "");
        assert_eq!(printed.code, Some(0), "{printed:?}");
        serde_json::from_str(&printed.stdout).unwrap()
    };
    let added = json(&["add", file.to_str().unwrap()]);
    assert_eq!(added["sha256"].as_str().unwrap().len(), 64);
    json(&["use", "SmolLM2"]);
    let settings = fs::read_to_string(home.path(".config/inglenook/settings.json")).unwrap();
    assert!(settings.contains("SmolLM2-135M-Instruct.Q4_1.gguf"), "{settings}");
    let used = |list: serde_json::Value| {
        let models = list["models"].as_array().unwrap().clone();
        models.into_iter().find(|model| model["used"] == true)
    };
    let model = used(json(&["list"])).unwrap();
    assert_eq!(model["sha256"], added["sha256"]);
    assert_eq!(model["runs"], true);
    json(&["remove", "SmolLM2"]);
    assert!(file.exists());
}
