//! What the vault reports about what guards against loss.
use std::path::PathBuf;

use vault::{Attachment, DamagedEntry, Entry, EntryId, RevisionId, SlotId, SlotKind, Trashed};
use zeroize::Zeroizing;

use crate::{
    keeping::{attachment::Problem, backup::Drill, diff::Part},
    state::{EntryRow, keeping::Version},
};

/// One report of these. No `Debug`: most hold text of the journal.
pub enum Kept {
    /// What belongs to an entry beside its text.
    About {
        /// Which entry.
        id: EntryId,
        /// Its files, by name.
        files: Vec<Attachment>,
        /// Its other versions that stand.
        others: Vec<OtherVersion>,
    },
    /// A copy of a file is outside the journal now, not encrypted.
    CopySaved(PathBuf),
    /// The versions of an entry, those that have seen most first.
    History {
        /// Which entry.
        id: EntryId,
        /// Its versions.
        versions: Vec<Version>,
    },
    /// A version, compared with the entry as it is.
    Compared {
        /// Which version.
        revision: RevisionId,
        /// What is the same, what went, what came.
        parts: Vec<Part>,
    },
    /// An entry is as it was, or as was chosen.
    Restored(Box<Entry>),
    /// An entry as it is after a merge.
    Reread(Box<Entry>),
    /// What is in the trash, newest deletion first.
    Trash(Vec<Trashed>),
    /// An entry is back in the list.
    Undeleted(Box<EntryRow>),
    /// An entry is gone for ever.
    Purged(EntryId),
    /// Entries were added or changed by a merge, or by keeping both versions.
    Changed {
        /// Every entry of the journal.
        rows: Vec<EntryRow>,
        /// Entries with more than one version.
        conflicting: Vec<EntryId>,
        /// Changes taken in by a merge.
        taken: Option<usize>,
    },
    /// Copies beside the journal that hold what it lacks.
    Copies(Vec<PathBuf>),
    /// A backup is made, because the person asked.
    BackedUp(PathBuf),
    /// What is in the newest backup, if there is one.
    Drilled(Option<Drill>),
    /// All was read.
    Verified {
        /// Nothing is damaged or missing.
        sound: bool,
        /// Entries that can be read.
        entries: usize,
        /// Entries that can't, as far as they have a name left.
        damaged: Vec<DamagedEntry>,
    },
    /// The ways to unlock.
    Slots(Vec<(SlotId, SlotKind)>),
    /// The passphrase or the key file is replaced.
    PassphraseChanged(Vec<(SlotId, SlotKind)>),
    /// A recovery phrase is made; it is told this once.
    Recovery {
        /// To be written down.
        phrase: Zeroizing<String>,
        /// The ways to unlock now.
        slots: Vec<(SlotId, SlotKind)>,
    },
    /// A key file, or a sheet, is written.
    FileMade(PathBuf),
    /// Only a key file and a passphrase open this journal.
    AsksForKeyFile,
    /// It could not be done.
    Failed {
        /// What.
        part: KeepPart,
        /// Why.
        problem: Problem,
    },
}

/// A version of an entry that stands beside the one shown. No `Debug`.
pub struct OtherVersion {
    /// Which.
    pub revision: RevisionId,
    /// How it differs from the one shown.
    pub parts: Vec<Part>,
}

/// Where in the window a failure is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeepPart {
    /// Below the entry.
    Files,
    /// Above everything, as the day's backup.
    Upkeep,
    /// Above everything.
    Journal,
    /// At the backups.
    Backups,
    /// At the check of the journal.
    Check,
    /// At the ways to unlock.
    Ways,
}
