//! A question, read: the days it speaks of, whom and what it asks for, and what it wants to know.
use std::ops::RangeInclusive;

use jiff::civil::{Date, Weekday};
use vault::{
    Content,
    search::time::{TimeSpan, parse_time},
};

use super::{
    doer::is_first_verb,
    reader::{Names, Reader},
    wanted::{Item, Place},
};
use crate::reflection::{
    language::{Language, Lexicon},
    words::{Word, plain, words},
};

/// What a question wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intent {
    /// How often, or on how many days.
    Count,
    /// When last.
    Last,
    /// When first.
    First,
    /// When, or whether.
    When,
    /// Anything else.
    Open,
}

/// How the days asked for lie to an event that the question names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Before,
    After,
    Since,
    Until,
    During,
}

/// "before the move", "the day after the move".
pub(super) struct Anchor {
    pub(super) relation: Relation,
    /// The words up to the event: "the day after".
    pub(super) lead: String,
    pub(super) event: Vec<Item>,
}

/// How a question goes on from the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Follows {
    /// It stands alone.
    No,
    /// "And in April?"
    On,
    /// "Who was there?", of the days that the answer stated.
    ToDays,
    /// "When did I first meet her?"
    ToPeople,
}

/// A question, read.
pub(super) struct Asked {
    pub(super) intent: Intent,
    /// The day that it is asked on; what is later is not written yet.
    pub(super) today: Date,
    pub(super) spans: Vec<(Date, Date)>,
    pub(super) anchor: Option<Anchor>,
    pub(super) items: Vec<Item>,
    /// Whether it asks for a meeting, not a mention.
    pub(super) meeting: bool,
    /// Whether it asks for being at a place.
    pub(super) place: bool,
    /// Whether what was only thought of, or did not happen, counts too.
    pub(super) mention: bool,
    /// Whether it asks for what did not happen.
    pub(super) denied: bool,
    /// Whether days are counted, not entries.
    pub(super) days: bool,
    /// Whether it asks for people.
    pub(super) who: bool,
    /// Whether it asks for what the writer did or met with.
    pub(super) own: bool,
    /// How it goes on from what was asked before.
    follows: Follows,
    mood: Option<RangeInclusive<u8>>,
    tags: Vec<String>,
    weekdays: Vec<Weekday>,
    each_year: bool,
}

impl Asked {
    /// Reads a question.
    pub(super) fn new(question: &str, today: Date, language: Language, names: &Names<'_>) -> Self {
        let lexicon = language.lexicon();
        let times = read_times(question, today);
        let outside =
            |w: &Word| times.iter().all(|t| w.end <= t.range.start || w.start >= t.range.end);
        let mut all = words(question, lexicon);
        let joined =
            |words: &[Word]| words.iter().map(|w| w.lower.as_str()).collect::<Vec<_>>().join(" ");
        let text = joined(&all);
        all.retain(outside);
        let any = |list| all.iter().any(|w| lexicon.has(list, &w.lower));
        let said = joined(&all);
        let mut reader = Reader { question, lexicon, names, words: &all, used: Vec::new() };
        reader.idle();
        let mood = reader.mood();
        let tags = reader.tags();
        let weekdays = reader.weekdays();
        let anchor = reader.anchor();
        let items = reader.items(0..all.len());
        let each_year = lexicon.finds("each_year", &text);
        let people = items.iter().any(|item| item.person.is_some());
        let own = all.iter().any(|w| is_own(&w.lower, lexicon));
        let somewhere = items.iter().any(|item| item.place) && (any("going") || any("being"));
        let place = own && somewhere;
        let meets = any("see_question") || lexicon.finds("meet_question", &said) || place;
        // "How many Sundays": days are counted.
        let of_weekdays = !weekdays.is_empty() && lexicon.finds("count_of", &said);
        let negates = |at: &usize| lexicon.has("denies", &all[*at].lower);
        Self {
            intent: if of_weekdays { Intent::Count } else { intent(&said, lexicon) },
            today,
            spans: if each_year { Vec::new() } else { spans(&times, today) },
            anchor,
            meeting: people && meets,
            place,
            mention: any("mention_question") || any("negation"),
            denied: (0..all.len()).any(|at| negates(&at) && !reader.used.contains(&at)),
            days: of_weekdays || lexicon.finds("days_question", &text),
            who: any("who_question"),
            own,
            follows: follows(&said, lexicon, people),
            items,
            mood,
            tags,
            weekdays,
            each_year,
        }
    }

    /// The question with what it leaves unsaid taken from the one before, whose answer stated `dates`.
    pub(super) fn after(mut self, before: Self, dates: &[Date]) -> Self {
        if self.follows == Follows::No {
            return self;
        }
        let is_person = |item: &Item| item.person.is_some();
        let names_people = self.items.iter().any(is_person);
        let names_things = self.items.iter().any(|item| !is_person(item));
        if self.follows == Follows::ToDays {
            self.spans = dates.iter().map(|date| (*date, *date)).collect();
        } else if !self.is_filtered() {
            self.spans.clone_from(&before.spans);
            (self.mood, self.tags) = (before.mood, before.tags);
            self.each_year = before.each_year;
            self.anchor = self.anchor.or(before.anchor);
        }
        let goes_on = self.follows == Follows::On && self.intent == Intent::Open && !self.who;
        if goes_on {
            self.intent = before.intent;
            self.place |= before.place;
            self.meeting |= before.meeting;
            self.mention |= before.mention;
            self.days |= before.days;
        }
        let stays = |item: &Item| match is_person(item) {
            true => !names_people,
            false => goes_on && (item.act || !names_things),
        };
        if self.follows != Follows::ToDays {
            self.items.extend(before.items.into_iter().filter(stays));
        }
        self
    }

    /// Whether an entry is one that the question speaks of, by its day, mood and tags.
    pub(super) fn covers(&self, content: &Content) -> bool {
        let date = content.date;
        let same_day = (date.month(), date.day()) == (self.today.month(), self.today.day());
        date <= self.today
            && (!self.each_year || (same_day && date < self.today))
            && (self.weekdays.is_empty() || self.weekdays.contains(&date.weekday()))
            && (self.spans.is_empty() || self.spans.iter().any(|(a, b)| (*a..=*b).contains(&date)))
            && self.mood.as_ref().is_none_or(|mood| content.mood.is_some_and(|m| mood.contains(&m)))
            && self.tags.iter().all(|tag| content.tags.iter().any(|t| t.to_lowercase() == *tag))
    }

    /// How many days lie between a day and those asked for.
    pub(super) fn days_from(&self, date: Date) -> i32 {
        let days = |a: Date, b: Date| a.until(b).map_or(i32::MAX, |span| span.get_days());
        let away = self.spans.iter().map(|(first, last)| days(date, *first).max(days(*last, date)));
        away.min().unwrap_or_default().max(0)
    }

    /// As what people and places are asked for, where more than a mention is.
    pub(super) fn meets(&self) -> Option<Place> {
        self.meeting.then_some(if self.place { Place::Yes } else { Place::No })
    }

    /// Whether it asks for anything but words: days, a mood, a tag.
    pub(super) fn is_filtered(&self) -> bool {
        let days = !self.spans.is_empty() || !self.weekdays.is_empty() || self.each_year;
        days || self.mood.is_some() || !self.tags.is_empty()
    }
}

/// Expressions of time, also bare years and months that only a question gives this meaning: "entries from 1664", "of May".
fn read_times(question: &str, today: Date) -> Vec<TimeSpan> {
    let mut times = parse_time(question, today);
    // "Most recently" is the last time, not these weeks.
    times.retain(|time| !plain(&question[..time.range.start]).trim_end().ends_with("most"));
    let mut before = "";
    for word in question.split(|c: char| !c.is_alphanumeric()) {
        let start = word.as_ptr() as usize - question.as_ptr() as usize;
        let range = start..start + word.len();
        let is_free = times.iter().all(|t| range.end <= t.range.start || start >= t.range.end);
        let is_year = word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
        if is_free && (is_year || matches!(before, "of" | "from" | "von" | "vom" | "de")) {
            let spans = parse_time(&format!("in {word}"), today);
            times.extend(spans.into_iter().map(|span| TimeSpan { range: range.clone(), ..span }));
        }
        before = word;
    }
    times
}

/// Whether a word of a question has the writer do or be something.
fn is_own(word: &str, lexicon: &Lexicon) -> bool {
    let elided = word.split_once('\'').filter(|(head, _)| lexicon.has("elision", head));
    let inverted = word.rsplit_once('-').map(|(_, tail)| tail);
    let has = |word: &str| lexicon.has("subject_first", word);
    has(word)
        || elided.is_some_and(|(head, _)| has(head))
        || inverted.is_some_and(has)
        || is_first_verb(word, lexicon)
}

fn follows(text: &str, lexicon: &Lexicon, names_people: bool) -> Follows {
    if lexicon.finds("days_meant", text) {
        Follows::ToDays
    } else if lexicon.begins("follow_up", text) {
        Follows::On
    } else if !names_people && lexicon.finds("people_meant", text) {
        Follows::ToPeople
    } else {
        Follows::No
    }
}

fn intent(text: &str, lexicon: &Lexicon) -> Intent {
    let lists = [
        ("count_question", Intent::Count),
        ("last_question", Intent::Last),
        ("first_question", Intent::First),
    ];
    let found = lists.into_iter().find(|(list, _)| lexicon.finds(list, text));
    let when = lexicon.begins("when_question", text);
    // "When did Marta last call?"
    let which = text.split(' ').find_map(|word| match word {
        _ if !when => None,
        word if lexicon.has("last_word", word) => Some(("", Intent::Last)),
        word if lexicon.has("first_word", word) => Some(("", Intent::First)),
        _ => None,
    });
    found.or(which).map_or(if when { Intent::When } else { Intent::Open }, |(_, intent)| intent)
}

/// Several periods are alternatives, cut by those with an open end.
fn spans(times: &[TimeSpan], today: Date) -> Vec<(Date, Date)> {
    let is_open = |t: &&TimeSpan| t.first == Date::MIN || t.last == Date::MAX;
    let first = times.iter().filter(is_open).map(|t| t.first).max().unwrap_or(Date::MIN);
    let last = times.iter().filter(is_open).map(|t| t.last).min().unwrap_or(Date::MAX).min(today);
    let closed = times.iter().filter(|t| !is_open(t));
    let mut spans: Vec<_> = closed.map(|t| (t.first.max(first), t.last.min(last))).collect();
    if spans.is_empty() && times.iter().any(|t| is_open(&t)) {
        spans.push((first, last));
    }
    spans
}
