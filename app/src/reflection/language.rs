//! Which language a text is in, and the word lists that reflection has for it.
use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use rust_stemmers::{Algorithm, Stemmer};

/// Languages that reflection has word lists and questions for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, also the fallback.
    English,
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
}

impl Language {
    /// Every language, the fallback first.
    pub const ALL: [Self; 4] = [Self::English, Self::German, Self::French, Self::Spanish];

    /// The language that most function words of `text` are of; English when in doubt.
    #[must_use]
    pub fn guess(text: &str) -> Self {
        let words: Vec<String> = text
            .split(|c: char| !c.is_alphabetic())
            .filter(|w| !w.is_empty())
            .take(400)
            .map(str::to_lowercase)
            .collect();
        let distinct: HashSet<&String> = words.iter().collect();
        let known = |l: Self| {
            let of = |w: &&String| l.lexicon().has("stop", w);
            // A single word is too little to tell: "man" and "was" are of two languages.
            let told = distinct.iter().filter(|w| of(w)).count() >= 2;
            if told { words.iter().filter(of).count() } else { 0 }
        };
        let mut best = (Self::English, known(Self::English));
        for language in Self::ALL.into_iter().skip(1) {
            let count = known(language);
            if count > best.1 {
                best = (language, count);
            }
        }
        best.0
    }

    /// The word lists.
    #[must_use]
    pub fn lexicon(self) -> &'static Lexicon {
        static ALL: LazyLock<[Lexicon; 4]> = LazyLock::new(|| Language::ALL.map(Lexicon::new));
        &ALL[self as usize]
    }

    /// Its name in English, for a prompt.
    #[must_use]
    pub fn english_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "German",
            Self::French => "French",
            Self::Spanish => "Spanish",
        }
    }

    /// Its ISO 639-1 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
        }
    }

    /// What reflection knows of it, what insight does, and names that are the same in every language.
    fn word_lists(self) -> [&'static str; 3] {
        let (lexicon, insight) = match self {
            Self::English => (
                include_str!("../../../assets/prompts/lexicon.en.txt"),
                include_str!("../../../assets/prompts/insight.en.txt"),
            ),
            Self::German => (
                include_str!("../../../assets/prompts/lexicon.de.txt"),
                include_str!("../../../assets/prompts/insight.de.txt"),
            ),
            Self::French => (
                include_str!("../../../assets/prompts/lexicon.fr.txt"),
                include_str!("../../../assets/prompts/insight.fr.txt"),
            ),
            Self::Spanish => (
                include_str!("../../../assets/prompts/lexicon.es.txt"),
                include_str!("../../../assets/prompts/insight.es.txt"),
            ),
        };
        [lexicon, insight, include_str!("../../../assets/prompts/names.txt")]
    }

    fn grammar(self) -> &'static str {
        match self {
            Self::English => include_str!("../../../assets/prompts/grammar.en.txt"),
            Self::German => include_str!("../../../assets/prompts/grammar.de.txt"),
            Self::French => include_str!("../../../assets/prompts/grammar.fr.txt"),
            Self::Spanish => include_str!("../../../assets/prompts/grammar.es.txt"),
        }
    }

    fn stemmer(self) -> Stemmer {
        Stemmer::create(match self {
            Self::English => Algorithm::English,
            Self::German => Algorithm::German,
            Self::French => Algorithm::French,
            Self::Spanish => Algorithm::Spanish,
        })
    }
}

/// Several ways to say one thing.
pub struct Alike {
    /// The ways; words of one are joined by `_`.
    pub words: Vec<&'static str>,
    /// Whether it is said of whoever feels it: "worried", "ill".
    pub own: bool,
}

/// Word lists of one language, by name, and its stemmer.
pub struct Lexicon {
    lists: HashMap<&'static str, HashSet<&'static str>>,
    groups: HashMap<String, &'static str>,
    alike: Vec<Alike>,
    stemmer: Stemmer,
}

impl Lexicon {
    fn new(language: Language) -> Self {
        let stemmer = language.stemmer();
        let mut lists: HashMap<&str, HashSet<&str>> = HashMap::new();
        let mut groups = HashMap::new();
        let mut alike = Vec::new();
        let files = language.word_lists().into_iter().chain([language.grammar()]);
        let lines = files.flat_map(str::lines);
        for (name, words) in lines.filter_map(|l| l.split_once(':')) {
            let mut words = words.split_whitespace();
            if let "alike" | "alike_own" = name {
                alike.push(Alike { words: words.collect(), own: name == "alike_own" });
            } else if name != "same" {
                lists.entry(name).or_default().extend(words);
            } else if let Some(head) = words.next() {
                for word in std::iter::once(head).chain(words) {
                    groups.insert(word.to_owned(), head);
                    groups.entry(stemmer.stem(word).into_owned()).or_insert(head);
                }
            }
        }
        Self { lists, groups, alike, stemmer }
    }

    /// Whether the list `name` holds `word`, which is in lower case.
    #[must_use]
    pub fn has(&self, name: &str, word: &str) -> bool {
        self.lists.get(name).is_some_and(|list| list.contains(word))
    }

    /// Whether any list holds `word`, which is in lower case, or a form of it.
    #[must_use]
    pub fn knows(&self, word: &str) -> bool {
        let said =
            |alike: &Alike| alike.words.iter().any(|way| way.split('_').any(|it| it == word));
        self.groups.contains_key(word)
            || self.lists.values().any(|list| list.contains(word))
            || self.alike.iter().any(said)
    }

    /// Every single word of the lists.
    pub fn known(&self) -> impl Iterator<Item = &str> {
        let listed = self.lists.values().flatten().copied().filter(|word| !word.contains('_'));
        listed.chain(self.groups.keys().map(String::as_str))
    }

    /// Whether `words`, in lower case with single spaces, hold an item of the list `name`.
    #[must_use]
    pub fn finds(&self, name: &str, words: &str) -> bool {
        let words = format!(" {words} ");
        self.items(name).any(|item| words.contains(&format!(" {item} ")))
    }

    /// Whether `words` begin with an item of the list `name`.
    #[must_use]
    pub fn begins(&self, name: &str, words: &str) -> bool {
        let words = format!("{words} ");
        self.items(name).any(|item| words.starts_with(&format!("{item} ")))
    }

    /// Whether `words` end with an item of the list `name`.
    #[must_use]
    pub fn ends(&self, name: &str, words: &str) -> bool {
        let words = format!(" {words}");
        self.items(name).any(|item| words.ends_with(&format!(" {item}")))
    }

    /// Whether a word has one of the endings of a list.
    #[must_use]
    pub fn has_ending(&self, name: &str, word: &str) -> bool {
        let endings = self.lists.get(name);
        endings.is_some_and(|list| {
            list.iter().any(|end| word.len() > end.len() && word.ends_with(end))
        })
    }

    /// Whether a word, in lower case, is a verb in the past, as far as its form tells.
    #[must_use]
    pub fn is_past(&self, word: &str) -> bool {
        let regular = word.len() > 3 && self.has_ending("past_ending", word);
        (regular && !self.has("not_past", word) && !self.is_future(word)) || self.has("past", word)
    }

    /// Whether a word, in lower case, is a verb in the future, where its ending tells: "iré".
    #[must_use]
    pub fn is_future(&self, word: &str) -> bool {
        let ends = self.has_ending("future_ending", word) || self.has("future_ending", word);
        ends && !self.has("not_future", word)
    }

    /// Whether a word, in lower case, is a verb that has a subject of its own, as far as its form tells.
    #[must_use]
    pub fn is_finite(&self, word: &str) -> bool {
        self.is_past(word) || self.has("finite", word)
    }

    /// What stands behind `word=` in a list of pairs.
    #[must_use]
    pub fn pair(&self, name: &str, word: &str) -> Option<&'static str> {
        let pairs = self.lists.get(name)?;
        pairs
            .iter()
            .find_map(|pair| pair.split_once('=').filter(|(w, _)| *w == word))
            .map(|(_, new)| new)
    }

    fn items(&self, name: &str) -> impl Iterator<Item = String> {
        self.list(name).map(|item| item.replace('_', " "))
    }

    /// The items of the list `name` in no order; words of one are joined by `_`.
    pub fn list(&self, name: &str) -> impl Iterator<Item = &'static str> {
        self.lists.get(name).into_iter().flatten().copied()
    }

    /// Things that can be said in several ways.
    #[must_use]
    pub fn alike(&self) -> &[Alike] {
        &self.alike
    }

    /// Beginnings, one of which every form of a word has; `word` is in lower case.
    #[must_use]
    pub fn roots(&self, word: &str) -> Vec<String> {
        let word = self.bare(word);
        let stem = self.stemmer.stem(word);
        let head = self.groups.get(word).or_else(|| self.groups.get(stem.as_ref()));
        let forms = self.groups.iter().filter(|(_, other)| Some(*other) == head);
        let mut roots: Vec<String> = forms.map(|(form, _)| form.clone()).collect();
        let same = stem.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
        roots.push(word.chars().take(same.max(1)).collect());
        roots
    }

    /// A word without what an apostrophe sets off: "Anna's", "l'été"; `word` is in lower case.
    #[must_use]
    pub fn bare<'w>(&self, word: &'w str) -> &'w str {
        let word = word.strip_suffix("'s").unwrap_or(word);
        let elided = word.split_once('\'').filter(|(head, _)| self.has("elision", head));
        elided.map_or(word, |(_, tail)| tail)
    }

    /// What the forms of a word, and its near synonyms, have in common; `word` is in lower case.
    #[must_use]
    pub fn stem(&self, word: &str) -> String {
        let word = self.bare(word);
        let stem = self.stemmer.stem(word);
        let head = self.groups.get(word).or_else(|| self.groups.get(stem.as_ref()));
        head.map_or_else(|| stem.into_owned(), |head| self.stemmer.stem(head).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_apart_by_their_function_words() {
        assert_eq!(Language::guess("I was late and it rained on the way"), Language::English);
        assert_eq!(Language::guess("Ich war spät dran und es regnete"), Language::German);
        assert_eq!(Language::guess("Je suis en retard et il pleut encore"), Language::French);
        assert_eq!(Language::guess("Hoy llegué tarde y no dije nada"), Language::Spanish);
        assert_eq!(Language::guess(""), Language::English);
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        let english = Language::English.lexicon();
        assert_eq!(english.stem("went"), english.stem("going"));
        assert_eq!(english.stem("mum"), english.stem("mother"));
        assert_eq!(english.stem("walks"), english.stem("walked"));
        assert_ne!(english.stem("walked"), english.stem("talked"));
    }
}
