//! Puts what the words found and what the meaning found into one order.
//!
//! Neither half is always the better one: words know names and exact turns, meaning knows what was
//! put otherwise. So the order is of three rules:
//!
//! - Entries with all words asked for, near to each other, come first: such a thing hardly happens by
//!   accident.
//! - The others are ordered by a sum: how far a passage stands out from how near passages commonly are
//!   to this question, in standard deviations, and the share the words reach of what an entry with
//!   all of them could, brought to the same scale.
//! - The half that is to be trusted is not made worse by the other: whatever the sum says, each of its
//!   entries gives way to one guest at most, and to the best the words found. Trusted are the words
//!   for the entries of the first rule, and the meaning for all others.
//!
//! Over 176 questions to two journals, no kind of question is found less often than by its better half,
//! as by a sum alone some are. Any number below could be a tenth more or less without changing that.
use std::{collections::HashMap, ops::Range};

use super::{
    Near,
    inverted::Inverted,
    rank::{Found, Ranked},
};

/// How many entries of each half are looked at.
pub(crate) const POOL: usize = 200;
/// Standard deviations from which an entry without the words is taken for meant: where others have
/// all of them, and where none has.
const STANDS_OUT: f32 = 2.5;
const SOMEWHAT_NEAR: f32 = 1.5;
/// Standard deviations that an entry with all words counts for, and to which power a share of them
/// does: the first few of many words say more than the last.
const ALL_WORDS: f32 = 4.0;
const SHARE_POWER: f32 = 0.7;
/// The place at which the best that the words found is due.
const WORDS_DUE: usize = 3;

/// An entry of the joint order.
#[derive(Clone)]
pub(crate) struct Fused {
    pub(crate) doc: u32,
    pub(crate) score: f32,
    /// The nearest passage, where the words did not find the entry.
    pub(crate) passage: Option<Range<usize>>,
}

/// An entry that is to be put in order.
struct Candidate {
    fused: Fused,
    together: bool,
    deviation: f32,
    /// The place at which it comes at the latest.
    due: usize,
}

/// How many entries were found in all, and the best of them.
pub(crate) fn fuse(
    index: &Inverted,
    found: &Found,
    near: &[Near],
    limit: usize,
) -> (usize, Vec<Fused>) {
    let mut candidates: Vec<Candidate> =
        found.best.iter().map(|ranked| of_words(found, ranked)).collect();
    let total = found.total + add_meaning(index, found, near, &mut candidates);
    set_due(&mut candidates);
    sort(index, &mut candidates);
    (total, keep_places(&candidates, limit))
}

fn of_words(found: &Found, ranked: &Ranked) -> Candidate {
    let share = (ranked.score / found.ceiling.max(f32::EPSILON)).clamp(0.0, 1.0);
    let score = ALL_WORDS * share.powf(SHARE_POWER);
    let fused = Fused { doc: ranked.doc, score, passage: None };
    Candidate { fused, together: ranked.together, deviation: 0.0, due: 0 }
}

/// Adds what is near to the score of those that words found, and the nearest others; how many of these
/// have none of the words.
fn add_meaning(
    index: &Inverted,
    found: &Found,
    near: &[Near],
    candidates: &mut Vec<Candidate>,
) -> usize {
    let places: HashMap<u32, usize> =
        candidates.iter().zip(0..).map(|(one, at)| (one.fused.doc, at)).collect();
    let least = if found.complete { STANDS_OUT } else { SOMEWHAT_NEAR };
    let mut looked_at = 0;
    let mut wordless = 0;
    for near in near {
        let doc = index.documents.number_of(near.id);
        let Some(doc) = doc.filter(|&doc| found.allowed[doc as usize]) else { continue };
        looked_at += 1;
        let deviation = near.deviation;
        if let Some(&at) = places.get(&doc) {
            candidates[at].deviation = deviation;
            candidates[at].fused.score += deviation;
        } else if looked_at <= POOL && deviation >= least {
            wordless += usize::from(found.atoms_of(doc) == 0);
            let fused = Fused { doc, score: deviation, passage: Some(near.range.clone()) };
            candidates.push(Candidate { fused, together: false, deviation, due: 0 });
        }
    }
    wordless
}

/// Sets when each is due: first those with all words together as the words have them, which is how
/// they come, then all others by their meaning. The place after its own leaves room for one guest.
fn set_due(candidates: &mut [Candidate]) {
    let trust = |one: &Candidate| if one.together { f32::INFINITY } else { one.deviation };
    let mut trusted: Vec<usize> = (0..candidates.len()).collect();
    trusted.sort_by(|&a, &b| trust(&candidates[b]).total_cmp(&trust(&candidates[a])));
    for (place, at) in trusted.into_iter().enumerate() {
        candidates[at].due = place + 1;
    }
    if let Some(best) = candidates.first_mut().filter(|one| one.fused.passage.is_none()) {
        best.due = best.due.min(WORDS_DUE);
    }
}

/// Those with all words together first, then the best; the newer first where that is the same.
fn sort(index: &Inverted, candidates: &mut [Candidate]) {
    candidates.sort_by(|a, b| {
        let id = |one: &Candidate| index.documents.get(one.fused.doc).id;
        let when = |one: &Candidate| index.documents.weights[one.fused.doc as usize].when;
        b.together
            .cmp(&a.together)
            .then_with(|| b.fused.score.total_cmp(&a.fused.score))
            .then_with(|| when(b).cmp(&when(a)))
            .then_with(|| id(a).cmp(&id(b)))
    });
}

/// The first of them in their order, but none later than it is due. A score is raised to that of the
/// next where this one came up to keep its place, so that scores still fall from place to place.
fn keep_places(candidates: &[Candidate], limit: usize) -> Vec<Fused> {
    let mut by_due: Vec<usize> = (0..candidates.len()).collect();
    by_due.sort_by_key(|&at| candidates[at].due);
    let (mut by_due, mut by_score) =
        (by_due.into_iter().peekable(), (0..candidates.len()).peekable());
    let mut placed = vec![false; candidates.len()];
    let mut fused: Vec<Fused> = Vec::new();
    while fused.len() < limit {
        while by_due.next_if(|&at| placed[at]).is_some() {}
        while by_score.next_if(|&at| placed[at]).is_some() {}
        let is_due = |&at: &usize| candidates[at].due <= fused.len();
        let Some(at) = by_due.next_if(is_due).or_else(|| by_score.next()) else { break };
        placed[at] = true;
        fused.push(candidates[at].fused.clone());
    }
    for at in (1..fused.len()).rev() {
        fused[at - 1].score = fused[at - 1].score.max(fused[at].score);
    }
    fused
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(doc: u32, score: f32, deviation: f32, together: bool) -> Candidate {
        let fused = Fused { doc, score, passage: None };
        Candidate { fused, together, deviation, due: 0 }
    }

    fn fused(mut candidates: Vec<Candidate>, limit: usize) -> Vec<Fused> {
        set_due(&mut candidates);
        sort(&Inverted::new(), &mut candidates);
        keep_places(&candidates, limit)
    }

    fn docs(candidates: Vec<Candidate>, limit: usize) -> Vec<u32> {
        fused(candidates, limit).iter().map(|fused| fused.doc).collect()
    }

    fn near(doc: u32, deviation: f32) -> Candidate {
        let mut candidate = candidate(doc, deviation, deviation, false);
        candidate.fused.passage = Some(0..1);
        candidate
    }

    /// Twenty that the sum prefers, of no meaning, and then twenty that are near, nearest first.
    fn strangers_first() -> Vec<Candidate> {
        let strangers = (0..20).map(|doc| candidate(doc, 90.0 - doc as f32, 0.0, false));
        strangers.chain((20..40).map(|doc| near(doc, 40.0 - doc as f32))).collect()
    }

    #[test]
    fn what_is_nearest_gives_way_to_one_guest_and_no_more() {
        assert_eq!(docs(strangers_first(), 6), [0, 20, 21, 22, 23, 24]);
    }

    #[test]
    fn the_best_of_the_words_is_among_the_first_whatever_it_means() {
        let mut candidates = vec![candidate(0, -9.0, -9.0, false), candidate(1, -8.0, -8.0, false)];
        candidates.extend((2..9).map(|doc| near(doc, 9.0 - doc as f32)));
        assert_eq!(docs(candidates, 20), [2, 3, 4, 0, 5, 6, 7, 8, 1]);
    }

    #[test]
    fn all_words_together_come_first_and_keep_their_places_but_for_one() {
        let words = [(1, 3.0), (2, 2.9), (3, 9.0), (4, 2.8), (5, 8.0), (6, 7.0)];
        let mut candidates: Vec<Candidate> =
            words.map(|(doc, score)| candidate(doc, score, 0.0, true)).into();
        candidates.extend([near(7, 30.0), near(8, 20.0)]);
        assert_eq!(docs(candidates, 20), [3, 1, 2, 5, 4, 6, 7, 8]);
    }

    #[test]
    fn scores_never_rise_from_place_to_place() {
        let scores: Vec<f32> = fused(strangers_first(), 40).iter().map(|one| one.score).collect();
        assert_eq!(scores.len(), 40);
        assert!(scores.windows(2).all(|pair| pair[0] >= pair[1]), "{scores:?}");
        assert_eq!(fused(Vec::new(), 5).len(), 0);
    }
}
