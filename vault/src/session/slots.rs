//! Ways to unlock: added, replaced and removed while the vault is open.
use std::fmt;

use super::Session;
use crate::{
    Error, KdfParams, KeyFile, Passphrase, RecoveryKey, Result, hex,
    secret::Secret,
    slot::{MAX_SLOTS, Slot, SlotKind},
};

#[cfg(test)]
mod tests;

/// Names a slot of a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotId([u8; 16]);

impl fmt::Display for SlotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl Session {
    /// The ways to unlock this vault, in the order they were added.
    #[must_use]
    pub fn slots(&self) -> Vec<(SlotId, SlotKind)> {
        self.ledger.slots().iter().map(|slot| (SlotId(slot.id()), slot.kind())).collect()
    }

    /// Whether this passphrase opens this vault, together with the key file where one is given.
    /// As slow as unlocking.
    /// # Errors
    /// `WrongPassphrase`, `Damaged`.
    pub fn check_passphrase(
        &self,
        passphrase: &Passphrase,
        key_file: Option<&KeyFile>,
    ) -> Result<()> {
        let secret = match key_file {
            Some(key_file) => Secret::with_key_file(passphrase, key_file),
            None => Secret::passphrase(passphrase),
        };
        let opens = |slot: &Slot| slot.unwrap_key(&secret).is_ok_and(|key| key.is_some());
        if self.ledger.slots().iter().any(opens) { Ok(()) } else { Err(Error::WrongPassphrase) }
    }

    /// Replaces the passphrase, in time that doesn't grow with the vault. A key file is no longer
    /// asked for; a recovery key stays. Copies and backups made before still open as before.
    /// # Errors
    /// `Full`, `ReadOnly`, `Io`; the old passphrase holds then.
    pub fn change_passphrase(&mut self, new: &Passphrase, params: KdfParams) -> Result<()> {
        self.replace_typed(&Secret::passphrase(new), params)
    }

    /// Replaces the passphrase by one that opens only together with a key file.
    /// # Errors
    /// Those of [`Session::change_passphrase`].
    pub fn require_key_file(
        &mut self,
        new: &Passphrase,
        key_file: &KeyFile,
        params: KdfParams,
    ) -> Result<()> {
        self.replace_typed(&Secret::with_key_file(new, key_file), params)
    }

    /// Makes a recovery key, in the place of any there was, and gives it to be written down.
    /// # Errors
    /// `Random`, `Full`, `ReadOnly`, `Io`; nothing is changed then.
    pub fn renew_recovery_key(&mut self) -> Result<RecoveryKey> {
        let recovery = RecoveryKey::random()?;
        // 128 random bits need no slow derivation; the floor keeps one way of doing it.
        self.replace(&Secret::recovery(&recovery), KdfParams::FLOOR, &[SlotKind::Recovery])?;
        Ok(recovery)
    }

    /// Removes a way to unlock, but never the last.
    /// # Errors
    /// `NoSuchSlot`, `LastSlot`, `Full`, `ReadOnly`, `Io`; nothing is changed then.
    pub fn remove_slot(&mut self, id: SlotId) -> Result<()> {
        let slots = self.ledger.slots();
        let slot = slots.iter().find(|slot| slot.id() == id.0).ok_or(Error::NoSuchSlot)?;
        let opens = |slot: &&Slot| !matches!(slot.kind(), SlotKind::Other(_));
        if !slots.iter().filter(opens).any(|other| other.row != slot.row) {
            return Err(Error::LastSlot);
        }
        let row = slot.row;
        self.ledger.replace_slots(None, &[row])?;
        self.note_seen();
        Ok(())
    }

    fn replace_typed(&mut self, secret: &Secret<'_>, params: KdfParams) -> Result<()> {
        self.replace(secret, params, &[SlotKind::Passphrase, SlotKind::PassphraseAndKeyFile])
    }

    fn replace(&mut self, new: &Secret<'_>, cost: KdfParams, old: &[SlotKind]) -> Result<()> {
        let bytes = Slot::wrap(&self.master, new, cost)?;
        let slots = self.ledger.slots();
        let old = slots.iter().filter(|slot| old.contains(&slot.kind()));
        let rows: Vec<_> = old.map(|slot| slot.row).collect();
        if slots.len() - rows.len() >= MAX_SLOTS {
            return Err(Error::TooLarge);
        }
        self.ledger.replace_slots(Some(bytes), &rows)?;
        self.note_seen();
        Ok(())
    }
}
