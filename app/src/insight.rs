//! People, places, themes and moods of a journal, found in its entries and shown with them.
//!
//! No model has a part in it: names are told by capitals and by what stands beside them, themes by
//! counting. What is found is held in memory only; sealed is what the person said about it.
mod alias;
mod correction;
mod group;
mod notes;
mod open_loop;
mod prompt;
mod scan;
mod theme;
mod vocabulary;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashSet},
    ops::Range,
};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use vault::{Entry, EntryId};

pub use self::{
    alias::Aliases,
    correction::{Correction, Corrections},
    notes::{Change, Notes, Quote},
    open_loop::{LET_GO, OpenLoop, open_loops},
    prompt::{Life, Prompt, Shown, Source, prompts},
};
use self::{
    group::{Group, Names},
    scan::Scan,
    vocabulary::{Token, Vocabulary},
};
use crate::reflection::words::plain;

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Somebody.
    Person,
    /// Some place.
    Place,
    /// Neither; it is not shown.
    Neither,
}

/// Where an entry says something.
#[derive(Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Which entry.
    pub entry: EntryId,
    /// Its day.
    pub date: Date,
    /// Bytes of its text.
    pub range: Range<usize>,
}

/// Somebody, or some place. No `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Named {
    /// What it is.
    pub kind: Kind,
    /// As it is shown.
    pub name: String,
    /// Every way it is written, the most frequent first, in lower case.
    pub ways: Vec<String>,
    /// Where it is named, once an entry, oldest first.
    pub evidence: Vec<Evidence>,
}

/// A word that stands out in a month. No `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Theme {
    /// The word.
    pub word: String,
    /// The entries of the month that have it, oldest first.
    pub entries: Vec<(EntryId, Date)>,
}

/// What was found in a journal. No `Debug`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Overview {
    /// People, those in most entries first.
    pub people: Vec<Named>,
    /// Places, the same.
    pub places: Vec<Named>,
    /// What stands out in each month, by its first day, newest first.
    pub themes: Vec<(Date, Vec<Theme>)>,
    /// How the person said that it felt, oldest first.
    pub moods: Vec<(EntryId, Date, u8)>,
}

/// What was taken note of, entry by entry; an entry that changes is read again alone. No `Debug`.
#[derive(Default)]
pub struct Insight {
    scans: BTreeMap<EntryId, Scan>,
    words: Vocabulary,
    tokens: Vec<Token>,
}

impl Insight {
    /// Reads an entry, in place of what was known of it.
    pub fn put(&mut self, entry: &Entry) {
        if !entry.content.is_read_by_model() {
            return self.remove(entry.id);
        }
        let scan = Scan::of(&entry.content, &mut self.words, &mut self.tokens);
        self.scans.insert(entry.id, scan);
    }

    /// Forgets an entry.
    pub fn remove(&mut self, id: EntryId) {
        self.scans.remove(&id);
    }

    /// Every entry with its day, oldest first.
    #[must_use]
    pub fn days(&self) -> Vec<(EntryId, Date)> {
        let mut days: Vec<_> = self.scans.iter().map(|(id, scan)| (*id, scan.date)).collect();
        days.sort_by_key(|(id, date)| (*date, *id));
        days
    }

    /// What is found in all of it.
    #[must_use]
    pub fn overview(&mut self, corrections: &Corrections) -> Overview {
        let mut ordered: Vec<(EntryId, &Scan)> =
            self.scans.iter().map(|(id, scan)| (*id, scan)).collect();
        ordered.sort_by_key(|(id, scan)| (scan.date, *id));
        let scans: Vec<&Scan> = ordered.iter().map(|(_, scan)| *scan).collect();
        let groups = Names::new(&scans, &mut self.words).groups(corrections);
        let named = forms_named(&scans, &groups);
        let themes = theme::themes(&scans, &mut self.words, &named).into_iter();
        let of_kind = |kind| {
            let groups = groups.iter().filter(|group| group.kind == kind);
            let mut named: Vec<Named> = groups.map(|group| shown(group, &ordered)).collect();
            named.sort_by_key(|named| Reverse(named.evidence.len()));
            named
        };
        let mood = |(id, scan): &(EntryId, &Scan)| Some((*id, scan.date, scan.mood?));
        Overview {
            people: of_kind(Kind::Person),
            places: of_kind(Kind::Place),
            themes: themes.map(|(month, of)| (month, with_entries(of, &ordered))).collect(),
            moods: ordered.iter().filter_map(mood).collect(),
        }
    }
}

fn with_entries(themes: Vec<theme::Theme>, ordered: &[(EntryId, &Scan)]) -> Vec<Theme> {
    let place = |at: usize| (ordered[at].0, ordered[at].1.date);
    let theme = |theme: theme::Theme| Theme {
        word: theme.word,
        entries: theme.entries.into_iter().map(place).collect(),
    };
    themes.into_iter().map(theme).collect()
}

/// A group as it is shown: where it is named first in each entry.
fn shown(group: &Group, ordered: &[(EntryId, &Scan)]) -> Named {
    let mut evidence: Vec<Evidence> = Vec::new();
    for (entry, mention) in &group.places {
        let (id, scan) = ordered[*entry];
        if evidence.last().is_some_and(|last| last.entry == id) {
            continue;
        }
        let mention = &scan.mentions[*mention];
        let range = mention.start as usize..mention.end as usize;
        evidence.push(Evidence { entry: id, date: scan.date, range });
    }
    Named { kind: group.kind, name: group.name.clone(), ways: group.ways.clone(), evidence }
}

/// The words of names, which are no themes.
fn forms_named(scans: &[&Scan], groups: &[Group]) -> HashSet<vocabulary::Form> {
    let places = groups.iter().flat_map(|group| &group.places);
    places.flat_map(|(entry, mention)| scans[*entry].mentions[*mention].names()).copied().collect()
}

/// A name as it is looked up: in lower case, without full stops, single spaces.
fn key_of(name: &str) -> String {
    plain(name).replace('.', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Names a text without saying it.
fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
