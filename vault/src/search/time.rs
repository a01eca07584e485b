//! Finds expressions of time in a text and says which days they mean.
use std::ops::Range;

use jiff::civil::Date;

/// An expression of time and the days it means, both ends in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeSpan {
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
    /// The first day; [`Date::MIN`] if it has no beginning.
    pub first: Date,
    /// The last day; [`Date::MAX`] if it has no end.
    pub last: Date,
    /// It can hardly mean anything else: "march 2021", but not a lone "march".
    pub sure: bool,
}

/// The expressions of time in a text, in order, not overlapping.
#[must_use]
pub fn parse_time(_text: &str, _today: Date) -> Vec<TimeSpan> {
    Vec::new()
}

/// The days a whole text means.
pub(crate) fn parse_period(text: &str, _today: Date) -> Option<(Date, Date)> {
    let parts: Vec<i16> = text.split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match parts[..] {
        [year] => Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?)),
        [year, month] => {
            let first = Date::new(year, i8::try_from(month).ok()?, 1).ok()?;
            Some((first, first.last_of_month()))
        }
        [year, month, day] => {
            let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
            Some((date, date))
        }
        _ => None,
    }
}
