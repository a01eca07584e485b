//! Sentences by what they are built of, with what can be asked of each, from files that a translator can read.
use std::{ops::Range, sync::LazyLock};

use super::{Style, clause::Line};
use crate::reflection::language::Language;

/// Words that a `~` passes over at most.
const ADVERBS: usize = 3;

/// Sentences of one build, and the questions that suit them.
pub struct Construction {
    /// What its questions are about: `next`, `feeling`, `other`; two of one facet are not asked at once.
    pub facet: &'static str,
    /// How much it is worth asking about, about 1.
    pub worth: f32,
    patterns: Vec<Vec<Token>>,
    forms: Vec<(Style, &'static str)>,
}

enum Token {
    Words(Vec<&'static str>),
    List(&'static str),
    Slot(&'static str),
    Adverbs,
    Own,
    Other,
    Noun,
    Past,
    Did,
    Will,
    Rest,
}

/// What was matched: the words, and those of each slot.
#[derive(Clone)]
pub struct Match {
    /// All of it.
    pub whole: Range<usize>,
    /// Slots by name.
    pub slots: Vec<(&'static str, Range<usize>)>,
}

impl Match {
    /// The words of a slot.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<Range<usize>> {
        self.slots.iter().find(|(n, _)| *n == name).map(|(_, range)| range.clone())
    }
}

impl Construction {
    /// Those of a language, in the order of its file.
    #[must_use]
    pub fn all(language: Language) -> &'static [Self] {
        static ALL: LazyLock<[Vec<Construction>; 4]> = LazyLock::new(|| Language::ALL.map(parse));
        &ALL[language as usize]
    }

    /// The forms of a style.
    pub fn forms(&self, style: Style) -> impl Iterator<Item = &'static str> {
        self.forms.iter().filter(move |(s, _)| *s == style).map(|(_, form)| *form)
    }

    /// Where the construction stands in a segment of a line, if it does.
    #[must_use]
    pub fn find(&self, line: &Line<'_, '_>, segment: &Range<usize>) -> Option<Match> {
        starts(line, segment).into_iter().find_map(|start| {
            self.patterns.iter().find_map(|pattern| {
                let mut slots = Vec::new();
                let end = run(pattern, line, start, segment, &mut slots)?;
                Some(Match { whole: start..end, slots })
            })
        })
    }
}

/// Where in a segment a construction may begin: at its start, and after what only opens it.
fn starts(line: &Line<'_, '_>, segment: &Range<usize>) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = segment.start;
    if !line.is(at, "blocked") || at == 0 {
        found.push(at);
    }
    while at < segment.end && line.is(at, "opening") {
        at += 1;
    }
    if segment.start > 0 && line.is(at, "blocked") {
        return found;
    }
    found.push(at);
    found.dedup();
    // "Am Sonntag will ich": verb and subject change places after an opening.
    if line.lexicon.has("verb_last", "yes") {
        let inverted = |w: &usize| line.is(w + 1, "own_subject") && line.is(*w, "inverts");
        found.extend((at + 1..segment.end.min(at + 6)).find(inverted));
    }
    // "At the lock I met": what stands before the subject opens the sentence.
    let first = at;
    if line.is(first, "preposition") {
        let subject = (first + 1..segment.end.min(first + 7)).find(|&w| line.is_subject_pronoun(w));
        let plain = |w: usize| !line.is(w, "blocked") && !line.is_finite(w);
        found.extend(subject.filter(|&s| (first..s).all(plain)));
    }
    found
}

fn run(
    tokens: &[Token],
    line: &Line<'_, '_>,
    at: usize,
    segment: &Range<usize>,
    slots: &mut Vec<(&'static str, Range<usize>)>,
) -> Option<usize> {
    let Some((token, rest)) = tokens.split_first() else {
        return (at == segment.end).then_some(at);
    };
    let has_word = at < segment.end;
    match token {
        Token::Words(words) if has_word && words.contains(&line.lower(at)) => {
            run(rest, line, at + 1, segment, slots)
        }
        Token::List(list) if has_word && line.is(at, list) => {
            run(rest, line, at + 1, segment, slots)
        }
        Token::Past if has_word && line.is_event(at) => run(rest, line, at + 1, segment, slots),
        Token::Did if has_word && line.is_event(at) && !line.is(at, "state_verb") => {
            run(rest, line, at + 1, segment, slots)
        }
        Token::Will if has_word && line.lexicon.is_future(line.lower(at)) => {
            run(rest, line, at + 1, segment, slots)
        }
        Token::Own if has_word && line.is(at, "own_subject") => {
            run(rest, line, at + 1, segment, slots)
        }
        // "Called Sam": the subject is left out where a sentence begins.
        Token::Own if at == 0 => run(rest, line, at, segment, slots),
        Token::Other | Token::Noun => {
            let end = match token {
                Token::Noun => line.noun_phrase(at, segment.end)?,
                _ => line.other_subject(at, segment.end)?,
            };
            slots.push(("who", at..end));
            run(rest, line, end, segment, slots)
        }
        Token::Adverbs => {
            let passes = |w: &usize| line.is_adverb(*w) || line.is(*w, "intensity");
            let passed = (at..segment.end).take(ADVERBS).take_while(passes).count();
            (0..=passed).rev().find_map(|n| run(rest, line, at + n, segment, slots))
        }
        Token::Rest => Some(segment.end),
        Token::Slot(name) => slot(name, rest, line, at, segment, slots),
        _ => None,
    }
}

/// A slot reaches to the end, or to what the pattern names next.
fn slot(
    name: &'static str,
    rest: &[Token],
    line: &Line<'_, '_>,
    at: usize,
    segment: &Range<usize>,
    slots: &mut Vec<(&'static str, Range<usize>)>,
) -> Option<usize> {
    let first = if rest.is_empty() { segment.end } else { at + 1 };
    (first.max(at + 1)..=segment.end).find_map(|end| {
        let held = slots.len();
        slots.push((name, at..end));
        let found = run(rest, line, end, segment, slots);
        if found.is_none() {
            slots.truncate(held);
        }
        found
    })
}

fn parse(language: Language) -> Vec<Construction> {
    let file = match language {
        Language::English => include_str!("../../../../assets/prompts/constructions.en.txt"),
        Language::German => include_str!("../../../../assets/prompts/constructions.de.txt"),
        Language::French => include_str!("../../../../assets/prompts/constructions.fr.txt"),
        Language::Spanish => include_str!("../../../../assets/prompts/constructions.es.txt"),
    };
    let mut found: Vec<Construction> = Vec::new();
    for line in file.lines() {
        match line.split_once(' ') {
            Some(("=", header)) => header_line(header, &mut found),
            Some((mark, form)) => {
                if let (Some(style), Some(last)) = (Style::of_mark(mark), found.last_mut()) {
                    last.forms.push((style, form));
                }
            }
            None => {}
        }
    }
    found
}

/// `facet worth: pattern | pattern`; a header right after another adds to it.
fn header_line(header: &'static str, found: &mut Vec<Construction>) {
    let Some((name, patterns)) = header.split_once(": ") else { return };
    let (facet, worth) = name.split_once(' ').unwrap_or((name, "1"));
    let patterns = patterns.split(" | ").map(|p| p.split_whitespace().map(token).collect());
    match found.last_mut() {
        Some(last) if last.forms.is_empty() => last.patterns.extend(patterns),
        _ => found.push(Construction {
            facet,
            worth: worth.parse().unwrap_or(1.0),
            patterns: patterns.collect(),
            forms: Vec::new(),
        }),
    }
}

fn token(word: &'static str) -> Token {
    match word {
        "~" => Token::Adverbs,
        "…" => Token::Rest,
        "@me" => Token::Own,
        "@they" => Token::Other,
        "@np" => Token::Noun,
        "=past" => Token::Past,
        "=did" => Token::Did,
        "=will" => Token::Will,
        _ => match (word.strip_prefix('%'), word.strip_prefix('<')) {
            (Some(list), _) => Token::List(list),
            (_, Some(slot)) => Token::Slot(slot.trim_end_matches('>')),
            _ => Token::Words(word.split('/').collect()),
        },
    }
}
