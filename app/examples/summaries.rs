//! Summarises judged entries as the app does and by plainly asking the same model, and tells what share of
//! the sentences a reader found supported; what no judgement fits any more is told as unjudged.
//! `cargo run --release --example summaries -- MODEL.gguf DIARY.jsonl MODERN.jsonl JUDGEMENTS.jsonl [print]`
#![allow(clippy::print_stdout, reason = "it tells what it found")]

#[path = "entries/read.rs"]
mod entries;

use std::{collections::BTreeMap, fmt::Write as _, path::Path, time::Instant};

use engine::{CancelToken, Engine, Message, Role};
use inglenook::reflection::{
    LanguageModel, Outline, Span, prompt::request, sentence::sentences, summarise,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use vault::Entry;

type Failure = Box<dyn std::error::Error>;

/// What is asked of the model plainly.
const PLAINLY: &str = "Summarise this diary entry in three sentences.";

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, diary, modern, judgements, rest @ ..] = arguments.as_slice() else {
        return Err(
            "usage: summaries MODEL.gguf DIARY.jsonl MODERN.jsonl JUDGEMENTS.jsonl [print]".into(),
        );
    };
    let begun = Instant::now();
    let prints = rest.iter().any(|word| word == "print");
    let mut model = Engine::load(Path::new(model))?;
    let (diary, modern) = (entries::read(Path::new(diary))?, entries::read(Path::new(modern))?);
    let judgements = Judgements::read(Path::new(judgements))?;
    let (mut ours, mut plain) = (Shares::default(), Shares::default());
    for name in judgements.entries.keys() {
        let entry = match name.parse::<usize>() {
            Ok(index) => modern.get(index),
            Err(_) => diary.iter().find(|entry| entry.content.date.to_string() == *name),
        };
        let entry = entry.ok_or("a judged entry is not there")?;
        if prints {
            println!("\n=== {name}\n{}", entry.content.text);
        }
        let words = entry.content.text.split_whitespace().count();
        let told = ours_of(&mut model, entry, &mut ours)?;
        ours.count(&judgements, name, Side::Ours, &told, words);
        let told_plainly = plain_of(&mut model, entry, &mut plain)?;
        plain.count(&judgements, name, Side::Plain, &told_plainly, words);
        if prints {
            told.iter().for_each(|sentence| judgements.print(name, Side::Ours, sentence));
            told_plainly.iter().for_each(|sentence| judgements.print(name, Side::Plain, sentence));
        }
    }
    table(&ours, &plain);
    println!("all of it in {:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// Whose summary.
#[derive(Clone, Copy)]
enum Side {
    Ours,
    Plain,
}

impl Side {
    fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Plain => "plain",
        }
    }
}

/// What a reader found: the verdict on a sentence, by its entry, whose it is, and a hash of it.
struct Judgements {
    entries: BTreeMap<String, BTreeMap<String, String>>,
}

impl Judgements {
    fn read(path: &Path) -> Result<Self, Failure> {
        let mut entries: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for line in std::fs::read_to_string(path)?.lines() {
            let value: Value = serde_json::from_str(line)?;
            let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
            let verdicts = entries.entry(text("entry")).or_default();
            if !text("of").is_empty() {
                verdicts.insert(format!("{} {}", text("of"), text("hash")), text("verdict"));
            }
        }
        Ok(Self { entries })
    }

    fn verdict(&self, entry: &str, side: Side, sentence: &str) -> Option<&str> {
        let key = format!("{} {}", side.name(), hash(sentence));
        self.entries.get(entry)?.get(&key).map(String::as_str)
    }

    /// The sentence as a line of the file, with its verdict or a gap for one.
    fn print(&self, entry: &str, side: Side, sentence: &str) {
        let verdict = self.verdict(entry, side, sentence).unwrap_or("?");
        let hash = hash(sentence);
        println!("{entry}\t{}\t{hash}\t{verdict}\t{sentence}", side.name());
    }
}

/// The beginning of a SHA-256, in hexadecimal digits.
fn hash(sentence: &str) -> String {
    let hash = Sha256::digest(sentence.as_bytes());
    hash[..6].iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// What was counted of one side.
#[derive(Default)]
struct Shares {
    sentences: usize,
    supported: usize,
    unsupported: usize,
    empty: usize,
    jarring: usize,
    told: usize,
    words: usize,
    slowest: f32,
}

impl Shares {
    fn count(
        &mut self,
        judgements: &Judgements,
        entry: &str,
        side: Side,
        told: &[String],
        words: usize,
    ) {
        self.words += words;
        for sentence in told {
            self.sentences += 1;
            self.told += sentence.split_whitespace().count();
            match judgements.verdict(entry, side, sentence) {
                Some("supported") => self.supported += 1,
                Some("unsupported") => self.unsupported += 1,
                Some("empty") => self.empty += 1,
                Some("jarring") => self.jarring += 1,
                _ => {}
            }
        }
    }

    fn judged(&self) -> usize {
        self.supported + self.unsupported + self.empty + self.jarring
    }
}

/// A share as a cell of a table.
fn share(part: usize, all: usize) -> String {
    format!("{part} of {all} ({}%)", 100 * part / all.max(1))
}

/// What was counted, as a table in Markdown.
fn table(ours: &Shares, plain: &Shares) {
    let row = |name: &str, cell: &dyn Fn(&Shares) -> String| {
        println!("| {name} | {} | {} |", cell(ours), cell(plain));
    };
    println!("\n| sentences of summaries | as the app tells | plainly asked |\n|---|---|---|");
    row("told", &|it| it.sentences.to_string());
    row("not judged yet", &|it| (it.sentences - it.judged()).to_string());
    row("supported", &|it| share(it.supported + it.jarring, it.judged()));
    row("of these cut so that it jars", &|it| it.jarring.to_string());
    row("not supported", &|it| share(it.unsupported, it.judged()));
    row("empty talk", &|it| share(it.empty, it.judged()));
    row("words of the entries' words", &|it| share(it.told, it.words));
    row("slowest entry", &|it| format!("{:.1} s", it.slowest));
}

fn ours_of(model: &mut Engine, entry: &Entry, shares: &mut Shares) -> Result<Vec<String>, Failure> {
    let begun = Instant::now();
    let entries = std::slice::from_ref(entry);
    let span = Span::Entry(entry.id);
    let outline = Outline::of(&span, entries, Path::new("")).ok_or("nothing to summarise")?;
    let summary = summarise(model, entries, &outline, &CancelToken::default(), &mut |_| {})?;
    shares.slowest = shares.slowest.max(begun.elapsed().as_secs_f32());
    Ok(summary.sentences.into_iter().map(|told| told.text).collect())
}

fn plain_of(
    model: &mut Engine,
    entry: &Entry,
    shares: &mut Shares,
) -> Result<Vec<String>, Failure> {
    let begun = Instant::now();
    let content = format!("{PLAINLY}\n\n{}", entry.content.text);
    let request = request(vec![Message { role: Role::User, content }], "", 120, &[]);
    let completion = LanguageModel::generate(model, &request, &CancelToken::default(), &mut |_| {});
    shares.slowest = shares.slowest.max(begun.elapsed().as_secs_f32());
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match completion {
        Ok(completion) => Ok(sentences(&completion.text).into_iter().map(one_line).collect()),
        // More than the model can read is more than it can be asked plainly.
        Err(engine::Error::TooLong { .. }) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}
