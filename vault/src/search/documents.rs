//! What the index knows of an entry besides its words: its day, mood, star, tags and journal.
use std::collections::HashMap;

use jiff::civil::{Date, Time};

use super::{segment::Member, terms::Terms, tokenize};
use crate::{Content, EntryId, EntryMeta};

/// One indexed revision of an entry.
#[derive(Clone)]
pub(crate) struct Document {
    pub(crate) id: EntryId,
    pub(crate) date: Date,
    /// From 1 to 5, or 0 where none is set.
    pub(crate) mood: u8,
    pub(crate) starred: bool,
    pub(crate) titled: bool,
    /// A later revision took its place, or it was removed.
    pub(crate) dead: bool,
    /// Numbers of labels.
    pub(crate) tags: Box<[u32]>,
    /// Number of a label.
    pub(crate) journal: Option<u32>,
}

/// What ranking reads of every document it weighs.
#[derive(Clone, Copy)]
pub(crate) struct Weights {
    /// Words in all its fields.
    pub(crate) words: u32,
    /// Days and minutes, for order only.
    pub(crate) when: i64,
}

/// All documents, dead ones too, in the order they came.
pub(crate) struct Documents {
    pub(crate) all: Vec<Document>,
    /// Of each document.
    pub(crate) weights: Vec<Weights>,
    by_id: HashMap<EntryId, u32>,
    /// Folded names of tags and journals.
    labels: Terms,
    /// Of entries with attached files, the media types of these.
    files: HashMap<EntryId, Vec<String>>,
    /// Words in the living.
    pub(crate) words: u64,
}

impl Documents {
    pub(crate) fn new() -> Self {
        Self {
            all: Vec::new(),
            weights: Vec::new(),
            by_id: HashMap::new(),
            labels: Terms::new(),
            files: HashMap::new(),
            words: 0,
        }
    }

    pub(crate) fn living(&self) -> usize {
        self.by_id.len()
    }

    pub(crate) fn dead(&self) -> usize {
        self.all.len() - self.by_id.len()
    }

    /// Sets which entries have attached files, each with a media type.
    pub(crate) fn set_files(&mut self, files: impl IntoIterator<Item = (EntryId, String)>) {
        self.files.clear();
        for (id, media_type) in files {
            self.files.entry(id).or_default().push(media_type);
        }
    }

    /// Whether an entry has a file whose media type begins so.
    pub(crate) fn has_file(&self, id: EntryId, media_type: &str) -> bool {
        self.files.get(&id).is_some_and(|files| files.iter().any(|it| it.starts_with(media_type)))
    }

    /// The living document of an entry.
    pub(crate) fn number_of(&self, id: EntryId) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    pub(crate) fn get(&self, doc: u32) -> &Document {
        &self.all[doc as usize]
    }

    /// Adds a document of `words` words in the place of an earlier one of the same entry.
    pub(crate) fn push(&mut self, id: EntryId, content: &Content, words: u32) {
        self.remove(id);
        let document = Document {
            id,
            date: content.date,
            mood: content.mood.unwrap_or(0),
            starred: content.starred,
            titled: !content.title.trim().is_empty(),
            dead: false,
            tags: self.labels_of(&content.tags),
            journal: self.label_of(journal_of(content)),
        };
        let weights = Weights { words, when: when(content.date, content.time) };
        self.push_document(document, weights);
    }

    /// Adds what is stored of an entry that is not among them.
    pub(crate) fn push_stored(&mut self, member: &Member, meta: &EntryMeta) {
        let document = Document {
            id: member.key.id,
            date: meta.date,
            mood: meta.mood.unwrap_or(0),
            starred: meta.starred,
            titled: member.titled,
            dead: false,
            tags: self.labels_of(&meta.tags),
            journal: self.label_of(member.journal.as_deref()),
        };
        let weights = Weights { words: member.words, when: when(meta.date, meta.time) };
        self.push_document(document, weights);
    }

    /// Adds a document as it is.
    pub(crate) fn push_document(&mut self, document: Document, weights: Weights) {
        self.words += u64::from(weights.words);
        self.weights.push(weights);
        self.by_id.insert(document.id, self.all.len() as u32);
        self.all.push(document);
    }

    pub(crate) fn remove(&mut self, id: EntryId) {
        if let Some(doc) = self.by_id.remove(&id) {
            self.all[doc as usize].dead = true;
            self.words -= u64::from(self.weights[doc as usize].words);
        }
    }

    /// Takes all out; the living come back with their numbers, in order.
    pub(crate) fn drain_living(&mut self) -> Vec<(u32, Document, Weights)> {
        self.by_id.clear();
        self.words = 0;
        let weights = std::mem::take(&mut self.weights);
        let numbered = (0..).zip(std::mem::take(&mut self.all)).zip(weights);
        let living = numbered.filter(|((_, document), _)| !document.dead);
        living.map(|((doc, document), weights)| (doc, document, weights)).collect()
    }

    /// The numbers of the labels called so; a name stands for what is below it too ("work" for
    /// "work/garden"), and with `beginning` for all that begin so.
    pub(crate) fn labels_named(&self, name: &str, beginning: bool) -> Vec<u32> {
        let named = |&number: &u32| {
            let rest = self.labels.text(number).strip_prefix(name);
            rest.is_some_and(|rest| beginning || rest.is_empty() || rest.starts_with('/'))
        };
        (0..self.labels.len() as u32).filter(named).collect()
    }

    fn labels_of(&mut self, tags: &[String]) -> Box<[u32]> {
        tags.iter().map(|tag| self.labels.intern(&label(tag))).collect()
    }

    fn label_of(&mut self, journal: Option<&str>) -> Option<u32> {
        journal.map(|name| self.labels.intern(&label(name)))
    }

    /// Bytes of memory held, about.
    pub(crate) fn memory(&self) -> usize {
        let tags: usize = self.all.iter().map(|document| document.tags.len() * 4).sum();
        self.all.capacity() * (size_of::<Document>() + size_of::<Weights>())
            + tags
            + self.by_id.capacity() * 24
            + self.labels.memory()
    }
}

/// The folded form of a tag's or a journal's name, its levels parted by `/`.
pub(crate) fn label(name: &str) -> String {
    let levels: Vec<String> = name.split('/').map(tokenize::fold_text).collect();
    levels.join("/")
}

fn when(date: Date, time: Option<Time>) -> i64 {
    let day = i64::from(date.year()) * 372 + i64::from(date.month()) * 31 + i64::from(date.day());
    let minute = time.map_or(0, |time| i64::from(time.hour()) * 60 + i64::from(time.minute()));
    day * 1440 + minute
}

/// The journal that an entry is in, if it names one.
pub(crate) fn journal_of(content: &Content) -> Option<&str> {
    content.extra.get("journal").and_then(serde_json::Value::as_str)
}
