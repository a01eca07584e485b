//! What must never be shown: the passphrase and the master key. Neither has `Debug`.
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use std::{
    fs::File,
    io::{Read, Write},
    path::Path,
};

use blake2::{
    Blake2bMac,
    digest::{FixedOutput, Update, consts::U32},
};

use crate::{
    RecoveryKey, Result, keys::VaultId, lock::private, locked::Key, random, slot::SlotKind,
};

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

/// What a key file adds to a passphrase. Wiped on drop, no `Debug`.
pub struct KeyFile(Key);

impl KeyFile {
    /// Writes a new file of 64 random bytes, which only its owner can read.
    /// # Errors
    /// `Exists`, `Random`, `Full`, `ReadOnly`, `Io`.
    pub fn create(path: &Path) -> Result<()> {
        let bytes = Zeroizing::new(random::bytes::<64>()?);
        crate::place::new_file(path, |temporary| {
            let mut file = private().create_new(true).open(temporary)?;
            file.write_all(bytes.as_slice())?;
            Ok(file.sync_all()?)
        })
    }

    /// Takes any file: its bytes count, not its name. It has to stay as it is.
    /// # Errors
    /// `Missing`, `Io`.
    pub fn read(path: &Path) -> Result<Self> {
        let missing = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound => crate::Error::Missing(path.to_owned()),
            _ => error.into(),
        };
        let mut file = File::open(path).map_err(missing)?;
        let hash = Blake2bMac::<U32>::new_with_salt_and_personal(None, &[], b"ink1 key file");
        let Ok(mut hash) = hash else { unreachable!("a personalisation longer than 16 bytes") };
        let mut buffer = Zeroizing::new([0; 4096]);
        loop {
            match file.read(buffer.as_mut_slice())? {
                0 => return Ok(Self(Key::new(hash.finalize_fixed().into()))),
                length => hash.update(&buffer[..length]),
            }
        }
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
        Ok(Self { key: Key::new(random::bytes()?), vault })
    }

    /// The same key, for another file of the same vault: a copy or a backup opens with it.
    #[must_use]
    pub fn again(&self) -> Self {
        Self { key: self.key.clone(), vault: self.vault }
    }
}

impl<'a> Secret<'a> {
    pub(crate) fn passphrase(passphrase: &'a Passphrase) -> Self {
        let typed = passphrase.as_bytes();
        Self { kind: SlotKind::Passphrase, typed, key_file: Key::default() }
    }

    pub(crate) fn with_key_file(passphrase: &'a Passphrase, key_file: &KeyFile) -> Self {
        let kind = SlotKind::PassphraseAndKeyFile;
        Self { kind, key_file: key_file.0.clone(), ..Self::passphrase(passphrase) }
    }

    pub(crate) fn recovery(key: &'a RecoveryKey) -> Self {
        Self { kind: SlotKind::Recovery, typed: key.as_bytes(), key_file: Key::default() }
    }
}
