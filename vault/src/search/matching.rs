//! Finds which entries have the words of a query, and how much of them.
use super::{
    forward, fuzzy,
    inverted::Inverted,
    query::{Atom, Condition, Test},
    view::View,
};

/// What a form counts for: the one typed, one of the same stem, one only begun so. In fifths, so
/// that sums are exact, and the same in whatever order the forms come.
const TYPED_WEIGHT: f32 = 5.0;
const STEM_WEIGHT: f32 = 4.0;
const PREFIX_WEIGHT: f32 = 3.0;
const WEIGHT_UNIT: f32 = 0.2;

/// The journal of an entry that names none.
const OWN_JOURNAL: &str = "journal";

/// Words of the journal that stand for a word of the query, by number, with their weight.
pub(crate) type Group = Vec<(u32, f32)>;

/// An atom of the query with the entries that have it.
pub(crate) struct Match {
    /// As typed, or what was taken for it.
    pub(crate) shown: String,
    /// For each of its words in a row.
    pub(crate) groups: Vec<Group>,
    /// Of each document, how much of it; 0 where it has none.
    pub(crate) counts: Vec<f32>,
    /// How many living documents have it.
    pub(crate) found: usize,
}

impl Match {
    pub(crate) fn new(index: &View<'_>, atom: &Atom) -> Self {
        Self::of_groups(index, atom.shown.clone(), resolve(index, atom))
    }

    /// What the atom may have meant, if it was mistyped.
    pub(crate) fn corrected(index: &View<'_>, atom: &Atom) -> Option<Self> {
        let mut groups = resolve(index, atom);
        let last = groups.len() - 1;
        for (at, group) in groups.iter_mut().enumerate().filter(|(_, group)| group.is_empty()) {
            let nearest = fuzzy::nearest(index, &atom.words[at].folded, atom.prefix && at == last);
            group.extend(nearest.iter().map(|&word| (word, TYPED_WEIGHT)));
            group.sort_unstable_by_key(|&(word, _)| word);
        }
        let shown = |group: &Group| {
            let text = |word: u32| index.dictionary.text(word);
            let words = group.iter().map(|&(word, _)| (index.frequency(word), text(word)));
            words.max().map(|(_, text)| text)
        };
        let shown: Vec<&str> = groups.iter().map(shown).collect::<Option<_>>()?;
        let shown = shown.join(" ");
        Some(Self::of_groups(index, shown, groups))
    }

    fn of_groups(index: &View<'_>, shown: String, groups: Vec<Group>) -> Self {
        let counts = match &groups[..] {
            [group] => word_counts(index, group),
            _ => phrase_counts(index, &groups),
        };
        let found = counts.iter().filter(|&&count| count > 0.0).count();
        Self { shown, groups, counts, found }
    }
}

/// The documents that are alive and meet all conditions.
pub(crate) fn allowed(index: &Inverted, conditions: &[Condition]) -> Vec<bool> {
    let documents = &index.documents;
    let mut allowed: Vec<bool> = documents.all.iter().map(|document| !document.dead).collect();
    for condition in conditions {
        let passes = tester(index, &condition.test);
        for (doc, allowed) in allowed.iter_mut().enumerate() {
            *allowed = *allowed && passes(doc) != condition.negated;
        }
    }
    allowed
}

fn tester<'a>(index: &'a Inverted, test: &'a Test) -> Box<dyn Fn(usize) -> bool + 'a> {
    let documents = &index.documents.all;
    match test {
        Test::Tag { name, beginning } => {
            let labels = index.documents.labels_named(name, *beginning);
            Box::new(move |doc| documents[doc].tags.iter().any(|tag| labels.contains(tag)))
        }
        Test::Journal { name, beginning } => {
            let labels = index.documents.labels_named(name, *beginning);
            let is_own = name == OWN_JOURNAL;
            Box::new(move |doc| {
                documents[doc].journal.map_or(is_own, |name| labels.contains(&name))
            })
        }
        Test::Mood(range) => {
            Box::new(move |doc| documents[doc].mood > 0 && range.contains(&documents[doc].mood))
        }
        Test::Starred => Box::new(move |doc| documents[doc].starred),
        Test::HasMood => Box::new(move |doc| documents[doc].mood > 0),
        Test::HasTag => Box::new(move |doc| !documents[doc].tags.is_empty()),
        Test::HasTitle => Box::new(move |doc| documents[doc].titled),
        Test::HasFile(media_type) => {
            Box::new(move |doc| index.documents.has_file(documents[doc].id, media_type))
        }
        Test::Days(ranges) => Box::new(move |doc| {
            let date = documents[doc].date;
            ranges.iter().any(|&(first, last)| first <= date && date <= last)
        }),
        Test::DayOfYear(month, day) => Box::new(move |doc| {
            let date = documents[doc].date;
            date.month() == *month && date.day() == *day
        }),
    }
}

/// The words that stand for each word of an atom.
fn resolve(index: &Inverted, atom: &Atom) -> Vec<Group> {
    let dictionary = &index.dictionary;
    let last = atom.words.len() - 1;
    let resolve_word = |(at, word): (usize, &super::query::Word)| {
        let mut group: Group =
            dictionary.get(&word.folded).map(|word| (word, TYPED_WEIGHT)).into_iter().collect();
        if !atom.exact {
            let stems = dictionary.of_stem(&word.folded, &word.lower);
            group.extend(stems.into_iter().map(|word| (word, STEM_WEIGHT)));
        }
        if atom.prefix && at == last {
            let begun = dictionary.of_prefix(&word.folded);
            group.extend(begun.into_iter().map(|word| (word, PREFIX_WEIGHT)));
        }
        // Of a word that got in twice the first, heaviest, stays: the sort is stable.
        group.sort_by_key(|&(word, _)| word);
        group.dedup_by_key(|(word, _)| *word);
        group.retain(|&(word, _)| index.is_living(word));
        group
    };
    atom.words.iter().enumerate().map(resolve_word).collect()
}

fn word_counts(index: &Inverted, group: &Group) -> Vec<f32> {
    let mut counts = vec![0.0; index.documents.all.len()];
    for &(word, weight) in group {
        index.lists[word as usize].each(|doc, count| counts[doc] += weight * count as f32);
    }
    counts.iter_mut().for_each(|count| *count *= WEIGHT_UNIT);
    clear_dead(index, &mut counts);
    counts
}

fn clear_dead(index: &Inverted, counts: &mut [f32]) {
    if index.documents.dead() > 0 {
        for (count, document) in counts.iter_mut().zip(&index.documents.all) {
            if document.dead {
                *count = 0.0;
            }
        }
    }
}

/// How often the words stand one after the other.
fn phrase_counts(index: &View<'_>, groups: &[Group]) -> Vec<f32> {
    let documents = index.documents.all.len();
    let mut have = vec![0u8; documents];
    for (at, group) in groups.iter().enumerate() {
        for &(word, _) in group {
            index.lists[word as usize].each(|doc, _| {
                have[doc] += u8::from(usize::from(have[doc]) == at);
            });
        }
    }
    let phrase = Phrase::new(groups);
    let mut counts = vec![0.0; documents];
    for doc in (0..documents).filter(|&doc| usize::from(have[doc]) == groups.len()) {
        if !index.documents.all[doc].dead {
            counts[doc] = phrase.count(&index.units(doc as u32)) as f32;
        }
    }
    counts
}

/// Words in a row, of which each but the last has one form.
struct Phrase<'a> {
    head: Vec<u16>,
    /// The last word where it has several forms.
    last: Option<&'a Group>,
}

impl<'a> Phrase<'a> {
    fn new(groups: &'a [Group]) -> Self {
        let mut head = Vec::new();
        let mut last = None;
        for group in groups {
            match group[..] {
                [(word, _)] => forward::encode(word, &mut head),
                _ => last = Some(group),
            }
        }
        Self { head, last }
    }

    fn count(&self, units: &[u16]) -> usize {
        if self.head.is_empty() || !may_hold(units, &self.head) {
            return 0;
        }
        let starts = (0..(units.len() + 1).saturating_sub(self.head.len()))
            .filter(|&at| units[at] == self.head[0] && units[at..].starts_with(&self.head));
        match self.last {
            None => starts.count(),
            Some(last) => starts.filter(|&at| has(last, &units[at + self.head.len()..])).count(),
        }
    }
}

/// Whether the first two units of `head` stand side by side. Without a branch a unit, which the
/// compiler turns into vector code: most entries that have the words don't have the phrase.
fn may_hold(units: &[u16], head: &[u16]) -> bool {
    let [first, second, ..] = head[..] else { return true };
    let pairs = units.iter().zip(units.iter().skip(1));
    pairs.fold(false, |found, (&one, &next)| found | ((one == first) & (next == second)))
}

fn has(group: &Group, units: &[u16]) -> bool {
    let next = forward::decode(units).next();
    next.is_some_and(|next| group.binary_search_by_key(&next, |&(word, _)| word).is_ok())
}
