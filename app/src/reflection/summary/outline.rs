//! How a span is told: a year from its months, a month from its weeks, a week from its entries.
use std::{ops::Range, path::Path};

use jiff::{ToSpan, civil::Date};
use vault::{Entry, Session};

use super::super::{Span, Summary, cache::Place};

/// Days that are told at once, from their entries.
const AT_ONCE: i32 = 7;
/// Entries of a search that are told at once.
const HITS_AT_ONCE: usize = 7;

/// A span, the spans it is told from, and what is kept of them.
#[derive(Clone)]
pub struct Outline {
    /// Where its summary is kept; parts of a search are not.
    pub place: Option<Place>,
    /// Its entries, as indices.
    pub entries: Range<usize>,
    /// The spans it is told from; none where it is told from its entries.
    pub parts: Vec<Self>,
    /// Its summary, where one is kept that is still true.
    pub kept: Option<Summary>,
}

impl Outline {
    /// Of `entries`, which are those of `span` in order of date, for the model in `file`; none of nothing.
    #[must_use]
    pub fn of(span: &Span, entries: &[Entry], file: &Path) -> Option<Self> {
        let (first, last) = (entries.first()?.content.date, entries.last()?.content.date);
        let all = Days { first, last, entries, start: 0 };
        let parts = match span {
            Span::Entry(_) => Vec::new(),
            Span::Days(from, to) => {
                // An open end reaches no further than the years that were written in.
                let from = first.first_of_year().max(*from);
                Days { first: from, last: last.last_of_year().min(*to), ..all }.parts(file)
            }
            Span::Search(_) => of_hits(entries.len()),
        };
        let place = Some(Place::new(span.clone(), entries, file));
        Some(Self { place, entries: 0..entries.len(), parts, kept: None })
    }

    /// Takes what is kept of it that is still true: its own summary, or else those of its parts.
    /// `entries` are those that it was made of.
    pub fn read(&mut self, session: &Session, entries: &[Entry]) {
        let mine = &entries[self.entries.clone()];
        self.kept = self.place.as_ref().and_then(|place| place.read(session, mine));
        if self.kept.is_none() {
            self.parts.iter_mut().for_each(|part| part.read(session, entries));
        }
    }

    /// How many spans have to be told from entries.
    pub(super) fn unread(&self) -> usize {
        match (&self.kept, self.parts.as_slice()) {
            (Some(_), _) => 0,
            (None, []) => 1,
            (None, parts) => parts.iter().map(Self::unread).sum(),
        }
    }
}

/// Some days with their entries.
#[derive(Clone, Copy)]
struct Days<'a> {
    first: Date,
    last: Date,
    entries: &'a [Entry],
    /// The index of the first entry in the whole span.
    start: usize,
}

/// What a span is divided into.
#[derive(Clone, Copy)]
enum Unit {
    Year,
    Month,
    Week,
}

impl Unit {
    /// The longest that the days from first to last do not lie within; none where they are told at once.
    fn dividing(first: Date, last: Date) -> Option<Self> {
        let months =
            i32::from(last.year() - first.year()) * 12 + i32::from(last.month() - first.month());
        match (months, (last - first).get_days()) {
            (_, days) if days < AT_ONCE => None,
            (12.., _) => Some(Self::Year),
            (1.., _) => Some(Self::Month),
            _ => Some(Self::Week),
        }
    }

    /// The last day of the year, month or week that holds this one.
    fn end(self, day: Date) -> Date {
        match self {
            Self::Year => day.last_of_year(),
            Self::Month => day.last_of_month(),
            Self::Week => {
                let to_sunday = 6 - i64::from(day.weekday().to_monday_zero_offset());
                day.saturating_add(to_sunday.days())
            }
        }
    }
}

impl Days<'_> {
    /// The years, months or weeks that hold any of the entries.
    fn parts(self, file: &Path) -> Vec<Outline> {
        let Some(unit) = Unit::dividing(self.first, self.last) else { return Vec::new() };
        let mut parts = Vec::new();
        let mut rest = self;
        while !rest.entries.is_empty() {
            let part = rest.take_to(unit.end(rest.first).min(rest.last));
            if !part.entries.is_empty() {
                parts.push(part.outline(file));
            }
        }
        match parts.as_mut_slice() {
            [only] => std::mem::take(&mut only.parts),
            _ => parts,
        }
    }

    fn outline(self, file: &Path) -> Outline {
        let span = Span::Days(self.first, self.last);
        let place = Some(Place::new(span, self.entries, file));
        let entries = self.start..self.start + self.entries.len();
        Outline { place, entries, parts: self.parts(file), kept: None }
    }

    /// Takes the days up to `end` off.
    fn take_to(&mut self, end: Date) -> Self {
        let length = self.entries.partition_point(|entry| entry.content.date <= end);
        let (mine, others) = self.entries.split_at(length);
        let part = Self { last: end, entries: mine, ..*self };
        self.first = end.tomorrow().unwrap_or(Date::MAX);
        (self.entries, self.start) = (others, self.start + length);
        part
    }
}

/// Parts of entries that were found, a few each; none where they are told at once.
fn of_hits(count: usize) -> Vec<Outline> {
    if count <= HITS_AT_ONCE {
        return Vec::new();
    }
    // Long results are told in about a dozen parts, however many they are.
    let size = count.div_ceil(12).max(HITS_AT_ONCE);
    let ranges = (0..count).step_by(size).map(|start| start..(start + size).min(count));
    let part = |entries| Outline { place: None, entries, parts: Vec::new(), kept: None };
    ranges.map(part).collect()
}
