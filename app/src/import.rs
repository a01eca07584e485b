//! Reads the entries of a file: JSON Lines, or the document that [`crate::export`] writes.
//!
//! A bad entry is told and left out, and costs no other; a file without any good one fails.

mod encoding;
mod lines;
mod record;

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use serde::Serialize;
use vault::Content;

pub use record::{parse_date, parse_tag, parse_time};

/// What is no regular file is read into memory; so many bytes at most.
const MAX_PIPE: u64 = 512 << 20;

/// So many problems are listed; more say nothing new, and a hostile file has one a line.
const MAX_PROBLEMS: usize = 1000;

/// Why a file can't be imported. Nothing of it is in the text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The system can't read it.
    #[error("could not read the file: {reason}: {path}")]
    Io {
        /// The system's words.
        reason: String,
        /// Which file.
        path: PathBuf,
    },
    /// It is something else, or nothing in it is an entry.
    #[error("{what}, nothing was imported: {path}")]
    Format {
        /// What it seems to be, or lacks.
        what: String,
        /// Which file.
        path: PathBuf,
    },
}

/// Something in the file that was not taken as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Which line, or which entry of the document.
    #[serde(rename = "where")]
    pub place: String,
    /// What is wrong, in words that hold nothing of the file.
    pub what: &'static str,
}

/// What a file holds; no `Debug`, for its text.
#[derive(Default)]
pub struct Import {
    /// The entries, in the file's order.
    pub contents: Vec<Content>,
    /// How many were left out.
    pub skipped: usize,
    /// Attachments that were left out.
    pub media: usize,
    /// What was left out or changed, and where; the first thousand.
    pub problems: Vec<Problem>,
}

impl Import {
    fn take(&mut self, place: &str, record: Result<record::Record, &'static str>) {
        match record {
            Ok(record) => {
                self.contents.push(record.content);
                self.media += record.media;
                record.flaws.into_iter().for_each(|what| self.note(place, what));
            }
            Err(what) => {
                self.skipped += 1;
                self.note(place, what);
            }
        }
    }

    fn note(&mut self, place: &str, what: &'static str) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem { place: place.to_owned(), what });
        }
    }
}

/// Reads a file.
///
/// # Errors
///
/// When it can't be read, is of another kind, or holds no entry.
pub fn read(path: &Path) -> Result<Import, Error> {
    read_path(path).map_err(|error| match error {
        encoding::Error::Io(error) => {
            let text = error.to_string().to_lowercase();
            let reason = text.split(" (os error").next().unwrap_or_default().to_owned();
            Error::Io { reason, path: path.to_owned() }
        }
        encoding::Error::Format(what) => Error::Format { what, path: path.to_owned() },
    })
}

fn read_path(path: &Path) -> Result<Import, encoding::Error> {
    let kind = fs::metadata(path)?;
    if kind.is_dir() {
        return Err(encoding::Error::Format("this is a folder".to_owned()));
    }
    if kind.is_file() {
        return read_from(|| fs::File::open(path));
    }
    // A pipe can be read only once.
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(MAX_PIPE).read_to_end(&mut bytes)?;
    if bytes.len() as u64 >= MAX_PIPE {
        return Err(encoding::Error::Format("longer than 512 MiB (save it as a file)".to_owned()));
    }
    read_from(|| Ok(bytes.as_slice()))
}

/// Reads what `open` opens, several times: to see what it is, as that, and line by line if that breaks off.
fn read_from<R: Read>(open: impl Fn() -> io::Result<R>) -> Result<Import, encoding::Error> {
    if lines::may_be_document(&mut encoding::utf8(open()?)?)?
        && let Some(import) = lines::document(encoding::utf8(open()?)?)
    {
        return non_empty(import);
    }
    non_empty(lines::json_lines(encoding::utf8(open()?)?)?)
}

fn non_empty(import: Import) -> Result<Import, encoding::Error> {
    if !import.contents.is_empty() {
        return Ok(import);
    }
    let reason = import.problems.first().map_or_else(
        || "the file is empty".to_owned(),
        |first| format!("there is no entry in the file ({}: {})", first.place, first.what),
    );
    Err(encoding::Error::Format(reason))
}

#[cfg(test)]
mod tests;
