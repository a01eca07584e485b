//! What must never be shown: the passphrase and the master key. Neither has `Debug`.
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::{Result, keys::VaultId, random, slot::SlotKind};

/// 32 secret bytes, wiped on drop.
pub(crate) type Key = Zeroizing<[u8; 32]>;

/// What the person types; NFC, wiped on drop, no `Debug`.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes a passphrase as typed. Composed and decomposed letters are the same.
    #[must_use]
    pub fn new(text: &str) -> Self {
        // NFC is never longer than three times its input, so the string never moves.
        let mut composed = Zeroizing::new(String::with_capacity(3 * text.len()));
        composed.extend(text.nfc());
        Self(composed)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// The vault's own random key: whoever has it can read everything. Wiped on drop, no `Debug`.
pub struct MasterKey {
    pub(crate) key: Key,
    /// Which vault it opens.
    pub(crate) vault: VaultId,
}

/// What is tried on a slot.
pub(crate) struct Secret<'a> {
    pub(crate) kind: SlotKind,
    /// What Argon2id is given.
    pub(crate) typed: &'a [u8],
    /// Hash of the key file, or zeros.
    pub(crate) key_file: Key,
}

impl MasterKey {
    /// A key for a vault that is yet to be made.
    pub(crate) fn random() -> Result<Self> {
        let vault = VaultId(random::bytes()?);
        Ok(Self { key: Zeroizing::new(random::bytes()?), vault })
    }
}

impl<'a> Secret<'a> {
    pub(crate) fn passphrase(passphrase: &'a Passphrase) -> Self {
        let typed = passphrase.as_bytes();
        Self { kind: SlotKind::Passphrase, typed, key_file: Key::default() }
    }
}
