//! Entries of a JSON Lines file, for the examples that judge what is made of them.
use std::path::Path;

use inglenook::import;
use vault::{Entry, EntryId, RevisionId};

/// The entries of a file, numbered in its order.
pub fn read(path: &Path) -> Result<Vec<Entry>, Box<dyn std::error::Error>> {
    let contents = import::read(path)?.contents.into_iter();
    Ok((0_u64..)
        .zip(contents)
        .map(|(at, content)| Entry { id: id(at), revision: RevisionId(id(at).0), content })
        .collect())
}

fn id(at: u64) -> EntryId {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&at.to_le_bytes());
    EntryId(id)
}
