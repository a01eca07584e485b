//! What can go wrong with a vault, and what a caller can tell apart.
use std::{io, path::PathBuf};

use rusqlite::ErrorCode;

/// Result of a call into the vault.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed. Texts are lower case, without a period, the path last.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No slot opens with this passphrase (or recovery key, or key file).
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// The file is not a vault at all.
    #[error("not a journal file: {0}")]
    NotAVault(PathBuf),
    /// No file there.
    #[error("no journal there: {0}")]
    Missing(PathBuf),
    /// A vault can't be created over a file.
    #[error("a file is already there: {0}")]
    Exists(PathBuf),
    /// Written by a newer version of the program.
    #[error("the journal is of format {found}, this version reads up to {supported}")]
    NewerVersion {
        /// Version in the file.
        found: u32,
        /// Newest version known.
        supported: u32,
    },
    /// Another process holds the vault.
    #[error("the journal is open in another window or command")]
    InUse,
    /// Something does not authenticate.
    #[error("the journal is damaged: {what}")]
    Damaged {
        /// What is damaged, in words that hold nothing of the journal.
        what: String,
    },
    /// No such entry, revision or attachment.
    #[error("no such entry")]
    NoSuchEntry,
    /// No such way to unlock.
    #[error("no such way to unlock")]
    NoSuchSlot,
    /// Without the last way to unlock the journal would be lost.
    #[error("the last way to unlock can't be removed")]
    LastSlot,
    /// More than one record, or a list of slots, can hold.
    #[error("too large for the journal")]
    TooLarge,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// The file or its folder can't be written.
    #[error("no permission to write")]
    ReadOnly,
    /// The system has no randomness to give, so nothing can be sealed.
    #[error("the system gives no random numbers")]
    Random,
    /// Any other failure of the system.
    #[error("{context}: {source}")]
    Io {
        /// What was being done.
        context: &'static str,
        /// The system's own error.
        source: io::Error,
    },
}

impl Error {
    /// Damage, named in words that hold nothing of the journal.
    pub(crate) fn damaged(what: &str) -> Self {
        Self::Damaged { what: what.to_owned() }
    }
}

impl From<io::Error> for Error {
    fn from(source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Io { context: "could not read or write", source },
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::ReadOnly
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse,
            Some(ErrorCode::TooBig) => Self::TooLarge,
            Some(ErrorCode::SystemIoFailure | ErrorCode::OutOfMemory) => {
                Self::Io { context: "could not read or write", source: io::Error::other(error) }
            }
            _ => Self::damaged("the file's structure"),
        }
    }
}
