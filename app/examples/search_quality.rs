//! Searches a journal for what is known to be in it, by words, by meaning and by both, and prints how well each does.
//! The passphrase comes from stdin; the journal has to be indexed (`inglenook index`).
//! `cargo run --release --example search_quality -- JOURNAL EMBEDDER QUERIES.jsonl < passphrase`
#![allow(clippy::print_stdout, reason = "it tells what it found")]
use std::{collections::BTreeMap, path::Path};

use engine::{CancelToken, Embedder};
use inglenook::meaning::{Meanings, Space};
use jiff::civil::Date;
use serde_json::Value;
use vault::{
    Entry, Passphrase, Vault,
    search::{Index, Near, Query},
};

type Failure = Box<dyn std::error::Error>;

const TOP: usize = 10;

/// Recall at ten and reciprocal ranks, summed.
#[derive(Default)]
struct Score {
    recall: f64,
    reciprocal: f64,
    queries: usize,
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [journal, embedder, queries] = arguments.as_slice() else {
        return Err("usage: search_quality JOURNAL EMBEDDER QUERIES.jsonl".into());
    };
    let mut passphrase = String::new();
    std::io::stdin().read_line(&mut passphrase)?;
    let session = Vault::open(Path::new(journal))?.unlock(&Passphrase::new(passphrase.trim()))?;
    let (_, passages) = Meanings::load(&session, Space::of(Path::new(embedder))?)?;
    let embedder = Embedder::load(Path::new(embedder))?;
    let mut index = Index::new();
    let mut entries: Vec<Entry> = Vec::new();
    session.for_each_entry(&mut |entry| entries.push(entry))?;
    entries.iter().for_each(|entry| index.put(entry));
    // Plain dates are meant from the newest entry on.
    let today = entries.iter().map(|entry| entry.content.date).max().unwrap_or_default();
    let mut scores: BTreeMap<(String, &str), Score> = BTreeMap::new();
    for line in std::fs::read_to_string(queries)?.lines() {
        let wanted: Value = serde_json::from_str(line)?;
        let text = wanted["query"].as_str().ok_or("a query is missing")?;
        let kind = wanted["kind"].as_str().ok_or("a kind is missing")?;
        let right = wanted["right"].as_array().into_iter().flatten();
        let right: Vec<Date> =
            right.filter_map(Value::as_str).map(str::parse).collect::<Result<_, _>>()?;
        let query = Query::parse(text, today, false);
        let vectors = embedder.embed(&[query.words().as_str()], &CancelToken::default())?;
        let vectors = vectors.unwrap_or_default();
        let near = passages.nearest(&vectors[0]);
        let both = dates(&index, &query, &near, &entries);
        let words = dates(&index, &query, &[], &entries);
        let by_id = |near: &Near| entries.iter().find(|e| e.id == near.id).map(|e| e.content.date);
        let meaning: Vec<Date> = near.iter().take(TOP).filter_map(by_id).collect();
        let place = |found: &[Date]| found.iter().position(|day| right.contains(day));
        println!("{kind:10} {:?} {:?} {:?} {text}", place(&words), place(&meaning), place(&both));
        for (name, found) in [("words", words), ("meaning", meaning), ("both", both)] {
            for kind in [kind, "all"] {
                scores.entry((kind.to_owned(), name)).or_default().add(&found, &right);
            }
        }
    }
    println!("{:12}{:10}{:>8}{:>12}{:>8}", "kind", "by", "queries", "recall@10", "MRR");
    for ((kind, name), Score { recall, reciprocal, queries }) in &scores {
        let count = *queries as f64;
        println!(
            "{kind:12}{name:10}{queries:>8}{:>12.3}{:>8.3}",
            recall / count,
            reciprocal / count
        );
    }
    Ok(())
}

impl Score {
    fn add(&mut self, found: &[Date], right: &[Date]) {
        let hit = right.iter().filter(|day| found.contains(day)).count();
        let first = found.iter().position(|day| right.contains(day));
        self.recall += hit as f64 / right.len().clamp(1, TOP) as f64;
        self.reciprocal += first.map_or(0.0, |at| 1.0 / (at as f64 + 1.0));
        self.queries += 1;
    }
}

fn dates(index: &Index, query: &Query, near: &[Near], entries: &[Entry]) -> Vec<Date> {
    let mut text_of = |id| entries.iter().find(|entry| entry.id == id).cloned();
    let results = index.search_near(query, near, TOP, &mut text_of);
    results.hits.into_iter().map(|hit| hit.date).collect()
}
