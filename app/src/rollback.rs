//! Whether the journal is an older copy than the one that was open at its place before.
use std::{fs, path::Path};

use sha2::{Digest as _, Sha256};
use vault::{Rollback, Session};

/// Remembers the newest state of the journal at this place in `folder`, and tells when this is an older one.
///
/// Copies at other places have a memory of their own: they may be as old as they like. A memory that
/// can't be kept never keeps a person from their journal.
pub fn watch(session: &mut Session, journal: &Path, folder: &Path) -> Option<Rollback> {
    let place = fs::canonicalize(journal).unwrap_or_else(|_| journal.to_owned());
    let hash = Sha256::digest(place.as_os_str().as_encoded_bytes());
    let name: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    session.watch_for_rollback(&folder.join(name)).ok()?;
    session.rollback()
}

/// Takes an older copy for the newest from now on: the person put it there.
pub fn accept(session: &mut Session, journal: &Path, folder: &Path) {
    if watch(session, journal, folder).is_some() {
        // As with watching: without it the next opening tells once more.
        let _ = session.accept_rollback();
    }
}
