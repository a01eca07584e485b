//! What some days brought: the sentences that carry them, a few for one day, one a day for a week.
use super::{Journal, asked::Asked, evidence::Hit};
use crate::reflection::{
    language::Lexicon,
    select::{Scored, choose, scored},
    words::{Class, Word},
};

/// Most sentences of a digest, and as many of a single entry.
const MOST: usize = 8;
const OF_ONE: usize = 4;
/// Most entries that are read for one.
const READ: usize = 120;

/// The sentences that carry the entries `covered`, in order; of people, where these are asked for.
pub(super) fn digest<'a>(journal: &Journal<'a>, covered: &[usize], asked: &Asked) -> Vec<Hit<'a>> {
    let step = covered.len().div_ceil(READ).max(1);
    let read: Vec<usize> = covered.iter().step_by(step).copied().collect();
    let texts: Vec<&str> =
        read.iter().map(|&at| journal.entries[at].content.text.as_str()).collect();
    let mut sentences = scored(&texts, journal.lexicon);
    if asked.who {
        keep_if_any(&mut sentences, |s| names_somebody(&s.own.words, journal.lexicon));
        keep_if_any(&mut sentences, |s| has(&s.own.words, "contact", journal.lexicon));
    }
    let of = |entry: usize| sentences.iter().filter(move |s| s.own.entry == entry);
    let chosen: Vec<&Scored<'a>> = if read.len() > MOST {
        let best = |entry| of(entry).max_by(|a, b| a.score.total_cmp(&b.score));
        let best: Vec<_> = (0..read.len()).filter_map(best).collect();
        choose(&best, MOST).into_iter().map(|at| best[at]).collect()
    } else {
        let each = (MOST / read.len().max(1)).clamp(1, OF_ONE);
        (0..read.len())
            .flat_map(|entry| {
                let own: Vec<&Scored<'a>> = of(entry).collect();
                choose(&own, each).into_iter().map(move |at| own[at])
            })
            .collect()
    };
    let hit =
        |s: &&Scored<'a>| Hit { text: s.own.text, score: s.score, ..Hit::bare(read[s.own.entry]) };
    chosen.iter().map(hit).collect()
}

fn keep_if_any<T>(items: &mut Vec<T>, keep: impl Fn(&T) -> bool) {
    if items.iter().any(&keep) {
        items.retain(keep);
    }
}

fn names_somebody(words: &[Word], lexicon: &Lexicon) -> bool {
    words.iter().any(|w| w.class == Class::Name) || has(words, "kin", lexicon)
}

fn has(words: &[Word], list: &str, lexicon: &Lexicon) -> bool {
    words.iter().any(|w| lexicon.has(list, &w.lower))
}

/// The entries before and after days of which there are none.
pub(super) fn around(journal: &Journal<'_>, asked: &Asked) -> Vec<usize> {
    let Some((first, last)) = asked.spans.first() else { return Vec::new() };
    let written = |at: &usize| journal.date(*at) <= asked.today;
    let before = (0..journal.entries.len()).filter(written).rfind(|&at| journal.date(at) < *first);
    let after = (0..journal.entries.len()).filter(written).find(|&at| journal.date(at) > *last);
    before.into_iter().chain(after).collect()
}
