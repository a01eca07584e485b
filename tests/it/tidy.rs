//! The house rules that no linter knows: budgets of size, what no file may say, who may depend on whom.
mod source;

use std::{
    fs,
    path::{Path, PathBuf},
};

use source::{Source, word_positions};

const MAX_FILE_LINES: usize = 600;
const MAX_FUNCTION_LINES: usize = 80;
const MEDIAN_FUNCTION_LINES: usize = 10;
const P90_FUNCTION_LINES: usize = 40;
const MEDIAN_FILE_LINES: usize = 400;
/// `Query::parse`, which is told whether the last word is still being typed; `choice`, drawn selected or not.
const MAY_TAKE_BOOL: [&str; 2] = ["choice", "parse"];

#[test]
fn files_are_short() {
    let mut lengths: Vec<usize> = Vec::new();
    let mut too_long = Vec::new();
    for source in sources() {
        let num_lines = source.text.lines().count();
        lengths.push(num_lines);
        if num_lines > MAX_FILE_LINES {
            too_long.push(format!("{}: {num_lines} lines", source.path.display()));
        }
    }
    let median = percentile(&mut lengths, 50);
    println!(
        "files: {}, median {median}, p90 {} lines",
        lengths.len(),
        percentile(&mut lengths, 90)
    );
    assert_none(&too_long, "files over the budget");
    assert!(median <= MEDIAN_FILE_LINES, "the median file has {median} lines");
}

#[test]
fn functions_are_short() {
    let mut lengths: Vec<usize> = Vec::new();
    let mut too_long = Vec::new();
    for source in product_sources() {
        for function in source.functions() {
            lengths.push(function.num_lines);
            if function.num_lines > MAX_FUNCTION_LINES {
                let place = format!("{}:{}", source.path.display(), function.line);
                too_long
                    .push(format!("{place}: {} has {} lines", function.name, function.num_lines));
            }
        }
    }
    let (median, p90) = (percentile(&mut lengths, 50), percentile(&mut lengths, 90));
    println!(
        "functions: {}, median {median}, p90 {p90}, longest {} lines",
        lengths.len(),
        percentile(&mut lengths, 100)
    );
    assert_none(&too_long, "functions over the budget");
    assert!(median <= MEDIAN_FUNCTION_LINES, "the median function has {median} lines");
    assert!(p90 <= P90_FUNCTION_LINES, "one function in ten has more than {p90} lines");
}

#[test]
fn public_functions_take_no_bool() {
    let takes_bool: Vec<String> = product_sources()
        .iter()
        .flat_map(|source| {
            source.functions().into_iter().map(|function| (source.path.clone(), function))
        })
        .filter(|(_, function)| function.public && !MAY_TAKE_BOOL.contains(&&*function.name))
        .filter(|(_, function)| {
            let parameters = function.signature.split("->").next().unwrap_or_default();
            parameters.replace(' ', "").contains(":bool")
        })
        .map(|(path, function)| format!("{}:{}: {}", path.display(), function.line, function.name))
        .collect();
    assert_none(&takes_bool, "public functions with a bool parameter");
}

#[test]
fn modules_say_what_they_are() {
    let silent: Vec<String> = sources()
        .iter()
        .filter(|source| source.path.file_stem().is_some_and(|stem| stem != "tests"))
        .filter(|source| !source.text.starts_with("//! "))
        .map(|source| source.path.display().to_string())
        .collect();
    assert_none(&silent, "modules that do not open with `//!`");
}

#[test]
fn nothing_is_left_for_later() {
    let mut found = Vec::new();
    for source in sources() {
        for (what, inside) in
            [("todo!", &source.code), ("unimplemented!", &source.code), ("dbg!", &source.code)]
        {
            found.extend(
                inside.contains(what).then(|| format!("{}: {what}", source.path.display())),
            );
        }
        for attribute in ["#[ignore", "allow(dead_code", "#[should_panic]"] {
            found.extend(
                source
                    .code
                    .contains(attribute)
                    .then(|| format!("{}: {attribute}", source.path.display())),
            );
        }
        for word in [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")] {
            let said = word_positions(&source.text, word).next().is_some();
            found.extend(said.then(|| format!("{}: {word}", source.path.display())));
        }
    }
    assert_none(&found, "things left for later");
}

#[test]
fn product_code_neither_unwraps_nor_is_unsafe() {
    let mut found = Vec::new();
    for source in product_sources() {
        let code = source.product_code();
        for call in [".unwrap()", ".expect(", "panic!("] {
            found.extend(code.contains(call).then(|| format!("{}: {call}", source.path.display())));
        }
        let safe =
            source.path.starts_with("engine") || word_positions(&code, "unsafe").next().is_none();
        found.extend((!safe).then(|| format!("{}: unsafe", source.path.display())));
    }
    assert_none(&found, "calls that product code does without");
}

#[test]
fn no_file_names_a_machine() {
    let words = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("crates", ".io/"),
        concat!("pypi", ".org"),
        concat!("python", "hosted"),
        concat!("huggingface", ".co"),
    ];
    let mut found = Vec::new();
    for path in files(&root(), |path| path.file_name().is_some_and(|name| name != "Cargo.lock")) {
        let Ok(text) = fs::read_to_string(root().join(&path)) else { continue };
        for word in words {
            found.extend(text.contains(word).then(|| format!("{}: {word}", path.display())));
        }
    }
    assert_none(&found, "names of machines and paths of one machine");
}

#[test]
fn packages_know_only_whom_they_may() {
    let forbidden = [
        ("vault", &["candle", "eframe", "egui", "engine", "inglenook", "tokenizers"][..]),
        ("engine", &["eframe", "egui", "inglenook", "rusqlite", "vault"][..]),
        ("app", &["candle", "chacha20poly1305", "rusqlite", "tokenizers"][..]),
    ];
    let mut found = Vec::new();
    for (package, names) in forbidden {
        let manifest = fs::read_to_string(root().join(package).join("Cargo.toml")).unwrap();
        let lines = manifest.lines().filter(|line| names.iter().any(|name| line.starts_with(name)));
        found.extend(lines.map(|line| format!("{package}: {line}")));
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "{package} does not inherit the lints"
        );
    }
    assert_none(&found, "forbidden dependencies");
}

#[test]
fn the_map_names_every_module() {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let unnamed: Vec<String> = product_sources()
        .iter()
        .filter(|source| source.path.parent().is_some_and(|folder| folder.ends_with("src")))
        .filter(|source| {
            !map.contains(&format!("`{}`", source.path.file_name().unwrap().display()))
        })
        .map(|source| source.path.display().to_string())
        .collect();
    assert_none(&unnamed, "modules that ARCHITECTURE.md does not name");
}

#[test]
fn the_reading_of_source_is_right() {
    let text =
        "fn a() { \"}\"; '}'; r#\"}\"#; /* } */ }\n// fn b() {}\nfn c<'a>() -> &'a str {\n}\n";
    let text = format!(
        "{text}#[cfg(test)]\nmod tests {{\n fn d() {{}}\n}}\npub fn e(on: bool) {{\n\n}}\n"
    );
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("x.rs"), text).unwrap();
    let source = Source::read(folder.path(), Path::new("x.rs"));
    let found: Vec<_> =
        source.functions().into_iter().map(|f| (f.name, f.num_lines, f.public)).collect();
    assert_eq!(found, [("a".into(), 1, false), ("c".into(), 2, false), ("e".into(), 3, true)]);
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every Rust file of the workspace.
fn sources() -> Vec<Source> {
    let found: Vec<Source> =
        files(&root(), |path| path.extension().is_some_and(|extension| extension == "rs"))
            .iter()
            .map(|path| Source::read(&root(), path))
            .collect();
    assert!(found.len() > 10, "only {} sources found", found.len());
    found
}

/// Those of the program, without tests.
fn product_sources() -> Vec<Source> {
    let sources = sources();
    let tests: Vec<PathBuf> = sources.iter().flat_map(Source::test_modules).collect();
    sources
        .into_iter()
        .filter(|source| !source.is_test() && !tests.contains(&source.path))
        .collect()
}

/// Files below a folder, from it, in order; not those that are made or fetched.
fn files(root: &Path, wanted: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut folders = vec![root.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(&folder).unwrap() {
            let path = item.unwrap().path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir()
                && !["target", "models", "artifacts", "shared", ".git", "__pycache__"]
                    .contains(&&*name)
            {
                folders.push(path);
            } else if path.is_file() && name != ".git" && wanted(&path) {
                found.push(path.strip_prefix(root).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

fn percentile(lengths: &mut [usize], percent: usize) -> usize {
    lengths.sort_unstable();
    lengths.get((lengths.len().saturating_sub(1) * percent) / 100).copied().unwrap_or(0)
}

fn assert_none(found: &[String], what: &str) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}
