//! The commands about summaries: make one, list and delete those that are kept.

use std::io;

use engine::CancelToken;
use jiff::civil::{Date, Weekday};
use serde::Serialize;
use vault::{
    Entry, Session,
    search::{Index, Query},
};

use super::{
    arguments,
    failure::Failure,
    index,
    journal::{Context, between, count, find, today},
    reflect::{Teller, load, model_file},
    screen::{Format, plain, print},
};
use crate::{
    derived,
    permission::Permission,
    reflection::{
        self, Care, Outline, Progress, Source, Span, Summary, Told, cache, crisis, summary_text,
    },
};

/// Most results of a search that are read.
const MOST_FOUND: usize = 200;
/// Digits of the model's hash that a person is shown.
const HASH: usize = 12;

/// Summarises entries: what is kept of them and still true is used.
pub(super) fn summarise(
    context: &Context,
    arguments: &arguments::Summarise,
) -> Result<(), Failure> {
    let mut session = context.open()?;
    let Chosen { span, mut entries, left_out } = chosen(context, &session, arguments)?;
    // The fixed text alone, for which no model is needed.
    if let [entry] = entries.as_slice()
        && let Some(care) = crisis(&entry.content.text)
    {
        return print(context.format, &Document::care(entry, care), print_summary);
    }
    let model_file = model_file(context)?;
    let kept = Permission::load(&session).retain(&mut entries);
    if entries.is_empty() && kept > 0 {
        return Err(Failure::kept_from_model());
    }
    let Some(mut outline) = Outline::of(&span, &entries, &model_file) else {
        return Err(Failure::new("there is no entry in that span: nothing to summarise"));
    };
    outline.read(&session, &entries);
    let summary = match outline.kept.take() {
        Some(summary) => summary,
        None => make(&mut session, &model_file, &entries, &outline)?,
    };
    session.close()?;
    let mut summary = summary.without(kept);
    summary.entries_total += left_out;
    print(context.format, &Document::from(summary), print_summary)
}

/// Makes what is missing, and keeps it as soon as it is made: stopped and called again, it goes on.
fn make(
    session: &mut Session,
    model_file: &std::path::Path,
    entries: &[Entry],
    outline: &Outline,
) -> Result<Summary, Failure> {
    let mut engine = load(model_file)?;
    let mut teller = Teller::new(Format::Json);
    let cancel = CancelToken::default();
    let mut tell = |progress: Progress| match progress {
        // What can't be kept is made again the next time.
        Progress::Made(made) => _ = made.0.write(session, &made.1),
        progress => teller.tell(&progress),
    };
    let summary = reflection::summarise(&mut engine, entries, outline, &cancel, &mut tell)?;
    teller.finish();
    if let Some(place) = &outline.place {
        place.write(session, &summary)?;
    }
    Ok(summary)
}

/// Lists what is kept, or deletes it all.
pub(super) fn summaries(
    context: &Context,
    arguments: &arguments::Summaries,
) -> Result<(), Failure> {
    let mut session = context.open()?;
    if arguments.delete {
        derived::clear_text(&mut session)?;
    }
    let model_file = model_file(context).unwrap_or_default();
    let kept = cache::kept(&session, &model_file)?;
    session.close()?;
    let summaries = kept.into_iter().map(KeptDocument::from).collect();
    print(context.format, &Summaries { summaries }, |list, out| {
        for kept in &list.summaries {
            let stale = if kept.stale { "  (stale)" } else { "" };
            writeln!(out, "{}  {}{stale}", plain(&kept.of), plain(&kept.model))?;
        }
        match list.summaries.len() {
            0 => writeln!(out, "No summary is kept."),
            _ => Ok(()),
        }
    })
}

/// What is to be summarised.
struct Chosen {
    span: Span,
    entries: Vec<Entry>,
    /// Results of a search beyond what is read.
    left_out: usize,
}

fn chosen(
    context: &Context,
    session: &Session,
    arguments: &arguments::Summarise,
) -> Result<Chosen, Failure> {
    if let Some(id) = &arguments.id {
        let id = find(session, id)?;
        let (span, entries) = (Span::Entry(id), vec![session.entry(id)?]);
        return Ok(Chosen { span, entries, left_out: 0 });
    }
    if let Some(query) = &arguments.search {
        return found(context, session, query);
    }
    let (first, last) = days(arguments);
    if first > last {
        return Err(Failure::usage("--from is after --to"));
    }
    let (span, entries) = (Span::Days(first, last), between(session, first, last)?);
    Ok(Chosen { span, entries, left_out: 0 })
}

/// What a search finds, oldest first.
fn found(context: &Context, session: &Session, text: &str) -> Result<Chosen, Failure> {
    let query = Query::parse(text, today(), false);
    let mut words = Index::new();
    session.for_each_entry(&mut |entry| words.put(&entry))?;
    let near = index::near(context, session, text)?;
    let results = words.search_near(&query, &near, MOST_FOUND, &mut |id| session.entry(id).ok());
    let mut entries = Vec::new();
    for hit in &results.hits {
        entries.push(session.entry(hit.id)?);
    }
    entries.sort_by_key(|entry| (entry.content.date, entry.content.time, entry.id));
    let left_out = results.total.saturating_sub(entries.len());
    Ok(Chosen { span: Span::Search(text.trim().to_owned()), entries, left_out })
}

#[derive(Serialize)]
struct Document {
    text: String,
    sentences: Vec<SentenceDocument>,
    entries_used: usize,
    entries_total: usize,
    entries_kept: usize,
    words: usize,
    words_told: usize,
    complete: bool,
    care: Option<&'static str>,
    model: String,
    model_hash: String,
    seed: u64,
    prompts: String,
}

#[derive(Serialize)]
struct SentenceDocument {
    text: String,
    quoted: bool,
    sources: Vec<SourceDocument>,
}

#[derive(Serialize)]
struct SourceDocument {
    id: String,
    date: Date,
    text: String,
}

#[derive(Serialize)]
struct Summaries {
    summaries: Vec<KeptDocument>,
}

#[derive(Serialize)]
struct KeptDocument {
    of: String,
    entries: Vec<String>,
    stale: bool,
    model: String,
    model_hash: String,
    seed: u64,
    prompts: String,
}

impl Document {
    /// The fixed text in the place of a summary: no model was asked.
    fn care(entry: &Entry, care: Care) -> Self {
        Self {
            text: String::new(),
            sentences: Vec::new(),
            entries_used: 1,
            entries_total: 1,
            entries_kept: 0,
            words: entry.content.text.split_whitespace().count(),
            words_told: 0,
            complete: true,
            care: Some(care.text()),
            model: String::new(),
            model_hash: String::new(),
            seed: 0,
            prompts: String::new(),
        }
    }
}

impl From<Summary> for Document {
    fn from(summary: Summary) -> Self {
        let words_told = summary.told_words();
        Self {
            text: summary_text(&summary.sentences),
            sentences: summary.sentences.into_iter().map(SentenceDocument::from).collect(),
            entries_used: summary.entries_used,
            entries_total: summary.entries_total,
            entries_kept: summary.entries_kept,
            words: summary.words,
            words_told,
            complete: summary.complete,
            care: summary.care.map(Care::text),
            model: summary.origin.model,
            model_hash: summary.origin.hash,
            seed: summary.origin.seed,
            prompts: summary.origin.prompts,
        }
    }
}

impl From<Told> for SentenceDocument {
    fn from(told: Told) -> Self {
        let sources = told.sources.into_iter().map(SourceDocument::from).collect();
        Self { text: told.text, quoted: told.quoted, sources }
    }
}

impl From<Source> for SourceDocument {
    fn from(source: Source) -> Self {
        Self { id: source.entry.to_string(), date: source.date, text: source.text }
    }
}

impl From<cache::Kept> for KeptDocument {
    fn from(kept: cache::Kept) -> Self {
        Self {
            of: match kept.span {
                Span::Entry(id) => id.to_string(),
                Span::Days(first, last) => format!("{first} to {last}"),
                Span::Search(query) => format!("search: {query}"),
            },
            entries: kept.entries.iter().map(ToString::to_string).collect(),
            stale: kept.is_stale,
            model: kept.origin.model,
            model_hash: kept.origin.hash,
            seed: kept.origin.seed,
            prompts: kept.origin.prompts,
        }
    }
}

/// The summary, whose words these are, and which entry each sentence rests on.
fn print_summary(summary: &Document, out: &mut dyn io::Write) -> io::Result<()> {
    if let Some(care) = summary.care {
        writeln!(out, "{care}\n")?;
        if summary.sentences.is_empty() {
            return Ok(());
        }
    }
    writeln!(out, "{}", plain(&summary.text))?;
    let used = summary.entries_used;
    let total = count(summary.entries_total, "entry", "entries");
    let kept = match summary.entries_kept {
        0 => String::new(),
        kept => format!(", {kept} kept from the model"),
    };
    let stopped = if summary.complete { "" } else { ", stopped before its end" };
    writeln!(
        out,
        "\n{used} of {total} used{kept}{stopped}; {} of {} words. What is in quotation marks is yours,",
        summary.words_told, summary.words
    )?;
    let hash: String = summary.model_hash.chars().take(HASH).collect();
    writeln!(out, "the rest was written by {} ({hash}…,", summary.model)?;
    writeln!(out, "seed {}, prompts {}). It rests on:", summary.seed, summary.prompts)?;
    for sentence in &summary.sentences {
        let start: String = plain(&sentence.text).chars().take(48).collect();
        for source in &sentence.sources {
            writeln!(out, "  {}  {}  {start}…", source.date, &source.id[..8])?;
        }
    }
    Ok(())
}

fn days(arguments: &arguments::Summarise) -> (Date, Date) {
    if let Some(day) = arguments.day {
        (day, day)
    } else if let Some(day) = arguments.week {
        week_of(day)
    } else if let Some(first) = arguments.month {
        (first, first.last_of_month())
    } else if let Some(first) = arguments.year {
        (first, first.last_of_year())
    } else {
        (arguments.from.unwrap_or(Date::MIN), arguments.to.unwrap_or(Date::MAX))
    }
}

/// Monday to Sunday; at the ends of the calendar, what there is of it.
fn week_of(day: Date) -> (Date, Date) {
    let since_monday = i64::from(day.weekday().since(Weekday::Monday));
    let monday = day.saturating_sub(jiff::Span::new().days(since_monday));
    (monday, monday.saturating_add(jiff::Span::new().days(6)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_week_is_monday_to_sunday() {
        let week = (date(2024, 2, 26), date(2024, 3, 3));
        assert_eq!(week_of(date(2024, 2, 26)), week);
        assert_eq!(week_of(date(2024, 2, 29)), week);
        assert_eq!(week_of(date(2024, 3, 3)), week);
        assert_eq!(week_of(Date::MAX).1, Date::MAX);
    }
}
