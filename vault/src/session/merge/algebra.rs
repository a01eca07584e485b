//! The laws of merging over thousands of random histories, in memory, where a case costs nothing.
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::Plan;
use crate::{
    clock::{Actor, Clock},
    ledger::Stored,
    revision::{Lineage, Page, Revision, State},
};

/// Copies of one vault, each with an actor of its own.
const COPIES: usize = 4;
const ENTRIES: u8 = 3;

type Copy = BTreeMap<u8, Lineage>;

/// What a person or a merge does: which copy, which entry or other copy, and what.
type Action = (usize, u8, u8);

/// Every copy, and every revision ever written with the state it gave its entry.
struct World {
    copies: Vec<Copy>,
    actors: Vec<Actor>,
    written: Vec<(u8, Revision)>,
}

impl World {
    fn new() -> Self {
        let actors = (0..COPIES).map(|_| Actor::random().unwrap()).collect();
        Self { copies: vec![Copy::new(); COPIES], actors, written: Vec::new() }
    }

    fn act(&mut self, (copy, which, what): Action) {
        match what {
            0..=4 => self.write(copy, which % ENTRIES, State::Living),
            5..=6 => self.write(copy, which % ENTRIES, State::Deleted),
            7 => self.purge(copy, which % ENTRIES),
            _ => {
                let other = self.copies[usize::from(which) % COPIES].clone();
                merge(&mut self.copies[copy], &other);
            }
        }
    }

    /// One more revision, which has seen all that this copy knows of the entry.
    fn write(&mut self, copy: usize, entry: u8, state: State) {
        let lineage = self.copies[copy].entry(entry).or_default();
        let mut clock = lineage.clock();
        clock.bump(self.actors[copy]);
        let revision = revision(self.written.len(), clock, state);
        lineage.add(revision.clone());
        self.written.push((entry, revision));
    }

    fn purge(&mut self, copy: usize, entry: u8) {
        self.write(copy, entry, State::Purged);
        let lineage = self.copies[copy].get_mut(&entry).unwrap();
        let gone = lineage.purged();
        lineage.remove_all(&gone);
    }

    /// Revisions of an entry that no purge ever written has seen.
    fn never_purged(&self, entry: u8) -> BTreeSet<[u8; 16]> {
        let of_it = || self.written.iter().filter(|(of, _)| *of == entry).map(|(_, one)| one);
        let purges: Vec<_> = of_it().filter(|one| one.state == State::Purged).collect();
        let kept = of_it().filter(|one| !purges.iter().any(|purge| one.clock < purge.clock));
        kept.map(|one| one.stored.id).collect()
    }
}

fn revision(number: usize, clock: Clock, state: State) -> Revision {
    let mut id = [0; 16];
    // Scrambled, so that the order of writing says nothing.
    id[..8].copy_from_slice(&(number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    let stored = Stored { row: number as i64, id, tag: id };
    Revision { stored, clock, written: jiff::civil::DateTime::ZERO, state, page: Page::NONE }
}

/// What [`crate::Session::merge`] plans, carried out.
fn merge(ours: &mut Copy, theirs: &Copy) {
    for (entry, theirs) in theirs {
        let mut plan = Plan::default();
        plan.unite(ours.get(entry), theirs, Lineage::purged);
        let gone = plan.delete.iter().map(|stored| stored.id).collect();
        let taken: Vec<_> = plan.take.into_iter().cloned().collect();
        let lineage = ours.entry(*entry).or_default();
        lineage.remove_all(&gone);
        lineage.0.extend(taken);
    }
}

fn merged(copies: &[Copy], order: &[usize]) -> Copy {
    let mut all = copies[order[0]].clone();
    order[1..].iter().for_each(|other| merge(&mut all, &copies[*other]));
    all
}

/// What there is of each entry, and what shows: everything that a person could tell apart.
fn seen(copy: &Copy) -> BTreeMap<u8, (BTreeSet<[u8; 16]>, Vec<[u8; 16]>)> {
    let of = |lineage: &Lineage| {
        let all = lineage.0.iter().map(|one| one.stored.id).collect();
        (all, lineage.standing().iter().map(|one| one.stored.id).collect())
    };
    let entries = copy.iter().filter(|(_, lineage)| !lineage.0.is_empty());
    entries.map(|(entry, lineage)| (*entry, of(lineage))).collect()
}

fn actions() -> impl Strategy<Value = Vec<Action>> {
    prop::collection::vec((0..COPIES, any::<u8>(), 0u8..11), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]
    #[test]
    fn in_whatever_order_copies_meet_the_same_stands(
        actions in actions(),
        order in Just([0, 1, 2, 3]).prop_shuffle(),
        again in 0..COPIES,
    ) {
        let mut world = World::new();
        actions.into_iter().for_each(|action| world.act(action));
        let copies = &world.copies;
        let expected = merged(copies, &[0, 1, 2, 3]);
        prop_assert!(seen(&merged(copies, &order)) == seen(&expected), "commutative");
        let twice = merged(copies, &[&order[..], &[again, order[0]]].concat());
        prop_assert!(seen(&twice) == seen(&expected), "idempotent");
        let mut pairs = merged(copies, &order[..2]);
        merge(&mut pairs, &merged(copies, &order[2..]));
        prop_assert!(seen(&pairs) == seen(&expected), "associative");
    }

    #[test]
    fn a_merge_loses_nothing_but_what_a_purge_has_seen(actions in actions()) {
        let mut world = World::new();
        actions.into_iter().for_each(|action| world.act(action));
        let all = merged(&world.copies, &[0, 1, 2, 3]);
        for entry in 0..ENTRIES {
            let none = Lineage::default();
            let found = all.get(&entry).unwrap_or(&none);
            let found = found.0.iter().map(|one| one.stored.id).collect();
            prop_assert_eq!(world.never_purged(entry), found);
        }
    }

    #[test]
    fn an_edit_that_a_deletion_or_another_edit_has_not_seen_stands(
        actions in actions(),
        there in 5u8..8,
    ) {
        let mut world = World::new();
        actions.into_iter().for_each(|action| world.act(action));
        let before = world.written.len();
        world.write(0, 0, State::Living);
        match there {
            5 => world.write(1, 0, State::Living),
            6 => world.write(1, 0, State::Deleted),
            _ => world.purge(1, 0),
        }
        let [(_, here), (_, elsewhere)] = &world.written[before..] else { panic!("two") };
        let [here, elsewhere] = [here.stored.id, elsewhere.stored.id];
        let both = merged(&world.copies, &[1, 0]);
        let standing: Vec<_> = both[&0].standing().iter().map(|one| one.stored.id).collect();
        prop_assert!(standing.contains(&here), "the edit here");
        prop_assert_eq!(standing.contains(&elsewhere), there == 5, "the edit there");
    }
}
