//! Finds expressions of time in a text and says which days they mean.
//!
//! English is read well: "yesterday", "last summer", "two weeks ago", "since March", "between 3 and
//! 10 May", "the week of 3 May", "the day after Easter", "in the nineties". German, French and Spanish
//! are read for dates, ranges and what is told from today. Weeks start on Monday; seasons are those of the northern half; a month,
//! day or feast without a year is the latest that has begun.
mod absolute;
mod calendar;
mod lex;
mod names;
mod reader;
mod relative;

#[cfg(test)]
mod tests;

use std::ops::Range;

use jiff::civil::Date;

use reader::Reader;

/// An expression of time and the days it means, both ends in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeSpan {
    /// Where it stands in the text, in bytes, with its preposition.
    pub range: Range<usize>,
    /// The first day; [`Date::MIN`] if it has no beginning.
    pub first: Date,
    /// The last day; [`Date::MAX`] if it has no end.
    pub last: Date,
    /// It can hardly mean anything else: "march 2021", but not a lone "march".
    pub sure: bool,
}

/// The expressions of time in a text, in order, not overlapping. `today` gives "last week" its
/// meaning.
#[must_use]
pub fn parse_time(text: &str, today: Date) -> Vec<TimeSpan> {
    let words = lex::words(text);
    let mut spans = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let mut reader = Reader::new(&words, at, today);
        let Some(period) = reader.expression() else {
            at += 1;
            continue;
        };
        spans.push(TimeSpan {
            range: words[at].range.start..words[reader.at - 1].range.end,
            first: period.first,
            last: period.last,
            sure: period.sure,
        });
        at = reader.at;
    }
    spans
}

/// The days a whole text means, a bare year or month among them.
pub(crate) fn parse_period(text: &str, today: Date) -> Option<(Date, Date)> {
    let words = lex::words(text);
    let mut reader = Reader::new(&words, 0, today);
    let period = reader.bare()?;
    (reader.at == words.len()).then_some((period.first, period.last))
}
