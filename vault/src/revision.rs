//! Revisions: what is sealed for each version of an entry, and which of them stand.
use std::collections::HashSet;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{
    AttachmentId, Content, EntryId, Error, Result, clock::Clock, ledger::Stored,
    record::MAX_PAYLOAD,
};

/// The payload of an entry's revision, as JSON.
#[derive(Serialize, Deserialize)]
pub(crate) struct EntryBody {
    pub(crate) entry: EntryId,
    pub(crate) clock: Clock,
    /// Civil time on the writer's clock; shown, never compared to decide what stands.
    pub(crate) written: DateTime,
    /// None where the entry was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) content: Option<Content>,
    /// Deleted for good: revisions it supersedes are removed wherever it is merged.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) purged: bool,
}

/// What the payload of a value begins with, as JSON after its length; the value follows.
#[derive(Serialize, Deserialize)]
pub(crate) struct ValueHead {
    pub(crate) name: String,
    pub(crate) clock: Clock,
}

/// The payload of an attachment's revision, as JSON.
#[derive(Serialize, Deserialize)]
pub(crate) struct AttachmentBody {
    pub(crate) attachment: AttachmentId,
    pub(crate) entry: EntryId,
    pub(crate) clock: Clock,
    pub(crate) written: DateTime,
    /// None where it was removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) content: Option<FileContent>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) purged: bool,
}

/// What is known of an attached file, its key among it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct FileContent {
    pub(crate) name: String,
    pub(crate) media_type: String,
    /// In bytes.
    pub(crate) length: u64,
    /// 64 hexadecimal digits.
    pub(crate) key: Zeroizing<String>,
}

/// What a revision does to its entry.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Living,
    Deleted,
    Purged,
}

/// A revision as it is known in memory, without its text.
#[derive(Clone)]
pub(crate) struct Revision {
    pub(crate) stored: Stored,
    pub(crate) clock: Clock,
    pub(crate) written: DateTime,
    pub(crate) state: State,
    /// The page of the catalogue that has it.
    pub(crate) page: Page,
}

/// A page of the catalogue by its number in this session.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page(pub(crate) u16);

impl Page {
    /// No page yet.
    pub(crate) const NONE: Self = Self(u16::MAX);
}

/// Every known revision of one thing.
#[derive(Clone, Default)]
pub(crate) struct Lineage(pub(crate) Vec<Revision>);

impl EntryBody {
    pub(crate) fn state(&self) -> State {
        State::of(self.content.as_ref(), self.purged)
    }
}

impl State {
    pub(crate) fn of<T>(content: Option<&T>, purged: bool) -> Self {
        match (content, purged) {
            (_, true) => Self::Purged,
            (Some(_), false) => Self::Living,
            (None, false) => Self::Deleted,
        }
    }
}

impl ValueHead {
    pub(crate) fn join(&self, value: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        if value.len() > MAX_PAYLOAD {
            return Err(Error::TooLarge);
        }
        let head = to_json(self)?;
        let length = u32::try_from(head.len()).map_err(|_| Error::TooLarge)?;
        let mut payload = Zeroizing::new(Vec::with_capacity(4 + head.len() + value.len()));
        payload.extend_from_slice(&length.to_le_bytes());
        payload.extend_from_slice(&head);
        payload.extend_from_slice(value);
        Ok(payload)
    }

    pub(crate) fn split(payload: &[u8]) -> Option<(Self, &[u8])> {
        let (length, rest) = payload.split_first_chunk()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (head, value) = rest.split_at_checked(length)?;
        Some((from_json(head)?, value))
    }
}

impl Lineage {
    /// Takes in a revision. Most have one for years: no room is held for more.
    pub(crate) fn add(&mut self, revision: Revision) {
        if self.0.is_empty() {
            self.0.reserve_exact(1);
        }
        self.0.push(revision);
    }

    /// Revisions that no other supersedes.
    pub(crate) fn heads(&self) -> impl Iterator<Item = &Revision> {
        self.0.iter().filter(|one| !self.0.iter().any(|other| one.clock < other.clock))
    }

    /// The heads that hold something, the one shown first: by most seen, then by id. An edit
    /// stands against a deletion that didn't see it.
    pub(crate) fn standing(&self) -> Vec<&Revision> {
        let mut heads: Vec<_> = self.heads().filter(|head| head.state == State::Living).collect();
        heads.sort_by_key(|head| std::cmp::Reverse((head.clock.sum(), head.stored.id)));
        heads
    }

    /// The revision shown.
    pub(crate) fn shown(&self) -> Option<&Revision> {
        if let [only] = &self.0[..] {
            return Some(only).filter(|only| only.state == State::Living);
        }
        self.standing().into_iter().next()
    }

    /// The revision that was shown before everything was deleted.
    pub(crate) fn last_living(&self) -> Option<&Revision> {
        let living = self.0.iter().filter(|revision| revision.state == State::Living);
        living.max_by_key(|revision| (revision.clock.sum(), revision.stored.id))
    }

    /// A clock that has seen every revision.
    pub(crate) fn clock(&self) -> Clock {
        let mut clock = Clock::default();
        self.0.iter().for_each(|revision| clock.join(&revision.clock));
        clock
    }

    pub(crate) fn find(&self, id: [u8; 16]) -> Option<&Revision> {
        self.0.iter().find(|revision| revision.stored.id == id)
    }

    /// The pages of the catalogue that have a revision of it.
    pub(crate) fn pages(&self) -> impl Iterator<Item = usize> {
        self.0.iter().map(|revision| usize::from(revision.page.0))
    }

    /// Forgets revisions by id; says whether there were any.
    pub(crate) fn remove_all(&mut self, gone: &HashSet<[u8; 16]>) -> bool {
        let before = self.0.len();
        self.0.retain(|revision| !gone.contains(&revision.stored.id));
        self.0.len() < before
    }

    /// Ids of revisions that another supersedes.
    pub(crate) fn superseded(&self) -> HashSet<[u8; 16]> {
        self.below(|_| true)
    }

    /// Ids of revisions that a purge has removed for good.
    pub(crate) fn purged(&self) -> HashSet<[u8; 16]> {
        self.below(|revision| revision.state == State::Purged)
    }

    /// Ids of revisions that one of those chosen supersedes.
    fn below(&self, chosen: impl Fn(&Revision) -> bool) -> HashSet<[u8; 16]> {
        let above: Vec<_> = self.0.iter().filter(|revision| chosen(revision)).collect();
        let is_below = |one: &&Revision| above.iter().any(|other| one.clock < other.clock);
        self.0.iter().filter(is_below).map(|revision| revision.stored.id).collect()
    }
}

/// JSON in memory that is wiped.
pub(crate) fn to_json(value: &impl Serialize) -> Result<Zeroizing<Vec<u8>>> {
    let text = serde_json::to_vec(value).map_err(|_| Error::TooLarge)?;
    Ok(Zeroizing::new(text))
}

/// Reads JSON; its own error could quote the text, so it is dropped.
pub(crate) fn from_json<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    serde_json::from_slice(json).ok()
}
