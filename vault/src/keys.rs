//! Keyed BLAKE2b (RFC 7693): everything that is derived from a key.
use blake2::{
    Blake2bMac,
    digest::{FixedOutput, Update, consts::U32},
};

use crate::{MasterKey, locked::Key};

/// Names a vault; 128 random bits, in clear.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct VaultId(pub(crate) [u8; 16]);

/// The sub-keys of an unlocked vault, each for one purpose.
pub(crate) struct Keys {
    pub(crate) records: Key,
    pub(crate) root: Key,
    pub(crate) record_set: Key,
    pub(crate) slot_set: Key,
    pub(crate) last_seen: Key,
}

impl Keys {
    pub(crate) fn derive(master: &MasterKey) -> Self {
        let derive =
            |purpose: &[u8]| Key::new(keyed_hash(&master.key, purpose, &[&master.vault.0]));
        Self {
            records: derive(b"ink1 records"),
            root: derive(b"ink1 root"),
            record_set: derive(b"ink1 record set"),
            slot_set: derive(b"ink1 slot set"),
            last_seen: derive(b"ink1 last seen"),
        }
    }
}

/// BLAKE2b-256 with a key and a personalisation of at most 16 bytes, over the parts in a row.
pub(crate) fn keyed_hash(key: &[u8; 32], person: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mac = Blake2bMac::<U32>::new_with_salt_and_personal(Some(key), &[], person);
    let Ok(mut mac) = mac else { unreachable!("a personalisation longer than 16 bytes") };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize_fixed().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_another_implementation() {
        // Python: hashlib.blake2b(b"abc", digest_size=32, key=bytes(range(32)), person=b"ink1 root")
        let key = std::array::from_fn(|i| u8::try_from(i).unwrap());
        let hash = keyed_hash(&key, b"ink1 root", &[b"a", b"bc"]);
        assert_eq!(crate::hex::encode(&hash), PYTHON);
    }

    const PYTHON: &str = "f83966da5a721544b1e536524397d80817880cd2ec2db1d1783e316fe215160c";
}
