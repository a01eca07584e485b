//! What an empty page may ask: out of the person's own life first, then off a shelf of questions.
//!
//! Nothing is drawn from entries that speak of harm, a death or a parting, and nothing comes back within weeks.
use jiff::{ToSpan as _, civil::Date};
use serde::{Deserialize, Serialize};
use vault::{Entry, EntryId, Session};

use super::{Named, OpenLoop, Overview, Theme, hash};
use crate::reflection::{
    crisis,
    language::Language,
    sentence::sentences,
    words::{Word, words},
};

/// The sealed value of what was shown and what was put away.
const NAME: &str = "insight/prompts";
/// Days until a prompt may come back.
const REST: i64 = 42;
/// A person or theme has to be away for so many days, and no more than so many.
const AWAY: (i32, i32) = (30, 180);
/// In so many entries of the half year before they went away.
const OFTEN: usize = 4;
/// Years that "this day" looks back.
const YEARS: i16 = 20;
/// Words of a sentence worth quoting.
const QUOTE: std::ops::RangeInclusive<usize> = 6..=36;
/// Most prompts of one kind.
const MOST: usize = 3;

/// What a prompt comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Something that was to be done.
    OpenLoop,
    /// The same day of another year.
    ThisDay,
    /// Somebody not written about for a while.
    Person,
    /// Something not written about for a while.
    Theme,
    /// The shelf.
    Shelf,
}

/// A question for an empty page. No `Debug`: most quote the journal.
#[derive(Clone, PartialEq, Eq)]
pub struct Prompt {
    /// Names it for ever, without saying what it is.
    pub key: String,
    /// Where it comes from.
    pub source: Source,
    /// The question, with what it quotes.
    pub text: String,
    /// The entry that it rests on.
    pub entry: Option<(EntryId, Date)>,
}

/// What prompts are made of.
pub struct Life<'a> {
    /// Who and what is in the journal.
    pub overview: &'a Overview,
    /// What is still open.
    pub loops: &'a [OpenLoop],
    /// Every entry with its day, oldest first.
    pub days: &'a [(EntryId, Date)],
    /// Reads an entry, unless nothing may be drawn from it.
    pub read: &'a dyn Fn(EntryId) -> Option<Entry>,
    /// Which day it is.
    pub today: Date,
    /// The language that is mostly written in.
    pub language: Language,
}

/// Every prompt of the day, the best first, whether it was shown or not.
#[must_use]
pub fn prompts(life: &Life<'_>) -> Vec<Prompt> {
    let own = [life.of_loops(), life.of_this_day(), life.of_people(), life.of_themes()];
    // One of each kind in turn.
    let mut found: Vec<Prompt> = Vec::new();
    for rank in 0..MOST {
        found.extend(own.iter().filter_map(|prompts| prompts.get(rank)).cloned());
    }
    found.extend(shelf(life.language, life.today));
    found
}

impl Life<'_> {
    fn of_loops(&self) -> Vec<Prompt> {
        let late = self.loops.iter().filter(|open| open.due < self.today);
        let prompt = |(at, open): (usize, &OpenLoop)| {
            let values = [("quote", open.sentence.clone()), ("date", self.date(open.date))];
            let text = self.text("loop", at, &values)?;
            let entry = Some((open.entry, open.date));
            Some(Prompt { key: open.key.clone(), source: Source::OpenLoop, text, entry })
        };
        late.take(MOST).enumerate().filter_map(prompt).collect()
    }

    fn of_this_day(&self) -> Vec<Prompt> {
        let today = self.today;
        let day = |years: i16| Some((years, today.with().year(today.year() - years).build().ok()?));
        let days = (1..=YEARS).filter_map(day);
        let entries = days.flat_map(|(years, date)| {
            let of_day = self.days.iter().filter(move |(_, other)| *other == date);
            of_day.map(move |(id, date)| (years, *id, *date))
        });
        entries.filter_map(|(years, id, date)| self.this_day(years, id, date)).take(MOST).collect()
    }

    fn this_day(&self, years: i16, id: EntryId, date: Date) -> Option<Prompt> {
        let entry = self.gentle(id)?;
        let quote = telling(&entry.content.text)?;
        let name = if years == 1 { "day_one" } else { "day" };
        let values = [("quote", quote), ("years", years.to_string())];
        let text = self.text(name, 0, &values)?;
        let key = hash(&format!("day {id} {date}"));
        Some(Prompt { key, source: Source::ThisDay, text, entry: Some((id, date)) })
    }

    fn of_people(&self) -> Vec<Prompt> {
        let people = self.overview.people.iter();
        people.enumerate().filter_map(|(at, who)| self.person(at, who)).take(MOST).collect()
    }

    fn person(&self, at: usize, who: &Named) -> Option<Prompt> {
        let days: Vec<(EntryId, Date)> =
            who.evidence.iter().map(|it| (it.entry, it.date)).collect();
        let last = self.away(&days)?;
        // Whoever is gone for good is nobody's prompt.
        let recent = days.iter().rev().take(OFTEN);
        let gentle = recent.map(|(id, _)| self.gentle(*id)).collect::<Option<Vec<_>>>();
        gentle?;
        let values = [("name", who.name.clone()), ("date", self.date(last.1))];
        let text = self.text("person", at, &values)?;
        let key = hash(&format!("person {}", who.ways.first()?));
        Some(Prompt { key, source: Source::Person, text, entry: Some(last) })
    }

    fn of_themes(&self) -> Vec<Prompt> {
        let since = self.today.saturating_sub(i64::from(AWAY.1).days());
        let recent = self.overview.themes.iter().filter(|(month, _)| *month >= since);
        let themes = recent.flat_map(|(_, themes)| themes).enumerate();
        themes.filter_map(|(at, theme)| self.theme(at, theme)).take(MOST).collect()
    }

    fn theme(&self, at: usize, theme: &Theme) -> Option<Prompt> {
        let (id, date) = self.away(&theme.entries)?;
        self.gentle(id)?;
        let later = self.days.iter().filter(|(_, day)| *day > date);
        let again = |id: &EntryId| {
            let entry = (self.read)(*id)?;
            entry.content.text.to_lowercase().contains(&theme.word).then_some(())
        };
        if later.into_iter().any(|(id, _)| again(id).is_some()) {
            return None;
        }
        let values = [("word", theme.word.clone()), ("date", self.date(date))];
        let text = self.text("thread", at, &values)?;
        let key = hash(&format!("theme {}", theme.word));
        Some(Prompt { key, source: Source::Theme, text, entry: Some((id, date)) })
    }

    /// The last entry of somebody or something that was there often and is not any more, while the
    /// person wrote on.
    fn away(&self, days: &[(EntryId, Date)]) -> Option<(EntryId, Date)> {
        let last = *days.last()?;
        let half_year = last.1.saturating_sub(i64::from(AWAY.1).days());
        let often = days.iter().filter(|(_, day)| *day >= half_year).count() >= OFTEN;
        let gone = last.1.until(self.today).ok()?.get_days();
        let wrote_on = self.days.iter().filter(|(_, day)| *day > last.1).count() >= OFTEN;
        (often && wrote_on && (AWAY.0..=AWAY.1).contains(&gone)).then_some(last)
    }

    /// An entry, unless it speaks of harm, of a death or a parting, or was a heavy day.
    fn gentle(&self, id: EntryId) -> Option<Entry> {
        let entry = (self.read)(id)?;
        let text = &entry.content.text;
        let lexicon = Language::guess(text).lexicon();
        let grieves = words(text, lexicon).iter().any(|w| lexicon.has("grief", &w.lower));
        let heavy = entry.content.mood == Some(1);
        (!grieves && !heavy && crisis(text).is_none()).then_some(entry)
    }

    fn date(&self, date: Date) -> String {
        let months = lines(self.language, "months").next().unwrap_or_default();
        let month = usize::try_from(date.month()).unwrap_or(1) - 1;
        let month = months.split(' ').nth(month).unwrap_or_default();
        let form = lines(self.language, "date").next().unwrap_or_default();
        form.replace("{day}", &date.day().to_string())
            .replace("{month}", month)
            .replace("{year}", &date.year().to_string())
    }

    /// One of the wordings of a kind, in turn, filled.
    fn text(&self, name: &str, turn: usize, values: &[(&str, String)]) -> Option<String> {
        let wordings: Vec<&str> = lines(self.language, name).collect();
        let wording = wordings.get(turn % wordings.len().max(1))?;
        let fill = |text: String, (name, value): &(&str, String)| {
            text.replace(&format!("{{{name}}}"), value)
        };
        Some(values.iter().fold((*wording).to_owned(), fill))
    }
}

/// The shelf, beginning somewhere else each day.
fn shelf(language: Language, today: Date) -> Vec<Prompt> {
    let mut found: Vec<Prompt> = lines(language, "shelf")
        .map(|text| Prompt {
            key: hash(&format!("shelf {text}")),
            source: Source::Shelf,
            text: text.to_owned(),
            entry: None,
        })
        .collect();
    let turn = usize::try_from(today.day_of_year()).unwrap_or_default() * 7;
    let from = turn % found.len().max(1);
    found.rotate_left(from);
    found
}

fn lines(language: Language, name: &str) -> impl Iterator<Item = &'static str> {
    let file = match language {
        Language::English => include_str!("../../../assets/prompts/prompts.en.txt"),
        Language::German => include_str!("../../../assets/prompts/prompts.de.txt"),
        Language::French => include_str!("../../../assets/prompts/prompts.fr.txt"),
        Language::Spanish => include_str!("../../../assets/prompts/prompts.es.txt"),
    };
    let name = name.to_owned();
    let lines = file.lines().filter_map(|line| line.split_once(": "));
    lines.filter(move |(kind, _)| *kind == name).map(|(_, text)| text)
}

/// A sentence that says something of its day: the first of a fit length in which the writer is.
fn telling(text: &str) -> Option<String> {
    let lexicon = Language::guess(text).lexicon();
    let fits = |sentence: &&str| {
        let words = words(sentence, lexicon);
        let mine = words.iter().any(|w| lexicon.has("first", &w.lower));
        mine && QUOTE.contains(&words.len())
            && words.iter().filter(|w| Word::carries(w)).count() > 2
    };
    let found = sentences(text).into_iter().find(fits)?;
    Some(found.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What was shown and put away, by the keys alone. No `Debug`.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Shown {
    /// When each was shown last.
    shown: Vec<(String, Date)>,
    /// Open loops that are to be shown no more, and since when.
    dismissed: Vec<(String, Date)>,
}

impl Shown {
    /// What a journal holds; what can't be read counts as nothing.
    #[must_use]
    pub fn load(session: &Session) -> Self {
        let bytes = session.value(NAME).ok().flatten().unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Without those that were shown of late; the last one of today is the first again.
    #[must_use]
    pub fn rested(&self, prompts: Vec<Prompt>, today: Date) -> Vec<Prompt> {
        let since = today.saturating_sub(REST.days());
        let last = self.shown.last().filter(|(_, day)| *day == today).map(|(key, _)| key);
        let rests = |prompt: &Prompt| {
            self.shown.iter().any(|(key, day)| *key == prompt.key && *day > since)
        };
        let is_last = |prompt: &Prompt| Some(&prompt.key) == last;
        let (mut first, rest): (Vec<Prompt>, Vec<Prompt>) = prompts.into_iter().partition(is_last);
        first.extend(rest.into_iter().filter(|prompt| !rests(prompt)));
        first
    }

    /// Remembers that a prompt was shown.
    /// # Errors
    /// Those of the vault.
    pub fn note(&mut self, session: &mut Session, key: &str, today: Date) -> vault::Result<()> {
        let since = today.saturating_sub(REST.days());
        if self.shown.last().is_some_and(|(last, day)| last == key && *day == today) {
            return Ok(());
        }
        self.shown.retain(|(other, day)| other != key && *day > since);
        self.shown.push((key.to_owned(), today));
        self.seal(session)
    }

    /// Puts an open loop away for good.
    /// # Errors
    /// Those of the vault.
    pub fn dismiss(&mut self, session: &mut Session, key: &str, today: Date) -> vault::Result<()> {
        let since = today.saturating_sub((2 * super::LET_GO).days());
        self.dismissed.retain(|(other, day)| other != key && *day > since);
        self.dismissed.push((key.to_owned(), today));
        self.seal(session)
    }

    /// Whether an open loop was put away.
    #[must_use]
    pub fn is_dismissed(&self, key: &str) -> bool {
        self.dismissed.iter().any(|(other, _)| other == key)
    }

    fn seal(&self, session: &mut Session) -> vault::Result<()> {
        session.set_value(NAME, &serde_json::to_vec(self).unwrap_or_default())
    }
}
