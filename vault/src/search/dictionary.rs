//! The words of the journal: by number, by beginning, by stem.
//!
//! Stems are kept here, between words, and not in the posting lists: a word asked for stands for
//! the words that share a stem with it in a language of the journal.
use super::{
    language::{self, CommonWords},
    terms::Terms,
};

/// The number of the mark that parts the fields of an entry; no word has it.
pub(crate) const BREAK: u32 = 0;

/// All words met, numbered in the order met.
pub(crate) struct Dictionary {
    words: Terms,
    /// Of each word, the languages of the entries it was met in, a bit each.
    languages: Vec<u32>,
    /// Of each word, the languages in which it is one of the commonest, a bit each.
    common: Vec<u32>,
    /// The languages of the whole journal.
    spoken: u32,
    /// A letter for the language, then the stem.
    stems: Terms,
    /// Of each stem, the words that have it.
    stem_words: Vec<Vec<u32>>,
    /// Numbers of words in the order of their text; those of the newest words are not in it yet.
    sorted: Vec<u32>,
    /// A letter for the language, then a word in lower case that its folded form is not.
    forms: Terms,
    lookup: CommonWords,
}

impl Dictionary {
    pub(crate) fn new() -> Self {
        let mut dictionary = Self {
            words: Terms::new(),
            languages: Vec::new(),
            common: Vec::new(),
            spoken: 0,
            stems: Terms::new(),
            stem_words: Vec::new(),
            sorted: Vec::new(),
            forms: Terms::new(),
            lookup: CommonWords::new(),
        };
        dictionary.intern("");
        dictionary
    }

    /// How many words there are, the break among them.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    pub(crate) fn text(&self, word: u32) -> &str {
        self.words.text(word)
    }

    pub(crate) fn get(&self, folded: &str) -> Option<u32> {
        self.words.get(folded)
    }

    pub(crate) fn intern(&mut self, folded: &str) -> u32 {
        let word = self.words.intern(folded);
        if word as usize == self.languages.len() {
            self.languages.push(0);
            self.common.push(language::languages_of(folded, &self.lookup));
            let unsorted = self.words.len() - self.sorted.len();
            if unsorted > 256.max(self.sorted.len() / 8) {
                self.sort();
            }
        }
        word
    }

    /// The languages in which a word is one of the commonest, a bit each.
    pub(crate) fn common(&self, word: u32) -> u32 {
        self.common[word as usize]
    }

    /// Notes that a word was met in an entry of a language, written so in lower case: endings are
    /// told better with their diacritics. What was noted is the same in whatever order it came.
    pub(crate) fn note(&mut self, word: u32, lower: &str, language: usize) {
        if !self.is_noted(word, language) {
            self.languages[word as usize] |= 1 << language;
            self.spoken |= 1 << language;
            let stem = stem_key(language, self.words.text(word));
            self.add_stem(&stem, word);
        }
        if lower != self.words.text(word) {
            let known = self.forms.len();
            self.forms.intern(&language_key(language, lower));
            if self.forms.len() > known {
                self.add_stem(&stem_key(language, lower), word);
            }
        }
    }

    /// Whether a word was noted in a language.
    pub(crate) fn is_noted(&self, word: u32, language: usize) -> bool {
        self.languages[word as usize] & 1 << language != 0
    }

    /// The words that share a stem with this one in any language of the journal; it may be new.
    pub(crate) fn of_stem(&self, folded: &str, lower: &str) -> Vec<u32> {
        let mut found = Vec::new();
        for language in (0..language::COUNT).filter(|number| self.spoken & 1 << number != 0) {
            for form in [folded, lower] {
                if let Some(stem) = self.stems.get(&stem_key(language, form)) {
                    found.extend(&self.stem_words[stem as usize]);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The words that begin so.
    pub(crate) fn of_prefix(&self, prefix: &str) -> Vec<u32> {
        let begins = |&word: &u32| self.text(word).starts_with(prefix);
        let start = self.sorted.partition_point(|&word| self.text(word) < prefix);
        let mut found: Vec<u32> = self.sorted[start..].iter().copied().take_while(begins).collect();
        found.extend((self.sorted.len() as u32..self.len() as u32).filter(begins));
        found
    }

    /// All words, without the break.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u32, &str)> {
        (1..self.len() as u32).map(|word| (word, self.text(word)))
    }

    /// Bytes of memory held, about.
    pub(crate) fn memory(&self) -> usize {
        let lists: usize = self.stem_words.iter().map(|words| 24 + words.capacity() * 4).sum();
        let flat = self.languages.capacity() + self.common.capacity() + self.sorted.capacity();
        self.words.memory() + self.stems.memory() + self.forms.memory() + lists + flat * 4
    }

    fn add_stem(&mut self, key: &str, word: u32) {
        let stem = self.stems.intern(key) as usize;
        if stem == self.stem_words.len() {
            self.stem_words.push(Vec::new());
        }
        if !self.stem_words[stem].contains(&word) {
            self.stem_words[stem].push(word);
        }
    }

    /// Brings the newest words into order, so that `sorted` holds the first `sorted.len()` words.
    fn sort(&mut self) {
        let mut sorted = std::mem::take(&mut self.sorted);
        sorted.extend(sorted.len() as u32..self.words.len() as u32);
        sorted.sort_by(|&a, &b| self.words.text(a).cmp(self.words.text(b)));
        self.sorted = sorted;
    }
}

fn stem_key(language: usize, word: &str) -> String {
    language_key(language, &language::stem(language, word))
}

fn language_key(language: usize, word: &str) -> String {
    let mut key = String::from(char::from(b'a' + language as u8));
    key.push_str(word);
    key
}
