//! What the workers report to the window.
use std::path::PathBuf;

use vault::{
    Entry, EntryId,
    search::{Near, Results},
};

use crate::{
    folder::{Found, Places},
    insight::Aliases,
    meaning::Made,
    models::Model,
    permission::Permission,
    reflection::{
        Outline, Progress, Reflection, Summary, answer::Answer, cache::Place, conversation::Turn,
    },
    state::EntryRow,
    worker::{meaning::Holding, models::ModelsOutcome},
};

pub mod insight;
pub mod keeping;

pub use insight::Insights;
pub use keeping::{KeepPart, Kept, OtherVersion};

/// What a reflection needs. No `Debug`.
pub struct Gathered {
    /// Entries to reflect on, oldest first.
    pub entries: Vec<Entry>,
    /// Entries that were kept from the model.
    pub kept: usize,
    /// How they are summarised, with what is kept of it; none where they are not to be.
    pub outline: Option<Outline>,
    /// Questions that were asked about others.
    pub asked: Vec<String>,
    /// Names that the person brought together.
    pub aliases: Aliases,
}

/// A summary that may have to be made anew. No `Debug`.
pub enum Stale {
    /// None is.
    Nothing,
    /// The computer runs on its battery: it can wait.
    OnBattery,
    /// This one.
    Summary(Box<Gathered>),
}

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
        /// What a model may read of it.
        permission: Permission,
    },
    /// The journal could not be created or unlocked; nothing changed.
    NotOpened(vault::Error),
    /// Something is wrong with the journal that was opened: what can be read is listed anew.
    FoundDamage {
        /// The list.
        rows: Vec<EntryRow>,
        /// How many records can't be read.
        damaged: usize,
    },
    /// The journal is closed, its keys are gone.
    Locked,
    /// Whether a passphrase opens the journal that is open.
    Checked(vault::Result<()>),
    /// What a model may read of the journal from now on.
    Permitted(Permission),
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
    /// An entry can't be read, or what was made of it be neither kept nor deleted.
    NotRead(vault::Error),
    /// An entry is in the trash.
    Deleted(EntryId),
    /// Questions and answers that were kept.
    ConversationLoaded(Vec<Turn>),
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
    /// What a reflection needs.
    Gathered {
        /// Which reflection.
        ticket: u64,
        /// Entries, and what is known of them.
        gathered: Box<Gathered>,
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
    /// All that a model wrote is deleted.
    ModelTextDeleted,
    /// The next summary to make anew.
    Stale(Stale),
    /// A summary was made anew; `None` when it was stopped, or could not be.
    Renewed(Option<Box<(Place, Summary)>>),
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
    /// About people, themes, open loops and prompts.
    Insight(Box<Insights>),
    /// About what guards against loss.
    Kept(Box<Kept>),
    /// The passages of the journal; `None` when they can't be had.
    MeaningsLoaded {
        /// The passages.
        holding: Option<Box<Holding>>,
        /// Entries whose passages are still to be made.
        left: usize,
    },
    /// Entries whose passages are to be made next.
    Lacking(Vec<Entry>),
    /// Passages were made; none after a fault.
    MeaningMade(Vec<Made>),
    /// No passages were made, because something else is waited for.
    MeaningPutOff,
    /// Passages are sealed.
    MeaningKept {
        /// Entries whose passages are still to be made.
        left: usize,
    },
    /// What is nearest to what was typed.
    Near {
        /// Which search.
        ticket: u64,
        /// One passage an entry, nearest first.
        near: Vec<Near>,
    },
    /// Where the models are.
    ModelFound {
        /// The language model, if there is one.
        model: Option<PathBuf>,
        /// The folder or file of the embedding model, if there is one.
        embedder: Option<PathBuf>,
    },
    /// The models on this computer, after something was done with them.
    ModelsListed {
        /// All of them.
        models: Vec<Model>,
        /// What came of what was to be done.
        outcome: ModelsOutcome,
    },
    /// Folders that a person goes to often.
    PlacesFound {
        /// Which look.
        ticket: u64,
        /// Those that are there.
        places: Places,
    },
    /// What lies at a path.
    Looked {
        /// Which look.
        ticket: u64,
        /// What was seen.
        found: std::io::Result<Found>,
    },
    /// The settings could not be written.
    SettingsNotSaved(std::io::Error),
}
