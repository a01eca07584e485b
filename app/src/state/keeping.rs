//! What the window shows of what guards against loss; dropped with the open journal.
use std::path::PathBuf;

use jiff::civil::Date;
use vault::{
    Attachment, AttachmentId, EntryId, RevisionId, RevisionMeta, SlotId, SlotKind, Trashed,
};
use zeroize::Zeroizing;

use crate::{
    event::OtherVersion,
    keeping::{backup::Drill, diff::Part},
};

/// All of it. No `Debug`: much of it is text of the journal, or secret.
#[derive(Default)]
pub struct Keeping {
    /// What belongs to the open entry beside its text.
    pub about: About,
    /// The file that is asked to be removed.
    pub removing: Option<AttachmentId>,
    /// The folder of the file that was picked last to be attached.
    pub attached_from: Option<PathBuf>,
    /// What is shown in place of the entry.
    pub shelf: Option<Shelf>,
    /// Copies beside the journal that hold what it lacks.
    pub copies: Vec<PathBuf>,
    /// A merge goes on.
    pub merging: bool,
    /// Entries with more than one version.
    pub conflicting: Vec<EntryId>,
    /// The parts of the settings about backups and the check.
    pub safety: Safety,
    /// The part of the settings about ways to unlock.
    pub ways: Ways,
}

/// What belongs to an entry beside its text. No `Debug`.
#[derive(Default)]
pub struct About {
    /// Its files, by name.
    pub files: Vec<Attachment>,
    /// Its other versions that stand.
    pub others: Vec<OtherVersion>,
    /// A file is on its way into the journal.
    pub busy: bool,
    /// What went wrong with a file last.
    pub problem: Option<String>,
    /// Where a copy was saved last.
    pub saved: Option<PathBuf>,
}

/// What is shown in place of the entry. No `Debug`.
pub enum Shelf {
    /// Earlier versions of an entry.
    History(History),
    /// The trash.
    Trash {
        /// What is in it, newest deletion first; none while it is read.
        entries: Option<Vec<Trashed>>,
        /// The one that the person is asked about.
        asked: Option<EntryId>,
    },
    /// People, places, themes, moods and open loops.
    Insight,
}

/// Earlier versions of an entry. No `Debug`.
pub struct History {
    /// Which entry.
    pub entry: EntryId,
    /// Its versions; empty while they are read.
    pub versions: Vec<Version>,
    /// The version looked at, compared with the entry as it is.
    pub compared: Option<(RevisionId, Vec<Part>)>,
}

/// One version in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Which, and when it was written.
    pub meta: RevisionMeta,
    /// Words in it; none where it can't be read or the entry was deleted.
    pub words: Option<usize>,
}

/// Backups and the check of the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Safety {
    /// The folder of the backups as typed.
    pub folder_typed: String,
    /// What the vault is busy with.
    pub busy: Option<Busy>,
    /// What came of the backups.
    pub backup: Option<Outcome>,
    /// What came of the check.
    pub check: Option<Outcome>,
}

/// What the vault is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Busy {
    /// A backup.
    Backup,
    /// Looking into one.
    Drill,
    /// The check of the journal.
    Check,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A backup is there.
    BackedUp(PathBuf),
    /// There is no backup to look into.
    NoBackup,
    /// What the newest backup holds.
    Drilled(Drill),
    /// What a check of the journal found.
    Verified {
        /// Nothing is damaged or missing.
        sound: bool,
        /// Entries that can be read.
        entries: usize,
        /// Days of entries that can't.
        damaged: Vec<Date>,
    },
    /// It could not be done.
    Failed(String),
}

/// Ways to unlock. No `Debug`: it holds what was typed.
#[derive(Default)]
pub struct Ways {
    /// Those there are.
    pub slots: Vec<(SlotId, SlotKind)>,
    /// Unlocked with the recovery phrase: nobody is asked for a passphrase that is forgotten.
    pub recovered: bool,
    /// The form that is open.
    pub form: Option<WayForm>,
    /// What was typed into it.
    pub typed: Typed,
    /// The recovery phrase just made, until it is written down.
    pub phrase: Option<Zeroizing<String>>,
    /// Where the sheet was saved.
    pub sheet: Option<PathBuf>,
    /// The vault is at work.
    pub busy: bool,
    /// Why it did not work last time.
    pub problem: Option<String>,
    /// What was done last.
    pub done: Option<Done>,
}

/// A form about ways to unlock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayForm {
    /// Another passphrase.
    Passphrase,
    /// A key file beside the passphrase.
    AddKeyFile,
    /// No key file any more.
    DropKeyFile,
    /// A recovery phrase, which takes the place of an earlier one.
    Recovery,
    /// The phrase just made is shown, to be written down.
    Sheet,
    /// Whether a way shall be removed.
    Remove(SlotId),
}

/// What was done to the ways to unlock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// The passphrase, or its key file, is replaced.
    Changed,
    /// The recovery phrase is written down.
    Recovery,
    /// A way is removed.
    Removed,
    /// A key file is written.
    KeyFileMade,
}

/// Typed into a form about ways to unlock, wiped on drop. No `Debug`.
#[derive(Default)]
pub struct Typed {
    /// The passphrase in use.
    pub present: Zeroizing<String>,
    /// The next one.
    pub new: Zeroizing<String>,
    /// The same again.
    pub repeated: Zeroizing<String>,
    /// The path of the key file.
    pub key_file: String,
    /// The path of the sheet.
    pub sheet: String,
    /// Two parts of the recovery phrase, typed back.
    pub parts: [Zeroizing<String>; 2],
}

impl Ways {
    /// Whether a key file is asked for beside the passphrase.
    #[must_use]
    pub fn has_key_file(&self) -> bool {
        self.slots.iter().any(|(_, kind)| *kind == SlotKind::PassphraseAndKeyFile)
    }

    /// Opens a form with nothing typed into it.
    pub fn open(&mut self, form: Option<WayForm>) {
        let key_file = std::mem::take(&mut self.typed.key_file);
        self.typed = Typed { key_file, ..Typed::default() };
        (self.form, self.problem, self.done) = (form, None, None);
    }
}
