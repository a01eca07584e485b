//! The keys of a vault as bytes, derived from its file as `vault/FORMAT.md` says.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use blake2::{
    Blake2bMac,
    digest::{FixedOutput, Update, consts::U32},
};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use rusqlite::{Connection, OpenFlags};

/// Labels of what is derived from the master key.
const LABELS: [&str; 5] =
    ["ink1 records", "ink1 root", "ink1 record set", "ink1 slot set", "ink1 last seen"];

/// Every key that unlocking with the passphrase of the first slot brings forth.
///
/// # Panics
///
/// When it is no vault of format 1, or another passphrase opens it.
#[must_use]
pub fn of_vault(path: &Path, passphrase: &str) -> Vec<[u8; 32]> {
    let file = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let slot: Vec<u8> =
        file.query_row("SELECT body FROM slot ORDER BY row", [], |row| row.get(0)).unwrap();
    let number = |at: usize| u32::from_le_bytes(slot[at..at + 4].try_into().unwrap());
    let cost = Params::new(number(48), number(52), number(56), Some(32)).unwrap();
    let mut derived = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, cost)
        .hash_password_into(passphrase.as_bytes(), &slot[60..92], &mut derived)
        .unwrap();
    let wrapping = keyed_hash(&derived, "ink1 slot key", &[0; 32]);
    let (nonce, wrapped) = slot[124..].split_at(24);
    let payload = Payload { msg: wrapped, aad: &slot[..124] };
    let cipher = XChaCha20Poly1305::new(&wrapping.into());
    let opened = cipher.decrypt(nonce.try_into().unwrap(), payload).unwrap();
    let master: [u8; 32] = opened.try_into().unwrap();
    let mut keys = vec![derived, wrapping, master];
    keys.extend(LABELS.map(|label| keyed_hash(&master, label, &slot[12..28])));
    keys
}

fn keyed_hash(key: &[u8; 32], label: &str, data: &[u8]) -> [u8; 32] {
    let label = label.as_bytes();
    let mut mac = Blake2bMac::<U32>::new_with_salt_and_personal(Some(key), &[], label).unwrap();
    mac.update(data);
    mac.finalize_fixed().into()
}
