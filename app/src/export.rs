//! Writes entries for others to read: one JSON document, or one Markdown document.

mod markdown;
pub(crate) mod publish;

use std::{
    io::{self, Write},
    path::Path,
};

use serde::Serialize;
use vault::{Content, Entry};

/// The form of what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `{"entries": [...]}`, which [`crate::import`] reads without loss.
    Json,
    /// A heading for each day; for people.
    Markdown,
}

/// Writes the entries, which are in the order of their days.
///
/// # Errors
///
/// Those of `out`.
pub fn write(entries: &[Entry], format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Json => {
            let entries = entries.iter().map(ExportedEntry::from).collect();
            serde_json::to_writer_pretty(&mut *out, &Document { entries })?;
            out.write_all(b"\n")
        }
        Format::Markdown => markdown::write(entries, out),
    }
}

/// Writes the entries to a new file that only the person can read; it appears whole or not at all.
///
/// # Errors
///
/// `AlreadyExists` when something is there, and the system's; no file is left then.
pub fn to_file(entries: &[Entry], format: Format, path: &Path) -> io::Result<()> {
    publish::new_file(path, |out| write(entries, format, out))
}

#[derive(Serialize)]
struct Document<'a> {
    entries: Vec<ExportedEntry<'a>>,
}

#[derive(Serialize)]
struct ExportedEntry<'a> {
    id: String,
    #[serde(flatten)]
    content: &'a Content,
}

impl<'a> From<&'a Entry> for ExportedEntry<'a> {
    fn from(entry: &'a Entry) -> Self {
        Self { id: entry.id.to_string(), content: &entry.content }
    }
}

#[cfg(test)]
mod tests;
