//! What can go wrong with a vault, and what a caller can tell apart.
use std::path::PathBuf;

/// Result of a call into the vault.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed. Texts are lower case, without a period, the path last.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No slot opens with this passphrase.
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
    /// No such entry.
    #[error("no such entry")]
    NoSuchEntry,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// The file or its folder can't be written.
    #[error("no permission to write")]
    ReadOnly,
    /// Any other failure of the system.
    #[error("{context}: {source}")]
    Io {
        /// What was being done.
        context: &'static str,
        /// The system's own error.
        source: std::io::Error,
    },
}
