//! The commands that ask the model: summarise, reflect.

use std::{
    collections::HashMap,
    io::{self, Write as _},
};

use engine::{CancelToken, Engine};
use jiff::civil::{Date, Weekday};
use serde::Serialize;
use vault::{Entry, Session};

use super::{
    arguments,
    failure::Failure,
    journal::{Context, between, count, find, today},
    screen::{Format, plain, print, progress},
};
use crate::{
    paths,
    reflection::{
        self, Progress, Question, Reflection, Sentence, Summary, asked::Asked, cache::Place,
        crisis::Care, prompt,
    },
};

/// So many questions are asked for.
const QUESTIONS: usize = 3;

/// Summarises entries; text comes as it is generated.
pub(super) fn summarise(
    context: &Context,
    arguments: &arguments::Summarise,
) -> Result<(), Failure> {
    let model_file = model_file(context)?;
    let mut session = context.open()?;
    let entries = span(&session, arguments)?;
    let Some(place) = Place::of(&entries, &model_file) else {
        return Err(Failure::new("there is no entry in that span: nothing to summarise"));
    };
    let mut teller = Teller::new(context.format);
    let summary = match place.read(&session, &entries) {
        Some(summary) => summary,
        None => {
            let mut engine = load(&model_file)?;
            let cancel = CancelToken::default();
            let mut tell = |progress: Progress| teller.tell(&progress);
            let summary = reflection::summarise(&mut engine, &entries, &cancel, &mut tell)?;
            place.write(&mut session, &summary)?;
            summary
        }
    };
    session.close()?;
    let is_streamed = teller.finish();
    let dates = entries.iter().map(|entry| (entry.id.to_string(), entry.content.date)).collect();
    print(context.format, &SummaryDocument::from(summary), |summary, out| {
        if !is_streamed {
            writeln!(out, "{}", plain(&summary.text))?;
        }
        print_origin(summary, &dates, out)
    })
}

/// Asks questions about one entry.
pub(super) fn reflect(context: &Context, arguments: &arguments::Reflect) -> Result<(), Failure> {
    let model_file = model_file(context)?;
    let mut session = context.open()?;
    let entry = chosen(&session, arguments)?;
    if let Some(care) = reflection::crisis(&entry.content.text) {
        // A reader that went away has nothing to be told.
        let _ = writeln!(io::stdout().lock(), "{}", care.text());
        return Ok(());
    }
    let mut engine = load(&model_file)?;
    let mut teller = Teller::new(Format::Json);
    let cancel = CancelToken::default();
    let day = arguments.today.unwrap_or_else(today);
    let asked = Asked::load(&session);
    let before = asked.about_others(entry.id, day);
    let reflection =
        reflection::reflect(&mut engine, &entry, QUESTIONS, &before, &cancel, &mut |progress| {
            teller.tell(&progress);
        })?;
    teller.finish();
    let (questions, care) = match reflection {
        Reflection::Questions(questions) => (questions, None),
        Reflection::Care(care) => (Vec::new(), Some(care.text())),
    };
    let texts: Vec<String> = questions.iter().map(|question| question.text.clone()).collect();
    asked.keep(&mut session, entry.id, &texts, day)?;
    session.close()?;
    let document = Questions {
        id: entry.id.to_string(),
        questions: questions.into_iter().map(QuestionDocument::from).collect(),
        care,
        model: engine.info().name.clone(),
    };
    print(context.format, &document, |document, out| {
        writeln!(out, "{}  {}\n", entry.content.date, plain(&entry.heading()))?;
        print_questions(document, out)
    })
}

/// Shows the work while it runs: text as it comes, on a terminal also how far it is.
struct Teller {
    format: Format,
    is_streaming: bool,
}

impl Teller {
    fn new(format: Format) -> Self {
        Self { format, is_streaming: false }
    }

    fn tell(&mut self, update: &Progress) {
        match update {
            Progress::Reading { read, total } => {
                progress(&format!("Reading… {}%", 100 * read / (*total).max(1)));
            }
            Progress::Part { done, total } => progress(&format!("Part {done} of {total}…")),
            Progress::Text(text) if self.format == Format::Text => self.stream(text),
            Progress::Text(_) => {}
        }
    }

    fn stream(&mut self, text: &str) {
        if !self.is_streaming {
            progress("");
            self.is_streaming = true;
        }
        let mut out = io::stdout().lock();
        // A reader that went away is noticed when the rest is printed.
        let _ = out.write_all(plain(text).as_bytes()).and_then(|()| out.flush());
    }

    /// Whether anything was printed.
    fn finish(self) -> bool {
        progress("");
        if self.is_streaming {
            let _ = writeln!(io::stdout());
        }
        self.is_streaming
    }
}

#[derive(Serialize)]
struct SummaryDocument {
    text: String,
    sentences: Vec<SentenceDocument>,
    entries_used: usize,
    entries_total: usize,
    complete: bool,
    care: Option<&'static str>,
    model: String,
    model_hash: String,
    prompts: u32,
}

#[derive(Serialize)]
struct SentenceDocument {
    text: String,
    sources: Vec<String>,
    quoted: bool,
}

#[derive(Serialize)]
struct Questions {
    id: String,
    questions: Vec<QuestionDocument>,
    care: Option<&'static str>,
    model: String,
}

#[derive(Serialize)]
struct QuestionDocument {
    text: String,
    rests_on: String,
}

impl From<Summary> for SummaryDocument {
    fn from(summary: Summary) -> Self {
        let texts: Vec<_> = summary.sentences.iter().map(shown).collect();
        Self {
            text: texts.join(" "),
            care: summary.care.map(Care::text),
            entries_used: summary.entries_used,
            entries_total: summary.entries_total,
            complete: summary.complete,
            model: summary.model,
            model_hash: summary.model_hash,
            prompts: prompt::VERSION,
            sentences: summary.sentences.into_iter().map(SentenceDocument::from).collect(),
        }
    }
}

impl From<Sentence> for SentenceDocument {
    fn from(sentence: Sentence) -> Self {
        Self {
            text: sentence.text,
            sources: sentence.sources.iter().map(ToString::to_string).collect(),
            quoted: sentence.quoted,
        }
    }
}

impl From<Question> for QuestionDocument {
    fn from(question: Question) -> Self {
        Self { text: question.text, rests_on: question.rests_on }
    }
}

/// A sentence, in quotation marks when it is the person's own.
fn shown(sentence: &Sentence) -> String {
    if sentence.quoted { format!("“{}”", sentence.text) } else { sentence.text.clone() }
}

/// Whose words these are, and which entry each sentence rests on.
fn print_origin(
    summary: &SummaryDocument,
    dates: &HashMap<String, Date>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if let Some(care) = summary.care {
        writeln!(out, "\n{care}")?;
    }
    let used = summary.entries_used;
    let total = count(summary.entries_total, "entry", "entries");
    let stopped = if summary.complete { "" } else { ", stopped before its end" };
    writeln!(out, "\n{used} of {total} read{stopped}. What is in quotation marks is yours,")?;
    writeln!(out, "the rest was written by {}. It rests on:", summary.model)?;
    for sentence in &summary.sentences {
        let start: String = plain(&sentence.text).chars().take(48).collect();
        for id in &sentence.sources {
            let date = dates.get(id).map(Date::to_string).unwrap_or_default();
            writeln!(out, "  {date}  {}  {start}…", &id[..8])?;
        }
    }
    Ok(())
}

fn print_questions(document: &Questions, out: &mut dyn io::Write) -> io::Result<()> {
    if let Some(care) = document.care {
        return writeln!(out, "{care}");
    }
    if document.questions.is_empty() {
        return writeln!(out, "The model found no question that rests on this entry.");
    }
    for question in &document.questions {
        writeln!(out, "{}\n  “{}”\n", plain(&question.text), plain(&question.rests_on))?;
    }
    Ok(())
}

/// The model's file; told before the passphrase is asked.
fn model_file(context: &Context) -> Result<std::path::PathBuf, Failure> {
    paths::find_model(context.models()).ok_or_else(|| {
        let folder = context.models().map_or_else(paths::user_models, std::path::Path::to_path_buf);
        Failure::no_model(format!("there is no model: put a .gguf file into {}", folder.display()))
    })
}

fn load(file: &std::path::Path) -> Result<Engine, Failure> {
    progress("Loading the model…");
    let engine = Engine::load(file);
    progress("");
    Ok(engine?)
}

fn span(session: &Session, arguments: &arguments::Summarise) -> Result<Vec<Entry>, Failure> {
    if let Some(id) = &arguments.id {
        return Ok(vec![session.entry(find(session, id)?)?]);
    }
    let (first, last) = days(arguments);
    if first > last {
        return Err(Failure::usage("--from is after --to"));
    }
    between(session, first, last)
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

fn chosen(session: &Session, arguments: &arguments::Reflect) -> Result<Entry, Failure> {
    if let Some(id) = &arguments.id {
        return Ok(session.entry(find(session, id)?)?);
    }
    let last = arguments.date.or(arguments.today).unwrap_or_else(today);
    let first = arguments.date.unwrap_or(Date::MIN);
    let newest = between(session, first, last)?.pop();
    newest.ok_or_else(|| Failure::new("there is no entry to reflect on"))
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
