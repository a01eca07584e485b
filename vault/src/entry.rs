//! An entry: what a person wrote, when, and how it felt.
use std::{fmt, str::FromStr};

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::{Error, Result, hex, random};

/// Longest heading, in characters.
const HEADING_CHARS: usize = 80;

/// Names an entry for ever; 128 random bits, shown as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct EntryId(pub [u8; 16]);

/// Names one revision of an entry; 128 random bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionId(pub [u8; 16]);

impl EntryId {
    /// A new id from the system's randomness. Where there is none, the id is all zero, which
    /// [`crate::Session::put`] refuses with [`Error::Random`].
    #[must_use]
    pub fn random() -> Self {
        Self(random::bytes().unwrap_or_default())
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl FromStr for EntryId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        hex::decode(text).map(Self).ok_or(Error::NoSuchEntry)
    }
}

impl From<EntryId> for String {
    fn from(id: EntryId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for EntryId {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

/// What a person wrote; `Debug` is left out on purpose.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The civil day the entry belongs to, as the person saw it.
    pub date: Date,
    /// The civil time of day, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Time>,
    /// IANA name of the time zone it was written in, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The entry's own title; empty when it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The text, Markdown.
    pub text: String,
    /// Tags without `#`, in the order given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Mood from 1 (worst) to 5 (best).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mood: Option<u8>,
    /// Starred by the person.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub starred: bool,
    /// Kept by the person from everything that a model reads; see [`Content::is_read_by_model`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub kept_from_model: bool,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl Content {
    /// An empty entry of a day.
    #[must_use]
    pub fn new(date: Date) -> Self {
        Self {
            date,
            time: None,
            zone: None,
            title: String::new(),
            text: String::new(),
            tags: Vec::new(),
            mood: None,
            starred: false,
            kept_from_model: false,
            extra: serde_json::Map::new(),
        }
    }

    /// Whether a model may read it, as far as the entry itself says.
    #[must_use]
    pub fn is_read_by_model(&self) -> bool {
        !self.kept_from_model
    }

    /// What a list shows: the title, or the first line of the text, shortened to whole words.
    #[must_use]
    pub fn heading(&self) -> String {
        let first_line = || {
            let bare = |line: &str| line.trim_start_matches(['#', ' ', '\t']).trim().to_owned();
            self.text.lines().map(bare).find(|line| !line.is_empty()).unwrap_or_default()
        };
        match self.title.trim() {
            "" => shorten(&first_line()),
            title => shorten(title),
        }
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
        self.content.heading()
    }
}

/// What a list needs of an entry, kept in memory while the vault is unlocked.
#[derive(Clone, PartialEq, Eq)]
pub struct EntryMeta {
    /// Which entry.
    pub id: EntryId,
    /// Which revision is shown.
    pub revision: RevisionId,
    /// Its civil day.
    pub date: Date,
    /// Its civil time of day, if known.
    pub time: Option<Time>,
    /// As [`Content::heading`] gives it.
    pub heading: String,
    /// Tags without `#`.
    pub tags: Vec<String>,
    /// Mood from 1 (worst) to 5 (best).
    pub mood: Option<u8>,
    /// Starred by the person.
    pub starred: bool,
    /// Kept by the person from everything that a model reads.
    pub kept_from_model: bool,
    /// Words in its text, counted between white space.
    pub words: usize,
}

impl EntryMeta {
    /// What a list needs of this content.
    pub(crate) fn of(id: EntryId, revision: RevisionId, content: &Content) -> Self {
        Self {
            id,
            revision,
            date: content.date,
            time: content.time,
            heading: content.heading(),
            tags: content.tags.clone(),
            mood: content.mood,
            starred: content.starred,
            kept_from_model: content.kept_from_model,
            words: count_words(&content.text),
        }
    }
}

/// Words between white space. As `split_whitespace` counts them, in half its time: every unlocking
/// counts the whole journal.
fn count_words(text: &str) -> usize {
    let (mut words, mut inside, mut rest) = (0, false, text);
    while !rest.is_empty() {
        let ascii = rest.bytes().take_while(u8::is_ascii).count();
        for byte in rest[..ascii].bytes() {
            let space = matches!(byte, b'\t'..=b'\r' | b' ');
            words += usize::from(!space && !inside);
            inside = !space;
        }
        rest = &rest[ascii..];
        for other in rest.chars().take_while(|other| !other.is_ascii()) {
            let space = other.is_whitespace();
            words += usize::from(!space && !inside);
            inside = !space;
            rest = &rest[other.len_utf8()..];
        }
    }
    words
}

/// At most `HEADING_CHARS` characters, cut after a whole word where there is one.
fn shorten(line: &str) -> String {
    let Some((end, _)) = line.char_indices().nth(HEADING_CHARS) else {
        return line.to_owned();
    };
    let room = line.char_indices().nth(HEADING_CHARS - 1).map_or(end, |(at, _)| at);
    let at_word = line[..end].rfind(char::is_whitespace).filter(|at| *at > 0);
    format!("{}…", line[..at_word.unwrap_or(room)].trim_end())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn content(title: &str, text: &str) -> Content {
        Content { title: title.into(), text: text.into(), ..Content::new(date(2026, 3, 1)) }
    }

    #[test]
    fn a_heading_is_the_title_or_the_first_line_bare_of_markdown() {
        assert_eq!(content(" Tea ", "# Walk").heading(), "Tea");
        assert_eq!(content("", "\n  \n## The walk \nhome").heading(), "The walk");
        assert_eq!(content("", "").heading(), "");
    }

    #[test]
    fn a_long_heading_ends_with_a_whole_word_and_stays_within_80_characters() {
        let heading = content("", &"größer ".repeat(30)).heading();
        assert!(heading.chars().count() <= 80 && heading.ends_with("größer…"), "{heading}");
        let unbroken = content("", &"ß".repeat(200)).heading();
        assert_eq!(unbroken.chars().count(), 80);
    }

    #[test]
    fn words_are_counted_as_the_standard_library_splits_them() {
        let letters = ["a", " ", "\u{a0}", "\u{b}", "\n", "ß", "\u{3000}", "日", "\u{85}", "’"];
        for number in 0..100_000_usize {
            let text: String = (0..5).map(|at| letters[number / 10_usize.pow(at) % 10]).collect();
            assert_eq!(count_words(&text), text.split_whitespace().count(), "{text:?}");
        }
    }

    #[test]
    fn ids_read_back_as_written_and_nothing_else_does() {
        let id = EntryId::random();
        assert_eq!(id.to_string().parse::<EntryId>().ok(), Some(id));
        for wrong in ["", "00", &"g".repeat(32), &"é".repeat(16)] {
            assert!(wrong.parse::<EntryId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_entry_is_read_by_a_model_unless_it_says_otherwise() {
        let older = r#"{"date":"2026-03-01","text":"x"}"#;
        let mut content: Content = serde_json::from_str(older).unwrap();
        assert!(content.is_read_by_model());
        assert_eq!(serde_json::to_string(&content).unwrap(), older, "nothing is written of it");
        content.kept_from_model = true;
        let kept = serde_json::to_string(&content).unwrap();
        assert!(!serde_json::from_str::<Content>(&kept).unwrap().is_read_by_model());
    }

    #[test]
    fn fields_of_a_newer_version_survive() {
        let json = r#"{"date":"2026-03-01","text":"x","weather":{"c":3}}"#;
        let content: Content = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&content).unwrap(), json);
    }
}
