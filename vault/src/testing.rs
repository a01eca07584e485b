//! What the tests share: vaults that open without Argon2.
use std::path::{Path, PathBuf};

use jiff::civil::date;
use tempfile::TempDir;

use crate::{
    Content, EntryId, KdfParams, MasterKey, Passphrase, Result, Session, Vault, keys::Keys,
    locked::Key, root::Root, slot::Slot, store::Store,
};

/// A folder that goes with the test, and a path for a vault in it.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) path: PathBuf,
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.inglenook");
        Self { folder, path }
    }
}

/// The master key of every vault that [`create`] makes.
pub(crate) fn master() -> MasterKey {
    MasterKey { key: Key::new([5; 32]), vault: crate::keys::VaultId([6; 16]) }
}

/// A vault whose one slot is empty of meaning: opened by [`unlock`], without Argon2.
pub(crate) fn create(path: &Path) -> Session {
    try_create(path).unwrap()
}

pub(crate) fn try_create(path: &Path) -> Result<Session> {
    let master = master();
    let bytes = Slot::without_secret(&master, KdfParams::FLOOR);
    let store = Store::create(path, |write| {
        let slot = Slot { row: write.insert_slot(&bytes)?, bytes };
        let keys = Keys::derive(&master);
        write.set_root(&Root::new(&keys, &[slot]).seal(&keys, master.vault)?)
    })?;
    Session::load(store, master)
}

pub(crate) fn unlock(path: &Path) -> Result<Session> {
    Vault::open(path)?.into_session(master())
}

/// As [`unlock`], by the catalogue where there is one.
pub(crate) fn unlock_listed(path: &Path) -> Session {
    Vault::open(path).unwrap().into_session_listed(master()).unwrap()
}

pub(crate) fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text)
}

/// An entry of 1 March 2026.
pub(crate) fn text(text: &str) -> Content {
    Content { text: text.to_owned(), ..Content::new(date(2026, 3, 1)) }
}

/// Every entry's text, in the order of dates.
pub(crate) fn texts(session: &Session) -> Vec<String> {
    let mut texts = Vec::new();
    session.for_each_entry(&mut |entry| texts.push(entry.content.text)).unwrap();
    texts
}

/// Writes one entry and gives its id.
pub(crate) fn write(session: &mut Session, content: &str) -> EntryId {
    let id = EntryId::random();
    session.put(id, &text(content)).unwrap();
    id
}
