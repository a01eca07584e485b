//! One writer: a lock on a file beside the vault, which ends with the process that holds it.
use std::{
    ffi::OsString,
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
};

use crate::{Error, Result};

/// Held while it lives. The file itself stays: removing it would let two processes in.
pub(crate) struct Lock {
    file: File,
}

impl Lock {
    pub(crate) fn take(vault: &Path) -> Result<Self> {
        let file = private().create(true).truncate(false).open(beside(vault, ".lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(TryLockError::WouldBlock) => Err(Error::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Said, not left to the closing of the file: a process that is just being started by this
        // one holds a copy of the file for a moment, and with it the lock.
        let _ = self.file.unlock();
    }
}

/// The path with something added to its last part.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

/// Options for a file that only its owner can read.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes what was created, renamed or removed in the folder of `path` durable.
pub(crate) fn sync_folder(path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}
