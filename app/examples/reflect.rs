//! Asks about entries as the app does and as plain prompting of the same model does, and counts what came of it.
//! `cargo run --release --example reflect -- MODEL.gguf ENTRIES.jsonl [DATE|all|@DATES|month=YYYY-MM]...`
//! `STYLE=gentle|direct`; `PLAIN=1` asks plainly too; `JUDGEMENTS=FILE` counts the faults that a reader found in the
//! questions; `WRITE=FILE` writes the questions that were not judged, to be read.
#![allow(clippy::print_stdout, reason = "it tells what it found")]

#[path = "entries/read.rs"]
mod entries;

use std::{
    collections::HashMap,
    fmt::Write as _,
    path::Path,
    time::{Duration, Instant},
};

use engine::{CancelToken, Engine, Message, Role};
use inglenook::reflection::{
    LanguageModel, Progress, Reflection, Style, Wish, ask, language::Language, prompt::request,
    question::filter, reflect, sentence::sentences,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use vault::Entry;

type Failure = Box<dyn std::error::Error>;

/// Questions asked about an entry.
const COUNT: usize = 3;
/// What a reader may find wrong with a question: it rests on no phrase of the entry, answers itself, diagnoses,
/// could be asked about any entry, is no good English (or German…), or says what the entry does not.
const FAULTS: [&str; 6] = ["ungrounded", "answered", "diagnosis", "platitude", "awkward", "wrong"];
/// Faults of a question that does not rest on the entry.
const RESTLESS: [&str; 2] = ["ungrounded", "wrong"];

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, entries, chosen @ ..] = arguments.as_slice() else {
        return Err(
            "usage: reflect MODEL.gguf ENTRIES.jsonl [DATE|all|@DATES|month=YYYY-MM]...".into()
        );
    };
    let mut model = Engine::load(Path::new(model))?;
    let entries = entries::read(Path::new(entries))?;
    let mut tally = Tally::new()?;
    let dates = dates(chosen)?;
    let is_chosen =
        |e: &&Entry| dates.iter().any(|c| c == "all" || *c == e.content.date.to_string());
    for entry in entries.iter().filter(is_chosen) {
        ours(&mut model, entry, &mut tally)?;
        if std::env::var_os("PLAIN").is_some() {
            plainly(&mut model, entry, &mut tally)?;
        }
    }
    for month in chosen.iter().filter_map(|c| c.strip_prefix("month=")) {
        let of_month = |e: &&Entry| e.content.date.to_string().starts_with(month);
        let month: Vec<&Entry> = entries.iter().filter(of_month).collect();
        daily(&mut model, &month, &mut tally)?;
    }
    tally.finish()
}

/// Dates given one by one, and those of files, a line each.
fn dates(chosen: &[String]) -> Result<Vec<String>, Failure> {
    let mut dates = Vec::new();
    for choice in chosen {
        match choice.strip_prefix('@') {
            Some(file) => dates.extend(std::fs::read_to_string(file)?.lines().map(str::to_owned)),
            None => dates.push(choice.clone()),
        }
    }
    Ok(dates)
}

/// As the app asks.
fn ours(model: &mut Engine, entry: &Entry, tally: &mut Tally) -> Result<(), Failure> {
    let text = &entry.content.text;
    println!("\n=== {} ({} words)", entry.content.date, text.split_whitespace().count());
    let begun = Instant::now();
    let mut first = None;
    let wish = Wish { count: COUNT, style: style(), asked_before: Vec::new() };
    model.forget();
    let given = reflect(model, entry, &wish, &CancelToken::default(), &mut |progress| {
        if matches!(progress, Progress::Text(_)) {
            first.get_or_insert(begun.elapsed());
        }
    })?;
    tally.first.extend(first);
    match given {
        Reflection::Care(care) => println!("  care: {:?}", care.concern),
        Reflection::Questions(questions) => {
            for question in questions {
                println!("  ? {}", question.text);
                tally.ours.count(entry, &question.text, &tally.judgements);
            }
        }
    }
    Ok(())
}

fn style() -> Style {
    match std::env::var("STYLE").as_deref() {
        Ok("gentle") => Style::Gentle,
        Ok("direct") => Style::Direct,
        _ => Style::Questions,
    }
}

/// As plain prompting asks.
fn plainly(model: &mut Engine, entry: &Entry, tally: &mut Tally) -> Result<(), Failure> {
    for question in plain(model, entry)? {
        println!("  - {question}");
        tally.plain.count(entry, &question, &tally.judgements);
    }
    Ok(())
}

fn plain(model: &mut Engine, entry: &Entry) -> Result<Vec<String>, Failure> {
    let text = &entry.content.text;
    let prompt = format!("Ask three questions about this diary entry.\n\n{text}");
    let message = Message { role: Role::User, content: prompt };
    let request = request(vec![message], "", 120, &[]);
    let asked =
        LanguageModel::generate(model, &request, &CancelToken::default(), &mut |_| {})?.text;
    let questions = sentences(&asked).into_iter().filter(|q| q.ends_with('?')).take(COUNT);
    Ok(questions.map(str::to_owned).collect())
}

/// A month of daily use: each day knows what was asked before.
fn daily(model: &mut Engine, entries: &[&Entry], tally: &mut Tally) -> Result<(), Failure> {
    let mut asked: Vec<String> = Vec::new();
    let mut plain_asked: Vec<String> = Vec::new();
    for entry in entries {
        let wish = Wish { count: COUNT, style: style(), asked_before: asked.clone() };
        let questions = ask(model, entry, &wish, &CancelToken::default(), &mut |_| {})?;
        asked.extend(questions.into_iter().map(|q| q.text));
        if std::env::var_os("PLAIN").is_some() {
            plain_asked.extend(plain(model, entry)?);
        }
    }
    tally.ours.daily = (distinct(&asked), asked.len());
    tally.plain.daily = (distinct(&plain_asked), plain_asked.len());
    Ok(())
}

/// Questions that are like none before them.
fn distinct(asked: &[String]) -> usize {
    let lexicon = Language::English.lexicon();
    (0..asked.len()).filter(|&at| filter::is_new(&asked[at], &asked[..at], lexicon)).count()
}

/// What was counted of one way to ask.
#[derive(Default)]
struct Count {
    asked: usize,
    judged: usize,
    faults: [usize; FAULTS.len()],
    resting: usize,
    sound: usize,
    daily: (usize, usize),
    unjudged: Vec<Value>,
}

impl Count {
    fn count(&mut self, entry: &Entry, question: &str, judgements: &HashMap<String, Value>) {
        self.asked += 1;
        let date = entry.content.date.to_string();
        let hash = hash(&entry.content.text, question);
        let Some(judgement) = judgements.get(&hash) else {
            self.unjudged.push(json!({ "date": date, "hash": hash, "question": question }));
            return;
        };
        self.judged += 1;
        let found = judgement["faults"].as_array().map_or(&[][..], Vec::as_slice);
        let has = |fault: &str| found.iter().any(|it| it == fault);
        for (sum, fault) in self.faults.iter_mut().zip(FAULTS) {
            *sum += usize::from(has(fault));
        }
        self.resting += usize::from(!RESTLESS.into_iter().any(has));
        self.sound += usize::from(found.is_empty());
    }
}

/// A share as a cell of a table.
fn share(part: usize, all: usize) -> String {
    format!("{part} of {all} ({}%)", 100 * part / all.max(1))
}

/// Changes with the entry and with the question, so that a verdict never counts for another.
fn hash(text: &str, question: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(text);
    hash.update([0]);
    hash.update(question);
    hash.finalize().iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

struct Tally {
    judgements: HashMap<String, Value>,
    ours: Count,
    plain: Count,
    first: Vec<Duration>,
    begun: Instant,
}

impl Tally {
    fn new() -> Result<Self, Failure> {
        let file = std::env::var("JUDGEMENTS").ok();
        let lines = file.map(std::fs::read_to_string).transpose()?.unwrap_or_default();
        let verdicts = lines.lines().map(serde_json::from_str::<Value>);
        let verdicts: Vec<Value> = verdicts.collect::<Result<_, _>>()?;
        let by_hash = |v: Value| Some((v["hash"].as_str()?.to_owned(), v));
        Ok(Self {
            judgements: verdicts.into_iter().filter_map(by_hash).collect(),
            ours: Count::default(),
            plain: Count::default(),
            first: Vec::new(),
            begun: Instant::now(),
        })
    }

    fn finish(mut self) -> Result<(), Failure> {
        if let Ok(file) = std::env::var("WRITE") {
            let lines = |count: &Count, by: &str| -> String {
                count.unjudged.iter().fold(String::new(), |mut lines, item| {
                    let mut item = item.clone();
                    item["by"] = json!(by);
                    let _ = writeln!(lines, "{item}");
                    lines
                })
            };
            std::fs::write(file, lines(&self.ours, "ours") + &lines(&self.plain, "plain"))?;
        }
        self.table();
        self.first.sort();
        let at = |part: usize| self.first.get(part).map_or(0.0, Duration::as_secs_f64);
        println!(
            "first question after {:.1} s, at most {:.1} s; all of it in {:.0} s",
            at(self.first.len() / 2),
            at(self.first.len().saturating_sub(1)),
            self.begun.elapsed().as_secs_f64()
        );
        Ok(())
    }

    /// What was counted, as a table in Markdown.
    fn table(&self) {
        let row = |name: &str, cell: &dyn Fn(&Count) -> String| {
            println!("| {name} | {} | {} |", cell(&self.ours), cell(&self.plain));
        };
        println!("\n| questions | as the app asks | plainly asked |\n|---|---|---|");
        row("asked", &|it| it.asked.to_string());
        row("not judged yet", &|it| (it.asked - it.judged).to_string());
        row("rest on a phrase of the entry", &|it| share(it.resting, it.judged));
        row("without any fault", &|it| share(it.sound, it.judged));
        for (at, fault) in FAULTS.iter().enumerate() {
            row(fault, &|it| it.faults[at].to_string());
        }
        row("distinct over a month", &|it| share(it.daily.0, it.daily.1));
    }
}
