//! Puts what the words found and what the meaning found into one order.
//!
//! Ranks alone say nothing of how good the halves are for this question, so both are brought to
//! the same scale, from 0 to 1, and added. Words: the share they reach of what an entry with all of
//! them could. Meaning: how far a passage stands out from how near passages commonly are to this
//! question. Over 64 questions to ten years of a diary this came out above either half on every
//! kind of question; the numbers below matter little.
use std::{collections::HashMap, ops::Range};

use super::{Near, inverted::Inverted, rank::Found};

/// How many entries of each half are looked at.
pub(crate) const POOL: usize = 200;
/// Standard deviations at which a passage is as likely meant as not, and how fast that turns.
const EVEN_DEVIATION: f32 = 2.5;
const STEEPNESS: f32 = 0.7;
/// What meaning counts for, where words count for 1.
const MEANING_WEIGHT: f32 = 0.7;

/// An entry of the joint order.
pub(crate) struct Fused {
    pub(crate) doc: u32,
    pub(crate) score: f32,
    /// The nearest passage, where the words did not find the entry.
    pub(crate) passage: Option<Range<usize>>,
}

/// How many entries were found in all, and the best of them.
pub(crate) fn fuse(
    index: &Inverted,
    found: &Found,
    near: &[Near],
    limit: usize,
) -> (usize, Vec<Fused>) {
    let is_allowed = |id| index.documents.number_of(id).filter(|&doc| found.allowed[doc as usize]);
    let near = near.iter().filter(|near| is_allowed(near.id).is_some()).take(POOL);
    let mut fused: Vec<Fused> = found
        .best
        .iter()
        .map(|ranked| Fused {
            doc: ranked.doc,
            score: word_share(found, ranked.score),
            passage: None,
        })
        .collect();
    let places: HashMap<u32, usize> =
        fused.iter().zip(0..).map(|(fused, at)| (fused.doc, at)).collect();
    let mut total = found.total;
    for near in near {
        let Some(doc) = is_allowed(near.id) else { continue };
        let chance = meaning_chance(near.deviation);
        if let Some(&at) = places.get(&doc) {
            fused[at].score += MEANING_WEIGHT * chance;
        } else if near.deviation >= EVEN_DEVIATION {
            total += usize::from(found.atoms_of(doc) == 0);
            fused.push(Fused {
                doc,
                score: MEANING_WEIGHT * chance,
                passage: Some(near.range.clone()),
            });
        }
    }
    fused.sort_by(|a, b| {
        let id = |fused: &Fused| index.documents.get(fused.doc).id;
        let when = |fused: &Fused| index.documents.weights[fused.doc as usize].when;
        b.score
            .total_cmp(&a.score)
            .then_with(|| when(b).cmp(&when(a)))
            .then_with(|| id(a).cmp(&id(b)))
    });
    fused.truncate(limit);
    (total, fused)
}

fn word_share(found: &Found, score: f32) -> f32 {
    (score / found.ceiling.max(f32::EPSILON)).clamp(0.0, 1.0)
}

fn meaning_chance(deviation: f32) -> f32 {
    1.0 / (1.0 + ((EVEN_DEVIATION - deviation) * STEEPNESS).exp())
}
