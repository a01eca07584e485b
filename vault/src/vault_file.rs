//! Skeleton of the store, to be split.
use std::path::Path;

use crate::{Content, Entry, EntryId, Error, Result, RevisionId};

/// What the person types; NFC, wiped on drop, no `Debug`.
pub struct Passphrase(());
impl Passphrase {
    /// Takes a passphrase as typed.
    #[must_use]
    pub fn new(_text: &str) -> Self {
        todo!()
    }
}

/// Cost of the key derivation (Argon2id, RFC 9106).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KdfParams {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}
impl KdfParams {
    /// The least a new vault is made with: RFC 9106's second recommendation.
    pub const FLOOR: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 4 };
    /// Chosen on this machine for about 0.7 s.
    #[must_use]
    pub fn calibrate() -> Self {
        todo!()
    }
}

/// A vault file that is held (no other process can open it) but locked.
pub struct Vault(());
impl Vault {
    /// Makes a new vault and unlocks it.
    /// # Errors
    /// When a file is there already, or can't be written.
    pub fn create(_path: &Path, _passphrase: &Passphrase, _params: KdfParams) -> Result<Session> {
        todo!()
    }
    /// Opens and checks the header.
    /// # Errors
    /// When it is no vault, of a newer version, damaged, or in use.
    pub fn open(_path: &Path) -> Result<Self> {
        todo!()
    }
    /// Derives the key (slow) and opens the session (fast).
    /// # Errors
    /// `WrongPassphrase`, `Damaged`.
    pub fn unlock(self, _passphrase: &Passphrase) -> Result<Session> {
        todo!()
    }
}

/// A save that is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The revision that was written.
    pub revision: RevisionId,
    /// The vault's generation after it.
    pub generation: u64,
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportCount {
    /// Entries added.
    pub imported: usize,
    /// Entries that were there already, or twice in the import.
    pub duplicates: usize,
}

/// An unlocked vault. Dropping it locks.
pub struct Session(());
impl Session {
    /// Writes an entry durably: when this returns, the text survives a power cut.
    /// # Errors
    /// `Full`, `ReadOnly`, `Io`; nothing is changed then.
    pub fn put(&mut self, _id: EntryId, _content: &Content) -> Result<Saved> {
        todo!()
    }
    /// Reads one entry.
    /// # Errors
    /// `NoSuchEntry`, `Damaged`.
    pub fn entry(&self, _id: EntryId) -> Result<Entry> {
        todo!()
    }
    /// Every living entry in the order of date, time, id; a damaged one is skipped (see `damaged`).
    /// # Errors
    /// `Io`.
    pub fn for_each_entry(&self, _visit: &mut dyn FnMut(Entry)) -> Result<()> {
        todo!()
    }
    /// Ids of every living entry, newest day first, within a day by time.
    #[must_use]
    pub fn ids(&self) -> Vec<EntryId> {
        todo!()
    }
    /// Puts an entry in the trash.
    /// # Errors
    /// `NoSuchEntry`, and those of `put`.
    pub fn delete(&mut self, _id: EntryId) -> Result<Saved> {
        todo!()
    }
    /// Adds entries in one transaction; those already there (same date, time and text) are counted, not added.
    /// # Errors
    /// Those of `put`; nothing is added then.
    pub fn import(&mut self, _contents: &[Content]) -> Result<ImportCount> {
        todo!()
    }
    /// A sealed value of the person's settings or of a cache, by name.
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn value(&self, _name: &str) -> Result<Option<Vec<u8>>> {
        todo!()
    }
    /// Writes a sealed value.
    /// # Errors
    /// Those of `put`.
    pub fn set_value(&mut self, _name: &str, _value: &[u8]) -> Result<()> {
        todo!()
    }
    /// How many records could not be read.
    #[must_use]
    pub fn damaged(&self) -> usize {
        todo!()
    }
    /// Folds the log into the file and closes: after it, one file holds everything.
    /// # Errors
    /// `Io`, `Full`.
    pub fn close(self) -> Result<()> {
        todo!()
    }
}
impl From<std::io::Error> for Error {
    fn from(source: std::io::Error) -> Self {
        Self::Io { context: "could not read or write", source }
    }
}
