//! Words that a month has far more often than the rest of the journal.
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashSet},
};

use jiff::civil::Date;

use super::{
    scan::Scan,
    vocabulary::{Form, Vocabulary},
};

/// Most words of a month.
const SHOWN: usize = 6;
/// A word in fewer entries of a month is no theme of it.
const LEAST: usize = 3;
/// A log-likelihood that chance exceeds once in a thousand times.
const UNLIKELY: f64 = 10.83;
/// What is in one of so many entries is a habit of speech.
const COMMON: usize = 5;

/// A word of a month, with the entries that have it, by their places.
pub(super) struct Theme {
    pub(super) word: String,
    pub(super) entries: Vec<usize>,
}

/// A word of an entry: its stem, its form, the entry by its place.
type Said = (Form, Form, usize);

/// The themes of each month, newest first; months without any are left out. `names` are no themes.
pub(super) fn themes(
    scans: &[&Scan],
    words: &mut Vocabulary,
    names: &HashSet<Form>,
) -> Vec<(Date, Vec<Theme>)> {
    let mut months: BTreeMap<Date, (usize, Vec<Said>)> = BTreeMap::new();
    for (at, scan) in scans.iter().enumerate() {
        let (entries, said) = months.entry(scan.date.first_of_month()).or_default();
        *entries += 1;
        for counted in &scan.words {
            if words.tells(counted.form, scan.language) && !names.contains(&counted.form) {
                said.push((words.stem(counted.form, scan.language), counted.form, at));
            }
        }
    }
    let mut whole = vec![0; words.len()];
    for (_, said) in months.values_mut() {
        said.sort_unstable_by_key(|(stem, form, at)| (*stem, *at, *form));
        of_stems(said).for_each(|said| whole[said[0].0 as usize] += entries_of(said).count());
    }
    let told = months.into_iter().rev();
    let told = told.map(|(first, (entries, said))| {
        (first, standing_out(&said, entries, &whole, scans.len(), words))
    });
    told.filter(|(_, themes)| !themes.is_empty()).collect()
}

/// What is said, one stem after the other.
fn of_stems(said: &[Said]) -> impl Iterator<Item = &[Said]> {
    said.chunk_by(|a, b| a.0 == b.0)
}

/// The entries of one stem, each once.
fn entries_of(said: &[Said]) -> impl Iterator<Item = usize> {
    said.chunk_by(|a, b| a.2 == b.2).filter_map(|of| Some(of.first()?.2))
}

fn standing_out(
    said: &[Said],
    entries: usize,
    whole: &[usize],
    all: usize,
    words: &Vocabulary,
) -> Vec<Theme> {
    let likelihood = |said| {
        let inside = entries_of(said).count();
        let everywhere = whole[said[0].0 as usize];
        let (outside, others) = (everywhere.saturating_sub(inside), all.saturating_sub(entries));
        let by = log_likelihood(inside, entries, outside, others);
        let is_theme = inside >= LEAST && by >= UNLIKELY && outside * COMMON < others;
        is_theme.then_some((by, said))
    };
    let mut themes: Vec<(f64, &[Said])> = of_stems(said).filter_map(likelihood).collect();
    themes.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1[0].cmp(&b.1[0])));
    themes.truncate(SHOWN);
    themes.into_iter().map(|(_, said)| theme(said, words)).collect()
}

/// Under the form that is there most often.
fn theme(said: &[Said], words: &Vocabulary) -> Theme {
    let mut forms: Vec<Form> = said.iter().map(|(_, form, _)| *form).collect();
    forms.sort_unstable();
    let most = forms.chunk_by(|a, b| a == b).min_by_key(|form| (Reverse(form.len()), form[0]));
    let word = most.map(|form| words.lower(form[0]).to_owned()).unwrap_or_default();
    Theme { word, entries: entries_of(said).collect() }
}

/// How far from chance it is that `inside` of `entries` have a word, when `outside` of `others` do;
/// 0 where it is not more often (Dunning's G², of the entries that have it).
fn log_likelihood(inside: usize, entries: usize, outside: usize, others: usize) -> f64 {
    let [a, n, b, m] = [inside, entries, outside, others].map(|count| count as f64);
    if others == 0 || a * m <= b * n {
        return 0.0;
    }
    let share = (a + b) / (n + m);
    let term = |seen: f64, of: f64, share: f64| match seen > 0.0 {
        true => seen * (seen / (of * share)).ln(),
        false => 0.0,
    };
    let with = term(a, n, share) + term(b, m, share);
    let without = term(n - a, n, 1.0 - share) + term(m - b, m, 1.0 - share);
    2.0 * (with + without)
}
