//! Asks a journal questions whose right answers are known, and prints which are answered rightly.
//! `cargo run --release --example questions -- ENTRIES.jsonl QUESTIONS.jsonl`; `PLAIN=MODEL.gguf` asks that model
//! plainly, too.
#![allow(clippy::print_stdout, reason = "it tells what it found")]

#[path = "questions/plain.rs"]
mod asked_plainly;
#[path = "entries/read.rs"]
mod entries;

use std::path::Path;

use engine::{CancelToken, Engine};
use inglenook::{
    insight::Aliases,
    reflection::answer::{Answer, Question, answer},
};
use jiff::civil::Date;
use serde_json::Value;
use vault::Entry;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [entries, questions, chosen @ ..] = arguments.as_slice() else {
        return Err("usage: questions ENTRIES.jsonl QUESTIONS.jsonl [WORD]".into());
    };
    let entries = entries::read(Path::new(entries))?;
    let model = std::env::var_os("PLAIN");
    let mut model = model.map(|path| Engine::load(Path::new(&path))).transpose()?;
    let (mut right, mut plainly, mut total) = (0, 0, 0);
    for line in std::fs::read_to_string(questions)?.lines() {
        let wanted: Value = serde_json::from_str(line)?;
        let question = wanted["question"].as_str().ok_or("a question is missing")?;
        if !chosen.iter().all(|word| question.contains(word.as_str())) {
            continue;
        }
        let today: Date = wanted["today"].as_str().ok_or("a day is missing")?.parse()?;
        total += 1;
        right += usize::from(ask(&entries, &wanted, (question, today), !chosen.is_empty())?);
        if let Some(model) = &mut model {
            let said = asked_plainly::plain(model, &entries, question, today)?;
            let is_right = asked_plainly::is_right(&wanted, &said)?;
            plainly += usize::from(is_right);
            println!("      plainly, {}: {}", mark(is_right), said.replace('\n', " "));
        }
    }
    println!("{right} of {total} answered rightly");
    if model.is_some() {
        println!("| answered rightly | {right} of {total} | {plainly} of {total} |");
    }
    Ok(())
}

/// Asks as the app does, and prints what it says; whether it is right.
fn ask(
    entries: &[Entry],
    wanted: &Value,
    (question, today): (&str, Date),
    with_sentences: bool,
) -> Result<bool, Failure> {
    let asked = Question {
        text: question.to_owned(),
        today,
        before: Vec::new(),
        aliases: Aliases::default(),
    };
    let given = answer(entries, &asked, &[], &CancelToken::default());
    let is_right = is_right(wanted, &given)?;
    let dates: Vec<String> = given.dates.iter().take(12).map(Date::to_string).collect();
    let (kind, count) = (given.kind.name(), given.count);
    println!("{} {today} {question}\n      {kind} {count:?} {}", mark(is_right), dates.join(" "));
    if with_sentences {
        given.sentences.iter().for_each(|s| println!("      “{}”", s.text));
    }
    Ok(is_right)
}

fn mark(is_right: bool) -> &'static str {
    if is_right { "right" } else { "WRONG" }
}

/// `kind` and `count` as wanted; `only` are the days stated and no others; all days lie `within`; one of `any` is stated.
fn is_right(wanted: &Value, given: &Answer) -> Result<bool, Failure> {
    let (only, within, any) =
        (days(wanted, "only")?, days(wanted, "within")?, days(wanted, "any")?);
    let count = wanted["count"].as_u64();
    let is_within = |day: &Date| within.is_empty() || (within[0]..=within[1]).contains(day);
    Ok(wanted["kind"] == given.kind.name()
        && count.is_none_or(|count| given.count.map(|it| it as u64) == Some(count))
        && (only.is_empty() || given.dates == only)
        && given.dates.iter().all(is_within)
        && (any.is_empty() || given.dates.iter().any(|day| any.contains(day))))
}

/// Days that are listed under a name.
fn days(wanted: &Value, name: &str) -> Result<Vec<Date>, Failure> {
    let listed = wanted[name].as_array().into_iter().flatten();
    listed.map(|day| Ok(day.as_str().unwrap_or_default().parse()?)).collect()
}
