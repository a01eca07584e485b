//! What a journal should hold after some steps, and what it does hold.
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use jiff::civil::date;
use vault::{Content, EntryId, Session};

use super::random::Random;

/// Entries in one import.
pub const BATCH: u64 = 20;
/// Ids of entries that steps write begin so, and no imported entry's does.
const OWN: [u8; 8] = *b"a step's";

/// One thing that the load does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The journal itself is made.
    Create,
    /// An entry is written, or written anew, with text of a number.
    Put(EntryId, u64),
    /// An entry goes to the trash.
    Delete(EntryId),
    /// An entry is deleted for good.
    Purge(EntryId),
    /// A file of a number is attached.
    Attach(EntryId, u64),
    /// That file is removed.
    Detach(EntryId, u64),
    /// A setting is written.
    Value(u64),
    /// So many entries at once, from a number on.
    Import(u64),
    /// The stored index and the catalogue are brought up to date.
    Settle,
    /// The journal is closed and opened again.
    Reopen,
}

/// What stands in a journal.
#[derive(Clone, Default, PartialEq)]
pub struct Model {
    /// Numbers of all versions, the standing one last, and of the attached files.
    entries: BTreeMap<EntryId, (Vec<u64>, BTreeSet<u64>)>,
    trash: BTreeSet<EntryId>,
    imported: BTreeSet<u64>,
    value: Option<u64>,
}

impl Model {
    /// Does a step.
    pub fn apply(&mut self, step: Step) {
        match step {
            Step::Put(id, text) => self.entries.entry(id).or_default().0.push(text),
            Step::Delete(id) => {
                self.entries.remove(&id);
                self.trash.insert(id);
            }
            Step::Purge(id) => _ = self.entries.remove(&id),
            Step::Attach(id, file) => _ = self.entries.entry(id).or_default().1.insert(file),
            Step::Detach(id, file) => _ = self.entries.entry(id).or_default().1.remove(&file),
            Step::Value(number) => self.value = Some(number),
            Step::Import(first) => self.imported.extend(first..first + BATCH),
            Step::Create | Step::Settle | Step::Reopen => {}
        }
    }

    /// Reads a journal whole.
    /// # Errors
    /// What in it nobody wrote, or can't be read.
    pub fn of(session: &Session) -> Result<Self, String> {
        let mut model = Self::default();
        let (mut failure, mut read) = (None, 0);
        session
            .for_each_entry(&mut |entry| {
                read += 1;
                let taken = model.take(session, entry.id, &entry.content);
                failure = failure.take().or(taken.err());
            })
            .map_err(|error| error.to_string())?;
        if read != session.ids().len() {
            return Err("an entry of the list can't be read".to_owned());
        }
        failure.map_or(Ok(()), Err)?;
        let trash = session.trash(date(1970, 1, 1));
        model.trash = trash.into_iter().map(|trashed| trashed.meta.id).collect();
        let value = session.value("setting").map_err(|error| error.to_string())?;
        model.value = value.map(|value| number_of(&String::from_utf8_lossy(&value))).transpose()?;
        Ok(model)
    }

    fn take(&mut self, session: &Session, id: EntryId, content: &Content) -> Result<(), String> {
        let number = number_of(&content.text)?;
        if !is_own(id) {
            self.imported.insert(number);
            return Ok(());
        }
        let words = |error: vault::Error| format!("entry {number}: {error}");
        let mut versions = Vec::new();
        for revision in session.history(id).map_err(words)?.iter().rev() {
            let text = session.revision(id, revision.id).map_err(words)?.content.text;
            versions.push(number_of(&text)?);
        }
        let mut files = BTreeSet::new();
        for attachment in session.attachments(id) {
            let mut bytes = Vec::new();
            session.read_attachment(attachment.id, &mut bytes).map_err(words)?;
            let file = attachment.name.parse().map_err(|_| "a file nobody attached".to_owned())?;
            if bytes != file_of(file) {
                return Err(format!("file {file} has other bytes"));
            }
            files.insert(file);
        }
        self.entries.insert(id, (versions, files));
        Ok(())
    }

    /// Says what is missing or too much in another model.
    #[must_use]
    pub fn difference(&self, found: &Self) -> String {
        let missing =
            self.entries.iter().filter(|(id, entry)| found.entries.get(id) != Some(*entry));
        let extra = found.entries.keys().filter(|id| !self.entries.contains_key(id));
        format!(
            "{} entries differ, {} are too many; trash {} of {}, imported {} of {}, setting {:?} for {:?}",
            missing.count(),
            extra.count(),
            found.trash.len(),
            self.trash.len(),
            found.imported.len(),
            self.imported.len(),
            found.value,
            self.value,
        )
    }

    /// Entries that stand and were written by steps.
    #[must_use]
    pub fn ids(&self) -> Vec<EntryId> {
        self.entries.keys().copied().collect()
    }

    /// A file attached to an entry.
    #[must_use]
    pub fn file(&self, id: EntryId) -> Option<u64> {
        self.entries.get(&id)?.1.first().copied()
    }

    /// Whether this import is there.
    #[must_use]
    pub fn has_import(&self, first: u64) -> bool {
        self.imported.contains(&first)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create => write!(f, "create"),
            Self::Put(id, text) => write!(f, "put {text} {id}"),
            Self::Delete(id) => write!(f, "delete 0 {id}"),
            Self::Purge(id) => write!(f, "purge 0 {id}"),
            Self::Attach(id, file) => write!(f, "attach {file} {id}"),
            Self::Detach(id, file) => write!(f, "detach {file} {id}"),
            Self::Value(number) => write!(f, "value {number}"),
            Self::Import(first) => write!(f, "import {first}"),
            Self::Settle => write!(f, "settle"),
            Self::Reopen => write!(f, "reopen"),
        }
    }
}

impl FromStr for Step {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut words = text.split(' ');
        let what = words.next().ok_or(())?;
        let number = words.next().and_then(|number| number.parse().ok()).unwrap_or_default();
        let id = || words.next().and_then(|id| id.parse().ok()).ok_or(());
        match what {
            "create" => Ok(Self::Create),
            "put" => Ok(Self::Put({ id }()?, number)),
            "delete" => Ok(Self::Delete({ id }()?)),
            "purge" => Ok(Self::Purge({ id }()?)),
            "attach" => Ok(Self::Attach({ id }()?, number)),
            "detach" => Ok(Self::Detach({ id }()?, number)),
            "value" => Ok(Self::Value(number)),
            "import" => Ok(Self::Import(number)),
            "settle" => Ok(Self::Settle),
            "reopen" => Ok(Self::Reopen),
            _ => Err(()),
        }
    }
}

/// The id of the entry that a number began.
#[must_use]
pub fn id_of(number: u64) -> EntryId {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&OWN);
    id[8..].copy_from_slice(&number.to_be_bytes());
    EntryId(id)
}

fn is_own(id: EntryId) -> bool {
    id.0.starts_with(&OWN)
}

/// What an entry of a number says: mostly a page, sometimes nothing more than it, sometimes 60 KB.
#[must_use]
pub fn text_of(number: u64) -> String {
    let mut random = Random::new(number);
    let words = match random.below(10) {
        0 => 0,
        1 => random.below(10_000),
        _ => random.below(400),
    };
    let words = (0..words).map(|_| ["marmalade", "rain", "Größe", "日記"][random.below(4)]);
    [number.to_string()].into_iter().chain(words.map(str::to_owned)).collect::<Vec<_>>().join(" ")
}

/// The number of a text that [`text_of`] gave, and nothing else.
fn number_of(text: &str) -> Result<u64, String> {
    let number = text.split(' ').next().and_then(|number| number.parse().ok());
    number.filter(|number| text_of(*number) == text).ok_or_else(|| "a text nobody wrote".to_owned())
}

/// The bytes of a file of a number: up to 300 KB.
#[must_use]
pub fn file_of(number: u64) -> Vec<u8> {
    let mut random = Random::new(!number);
    let length = random.below(300_000) >> (4 * random.below(4));
    (0..length).map(|_| random.number().to_le_bytes()[0]).collect()
}

/// The entries of an import.
#[must_use]
pub fn batch_of(first: u64) -> Vec<Content> {
    (first..first + BATCH).map(content_of).collect()
}

/// An entry of a number.
#[must_use]
pub fn content_of(number: u64) -> Content {
    let day = date(2024, 1 + (number % 12) as i8, 1 + (number % 28) as i8);
    Content { text: text_of(number), ..Content::new(day) }
}
