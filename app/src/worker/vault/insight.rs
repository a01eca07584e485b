//! Jobs about people, themes, open loops and prompts: all they know is held by the vault's thread.
use jiff::civil::Date;
use vault::{Entry, EntryId, Session};

use super::Journal;
use crate::{
    event::{Event, Insights},
    insight::{Aliases, Change, Corrections, Notes},
};

/// Entries that are read between two looks at the queue: a save never waits for more.
const SLICE: usize = 16;
/// Sentences that are shown of one name or word.
const QUOTES: usize = 30;

/// What the thread is asked to do. No `Debug`: it holds names.
pub enum InsightJob {
    /// Reads every entry for it, in moments without other jobs.
    Begin,
    /// Deletes all there is of it.
    End,
    /// Tells who and what is in the journal, and what is still open on a day.
    Look(Date),
    /// Gives sentences that name somebody or some place.
    Quote(String),
    /// Gives sentences of these entries that have a word.
    QuoteWord(String, Vec<EntryId>),
    /// Takes what the person says about a name.
    Correct(String, Change, Date),
    /// Puts an open loop away.
    Dismiss(String, Date),
    /// Gives the prompts of a day.
    Prompts(Date),
    /// Remembers that a prompt was shown.
    Note(String, Date),
}

/// What is known, and which entries are still to be read for it.
#[derive(Default)]
pub(super) struct Reading {
    /// None where the person does not want it.
    notes: Option<Box<Notes>>,
    unread: Vec<EntryId>,
}

impl Reading {
    /// Takes an entry that was saved.
    pub(super) fn put(&mut self, entry: &Entry) {
        let waits = self.unread.contains(&entry.id);
        if let Some(notes) = self.notes.as_mut().filter(|_| !waits) {
            notes.put(entry);
        }
    }

    /// Forgets an entry.
    pub(super) fn remove(&mut self, id: EntryId) {
        self.unread.retain(|other| *other != id);
        if let Some(notes) = &mut self.notes {
            notes.remove(id);
        }
    }

    /// A merge may have brought what was said about names on another computer.
    pub(super) fn merged(&mut self, session: &Session) {
        if let Some(notes) = &mut self.notes {
            notes.reload(session);
        }
    }

    /// Whether entries wait to be read.
    pub(super) fn has_more(&self) -> bool {
        !self.unread.is_empty()
    }

    /// A query in which a person stands for all their names.
    pub(super) fn expand(&mut self, query: &str) -> String {
        let asks = query.to_ascii_lowercase().contains("person:");
        match self.notes.as_mut().filter(|_| asks) {
            Some(notes) => notes.aliases().expand(query),
            None => query.to_owned(),
        }
    }
}

impl Journal {
    /// Reads the next entries; tells when all are read.
    pub(super) fn read_on(&mut self) -> Option<Event> {
        for _ in 0..SLICE {
            let Some(id) = self.reading.unread.pop() else { break };
            if let (Some(notes), Ok(entry)) = (&mut self.reading.notes, self.session.entry(id)) {
                notes.put(&entry);
            }
        }
        (!self.reading.has_more()).then(|| Event::Insight(Box::new(Insights::Ready)))
    }

    /// The names that the person brought together, of these entries while others are not read yet.
    pub(super) fn merged_names(&mut self, entries: &[Entry]) -> Aliases {
        let Some(notes) = &mut self.reading.notes else { return Aliases::default() };
        if self.reading.unread.is_empty() || Corrections::load(&self.session).is_empty() {
            return notes.merged();
        }
        let mut notes = Notes::load(&self.session);
        entries.iter().for_each(|entry| notes.put(entry));
        notes.merged()
    }

    /// Does a job; not every one has something to report.
    pub(super) fn insight(&mut self, job: InsightJob) -> Option<Event> {
        match job {
            InsightJob::Begin => {
                let unread = self.session.ids();
                let notes = Some(Box::new(Notes::load(&self.session)));
                let ready = unread.is_empty();
                self.reading = Reading { notes, unread };
                return ready.then(|| Event::Insight(Box::new(Insights::Ready)));
            }
            InsightJob::End => {
                self.reading = Reading::default();
                // What can't be deleted now is deleted when the journal is opened the next time.
                let _ = Notes::clear(&mut self.session);
                return None;
            }
            _ => {}
        }
        let notes = self.reading.notes.as_mut()?;
        let session = &mut self.session;
        let told = match job {
            InsightJob::Look(today) => Insights::Seen {
                overview: Box::new(notes.overview().clone()),
                loops: notes.loops(session, today),
            },
            InsightJob::Quote(name) => Insights::Quoted(notes.quotes(session, &name, QUOTES)),
            InsightJob::QuoteWord(word, entries) => {
                Insights::Quoted(notes.quotes_of(session, &word, &entries))
            }
            InsightJob::Correct(name, change, today) => {
                let failed = notes.correct(session, &name, change).err();
                match failed {
                    Some(error) => Insights::Failed(error),
                    None => Insights::Seen {
                        overview: Box::new(notes.overview().clone()),
                        loops: notes.loops(session, today),
                    },
                }
            }
            InsightJob::Dismiss(key, today) => {
                Insights::Failed(notes.dismiss(session, &key, today).err()?)
            }
            InsightJob::Prompts(today) => Insights::Prompts(notes.prompts(session, today)),
            // What is not remembered may be shown again.
            InsightJob::Note(key, today) => {
                let _ = notes.note(session, &key, today);
                return None;
            }
            InsightJob::Begin | InsightJob::End => return None,
        };
        Some(Event::Insight(Box::new(told)))
    }
}
