//! What is known of an open journal, brought up to date with each entry that is saved; dropped when it locks.
use jiff::{ToSpan as _, civil::Date};
use vault::{Entry, EntryId, Session};

use super::{
    Aliases, Correction, Corrections, Insight, Kind, LET_GO, Life, Named, OpenLoop, Overview,
    Prompt, Shown, key_of, open_loops, prompts,
};
use crate::reflection::{language::Language, sentence::sentences};

/// What the names of all sealed values begin with.
const NAMES: &str = "insight/";
/// Entries that tell in what language is written.
const NEWEST: usize = 20;

/// A sentence that speaks of what was asked for, with its entry. No `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Quote {
    /// Its entry.
    pub entry: EntryId,
    /// Its day.
    pub date: Date,
    /// The sentence.
    pub text: String,
}

/// What the person says about a name. No `Debug`: it holds names.
#[derive(Clone, PartialEq, Eq)]
pub enum Change {
    /// It is somebody, some place, or nothing that is to be shown or remembered.
    Kind(Kind),
    /// It is another name of this one.
    SameAs(String),
    /// It is to be shown so.
    Name(String),
    /// Nothing any more.
    TakenBack,
}

/// All of it. No `Debug`.
pub struct Notes {
    insight: Insight,
    corrections: Corrections,
    shown: Shown,
    overview: Option<Overview>,
}

impl Notes {
    /// What is sealed in a journal; its entries are to be read yet.
    #[must_use]
    pub fn load(session: &Session) -> Self {
        let (corrections, shown) = (Corrections::load(session), Shown::load(session));
        Self { insight: Insight::default(), corrections, shown, overview: None }
    }

    /// Deletes all that is sealed.
    /// # Errors
    /// Those of the vault.
    pub fn clear(session: &mut Session) -> vault::Result<()> {
        let names = session.value_names(NAMES).into_iter();
        names.into_iter().try_for_each(|name| session.remove_value(&name))
    }

    /// Takes what is sealed anew.
    pub fn reload(&mut self, session: &Session) {
        (self.corrections, self.shown) = (Corrections::load(session), Shown::load(session));
        self.overview = None;
    }

    /// Reads an entry, in place of what was known of it.
    pub fn put(&mut self, entry: &Entry) {
        self.insight.put(entry);
        self.overview = None;
    }

    /// Forgets an entry.
    pub fn remove(&mut self, id: EntryId) {
        self.insight.remove(id);
        self.overview = None;
    }

    /// Who and what is in the journal.
    pub fn overview(&mut self) -> &Overview {
        let overview = match self.overview.take() {
            Some(overview) => overview,
            None => self.insight.overview(&self.corrections),
        };
        self.overview.insert(overview)
    }

    /// The names of those who have several.
    pub fn aliases(&mut self) -> Aliases {
        Aliases::of(self.overview())
    }

    /// The names that the person brought together.
    pub fn merged(&mut self) -> Aliases {
        if self.corrections.is_empty() {
            return Aliases::default();
        }
        self.overview();
        let said = |overview: &Overview| Aliases::said(overview, &self.corrections);
        self.overview.as_ref().map(said).unwrap_or_default()
    }

    /// Somebody or some place by any of its names, however it is written.
    pub fn find(&mut self, name: &str) -> Option<&Named> {
        let key = key_of(name);
        let Overview { people, places, .. } = self.overview();
        let is_it = |named: &&Named| named.ways.contains(&key) || key_of(&named.name) == key;
        people.iter().chain(places.iter()).find(is_it)
    }

    /// Takes what the person says about a name, and seals it.
    /// # Errors
    /// `NoSuchEntry` where it is to be the name of somebody who is not there; those of the vault.
    pub fn correct(
        &mut self,
        session: &mut Session,
        name: &str,
        change: Change,
    ) -> vault::Result<()> {
        let key = self.find(name).and_then(|it| it.ways.first().cloned());
        let key = key.unwrap_or_else(|| key_of(name));
        let correction = match change {
            Change::TakenBack => {
                self.overview = None;
                return self.corrections.take_back(session, name);
            }
            Change::Kind(kind) => Correction { kind: Some(kind), ..Correction::default() },
            Change::Name(name) => Correction { name: Some(name), ..Correction::default() },
            Change::SameAs(other) => {
                let other = self.find(&other).and_then(|it| it.ways.first().cloned());
                let same_as = other.filter(|other| *other != key);
                Correction {
                    same_as: Some(same_as.ok_or(vault::Error::NoSuchEntry)?),
                    ..Correction::default()
                }
            }
        };
        self.overview = None;
        self.corrections.say(session, &key, correction)
    }

    /// Sentences that name somebody or some place, the latest first.
    pub fn quotes(&mut self, session: &Session, name: &str, limit: usize) -> Vec<Quote> {
        let Some(named) = self.find(name) else { return Vec::new() };
        let newest = named.evidence.iter().rev().take(limit);
        let quote = |it: &super::Evidence| {
            let entry = session.entry(it.entry).ok()?;
            let text = sentence_at(&entry.content.text, it.range.clone())?;
            Some(Quote { entry: it.entry, date: it.date, text })
        };
        newest.filter_map(quote).collect()
    }

    /// Sentences of these entries that have a word, the latest first.
    #[must_use]
    pub fn quotes_of(&self, session: &Session, word: &str, entries: &[EntryId]) -> Vec<Quote> {
        let quote = |id: &EntryId| {
            let entry = session.entry(*id).ok()?;
            let text = &entry.content.text;
            let at = text.to_lowercase().find(word).filter(|at| text.is_char_boundary(*at))?;
            let text = sentence_at(text, at..at + word.len())?;
            Some(Quote { entry: *id, date: entry.content.date, text })
        };
        entries.iter().rev().filter_map(quote).collect()
    }

    /// What is still open on a day, the latest first.
    #[must_use]
    pub fn loops(&self, session: &Session, today: Date) -> Vec<OpenLoop> {
        let since = today.saturating_sub(LET_GO.days());
        let days = self.insight.days().into_iter().filter(|(_, day)| (since..=today).contains(day));
        let entries: Vec<Entry> = days.filter_map(|(id, _)| session.entry(id).ok()).collect();
        let mut open = open_loops(&entries, today);
        open.retain(|open| !self.shown.is_dismissed(&open.key));
        open
    }

    /// Puts an open loop away for good.
    /// # Errors
    /// Those of the vault.
    pub fn dismiss(&mut self, session: &mut Session, key: &str, today: Date) -> vault::Result<()> {
        self.shown.dismiss(session, key, today)
    }

    /// Every prompt of a day, the best first; those that were shown of late are left out, but not
    /// the last one of that day, which is the first.
    pub fn prompts(&mut self, session: &Session, today: Date) -> Vec<Prompt> {
        let loops = self.loops(session, today);
        let mut days = self.insight.days();
        days.retain(|(_, day)| *day <= today);
        let language = language(session, &days);
        let overview = self.overview().clone();
        let read = |id| session.entry(id).ok();
        let life =
            Life { overview: &overview, loops: &loops, days: &days, read: &read, today, language };
        self.shown.rested(prompts(&life), today)
    }

    /// Remembers that a prompt was shown.
    /// # Errors
    /// Those of the vault.
    pub fn note(&mut self, session: &mut Session, key: &str, today: Date) -> vault::Result<()> {
        self.shown.note(session, key, today)
    }
}

/// The sentence of a text in which a range lies, on one line.
fn sentence_at(text: &str, range: std::ops::Range<usize>) -> Option<String> {
    let holds = |sentence: &&str| {
        let start = sentence.as_ptr() as usize - text.as_ptr() as usize;
        start < range.end && range.start < start + sentence.len()
    };
    let found = sentences(text).into_iter().find(holds)?;
    Some(found.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The language of the newest entries.
fn language(session: &Session, days: &[(EntryId, Date)]) -> Language {
    let newest = days.iter().rev().take(NEWEST).filter_map(|(id, _)| session.entry(*id).ok());
    let texts: Vec<String> =
        newest.map(|entry| entry.content.text.chars().take(200).collect()).collect();
    Language::guess(&texts.join(" "))
}

#[cfg(test)]
mod tests {
    use vault::{Content, KdfParams, Passphrase, Vault};

    use super::*;
    use crate::insight::Source;

    #[test]
    fn no_prompt_quotes_an_entry_that_is_kept_from_the_model() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j");
        let mut session = Vault::create(&path, &Passphrase::new("p"), KdfParams::FLOOR).unwrap();
        let (yearly, planned) = ("2023-05-01".parse().unwrap(), "2024-04-02".parse().unwrap());
        let today = "2024-05-01".parse().unwrap();
        let texts = [
            (yearly, "I walked to the old lighthouse with Ruth and we talked about the boat."),
            (planned, "I want to paint the fence this week."),
        ];
        let mut ids = Vec::new();
        for (date, text) in texts {
            let content = Content { text: text.to_owned(), ..Content::new(date) };
            ids.push(EntryId::random());
            session.put(ids[ids.len() - 1], &content).unwrap();
        }
        let quoting = |session: &Session| {
            let mut notes = Notes::load(session);
            session.for_each_entry(&mut |entry| notes.put(&entry)).unwrap();
            let prompts = notes.prompts(session, today).into_iter();
            let quoting = prompts.filter(|prompt| prompt.source != Source::Shelf).count();
            (quoting, notes.loops(session, today).len())
        };
        assert_eq!(quoting(&session), (2, 1));
        for id in ids {
            let mut content = session.entry(id).unwrap().content;
            content.kept_from_model = true;
            session.put(id, &content).unwrap();
        }
        assert_eq!(
            quoting(&session),
            (0, 0),
            "it may be taken into a new entry, which a model reads"
        );
    }
}
