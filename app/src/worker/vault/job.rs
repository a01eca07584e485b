//! What the vault's thread is asked to do.
use std::path::PathBuf;

use jiff::civil::Date;
use vault::{
    Content, EntryId, KdfParams, KeyFile, MasterKey, Passphrase, RecoveryKey, SlotKind, Vault,
    search::Near,
};

use super::{InsightJob, KeepJob};
use crate::{
    meaning::Made,
    permission::Permission,
    reflection::{Span, Summary, cache::Place, conversation::Turn},
    settings::Settings,
};

/// What the thread is asked to do. No `Debug`: most hold secrets or text.
pub enum VaultJob {
    /// Makes a journal and unlocks it.
    Create {
        /// Where.
        path: PathBuf,
        /// The passphrase that will open it.
        passphrase: Passphrase,
        /// Cost of the key derivation; chosen on this machine when `None`.
        params: Option<KdfParams>,
    },
    /// Unlocks a journal.
    Unlock {
        /// Where.
        path: PathBuf,
        /// What was typed.
        secret: Secret,
    },
    /// Writes an entry.
    Put {
        /// Which.
        id: EntryId,
        /// Which edition of the draft, told back when it is on disk.
        edition: u64,
        /// What it says.
        content: Box<Content>,
    },
    /// Reads an entry.
    Read(EntryId),
    /// Puts an entry in the trash.
    Delete(EntryId),
    /// Searches.
    Search {
        /// Told back with the results.
        ticket: u64,
        /// What was typed.
        text: String,
        /// The day that "last week" counts from.
        today: Date,
    },
    /// Searches by words and by meaning.
    SearchNear {
        /// Told back with the results.
        ticket: u64,
        /// What was typed.
        text: String,
        /// The day that "last week" counts from.
        today: Date,
        /// What is nearest to it.
        near: Vec<Near>,
    },
    /// Reads the passages made by an embedding model.
    LoadMeanings {
        /// Its folder or file.
        model: PathBuf,
    },
    /// Gives the next entries whose passages are to be made.
    NextLacking,
    /// Seals passages that were made.
    KeepMade(Vec<Made>),
    /// Reads entries to reflect on.
    Gather {
        /// Told back with the entries.
        ticket: u64,
        /// Which, oldest first.
        ids: Vec<EntryId>,
        /// What for.
        purpose: Purpose,
    },
    /// Keeps a summary for the next time.
    KeepSummary {
        /// Where.
        place: Place,
        /// The summary.
        summary: Box<Summary>,
    },
    /// Remembers what was asked about an entry.
    KeepAsked {
        /// Which.
        entry: EntryId,
        /// What was asked.
        questions: Vec<String>,
        /// When.
        day: Date,
    },
    /// Something about people, themes, open loops and prompts.
    Insight(InsightJob),
    /// Finds a summary that the model in this file has to make anew.
    NextStale {
        /// The file.
        model: PathBuf,
    },
    /// Deletes the summary of a span.
    DeleteSummary(Span),
    /// Deletes all that a model wrote.
    DeleteModelText,
    /// Lets a model read the journal, or not: then what it made is deleted.
    Permit(Permission),
    /// Gives the questions and answers that are kept.
    LoadConversation,
    /// Seals the questions and answers; none throws away what was kept.
    KeepConversation(Vec<Turn>),
    /// Something about what guards against loss.
    Keep(KeepJob),
    /// Whether this passphrase opens the journal that is open.
    Check {
        /// What was typed.
        passphrase: Passphrase,
        /// The key file that was asked for beside it, if one was.
        key_file: Option<PathBuf>,
    },
    /// Closes the journal.
    Lock,
    /// Looks for the language model.
    FindModel {
        /// The folder or file chosen by the person, if one was.
        chosen: Option<PathBuf>,
    },
    /// Writes the settings, which are not secret.
    SaveSettings {
        /// The file.
        path: PathBuf,
        /// What it shall say.
        settings: Box<Settings>,
    },
}

/// What opens a journal. No `Debug`.
pub enum Secret {
    /// A passphrase, and the key file asked for beside it.
    Passphrase(Passphrase, Option<PathBuf>),
    /// The recovery phrase.
    Recovery(RecoveryKey),
}

/// What entries are gathered for.
pub enum Purpose {
    /// A summary; what is kept of it and still true comes along.
    Summary {
        /// The model's file.
        model: PathBuf,
        /// What of.
        span: Span,
    },
    /// Questions as of this day.
    Questions(Date),
    /// An answer.
    Answer,
}

impl Secret {
    pub(super) fn unlock_key(&self, vault: &Vault) -> vault::Result<MasterKey> {
        match self {
            Self::Passphrase(passphrase, None) => vault.unlock_key(passphrase),
            Self::Passphrase(passphrase, Some(path)) => {
                vault.unlock_key_with_file(passphrase, &KeyFile::read(path)?)
            }
            Self::Recovery(key) => vault.recover_key(key),
        }
    }

    pub(super) fn lacks_key_file(&self, vault: &Vault) -> bool {
        matches!(self, Self::Passphrase(_, None))
            && !vault.slot_kinds().contains(&SlotKind::Passphrase)
    }
}
