//! Chooses the entries that match a query and puts the best of them in order.
//!
//! Entries are weighed by BM25, over words that count for more in the title and the tags. The best
//! [`RERANKED`] of them are then weighed again by how near to each other the words stand. Newer
//! entries win where little else tells them apart.
use super::{
    forward,
    inverted::Inverted,
    matching::{self, Match},
    query::Plan,
    view::View,
};

/// BM25: how soon more of a word counts for little, and how much length matters.
const K1: f32 = 1.2;
const B: f32 = 0.6;
/// How many of the best are weighed by nearness.
const RERANKED: usize = 200;
/// What words side by side add to a score, as a share of it.
const NEARNESS: f32 = 0.5;
/// How near to each other words stand that are meant together: three words within fifteen. In ten
/// years of a diary, entries with all words of a question by accident came to 0.14 at most, and values
/// from 0.1 to 0.5 do alike.
const TOGETHER: f32 = 0.2;
/// What the newest entry gets over the oldest.
const RECENCY: f32 = 0.05;

/// What a search found.
pub(crate) struct Found {
    /// How many entries match in all.
    pub(crate) total: usize,
    /// The best, best first.
    pub(crate) best: Vec<Ranked>,
    /// The words looked for, those that must not be there left out.
    pub(crate) atoms: Vec<Match>,
    /// Of each document, whether it meets the conditions and has no unwanted word.
    pub(crate) allowed: Vec<bool>,
    /// What the score of an entry comes to that has all words, and no others.
    pub(crate) ceiling: f32,
    /// Whether the best have all that was asked for, not only some of it.
    pub(crate) complete: bool,
}

/// A found entry.
#[derive(Clone, Copy)]
pub(crate) struct Ranked {
    pub(crate) doc: u32,
    pub(crate) score: f32,
    /// It has all that was asked for, and near to each other: hardly by accident.
    pub(crate) together: bool,
}

impl Found {
    /// The atoms a document has, a bit each.
    pub(crate) fn atoms_of(&self, doc: u32) -> u32 {
        atoms_of(&self.atoms, doc)
    }
}

/// Carries a plan out; `best` has up to `limit` entries.
pub(crate) fn find(view: &View<'_>, plan: &Plan, limit: usize) -> Found {
    let index: &Inverted = view;
    let mut allowed = matching::allowed(index, &plan.conditions);
    for atom in plan.clauses.iter().filter(|clause| clause.negated).flat_map(|c| &c.atoms) {
        let unwanted = Match::new(view, atom);
        for (allowed, count) in allowed.iter_mut().zip(unwanted.counts) {
            *allowed = *allowed && count == 0.0;
        }
    }
    let wanted: Vec<_> = plan.clauses.iter().filter(|clause| !clause.negated).collect();
    let mut atoms = Vec::new();
    let mut clauses = Vec::new();
    for clause in &wanted {
        let start = atoms.len();
        atoms.extend(clause.atoms.iter().map(|atom| Match::new(view, atom)));
        clauses.push(start..atoms.len());
    }
    let mut search = Search { index, allowed, atoms, clauses, limit };
    if search.clauses.is_empty() {
        return search.newest();
    }
    let mut chosen = search.choose(search.clauses.len());
    let mut complete = true;
    if chosen.total == 0 && search.correct(view, wanted.iter().flat_map(|clause| &clause.atoms)) {
        chosen = search.choose(search.clauses.len());
    }
    if chosen.total == 0
        && let Some(pairs) = plan.in_pairs()
    {
        return find(view, &pairs, limit);
    }
    if chosen.total == 0 && search.clauses.len() > 1 {
        chosen = search.choose(1);
        complete = false;
    }
    search.finish(view, chosen, complete)
}

struct Search<'a> {
    index: &'a Inverted,
    allowed: Vec<bool>,
    atoms: Vec<Match>,
    /// The atoms of each clause.
    clauses: Vec<std::ops::Range<usize>>,
    limit: usize,
}

impl<'a> Search<'a> {
    /// All that is allowed, newest first.
    fn newest(self) -> Found {
        let mut top = Top::new(self.index, self.limit);
        for doc in (0..self.allowed.len()).filter(|&doc| self.allowed[doc]) {
            top.push(Ranked { doc: doc as u32, score: 0.0, together: false });
        }
        let total = top.total;
        let best = top.into_sorted();
        let (atoms, allowed) = (self.atoms, self.allowed);
        Found { total, best, atoms, allowed, ceiling: 0.0, complete: true }
    }

    /// The best of the entries that meet at least `least` clauses.
    fn choose(&self, least: usize) -> Top<'a> {
        let mut top = Top::new(self.index, self.limit.max(RERANKED));
        let together = self.clauses.len() == 1;
        let scorer = Scorer::new(self);
        for doc in (0..self.allowed.len()).filter(|&doc| self.allowed[doc]) {
            let mut met = 0;
            let mut score = 0.0;
            for clause in &self.clauses {
                let value = scorer.clause(clause, doc);
                met += usize::from(value > 0.0);
                score += value;
            }
            if met >= least {
                let coverage = met as f32 / self.clauses.len() as f32;
                let score = score * coverage * coverage + scorer.recency(doc);
                top.push(Ranked { doc: doc as u32, score, together });
            }
        }
        top
    }

    /// Puts near words in the place of atoms no entry has; whether there were any.
    fn correct<'q>(
        &mut self,
        view: &View<'_>,
        typed: impl Iterator<Item = &'q super::query::Atom>,
    ) -> bool {
        let mut corrected = false;
        for (atom, typed) in self.atoms.iter_mut().zip(typed).filter(|(atom, _)| atom.found == 0) {
            if let Some(nearest) = Match::corrected(view, typed) {
                *atom = nearest;
                corrected = true;
            }
        }
        corrected
    }

    fn finish(self, view: &View<'_>, chosen: Top<'_>, complete: bool) -> Found {
        let total = chosen.total;
        let index = self.index;
        let mut best = chosen.into_sorted();
        let ceiling = Scorer::new(&self).ceiling();
        if self.atoms.len() > 1 {
            let marks = marks(index, &self.atoms);
            for ranked in best.iter_mut().take(RERANKED) {
                let wanted = atoms_of(&self.atoms, ranked.doc);
                let nearness = nearness(view, ranked.doc, wanted, &marks);
                ranked.score *= 1.0 + NEARNESS * nearness;
                ranked.together |= complete && nearness >= TOGETHER;
            }
            best.sort_by(|a, b| order(index, a, b));
        }
        best.truncate(self.limit);
        let (atoms, allowed) = (self.atoms, self.allowed);
        Found { total, best, atoms, allowed, ceiling, complete }
    }
}

/// BM25 over the clauses of a search.
struct Scorer<'a> {
    search: &'a Search<'a>,
    /// Of each atom.
    rarity: Vec<f32>,
    per_word: f32,
    oldest: i64,
    age: f32,
}

impl<'a> Scorer<'a> {
    fn new(search: &'a Search<'a>) -> Self {
        let documents = &search.index.documents;
        let count = documents.living().max(1) as f32;
        let rarity = |atom: &Match| {
            let found = atom.found as f32;
            (1.0 + (count - found + 0.5) / (found + 0.5)).ln()
        };
        let living = documents.all.iter().zip(&documents.weights).filter(|(one, _)| !one.dead);
        let moments = living.map(|(_, weights)| weights.when);
        let (oldest, newest) = moments.fold((i64::MAX, i64::MIN), |(oldest, newest), when| {
            (oldest.min(when), newest.max(when))
        });
        Self {
            search,
            rarity: search.atoms.iter().map(rarity).collect(),
            per_word: B * count / documents.words.max(1) as f32,
            oldest,
            age: newest.saturating_sub(oldest).max(1) as f32,
        }
    }

    /// The score of the best atom of a clause; 0 if the document has none of them.
    fn clause(&self, atoms: &std::ops::Range<usize>, doc: usize) -> f32 {
        let mut best = 0.0_f32;
        for at in atoms.clone() {
            let count = self.search.atoms[at].counts[doc];
            if count > 0.0 {
                let words = self.search.index.documents.weights[doc].words as f32;
                let length = 1.0 - B + self.per_word * words;
                best = best.max(self.rarity[at] * count * (K1 + 1.0) / (count + K1 * length));
            }
        }
        best
    }

    fn ceiling(&self) -> f32 {
        let rarest = |atoms: &std::ops::Range<usize>| {
            self.rarity[atoms.clone()].iter().copied().fold(0.0, f32::max)
        };
        self.search.clauses.iter().map(rarest).sum::<f32>() * (K1 + 1.0)
    }

    fn recency(&self, doc: usize) -> f32 {
        RECENCY * (self.search.index.documents.weights[doc].when - self.oldest) as f32 / self.age
    }
}

/// The best so far.
struct Top<'a> {
    index: &'a Inverted,
    keep: usize,
    kept: Vec<Ranked>,
    /// Below it nothing can get in.
    least: f32,
    /// How many were offered.
    total: usize,
}

impl<'a> Top<'a> {
    fn new(index: &'a Inverted, keep: usize) -> Self {
        Self { index, keep: keep.max(1), kept: Vec::new(), least: f32::MIN, total: 0 }
    }

    fn push(&mut self, ranked: Ranked) {
        self.total += 1;
        if ranked.score < self.least {
            return;
        }
        self.kept.push(ranked);
        if self.kept.len() >= self.keep.saturating_mul(2) {
            let index = self.index;
            self.kept.select_nth_unstable_by(self.keep - 1, |a, b| order(index, a, b));
            self.kept.truncate(self.keep);
            self.least = self.kept[self.keep - 1].score;
        }
    }

    fn into_sorted(mut self) -> Vec<Ranked> {
        let index = self.index;
        self.kept.sort_by(|a, b| order(index, a, b));
        self.kept.truncate(self.keep);
        self.kept
    }
}

/// Best first, then newest, then by id: the same at every run.
fn order(index: &Inverted, a: &Ranked, b: &Ranked) -> std::cmp::Ordering {
    let when = |ranked: &Ranked| index.documents.weights[ranked.doc as usize].when;
    let id = |ranked: &Ranked| index.documents.get(ranked.doc).id;
    b.score.total_cmp(&a.score).then_with(|| when(b).cmp(&when(a))).then_with(|| id(a).cmp(&id(b)))
}

fn atoms_of(atoms: &[Match], doc: u32) -> u32 {
    let has = |(at, atom): (usize, &Match)| u32::from(atom.counts[doc as usize] > 0.0) << at;
    atoms.iter().enumerate().map(has).sum()
}

/// Of each word of the journal, the atoms it begins, a bit each.
pub(crate) fn marks(index: &Inverted, atoms: &[Match]) -> Vec<u32> {
    let mut marks = vec![0; index.dictionary.len()];
    for (at, atom) in atoms.iter().enumerate() {
        for &(word, _) in &atom.groups[0] {
            marks[word as usize] |= 1 << at;
        }
    }
    marks
}

/// From 0 to 1: how near to each other the wanted words stand where they stand nearest.
fn nearness(view: &View<'_>, doc: u32, wanted: u32, marks: &[u32]) -> f32 {
    let needed = wanted.count_ones() as usize;
    if needed < 2 {
        return 0.0;
    }
    // Of each atom, one past the place where it was last seen.
    let mut seen = [0usize; 32];
    let mut least = usize::MAX;
    for (place, word) in forward::decode(&view.units(doc)).enumerate() {
        let mut here = marks[word as usize] & wanted;
        if here == 0 {
            continue;
        }
        while here != 0 {
            seen[here.trailing_zeros() as usize] = place + 1;
            here &= here - 1;
        }
        let oldest = (0..32).filter(|at| wanted >> at & 1 == 1).map(|at| seen[at]).min();
        if let Some(oldest) = oldest.filter(|&oldest| oldest > 0) {
            least = least.min(place + 2 - oldest);
        }
    }
    if least == usize::MAX { 0.0 } else { (needed as f32 / least.max(needed) as f32).min(1.0) }
}
