//! The newest generation seen of a vault, kept outside it: tells an older copy from the newest.
use std::{
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use crate::{
    Result, hex,
    keys::{Keys, VaultId, keyed_hash},
    lock::{beside, private},
};

const MAGIC: [u8; 8] = *b"ink1seen";
/// Magic, vault, generation.
const BODY: usize = 8 + 16 + 8;

/// An older copy of a vault than one that was open on this computer before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rollback {
    /// The newest generation that was seen.
    pub seen: u64,
    /// The generation of this copy.
    pub found: u64,
}

/// The file that remembers.
pub(crate) struct Seen {
    path: PathBuf,
    pub(crate) rollback: Option<Rollback>,
}

impl Seen {
    /// Reads what is remembered. A missing or foreign file is nothing remembered.
    pub(crate) fn read(folder: &Path, keys: &Keys, vault: VaultId, found: u64) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join(hex::encode(&vault.0)).with_extension("seen");
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            read => read?,
        };
        let seen = generation(keys, vault, &bytes).filter(|seen| *seen > found);
        let this = Self { path, rollback: seen.map(|seen| Rollback { seen, found }) };
        if this.rollback.is_none() {
            this.note(keys, vault, found)?;
        }
        Ok(this)
    }

    /// Remembers a generation. Not synced: after a power cut it may be older, never wrong.
    pub(crate) fn note(&self, keys: &Keys, vault: VaultId, generation: u64) -> Result<()> {
        let mut bytes = [MAGIC.as_slice(), &vault.0, &generation.to_le_bytes()].concat();
        bytes.extend(mac(keys, &bytes));
        let temporary = beside(&self.path, ".new");
        private().create(true).truncate(true).open(&temporary)?.write_all(&bytes)?;
        Ok(fs::rename(&temporary, &self.path)?)
    }
}

fn generation(keys: &Keys, vault: VaultId, bytes: &[u8]) -> Option<u64> {
    let (body, mac_found) = bytes.split_at_checked(BODY)?;
    let (head, generation) = body.split_last_chunk()?;
    let ours = head == [MAGIC.as_slice(), &vault.0].concat() && mac_found == mac(keys, body);
    ours.then(|| u64::from_le_bytes(*generation))
}

fn mac(keys: &Keys, body: &[u8]) -> [u8; 32] {
    keyed_hash(&keys.last_seen, b"ink1 seen file", &[body])
}
