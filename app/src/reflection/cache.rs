//! Summaries kept sealed: one for each span, used again exactly while nothing that it rests on has changed.
use std::{collections::HashMap, fmt::Write as _, path::Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use vault::{Entry, EntryId, EntryMeta, RevisionId, Session};

use super::{Origin, Span, Summary, Told, crisis::crisis, prompt};
use crate::permission::Permission;

/// What the names of the values begin with.
const NAME: &str = "summary/";

/// Where a summary of some entries by a model is kept, and what it is valid for.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    span: Span,
    key: String,
    entries: Vec<EntryId>,
}

impl Place {
    /// Of `entries`, which are all of `span`, by the model in `file`: told apart from others by its
    /// name and length, so that it need not be loaded for a summary that is there.
    #[must_use]
    pub fn new(span: Span, entries: &[Entry], file: &Path) -> Self {
        let versions = entries.iter().map(|entry| (entry.id, entry.revision)).collect();
        Self::of_versions(span, versions, file)
    }

    fn of_versions(span: Span, mut versions: Vec<(EntryId, RevisionId)>, file: &Path) -> Self {
        versions.sort_unstable();
        let mut hash = Sha256::new();
        hash.update(prompt::version().as_bytes());
        hash.update(std::fs::metadata(file).map_or(0, |file| file.len()).to_le_bytes());
        hash.update(file.file_name().unwrap_or_default().as_encoded_bytes());
        for (id, revision) in &versions {
            hash.update(id.0);
            hash.update(revision.0);
        }
        let entries = versions.into_iter().map(|(id, _)| id).collect();
        Self { span, key: hex(hash), entries }
    }

    /// What it is a summary of.
    #[must_use]
    pub fn span(&self) -> &Span {
        &self.span
    }

    /// The summary that is kept here, if it is still valid for `entries`.
    #[must_use]
    pub fn read(&self, session: &Session, entries: &[Entry]) -> Option<Summary> {
        let stored = Stored::read(session, &name_of(&self.span))?;
        (stored.key == self.key).then(|| stored.summary(entries))
    }

    /// Keeps a summary; one that was stopped is not worth it, and one that tells of what was deleted
    /// or kept from the model meanwhile may not be.
    /// # Errors
    /// Those of the vault.
    pub fn write(&self, session: &mut Session, summary: &Summary) -> vault::Result<()> {
        if !summary.complete || !self.is_permitted(session) {
            return Ok(());
        }
        match serde_json::to_vec(&Stored::new(self, summary)) {
            Ok(bytes) => session.set_value(&name_of(&self.span), &bytes),
            Err(_) => Ok(()),
        }
    }

    fn is_permitted(&self, session: &Session) -> bool {
        let metas: HashMap<EntryId, &EntryMeta> =
            session.metas().map(|meta| (meta.id, meta)).collect();
        let is_read = |id| metas.get(id).is_some_and(|meta| !meta.kept_from_model);
        Permission::load(session) == Permission::Entries && self.entries.iter().all(is_read)
    }
}

/// A summary that is kept.
pub struct Kept {
    /// Of what.
    pub span: Span,
    /// How it was made.
    pub origin: Origin,
    /// Its entries as they are now, oldest first.
    pub entries: Vec<EntryId>,
    /// Whether an entry under it, the model or a prompt has changed since.
    pub is_stale: bool,
}

/// All summaries that are kept, the smallest spans first, as they stand for the model in `file`.
/// # Errors
/// Those of the vault.
pub fn kept(session: &Session, file: &Path) -> vault::Result<Vec<Kept>> {
    let mut found = Vec::new();
    for name in session.value_names(NAME) {
        let Some(stored) = Stored::read(session, &name) else { continue };
        let versions = stored.versions(session);
        let entries = versions.iter().rev().map(|(id, _)| *id).collect();
        let place = Place::of_versions(stored.span.clone(), versions, file);
        let is_stale = place.key != stored.key;
        found.push(Kept { span: stored.span, origin: stored.origin, entries, is_stale });
    }
    found.sort_by_key(|kept| kept.span.days());
    Ok(found)
}

/// Deletes the summary of a span.
/// # Errors
/// Those of the vault.
pub fn remove(session: &mut Session, span: &Span) -> vault::Result<()> {
    session.remove_value(&name_of(span))
}

/// Deletes every summary that tells of an entry: when that is deleted, nothing may go on telling of it.
/// # Errors
/// Those of the vault.
pub fn forget(session: &mut Session, id: EntryId) -> vault::Result<()> {
    for name in session.value_names(NAME) {
        if Stored::read(session, &name).is_none_or(|stored| stored.tells_of(id)) {
            session.remove_value(&name)?;
        }
    }
    Ok(())
}

/// Deletes every summary.
/// # Errors
/// Those of the vault.
pub fn clear(session: &mut Session) -> vault::Result<()> {
    session.value_names(NAME).iter().try_for_each(|name| session.remove_value(name))
}

fn name_of(span: &Span) -> String {
    match span {
        Span::Entry(id) => format!("{NAME}entry/{id}"),
        Span::Days(first, last) => format!("{NAME}days/{first}_{last}"),
        Span::Search(query) => {
            format!("{NAME}search/{}", hex(Sha256::new_with_prefix(query.as_bytes())))
        }
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[derive(Serialize, Deserialize)]
struct Stored {
    key: String,
    span: Span,
    /// The entries of a search, which can't be told from its span.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    entries: Vec<EntryId>,
    sentences: Vec<Told>,
    entries_used: usize,
    entries_total: usize,
    words: usize,
    origin: Origin,
}

impl Stored {
    fn new(place: &Place, summary: &Summary) -> Self {
        let is_search = matches!(place.span, Span::Search(_));
        Self {
            key: place.key.clone(),
            span: place.span.clone(),
            entries: place.entries.iter().copied().filter(|_| is_search).collect(),
            sentences: summary.sentences.clone(),
            entries_used: summary.entries_used,
            entries_total: summary.entries_total,
            words: summary.words,
            origin: summary.origin.clone(),
        }
    }

    fn read(session: &Session, name: &str) -> Option<Self> {
        serde_json::from_slice(&session.value(name).ok()??).ok()
    }

    fn summary(self, entries: &[Entry]) -> Summary {
        Summary {
            sentences: self.sentences,
            entries_used: self.entries_used,
            entries_total: self.entries_total,
            entries_kept: 0,
            words: self.words,
            origin: self.origin,
            complete: true,
            care: entries.iter().rev().find_map(|e| crisis(&e.content.text)),
        }
    }

    /// The entries of the span as they are now, those that a model may read, newest first.
    fn versions(&self, session: &Session) -> Vec<(EntryId, RevisionId)> {
        let is_mine = |meta: &&EntryMeta| match &self.span {
            Span::Entry(id) => meta.id == *id,
            Span::Days(first, last) => (*first..=*last).contains(&meta.date),
            Span::Search(_) => self.entries.contains(&meta.id),
        };
        let mine = session.metas().filter(is_mine).filter(|meta| !meta.kept_from_model);
        mine.map(|meta| (meta.id, meta.revision)).collect()
    }

    fn tells_of(&self, id: EntryId) -> bool {
        let sources = self.sentences.iter().flat_map(|told| &told.sources);
        self.span == Span::Entry(id) || sources.into_iter().any(|source| source.entry == id)
    }
}

#[cfg(test)]
mod tests;
