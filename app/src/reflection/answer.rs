//! Ask your journal: time, people, moods, tags and words of the question become filters first; counting is counted;
//! every sentence is the person's own with its entry, and where nothing answers, that is said. No model writes here.
mod anchor;
mod asked;
mod digest;
mod doer;
mod evidence;
mod nearest;
mod reader;
mod there;
mod vocabulary;
mod wanted;

use std::collections::{HashMap, HashSet};

use engine::CancelToken;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use vault::{Entry, EntryId, search::Near};

use self::{
    asked::{Asked, Intent},
    evidence::{Evidence, Hit},
    reader::Names,
    vocabulary::Vocabulary,
};
use super::{
    Sentence,
    language::{Language, Lexicon},
    words::plain,
};
use crate::insight::Aliases;

/// How a question was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AnswerKind {
    /// With sentences of the person's.
    Answered,
    /// With a number.
    Counted,
    /// Not at all; the entries given are the nearest.
    Nothing,
}

impl AnswerKind {
    /// Its name for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Counted => "counted",
            Self::Nothing => "nothing",
        }
    }
}

/// An answer out of the journal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// A fixed sentence in the question's language, with the count or the date; nothing a model wrote.
    pub text: String,
    /// How it was answered.
    pub kind: AnswerKind,
    /// What was counted, for a counting question.
    pub count: Option<usize>,
    /// The days that the answer states, in order.
    pub dates: Vec<Date>,
    /// Entries it rests on, or the nearest ones.
    pub entries: Vec<EntryId>,
    /// The person's own sentences.
    pub sentences: Vec<Sentence>,
}

/// Most things that are asked for at once.
const MOST_ITEMS: usize = 16;
/// Most sentences shown.
const SHOWN: usize = 5;
/// Most sentences shown of what is counted.
const COUNTED_SHOWN: usize = 12;
/// How much of what is asked for, by weight, a sentence must have.
const ENOUGH: f32 = 0.6;
/// What a sentence of the writer's doings counts for more, where a question asks for these.
const OWN: f32 = 0.2;
/// Nearness of meaning from which a passage answers by itself, and below which it says nothing.
const NEAR: f32 = 0.5;
const FAR: f32 = 0.3;

/// A question to the journal.
#[derive(Clone)]
pub struct Question {
    /// As it was typed.
    pub text: String,
    /// The day that "last week" counts from.
    pub today: Date,
    /// What was asked and answered before it in the same conversation, oldest first.
    pub before: Vec<Earlier>,
    /// Names that the person said are of one.
    pub aliases: Aliases,
}

/// A question that was asked before.
#[derive(Clone)]
pub struct Earlier {
    /// As it was typed.
    pub question: String,
    /// The days that its answer stated.
    pub dates: Vec<Date>,
}

/// Answers `question` from `entries`, which are in order of date. `near` are the passages nearest to what the question
/// means, one an entry; empty where that is not known.
#[must_use]
pub fn answer(
    entries: &[Entry],
    question: &Question,
    near: &[Near],
    cancel: &CancelToken,
) -> Answer {
    let language = match question.text.contains('¿') {
        true => Language::Spanish,
        false => Language::guess(&question.text),
    };
    let lexicon = language.lexicon();
    let vocabulary = Vocabulary::new(entries);
    let is_alias = |word: &str| !question.aliases.others(word).is_empty();
    let (text, slips) = vocabulary.mend(&question.text, lexicon, &is_alias);
    let read = |text: &str| {
        let is_name = |word: &str| vocabulary.is_name(word);
        let names = Names { is_name: &is_name, aliases: &question.aliases };
        Asked::new(text, question.today, language, &names)
    };
    let earlier = question.before.iter().map(|it| (read(&it.question), it.dates.as_slice()));
    let before =
        earlier.reduce(|(asked, dates), (next, stated)| (next.after(asked, dates), stated));
    let asked = read(&text);
    let asked = match before {
        Some((before, dates)) => asked.after(before, dates),
        None => asked,
    };
    let journal = Journal { entries, vocabulary: &vocabulary, language, lexicon, cancel };
    let mut answer = journal.answer(asked, near);
    for (typed, meant) in slips {
        let note = journal.text("read", &[("typed", typed), ("words", meant)]);
        answer.text = format!("{} {note}", answer.text);
    }
    answer
}

/// What is asked: entries, and the language of the question.
struct Journal<'a> {
    entries: &'a [Entry],
    vocabulary: &'a Vocabulary,
    language: Language,
    lexicon: &'a Lexicon,
    cancel: &'a CancelToken,
}

impl<'a> Journal<'a> {
    fn answer(&self, mut asked: Asked, near: &[Near]) -> Answer {
        anchor::resolve(&mut asked, self);
        asked.items.truncate(MOST_ITEMS);
        let covered: Vec<usize> =
            (0..self.entries.len()).filter(|&at| asked.covers(&self.entries[at].content)).collect();
        if asked.items.is_empty() {
            return self.of_days(&asked, &covered);
        }
        let evidence = Evidence::gather(self, &covered, &asked);
        let full = evidence.full(&asked);
        match (asked.intent, full.as_slice()) {
            // What did not happen is not written down, and can't be counted.
            (Intent::Count, _) if asked.denied => self.nothing(near, &covered, &asked),
            (Intent::Count, _) => self.counted(&asked, &full),
            (Intent::Last, [.., last]) => self.dated("last", last),
            (Intent::First, [first, ..]) => {
                let said = |hit: &&Hit<'_>| self.lexicon.finds("said_first", &plain(hit.text));
                self.dated("first", full.iter().find(said).unwrap_or(first))
            }
            (Intent::When, [_, ..]) => self.when(full, &asked),
            (Intent::Open, _) => self.open(&evidence, full, near, &covered),
            _ => self.nothing(near, &covered, &asked),
        }
    }

    /// Days alone are asked for: how many, or what they brought.
    fn of_days(&self, asked: &Asked, covered: &[usize]) -> Answer {
        if asked.intent == Intent::Count {
            let hits: Vec<Hit<'a>> = covered.iter().map(|&at| Hit::bare(at)).collect();
            return self.counted(asked, &hits);
        }
        let dated = match asked.intent {
            Intent::Last if asked.is_filtered() => covered.last().map(|at| ("last", *at)),
            Intent::First if asked.is_filtered() => covered.first().map(|at| ("first", *at)),
            _ => None,
        };
        if let Some((name, at)) = dated {
            return self.dated(name, &Hit::bare(at));
        }
        let told =
            if asked.is_filtered() { digest::digest(self, covered, asked) } else { Vec::new() };
        if told.is_empty() {
            return self.nothing(&[], covered, asked);
        }
        self.with(AnswerKind::Answered, self.text("answered", &[]), &told)
    }

    fn counted(&self, asked: &Asked, found: &[Hit<'a>]) -> Answer {
        let days: HashSet<Date> = found.iter().map(|h| self.date(h.entry)).collect();
        let count = if asked.days { days.len() } else { found.len() };
        let looked_for: Vec<&str> = asked.items.iter().map(|item| item.shown.as_str()).collect();
        let name = match (asked.items.is_empty(), asked.days) {
            (true, true) => "days",
            (true, false) => "entries",
            (false, true) => "counted-days",
            (false, false) => "counted",
        };
        let values = [("count", count.to_string()), ("words", looked_for.join(", "))];
        let mut answer = self.with(AnswerKind::Counted, self.text(name, &values), found);
        answer.count = Some(count);
        answer.sentences.truncate(COUNTED_SHOWN);
        answer
    }

    fn dated(&self, which: &str, found: &Hit<'a>) -> Answer {
        let date = self.date(found.entry).to_string();
        let text = self.text(which, &[("date", date)]);
        self.with(AnswerKind::Answered, text, std::slice::from_ref(found))
    }

    /// The days on which all that was asked for is said, those that say it best; of the writer, where
    /// that is asked for.
    fn when(&self, mut found: Vec<Hit<'a>>, asked: &Asked) -> Answer {
        let fits = |hit: &Hit<'a>| hit.score + if asked.own && hit.own { OWN } else { 0.0 };
        found.sort_by(|a, b| fits(b).total_cmp(&fits(a)).then(a.entry.cmp(&b.entry)));
        found.truncate(SHOWN);
        found.sort_by_key(|hit| hit.entry);
        let dates: Vec<String> = found.iter().map(|h| self.date(h.entry).to_string()).collect();
        let text = self.text("when", &[("date", dates.join(", "))]);
        self.with(AnswerKind::Answered, text, &found)
    }

    /// The sentences that match best by words and by meaning, in order of their days.
    fn open(
        &self,
        evidence: &Evidence<'a, '_>,
        full: Vec<Hit<'a>>,
        near: &[Near],
        covered: &[usize],
    ) -> Answer {
        let mut found = full;
        self.add_near(&mut found, evidence, near, covered);
        if found.is_empty() {
            return self.nothing(near, covered, evidence.asked);
        }
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.entry.cmp(&a.entry)));
        found.truncate(SHOWN);
        found.sort_by_key(|hit| hit.entry);
        self.with(AnswerKind::Answered, self.text("answered", &[]), &found)
    }

    /// Adds the passages that mean what is asked; those that were found by words gain by it. Where somebody was
    /// is not told by meaning.
    fn add_near(
        &self,
        found: &mut Vec<Hit<'a>>,
        evidence: &Evidence<'a, '_>,
        near: &[Near],
        covered: &[usize],
    ) {
        let places: HashMap<EntryId, usize> =
            covered.iter().map(|&at| (self.entries[at].id, at)).collect();
        let near = near.iter().filter_map(|near| Some((near, *places.get(&near.id)?)));
        for (near, at) in near.take(2 * SHOWN).take_while(|(near, _)| near.similarity >= FAR) {
            let gain = (near.similarity - FAR) / (1.0 - FAR);
            if let Some(hit) = found.iter_mut().find(|hit| hit.entry == at) {
                hit.score += gain;
            } else if !evidence.asked.place
                && (near.similarity >= NEAR || (evidence.has_any(at) && gain > 0.1))
            {
                let Some(text) = self.entries[at].content.text.get(near.range.clone()) else {
                    continue;
                };
                found.push(Hit { text, score: gain, ..Hit::bare(at) });
            }
        }
    }

    /// Nothing answers; the entries that come nearest, by words, by meaning or by their day.
    fn nothing(&self, near: &[Near], covered: &[usize], asked: &Asked) -> Answer {
        let mut near = nearest::nearest(self, near, asked);
        if near.is_empty() && asked.is_filtered() {
            near = covered.iter().rev().take(SHOWN).map(|&at| Hit::bare(at)).collect();
        }
        if near.is_empty() {
            near = digest::around(self, asked).into_iter().map(Hit::bare).collect();
        }
        let mut answer = self.with(AnswerKind::Nothing, self.text("nothing", &[]), &near);
        answer.dates.clear();
        answer.sentences.clear();
        answer
    }

    fn with(&self, kind: AnswerKind, text: String, found: &[Hit<'a>]) -> Answer {
        let id = |hit: &Hit<'_>| self.entries[hit.entry].id;
        let own = |hit: &Hit<'_>| Sentence {
            text: hit.text.split_whitespace().collect::<Vec<_>>().join(" "),
            sources: vec![id(hit)],
            quoted: true,
        };
        let mut dates: Vec<Date> = found.iter().map(|hit| self.date(hit.entry)).collect();
        dates.dedup();
        let mut entries: Vec<EntryId> = found.iter().map(id).collect();
        entries.dedup();
        let sentences = found.iter().filter(|hit| !hit.text.is_empty()).map(own).collect();
        Answer { text, kind, count: None, dates, entries, sentences }
    }

    fn date(&self, entry: usize) -> Date {
        self.entries[entry].content.date
    }

    fn text(&self, name: &str, values: &[(&str, String)]) -> String {
        let key = format!("{} {name}: ", self.language.code());
        let texts = include_str!("../../../assets/prompts/answers.txt");
        let text = texts.lines().find_map(|l| l.strip_prefix(&key)).unwrap_or_default();
        let fill = |text: String, (name, value): &(&str, String)| {
            text.replace(&format!("{{{name}}}"), value)
        };
        values.iter().fold(text.to_owned(), fill)
    }
}

#[cfg(test)]
mod tests;
