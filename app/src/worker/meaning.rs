//! What the engine's thread does about meaning: it holds the passages, and the model that makes them.
use std::path::PathBuf;

use engine::{CancelToken, Embedder};
use vault::{
    Entry, EntryId,
    search::{Near, Passages},
};

use crate::{
    event::Event,
    meaning::{Made, Space},
};

/// The passages of a journal, on their way to the thread. No `Debug`.
pub struct Holding {
    /// The model that made them: a folder or a file.
    pub model: PathBuf,
    /// Which model that is.
    pub space: Space,
    /// All that there are yet.
    pub passages: Passages,
}

/// What the thread is asked to do. No `Debug`: most hold text.
pub enum MeaningJob {
    /// Holds the passages of the journal that was opened.
    Hold(Box<Holding>),
    /// Makes the passages of these entries.
    Read {
        /// The entries.
        entries: Vec<Entry>,
        /// Stops it.
        cancel: CancelToken,
    },
    /// Drops those of an entry.
    Forget(EntryId),
    /// Looks for what is nearest to a text.
    Near {
        /// Told back.
        ticket: u64,
        /// The text.
        text: String,
    },
}

/// Reads for meaning, with a model that is loaded when it is needed first.
pub(super) struct Reader {
    holding: Holding,
    embedder: Option<Embedder>,
}

impl Reader {
    pub(super) fn new(holding: Holding) -> Self {
        Self { holding, embedder: None }
    }

    /// Carries a job out.
    pub(super) fn work(&mut self, job: MeaningJob) -> Option<Event> {
        match job {
            MeaningJob::Hold(holding) => {
                *self = Self::new(*holding);
                None
            }
            MeaningJob::Read { entries, cancel } => Some(match self.read(&entries, &cancel) {
                Ok(Some(made)) => Event::MeaningMade(made),
                Ok(None) => Event::MeaningPutOff,
                Err(_) => Event::MeaningMade(Vec::new()),
            }),
            MeaningJob::Forget(id) => {
                self.holding.passages.remove(id);
                None
            }
            MeaningJob::Near { ticket, text } => {
                Some(Event::Near { ticket, near: self.near(&text) })
            }
        }
    }

    /// The passages nearest to a text, one an entry; none when the model fails.
    pub(super) fn near(&mut self, text: &str) -> Vec<Near> {
        if self.holding.passages.is_empty() {
            return Vec::new();
        }
        let vectors = self.embedder().and_then(|it| it.embed(&[text], &CancelToken::default()));
        let vector = vectors.ok().flatten().and_then(|mut vectors| vectors.pop());
        vector.map(|vector| self.holding.passages.nearest(&vector)).unwrap_or_default()
    }

    fn read(
        &mut self,
        entries: &[Entry],
        cancel: &CancelToken,
    ) -> engine::Result<Option<Vec<Made>>> {
        let space = self.holding.space;
        let made = Made::of(entries, self.embedder()?, space, cancel)?;
        made.iter().flatten().for_each(|made| made.join(&mut self.holding.passages));
        Ok(made)
    }

    fn embedder(&mut self) -> engine::Result<&Embedder> {
        let loaded = match self.embedder.take() {
            Some(loaded) => loaded,
            None => Embedder::load(&self.holding.model)?,
        };
        Ok(self.embedder.insert(loaded))
    }
}
