//! Keys and stored forms of summaries, so that one is made anew exactly when what it rests on changed.
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use vault::{Entry, EntryId};

use super::{LanguageModel, Sentence, Summary, crisis::crisis, prompt};

/// The name under which the summary of `entries` by `model` is kept: of every revision under it,
/// the model and the version of prompts and rules. Nothing of the entries can be read from it.
#[must_use]
pub fn key(model: &dyn LanguageModel, entries: &[Entry]) -> String {
    let mut hash = Sha256::new();
    hash.update(prompt::VERSION.to_le_bytes());
    hash.update(Sha256::digest(model.fingerprint().as_bytes()));
    for entry in entries {
        hash.update(entry.id.0);
        hash.update(entry.revision.0);
    }
    hash.finalize().iter().fold("summary/".to_owned(), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    })
}

/// The bytes to seal; `None` for a summary that was stopped, which is not worth keeping.
#[must_use]
pub fn to_bytes(summary: &Summary) -> Option<Vec<u8>> {
    let sentences = summary.sentences.iter().map(StoredSentence::new).collect();
    let stored = Stored {
        sentences,
        entries_used: summary.entries_used,
        entries_total: summary.entries_total,
        model: summary.model.clone(),
    };
    summary.complete.then(|| serde_json::to_vec(&stored).ok()).flatten()
}

/// The summary of `entries` out of sealed bytes; `None` when they are not one.
#[must_use]
pub fn from_bytes(bytes: &[u8], entries: &[Entry]) -> Option<Summary> {
    let stored: Stored = serde_json::from_slice(bytes).ok()?;
    let sentences =
        stored.sentences.into_iter().map(StoredSentence::sentence).collect::<Option<_>>()?;
    Some(Summary {
        sentences,
        entries_used: stored.entries_used,
        entries_total: stored.entries_total,
        model: stored.model,
        complete: true,
        care: entries.iter().rev().find_map(|e| crisis(&e.content.text)),
    })
}

#[derive(Serialize, Deserialize)]
struct Stored {
    sentences: Vec<StoredSentence>,
    entries_used: usize,
    entries_total: usize,
    model: String,
}

#[derive(Serialize, Deserialize)]
struct StoredSentence {
    text: String,
    sources: Vec<String>,
    quoted: bool,
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

    use super::*;
    use crate::reflection::{
        script::{Script, entry},
        summarise,
    };

    const DAY: &str = "I decided to sell the boat, and I am relieved about the money.";

    #[test]
    fn a_summary_comes_back_as_it_was() {
        let entries = [entry(1, DAY), entry(2, "I want to die.")];
        let mut model = Script::new(&[]);
        let summary =
            summarise(&mut model, &entries, &CancelToken::default(), &mut |_| {}).unwrap();
        let bytes = to_bytes(&summary).unwrap();
        let back = from_bytes(&bytes, &entries).unwrap();
        assert!(back.sentences == summary.sentences && back.care == summary.care);
        assert!(from_bytes(&bytes[1..], &entries).is_none());
        assert!(to_bytes(&Summary { complete: false, ..summary }).is_none());
    }

    #[test]
    fn the_key_changes_with_an_edit_and_with_nothing_else() {
        let model = Script::new(&[]);
        let before = key(&model, &[entry(1, DAY)]);
        assert_eq!(before, key(&model, &[entry(1, DAY)]));
        let mut edited = entry(1, DAY);
        edited.revision.0[0] ^= 1;
        assert_ne!(before, key(&model, &[edited]));
        assert_ne!(before, key(&model, &[entry(1, DAY), entry(2, DAY)]));
        assert!(before.len() == 72 && !before.contains("boat"));
    }
}
