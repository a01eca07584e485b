//! The inverted index: words to entries, entries to words.
use super::{
    dictionary::{BREAK, Dictionary},
    documents::Documents,
    forward::{self, Forward},
    language,
    postings::List,
    tokenize::{self, Tokens},
};
use crate::{Content, Entry, EntryId};

/// What a word counts for in the title, in the tags, and in the text.
const TITLE_WEIGHT: u32 = 4;
const TAG_WEIGHT: u32 = 3;
const TEXT_WEIGHT: u32 = 1;

/// Dead documents that are kept whatever their share.
const FEW_DEAD: usize = 256;

/// The index itself. Documents only ever come to the end; a replaced one stays, dead, until there
/// are many of them, and then all is packed anew from what is in memory.
pub(crate) struct Inverted {
    pub(crate) dictionary: Dictionary,
    pub(crate) lists: Vec<List>,
    pub(crate) forward: Forward,
    pub(crate) documents: Documents,
}

/// The words of one entry, as they are read.
#[derive(Default)]
struct Reading {
    /// Numbers of words in order, breaks between the fields.
    words: Vec<u32>,
    /// Words with what each occurrence weighs.
    weights: Vec<(u32, u32)>,
    /// How many of each language's commonest words were met.
    common: [u32; language::COUNT],
    folded: String,
}

impl Inverted {
    pub(crate) fn new() -> Self {
        Self {
            dictionary: Dictionary::new(),
            lists: Vec::new(),
            forward: Forward::default(),
            documents: Documents::new(),
        }
    }

    pub(crate) fn put(&mut self, entry: &Entry) {
        let content = &entry.content;
        let mut reading = Reading::default();
        self.read(&content.title, TITLE_WEIGHT, &mut reading);
        reading.words.push(BREAK);
        self.read(&content.text, TEXT_WEIGHT, &mut reading);
        for tag in &content.tags {
            reading.words.push(BREAK);
            self.read(tag, TAG_WEIGHT, &mut reading);
        }
        self.note_stems(content, language::likeliest(&reading.common), &reading);
        let doc = self.documents.all.len() as u32;
        self.documents.push(entry.id, content, reading.words.len() as u32);
        self.forward.push(&reading.words);
        self.lists.resize_with(self.dictionary.len(), List::default);
        self.post(doc, reading.weights);
        self.pack_if_due();
    }

    pub(crate) fn remove(&mut self, id: EntryId) {
        self.documents.remove(id);
        self.pack_if_due();
    }

    /// Bytes of memory held, about.
    pub(crate) fn memory(&self) -> usize {
        let lists: usize = self.lists.iter().map(List::memory).sum();
        self.dictionary.memory() + lists + self.forward.memory() + self.documents.memory()
    }

    fn read(&mut self, text: &str, weight: u32, reading: &mut Reading) {
        for range in Tokens::new(text) {
            tokenize::fold(&text[range], &mut reading.folded);
            if reading.folded.is_empty() || self.dictionary.len() as u32 >= forward::MAX_TERMS {
                continue;
            }
            let word = self.dictionary.intern(&reading.folded);
            reading.words.push(word);
            reading.weights.push((word, weight));
            let common = self.dictionary.common(word);
            if common != 0 {
                for (number, count) in reading.common.iter_mut().enumerate() {
                    *count += common >> number & 1;
                }
            }
        }
    }

    /// Enters the stems of words that are new in this language.
    fn note_stems(&mut self, content: &Content, language: usize, reading: &Reading) {
        let is_new = |word: &u32| *word != BREAK && !self.dictionary.is_noted(*word, language);
        if !reading.words.iter().any(is_new) {
            return;
        }
        let mut folded = String::new();
        let tags = content.tags.iter().map(String::as_str);
        for text in [content.title.as_str(), content.text.as_str()].into_iter().chain(tags) {
            for range in Tokens::new(text) {
                let token = &text[range];
                tokenize::fold(token, &mut folded);
                if let Some(word) = self.dictionary.get(&folded)
                    && !self.dictionary.is_noted(word, language)
                {
                    self.dictionary.note(word, &token.to_lowercase(), language);
                }
            }
        }
    }

    /// Enters the words of a document, each once with the sum of its weights.
    fn post(&mut self, doc: u32, mut weights: Vec<(u32, u32)>) {
        weights.sort_unstable_by_key(|&(word, _)| word);
        for same in weights.chunk_by(|one, next| one.0 == next.0) {
            let sum = same.iter().map(|&(_, weight)| weight).sum();
            self.lists[same[0].0 as usize].push(doc, sum);
        }
    }

    fn pack_if_due(&mut self) {
        if self.documents.dead() > FEW_DEAD + self.documents.living() / 4 {
            self.pack();
        }
    }

    /// Leaves the dead out.
    fn pack(&mut self) {
        let forward = std::mem::take(&mut self.forward);
        self.lists = Vec::new();
        self.lists.resize_with(self.dictionary.len(), List::default);
        for (old, document, weights) in self.documents.drain_living() {
            let doc = self.documents.all.len() as u32;
            let units = forward.units(old);
            self.post(doc, weigh(units));
            self.forward.push_units(units);
            self.documents.push_document(document, weights);
        }
    }
}

/// What each word of an entry weighs, from its units: title, text, tags with breaks between.
fn weigh(units: &[u16]) -> Vec<(u32, u32)> {
    let mut weights = Vec::new();
    let mut field = 0;
    for word in forward::decode(units) {
        if word == BREAK {
            field += 1;
        } else {
            weights.push((word, [TITLE_WEIGHT, TEXT_WEIGHT, TAG_WEIGHT][field.min(2)]));
        }
    }
    weights
}
