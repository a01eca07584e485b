//! Summaries kept sealed: one for each span, used again exactly while nothing that it rests on has changed.
use std::{fmt::Write as _, path::Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use vault::{Entry, EntryId, Session};

use super::{Sentence, Summary, crisis::crisis, prompt};

/// What the names of the values begin with.
const NAME: &str = "summary/";

/// Where a summary of some entries by a model is kept, and what it is valid for.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    name: String,
    key: String,
}

impl Place {
    /// Of `entries`, which are in order of date and not empty, by the model in `file`: told apart from
    /// others by its name and length, so that it need not be loaded for a summary that is there.
    #[must_use]
    pub fn of(entries: &[Entry], file: &Path) -> Option<Self> {
        let (first, last) = (entries.first()?, entries.last()?);
        let name = match entries {
            [entry] => format!("{NAME}{}", entry.id),
            _ => format!("{NAME}{}_{}", first.content.date, last.content.date),
        };
        let mut hash = Sha256::new();
        hash.update(prompt::VERSION.to_le_bytes());
        hash.update(std::fs::metadata(file).map_or(0, |file| file.len()).to_le_bytes());
        hash.update(file.file_name().unwrap_or_default().as_encoded_bytes());
        for entry in entries {
            hash.update(entry.id.0);
            hash.update(entry.revision.0);
        }
        let key = hash.finalize().iter().fold(String::new(), |mut key, byte| {
            let _ = write!(key, "{byte:02x}");
            key
        });
        Some(Self { name, key })
    }

    /// The summary that is kept here, if it is still valid for `entries`.
    #[must_use]
    pub fn read(&self, session: &Session, entries: &[Entry]) -> Option<Summary> {
        let bytes = session.value(&self.name).ok()??;
        let stored: Stored = serde_json::from_slice(&bytes).ok()?;
        (stored.key == self.key).then(|| stored.summary(entries)).flatten()
    }

    /// Keeps a summary; one that was stopped is not worth it.
    /// # Errors
    /// Those of the vault.
    pub fn write(&self, session: &mut Session, summary: &Summary) -> vault::Result<()> {
        let stored = Stored::new(&self.key, summary);
        match serde_json::to_vec(&stored) {
            Ok(bytes) if summary.complete => session.set_value(&self.name, &bytes),
            _ => Ok(()),
        }
    }
}

/// Deletes every summary: when an entry is deleted, nothing may go on telling of it.
/// # Errors
/// Those of the vault.
pub fn clear(session: &mut Session) -> vault::Result<()> {
    session.value_names(NAME).iter().try_for_each(|name| session.remove_value(name))
}

#[derive(Serialize, Deserialize)]
struct Stored {
    key: String,
    sentences: Vec<StoredSentence>,
    entries_used: usize,
    entries_total: usize,
    model: String,
    model_hash: String,
    prompts: u32,
}

#[derive(Serialize, Deserialize)]
struct StoredSentence {
    text: String,
    sources: Vec<String>,
    quoted: bool,
}

impl Stored {
    fn new(key: &str, summary: &Summary) -> Self {
        Self {
            key: key.to_owned(),
            sentences: summary.sentences.iter().map(StoredSentence::new).collect(),
            entries_used: summary.entries_used,
            entries_total: summary.entries_total,
            model: summary.model.clone(),
            model_hash: summary.model_hash.clone(),
            prompts: prompt::VERSION,
        }
    }

    fn summary(self, entries: &[Entry]) -> Option<Summary> {
        let sentences = self.sentences.into_iter().map(StoredSentence::sentence);
        Some(Summary {
            sentences: sentences.collect::<Option<_>>()?,
            entries_used: self.entries_used,
            entries_total: self.entries_total,
            model: self.model,
            model_hash: self.model_hash,
            complete: true,
            care: entries.iter().rev().find_map(|e| crisis(&e.content.text)),
        })
    }
}

impl StoredSentence {
    fn new(sentence: &Sentence) -> Self {
        let sources = sentence.sources.iter().map(EntryId::to_string).collect();
        Self { text: sentence.text.clone(), sources, quoted: sentence.quoted }
    }

    fn sentence(self) -> Option<Sentence> {
        let sources = self.sources.iter().map(|s| s.parse().ok()).collect::<Option<_>>()?;
        Some(Sentence { text: self.text, sources, quoted: self.quoted })
    }
}

#[cfg(test)]
mod tests {
    use engine::CancelToken;
    use vault::{KdfParams, Passphrase, Vault};

    use super::*;
    use crate::reflection::{
        script::{Script, entry},
        summarise,
    };

    const DAY: &str = "I decided to sell the boat, and I am relieved about the money.";

    fn session(folder: &Path) -> Session {
        Vault::create(&folder.join("j"), &Passphrase::new("p"), KdfParams::FLOOR).unwrap()
    }

    fn summary(entries: &[Entry]) -> Summary {
        summarise(&mut Script::new(&[]), entries, &CancelToken::default(), &mut |_| {}).unwrap()
    }

    #[test]
    fn a_summary_comes_back_as_it_was_until_an_entry_under_it_changes() {
        let folder = tempfile::tempdir().unwrap();
        let mut session = session(folder.path());
        let mut entries = [entry(1, DAY), entry(2, "I want to die.")];
        let summary = summary(&entries);
        let place = Place::of(&entries, Path::new("m.gguf")).unwrap();
        place.write(&mut session, &summary).unwrap();
        let back = place.read(&session, &entries).unwrap();
        assert!(back.sentences == summary.sentences && back.care == summary.care);
        let other = Place::of(&entries, Path::new("n.gguf")).unwrap();
        assert!(other.read(&session, &entries).is_none(), "another model");
        entries[0].revision.0[0] ^= 1;
        let edited = Place::of(&entries, Path::new("m.gguf")).unwrap();
        assert!(edited.read(&session, &entries).is_none());
        edited.write(&mut session, &summary).unwrap();
        assert_eq!(session.value_names(NAME).len(), 1, "the new takes the place of the old");
        clear(&mut session).unwrap();
        assert!(edited.read(&session, &entries).is_none());
    }

    #[test]
    fn a_stopped_summary_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut session = session(folder.path());
        let entries = [entry(1, DAY)];
        let stopped = Summary { complete: false, ..summary(&entries) };
        let place = Place::of(&entries, Path::new("m.gguf")).unwrap();
        place.write(&mut session, &stopped).unwrap();
        assert!(session.value_names(NAME).is_empty());
        assert!(Place::of(&[], Path::new("m.gguf")).is_none());
    }
}
