//! Ask your journal: time, people and words of the question become filters first; counting is counted; every
//! sentence is the person's own with its entry, and where nothing answers, that is said.
mod query;

use std::collections::HashSet;

use engine::{CancelToken, Message, Role};
use jiff::civil::Date;
use vault::{Entry, EntryId};

use self::query::{Asked, Intent};
use super::{
    LanguageModel, Sentence,
    language::{Language, Lexicon},
    sentence::units,
    words::{Word, words},
};

/// How a question was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    /// With sentences, the best first.
    Answered,
    /// With a number of entries.
    Counted,
    /// Not at all; the entries given are the nearest.
    Nothing,
}

/// An answer out of the journal.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// A fixed sentence in the question's language, with the count or the date; nothing a model wrote.
    pub text: String,
    /// How it was answered.
    pub kind: AnswerKind,
    /// Entries counted, for a counting question.
    pub count: Option<usize>,
    /// Days of `entries`, in the same order.
    pub dates: Vec<Date>,
    /// Entries it rests on, or the nearest ones.
    pub entries: Vec<EntryId>,
    /// The person's own sentences.
    pub sentences: Vec<Sentence>,
}

/// Most sentences shown.
const SHOWN: usize = 5;
/// Sentences that the model puts in order.
const RANKED: usize = 8;

/// Answers `question` from `entries`, which are in order of date. `today` gives "last week" its meaning.
/// # Errors
/// The model's.
pub fn answer(
    model: &mut dyn LanguageModel,
    entries: &[Entry],
    question: &str,
    today: Date,
    cancel: &CancelToken,
) -> engine::Result<Answer> {
    let language = Language::guess(question);
    let asked = Asked::new(question, today, language);
    let mut found = Vec::new();
    for (at, entry) in entries.iter().enumerate().filter(|(_, e)| asked.covers(e.content.date)) {
        if cancel.is_canceled() {
            break;
        }
        found.extend(best_of(at, entry, &asked, language.lexicon()));
    }
    let full: Vec<&Match<'_>> = found.iter().filter(|m| m.full).collect();
    let journal = Journal { entries, language };
    if asked.intent == Intent::Count {
        return Ok(journal.counted(&full));
    }
    match (asked.intent, full.as_slice()) {
        (Intent::Last, [.., last]) => Ok(journal.dated("last", last)),
        (Intent::First, [first, ..]) => Ok(journal.dated("first", first)),
        (Intent::Open, [_, ..]) => journal.open(model, question, full, cancel),
        _ => Ok(journal.nothing(&found)),
    }
}

/// The sentence of an entry that matches best.
struct Match<'a> {
    entry: usize,
    text: &'a str,
    score: f32,
    full: bool,
}

fn best_of<'a>(at: usize, entry: &'a Entry, asked: &Asked, lexicon: &Lexicon) -> Option<Match<'a>> {
    let tags: HashSet<String> =
        entry.content.tags.iter().map(|t| lexicon.stem(&t.to_lowercase())).collect();
    let sentences = units(&entry.content.text).into_iter();
    sentences
        .filter_map(|text| {
            let words: Vec<Word> = words(text, lexicon);
            let score = asked.score(&words, &tags, lexicon);
            (score > 0.0).then(|| Match {
                entry: at,
                text,
                score,
                full: asked.is_met(&words, &tags, lexicon),
            })
        })
        .max_by(|a, b| a.full.cmp(&b.full).then(a.score.total_cmp(&b.score)))
}

struct Journal<'a> {
    entries: &'a [Entry],
    language: Language,
}

impl Journal<'_> {
    fn counted(&self, found: &[&Match<'_>]) -> Answer {
        let count = found.len();
        let text = self.text("counted", &count.to_string());
        let mut answer = self.with(AnswerKind::Counted, text, found, found.len());
        answer.count = Some(count);
        answer
    }

    fn dated(&self, which: &str, found: &Match<'_>) -> Answer {
        let date = self.entries[found.entry].content.date.to_string();
        self.with(AnswerKind::Answered, self.text(which, &date), &[found], 1)
    }

    /// The sentences that match best, in the order in which the model finds them likely after the question.
    fn open(
        &self,
        model: &mut dyn LanguageModel,
        question: &str,
        mut found: Vec<&Match<'_>>,
        cancel: &CancelToken,
    ) -> engine::Result<Answer> {
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.entry.cmp(&a.entry)));
        found.truncate(RANKED);
        let messages = [Message { role: Role::User, content: question.to_owned() }];
        let mut ranked = Vec::new();
        for item in found {
            let likely = if cancel.is_canceled() {
                0.0
            } else {
                model.log_probability(&messages, item.text)?
            };
            ranked.push((item.score + likely / 10.0, item));
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let found: Vec<&Match<'_>> = ranked.into_iter().map(|(_, m)| m).take(SHOWN).collect();
        Ok(self.with(AnswerKind::Answered, self.text("answered", ""), &found, SHOWN))
    }

    fn nothing(&self, found: &[Match<'_>]) -> Answer {
        let mut near: Vec<&Match<'_>> = found.iter().collect();
        near.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.entry.cmp(&a.entry)));
        near.truncate(SHOWN);
        self.with(AnswerKind::Nothing, self.text("nothing", ""), &near, 0)
    }

    fn with(
        &self,
        kind: AnswerKind,
        text: String,
        found: &[&Match<'_>],
        sentences: usize,
    ) -> Answer {
        let id = |m: &&Match<'_>| self.entries[m.entry].id;
        let own = |m: &&Match<'_>| Sentence {
            text: m.text.split_whitespace().collect::<Vec<_>>().join(" "),
            sources: vec![id(m)],
            quoted: true,
        };
        Answer {
            text,
            kind,
            count: None,
            dates: found.iter().map(|m| self.entries[m.entry].content.date).collect(),
            entries: found.iter().map(id).collect(),
            sentences: found.iter().take(sentences).map(own).collect(),
        }
    }

    fn text(&self, name: &str, value: &str) -> String {
        let key = format!("{} {name}: ", self.language.code());
        let texts = include_str!("../../../assets/prompts/answers.txt");
        let text = texts.lines().find_map(|l| l.strip_prefix(&key)).unwrap_or_default();
        text.replace("{count}", value).replace("{date}", value)
    }
}

#[cfg(test)]
mod tests;
