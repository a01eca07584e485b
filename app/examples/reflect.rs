//! Reads entries, asks the model as the app does and plainly, and prints both with the shares that can be counted.
//! `cargo run --release --example reflect -- MODEL.gguf ENTRIES.jsonl [DATE|all|month=YYYY-MM]...`
#![allow(clippy::print_stdout, reason = "it tells what it found")]
use std::{collections::HashSet, path::Path, time::Instant};

use engine::{CancelToken, Engine, Message, Role};
use inglenook::reflection::{
    LanguageModel, Outline, Progress, Reflection, Span, Told, ask,
    language::Language,
    prompt::request,
    reflect,
    select::scored,
    sentence::sentences,
    summarise,
    support::{Own, support},
};
use jiff::civil::Date;
use vault::{Content, Entry, EntryId, RevisionId};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, entries, chosen @ ..] = arguments.as_slice() else {
        return Err("usage: reflect MODEL.gguf ENTRIES.jsonl [DATE|all|month=YYYY-MM]...".into());
    };
    let mut model = Engine::load(Path::new(model))?;
    let entries = read(Path::new(entries))?;
    let mut shares = Shares::default();
    let days = |e: &&Entry| chosen.iter().any(|c| c == "all" || *c == e.content.date.to_string());
    for entry in entries.iter().filter(days) {
        one(&mut model, entry, &mut shares)?;
    }
    for month in chosen.iter().filter_map(|c| c.strip_prefix("month=")) {
        let of_month = |e: &&Entry| e.content.date.to_string().starts_with(month);
        let month: Vec<Entry> = entries.iter().filter(of_month).cloned().collect();
        span(&mut model, &month)?;
        distinctness(&mut model, &month)?;
    }
    println!("{}", shares.line());
    Ok(())
}

/// What was counted, over all entries.
#[derive(Default)]
struct Shares {
    sentences: usize,
    generated: usize,
    questions: usize,
    resting: usize,
    plain: usize,
    plain_supported: usize,
    plain_questions: usize,
    plain_resting: usize,
}

impl Shares {
    fn line(&self) -> String {
        format!(
            "ours: {} sentences, all supported, {} of them worded by the model; {} of {} questions rest on a phrase\n\
             plain: {} of {} sentences supported; {} of {} questions rest on a phrase",
            self.sentences,
            self.generated,
            self.resting,
            self.questions,
            self.plain_supported,
            self.plain,
            self.plain_resting,
            self.plain_questions
        )
    }
}

fn read(path: &Path) -> Result<Vec<Entry>, Failure> {
    let lines = std::fs::read_to_string(path)?;
    lines.lines().enumerate().map(|(at, line)| entry(at, line)).collect()
}

fn entry(at: usize, line: &str) -> Result<Entry, Failure> {
    let value: serde_json::Value = serde_json::from_str(line)?;
    let mut content = Content::new(value["date"].as_str().unwrap_or_default().parse()?);
    content.text = value["text"].as_str().unwrap_or_default().to_owned();
    let mut id = [0; 16];
    id[..8].copy_from_slice(&(at as u64).to_le_bytes());
    Ok(Entry { id: EntryId(id), revision: RevisionId(id), content })
}

fn one(model: &mut Engine, entry: &Entry, shares: &mut Shares) -> Result<(), Failure> {
    let words = entry.content.text.split_whitespace().count();
    println!("\n=== {} ({words} words)", entry.content.date);
    let begun = Instant::now();
    let cancel = CancelToken::default();
    let entries = std::slice::from_ref(entry);
    let summary =
        summarise(model, entries, &outline(Span::Entry(entry.id), entries)?, &cancel, &mut |_| {})?;
    println!("summary {:.1} s", begun.elapsed().as_secs_f32());
    summary.sentences.iter().for_each(show);
    shares.sentences += summary.sentences.len();
    shares.generated += summary.sentences.iter().filter(|s| !s.quoted).count();
    let begun = Instant::now();
    let mut first = None;
    let given = reflect(model, entry, 3, &[], &cancel, &mut |p| {
        if matches!(p, Progress::Text(_)) {
            first.get_or_insert(begun.elapsed());
        }
    })?;
    println!(
        "questions: first {:.1} s, all {:.1} s",
        first.unwrap_or_default().as_secs_f32(),
        begun.elapsed().as_secs_f32()
    );
    match given {
        Reflection::Care(care) => println!("  care: {:?}", care.concern),
        Reflection::Questions(questions) => {
            for question in questions {
                shares.questions += 1;
                shares.resting += usize::from(entry.content.text.contains(&question.rests_on));
                println!("  ? {}", question.text);
            }
        }
    }
    plainly(model, entry, shares)
}

fn show(sentence: &Told) {
    if sentence.quoted {
        println!("  “{}”", sentence.text);
    } else {
        println!("  * {}", sentence.text);
    }
}

fn plainly(model: &mut Engine, entry: &Entry, shares: &mut Shares) -> Result<(), Failure> {
    if std::env::var_os("PLAIN").is_none() {
        return Ok(());
    }
    let text = &entry.content.text;
    let language = Language::guess(text);
    let own = scored(&[text], language.lexicon());
    let own: Vec<&Own<'_>> = own.iter().map(|s| &s.own).collect();
    let summary =
        answer(model, &format!("Summarise this diary entry in three sentences.\n\n{text}"))?;
    let told = sentences(&summary);
    shares.plain += told.len();
    shares.plain_supported +=
        told.iter().filter(|s| support(s, &own, language.lexicon()).is_some()).count();
    let asked = answer(model, &format!("Ask three questions about this diary entry.\n\n{text}"))?;
    let lower = text.to_lowercase();
    for question in sentences(&asked).into_iter().filter(|q| q.ends_with('?')) {
        let question = question.to_lowercase();
        let words: Vec<&str> = question.split_whitespace().collect();
        shares.plain_questions += 1;
        shares.plain_resting += usize::from(words.windows(4).any(|w| lower.contains(&w.join(" "))));
    }
    println!("plain summary: {}\nplain questions: {}", summary.trim(), asked.trim());
    Ok(())
}

fn answer(model: &mut Engine, prompt: &str) -> Result<String, Failure> {
    let message = Message { role: Role::User, content: prompt.to_owned() };
    let request = request(vec![message], "", 120, &[]);
    Ok(LanguageModel::generate(model, &request, &CancelToken::default(), &mut |_| {})?.text)
}

fn outline(span: Span, entries: &[Entry]) -> Result<Outline, Failure> {
    Outline::of(&span, entries, Path::new("")).ok_or_else(|| "there is no entry".into())
}

fn span(model: &mut Engine, entries: &[Entry]) -> Result<(), Failure> {
    let outline = outline(Span::Days(Date::MIN, Date::MAX), entries)?;
    let begun = Instant::now();
    let summary = summarise(model, entries, &outline, &CancelToken::default(), &mut |_| {})?;
    println!(
        "\n=== {} entries, used {}, {:.1} s",
        summary.entries_total,
        summary.entries_used,
        begun.elapsed().as_secs_f32()
    );
    summary.sentences.iter().for_each(show);
    Ok(())
}

/// Questions of a whole month, each day knowing what was asked before.
fn distinctness(model: &mut Engine, entries: &[Entry]) -> Result<(), Failure> {
    let mut asked: Vec<String> = Vec::new();
    for entry in entries {
        let questions = ask(model, entry, 1, &asked, &CancelToken::default(), &mut |_| {})?;
        asked.extend(questions.into_iter().map(|q| q.text));
    }
    asked.iter().for_each(|q| println!("  ? {q}"));
    let forms: HashSet<&str> = asked.iter().filter_map(|q| q.rsplit(['”', '“']).next()).collect();
    println!("{} questions in a month, {} different in form", asked.len(), forms.len());
    Ok(())
}
