//! An entry: what a person wrote, when, and how it felt.
use std::{fmt, str::FromStr};

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

/// Names an entry for ever; 128 random bits, shown as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub [u8; 16]);

/// Names one revision of an entry; 128 random bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionId(pub [u8; 16]);

impl EntryId {
    /// A new id from the system's randomness.
    #[must_use]
    pub fn random() -> Self {
        todo!()
    }
}
impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}
impl FromStr for EntryId {
    type Err = crate::Error;
    fn from_str(_: &str) -> Result<Self, Self::Err> {
        todo!()
    }
}

/// What a person wrote; `Debug` is left out on purpose.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The civil day the entry belongs to, as the person saw it.
    pub date: Date,
    /// The civil time of day, if known.
    pub time: Option<Time>,
    /// IANA name of the time zone it was written in, if known.
    pub zone: Option<String>,
    /// The entry's own title; empty when it has none.
    pub title: String,
    /// The text, Markdown.
    pub text: String,
    /// Tags without `#`, in the order given.
    pub tags: Vec<String>,
    /// Mood from 1 (worst) to 5 (best).
    pub mood: Option<u8>,
    /// Starred by the person.
    pub starred: bool,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl Content {
    /// An empty entry of a day.
    #[must_use]
    pub fn new(_date: Date) -> Self {
        todo!()
    }
}

/// An entry as it stands: its newest revision.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which entry.
    pub id: EntryId,
    /// Which revision of it.
    pub revision: RevisionId,
    /// What it says.
    pub content: Content,
}

impl Entry {
    /// What a list shows: the title, or the first line of the text, shortened to whole words.
    #[must_use]
    pub fn heading(&self) -> String {
        todo!()
    }
}
