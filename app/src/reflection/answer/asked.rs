//! A question, read: the days it speaks of, whom and what it asks for, and what it wants to know.
use std::ops::{Range, RangeInclusive};

use jiff::civil::Date;
use vault::{
    Content,
    search::time::{TimeSpan, parse_time},
};

use super::wanted::{Item, Person, Place};
use crate::reflection::{
    language::{Language, Lexicon},
    words::{Class, Word, plain, words},
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

/// How many words before "after" may say how long after.
const LEAD: usize = 3;

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
    each_year: bool,
}

impl Asked {
    /// Reads a question. `is_name` tells a name that is written small.
    pub(super) fn new(
        question: &str,
        today: Date,
        language: Language,
        is_name: &dyn Fn(&str) -> bool,
    ) -> Self {
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
        let mut reader = Reader { question, lexicon, is_name, words: &all, used: Vec::new() };
        reader.idle();
        let mood = reader.mood();
        let tags = reader.tags();
        let anchor = reader.anchor();
        let items = reader.items(0..all.len());
        let each_year = lexicon.finds("each_year", &text);
        let people = items.iter().any(|item| item.person.is_some());
        let place = lexicon.finds("place_question", &said);
        let meets = any("see_question") || lexicon.finds("meet_question", &said) || place;
        Self {
            intent: intent(&said, lexicon),
            today,
            spans: if each_year { Vec::new() } else { spans(&times, today) },
            anchor,
            meeting: people && meets,
            place,
            mention: any("mention_question") || any("negation"),
            days: lexicon.finds("days_question", &text),
            who: any("who_question"),
            own: any("subject_first"),
            follows: follows(&said, lexicon, people),
            items,
            mood,
            tags,
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
            && (self.spans.is_empty() || self.spans.iter().any(|(a, b)| (*a..=*b).contains(&date)))
            && self.mood.as_ref().is_none_or(|mood| content.mood.is_some_and(|m| mood.contains(&m)))
            && self.tags.iter().all(|tag| content.tags.iter().any(|t| t.to_lowercase() == *tag))
    }

    /// As what people and places are asked for, where more than a mention is.
    pub(super) fn meets(&self) -> Option<Place> {
        self.meeting.then_some(if self.place { Place::Yes } else { Place::No })
    }

    /// Whether it asks for anything but words: days, a mood, a tag.
    pub(super) fn is_filtered(&self) -> bool {
        !self.spans.is_empty() || self.mood.is_some() || !self.tags.is_empty() || self.each_year
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

/// Takes the words of a question one part after the other.
struct Reader<'a> {
    question: &'a str,
    lexicon: &'a Lexicon,
    is_name: &'a dyn Fn(&str) -> bool,
    words: &'a [Word],
    /// Words that are taken, by their place.
    used: Vec<usize>,
}

impl Reader<'_> {
    /// What says nothing of what is asked for: "come up", "is there talk of".
    fn idle(&mut self) {
        for way in self.lexicon.list("idle") {
            if let Some(taken) = self.said(&[way], 0..self.words.len()) {
                self.used.extend(taken);
            }
        }
    }

    /// "in a good mood", "mood below 3".
    fn mood(&mut self) -> Option<RangeInclusive<u8>> {
        let at = self.words.iter().position(|w| self.lexicon.has("mood_question", &w.lower))?;
        let near = at.saturating_sub(2)..(at + 4).min(self.words.len());
        let list =
            |list: &str| near.clone().find(|&at| self.lexicon.has(list, &self.words[at].lower));
        let number = near.clone().find_map(|at| Some((at, self.words[at].lower.parse().ok()?)));
        let (low, high) = (list("mood_low"), list("mood_high"));
        let (place, range) = match (number, low, high) {
            (Some((at, number)), Some(_), _) => (at, 1..=u8::saturating_sub(number, 1)),
            (Some((at, number)), None, Some(_)) => (at, u8::saturating_add(number, 1)..=5),
            (Some((at, number)), None, None) => (at, number..=number),
            (None, Some(at), _) => (at, 1..=2),
            (None, None, Some(at)) => (at, 4..=5),
            (None, None, None) => return None,
        };
        self.used.extend([at, place].into_iter().chain(low).chain(high));
        Some(range)
    }

    /// "#garden", "tagged garden".
    fn tags(&mut self) -> Vec<String> {
        let mut tags = Vec::new();
        for (at, word) in self.words.iter().enumerate() {
            let hash = self.question[..word.start].ends_with('#');
            let said = at > 0 && self.lexicon.has("tag_question", &self.words[at - 1].lower);
            if hash || said {
                tags.push(word.lower.clone());
                self.used.extend([at, if said { at - 1 } else { at }]);
            }
        }
        tags
    }

    /// "before the move", at the end of the question.
    fn anchor(&mut self) -> Option<Anchor> {
        const RELATIONS: [(&str, Relation); 5] = [
            ("anchor_before", Relation::Before),
            ("anchor_after", Relation::After),
            ("anchor_since", Relation::Since),
            ("anchor_until", Relation::Until),
            ("anchor_during", Relation::During),
        ];
        let named =
            |w: &Word| RELATIONS.into_iter().find(|(list, _)| self.lexicon.has(list, &w.lower));
        let mut places = self.words.iter().enumerate().skip(1);
        let (at, relation) = places.find_map(|(at, w)| Some((at, named(w)?.1)))?;
        let lead = &self.words[at.saturating_sub(LEAD)..=at];
        let lead = self.question[lead[0].start..self.words[at].end].to_owned();
        let before = self.used.len();
        let event = self.items(at + 1..self.words.len());
        if event.is_empty() {
            self.used.truncate(before);
            return None;
        }
        self.used.extend(at..self.words.len());
        Some(Anchor { relation, lead, event })
    }

    /// What is said in several ways first, then people, then single words.
    fn items(&mut self, range: Range<usize>) -> Vec<Item> {
        let mut items = Vec::new();
        for way in self.lexicon.alike() {
            if let Some(taken) = self.said(&way.words, range.clone()) {
                self.used.extend(taken);
                items.push(Item::alike(way, self.lexicon));
            }
        }
        let mut at = range.start;
        while at < range.end {
            let person = if self.used.contains(&at) { None } else { self.person(at, range.end) };
            at += 1;
            if let Some((person, taken)) = person {
                self.used.extend(taken.clone());
                items.push(Item::person(person, self.lexicon));
                at = taken.end;
            }
        }
        let asks = |w: &Word| {
            let word = self.lexicon.bare(&w.lower);
            w.carries()
                && !["query", "light", "see_question", "mention_question"]
                    .iter()
                    .any(|list| self.lexicon.has(list, word))
        };
        for at in range {
            if !self.used.contains(&at) && asks(&self.words[at]) {
                let mut item = Item::word(&self.words[at], self.lexicon);
                let mine = |at: usize| self.lexicon.has("possessive", &self.words[at].lower);
                item.mine = at.checked_sub(1).is_some_and(mine);
                items.push(item);
            }
        }
        items
    }

    /// Where one of several ways to say a thing stands.
    fn said(&self, alike: &[&str], range: Range<usize>) -> Option<Range<usize>> {
        alike.iter().find_map(|way| {
            let stems: Vec<String> = way.split('_').map(|w| self.lexicon.stem(w)).collect();
            let mut starts = range.clone();
            let start = starts.find(|&at| {
                at + stems.len() <= range.end
                    && stems
                        .iter()
                        .zip(at..)
                        .all(|(stem, at)| self.words[at].stem == *stem && !self.used.contains(&at))
            })?;
            Some(start..start + stems.len())
        })
    }

    /// Somebody named from here on: a title and names, or a relation ("my mother").
    fn person(&self, at: usize, end: usize) -> Option<(Person, Range<usize>)> {
        let word = &self.words[at];
        let is_name = |at: usize| {
            at < end && !self.used.contains(&at) && {
                let word = &self.words[at];
                word.class == Class::Name || (word.carries() && (self.is_name)(&word.lower))
            }
        };
        let kin = self.lexicon.has("kin", &word.lower);
        let titled = kin || self.lexicon.has("title", &word.lower);
        let first = if titled && is_name(at + 1) { at + 1 } else { at };
        let names = (first..end).take_while(|&at| is_name(at)).count();
        if names == 0 && !kin {
            return None;
        }
        let taken = at..first.max(at) + names.max(1);
        let names: Vec<String> = match names {
            0 => vec![word.lower.clone()],
            count => self.words[first..first + count].iter().map(|w| w.lower.clone()).collect(),
        };
        let title = (first > at).then(|| word.lower.clone());
        let names = names.into_iter().map(|n| n.trim_end_matches("'s").to_owned()).collect();
        Some((Person { kin: kin && title.is_none(), title, names }, taken))
    }
}
