//! The encrypted store of a journal, and the search over it.
//!
//! `FORMAT.md` beside this crate's sources says what every byte of a vault means.
//! A [`Vault`] is a file that is held but locked; a [`Session`] is one that is unlocked.
//! Below them lie, each knowing only those after it: the session's entries and values,
//! the ledger of sealed records and their root, the SQLite store.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod clock;
mod entry;
mod error;
#[cfg(fuzzing)]
pub mod fuzzing;
mod hex;
mod kdf;
mod keys;
mod ledger;
mod lock;
mod locked;
mod packing;
mod padding;
mod place;
mod random;
mod record;
mod recovery;
mod revision;
mod root;
mod seal;
pub mod search;
mod secret;
mod seen;
mod session;
mod slot;
mod store;
#[cfg(test)]
mod testing;
mod vault;
mod wipe;

pub use entry::{Content, Entry, EntryId, EntryMeta, RevisionId};
pub use error::{Error, Result};
pub use kdf::KdfParams;
pub use ledger::Integrity;
pub use recovery::RecoveryKey;
pub use secret::{KeyFile, MasterKey, Passphrase};
pub use seen::Rollback;
pub use session::{
    Attachment, AttachmentId, Backup, DamagedEntry, ImportCount, Merged, RevisionMeta, Salvaged,
    Saved, Session, SlotId, Trashed,
};
pub use slot::SlotKind;
pub use vault::Vault;
pub use wipe::overwrite_stack;
