//! The inverted index: words to entries, entries to words.
use super::{
    dictionary::{BREAK, Dictionary},
    documents::Documents,
    forward::{self, Forward},
    language,
    postings::List,
    segment::{Key, Segment},
    tokenize::{self, Tokens},
};
use crate::{Content, Entry, EntryId, EntryMeta};

/// What a word counts for in the title, in the tags, and in the text.
pub(crate) const TITLE_WEIGHT: u32 = 4;
pub(crate) const TAG_WEIGHT: u32 = 3;
pub(crate) const TEXT_WEIGHT: u32 = 1;

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
    /// Words that were not written in their folded form, and how, in lower case.
    forms: Vec<(u32, String)>,
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
        self.note_stems(&reading);
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

    /// In how many living entries a word is.
    pub(crate) fn frequency(&self, word: u32) -> u32 {
        let list = &self.lists[word as usize];
        if self.documents.dead() == 0 {
            return list.len();
        }
        let mut living = 0;
        list.each(|doc, _| living += u32::from(!self.documents.all[doc].dead));
        living
    }

    /// Whether a word is in a living entry.
    pub(crate) fn is_living(&self, word: u32) -> bool {
        let list = &self.lists[word as usize];
        match self.documents.dead() {
            0 => list.len() > 0,
            _ => list.any(|doc| !self.documents.all[doc].dead),
        }
    }

    /// Takes in the entries of a segment that `meta_of` knows as they are in it; their words in
    /// order, which a segment has not, come with [`Inverted::fill`].
    pub(crate) fn adopt<'a>(
        &mut self,
        segment: &Segment,
        meta_of: &dyn Fn(Key) -> Option<&'a EntryMeta>,
    ) {
        let mut numbers = vec![None; segment.members.len()];
        for (member, number) in segment.members.iter().zip(&mut numbers) {
            if let Some(meta) = meta_of(member.key)
                && self.documents.number_of(member.key.id).is_none()
            {
                *number = Some(self.documents.all.len() as u32);
                self.documents.push_stored(member, meta);
                self.forward.push_absent();
            }
        }
        let mut forms = self.adopt_forms(segment, &numbers);
        self.lists.resize_with(self.dictionary.len(), List::default);
        forms.sort_by_key(|(word, _)| *word);
        for same in forms.chunk_by(|one, next| one.0 == next.0) {
            let all = same.iter().flat_map(|(_, postings)| postings.iter());
            let living = all.filter_map(|&(old, weight)| Some((numbers[old as usize]?, weight)));
            let list = &mut self.lists[same[0].0 as usize];
            if same.len() == 1 {
                living.for_each(|(doc, weight)| list.push(doc, weight));
            } else {
                let mut living: Vec<_> = living.collect();
                living.sort_unstable();
                for one in living.chunk_by(|one, next| one.0 == next.0) {
                    list.push(one[0].0, one.iter().map(|&(_, weight)| weight).sum());
                }
            }
        }
    }

    /// The words of a segment that are in living entries, each noted in their languages, with the
    /// postings of each way it was written.
    fn adopt_forms<'s>(
        &mut self,
        segment: &'s Segment,
        numbers: &[Option<u32>],
    ) -> Vec<(u32, &'s [(u32, u32)])> {
        let (mut forms, mut folded) = (Vec::new(), String::new());
        let members = segment.members.iter().zip(numbers);
        let spoken = members.map(|(it, number)| number.map_or(0, |_| 1_u32 << it.language));
        let spoken: Vec<u32> = spoken.collect();
        for (lower, postings) in segment.forms() {
            let languages = postings.iter().fold(0, |all, it| all | spoken[it.0 as usize]);
            tokenize::fold(lower, &mut folded);
            if languages == 0 || self.dictionary.len() as u32 >= forward::MAX_TERMS {
                continue;
            }
            let word = self.dictionary.intern(&folded);
            for language in (0..language::COUNT).filter(|number| languages >> number & 1 == 1) {
                self.dictionary.note(word, lower, language);
            }
            forms.push((word, postings));
        }
        forms
    }

    /// Takes in the words of an entry in their order, where a segment left them out.
    pub(crate) fn fill(&mut self, entry: &Entry) {
        if let Some(doc) = self.documents.number_of(entry.id)
            && self.forward.units(doc).is_none()
        {
            let words = self.words_of(&entry.content);
            self.forward.fill(doc as usize, &words);
        }
    }

    /// The words of an entry that is indexed, in their order, breaks between the fields.
    pub(crate) fn words_of(&self, content: &Content) -> Vec<u32> {
        let (mut words, mut folded) = (Vec::new(), String::new());
        let mut read = |text: &str, words: &mut Vec<u32>| {
            for range in Tokens::new(text) {
                tokenize::fold(&text[range], &mut folded);
                if !folded.is_empty() {
                    words.extend(self.dictionary.get(&folded));
                }
            }
        };
        read(&content.title, &mut words);
        words.push(BREAK);
        read(&content.text, &mut words);
        for tag in &content.tags {
            words.push(BREAK);
            read(tag, &mut words);
        }
        words
    }

    /// Bytes of memory held, about.
    pub(crate) fn memory(&self) -> usize {
        let lists: usize = self.lists.iter().map(List::memory).sum();
        self.dictionary.memory() + lists + self.forward.memory() + self.documents.memory()
    }

    fn read(&mut self, text: &str, weight: u32, reading: &mut Reading) {
        for range in Tokens::new(text) {
            let token = &text[range];
            tokenize::fold(token, &mut reading.folded);
            if reading.folded.is_empty() || self.dictionary.len() as u32 >= forward::MAX_TERMS {
                continue;
            }
            let word = self.dictionary.intern(&reading.folded);
            reading.words.push(word);
            reading.weights.push((word, weight));
            language::count(self.dictionary.common(word), &mut reading.common);
            // All but apostrophes and excess length stays as long.
            if !token.is_ascii() || reading.folded.len() < token.len() {
                reading.forms.push((word, tokenize::lower(token).into_owned()));
            }
        }
    }

    /// Enters the stems of words that are new in the language of the entry.
    fn note_stems(&mut self, reading: &Reading) {
        let language = language::likeliest(&reading.common);
        for &word in reading.words.iter().filter(|word| **word != BREAK) {
            if !self.dictionary.is_noted(word, language) {
                let folded = self.dictionary.text(word).to_owned();
                self.dictionary.note(word, &folded, language);
            }
        }
        for (word, lower) in &reading.forms {
            self.dictionary.note(*word, lower, language);
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
        let mut numbers = vec![None; self.documents.all.len()];
        for (old, document, weights) in self.documents.drain_living() {
            numbers[old as usize] = Some(self.documents.all.len() as u32);
            self.forward.push_from(&forward, old);
            self.documents.push_document(document, weights);
        }
        for list in &mut self.lists {
            let old = std::mem::take(list);
            old.each(|doc, weight| {
                if let Some(doc) = numbers[doc] {
                    list.push(doc, weight);
                }
            });
        }
    }
}
