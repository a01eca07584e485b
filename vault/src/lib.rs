//! The encrypted store of a journal, and the search over it.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod entry;
mod error;
pub mod search;
mod vault_file;

pub use entry::{Content, Entry, EntryId, RevisionId};
pub use error::{Error, Result};
pub use vault_file::{ImportCount, KdfParams, Passphrase, Saved, Session, Vault};
