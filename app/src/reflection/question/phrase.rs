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
    /// Something that changed.
    Turning,
    /// A bad night, a dream.
    Sleep,
    /// A pleasant feeling.
    Pleasant,
    /// Somebody else, or something that nobody did.
    Person,
    /// Anything told.
    Scene,
    /// Anything that is so still.
    Now,
}

impl Kind {
    /// The kinds, the most worth asking about first, with that worth.
    const ALL: [(Self, f32); 13] = [
        (Self::Own, 1.2),
        (Self::Unsure, 1.15),
        (Self::Conflict, 1.1),
        (Self::Regret, 1.05),
        (Self::Feeling, 1.05),
        (Self::Open, 0.95),
        (Self::Plan, 0.9),
        (Self::Turning, 0.85),
        (Self::Sleep, 0.8),
        (Self::Pleasant, 0.7),
        (Self::Person, 0.5),
        (Self::Scene, 0.4),
        (Self::Now, 0.3),
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
            Self::Turning => "turning",
            Self::Sleep => "sleep",
            Self::Pleasant => "pleasant",
            Self::Person => "person",
            Self::Scene => "scene",
            Self::Now => "now",
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
            Self::Pleasant => "pleasant",
            Self::Person => "other",
            Self::Conflict | Self::Sleep | Self::Scene | Self::Now => "happened",
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
}

/// Words that a phrase has at least and at most.
const LENGTH: Range<usize> = 4..23;

/// Words in which the subject of a sentence stands: "in the evening I".
const SUBJECT: usize = 5;

/// What a phrase that is not a whole sentence is worth less.
const PART: f32 = 0.3;

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
    let count = |mark: char| paragraph.matches(mark).count();
    // What opens in English closes in German.
    let low = count('„');
    let open = if low > 0 { low } else { count('“') } + count('«');
    let closed = if low > 0 { count('“') } else { 0 } + count('”') + count('»');
    open > closed || count('"') % 2 == 1
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
    let whole = 0..words.len();
    if LENGTH.contains(&words.len()) {
        return cut(sentence, &words, whole, lexicon).into_iter().collect();
    }
    let parts = parts(sentence, &words, lexicon).into_iter();
    let found = parts.filter_map(|part| cut(sentence, &words, part, lexicon));
    found.map(|phrase| Phrase { worth: phrase.worth - PART, ..phrase }).collect()
}

/// Clauses of a long sentence that say something by themselves, as ranges of words: a comma alone ends none,
/// since what follows it may belong to what stands before.
fn parts(text: &str, words: &[Word], lexicon: &Lexicon) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for at in 1..=words.len() {
        if at == words.len() || parts_at(text, words, at, lexicon) {
            found.push(start..at);
            start = at + usize::from(words.get(at).is_some_and(|w| joins(w, lexicon)));
        }
    }
    found
}

fn parts_at(text: &str, words: &[Word], at: usize, lexicon: &Lexicon) -> bool {
    let gap = &text[words[at - 1].end..words[at].start];
    let subject = |w: &Word| lexicon.has("own_subject", &w.lower);
    let comma = gap.contains(',');
    // "She and I alone".
    let two =
        lexicon.has("other_subject", &words[at - 1].lower) || words[at - 1].class == Class::Name;
    gap.contains([';', ':', '—', '–', '(', ')', '!', '\n'])
        || (comma && lexicon.has("cut", &words[at].lower))
        || (joins(&words[at], lexicon) && !two && (comma || words.get(at + 1).is_some_and(subject)))
}

fn joins(word: &Word, lexicon: &Lexicon) -> bool {
    lexicon.has("joins", &word.lower) || lexicon.has("contrast", &word.lower)
}

fn cut<'a>(
    sentence: &'a str,
    words: &[Word],
    range: Range<usize>,
    lexicon: &Lexicon,
) -> Option<Phrase<'a>> {
    let part = &words[range.clone()];
    let (first, last) = (part.first()?, part.last()?);
    let text = &sentence[first.start..last.end];
    let torn = range.start > 0 && is_torn(sentence, part);
    let dangling = (range.start > 0 && lexicon.has("conjunction", &first.lower))
        || lexicon.has("dangling", &last.lower)
        || lexicon.has("cut_off", &last.lower)
        || last.lower == "i";
    let whole = range.len() == words.len();
    let own = lexicon.has("own_subject", &first.lower);
    // "I hope, will come"; "I to the office", as it was once written.
    let gapped = own
        && part.windows(3).next().is_some_and(|next| {
            sentence[next[1].end..next[2].start].contains(',')
                || lexicon.has("whither", &next[1].lower)
        });
    if gapped
        || torn
        || !LENGTH.contains(&part.len())
        || !(whole || (stands_alone(first, lexicon) && has_verb(part, lexicon)))
        || dangling
        || quotes(text)
        || text.contains(['\n', '*', '[', '(', ')', ';', '—'])
    {
        return None;
    }
    phrase(text, sentence, part, lexicon)
}

/// Whether a part of a sentence begins with what belongs to the part before: "Ireton, set up upon the Hall",
/// "my wife seeming to be so", "(if) I were chosen".
fn is_torn(sentence: &str, part: &[Word]) -> bool {
    let comma = part.get(1).is_some_and(|next| sentence[part[0].end..next.start].contains(','));
    let participle = |w: &Word| w.carries() && w.lower.len() > 4 && w.lower.ends_with("ing");
    let wished = part[0].lower == "i" && part.get(1).is_some_and(|next| next.lower == "were");
    comma || wished || part.iter().skip(1).take(2).any(participle)
}

/// Whether a part of a sentence has a verb of its own, as far as its language tells.
fn has_verb(words: &[Word], lexicon: &Lexicon) -> bool {
    let is = |w: &Word, list| lexicon.has(list, &w.lower);
    let verb = |w: &Word| lexicon.is_finite(&w.lower) || is(w, "own_contracted") || w.lower == "am";
    // Lists of other languages hold few verbs.
    let english = lexicon.has("asking", "what");
    // "To do: plumber".
    let named = |at: usize| at > 0 && english && words[at - 1].lower == "to";
    let verb_at = |at: usize| verb(&words[at]) && !named(at);
    (0..words.len()).any(|at| verb_at(at) || (!english && is(&words[at], "own_subject")))
}

/// Whether a sentence tells of something past.
fn tells(words: &[Word], lexicon: &Lexicon) -> bool {
    let told = |at: &usize| {
        let word = &words[*at];
        // "Are supposed", "to be moved".
        let finite = *at == 0 || !lexicon.has("passive", &words[*at - 1].lower);
        let ending = lexicon.has_ending("told_ending", &word.lower) && word.carries();
        (lexicon.is_past(&word.lower) && finite) || lexicon.has("told", &word.lower) || ending
    };
    // "It's the job I have wanted": the first verb tells when, in English.
    let first = words
        .iter()
        .position(|w| lexicon.is_finite(&w.lower) || lexicon.has("own_contracted", &w.lower));
    let now = first.is_some_and(|at| lexicon.has("present", &words[at].lower));
    !now && (0..words.len()).any(|at| told(&at))
}

/// "Say that it was good" does nothing, "say sorry" does.
pub(super) fn is_no_deed(words: &[Word], at: usize, lexicon: &Lexicon) -> bool {
    let said = words.get(at + 1).is_some_and(|next| lexicon.has("said_deed", &next.lower));
    lexicon.has("no_deed", &words[at].lower) && !said
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
        Kind::Regret => carrying >= 1,
        Kind::Feeling | Kind::Conflict => carrying >= 2,
        _ => carrying >= 3 || (carrying == 2 && words.len() >= 5),
    };
    if !telling {
        return None;
    }
    let worth = base + manner(words, lexicon);
    Some(Phrase { text, sentence, kind, worth })
}

fn is_kind(kind: Kind, text: &str, words: &[Word], lexicon: &Lexicon) -> bool {
    let plain = words.iter().map(|w| w.lower.as_str()).collect::<Vec<_>>().join(" ");
    let any = |list| words.iter().any(|w| lexicon.has(list, &w.lower));
    // "No sé": a verb tells who speaks where its subject is left out.
    let mine = any("first") || words.iter().any(|w| lexicon.pair("turn", &w.lower).is_some());
    let own = |w: &Word| {
        let lists = ["own_subject", "own_contracted", "subject_first"];
        lists.iter().any(|list| lexicon.has(list, &w.lower))
    };
    let acted = words.iter().take(SUBJECT).any(own);
    let felt = |list| {
        let of_writer = |at: &usize| is_of_writer(&words[..*at], lexicon);
        (0..words.len()).filter(|at| lexicon.has(list, &words[*at].lower)).any(|at| of_writer(&at))
    };
    let negated = any("negation");
    match kind {
        Kind::Own => asks(text, words, lexicon),
        // "I have until Friday to decide" is still to do.
        Kind::Unsure => {
            mine && lexicon.finds("unsure", &plain) && !lexicon.finds("deciding", &plain)
        }
        Kind::Conflict => mine && felt("conflict") && !negated,
        Kind::Feeling => mine && felt("feeling") && (!any("pleasant") || negated),
        Kind::Regret => lexicon.finds("regret", &plain),
        Kind::Open => mine && lexicon.finds("open", &plain),
        Kind::Plan if (0..words.len()).any(|at| is_no_deed(words, at, lexicon)) => false,
        Kind::Plan => {
            let planned = lexicon.finds("plan", &plain) || lexicon.finds("deciding", &plain);
            lexicon.begins("plan", &plain) || (mine && planned && !negated)
        }
        Kind::Turning => {
            let turns =
                |w: &Word| lexicon.has("turning", &w.lower) && !lexicon.has("no_turning", &w.lower);
            mine && words.iter().any(turns) && !negated && tells(words, lexicon)
        }
        Kind::Sleep => lexicon.finds("sleep", &plain),
        // "Too proud to go" is no pleasure.
        Kind::Pleasant => {
            let excess = |pair: &[Word]| {
                lexicon.has("excess", &pair[0].lower) && lexicon.has("pleasant", &pair[1].lower)
            };
            mine && felt("pleasant") && !negated && !any("modal") && !words.windows(2).any(excess)
        }
        Kind::Person => (names_somebody(words, lexicon) || !acted) && tells(words, lexicon),
        Kind::Scene => tells(words, lexicon),
        Kind::Now => has_verb(words, lexicon),
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

/// Whether a phrase names somebody: a relation ("my mother"), a title and name, or a name where people stand.
fn names_somebody(words: &[Word], lexicon: &Lexicon) -> bool {
    (0..words.len()).any(|at| {
        let word = &words[at];
        let before = at.checked_sub(1).map_or("", |b| words[b].lower.as_str());
        let next = words.get(at + 1);
        let named_next = next.is_some_and(|w| w.class == Class::Name);
        let relation = lexicon.has("kin", &word.lower) && lexicon.has("possessor", before);
        let titled = lexicon.has("title", &word.lower) && named_next;
        let told = next.is_some_and(|w| lexicon.has("speech", &w.lower));
        // Every noun has a capital in German.
        let named = word.class == Class::Name
            && !lexicon.has("verb_last", "yes")
            && (lexicon.has("addressed", before) || told)
            && !is_calendar(word, lexicon);
        relation || titled || named
    })
}

fn is_calendar(word: &Word, lexicon: &Lexicon) -> bool {
    lexicon.has("month", &word.lower) || lexicon.has("weekday", &word.lower)
}
