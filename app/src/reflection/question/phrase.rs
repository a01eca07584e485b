//! Phrases of an entry that a question can rest on, and what kind of phrase each is.
use std::ops::Range;

use crate::reflection::{
    language::{Language, Lexicon},
    select::{Scored, scored},
    sentence::sentences,
    support::is_of_writer,
    words::{Class, Word, words},
};

/// What a phrase is about, and so what may be asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A question of the person's own.
    Own,
    /// Something not decided.
    Unsure,
    /// A quarrel.
    Conflict,
    /// A feeling that is not pleasant.
    Feeling,
    /// Something intended.
    Plan,
    /// Something wished otherwise.
    Regret,
    /// Something left open.
    Open,
    /// Two sides.
    Contrast,
    /// Something that changed.
    Turning,
    /// Something remembered.
    Memory,
    /// A bad night, a dream.
    Sleep,
    /// A pleasant feeling.
    Pleasant,
    /// Somebody else.
    Person,
    /// Anything told.
    Scene,
}

impl Kind {
    /// The kinds, the most worth asking about first, with that worth.
    const ALL: [(Self, f32); 14] = [
        (Self::Own, 1.2),
        (Self::Unsure, 1.15),
        (Self::Conflict, 1.1),
        (Self::Regret, 1.05),
        (Self::Feeling, 1.05),
        (Self::Open, 0.95),
        (Self::Plan, 0.9),
        (Self::Contrast, 0.7),
        (Self::Turning, 0.85),
        (Self::Memory, 0.8),
        (Self::Sleep, 0.8),
        (Self::Pleasant, 0.7),
        (Self::Person, 0.5),
        (Self::Scene, 0.1),
    ];

    /// Its name in the files of questions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Unsure => "unsure",
            Self::Conflict => "conflict",
            Self::Feeling => "feeling",
            Self::Plan => "plan",
            Self::Regret => "regret",
            Self::Open => "open",
            Self::Contrast => "contrast",
            Self::Turning => "turning",
            Self::Memory => "memory",
            Self::Sleep => "sleep",
            Self::Pleasant => "pleasant",
            Self::Person => "person",
            Self::Scene => "scene",
        }
    }
}

impl Kind {
    /// What questions of the kind are about, in the words of the constructions.
    #[must_use]
    pub fn facet(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Unsure => "unsure",
            Self::Feeling => "feeling",
            Self::Plan => "next",
            Self::Regret => "regret",
            Self::Open => "unsaid",
            Self::Turning => "turning",
            Self::Memory => "memory",
            Self::Pleasant => "pleasant",
            Self::Person => "other",
            Self::Conflict | Self::Contrast | Self::Sleep | Self::Scene => "happened",
        }
    }
}

/// A phrase of the entry, word for word.
#[derive(Clone)]
pub struct Phrase<'a> {
    /// The phrase, a slice of the entry's text.
    pub text: &'a str,
    /// The sentence it is from.
    pub sentence: &'a str,
    /// What it is about.
    pub kind: Kind,
    /// How much it is worth asking about; comparable within one entry.
    pub worth: f32,
    /// Somebody in it, as it may stand in a question.
    pub person: Option<String>,
}

/// Words that a phrase has at least and at most.
const LENGTH: Range<usize> = 3..17;

/// Every phrase of `text` that can carry a question, the one most worth asking about first.
#[must_use]
pub fn phrases(text: &str, language: Language) -> Vec<Phrase<'_>> {
    let lexicon = language.lexicon();
    let salience = scored(&[text], lexicon);
    let mut found: Vec<Phrase<'_>> = sentences(text)
        .into_iter()
        .flat_map(|s| sentence_phrases(s, language))
        .filter(|p| !is_spoken(text, p.text))
        .map(|mut phrase| {
            phrase.worth += 0.5 * salience_of(phrase.text, &salience);
            phrase
        })
        .collect();
    found.sort_by(|a, b| b.worth.total_cmp(&a.worth));
    found
}

/// Whether a text has more words of unpleasant feelings and of death than of pleasant ones.
pub(super) fn is_sad(text: &str, lexicon: &Lexicon) -> bool {
    let words = words(text, lexicon);
    let count = |is: &dyn Fn(&str) -> bool| words.iter().filter(|w| is(&w.lower)).count();
    let sad = |word: &str| lexicon.has("feeling", word) && !lexicon.has("pleasant", word);
    count(&|w| sad(w) || lexicon.has("grief", w)) > count(&|w| lexicon.has("pleasant", w))
}

/// Whether a slice of `text` stands inside quotation marks: somebody else's words.
pub(super) fn is_spoken(text: &str, slice: &str) -> bool {
    let before = &text[..slice.as_ptr() as usize - text.as_ptr() as usize];
    let paragraph = before.rsplit("\n\n").next().unwrap_or(before);
    let count = |marks: [char; 2]| paragraph.matches(marks).count();
    count(['“', '«']) > count(['”', '»']) || paragraph.matches('"').count() % 2 == 1
}

pub(super) fn salience_of(phrase: &str, salience: &[Scored<'_>]) -> f32 {
    let holds = salience.iter().find(|s| s.own.text.contains(phrase));
    holds.map_or(0.0, |s| s.score.clamp(-1.0, 2.0))
}

fn sentence_phrases(sentence: &str, language: Language) -> Vec<Phrase<'_>> {
    let lexicon = language.lexicon();
    let words = words(sentence, lexicon);
    if asks(sentence, &words, lexicon) && LENGTH.contains(&words.len()) && !quotes(sentence) {
        return phrase(sentence, sentence, &words, lexicon).into_iter().collect();
    }
    let segments = segments(sentence, &words, lexicon);
    let mut found = Vec::new();
    for at in 0..segments.len() {
        for end in at + 1..=segments.len().min(at + 3) {
            let range = segments[at].start..segments[end - 1].end;
            let range = from_intention(&words, range, lexicon);
            found.extend(cut(sentence, &words, range, at == 0, lexicon));
        }
    }
    found
}

/// Pieces of a sentence between punctuation and conjunctions, as ranges of words.
fn segments(text: &str, words: &[Word], lexicon: &Lexicon) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for at in 1..=words.len() {
        if at == words.len() || cuts(text, words, at, lexicon) {
            found.push(start..at);
            start = at;
        }
    }
    found
}

fn cuts(text: &str, words: &[Word], at: usize, lexicon: &Lexicon) -> bool {
    let gap = &text[words[at - 1].end..words[at].start];
    let word = words[at].lower.as_str();
    let next = words.get(at + 1).map_or("", |w| w.lower.as_str());
    let subject = |w: &str| lexicon.has("first", w) || lexicon.has("subject_third", w);
    gap.contains([',', ';', ':', '—', '–', '(', ')', '!', '\n'])
        || (lexicon.has("cut", word) && !gap.contains('-'))
        || (lexicon.has("cut_before_subject", word) && subject(next))
}

/// A phrase with "I want to" in it begins there.
fn from_intention(words: &[Word], range: Range<usize>, lexicon: &Lexicon) -> Range<usize> {
    let starts = |at: &usize| {
        lexicon.has("first", &words[*at].lower) && {
            let rest: Vec<&str> =
                words[*at..range.end].iter().take(5).map(|w| w.lower.as_str()).collect();
            lexicon.begins("plan", &rest.join(" "))
        }
    };
    let start = range.clone().find(starts).unwrap_or(range.start);
    start..range.end
}

fn cut<'a>(
    sentence: &'a str,
    words: &[Word],
    range: Range<usize>,
    opens: bool,
    lexicon: &Lexicon,
) -> Option<Phrase<'a>> {
    let part = &words[range.clone()];
    let (first, last) = (part.first()?, part.last()?);
    let text = &sentence[first.start..last.end];
    let stands = opens || stands_alone(first, lexicon);
    let dangling = lexicon.has("conjunction", &first.lower)
        || lexicon.has("dangling", &last.lower)
        || part.last()?.lower == "i"
        || is_torn(sentence, words, &range, lexicon);
    if !LENGTH.contains(&part.len())
        || !stands
        || dangling
        || quotes(text)
        || text.contains(['\n', '*', '[', '(', ')', ';', '—'])
    {
        return None;
    }
    phrase(text, sentence, part, lexicon)
}

/// Whether a part of a sentence says nothing by itself: no verb is in it, or it begins with "I hope,".
fn is_torn(sentence: &str, words: &[Word], range: &Range<usize>, lexicon: &Lexicon) -> bool {
    if range.len() == words.len() || !lexicon.has("asking", "what") {
        return false;
    }
    let is = |w: &Word, list| lexicon.has(list, &w.lower);
    let verb = |w: &Word| lexicon.is_finite(&w.lower) || is(w, "own_contracted") || w.lower == "am";
    let own = words[range.start..range.end - 1].iter().any(|w| is(w, "own_subject"));
    let aside = range.len() > 2 && is(&words[range.start], "own_subject") && {
        let at = range.start + 1;
        sentence[words[at].end..words[at + 1].start].contains(',')
    };
    aside || !(own || words[range.clone()].iter().any(verb))
}

fn quotes(text: &str) -> bool {
    text.contains(['"', '“', '”', '„', '«', '»'])
}

/// Whether a phrase that begins so, inside a sentence, reads as one.
fn stands_alone(first: &Word, lexicon: &Lexicon) -> bool {
    let word = first.lower.as_str();
    first.class == Class::Name
        || lexicon.has("subject_first", word)
        || ["my", "mein", "meine", "mon", "ma", "mes", "mi", "mis"].contains(&word)
        || (lexicon.has("subject_third", word)
            && !["who", "which", "that", "qui", "quien"].contains(&word))
        || lexicon.has("starts", word)
}

fn phrase<'a>(
    text: &'a str,
    sentence: &'a str,
    words: &[Word],
    lexicon: &Lexicon,
) -> Option<Phrase<'a>> {
    let (kind, base) =
        Kind::ALL.into_iter().find(|(kind, _)| is_kind(*kind, text, words, lexicon))?;
    let carrying = words.iter().filter(|w| w.carries()).count();
    let telling = match kind {
        Kind::Own => true,
        Kind::Feeling | Kind::Conflict | Kind::Regret => carrying >= 2,
        _ => carrying >= 3 || (carrying == 2 && words.len() >= 5),
    };
    if !telling {
        return None;
    }
    let worth = base + manner(words, lexicon);
    Some(Phrase { text, sentence, kind, worth, person: person(text, words, lexicon) })
}

fn is_kind(kind: Kind, text: &str, words: &[Word], lexicon: &Lexicon) -> bool {
    let plain = words.iter().map(|w| w.lower.as_str()).collect::<Vec<_>>().join(" ");
    let any = |list| words.iter().any(|w| lexicon.has(list, &w.lower));
    let mine = any("first");
    let felt = |list| {
        let of_writer = |at: &usize| is_of_writer(&words[..*at], lexicon);
        (0..words.len()).filter(|at| lexicon.has(list, &words[*at].lower)).any(|at| of_writer(&at))
    };
    let negated = any("negation");
    match kind {
        Kind::Own => asks(text, words, lexicon),
        Kind::Unsure => mine && lexicon.finds("unsure", &plain),
        Kind::Conflict => mine && felt("conflict") && !negated,
        Kind::Feeling => felt("feeling") && (!any("pleasant") || negated),
        Kind::Regret => lexicon.finds("regret", &plain),
        Kind::Open => mine && lexicon.finds("open", &plain),
        Kind::Plan if any("no_deed") => false,
        Kind::Plan => {
            lexicon.begins("plan", &plain) || (mine && lexicon.finds("plan", &plain) && !negated)
        }
        Kind::Contrast => {
            words.iter().skip(2).any(|w| lexicon.has("contrast", &w.lower)) && words.len() >= 7
        }
        Kind::Turning => mine && any("turning") && !negated,
        Kind::Memory => mine && lexicon.finds("memory", &plain),
        Kind::Sleep => lexicon.finds("sleep", &plain),
        // "Too proud to go" is no pleasure.
        Kind::Pleasant => {
            let excess = |pair: &[Word]| {
                lexicon.has("excess", &pair[0].lower) && lexicon.has("pleasant", &pair[1].lower)
            };
            felt("pleasant") && !negated && !any("modal") && !words.windows(2).any(excess)
        }
        Kind::Person => person(text, words, lexicon).is_some(),
        Kind::Scene => mine || words.iter().filter(|w| w.carries()).count() >= 4,
    }
}

/// Whether a sentence asks: "Interview went well, I think??" doesn't.
#[must_use]
pub fn asks(text: &str, words: &[Word], lexicon: &Lexicon) -> bool {
    let first = words.first().map_or("", |w| w.lower.as_str());
    let english = lexicon.has("asking", "what");
    let at = words.iter().position(|w| !lexicon.has("opening", &w.lower)).unwrap_or(0);
    let follows = |n: usize, list| words.get(at + n).is_some_and(|w| lexicon.has(list, &w.lower));
    // "so why do i feel like this", as it is typed.
    let typed = english && follows(0, "wonders") && follows(1, "auxiliary");
    typed
        || (text.ends_with('?')
            && !text.ends_with("??")
            && (!english || lexicon.has("asking", first)))
}

/// What the wording adds: own person, a telling length; not routine, not "things".
pub(super) fn manner(words: &[Word], lexicon: &Lexicon) -> f32 {
    let count = |list| words.iter().filter(|w| lexicon.has(list, &w.lower)).count().min(3) as f32;
    let carrying = words.iter().filter(|w| w.carries()).count().min(6) as f32;
    let mine = if words.iter().any(|w| lexicon.has("subject_first", &w.lower)) { 0.2 } else { 0.0 };
    let pronoun = words.first().is_some_and(|w| lexicon.has("opening_pronoun", &w.lower));
    mine + 0.08 * carrying
        - 0.15 * count("routine")
        - 0.08 * count("vague")
        - if pronoun { 0.25 } else { 0.0 }
        - (words.len().saturating_sub(11) as f32) * 0.05
}

/// Somebody a phrase names: a relation ("my mother"), a title and name, or a name where people stand.
fn person(text: &str, words: &[Word], lexicon: &Lexicon) -> Option<String> {
    for at in 0..words.len() {
        let word = &words[at];
        let before = at.checked_sub(1).map_or("", |b| words[b].lower.as_str());
        let next = words.get(at + 1);
        let named_next = next.is_some_and(|w| w.class == Class::Name);
        if lexicon.has("kin", &word.lower) && before == "my" && !named_next {
            return Some(format!("your {}", &text_of(text, words, at, at)));
        }
        if lexicon.has("title", &word.lower) && named_next && word.class != Class::Content {
            let more = words.get(at + 2).is_some_and(|w| w.class == Class::Name);
            return Some(text_of(text, words, at, at + 1 + usize::from(more)));
        }
        let told = next.is_some_and(|w| lexicon.has("speech", &w.lower));
        // Every noun has a capital in German.
        if word.class == Class::Name
            && !lexicon.has("verb_last", "yes")
            && (lexicon.has("addressed", before) || told)
            && !is_calendar(word, lexicon)
        {
            let more = words[at + 1..].iter().take_while(|w| w.class == Class::Name).count();
            return Some(text_of(text, words, at, at + more));
        }
    }
    None
}

fn is_calendar(word: &Word, lexicon: &Lexicon) -> bool {
    lexicon.has("month", &word.lower) || lexicon.has("weekday", &word.lower)
}

fn text_of(text: &str, words: &[Word], from: usize, to: usize) -> String {
    let base = words[0].start;
    let name = &text[words[from].start - base..words[to].end - base];
    name.strip_suffix("’s").or(name.strip_suffix("'s")).unwrap_or(name).to_owned()
}
