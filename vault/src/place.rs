//! Putting a file in place whole: built under another name, synced, renamed, the folder synced.
use std::{fs, io::ErrorKind, path::Path};

use crate::{
    Error, Result, hex,
    lock::{beside, sync_folder},
    random,
};

/// Has `build` write a file beside `path` and gives it that name, unless something has it.
pub(crate) fn new_file(path: &Path, build: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let temporary = beside(path, &format!(".{}", hex::encode(&random::bytes::<4>()?)));
    let placed = build(&temporary).and_then(|()| link(&temporary, path));
    // Gone already where it was renamed; what SQLite leaves when it fails goes too.
    for ending in ["", "-wal", "-journal"] {
        let _ = fs::remove_file(beside(&temporary, ending));
    }
    placed?;
    sync_folder(path)
}

/// A hard link never replaces; where a file system has none, a rename after looking has to do.
fn link(from: &Path, to: &Path) -> Result<()> {
    match fs::hard_link(from, to) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(Error::Exists(to.to_owned())),
        Err(_) if to.symlink_metadata().is_ok() => Err(Error::Exists(to.to_owned())),
        Err(_) => Ok(fs::rename(from, to)?),
    }
}
