//! The commands about entries: write, list, show, search, stats.

use std::{
    collections::BTreeSet,
    io::{self, IsTerminal as _, Read as _},
};

use jiff::{Zoned, civil::Date};
use serde::Serialize;
use vault::{
    Content, Entry, EntryId,
    search::{Hit, Query, Why},
};

use super::{
    arguments,
    failure::{Failure, reason},
    index, insight,
    journal::{Context, EntryDocument, Id, between, find, today},
    screen::{plain, print, progress},
};

/// More than this is no entry but some other file, in bytes.
const MAX_TEXT: u64 = 32 << 20;

/// Writes an entry and prints its id.
pub(super) fn write(context: &Context, arguments: &arguments::Write) -> Result<(), Failure> {
    // The passphrase comes first: a wrong one must not cost what was just written.
    let mut session = context.open()?;
    let mut content = dated(arguments.date);
    content.text = text_of(arguments)?;
    content.time = arguments.time.or(content.time);
    content.title.clone_from(&arguments.title);
    content.tags.clone_from(&arguments.tags);
    content.mood = arguments.mood;
    let id = EntryId::random();
    session.put(id, &content)?;
    session.close()?;
    print(context.format, &Id::from(id), |written, out| writeln!(out, "{}", written.id))
}

/// Lists entries, oldest first.
pub(super) fn list(context: &Context, arguments: &arguments::List) -> Result<(), Failure> {
    let first = arguments.from.unwrap_or(Date::MIN);
    let last = arguments.to.unwrap_or(Date::MAX);
    if first > last {
        return Err(Failure::usage("--from is after --to"));
    }
    let entries = between(&context.open()?, first, last)?;
    print(context.format, &Entries::from(entries), |list, out| {
        for entry in &list.entries {
            writeln!(out, "{}", entry.line())?;
        }
        Ok(())
    })
}

/// Shows one entry, or all of a day.
pub(super) fn show(context: &Context, arguments: &arguments::Show) -> Result<(), Failure> {
    let session = context.open()?;
    let entries = match arguments::day(&arguments.which) {
        Ok(day) => between(&session, day, day)?,
        Err(_) => vec![session.entry(find(&session, &arguments.which)?)?],
    };
    if entries.is_empty() {
        return Err(Failure::new("there is no entry on that day"));
    }
    print(context.format, &Entries::from(entries), |list, out| {
        for (n, entry) in list.entries.iter().enumerate() {
            let gap = if n == 0 { "" } else { "\n\n" };
            writeln!(out, "{gap}{}", entry.page())?;
        }
        Ok(())
    })
}

/// Finds entries by words and filters.
pub(super) fn search(context: &Context, arguments: &arguments::Search) -> Result<(), Failure> {
    let text = arguments.query.join(" ");
    let mut session = context.open()?;
    let day = arguments.today.unwrap_or_else(today);
    let query = Query::parse(&insight::expand(&session, &text)?, day, false);
    let mut words = session.indexed()?;
    words.set_files(session.attached());
    let near = match Query::parse(&text, day, false).words() {
        asked if asked.is_empty() => Vec::new(),
        asked => index::near(context, &session, &asked)?,
    };
    let results =
        words.search_near(&query, &near, arguments.limit, &mut |id| session.entry(id).ok());
    let found = Found {
        total: results.total,
        hits: results.hits.into_iter().map(HitDocument::from).collect(),
    };
    print(context.format, &found, |found, out| {
        for hit in &found.hits {
            writeln!(out, "{}  {}  {}", hit.date, &hit.id[..8], plain(&hit.snippet))?;
        }
        match found.total - found.hits.len() {
            0 if found.total == 0 => writeln!(out, "Nothing found."),
            0 => Ok(()),
            more => writeln!(out, "… and {more} more (--limit {})", found.total),
        }
    })
}

/// Counts entries, words and days.
pub(super) fn stats(context: &Context) -> Result<(), Failure> {
    let session = context.open()?;
    let days: BTreeSet<_> = session.metas().map(|meta| meta.date).collect();
    let stats = Stats {
        entries: session.metas().len(),
        words: session.metas().map(|meta| meta.words).sum(),
        days: days.len(),
        first: days.first().copied(),
        last: days.last().copied(),
    };
    print(context.format, &stats, |stats, out| {
        writeln!(
            out,
            "Entries  {}\nWords    {}\nDays     {}",
            stats.entries, stats.words, stats.days
        )?;
        match (stats.first, stats.last) {
            (Some(first), Some(last)) => writeln!(out, "First    {first}\nLast     {last}"),
            _ => Ok(()),
        }
    })
}

#[derive(Serialize)]
struct Entries {
    entries: Vec<EntryDocument>,
}

impl From<Vec<Entry>> for Entries {
    fn from(entries: Vec<Entry>) -> Self {
        Self { entries: entries.into_iter().map(EntryDocument::from).collect() }
    }
}

#[derive(Serialize)]
struct Found {
    total: usize,
    hits: Vec<HitDocument>,
}

#[derive(Serialize)]
struct HitDocument {
    id: String,
    date: Date,
    score: f32,
    snippet: String,
    highlights: Vec<[usize; 2]>,
    why: WhyDocument,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum WhyDocument {
    Words(Vec<String>),
    Meaning(String),
    Filter(bool),
}

impl From<Hit> for HitDocument {
    fn from(hit: Hit) -> Self {
        Self {
            id: hit.id.to_string(),
            date: hit.date,
            score: hit.score,
            snippet: hit.snippet.text,
            highlights: hit
                .snippet
                .highlights
                .iter()
                .map(|range| [range.start, range.end])
                .collect(),
            why: match hit.why {
                Why::Words(words) => WhyDocument::Words(words),
                Why::Meaning(sentence) => WhyDocument::Meaning(sentence),
                Why::Filter => WhyDocument::Filter(true),
            },
        }
    }
}

#[derive(Serialize)]
struct Stats {
    entries: usize,
    words: usize,
    days: usize,
    first: Option<Date>,
    last: Option<Date>,
}

/// An empty entry of that day, or of now.
fn dated(date: Option<Date>) -> Content {
    let now = Zoned::now();
    match date {
        Some(date) => Content::new(date),
        None => Content {
            time: now.time().with().second(0).subsec_nanosecond(0).build().ok(),
            zone: now.time_zone().iana_name().map(str::to_owned),
            ..Content::new(now.date())
        },
    }
}

fn text_of(arguments: &arguments::Write) -> Result<String, Failure> {
    let text = match arguments.text.as_slice() {
        [] => read_text()?,
        [dash] if dash == "-" => read_text()?,
        words => words.join(" "),
    };
    let text = text.trim_end();
    if text.trim().is_empty() && arguments.title.trim().is_empty() {
        return Err(Failure::usage("the entry is empty: nothing was written"));
    }
    Ok(text.replace("\r\n", "\n"))
}

fn read_text() -> Result<String, Failure> {
    let mut input = io::stdin().lock();
    if input.is_terminal() {
        progress("Write, then end with Ctrl-D on a line of its own.\n");
    }
    let mut bytes = Vec::new();
    let read = input.by_ref().take(MAX_TEXT + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::new(format!("could not read stdin: {}", reason(&error))))?;
    if bytes.len() as u64 > MAX_TEXT {
        return Err(Failure::new("the text is longer than 32 MiB: nothing was written"));
    }
    String::from_utf8(bytes).map_err(|_| Failure::new("the text is not UTF-8: nothing was written"))
}
