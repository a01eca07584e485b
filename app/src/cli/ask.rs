//! The command that asks the journal: an answer in the person's own words, or that there is none.

use std::{collections::HashMap, io};

use engine::CancelToken;
use jiff::civil::Date;
use serde::Serialize;
use vault::{Entry, EntryId};

use super::{
    arguments,
    failure::Failure,
    index, insight,
    journal::{Context, today},
    screen::{plain, print},
};
use crate::{
    permission::Permission,
    reflection::{
        self, Sentence,
        answer::{Answer, AnswerKind, Question, answer},
        crisis::Care,
    },
};

/// Answers a question from the entries up to today.
pub(super) fn ask(context: &Context, arguments: &arguments::Ask) -> Result<(), Failure> {
    let question = arguments.question.join(" ");
    let session = context.open()?;
    let mut entries = Vec::new();
    session.for_each_entry(&mut |entry| entries.push(entry))?;
    Permission::load(&session).retain(&mut entries);
    let near = index::near(context, &session, &question)?;
    let day = arguments.today.unwrap_or_else(today);
    let aliases = insight::merged(&session)?;
    let asked = Question { text: question, today: day, before: Vec::new(), aliases };
    let answer = answer(&entries, &asked, &near, &CancelToken::default());
    let document = Document::new(answer, &asked.text, &entries);
    print(context.format, &document, print_answer)
}

#[derive(Serialize)]
struct Document {
    answer: String,
    kind: &'static str,
    count: Option<usize>,
    dates: Vec<Date>,
    entries: Vec<EntryDocument>,
    sentences: Vec<SentenceDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    care: Option<&'static str>,
}

#[derive(Serialize)]
struct EntryDocument {
    id: String,
    date: Date,
}

#[derive(Serialize)]
struct SentenceDocument {
    text: String,
    sources: Vec<String>,
}

impl Document {
    fn new(answer: Answer, question: &str, entries: &[Entry]) -> Self {
        let dates: HashMap<EntryId, Date> =
            entries.iter().map(|entry| (entry.id, entry.content.date)).collect();
        let document = |id: &EntryId| {
            dates.get(id).map(|date| EntryDocument { id: id.to_string(), date: *date })
        };
        Self {
            entries: answer.entries.iter().filter_map(document).collect(),
            answer: answer.text,
            kind: answer.kind.name(),
            count: answer.count,
            dates: answer.dates,
            sentences: answer.sentences.into_iter().map(SentenceDocument::from).collect(),
            care: reflection::crisis(question).map(Care::text),
        }
    }

    fn is_nothing(&self) -> bool {
        self.kind == AnswerKind::Nothing.name()
    }

    fn date_of(&self, sentence: &SentenceDocument) -> Option<Date> {
        let source = sentence.sources.first()?;
        self.entries.iter().find(|entry| entry.id == *source).map(|entry| entry.date)
    }
}

impl From<Sentence> for SentenceDocument {
    fn from(sentence: Sentence) -> Self {
        let sources = sentence.sources.iter().map(ToString::to_string).collect();
        Self { text: sentence.text, sources }
    }
}

fn print_answer(document: &Document, out: &mut dyn io::Write) -> io::Result<()> {
    if let Some(care) = document.care {
        writeln!(out, "{care}\n")?;
    }
    writeln!(out, "{}", plain(&document.answer))?;
    for sentence in &document.sentences {
        let date = document.date_of(sentence).map(|date| date.to_string()).unwrap_or_default();
        writeln!(out, "  {date}  “{}”", plain(&sentence.text))?;
    }
    if document.is_nothing() && !document.entries.is_empty() {
        writeln!(out, "Nearest:")?;
        for entry in &document.entries {
            writeln!(out, "  {}  {}", entry.date, &entry.id[..8])?;
        }
    }
    Ok(())
}
