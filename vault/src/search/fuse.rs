//! Puts what the words found and what the meaning found into one order.
//!
//! Ranks alone say nothing of how good the halves are for this question, so both are brought to
//! the same scale first. Words: the share they reach of what an entry of all of them could. Meaning:
//! how far a passage stands out from how near passages commonly are to this question. Either is
//! taken for the chance that the entry is what was meant, and an entry is found by one or the other.
use std::{collections::HashMap, ops::Range};

use super::{Meaning, inverted::Inverted, rank::Found};

/// How many entries of each half are looked at.
pub(crate) const POOL: usize = 200;
/// Standard deviations at which a passage is as likely meant as not, and how fast that turns.
const EVEN_DEVIATION: f32 = 3.0;
const STEEPNESS: f32 = 1.5;
/// The least chance with which meaning alone brings an entry in.
const LEAST_CHANCE: f32 = 0.3;

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
    meaning: &Meaning<'_>,
    limit: usize,
) -> (usize, Vec<Fused>) {
    let is_allowed = |id| index.documents.number_of(id).filter(|&doc| found.allowed[doc as usize]);
    let near = meaning.passages.nearest(meaning.vector, POOL, &mut |id| is_allowed(id).is_some());
    let mut fused: Vec<Fused> = found
        .best
        .iter()
        .map(|ranked| Fused {
            doc: ranked.doc,
            score: word_chance(found, ranked.score),
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
            fused[at].score = either(fused[at].score, chance);
        } else if chance >= LEAST_CHANCE {
            total += usize::from(found.atoms_of(doc) == 0);
            fused.push(Fused { doc, score: chance, passage: Some(near.range) });
        }
    }
    fused.sort_by(|a, b| {
        let when = |fused: &Fused| index.documents.weights[fused.doc as usize].when;
        b.score
            .total_cmp(&a.score)
            .then_with(|| when(b).cmp(&when(a)))
            .then_with(|| a.doc.cmp(&b.doc))
    });
    fused.truncate(limit);
    (total, fused)
}

fn word_chance(found: &Found, score: f32) -> f32 {
    (score / found.ceiling.max(f32::EPSILON)).clamp(0.0, 0.99)
}

fn meaning_chance(deviation: f32) -> f32 {
    1.0 / (1.0 + ((EVEN_DEVIATION - deviation) * STEEPNESS).exp())
}

/// The chance that one or the other holds.
fn either(one: f32, other: f32) -> f32 {
    1.0 - (1.0 - one) * (1.0 - other)
}
