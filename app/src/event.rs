//! What the workers report to the window.
use std::path::PathBuf;

use vault::{Entry, EntryId, search::Results};

use crate::{
    reflection::{Progress, Reflection, Summary, answer::Answer},
    state::EntryRow,
};

pub mod keeping;

pub use keeping::{KeepPart, Kept, OtherVersion};

/// One report. No `Debug`: most hold text of the journal.
pub enum Event {
    /// The journal is unlocked; these are its entries, unordered.
    Opened {
        /// One row an entry.
        rows: Vec<EntryRow>,
        /// Records that could not be read.
        damaged: usize,
        /// Changes that this copy lacks, of those that were seen at its place.
        behind: u64,
    },
    /// The journal could not be created or unlocked; nothing changed.
    NotOpened(vault::Error),
    /// The journal is closed, its keys are gone.
    Locked,
    /// Whether a passphrase opens the journal that is open.
    Checked(vault::Result<()>),
    /// A save is on disk.
    Saved {
        /// Which draft.
        id: EntryId,
        /// Which edition of it.
        edition: u64,
        /// What the list shows of it now.
        row: Box<EntryRow>,
    },
    /// A save failed; the window keeps the text.
    NotSaved {
        /// Which draft.
        id: EntryId,
        /// Why.
        error: vault::Error,
    },
    /// An entry that was asked for.
    Read(Box<Entry>),
    /// An entry can't be read.
    NotRead(vault::Error),
    /// An entry is in the trash.
    Deleted(EntryId),
    /// Results of a search.
    Found {
        /// Which search.
        ticket: u64,
        /// What was found.
        results: Results,
    },
    /// So many entries can be searched.
    Indexed {
        /// So far.
        done: usize,
        /// In all.
        total: usize,
    },
    /// Entries to reflect on, oldest first.
    Gathered {
        /// Which reflection.
        ticket: u64,
        /// The entries.
        entries: Vec<Entry>,
    },
    /// A reflection goes on.
    Progress {
        /// Which reflection.
        ticket: u64,
        /// How.
        progress: Progress,
    },
    /// A summary is done, or was stopped.
    Summarised {
        /// Which reflection.
        ticket: u64,
        /// What came of it.
        result: Result<Summary, engine::Error>,
    },
    /// Questions are done, or were stopped.
    Asked {
        /// Which reflection.
        ticket: u64,
        /// What came of it.
        result: Result<Reflection, engine::Error>,
    },
    /// An answer out of the journal; `None` after a fault.
    Answered {
        /// Which reflection.
        ticket: u64,
        /// What came of it.
        answer: Option<Box<Answer>>,
    },
    /// About what guards against loss.
    Kept(Box<Kept>),
    /// Where the language model is, if there is one.
    ModelFound(Option<PathBuf>),
    /// The settings could not be written.
    SettingsNotSaved(std::io::Error),
}
