//! Which of the person's own sentences carry their entries; the same text always gives the same choice.
use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    language::Lexicon,
    piece::quotable,
    support::Own,
    words::{Class, Word, words},
};

/// A sentence with how much it carries.
pub struct Scored<'a> {
    /// The sentence.
    pub own: Own<'a>,
    /// Higher carries more; comparable within one call.
    pub score: f32,
    stems: HashSet<String>,
    /// It speaks of something that only the sentence before it names.
    leans: bool,
    /// It speaks so of somebody.
    leans_on_person: bool,
    /// Somebody is named in it.
    names: bool,
}

/// How much a sentence like one already chosen is worth less, 0 to 1.
const REDUNDANCY: f32 = 0.8;
/// Most words of a sentence that is taken along for the one after it.
const COMPANION: usize = 28;

/// Scores every sentence of `texts`, which are in order of date.
#[must_use]
pub fn scored<'a>(texts: &[&'a str], lexicon: &Lexicon) -> Vec<Scored<'a>> {
    let entries: Vec<Vec<Own<'a>>> = texts
        .iter()
        .enumerate()
        .map(|(entry, text)| {
            quotable(text, lexicon)
                .into_iter()
                .map(|text| Own { entry, text, words: words(text, lexicon) })
                .collect()
        })
        .collect();
    scored_again(entries, lexicon)
}

/// Scores sentences against each other, part by part.
#[must_use]
pub fn scored_again<'a>(parts: Vec<Vec<Own<'a>>>, lexicon: &Lexicon) -> Vec<Scored<'a>> {
    let weights = Weights::new(&parts);
    parts.into_iter().flat_map(|owns| score_entry(owns, &weights, lexicon)).collect()
}

/// The best `count` that say different things, at least one of every part, as indices in their order.
#[must_use]
pub fn choose_from_parts(
    sentences: &[Scored<'_>],
    part_of: &dyn Fn(usize) -> usize,
    count: usize,
) -> Vec<usize> {
    let mut best: BTreeMap<usize, usize> = BTreeMap::new();
    for at in 0..sentences.len() {
        let best = best.entry(part_of(at)).or_insert(at);
        if sentences[at].score > sentences[*best].score {
            *best = at;
        }
    }
    let firsts: HashSet<usize> = best.into_values().collect();
    let others: Vec<usize> = (0..sentences.len()).filter(|at| !firsts.contains(at)).collect();
    let free: Vec<&Scored<'_>> = others.iter().map(|at| &sentences[*at]).collect();
    let more = choose(&free, count.saturating_sub(firsts.len()));
    let mut chosen: Vec<usize> = firsts.into_iter().collect();
    chosen.extend(more.into_iter().map(|at| others[at]));
    chosen.sort_unstable();
    stand_alone(&sentences.iter().collect::<Vec<_>>(), chosen, count)
}

/// The best `count` of `sentences` that say different things, as indices in their order.
#[must_use]
pub fn choose(sentences: &[&Scored<'_>], count: usize) -> Vec<usize> {
    let mut worth: Vec<f32> = sentences.iter().map(|s| s.score).collect();
    let mut alike = vec![0.0_f32; sentences.len()];
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < count {
        let free = (0..sentences.len()).filter(|at| worth[*at] > f32::NEG_INFINITY);
        let value = |at: usize| worth[at] - REDUNDANCY * alike[at];
        let Some(best) = free.max_by(|&a, &b| value(a).total_cmp(&value(b)).then(b.cmp(&a))) else {
            break;
        };
        if value(best) <= 0.0 && !chosen.is_empty() {
            break;
        }
        worth[best] = f32::NEG_INFINITY;
        for (alike, sentence) in alike.iter_mut().zip(sentences) {
            *alike = alike.max(likeness(&sentence.stems, &sentences[best].stems));
        }
        chosen.push(best);
    }
    chosen.sort_unstable();
    stand_alone(sentences, chosen, count)
}

/// Takes the sentence before one that leans on it along, or leaves that out; about `count` remain.
fn stand_alone(sentences: &[&Scored<'_>], chosen: Vec<usize>, count: usize) -> Vec<usize> {
    let mut kept = chosen.clone();
    let mut needed: HashSet<usize> = HashSet::new();
    for at in chosen.into_iter().filter(|at| sentences[*at].leans) {
        let before = at.checked_sub(1).filter(|before| {
            let before = sentences[*before];
            before.own.entry == sentences[at].own.entry
                && (kept.contains(&(at - 1)) || !before.leans)
                && (before.names || !sentences[at].leans_on_person)
                && before.own.words.len() <= COMPANION
        });
        match before {
            Some(before) => {
                needed.extend([before, at]);
                kept.push(before);
            }
            None if kept.len() > 1 => kept.retain(|other| *other != at),
            None => {}
        }
    }
    kept.sort_unstable();
    kept.dedup();
    while kept.len() > count + 1 {
        let free = kept.iter().copied().filter(|at| !needed.contains(at));
        let least = free.min_by(|a, b| sentences[*a].score.total_cmp(&sentences[*b].score));
        let Some(least) = least else { break };
        kept.retain(|at| *at != least);
    }
    kept
}

/// The `count` that carry most, in their order, whether or not they say the same.
#[must_use]
pub fn strongest<'s, 't>(sentences: &[&'s Scored<'t>], count: usize) -> Vec<&'s Scored<'t>> {
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    order.sort_by(|&a, &b| sentences[b].score.total_cmp(&sentences[a].score).then(a.cmp(&b)));
    order.truncate(count);
    order.sort_unstable();
    order.into_iter().map(|at| sentences[at]).collect()
}

/// Shared stems over all stems, 0 to 1.
fn likeness(a: &HashSet<String>, b: &HashSet<String>) -> f32 {
    let shared = a.intersection(b).count() as f32;
    shared / (a.len().min(b.len()) as f32).max(1.0)
}

/// How telling a stem is within the span.
struct Weights {
    entries: f32,
    holding: HashMap<String, f32>,
}

impl Weights {
    fn new(entries: &[Vec<Own<'_>>]) -> Self {
        let mut holding: HashMap<String, f32> = HashMap::new();
        for owns in entries {
            let stems: HashSet<&str> =
                owns.iter().flat_map(|o| &o.words).map(|w| w.stem.as_str()).collect();
            for stem in stems {
                *holding.entry(stem.to_owned()).or_default() += 1.0;
            }
        }
        Self { entries: entries.len() as f32, holding }
    }

    fn of(&self, stem: &str) -> f32 {
        (1.0 + self.entries / self.holding.get(stem).copied().unwrap_or(1.0)).ln()
    }
}

fn score_entry<'a>(owns: Vec<Own<'a>>, weights: &Weights, lexicon: &Lexicon) -> Vec<Scored<'a>> {
    let mut counts: HashMap<String, f32> = HashMap::new();
    for word in owns.iter().flat_map(|o| &o.words).filter(|w| w.carries()) {
        *counts.entry(word.stem.clone()).or_default() += 1.0;
    }
    let last = owns.len().saturating_sub(1);
    let content: Vec<f32> = owns.iter().map(|o| content(o, &counts, weights, lexicon)).collect();
    let most = content.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    owns.into_iter()
        .enumerate()
        .map(|(at, own)| {
            let ends = match at {
                0 => 0.45,
                _ if at == last => 0.15,
                _ => 0.0,
            };
            let score = content[at] / most + ends + manner(&own, lexicon);
            let stems = own.words.iter().filter(|w| w.carries()).map(|w| w.stem.clone()).collect();
            let leans = leans(&own, lexicon);
            let leans_on_person = leans && leans_on_person(&own, lexicon);
            let names = names_somebody(&own, lexicon);
            Scored { own, score, stems, leans, leans_on_person, names }
        })
        .collect()
}

/// TF-IDF of the distinct stems, damped by length.
fn content(
    own: &Own<'_>,
    counts: &HashMap<String, f32>,
    weights: &Weights,
    lexicon: &Lexicon,
) -> f32 {
    let mut seen = HashSet::new();
    let sum: f32 = own
        .words
        .iter()
        .filter(|w| {
            w.carries() && !lexicon.has("vague", &w.lower) && !lexicon.has("routine", &w.lower)
        })
        .filter(|w| seen.insert(w.stem.as_str()))
        .map(|w| weights.of(&w.stem) * (1.0 + counts.get(&w.stem).copied().unwrap_or(1.0).ln()))
        .sum();
    sum / (own.words.len() as f32 + 6.0).powf(0.6)
}

/// What the way a sentence is written adds: feelings, turns and people; not routine, not fragments.
fn manner(own: &Own<'_>, lexicon: &Lexicon) -> f32 {
    let count =
        |list| own.words.iter().filter(|w| lexicon.has(list, &w.lower)).count().min(2) as f32;
    let own_person = own.words.iter().any(|w| lexicon.has("first", &w.lower));
    let names =
        own.words.iter().filter(|w| w.class == Class::Name || lexicon.has("kin", &w.lower)).count();
    let carrying = own.words.iter().filter(|w| w.carries()).count();
    let mut score = 0.45 * count("turning") + 0.2 * (names.min(2) as f32) - 0.15 * count("routine");
    score += if own_person { 0.45 * count("feeling") + 0.1 } else { 0.2 * count("feeling") };
    score -= match carrying {
        0..=1 => 2.0,
        2..=3 => 0.15,
        _ => 0.0,
    };
    score -= (own.words.len().saturating_sub(28) as f32) * 0.04;
    if leans(own, lexicon) {
        score -= 0.5;
    }
    let plain = own.words.iter().map(|w| w.lower.as_str()).collect::<Vec<_>>().join(" ");
    let is_open =
        ["plan", "open", "regret", "unsure"].iter().any(|list| lexicon.finds(list, &plain));
    score += if is_open { 0.4 } else { 0.0 };
    score -= if names == 0 { 0.3 * count("weather") } else { 0.0 };
    let mine = own
        .words
        .first()
        .is_some_and(|w| lexicon.has("first", &w.lower) || lexicon.has("starts", &w.lower));
    if own.text.starts_with(char::is_lowercase) && !mine {
        score -= 0.5;
    }
    if own.text.matches('“').count() != own.text.matches('”').count() {
        score -= 1.0;
    }
    if own.text.ends_with('?') { score - 0.3 } else { score }
}

/// Whether it begins with what stands for something else: "He", "That", "So did she".
fn leans(own: &Own<'_>, lexicon: &Lexicon) -> bool {
    opening(own, lexicon).is_some_and(|first| lexicon.has("opening_pronoun", first))
}

/// Whether that is somebody: "He", "her".
fn leans_on_person(own: &Own<'_>, lexicon: &Lexicon) -> bool {
    opening(own, lexicon).is_some_and(|first| lexicon.has("somebody", first))
}

/// The first word that says anything.
fn opening<'o>(own: &'o Own<'_>, lexicon: &Lexicon) -> Option<&'o str> {
    let mut words = own.words.iter().map(|word| word.lower.as_str());
    words.find(|word| !lexicon.has("opening_link", word))
}

fn names_somebody(own: &Own<'_>, lexicon: &Lexicon) -> bool {
    let is_one = |w: &Word| {
        w.class == Class::Name
            || ["kin", "person", "given"].iter().any(|it| lexicon.has(it, &w.lower))
    };
    own.words.iter().any(is_one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reflection::language::Language;

    #[test]
    fn what_carries_the_day_is_chosen_before_routine() {
        let text = "Got up at seven and had breakfast. The weather was as usual. I decided to leave the firm, and I am afraid \
            to tell Marta. Lunch was soup. Then I went to bed.";
        let sentences = scored(&[text], Language::English.lexicon());
        let chosen = choose(&sentences.iter().collect::<Vec<_>>(), 1);
        assert!(sentences[chosen[0]].own.text.starts_with("I decided"));
    }

    #[test]
    fn the_same_is_not_chosen_twice() {
        let texts = [
            "I am worried about the exam in physics.",
            "Worried about the exam in physics, I am.",
            "Jo married Lena in Bath.",
        ];
        let sentences = scored(&texts, Language::English.lexicon());
        let chosen = choose(&sentences.iter().collect::<Vec<_>>(), 2);
        assert_eq!(chosen.len(), 2);
        assert!(chosen.contains(&2));
    }

    #[test]
    fn what_a_sentence_leans_on_comes_along() {
        let text = "Oscar failed the exam. It rained on the way. He cried and threw his ball against the garage.";
        let sentences = scored(&[text], Language::English.lexicon());
        let sentences: Vec<_> = sentences.iter().collect();
        assert!(sentences[2].leans && !sentences[0].leans);
        assert_eq!(
            stand_alone(&sentences, vec![0, 2], 2),
            [0],
            "the one before says nothing of him"
        );
        let nobody =
            "Twenty-two years of it. They gave me a cake and he made a speech in the kitchen.";
        let sentences = scored(&[nobody], Language::English.lexicon());
        let sentences: Vec<_> = sentences.iter().collect();
        assert!(!stand_alone(&sentences, vec![0, 1], 2).contains(&1), "nobody is named before");
        let near = "It rained on the way. Oscar failed the exam. He cried and threw his ball.";
        let sentences = scored(&[near], Language::English.lexicon());
        let sentences: Vec<_> = sentences.iter().collect();
        assert_eq!(stand_alone(&sentences, vec![2], 1), [1, 2]);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert!(scored(&["", "\n"], Language::English.lexicon()).is_empty());
        assert!(choose(&[], 3).is_empty());
    }
}
