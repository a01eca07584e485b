//! Putting a file in place whole: built under another name, synced, renamed, the folder synced.
use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

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

/// A file that was found at a place, to tell later whether it is still there.
pub(crate) struct Placed {
    path: PathBuf,
    identity: Identity,
}

impl Placed {
    pub(crate) fn of(path: &Path) -> Result<Self> {
        let path = std::path::absolute(path)?;
        Ok(Self { identity: identity(&path)?, path })
    }

    /// Refuses where the file was moved or deleted, or its folder was: what is written to a file
    /// without a name is gone when it is closed.
    pub(crate) fn check(&self) -> Result<()> {
        match identity(&self.path) {
            Ok(found) if found == self.identity => Ok(()),
            _ => Err(Error::Missing(self.path.clone())),
        }
    }
}

/// Which file a name stands for: its device and number.
#[cfg(unix)]
type Identity = (u64, u64);
/// Other systems don't let go of a name while its file is open.
#[cfg(not(unix))]
type Identity = ();

#[cfg(unix)]
fn identity(path: &Path) -> io::Result<Identity> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).map(|file| (file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> io::Result<Identity> {
    fs::metadata(path).map(|_| ())
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
