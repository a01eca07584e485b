//! The words of a journal, each once, with what they are in every language: texts are told from then on by numbers.
use std::{collections::HashMap, sync::LazyLock};

use unicode_segmentation::UnicodeSegmentation as _;

use crate::reflection::{
    language::{Language, Lexicon},
    words::plain,
};

/// A word in lower case, by its number.
pub(super) type Form = u32;

/// What a word can be; a bit each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Part(u32);

/// Each part with the lists that hold it.
const PARTS: [(Part, &[&str]); 21] = [
    (Part::STOP, &["stop"]),
    (Part::MINE, &["possessive"]),
    (Part::KIN, &["kin"]),
    (Part::KIN_NAME, &["kin_name"]),
    (Part::TITLE, &["title", "titled"]),
    (Part::MET, &["met"]),
    (Part::SAYS, &["says"]),
    (Part::INSIDE, &["inside"]),
    (Part::TOWARD, &["toward"]),
    (Part::PLACE_NOUN, &["place_noun"]),
    (Part::PARTICLE, &["particle"]),
    (Part::LINKED, &["linked"]),
    (Part::DETERMINER, &["determiner", "article"]),
    (Part::ANOTHERS, &["another_s"]),
    (Part::NO_NAME, &["month", "weekday", "calendar", "people_of", "no_name"]),
    (Part::GIVEN, &["given"]),
    (Part::PLACE, &["place"]),
    (Part::AND, &["conjunction"]),
    (Part::EVERYDAY, &["light", "vague", "routine", "says", "modal", "negation", "speech"]),
    (Part::ABBREVIATION, &["title", "month", "saint"]),
    (Part::SAINT, &["saint"]),
];

impl Part {
    pub(super) const STOP: Self = Self(1);
    pub(super) const MINE: Self = Self(1 << 1);
    pub(super) const KIN: Self = Self(1 << 2);
    pub(super) const KIN_NAME: Self = Self(1 << 3);
    pub(super) const TITLE: Self = Self(1 << 4);
    pub(super) const MET: Self = Self(1 << 5);
    pub(super) const SAYS: Self = Self(1 << 6);
    pub(super) const INSIDE: Self = Self(1 << 7);
    pub(super) const TOWARD: Self = Self(1 << 8);
    pub(super) const PLACE_NOUN: Self = Self(1 << 9);
    pub(super) const PARTICLE: Self = Self(1 << 10);
    pub(super) const LINKED: Self = Self(1 << 11);
    pub(super) const DETERMINER: Self = Self(1 << 12);
    pub(super) const ANOTHERS: Self = Self(1 << 13);
    pub(super) const NO_NAME: Self = Self(1 << 14);
    pub(super) const GIVEN: Self = Self(1 << 15);
    pub(super) const PLACE: Self = Self(1 << 16);
    pub(super) const AND: Self = Self(1 << 18);
    pub(super) const EVERYDAY: Self = Self(1 << 19);
    pub(super) const ABBREVIATION: Self = Self(1 << 20);
    pub(super) const SAINT: Self = Self(1 << 21);
    /// What no theme is made of.
    const SAYS_LITTLE: Self =
        Self(Self::STOP.0 | Self::EVERYDAY.0 | Self::NO_NAME.0 | Self::KIN.0 | Self::TITLE.0);
}

/// What the words of a language's lists can be.
type Parts = HashMap<&'static str, u32>;

/// The parts of a word in every language.
fn parts_of(word: &str) -> [u32; Language::ALL.len()] {
    static ALL: LazyLock<[Parts; Language::ALL.len()]> =
        LazyLock::new(|| Language::ALL.map(|language| parts_in(language.lexicon())));
    ALL.each_ref().map(|parts| parts.get(word).copied().unwrap_or_default())
}

fn parts_in(lexicon: &Lexicon) -> Parts {
    let mut parts = Parts::new();
    for (part, lists) in PARTS {
        for word in lists.iter().flat_map(|list| lexicon.list(list)) {
            *parts.entry(word).or_default() |= part.0;
        }
    }
    for word in lexicon.list("no_kin") {
        parts.entry(word).and_modify(|bits| *bits &= !Part::KIN.0);
    }
    parts
}

/// A word as it is written.
#[derive(Clone, Copy)]
pub(super) struct Surface {
    pub(super) form: Form,
    /// It begins with a capital.
    pub(super) capital: bool,
    /// It ends with "'s".
    pub(super) owning: bool,
    /// Bytes of what stands before it with an apostrophe: "d'".
    elided: u8,
}

/// What is known of a form. No `Debug`: it is a word of the journal.
struct Known {
    lower: Box<str>,
    /// With its capitals, as it was met first.
    written: Option<Box<str>>,
    parts: [u32; Language::ALL.len()],
    stem: Option<Form>,
    /// It is long enough to tell something, and no number.
    tells: bool,
}

/// Shorter words tell little.
const SHORTEST: usize = 4;

/// Every word of a journal, wiped on drop. No `Debug`.
#[derive(Default)]
pub(super) struct Vocabulary {
    surfaces: HashMap<Box<str>, Surface>,
    forms: HashMap<Box<str>, Form>,
    known: Vec<Known>,
}

/// A word of a text.
#[derive(Clone, Copy)]
pub(super) struct Token {
    pub(super) surface: Surface,
    pub(super) start: u32,
    pub(super) end: u32,
    /// It begins a sentence, a line or a quotation.
    pub(super) first: bool,
    /// Nothing but a space, a hyphen or the stop of an abbreviation stands before it.
    pub(super) joined: bool,
}

impl Vocabulary {
    /// The words of a text in order, put into `tokens`.
    pub(super) fn read(&mut self, text: &str, tokens: &mut Vec<Token>) {
        tokens.clear();
        let mut end = 0;
        for (start, word) in text.unicode_word_indices() {
            let gap = &text[end..start];
            end = start + word.len();
            let surface = self.surface(word);
            let stop = gap.starts_with('.')
                && !tokens.last().is_some_and(|token| self.is_abbreviated(token));
            let first = stop
                || tokens.is_empty()
                || gap.contains(['!', '?', '“', '"', '‘', '\'', '\n', ':']);
            let joined = !first && matches!(gap, " " | "-" | "." | ". " | "");
            let start = start + usize::from(surface.elided);
            let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            tokens.push(Token { surface, start: place(start), end: place(end), first, joined });
        }
    }

    /// The language whose function words are most frequent; English when in doubt.
    pub(super) fn language(&self, tokens: &[Token]) -> Language {
        let count = |language| {
            let stop = |token: &&Token| self.is(token.surface.form, Part::STOP, language);
            tokens.iter().take(200).filter(stop).count()
        };
        let better = |best: (Language, usize), language| match count(language) {
            count if count > best.1 => (language, count),
            _ => best,
        };
        Language::ALL.into_iter().fold((Language::English, 0), better).0
    }

    /// Whether a form is `part` in a language.
    pub(super) fn is(&self, form: Form, part: Part, language: Language) -> bool {
        self.known[form as usize].parts[language as usize] & part.0 != 0
    }

    /// The form in lower case.
    pub(super) fn lower(&self, form: Form) -> &str {
        &self.known[form as usize].lower
    }

    /// The form with its capitals, if it was ever written with any.
    pub(super) fn written(&self, form: Form) -> &str {
        let known = &self.known[form as usize];
        known.written.as_deref().unwrap_or(&known.lower)
    }

    /// Whether a form by itself says what a text is about.
    pub(super) fn tells(&self, form: Form, language: Language) -> bool {
        let known = &self.known[form as usize];
        known.tells && known.parts[language as usize] & Part::SAYS_LITTLE.0 == 0
    }

    /// How many forms there are.
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// The number of a word in lower case.
    pub(super) fn form(&mut self, lower: &str) -> Form {
        if let Some(form) = self.forms.get(lower) {
            return *form;
        }
        let form = Form::try_from(self.known.len()).unwrap_or(Form::MAX);
        self.forms.insert(lower.into(), form);
        let is_long = lower.chars().count() >= SHORTEST;
        self.known.push(Known {
            lower: lower.into(),
            written: None,
            parts: parts_of(lower),
            stem: None,
            tells: is_long && !lower.contains(|c: char| c.is_ascii_digit()),
        });
        form
    }

    /// The number of what a form shares with its others, in the language it was met in first.
    pub(super) fn stem(&mut self, form: Form, language: Language) -> Form {
        if let Some(stem) = self.known[form as usize].stem {
            return stem;
        }
        let stem = language.lexicon().stem(self.lower(form));
        let stem = self.form(&stem);
        self.known[form as usize].stem = Some(stem);
        stem
    }

    fn surface(&mut self, word: &str) -> Surface {
        if let Some(surface) = self.surfaces.get(word) {
            return *surface;
        }
        let elided = elided(word);
        let bare = &word[elided..];
        let owned = bare.strip_suffix("'s").or_else(|| bare.strip_suffix("’s"));
        let shown = owned.unwrap_or(bare);
        let capital = shown.starts_with(char::is_uppercase);
        let form = self.form(&plain(shown));
        let known = &mut self.known[form as usize];
        if capital && known.written.is_none() {
            known.written = Some(shown.into());
        }
        let elided = u8::try_from(elided).unwrap_or_default();
        let surface = Surface { form, capital, owning: owned.is_some(), elided };
        self.surfaces.insert(word.into(), surface);
        surface
    }

    /// Whether a full stop after a word is likely to be its own: "Mr.", "W.".
    fn is_abbreviated(&self, token: &Token) -> bool {
        let form = token.surface.form;
        let lower = self.lower(form);
        (lower.len() == 1 && lower != "i")
            || Language::ALL.into_iter().any(|it| self.is(form, Part::ABBREVIATION, it))
    }
}

/// Bytes of an article or pronoun that has lost its vowel: "l'", "qu'".
fn elided(word: &str) -> usize {
    let Some((before, mark, after)) = ["'", "’"].into_iter().find_map(|mark| {
        let (before, after) = word.split_once(mark)?;
        Some((before, mark, after))
    }) else {
        return 0;
    };
    let lost = ["d", "l", "j", "n", "m", "t", "s", "c", "qu"];
    let is_lost =
        lost.iter().any(|it| before.eq_ignore_ascii_case(it)) && after.chars().count() > 1;
    if is_lost { before.len() + mark.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, bool, bool)> {
        let mut vocabulary = Vocabulary::default();
        let mut tokens = Vec::new();
        vocabulary.read(text, &mut tokens);
        let told =
            |t: &Token| (vocabulary.lower(t.surface.form).to_owned(), t.surface.capital, t.first);
        tokens.iter().map(told).collect()
    }

    #[test]
    fn words_lose_what_is_not_of_them_and_know_where_a_sentence_begins() {
        let told = read("Up. Met Mr. Crew’s boy; l’ami d’Anna came. No");
        let lower: Vec<&str> = told.iter().map(|(lower, ..)| lower.as_str()).collect();
        assert_eq!(lower, ["up", "met", "mr", "crew", "boy", "ami", "anna", "came", "no"]);
        let first: Vec<&str> = told.iter().filter(|it| it.2).map(|it| it.0.as_str()).collect();
        assert_eq!(first, ["up", "met", "no"], "a title's full stop ends no sentence");
        assert!(told[6].1 && !told[5].1);
    }

    #[test]
    fn a_text_is_in_the_language_of_its_function_words() {
        let mut vocabulary = Vocabulary::default();
        let mut tokens = Vec::new();
        for (text, language) in [
            ("Ich war spät dran und es regnete", Language::German),
            ("Je suis en retard et il pleut encore", Language::French),
            ("Hoy llegué tarde y no dije nada", Language::Spanish),
            ("", Language::English),
        ] {
            vocabulary.read(text, &mut tokens);
            assert_eq!(vocabulary.language(&tokens), language, "{text}");
        }
    }
}
