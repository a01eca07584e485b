//! The sentences that say what is asked for, and how much of it.
use std::{cmp::Reverse, collections::HashSet};

use super::{
    ENOUGH, Journal,
    asked::{Asked, Intent},
    doer::Told,
    wanted::{Item, Place, is_denied},
};
use crate::reflection::{
    sentence::{clauses, sentences},
    words::{Word, plain, words},
};

/// How many words apart what is asked for may stand in a sentence.
const WINDOW: usize = 25;
/// What is asked for counts for so much more side by side, and said often.
const CLOSE: f32 = 0.1;
const OFTEN: usize = 4;
/// A sentence of more words is shown in part.
const LONG: usize = 45;

/// A sentence of an entry.
#[derive(Clone)]
pub(super) struct Hit<'a> {
    /// Its entry, by its place.
    pub(super) entry: usize,
    /// The sentence, or the part that matters; empty for an entry as a whole.
    pub(super) text: &'a str,
    /// How much of what is asked for it has, by weight; 1 is all.
    pub(super) score: f32,
    /// Which items it has, a bit each.
    pub(super) mask: u32,
    /// Whether it says that it is not so, or only wishes it.
    pub(super) denied: bool,
    /// Whether it seems to be told of the writer.
    pub(super) own: bool,
}

impl Hit<'_> {
    /// An entry as a whole.
    pub(super) fn bare(entry: usize) -> Self {
        Self { entry, text: "", score: 0.0, mask: 0, denied: false, own: false }
    }
}

/// All that was found for a question.
pub(super) struct Evidence<'a, 'q> {
    pub(super) asked: &'q Asked,
    hits: Vec<Hit<'a>>,
    /// Of each item, how much it tells.
    weights: Vec<f32>,
}

impl<'a, 'q> Evidence<'a, 'q> {
    /// Looks through the entries `covered`.
    pub(super) fn gather(journal: &Journal<'a>, covered: &[usize], asked: &'q Asked) -> Self {
        Self::of(journal, covered, asked, asked.meets())
    }

    /// Looks through the entries `covered` for mentions, also where more is asked for.
    pub(super) fn mentions(journal: &Journal<'a>, covered: &[usize], asked: &'q Asked) -> Self {
        Self::of(journal, covered, asked, None)
    }

    fn of(
        journal: &Journal<'a>,
        covered: &[usize],
        asked: &'q Asked,
        meets: Option<Place>,
    ) -> Self {
        let mut hits = Vec::new();
        for &at in covered {
            if journal.cancel.is_canceled() {
                break;
            }
            hits.extend(search_entry(journal, at, &asked.items, meets));
        }
        let weights = weights(&hits, &asked.items, covered.len());
        let total: f32 = weights.iter().sum();
        for hit in &mut hits {
            let has = weights.iter().enumerate().filter(|(at, _)| hit.mask >> at & 1 == 1);
            let told = has.map(|(_, weight)| weight).sum::<f32>() / total.max(f32::MIN_POSITIVE);
            hit.score += told;
        }
        Self { asked, hits, weights }
    }

    /// The best sentence of each entry that has enough of what is asked for, in order of date.
    pub(super) fn full(&self, asked: &Asked) -> Vec<Hit<'a>> {
        let needed = needed(&asked.items);
        let rarest = self.weights.iter().copied().fold(0.0, f32::max);
        let enough = |hit: &&Hit<'_>| {
            let told = self.weights.iter().enumerate().all(|(at, weight)| {
                let needed = asked.items[at].person.is_some() || *weight >= rarest;
                !needed || hit.mask >> at & 1 == 1
            });
            let fits = if hit.denied { asked.mention } else { !asked.denied };
            match asked.intent {
                Intent::Open => told && hit.score >= ENOUGH,
                _ => hit.mask & needed == needed && fits,
            }
        };
        let own = |hit: &&Hit<'_>| hit.own || !asked.place || hit.text.is_empty();
        let mut full = best(self.hits.iter().filter(enough).filter(own));
        let all = mask(asked.items.iter().map(|_| true));
        if asked.intent == Intent::Open && full.iter().any(|hit| hit.mask == all) {
            full.retain(|hit| hit.mask == all);
        }
        full
    }

    /// The best sentence of each entry that has anything of it.
    pub(super) fn best(&self) -> Vec<Hit<'a>> {
        best(self.hits.iter())
    }

    /// Whether an entry has anything of it.
    pub(super) fn has_any(&self, entry: usize) -> bool {
        self.hits.iter().any(|hit| hit.entry == entry)
    }
}

/// What a sentence has to say, a bit an item: all but acts, or all where there is nothing else.
fn needed(items: &[Item]) -> u32 {
    match mask(items.iter().map(|item| !item.act)) {
        0 => mask(items.iter().map(|_| true)),
        needed => needed,
    }
}

fn best<'h, 'a: 'h>(hits: impl Iterator<Item = &'h Hit<'a>>) -> Vec<Hit<'a>> {
    let mut best: Vec<Hit<'a>> = Vec::new();
    for hit in hits {
        match best.last_mut() {
            Some(last) if last.entry == hit.entry => {
                let better = (!hit.denied, hit.score) > (!last.denied, last.score);
                if better {
                    *last = hit.clone();
                }
            }
            _ => best.push(hit.clone()),
        }
    }
    best
}

/// The sentences of an entry that have any of the items.
pub(super) fn search_entry<'a>(
    journal: &Journal<'a>,
    entry: usize,
    items: &[Item],
    meets: Option<Place>,
) -> Vec<Hit<'a>> {
    let content = &journal.entries[entry].content;
    let text = content.text.as_str();
    let lower = text.to_lowercase();
    let tags: Vec<String> =
        content.tags.iter().map(|t| journal.lexicon.stem(&t.to_lowercase())).collect();
    let tagged = mask(items.iter().map(|item| item.is_tag(&tags)));
    if tagged == 0 && !items.iter().any(|item| item.may_be_in(&lower)) {
        return Vec::new();
    }
    let mut hits = Vec::new();
    for sentence in sentences(text) {
        let lower = sentence.to_lowercase();
        if items.iter().any(|item| item.may_be_in(&lower)) {
            hits.extend(search_sentence(journal, sentence, items, meets).map(|hit| Hit {
                entry,
                mask: hit.mask | tagged,
                ..hit
            }));
        }
    }
    if hits.is_empty() && tagged > 0 {
        hits.push(Hit { mask: tagged, ..Hit::bare(entry) });
    }
    hits
}

/// The place in a sentence where most of the items stand together.
fn search_sentence<'a>(
    journal: &Journal<'a>,
    sentence: &'a str,
    items: &[Item],
    meets: Option<Place>,
) -> Option<Hit<'a>> {
    let words = words(sentence, journal.lexicon);
    let is_name = |word: &str| journal.vocabulary.is_name(word);
    let told = Told { text: sentence, words: &words, lexicon: journal.lexicon, is_name: &is_name };
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (item, wanted) in items.iter().enumerate() {
        let found = wanted.places(&words, journal.lexicon).into_iter();
        let asks = wanted.person.as_ref().and(meets);
        let met = |at: &usize| match asks {
            None => true,
            Some(Place::Yes) => told.fits(wanted, *at),
            Some(Place::No) => told.is_met(*at),
        };
        places.extend(found.filter(met).map(|at| (at, item)));
    }
    places.sort_unstable();
    let denied = |(at, item): &(usize, usize)| {
        items[*item].person.is_none() && is_denied(&words, *at, journal.lexicon)
    };
    let windows = places.iter().enumerate().map(|(start, (first, _))| {
        let inside: Vec<(usize, usize)> =
            places[start..].iter().take_while(|(at, _)| at - first <= WINDOW).copied().collect();
        let mask = inside.iter().fold(0u32, |mask, (_, item)| mask | 1 << item);
        let mut seen = 0u32;
        let all = inside.iter().find(|(_, item)| {
            seen |= 1 << item;
            seen == mask
        });
        Window {
            mask,
            denied: inside.iter().any(denied),
            first: *first,
            last: all.map_or(*first, |p| p.0),
        }
    });
    let best = windows.max_by_key(|w| {
        (w.mask.count_ones(), !w.denied, Reverse(w.last - w.first), Reverse(w.first))
    })?;
    let text = shown(sentence, &words, best.first);
    let close = 1.0 - (best.last - best.first) as f32 / WINDOW as f32;
    let often = places.len().min(OFTEN) as f32 / OFTEN as f32;
    let first = f32::from(u8::from(journal.lexicon.finds("said_first", &plain(text))));
    let score = CLOSE * (close + often + first);
    let own = told.is_of_writer(best.first);
    Some(Hit { entry: 0, text, score, mask: best.mask, denied: best.denied, own })
}

/// A stretch of a sentence, by the places of its words.
struct Window {
    mask: u32,
    denied: bool,
    first: usize,
    last: usize,
}

/// A sentence, or of a long one the clause in which the word stands.
fn shown<'a>(sentence: &'a str, words: &[Word], first: usize) -> &'a str {
    if words.len() <= LONG {
        return sentence;
    }
    let place = sentence.as_ptr() as usize + words[first].start;
    let holds = |clause: &&str| {
        let start = clause.as_ptr() as usize;
        (start..start + clause.len()).contains(&place)
    };
    clauses(sentence).into_iter().find(holds).unwrap_or(sentence)
}

/// Rare things tell more, people twice.
fn weights(hits: &[Hit<'_>], items: &[Item], entries: usize) -> Vec<f32> {
    let weight = |(at, item): (usize, &Item)| {
        let holding = hits.iter().filter(|hit| hit.mask >> at & 1 == 1).map(|hit| hit.entry);
        let holding = holding.collect::<HashSet<_>>().len() as f32;
        let rarity = (1.0 + (entries as f32 + 1.0) / (holding + 0.5)).ln();
        if item.person.is_some() { 2.0 * rarity } else { rarity }
    };
    items.iter().enumerate().map(weight).collect()
}

fn mask(has: impl Iterator<Item = bool>) -> u32 {
    has.enumerate().fold(0, |mask, (at, has)| mask | u32::from(has) << at)
}
