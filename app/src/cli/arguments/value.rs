//! Values of options, read: days, times, tags, moods.

use std::fmt;

use jiff::civil::{Date, Time};

use crate::{cli::journal::today, import};

/// What a value should have been; never what was typed.
#[derive(Debug)]
pub(in crate::cli) struct Expected(&'static str);

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Expected {}

/// A day of the calendar, or `today` or `yesterday`.
pub(in crate::cli) fn day(text: &str) -> Result<Date, Expected> {
    let parsed = match text {
        "today" => Some(today()),
        "yesterday" => today().yesterday().ok(),
        _ => import::parse_date(text),
    };
    parsed.ok_or(Expected("a day of the calendar such as 2024-01-31"))
}

pub(super) fn time(text: &str) -> Result<Time, Expected> {
    import::parse_time(text).ok_or(Expected("a time of day such as 21:05"))
}

/// The month's first day.
pub(super) fn month(text: &str) -> Result<Date, Expected> {
    import::parse_date(&format!("{text}-01")).ok_or(Expected("a month such as 2024-01"))
}

/// The year's first day.
pub(super) fn year(text: &str) -> Result<Date, Expected> {
    import::parse_date(&format!("{text}-01-01")).ok_or(Expected("a year such as 2024"))
}

pub(super) fn tag(text: &str) -> Result<String, Expected> {
    import::parse_tag(text).ok_or(Expected("a word"))
}

pub(super) fn mood(text: &str) -> Result<u8, Expected> {
    text.parse().ok().filter(|mood| (1..=5).contains(mood)).ok_or(Expected("a number from 1 to 5"))
}
