//! Slots: the master key, wrapped once for each way to unlock.
use crate::{
    Error, KdfParams, MasterKey, Result, kdf,
    keys::{VaultId, keyed_hash},
    locked::Key,
    random, seal,
    secret::Secret,
    store::FORMAT,
};

/// Most slots a vault has.
pub(crate) const MAX_SLOTS: usize = 8;
const MAGIC: [u8; 8] = *b"ink1slot";
const ARGON2ID: u8 = 1;
/// Bytes of the part that is bound to the wrapped key but says nothing of it.
const HEADER: usize = 92;
/// Bytes of a whole slot: header, commitment, nonce, wrapped key, tag.
const LEN: usize = HEADER + 32 + seal::NONCE + 32 + seal::TAG;

/// What opens a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotKind {
    /// A passphrase.
    Passphrase,
    /// A passphrase together with a key file.
    PassphraseAndKeyFile,
    /// The recovery phrase.
    Recovery,
    /// A kind this version doesn't know.
    Other(u8),
}

/// One row of the slot table.
#[derive(Clone)]
pub(crate) struct Slot {
    pub(crate) row: i64,
    pub(crate) bytes: Vec<u8>,
}

impl Slot {
    /// Wraps the master key for a secret.
    pub(crate) fn wrap(
        master: &MasterKey,
        secret: &Secret<'_>,
        params: KdfParams,
    ) -> Result<Vec<u8>> {
        let params = params.within_bounds();
        let salt = random::bytes::<32>()?;
        let mut slot = header(master.vault, secret.kind, params, &salt)?;
        let derived = kdf::derive(secret.typed, &salt, params)?;
        slot.extend_from_slice(&commitment(&derived, secret));
        let wrapped = seal::seal(&wrapping_key(&derived, secret), &slot, &*master.key)?;
        slot.extend_from_slice(&wrapped);
        Ok(slot)
    }

    /// Which vault it belongs to; refuses what is no slot of this format, and costs that no
    /// reader should pay.
    pub(crate) fn vault(&self) -> Result<VaultId> {
        let wrong = || Error::damaged("a slot");
        if self.bytes.len() != LEN || self.bytes[..8] != MAGIC || self.u32_at(8) != FORMAT {
            return Err(wrong());
        }
        if self.bytes[45] != ARGON2ID || self.bytes[46..48] != [0, 0] {
            return Err(wrong());
        }
        if !self.params().is_acceptable() {
            return Err(Error::damaged("the cost of its key derivation is out of bounds"));
        }
        Ok(VaultId(self.array_at(12)))
    }

    /// What opens it.
    pub(crate) fn kind(&self) -> SlotKind {
        SlotKind::of_code(self.bytes.get(44).copied().unwrap_or_default())
    }

    /// Its name, for a person to choose it by.
    pub(crate) fn id(&self) -> [u8; 16] {
        self.array_at(28)
    }

    /// The master key; `None` if the secret isn't this slot's.
    pub(crate) fn unwrap_key(&self, secret: &Secret<'_>) -> Result<Option<MasterKey>> {
        if self.kind() != secret.kind {
            return Ok(None);
        }
        let derived = kdf::derive(secret.typed, &self.array_at(60), self.params())?;
        if commitment(&derived, secret) != self.array_at::<32>(HEADER) {
            return Ok(None);
        }
        let (bound, wrapped) = self.bytes.split_at(HEADER + 32);
        let opened = seal::open(&wrapping_key(&derived, secret), bound, wrapped);
        let mut key = Key::default();
        match opened {
            Some(bytes) if bytes.len() == 32 => key.copy_from_slice(&bytes),
            _ => return Err(Error::damaged("the wrapped key")),
        }
        Ok(Some(MasterKey { key, vault: self.vault()? }))
    }

    fn params(&self) -> KdfParams {
        KdfParams { memory_kib: self.u32_at(48), passes: self.u32_at(52), lanes: self.u32_at(56) }
    }

    fn u32_at(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.array_at(at))
    }

    /// `N` bytes at an offset; zeros where a slot is too short, which `vault` has refused.
    fn array_at<const N: usize>(&self, at: usize) -> [u8; N] {
        self.bytes.get(at..).and_then(<[u8]>::first_chunk).copied().unwrap_or([0; N])
    }
}

impl SlotKind {
    fn of_code(code: u8) -> Self {
        match code {
            1 => Self::Passphrase,
            2 => Self::PassphraseAndKeyFile,
            3 => Self::Recovery,
            other => Self::Other(other),
        }
    }

    fn code(self) -> u8 {
        match self {
            Self::Passphrase => 1,
            Self::PassphraseAndKeyFile => 2,
            Self::Recovery => 3,
            Self::Other(code) => code,
        }
    }
}

fn header(vault: VaultId, kind: SlotKind, params: KdfParams, salt: &[u8]) -> Result<Vec<u8>> {
    let mut header = Vec::with_capacity(LEN);
    header.extend_from_slice(&MAGIC);
    header.extend_from_slice(&FORMAT.to_le_bytes());
    header.extend_from_slice(&vault.0);
    header.extend_from_slice(&random::bytes::<16>()?);
    header.extend_from_slice(&[kind.code(), ARGON2ID, 0, 0]);
    for cost in [params.memory_kib, params.passes, params.lanes] {
        header.extend_from_slice(&cost.to_le_bytes());
    }
    header.extend_from_slice(salt);
    Ok(header)
}

fn wrapping_key(derived: &Key, secret: &Secret<'_>) -> Key {
    Key::new(keyed_hash(derived, b"ink1 slot key", &[&*secret.key_file]))
}

/// Ties the slot to one derived key: XChaCha20-Poly1305 alone would open under several.
fn commitment(derived: &Key, secret: &Secret<'_>) -> [u8; 32] {
    keyed_hash(derived, b"ink1 slot commit", &[&*secret.key_file])
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Slot {
        /// A slot that reads as one and that nothing opens.
        pub(crate) fn without_secret(master: &MasterKey, params: KdfParams) -> Vec<u8> {
            let mut slot = header(master.vault, SlotKind::Passphrase, params, &[0; 32]).unwrap();
            slot.resize(LEN, 0);
            slot
        }
    }

    #[test]
    fn only_the_right_secret_of_the_right_kind_unwraps() {
        let master = MasterKey::random().unwrap();
        let secret = |typed| Secret { kind: SlotKind::Passphrase, typed, key_file: Key::default() };
        let bytes = Slot::wrap(&master, &secret(b"right"), KdfParams::FLOOR).unwrap();
        assert_eq!(bytes.len(), LEN);
        let slot = Slot { row: 1, bytes };
        assert!(slot.vault().unwrap() == master.vault);
        assert!(*slot.unwrap_key(&secret(b"right")).unwrap().unwrap().key == *master.key);
        assert!(slot.unwrap_key(&secret(b"wrong")).unwrap().is_none());
        let with_file = Secret { key_file: Key::new([1; 32]), ..secret(b"right") };
        assert!(slot.unwrap_key(&with_file).unwrap().is_none());
        let recovery = Secret { kind: SlotKind::Recovery, ..secret(b"right") };
        assert!(slot.unwrap_key(&recovery).unwrap().is_none());
    }

    #[test]
    fn a_slot_with_absurd_costs_is_refused_without_deriving() {
        let secret = Secret { kind: SlotKind::Passphrase, typed: b"x", key_file: Key::default() };
        let master = MasterKey::random().unwrap();
        let bytes = Slot::wrap(&master, &secret, KdfParams::FLOOR).unwrap();
        for at in [48, 52, 56] {
            for cost in [0, u32::MAX] {
                let mut bytes = bytes.clone();
                bytes[at..at + 4].copy_from_slice(&cost.to_le_bytes());
                let slot = Slot { row: 1, bytes };
                assert!(matches!(slot.vault(), Err(Error::Damaged { .. })));
                assert!(matches!(slot.unwrap_key(&secret), Err(Error::Damaged { .. })));
            }
        }
    }
}
