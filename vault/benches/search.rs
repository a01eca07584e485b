//! Types searches key by key over a ten-year diary, once and thirty times over, into the index and
//! into SQLite FTS5 in turn, and prints what each took.
//!
//! The diary lies in the folder `INGLENOOK_TEST_DATA` names. FTS5 holds the same text in memory, in
//! the clear, with prefix indexes of 1 to 3 letters, the Porter stemmer, bm25 and snippets; unlike
//! the index it is not asked how many entries match in all.
#![allow(clippy::print_stdout, reason = "printing is what it is for")]
use std::{
    collections::HashMap,
    error::Error,
    hint::black_box,
    time::{Duration, Instant},
};

use jiff::{
    ToSpan,
    civil::{Date, date},
};
use rusqlite::{Connection, Statement, params};
use vault::{
    Content, Entry, EntryId, RevisionId,
    search::{Index, Query},
};

const TODAY: Date = date(1669, 6, 10);
const PAGE: usize = 20;
const COPIES: usize = 30;

const TYPED: [&str; 40] = [
    "the great fire of london",
    "plague",
    "my wife angry",
    "dinner with my lord",
    "sir william batten",
    "music and singing",
    "home late and to bed",
    "theatre",
    "the king and the duke of york",
    "a dream",
    "tobacco",
    "coffee house",
    "pain in my eyes",
    "stone",
    "dancing",
    "christmas",
    "new year",
    "accounts",
    "oysters",
    "venison pasty",
    "westminster hall",
    "the tower",
    "deptford",
    "navy office",
    "money",
    "church sermon",
    "barber",
    "new suit",
    "periwig",
    "boat on the river",
    "rain",
    "cold weather",
    "my father",
    "mercer",
    "sandwich",
    "jealous",
    "sick",
    "quarrel",
    "up early",
    "and so to bed",
];

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let Some(diary) = read_diary() else {
        println!("no diary: set INGLENOOK_TEST_DATA to the folder of pepys.jsonl");
        return Ok(());
    };
    compare("the diary", &diary)?;
    compare("thirty times the diary", &multiply(&diary))
}

fn compare(name: &str, entries: &[Entry]) -> Outcome<()> {
    println!("{name}: {} entries", entries.len());
    let start = Instant::now();
    let peer = build_peer(entries)?;
    let peer_build = start.elapsed();
    let start = Instant::now();
    let mut index = Index::new();
    entries.iter().for_each(|entry| index.put(entry));
    let build = start.elapsed();
    println!("  build: index {build:.2?}, fts5 {peer_build:.2?}");
    println!("  memory: {} bytes an entry", index.memory() / entries.len());
    let by_id: HashMap<EntryId, &Entry> = entries.iter().map(|entry| (entry.id, entry)).collect();
    let mut find = peer.prepare(
        "SELECT rowid, snippet(diary, 1, '[', ']', '…', 30), rank
         FROM diary WHERE diary MATCH ?1 ORDER BY rank LIMIT ?2",
    )?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for typed in keystrokes() {
        let start = Instant::now();
        black_box(ask_peer(&mut find, typed)?);
        theirs.push((start.elapsed(), typed));
        let start = Instant::now();
        black_box(ask(&index, &by_id, typed));
        ours.push((start.elapsed(), typed));
    }
    report(&mut ours, &mut theirs);
    report_put(&mut index, &entries[entries.len() / 2]);
    Ok(())
}

fn report(ours: &mut [(Duration, &str)], theirs: &mut [(Duration, &str)]) {
    ours.sort();
    theirs.sort();
    for (name, share) in [("median", 0.5), ("p90", 0.9), ("p99", 0.99), ("worst", 1.0)] {
        let at = ((ours.len() - 1) as f64 * share) as usize;
        let (our, their) = (ours[at].0, theirs[at].0);
        let ratio = their.as_secs_f64() / our.as_secs_f64();
        println!("  {name}: index {our:.2?}, fts5 {their:.2?}, {ratio:.1} times");
    }
    let slowest: Vec<&str> = ours.iter().rev().take(6).map(|(_, typed)| *typed).collect();
    println!("  slowest for the index: {slowest:?}");
}

/// What an autosave costs.
fn report_put(index: &mut Index, entry: &Entry) {
    let mut times: Vec<Duration> = (0..1000)
        .map(|_| {
            let start = Instant::now();
            index.put(entry);
            start.elapsed()
        })
        .collect();
    times.sort();
    println!("  put again: median {:.2?}, worst {:.2?}", times[500], times[999]);
}

/// Every beginning of every typed query.
fn keystrokes() -> impl Iterator<Item = &'static str> {
    let beginnings = |typed: &'static str| (1..=typed.len()).map(move |end| &typed[..end]);
    TYPED.into_iter().flat_map(beginnings).filter(|typed| !typed.ends_with(' '))
}

fn ask(index: &Index, by_id: &HashMap<EntryId, &Entry>, typed: &str) -> usize {
    let query = Query::parse(typed, TODAY, true);
    let results = index.search(&query, PAGE, &mut |id| by_id.get(&id).map(|&entry| entry.clone()));
    results.total + results.hits.len()
}

fn build_peer(entries: &[Entry]) -> Outcome<Connection> {
    let mut peer = Connection::open_in_memory()?;
    peer.execute_batch(
        "CREATE VIRTUAL TABLE diary USING fts5(
            title, text, tokenize = 'porter unicode61 remove_diacritics 2', prefix = '1 2 3')",
    )?;
    let transaction = peer.transaction()?;
    {
        let mut insert = transaction.prepare("INSERT INTO diary (title, text) VALUES (?1, ?2)")?;
        for entry in entries {
            insert.execute(params![entry.content.title, entry.content.text])?;
        }
    }
    transaction.commit()?;
    Ok(peer)
}

fn ask_peer(find: &mut Statement<'_>, typed: &str) -> Outcome<usize> {
    let words: Vec<String> = typed.split(' ').map(|word| format!("\"{word}\"")).collect();
    let asked = format!("{}*", words.join(" AND "));
    let mut rows = find.query(params![asked, PAGE as i64])?;
    let mut length = 0;
    while let Some(row) = rows.next()? {
        length += row.get_ref(1)?.as_str()?.len();
    }
    Ok(length)
}

fn read_diary() -> Option<Vec<Entry>> {
    let folder =
        std::env::var("INGLENOOK_TEST_DATA").unwrap_or_else(|_| "../../shared/data".into());
    let lines = std::fs::read_to_string(format!("{folder}/pepys.jsonl")).ok()?;
    let read = |(number, line): (usize, &str)| {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        let date = line["date"].as_str()?.parse().ok()?;
        Some(entry(number, date, line["text"].as_str()?.to_owned()))
    };
    lines.lines().enumerate().map(read).collect()
}

/// The diary over and over, each time ten years on and with one word in fifty changed.
fn multiply(diary: &[Entry]) -> Vec<Entry> {
    let words: Vec<&str> = diary.iter().flat_map(|entry| entry.content.text.split(' ')).collect();
    let mut random = 1_u64;
    let mut entries = Vec::new();
    for copy in 0..COPIES {
        for original in diary {
            let mut vary = |word: &'_ str| {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let draw = (random >> 33) as usize;
                if draw.is_multiple_of(50) {
                    words[draw / 50 % words.len()].to_owned()
                } else {
                    word.to_owned()
                }
            };
            let text: Vec<String> = original.content.text.split(' ').map(&mut vary).collect();
            let date = original.content.date.saturating_add((copy as i64 * 10).years());
            entries.push(entry(entries.len(), date, text.join(" ")));
        }
    }
    entries
}

fn entry(number: usize, date: Date, text: String) -> Entry {
    let id = (number as u128).to_be_bytes();
    let content = Content {
        date,
        time: None,
        zone: None,
        title: String::new(),
        text,
        tags: Vec::new(),
        mood: None,
        starred: false,
        kept_from_model: false,
        extra: serde_json::Map::new(),
    };
    Entry { id: EntryId(id), revision: RevisionId(id), content }
}
