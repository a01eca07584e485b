//! What some days brought: the sentences that carry them, a few for one day, one a day for a week.
use super::{Journal, asked::Asked, evidence::Hit};
use crate::reflection::select::{Scored, choose, scored};

/// Most sentences of a digest, and as many of a single entry.
const MOST: usize = 8;
const OF_ONE: usize = 4;
/// Most entries that are read for one.
const READ: usize = 120;

/// The sentences that carry the entries `covered`, in order.
pub(super) fn digest<'a>(journal: &Journal<'a>, covered: &[usize]) -> Vec<Hit<'a>> {
    let step = covered.len().div_ceil(READ).max(1);
    let read: Vec<usize> = covered.iter().step_by(step).copied().collect();
    let texts: Vec<&str> =
        read.iter().map(|&at| journal.entries[at].content.text.as_str()).collect();
    let sentences = scored(&texts, journal.lexicon);
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

/// The entries before and after days of which there are none.
pub(super) fn around(journal: &Journal<'_>, asked: &Asked) -> Vec<usize> {
    let Some((first, last)) = asked.spans.first() else { return Vec::new() };
    let written = |at: &usize| journal.date(*at) <= asked.today;
    let before = (0..journal.entries.len()).filter(written).rfind(|&at| journal.date(at) < *first);
    let after = (0..journal.entries.len()).filter(written).find(|&at| journal.date(at) > *last);
    before.into_iter().chain(after).collect()
}
