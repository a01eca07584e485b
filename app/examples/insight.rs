//! Prints whom and what a journal names, and how long finding it took.
//! `cargo run --example insight -- ENTRIES.jsonl [COUNT]`
#![allow(clippy::print_stdout, reason = "it tells what it found")]

#[path = "entries/read.rs"]
mod entries;

use std::{path::Path, time::Instant};

use inglenook::insight::{Corrections, Insight, Named, open_loops};
use vault::Entry;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments.first().ok_or("usage: insight ENTRIES.jsonl [COUNT]")?;
    let count = arguments.get(1).map_or(Ok(50), |count| count.parse())?;
    let entries = entries::read(Path::new(path))?;
    let mut insight = Insight::default();
    let begun = Instant::now();
    entries.iter().for_each(|entry| insight.put(entry));
    println!("{} entries read in {:?}", entries.len(), begun.elapsed());
    let begun = Instant::now();
    let overview = insight.overview(&Corrections::default());
    println!("brought together in {:?}", begun.elapsed());
    if let Some(last) = entries.last() {
        let begun = Instant::now();
        insight.put(last);
        println!("an entry read again in {:?}", begun.elapsed());
    }
    for (title, named) in [("People", &overview.people), ("Places", &overview.places)] {
        println!("\n{title}, {}", named.len());
        named.iter().take(count).for_each(|named| show(named, &entries));
    }
    println!("\nThemes");
    for (month, themes) in overview.themes.iter().take(count) {
        let words: Vec<String> =
            themes.iter().map(|it| format!("{} {}", it.word, it.entries.len())).collect();
        println!("{}  {}", month.strftime("%Y-%m"), words.join(", "));
    }
    let days: Vec<_> = entries.iter().map(|entry| entry.content.date).collect();
    let begun = Instant::now();
    for today in days.iter().rev().step_by(days.len() / 40 + 1) {
        println!("\nOpen loops on {today}");
        for open in open_loops(&entries, *today) {
            println!("{} due {}  {}", open.date, open.due, open.sentence);
        }
    }
    println!("\nfound in {:?}", begun.elapsed());
    Ok(())
}

fn show(named: &Named, entries: &[Entry]) {
    let first = named.evidence.first();
    let text = first.and_then(|it| {
        let entry = entries.iter().find(|entry| entry.id == it.entry)?;
        let text = &entry.content.text;
        let from = text[..it.range.start].char_indices().rev().nth(30).map_or(0, |(at, _)| at);
        let to = it.range.end + text[it.range.end..].char_indices().nth(30).map_or(0, |(at, _)| at);
        Some(text[from..to].replace('\n', " "))
    });
    let ways = named.ways.iter().take(6).map(String::as_str).collect::<Vec<_>>().join(", ");
    println!("{:5} {:24} [{ways}] …{}", named.evidence.len(), named.name, text.unwrap_or_default());
}
