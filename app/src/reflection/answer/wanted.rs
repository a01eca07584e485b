//! What a question asks for, and where a sentence has it.
use crate::reflection::{
    language::{Alike, Lexicon},
    support::is_of_writer,
    words::{Class, Word, plain},
};

/// Somebody: "Marta", "Captain Cocke", "my mother".
pub(super) struct Person {
    /// A title or relation before the names.
    pub(super) title: Option<String>,
    /// At least one; the relation itself where there is no name.
    pub(super) names: Vec<String>,
    /// Whether it is a relation without a name.
    pub(super) kin: bool,
}

/// One thing that is asked for.
pub(super) struct Item {
    /// Somebody, who counts for more than a word.
    pub(super) person: Option<Person>,
    /// The same under other names.
    also: Vec<Person>,
    /// Whether only the writer's own counts: "I was worried".
    pub(super) own: bool,
    /// Whether another's is something else: "my birthday".
    pub(super) mine: bool,
    /// Whether it is asked for as where somebody is or goes.
    pub(super) place: bool,
    /// Whether it goes without saying beside what it is done to: "play" of "play the lute".
    pub(super) act: bool,
    /// As it is shown: what was looked for.
    pub(super) shown: String,
    /// Ways to say it, as stems of words that follow each other.
    ways: Vec<Vec<String>>,
    /// Beginnings of words, one of which every text has that says it, in lower case.
    roots: Vec<String>,
}

/// Words that may stand between those of a way to say something.
const GAP: usize = 1;

impl Item {
    pub(super) fn word(word: &Word, lexicon: &Lexicon) -> Self {
        let act = lexicon.has("act", &word.lower);
        Self { act, ..Self::said(&[&word.lower], lexicon) }
    }

    pub(super) fn alike(alike: &Alike, lexicon: &Lexicon) -> Self {
        Self { own: alike.own, ..Self::said(&alike.words, lexicon) }
    }

    fn said(ways: &[&str], lexicon: &Lexicon) -> Self {
        let stems = |way: &&str| way.split('_').map(|w| lexicon.stem(w)).collect();
        let roots = ways.iter().filter_map(|way| way.rsplit('_').next());
        Self {
            person: None,
            also: Vec::new(),
            own: false,
            mine: false,
            place: false,
            act: false,
            shown: ways.first().map(|way| way.replace('_', " ")).unwrap_or_default(),
            ways: ways.iter().map(stems).collect(),
            roots: roots.flat_map(|word| lexicon.roots(word)).collect(),
        }
    }

    pub(super) fn person(person: Person, lexicon: &Lexicon) -> Self {
        let roots = person.roots(lexicon);
        let shown: Vec<&str> =
            person.title.iter().chain(&person.names).map(String::as_str).collect();
        Self {
            shown: shown.join(" "),
            roots,
            ways: Vec::new(),
            own: false,
            mine: false,
            place: false,
            act: false,
            also: Vec::new(),
            person: Some(person),
        }
    }

    /// Takes another name of the same person.
    pub(super) fn add_name(&mut self, person: Person, lexicon: &Lexicon) {
        self.roots.extend(person.roots(lexicon));
        self.also.push(person);
    }

    /// Whether a text, in lower case, may have it, also where it stands there with a hyphen.
    pub(super) fn may_be_in(&self, lower: &str) -> bool {
        let has = |text: &str| self.roots.iter().any(|root| text.contains(root.as_str()));
        has(lower) || (lower.contains('-') && has(&lower.replace('-', "")))
    }

    /// Whether two words at `at` are one here: "cock-fight" for "cockfight".
    fn is_joined(&self, words: &[Word], at: usize, lexicon: &Lexicon) -> bool {
        let (word, Some(next)) = (&words[at], words.get(at + 1)) else { return false };
        let beside = next.start == word.end + 1;
        let begun = |way: &&Vec<String>| way.len() == 1 && way[0].starts_with(&word.lower);
        let joined = || lexicon.stem(&format!("{}{}", word.lower, next.lower));
        beside && self.ways.iter().find(begun).is_some_and(|way| way[0] == joined())
    }

    /// Whether one of these tags says it.
    pub(super) fn is_tag(&self, tags: &[String]) -> bool {
        self.ways.iter().any(|way| way.len() == 1 && tags.contains(&way[0]))
    }

    /// Where a sentence has it: the places of its first word.
    pub(super) fn places(&self, words: &[Word], lexicon: &Lexicon) -> Vec<usize> {
        let has = |at: &usize| match &self.person {
            Some(person) => std::iter::once(person)
                .chain(&self.also)
                .any(|person| person.ends_at(words, *at, lexicon)),
            None => {
                (self.ways.iter().any(|way| follows(way, &words[*at..]))
                    || self.is_joined(words, *at, lexicon))
                    && (!self.own || is_of_writer(&words[..*at], lexicon))
                    && (!self.mine || !is_of_another(&words[..*at], lexicon))
            }
        };
        (0..words.len()).filter(has).collect()
    }
}

/// Whether what follows `words` is said to be another's: "the King's", "his".
fn is_of_another(words: &[Word], lexicon: &Lexicon) -> bool {
    let owner = |w: &Word| w.lower.ends_with("'s") || lexicon.has("possessive_other", &w.lower);
    words.last().is_some_and(owner)
}

/// Whether `words` begin with a way to say something.
fn follows(way: &[String], words: &[Word]) -> bool {
    let Some((first, rest)) = way.split_first() else { return false };
    if words.first().is_none_or(|w| w.stem != *first) {
        return false;
    }
    let mut at = 1;
    rest.iter().all(|stem| {
        let found = words.iter().skip(at).take(GAP + 1).position(|w| w.stem == *stem);
        at += found.map_or(0, |skipped| skipped + 1);
        found.is_some()
    })
}

impl Person {
    /// Whether it can be nothing but somebody: a relation, or one with a title.
    pub(super) fn is_somebody(&self) -> bool {
        self.kin || self.title.is_some()
    }

    /// Somebody as the names of a journal are listed: "mr okafor", "my mother", "marta berger".
    pub(super) fn written(name: &str, lexicon: &Lexicon) -> Self {
        let words = name.split(' ').filter(|word| !lexicon.has("possessive", word));
        let mut names: Vec<String> = words.map(str::to_owned).collect();
        let titled =
            names.len() > 1 && ["title", "kin"].iter().any(|list| lexicon.has(list, &names[0]));
        let title = titled.then(|| names.remove(0));
        let kin = title.is_none() && names.len() == 1 && lexicon.has("kin", &names[0]);
        Self { title, names, kin }
    }

    /// Beginnings of words, one of which every text has that names them.
    fn roots(&self, lexicon: &Lexicon) -> Vec<String> {
        let last = self.names.last().cloned().unwrap_or_default();
        if self.kin { lexicon.roots(&last) } else { vec![last] }
    }

    /// Whether the last name stands at `at`, after the others and after no other title.
    fn ends_at(&self, words: &[Word], at: usize, lexicon: &Lexicon) -> bool {
        if self.kin {
            return self.is_relation_at(words, at, lexicon);
        }
        let several = self.names.len() > 1;
        let mut place = at + 1;
        for name in self.names.iter().rev() {
            match place.checked_sub(1) {
                Some(before) if same_name(&words[before], name, several) => place = before,
                _ => return false,
            }
        }
        let written = words[at].class == Class::Name || place == 0 || several;
        written && self.titled(words, place, lexicon)
    }

    fn is_relation_at(&self, words: &[Word], at: usize, lexicon: &Lexicon) -> bool {
        let word = &words[at];
        let same = self.names.iter().any(|name| lexicon.stem(name) == word.stem);
        // "My father, and my sister and mother": they share the "my".
        let shares = |w: &&Word| ["kin", "joins"].iter().any(|it| lexicon.has(it, &w.lower));
        let shared = words[..at].iter().rev().take_while(shares).count();
        let from = (at - shared).saturating_sub(if shared > 0 { 1 } else { 2 });
        let mine = words[from..at].iter().any(|w| lexicon.has("possessive", &w.lower));
        same && (mine || word.class == Class::Name)
    }

    /// Whether the words before the names at `place` are the title asked for, or none where any will do.
    fn titled(&self, words: &[Word], place: usize, lexicon: &Lexicon) -> bool {
        let is_title = |w: &&Word| lexicon.has("title", &w.lower) || lexicon.has("kin", &w.lower);
        let before = words[place.saturating_sub(2)..place].iter().rev().find(is_title);
        match (&self.title, before) {
            (None, _) => true,
            (Some(title), Some(word)) => *title == word.lower || lexicon.stem(title) == word.stem,
            (Some(title), None) => {
                let other = |w: &Word| w.class == Class::Name || lexicon.has("article", &w.lower);
                let before = place.checked_sub(1).is_some_and(|at| other(&words[at]));
                !before && !lexicon.has("title_needed", title)
            }
        }
    }
}

/// The same name in full, short, or, beside another name, as an initial: "William", "Wm.", "W.".
fn same_name(word: &Word, name: &str, beside: bool) -> bool {
    let word = plain(&word.lower);
    let word = word.trim_end_matches("'s");
    let initial = |short: &str, long: &str| beside && short.len() == 1 && long.starts_with(short);
    word == name
        || initial(word, name)
        || initial(name, word)
        || (word == "wm" && name == "william")
}

/// How more than a mention of a person or a place is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// People are to be met.
    No,
    /// What is asked for as a place is where the writer is to be.
    Yes,
}

/// Whether something at `at` is said not to be, or only wished or feared.
pub(super) fn is_denied(words: &[Word], at: usize, lexicon: &Lexicon) -> bool {
    let before = &words[at.saturating_sub(4)..at];
    before.iter().any(|w| lexicon.has("negation", &w.lower) || lexicon.has("modal", &w.lower))
}
