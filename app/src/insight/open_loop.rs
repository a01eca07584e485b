//! What the person said they would do, and never came back to: told by its own sentence.
//!
//! Better too few than one that is none: an act is closed by any later entry that has its verb with
//! what it is done to, and what is older than a season is let go.
use std::{cmp::Reverse, collections::HashSet};

use jiff::{ToSpan as _, civil::Date};
use vault::{Entry, EntryId};

use super::hash;
use crate::reflection::{
    crisis,
    language::{Language, Lexicon},
    sentence::sentences,
    words::{Class, Word, words},
};

/// Days after which nobody is reminded of what they once wanted.
pub const LET_GO: i64 = 90;
/// Days until it is late, where no word says when.
const UNSAID: i64 = 14;
/// Most words of what is to be done.
const ACT: usize = 12;
/// Longer sentences are no plain word of what one will do.
const LONGEST: usize = 30;

/// Something that was to be done. No `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenLoop {
    /// Names it for ever, without saying what it is.
    pub key: String,
    /// Where it is said.
    pub entry: EntryId,
    /// When it was said.
    pub date: Date,
    /// When it was to be done, at the latest.
    pub due: Date,
    /// The sentence that says so.
    pub sentence: String,
}

/// What is to be done, as it would be mentioned again.
struct Act {
    verbs: HashSet<String>,
    objects: HashSet<String>,
    /// Whom "him" may mean.
    meant: HashSet<String>,
}

/// What is still open on the day `today` in these entries, the latest first. Entries are in order of
/// their days; those from [`LET_GO`] days before on are enough.
#[must_use]
pub fn open_loops(entries: &[Entry], today: Date) -> Vec<OpenLoop> {
    let since = today.saturating_sub(LET_GO.days());
    let recent = entries.iter().filter(|entry| (since..=today).contains(&entry.content.date));
    let read: Vec<(&Entry, HashSet<String>)> =
        recent.map(|entry| (entry, stems_of(&entry.content.text))).collect();
    let mut open = Vec::new();
    for (at, (entry, _)) in read.iter().enumerate() {
        if crisis(&entry.content.text).is_some() {
            continue;
        }
        let later = &read[at + 1..];
        let said = intentions(entry).into_iter();
        let still = said.filter(|(_, act)| !later.iter().any(|(_, stems)| act.is_in(stems)));
        open.extend(still.map(|(found, _)| found));
    }
    open.sort_by_key(|open: &OpenLoop| Reverse(open.date));
    open
}

fn stems_of(text: &str) -> HashSet<String> {
    let lexicon = Language::guess(text).lexicon();
    words(text, lexicon).into_iter().filter(Word::carries).map(|word| word.stem).collect()
}

/// What an entry says its writer will do.
fn intentions(entry: &Entry) -> Vec<(OpenLoop, Act)> {
    let text = &entry.content.text;
    let language = Language::guess(text);
    let lexicon = language.lexicon();
    let mut before: Vec<HashSet<String>> = Vec::new();
    let mut found = Vec::new();
    for sentence in sentences(text) {
        let words = words(sentence, lexicon);
        let meant = before.iter().rev().take(2).flatten().cloned().collect();
        before.push(people(&words, lexicon));
        if words.len() > LONGEST || sentence.ends_with('?') {
            continue;
        }
        let Some(act) = act(sentence, &words, language, meant) else { continue };
        let said = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
        let date = entry.content.date;
        let key = hash(&format!("{} {said}", entry.id));
        let due = date.saturating_add(days_left(&words, lexicon).days());
        found.push((OpenLoop { key, entry: entry.id, date, due, sentence: said }, act));
    }
    found
}

/// Those whom a sentence names.
fn people(words: &[Word], lexicon: &Lexicon) -> HashSet<String> {
    let is_one = |w: &&Word| w.class == Class::Name || lexicon.has("kin", &w.lower);
    words.iter().filter(is_one).map(|w| w.stem.clone()).collect()
}

/// What a sentence says is to be done.
fn act(sentence: &str, words: &[Word], language: Language, meant: HashSet<String>) -> Option<Act> {
    let lexicon = language.lexicon();
    let from = begun(sentence, words, lexicon)?;
    let clause = clause(sentence, words, from, lexicon);
    let first = clause.first()?;
    let denied = ["negation", "not_bare", "no_act"];
    if language != Language::German && denied.iter().any(|list| lexicon.has(list, &first.lower)) {
        return None;
    }
    // "As far as I can" is a way to live, and no deed.
    if clause.iter().any(|w| lexicon.has("negation", &w.lower) || lexicon.has("as_can", &w.lower)) {
        return None;
    }
    let tells = |w: &&&Word| {
        let little = ["no_act", "light", "vague", "due_day", "due_week", "due_month", "him"];
        w.carries()
            && w.class != Class::Number
            && !little.iter().any(|list| lexicon.has(list, &w.lower))
    };
    let telling: Vec<&&Word> = clause.iter().filter(tells).collect();
    // In German what is done comes last.
    let verb = if language == Language::German { telling.last() } else { telling.first() }?;
    let is_object = |w: &&&&Word| w.start != verb.start && !lexicon.has("no_object", &w.lower);
    let objects = telling.iter().filter(is_object);
    let alone = objects.clone().count() == 0 && lexicon.has("needs_object", &verb.lower);
    if alone {
        return None;
    }
    let has_pronoun = clause.iter().any(|w| lexicon.has("him", &w.lower));
    Some(Act {
        verbs: ways_to_do(verb, lexicon),
        objects: objects.map(|w| w.stem.clone()).collect(),
        meant: if has_pronoun { meant } else { HashSet::new() },
    })
}

/// Where what is to be done begins: after "I must", "still haven't".
fn begun(sentence: &str, words: &[Word], lexicon: &Lexicon) -> Option<usize> {
    let mine = |at: usize| {
        let is = |list: &str| words[..=at].iter().any(|w| lexicon.has(list, &w.lower));
        is("first") || !is("subject_third")
    };
    (0..words.len()).find_map(|at| {
        let opens = || opens_clause(sentence, words, at, lexicon);
        let planned = phrase_at("plan", words, at, lexicon).filter(|_| opens());
        let planned = planned.filter(|_| !is_bound(&words[..at], lexicon));
        let undone = || phrase_at("undone", words, at, lexicon).filter(|_| mine(at));
        planned.or_else(undone).map(|length| at + length)
    })
}

/// Whether what follows these words holds only under a condition, or tells more of something: "if I want to
/// see him, I must…", "which therefore I must…".
fn is_bound(before: &[Word], lexicon: &Lexicon) -> bool {
    let near = &before[before.len().saturating_sub(2)..];
    before.iter().any(|w| lexicon.has("condition", &w.lower))
        || near.iter().any(|w| lexicon.has("relative_pronoun", &w.lower))
}

/// Whether a clause of its own begins at `at`, and nobody else's words: not "which I must", "he says I should".
fn opens_clause(sentence: &str, words: &[Word], at: usize, lexicon: &Lexicon) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| &words[before]) else { return true };
    let quoted = sentence[..words[at].start].contains(['“', '"', '„', '«', '‘']);
    let gap = &sentence[before.end..words[at].start];
    !quoted && (gap.contains([',', ';', ':', '—', '–']) || lexicon.has("goes_on", &before.lower))
}

/// How many words the longest item of a list takes that stands at `at`.
fn phrase_at(list: &str, words: &[Word], at: usize, lexicon: &Lexicon) -> Option<usize> {
    let stands = |item: &&str| {
        let mut rest = words[at..].iter();
        item.split('_').all(|part| rest.next().is_some_and(|word| word.lower == part))
    };
    lexicon.list(list).filter(stands).map(|item| item.split('_').count()).max()
}

/// The words from `from` to the end of the clause.
fn clause<'a>(sentence: &str, words: &'a [Word], from: usize, lexicon: &Lexicon) -> Vec<&'a Word> {
    let mut clause: Vec<&Word> = Vec::new();
    for (at, word) in words.iter().enumerate().skip(from).take(ACT) {
        let gap = at.checked_sub(1).map_or("", |last| &sentence[words[last].end..word.start]);
        let breaks =
            gap.contains([',', ';', ':', '(', '—', '–']) || lexicon.has("cut", &word.lower);
        if at > from && breaks {
            break;
        }
        clause.push(word);
    }
    clause
}

/// A verb, and those that do as well: who was to be called may have been written to.
fn ways_to_do(verb: &Word, lexicon: &Lexicon) -> HashSet<String> {
    let alike = ["contact", "visit"].into_iter().filter(|list| lexicon.has(list, &verb.lower));
    let stems = alike.flat_map(|list| lexicon.list(list)).map(|word| lexicon.stem(word));
    stems.chain([verb.stem.clone()]).collect()
}

fn days_left(words: &[Word], lexicon: &Lexicon) -> i64 {
    let says = |list| (0..words.len()).any(|at| phrase_at(list, words, at, lexicon).is_some());
    [("due_day", 1), ("due_week", 7), ("due_month", 31)]
        .into_iter()
        .find(|(list, _)| says(list))
        .map_or(UNSAID, |(_, days)| days)
}

impl Act {
    /// Whether an entry with these stems comes back to it.
    fn is_in(&self, stems: &HashSet<String>) -> bool {
        let done = self.verbs.iter().any(|verb| stems.contains(verb));
        let objects = self.objects.iter().filter(|it| stems.contains(*it)).count();
        let meant = self.meant.iter().any(|name| stems.contains(name));
        let bare = self.objects.is_empty() && self.meant.is_empty();
        (done && (bare || objects > 0 || meant)) || objects > 1
    }
}
