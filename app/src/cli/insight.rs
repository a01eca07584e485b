//! The commands about people, themes, open loops and prompts.

use std::io;

use jiff::civil::Date;
use serde::Serialize;
use vault::{EntryId, Session};

use super::{
    arguments::insight::{AsOf, Change as Wish, People},
    failure::Failure,
    journal::{Context, count, today},
    screen::{plain, print},
};
use crate::{
    insight::{
        Aliases, Change, Corrections, Kind, Named, Notes, OpenLoop, Prompt, Quote, Source, Theme,
    },
    paths,
    settings::Settings,
};

/// Sentences that are shown of one name.
const QUOTES: usize = 20;

/// Lists people and places, or does what is said about one of them.
pub(super) fn people(context: &Context, arguments: People) -> Result<(), Failure> {
    let mut session = wanted(context)?;
    let mut notes = read(&session)?;
    let (name, change) = match arguments.change {
        None => return list(context, &mut notes, arguments.limit),
        Some(Wish::Show(it)) => return show(context, &session, &mut notes, &it.name),
        Some(Wish::Merge(two)) => (two.name, Change::SameAs(two.other)),
        Some(Wish::Rename(two)) => (two.name, Change::Name(two.other)),
        Some(Wish::Person(it)) => (it.name, Change::Kind(Kind::Person)),
        Some(Wish::Place(it)) => (it.name, Change::Kind(Kind::Place)),
        Some(Wish::Forget(it)) => (it.name, Change::Kind(Kind::Neither)),
        Some(Wish::Undo(it)) => (it.name, Change::TakenBack),
    };
    if change != Change::TakenBack && notes.find(&name).is_none() {
        return Err(nobody());
    }
    notes.correct(&mut session, &name, change).map_err(|error| match error {
        vault::Error::NoSuchEntry => nobody(),
        error => error.into(),
    })?;
    session.close()?;
    list(context, &mut notes, arguments.limit)
}

/// Lists what stood out in each month, and the moods.
pub(super) fn themes(context: &Context) -> Result<(), Failure> {
    let session = wanted(context)?;
    let mut notes = read(&session)?;
    let overview = notes.overview();
    let month = |(first, themes): &(Date, Vec<Theme>)| MonthDocument {
        month: first.strftime("%Y-%m").to_string(),
        themes: themes.iter().map(ThemeDocument::from).collect(),
    };
    let mood = |(id, date, mood): &(EntryId, Date, u8)| MoodDocument {
        id: id.to_string(),
        date: *date,
        mood: *mood,
    };
    let document = ThemesDocument {
        months: overview.themes.iter().map(month).collect(),
        moods: overview.moods.iter().map(mood).collect(),
    };
    print(context.format, &document, print_themes)
}

/// Lists what is still open.
pub(super) fn loops(context: &Context, arguments: &AsOf) -> Result<(), Failure> {
    let session = wanted(context)?;
    let notes = read(&session)?;
    let open = notes.loops(&session, arguments.today.unwrap_or_else(today));
    let loops = open.into_iter().map(LoopDocument::from).collect();
    print(context.format, &LoopsDocument { loops }, |document, out| {
        for open in &document.loops {
            writeln!(out, "{}  {}  “{}”", open.date, &open.id[..8], plain(&open.text))?;
        }
        match document.loops.is_empty() {
            true => writeln!(out, "Nothing is open, as far as can be told."),
            false => Ok(()),
        }
    })
}

/// Lists prompts; none counts as shown by it.
pub(super) fn prompts(context: &Context, arguments: &AsOf) -> Result<(), Failure> {
    let session = wanted(context)?;
    let mut notes = read(&session)?;
    let prompts = notes.prompts(&session, arguments.today.unwrap_or_else(today));
    let prompts = prompts.into_iter().map(PromptDocument::from).collect();
    print(context.format, &PromptsDocument { prompts }, |document, out| {
        document.prompts.iter().try_for_each(|prompt| writeln!(out, "{}", plain(&prompt.text)))
    })
}

/// The journal, if the settings want this at all.
fn wanted(context: &Context) -> Result<Session, Failure> {
    match Settings::load(&paths::settings_file()).insight {
        true => context.open(),
        false => Err(Failure::new("people, themes and prompts are turned off in the settings")),
    }
}

/// Reads every entry.
pub(super) fn read(session: &Session) -> Result<Notes, Failure> {
    let mut notes = Notes::load(session);
    session.for_each_entry(&mut |entry| notes.put(&entry))?;
    Ok(notes)
}

/// A query in which a person stands for all their names.
pub(super) fn expand(session: &Session, query: &str) -> Result<String, Failure> {
    let asks = query.to_ascii_lowercase().contains("person:");
    match asks && Settings::load(&paths::settings_file()).insight {
        true => Ok(read(session)?.aliases().expand(query)),
        false => Ok(query.to_owned()),
    }
}

/// The names that the person brought together.
pub(super) fn merged(session: &Session) -> Result<Aliases, Failure> {
    let wanted = Settings::load(&paths::settings_file()).insight;
    match wanted && !Corrections::load(session).is_empty() {
        true => Ok(read(session)?.merged()),
        false => Ok(Aliases::default()),
    }
}

fn nobody() -> Failure {
    Failure::new("there is nobody of this name, see 'inglenook people'")
}

fn list(context: &Context, notes: &mut Notes, limit: usize) -> Result<(), Failure> {
    let overview = notes.overview();
    let documents = |named: &[Named]| named.iter().take(limit).map(NameDocument::from).collect();
    let document =
        NamesDocument { people: documents(&overview.people), places: documents(&overview.places) };
    print(context.format, &document, |document, out| {
        print_names("People", &document.people, out)?;
        writeln!(out)?;
        print_names("Places", &document.places, out)
    })
}

fn show(
    context: &Context,
    session: &Session,
    notes: &mut Notes,
    name: &str,
) -> Result<(), Failure> {
    let quotes = notes.quotes(session, name, QUOTES);
    let named = notes.find(name).ok_or_else(nobody)?;
    let document = OneDocument {
        named: NameDocument::from(named),
        sentences: quotes.into_iter().map(SentenceDocument::from).collect(),
    };
    print(context.format, &document, |document, out| {
        print_names("", std::slice::from_ref(&document.named), out)?;
        for sentence in &document.sentences {
            let (date, id) = (sentence.date, &sentence.id[..8]);
            writeln!(out, "  {date}  {id}  “{}”", plain(&sentence.text))?;
        }
        Ok(())
    })
}

fn print_names(title: &str, names: &[NameDocument], out: &mut dyn io::Write) -> io::Result<()> {
    if !title.is_empty() {
        writeln!(out, "{title}")?;
    }
    for named in names {
        let entries = count(named.entries.len(), "entry", "entries");
        let last = named.last.map(|last| last.to_string()).unwrap_or_default();
        let others = plain(&named.names[1..].join(", "));
        let others = if others.is_empty() { others } else { format!("  (also {others})") };
        writeln!(out, "  {}  {entries}, last {last}{others}", plain(&named.name))?;
    }
    Ok(())
}

fn print_themes(document: &ThemesDocument, out: &mut dyn io::Write) -> io::Result<()> {
    for month in &document.months {
        let words =
            month.themes.iter().map(|it| format!("{} {}", plain(&it.word), it.entries.len()));
        writeln!(out, "{}  {}", month.month, words.collect::<Vec<_>>().join(", "))?;
    }
    for mood in &document.moods {
        writeln!(out, "{}  mood {} of 5", mood.date, mood.mood)?;
    }
    Ok(())
}

#[derive(Serialize)]
struct NamesDocument {
    people: Vec<NameDocument>,
    places: Vec<NameDocument>,
}

#[derive(Serialize)]
struct NameDocument {
    name: String,
    kind: Kind,
    names: Vec<String>,
    entries: Vec<String>,
    first: Option<Date>,
    last: Option<Date>,
}

impl From<&Named> for NameDocument {
    fn from(named: &Named) -> Self {
        Self {
            name: named.name.clone(),
            kind: named.kind,
            names: named.ways.clone(),
            entries: named.evidence.iter().map(|it| it.entry.to_string()).collect(),
            first: named.evidence.first().map(|it| it.date),
            last: named.evidence.last().map(|it| it.date),
        }
    }
}

#[derive(Serialize)]
struct OneDocument {
    #[serde(flatten)]
    named: NameDocument,
    sentences: Vec<SentenceDocument>,
}

#[derive(Serialize)]
struct SentenceDocument {
    id: String,
    date: Date,
    text: String,
}

impl From<Quote> for SentenceDocument {
    fn from(quote: Quote) -> Self {
        Self { id: quote.entry.to_string(), date: quote.date, text: quote.text }
    }
}

#[derive(Serialize)]
struct ThemesDocument {
    months: Vec<MonthDocument>,
    moods: Vec<MoodDocument>,
}

#[derive(Serialize)]
struct MonthDocument {
    month: String,
    themes: Vec<ThemeDocument>,
}

#[derive(Serialize)]
struct ThemeDocument {
    word: String,
    entries: Vec<String>,
}

impl From<&Theme> for ThemeDocument {
    fn from(theme: &Theme) -> Self {
        let entries = theme.entries.iter().map(|(id, _)| id.to_string()).collect();
        Self { word: theme.word.clone(), entries }
    }
}

#[derive(Serialize)]
struct MoodDocument {
    id: String,
    date: Date,
    mood: u8,
}

#[derive(Serialize)]
struct LoopsDocument {
    loops: Vec<LoopDocument>,
}

#[derive(Serialize)]
struct LoopDocument {
    id: String,
    date: Date,
    due: Date,
    text: String,
}

impl From<OpenLoop> for LoopDocument {
    fn from(open: OpenLoop) -> Self {
        Self { id: open.entry.to_string(), date: open.date, due: open.due, text: open.sentence }
    }
}

#[derive(Serialize)]
struct PromptsDocument {
    prompts: Vec<PromptDocument>,
}

#[derive(Serialize)]
struct PromptDocument {
    source: Source,
    text: String,
    id: Option<String>,
    date: Option<Date>,
}

impl From<Prompt> for PromptDocument {
    fn from(prompt: Prompt) -> Self {
        let (id, date) = prompt.entry.map_or((None, None), |(id, date)| (Some(id), Some(date)));
        let id = id.map(|id| id.to_string());
        Self { source: prompt.source, text: prompt.text, id, date }
    }
}
