//! Everything the window shows: plain data, dropped when the journal locks.
use std::path::PathBuf;

use engine::CancelToken;
use jiff::civil::{Date, Time};
use vault::{Entry, EntryId, EntryMeta, search::Results};
use zeroize::Zeroizing;

use crate::{
    draft::Draft,
    outbox::Outbox,
    reflection::{Care, Question, Source, Span, Summary, cache::Place, conversation::Turn},
    settings::Settings,
    widget::markdown,
    worker::engine::Task,
};

mod deeper;
pub mod insight;
pub mod journal;
pub mod keeping;
pub mod models;
pub mod picker;

pub use deeper::Deeper;
pub use journal::{Focus, Journal, Line};
pub use models::Models;
pub use picker::Picker;

/// What the views read, and the fields they write into.
pub struct State {
    /// What the window shows.
    pub screen: Screen,
    /// Whether the settings lie over it.
    pub settings_open: bool,
    /// What the person chose.
    pub settings: Settings,
    /// The file picker, while it lies over everything.
    pub picker: Option<Picker>,
    /// The models on this computer.
    pub models: Models,
    /// The journal's file.
    pub journal_path: PathBuf,
    /// The language model's file, if one was found.
    pub model: Option<PathBuf>,
    /// The folder of the embedding model, if one was found.
    pub embedder: Option<PathBuf>,
    /// Something to be told once, until it is dismissed.
    pub notice: Option<String>,
}

/// What the window shows.
pub enum Screen {
    /// There is no journal yet.
    Welcome(PassphraseForm),
    /// The journal is locked.
    Unlock(PassphraseForm),
    /// The journal is open.
    Journal(Box<Journal>),
}

/// Passphrases being typed, wiped on drop. No `Debug`.
#[derive(Default)]
pub struct PassphraseForm {
    /// The passphrase.
    pub passphrase: Zeroizing<String>,
    /// The same again, where one is made.
    pub repeated: Zeroizing<String>,
    /// Whether the recovery phrase is typed in place of it.
    pub with_recovery: bool,
    /// Whether a key file is asked for.
    pub with_key_file: bool,
    /// The path of the key file as typed.
    pub key_file: String,
    /// Why it did not work last time.
    pub problem: Option<String>,
    /// The key is being derived.
    pub busy: bool,
}

/// What the list shows of an entry. No `Debug`: the heading is text of the journal.
#[derive(Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// Which entry.
    pub id: EntryId,
    /// Its day.
    pub date: Date,
    /// Its time of day.
    pub time: Option<Time>,
    /// Its title or first line.
    pub heading: String,
    /// Starred by the person.
    pub starred: bool,
    /// Kept by the person from the model.
    pub kept_from_model: bool,
}

impl EntryRow {
    /// What the list shows of `entry`.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        Self {
            id: entry.id,
            date: entry.content.date,
            time: entry.content.time,
            heading: markdown::plain(&entry.heading()),
            starred: entry.content.starred,
            kept_from_model: entry.content.kept_from_model,
        }
    }

    /// The same, of an entry that was not read for it.
    #[must_use]
    pub fn listed(meta: &EntryMeta) -> Self {
        Self {
            id: meta.id,
            date: meta.date,
            time: meta.time,
            heading: markdown::plain(&meta.heading),
            starred: meta.starred,
            kept_from_model: meta.kept_from_model,
        }
    }
}

/// The search box and what it found.
#[derive(Default)]
pub struct Search {
    /// What is typed.
    pub text: String,
    /// The search that is wanted; results of older ones are dropped.
    pub ticket: u64,
    /// The search still has to be queued.
    pub unsent: bool,
    /// Whether filters are offered.
    pub filters_offered: bool,
    /// What the newest search found, until the next does.
    pub results: Results,
}

impl Search {
    /// Searches for what is typed, in place of any search before.
    pub fn refresh(&mut self) {
        self.ticket += 1;
        self.unsent = !self.text.trim().is_empty();
        if !self.unsent {
            self.results = Results::default();
        }
    }
}

/// Questions to the journal with their answers, the newest last; gone when it locks, unless they are kept. No `Debug`.
#[derive(Default)]
pub struct Conversation {
    /// What is typed.
    pub typed: String,
    /// What was asked.
    pub turns: Vec<Turn>,
    /// Whether it is kept, sealed in the journal.
    pub kept: bool,
}

/// How far the journal is read for its meaning.
#[derive(Default)]
pub struct Meaning {
    /// Whether it can be searched for.
    pub stage: MeaningStage,
    /// Entries still to be read, at least one after a save.
    pub left: usize,
    /// Some are being read.
    pub is_reading: bool,
    /// Stops that.
    pub cancel: CancelToken,
    /// What a search means is being found out.
    pub is_asking: bool,
    /// The search whose meaning was asked for last.
    pub asked: u64,
}

impl Meaning {
    /// Lets what is read be read later, because something else is waited for.
    pub fn put_off(&self) {
        if self.is_reading {
            self.cancel.cancel();
        }
    }
}

/// Whether meaning can be searched for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MeaningStage {
    /// Not yet.
    #[default]
    Off,
    /// What there is of it is being read.
    Loading,
    /// It can.
    Ready,
    /// It can't before the journal is opened again.
    Failed,
}

/// What a summary covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The open entry.
    Entry,
    /// Its day.
    Day,
    /// Its week, from Monday.
    Week,
    /// Its month.
    Month,
    /// Its year.
    Year,
    /// What the search found.
    Found,
}

/// The reflection panel. No `Debug`.
#[derive(Default)]
pub struct Reflection {
    /// The reflection that is wanted; news of older ones are dropped.
    pub ticket: u64,
    /// What goes on.
    pub stage: Stage,
    /// What is being written.
    pub task: Option<Task>,
    /// Text as it was written, before it is a summary.
    pub streamed: String,
    /// The last summary.
    pub summary: Option<Summary>,
    /// A text that comes before anything a model says, where an entry speaks of harm.
    pub care: Option<Care>,
    /// The last questions.
    pub questions: Vec<Question>,
    /// Questions of this session: none is asked twice.
    pub asked: Vec<String>,
    /// Where the summary under way is to be kept.
    pub place: Option<Place>,
    /// Entries of the span that are kept from the model.
    pub kept: usize,
    /// Entries of the span that were not even looked at, because a search found too many.
    pub left_out: usize,
    /// What the summary is of.
    pub span: Option<Span>,
    /// Every entry of the span.
    pub entries: Vec<EntryId>,
    /// An entry under the summary has changed since it was made.
    pub is_stale: bool,
    /// The entry that is asked about.
    pub about: Option<EntryId>,
    /// Why the last reflection failed.
    pub problem: Option<String>,
    /// Stops the one that goes on.
    pub cancel: CancelToken,
}

/// Summaries that are made anew while the person rests.
pub struct Renewal {
    /// One may be stale.
    pub is_due: bool,
    /// The vault is looking for one.
    pub is_looking: bool,
    /// Stops the one under way.
    pub cancel: Option<CancelToken>,
    /// The moment before which none is looked for.
    pub not_before: Option<std::time::Duration>,
}

impl Default for Renewal {
    /// What was kept when the journal was open last may be stale.
    fn default() -> Self {
        Self { is_due: true, is_looking: false, cancel: None, not_before: None }
    }
}

/// Sentences of an entry that are lit up, until the person writes. No `Debug`.
pub struct Lit {
    /// Of which entry.
    pub entry: EntryId,
    /// What is lit.
    pub sources: Vec<Source>,
    /// It still has to come into sight.
    pub scroll_due: bool,
}

/// What goes on in the reflection panel.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Stage {
    /// Nothing.
    #[default]
    Idle,
    /// Entries are fetched, the model is loaded.
    Preparing,
    /// The model reads: this part of what it has to read, from 0 to 1.
    Reading(f32),
    /// The model writes.
    Writing,
    /// It was told to stop.
    Stopping,
}

impl Stage {
    /// Whether the model is at work.
    #[must_use]
    pub fn is_busy(self) -> bool {
        self != Self::Idle
    }
}

/// How saving stands, said honestly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveStatus {
    /// Nothing is written yet.
    Empty,
    /// Something is not on disk yet.
    Saving,
    /// All is on disk.
    Saved,
    /// A save failed, for this reason; the text is kept.
    Failed(String),
}

/// How locking stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locking {
    /// The journal is in use.
    #[default]
    No,
    /// It locks as soon as all is on disk.
    WhenSaved,
    /// The vault was told to close.
    Closing,
}

impl Journal {
    /// How saving stands.
    #[must_use]
    pub fn save_status(&self) -> SaveStatus {
        save_status(&self.draft, &self.outbox)
    }
}

fn save_status(draft: &Draft, outbox: &Outbox) -> SaveStatus {
    if let Some(reason) = outbox.failure() {
        SaveStatus::Failed(reason.to_owned())
    } else if draft.is_unsaved() || !outbox.is_empty() {
        SaveStatus::Saving
    } else if draft.is_stored() {
        SaveStatus::Saved
    } else {
        SaveStatus::Empty
    }
}
