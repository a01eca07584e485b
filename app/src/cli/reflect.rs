//! The command that asks the model for questions, and what every command that asks it shares.

use std::io::{self, Write as _};

use engine::{CancelToken, Engine};
use jiff::civil::Date;
use serde::Serialize;
use vault::{Entry, Session};

use super::{
    arguments::{self, StyleArgument},
    failure::Failure,
    journal::{Context, between, find, today},
    screen::{Format, plain, print, progress},
};
use crate::{
    paths,
    permission::Permission,
    reflection::{self, Care, Progress, Question, Reflection, Style, Wish, asked::Asked},
    settings::Settings,
};

mod deeper;

/// So many questions are asked for.
const QUESTIONS: usize = 3;

/// Asks questions about one entry.
pub(super) fn reflect(context: &Context, arguments: &arguments::Reflect) -> Result<(), Failure> {
    let mut session = context.open()?;
    let entry = chosen(&session, arguments)?;
    // The fixed text comes first: it needs no model, and none reads the entry for it.
    if let Some(care) = reflection::crisis(&entry.content.text) {
        return Questions::care(&entry, care).print(context, &entry);
    }
    if !Permission::load(&session).allows(&entry.content) {
        return Err(Failure::kept_from_model());
    }
    if let Some(answer) = &arguments.answer {
        return deeper::answer(context, arguments, session, entry, answer);
    }
    let mut engine = load(&model_file(context)?)?;
    let mut teller = Teller::new(Format::Json);
    let cancel = CancelToken::default();
    let day = arguments.today.unwrap_or_else(today);
    let asked = Asked::load(&session);
    let asked_before = asked.about_others(entry.id, day);
    let wish = Wish { count: QUESTIONS, style: style(arguments), asked_before };
    let mut tell = |progress: Progress| teller.tell(&progress);
    let reflection = reflection::reflect(&mut engine, &entry, &wish, &cancel, &mut tell)?;
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
    document.print(context, &entry)
}

/// As the command line says, else as the window's settings do.
fn style(arguments: &arguments::Reflect) -> Style {
    match arguments.style {
        Some(StyleArgument::Questions) => Style::Questions,
        Some(StyleArgument::Gentle) => Style::Gentle,
        Some(StyleArgument::Direct) => Style::Direct,
        None => Settings::load(&paths::settings_file()).style,
    }
}

/// Shows the work while it runs: text as it comes, on a terminal also how far it is.
pub(super) struct Teller {
    format: Format,
    is_streaming: bool,
}

impl Teller {
    pub(super) fn new(format: Format) -> Self {
        Self { format, is_streaming: false }
    }

    pub(super) fn tell(&mut self, update: &Progress) {
        match update {
            Progress::Reading { read, total } => {
                progress(&format!("Reading… {}%", 100 * read / (*total).max(1)));
            }
            Progress::Part { done, total } => progress(&format!("Part {done} of {total}…")),
            Progress::Text(text) if self.format == Format::Text => self.stream(text),
            Progress::Text(_) | Progress::Made(_) => {}
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
    pub(super) fn finish(self) -> bool {
        progress("");
        if self.is_streaming {
            let _ = writeln!(io::stdout());
        }
        self.is_streaming
    }
}

#[derive(Serialize)]
struct Questions {
    id: String,
    questions: Vec<QuestionDocument>,
    care: Option<&'static str>,
    model: String,
}

impl Questions {
    /// The fixed text in the place of questions: no model was asked.
    fn care(entry: &Entry, care: Care) -> Self {
        let (id, care) = (entry.id.to_string(), Some(care.text()));
        Self { id, questions: Vec::new(), care, model: String::new() }
    }

    fn print(&self, context: &Context, entry: &Entry) -> Result<(), Failure> {
        print(context.format, self, |document, out| {
            writeln!(out, "{}  {}\n", entry.content.date, plain(&entry.heading()))?;
            print_questions(document, out)
        })
    }
}

#[derive(Serialize)]
struct QuestionDocument {
    text: String,
    rests_on: String,
}

impl From<Question> for QuestionDocument {
    fn from(question: Question) -> Self {
        Self { text: question.text, rests_on: question.rests_on }
    }
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

/// The model's file.
pub(super) fn model_file(context: &Context) -> Result<std::path::PathBuf, Failure> {
    paths::find_model(context.models()).ok_or_else(|| {
        let folder = context.models().map_or_else(paths::user_models, std::path::Path::to_path_buf);
        Failure::no_model(format!("there is no model: put a .gguf file into {}", folder.display()))
    })
}

/// The model, ready to be asked.
pub(super) fn load(file: &std::path::Path) -> Result<Engine, Failure> {
    progress("Loading the model…");
    let engine = Engine::load(file);
    progress("");
    Ok(engine?)
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
