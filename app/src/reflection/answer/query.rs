//! A question as filters: the days it speaks of, the words and people it asks for, and what it wants to know.
use std::collections::HashSet;

use jiff::civil::Date;
use vault::search::time::parse_time;

use crate::reflection::{
    language::{Language, Lexicon},
    words::{Class, Word, plain, words},
};

/// What a question wants to know.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Intent {
    /// How often.
    Count,
    /// When last.
    Last,
    /// When first.
    First,
    /// Anything else.
    Open,
}

/// A question, read.
pub(super) struct Asked {
    /// What it wants to know.
    pub(super) intent: Intent,
    days: Vec<(Date, Date)>,
    people: HashSet<String>,
    stems: HashSet<String>,
    meeting: bool,
    negated: bool,
}

impl Asked {
    /// Reads a question.
    pub(super) fn new(question: &str, today: Date, language: Language) -> Self {
        let lexicon = language.lexicon();
        let text = plain(question).split_whitespace().collect::<Vec<_>>().join(" ");
        let intent = [
            ("count_question", Intent::Count),
            ("last_question", Intent::Last),
            ("first_question", Intent::First),
        ]
        .into_iter()
        .find(|(list, _)| lexicon.finds(list, text.trim_end_matches('?')))
        .map_or(Intent::Open, |(_, intent)| intent);
        let spans = parse_time(question, today);
        let outside =
            |w: &Word| spans.iter().all(|s| w.end <= s.range.start || w.start >= s.range.end);
        let all: Vec<Word> = words(question, lexicon).into_iter().filter(outside).collect();
        let person = |w: &Word| w.class == Class::Name || lexicon.has("kin", &w.lower);
        let asks = |w: &&Word| w.carries() && !person(w) && !lexicon.has("query", &w.lower);
        let people: HashSet<String> =
            all.iter().filter(|w| person(w)).map(|w| w.stem.clone()).collect();
        let meeting =
            !people.is_empty() && all.iter().any(|w| asks(&w) && lexicon.has("meeting", &w.lower));
        let stems = all
            .iter()
            .filter(asks)
            .filter(|w| !meeting || !lexicon.has("meeting", &w.lower))
            .map(|w| w.stem.clone());
        Self {
            intent,
            days: spans.iter().map(|s| (s.first, s.last)).collect(),
            stems: stems.collect(),
            people,
            meeting,
            negated: all.iter().any(|w| lexicon.has("negation", &w.lower)),
        }
    }

    /// Whether a day is one that the question speaks of.
    pub(super) fn covers(&self, date: Date) -> bool {
        self.days.is_empty()
            || self.days.iter().any(|(first, last)| (*first..=*last).contains(&date))
    }

    /// How much of the question a sentence holds; people count twice.
    pub(super) fn score(
        &self,
        sentence: &[Word],
        tags: &HashSet<String>,
        lexicon: &Lexicon,
    ) -> f32 {
        let holds =
            |stem: &&String| tags.contains(*stem) || sentence.iter().any(|w| w.stem == **stem);
        let people = self.people.iter().filter(holds).count() as f32;
        let stems = self.stems.iter().filter(holds).count() as f32;
        let asked = (2 * self.people.len() + self.stems.len()) as f32;
        if asked == 0.0 {
            let carrying = sentence
                .iter()
                .filter(|w| w.carries() && !lexicon.has("routine", &w.lower))
                .count();
            return if self.days.is_empty() { 0.0 } else { carrying.min(10) as f32 / 10.0 };
        }
        (2.0 * people + stems) / asked
    }

    /// Whether a sentence says all that was asked for, and as negated as it was asked.
    pub(super) fn is_met(
        &self,
        sentence: &[Word],
        tags: &HashSet<String>,
        lexicon: &Lexicon,
    ) -> bool {
        let any = |list| sentence.iter().any(|w| lexicon.has(list, &w.lower));
        let met = !self.meeting || any("meeting") || any("speech");
        let needed = if self.intent == Intent::Open { 0.5 } else { 1.0 };
        let agrees = self.intent == Intent::Open || any("negation") == self.negated;
        let said = self.intent == Intent::Open || !any("modal");
        met && agrees
            && said
            && self.people.iter().all(|p| sentence.iter().any(|w| w.stem == *p))
            && self.score(sentence, tags, lexicon) >= needed
    }
}
