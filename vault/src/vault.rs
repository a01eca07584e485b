//! A vault file: made, opened, unlocked.
use std::path::Path;

use crate::{
    Error, KdfParams, KeyFile, MasterKey, Passphrase, RecoveryKey, Result, Session,
    keys::Keys,
    lock::beside,
    root::Root,
    secret::Secret,
    slot::{Slot, SlotKind},
    store::Store,
};

#[cfg(test)]
mod tests;

/// A vault file that is held (no other process can open it) but locked.
pub struct Vault {
    store: Store,
    slots: Vec<Slot>,
}

impl Vault {
    /// Makes a new vault and unlocks it. Costs below [`KdfParams::FLOOR`] are raised to it.
    /// # Errors
    /// When a file is there already, or can't be written.
    pub fn create(path: &Path, passphrase: &Passphrase, params: KdfParams) -> Result<Session> {
        let master = MasterKey::random()?;
        let bytes = Slot::wrap(&master, &Secret::passphrase(passphrase), params)?;
        let store = Store::create(path, |write| {
            let slot = Slot { row: write.insert_slot(&bytes)?, bytes };
            let keys = Keys::derive(&master);
            write.set_root(&Root::new(&keys, &[slot]).seal(&keys, master.vault)?)
        })?;
        Session::load(store, master)
    }

    /// Opens and checks the header.
    /// # Errors
    /// When it is no vault, of a newer version, damaged, or in use.
    pub fn open(path: &Path) -> Result<Self> {
        Self::check(Store::open(path)?)
    }

    /// As [`Vault::open`], for a file that is only looked at: neither it nor its folder is
    /// changed, and nothing can be written in its session. Only where a log lies beside it, which
    /// holds a part of it, it is opened as any other. For backups and copies at rest: what another
    /// program is writing to it at the same time is not seen right.
    /// # Errors
    /// When it is no vault, of a newer version, or damaged.
    pub fn open_read_only(path: &Path) -> Result<Self> {
        match std::fs::metadata(beside(path, "-wal")) {
            Ok(log) if log.len() > 0 => Self::open(path),
            _ => Self::check(Store::open_read_only(path)?),
        }
    }

    fn check(store: Store) -> Result<Self> {
        let slots = store.slots()?;
        let checked: Vec<_> = slots.iter().map(Slot::vault).collect();
        match checked.into_iter().reduce(Result::or) {
            Some(Ok(_)) => Ok(Self { store, slots }),
            Some(Err(error)) => Err(error),
            None => Err(Error::damaged("it has no slot")),
        }
    }

    /// Derives the key (slow) and opens the session (fast).
    /// # Errors
    /// `WrongPassphrase`, `Damaged`.
    pub fn unlock(self, passphrase: &Passphrase) -> Result<Session> {
        let master = self.unlock_key(passphrase)?;
        self.into_session(master)
    }

    /// The slow half of [`Vault::unlock`]: derives and unwraps the master key.
    /// # Errors
    /// `WrongPassphrase`, `Damaged`.
    pub fn unlock_key(&self, passphrase: &Passphrase) -> Result<MasterKey> {
        self.unwrap_key(&Secret::passphrase(passphrase))
    }

    /// As [`Vault::unlock_key`], for a vault that asks for a key file as well.
    /// # Errors
    /// `WrongPassphrase`, `Damaged`.
    pub fn unlock_key_with_file(
        &self,
        passphrase: &Passphrase,
        key_file: &KeyFile,
    ) -> Result<MasterKey> {
        self.unwrap_key(&Secret::with_key_file(passphrase, key_file))
    }

    /// As [`Vault::unlock_key`], with the recovery key.
    /// # Errors
    /// `WrongPassphrase`, `Damaged`.
    pub fn recover_key(&self, recovery: &RecoveryKey) -> Result<MasterKey> {
        self.unwrap_key(&Secret::recovery(recovery))
    }

    /// The fast half of [`Vault::unlock`]: reads and checks every record.
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn into_session(self, master: MasterKey) -> Result<Session> {
        self.check_key(&master)?;
        Session::load(self.store, master)
    }

    fn check_key(&self, master: &MasterKey) -> Result<()> {
        let known = |slot: &Slot| slot.vault().is_ok_and(|vault| vault == master.vault);
        if self.slots.iter().any(known) { Ok(()) } else { Err(Error::WrongPassphrase) }
    }

    /// As [`Vault::into_session`], in less time: what the list needs is taken from the catalogue that
    /// [`Session::settle`] wrote, where the root agrees that it tells of every record. The records
    /// themselves are checked with [`Session::check`]. Where there is no such catalogue, everything is
    /// read and checked right away.
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn into_session_listed(self, master: MasterKey) -> Result<Session> {
        self.check_key(&master)?;
        Session::load_listed(self.store, master)
    }

    /// Which kinds of secret open this vault, in the order they were added.
    #[must_use]
    pub fn slot_kinds(&self) -> Vec<SlotKind> {
        self.slots.iter().filter(|slot| slot.vault().is_ok()).map(Slot::kind).collect()
    }

    /// Tries a secret on every slot. Damage counts only if no slot opens.
    fn unwrap_key(&self, secret: &Secret<'_>) -> Result<MasterKey> {
        let mut failure = Error::WrongPassphrase;
        for slot in self.slots.iter().filter(|slot| slot.vault().is_ok()) {
            match slot.unwrap_key(secret) {
                Ok(Some(master)) => return Ok(master),
                Ok(None) => {}
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }
}
