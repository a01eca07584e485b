//! The parts of the open journal.
pub mod attachments;
pub mod copies;
pub mod editor;
pub mod entry_list;
pub mod notice;
pub mod reflection;
pub mod search;
pub mod shelf;
pub mod status_bar;
pub mod versions;

use std::fmt::Display;

use jiff::{civil::Date, fmt::strtime::BrokenDownTime};

use crate::text::text;

/// A day in the words of the interface, by a format from the Fluent files.
pub(crate) fn day(date: Date, format: &str) -> String {
    let time = BrokenDownTime::from(date);
    time.to_string(format).unwrap_or_else(|_| date.to_string())
}

/// A heading, or what stands for one where nothing is written.
fn heading_or_blank(heading: &str) -> String {
    match heading.trim().is_empty() {
        true => text("entry-blank"),
        false => heading.to_owned(),
    }
}

/// The accessible name of a row: when, and what.
fn row_name(when: impl Display, what: &str) -> String {
    format!("{when}, {what}")
}
