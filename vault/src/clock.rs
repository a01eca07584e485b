//! Version vectors: which revision has seen which, without any wall clock.
use std::{cmp::Ordering, collections::BTreeMap};

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result, hex,
    packing::{self, Bytes},
    random,
};

/// Who writes: 64 bits drawn anew at each unlock, so that copies of a file never share one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(crate) struct Actor(pub(crate) [u8; 8]);

/// How many revisions of each actor a revision has seen, itself included. In the order of actors:
/// most clocks have one, and a journal keeps a clock for every revision.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "BTreeMap<Actor, u64>", from = "BTreeMap<Actor, u64>")]
pub(crate) struct Clock(Vec<(Actor, u64)>);

impl Actor {
    pub(crate) fn random() -> Result<Self> {
        Ok(Self(random::bytes()?))
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> Self {
        hex::encode(&actor.0)
    }
}

impl TryFrom<String> for Actor {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        hex::decode(&text).map(Self).ok_or_else(|| Error::damaged("a clock"))
    }
}

impl From<Clock> for BTreeMap<Actor, u64> {
    fn from(clock: Clock) -> Self {
        clock.0.into_iter().collect()
    }
}

impl From<BTreeMap<Actor, u64>> for Clock {
    fn from(counts: BTreeMap<Actor, u64>) -> Self {
        Self(counts.into_iter().collect())
    }
}

impl Clock {
    /// Takes in all that `other` has seen.
    pub(crate) fn join(&mut self, other: &Self) {
        for (actor, count) in &other.0 {
            let mine = self.count_of(*actor);
            *mine = (*mine).max(*count);
        }
    }

    /// Counts one more revision of `actor`.
    pub(crate) fn bump(&mut self, actor: Actor) {
        let count = self.count_of(actor);
        *count = count.saturating_add(1);
    }

    fn count_of(&mut self, actor: Actor) -> &mut u64 {
        let place = match self.place_of(actor) {
            Ok(place) => place,
            Err(place) => {
                self.0.reserve_exact(1);
                self.0.insert(place, (actor, 0));
                place
            }
        };
        &mut self.0[place].1
    }

    /// Where an actor is, or belongs.
    fn place_of(&self, actor: Actor) -> std::result::Result<usize, usize> {
        self.0.binary_search_by_key(&actor, |(known, _)| *known)
    }

    /// How many revisions it has seen in all.
    pub(crate) fn sum(&self) -> u128 {
        self.0.iter().map(|(_, count)| u128::from(*count)).sum()
    }

    /// Appends it for a catalogue, its actors by their places in `actors`, which grows.
    pub(crate) fn pack(&self, actors: &mut Vec<Actor>, bytes: &mut Vec<u8>) {
        packing::put(bytes, self.0.len() as u64);
        for (actor, count) in &self.0 {
            // Most revisions of a page are by the few latest.
            let place = actors.iter().rposition(|known| known == actor).unwrap_or_else(|| {
                actors.push(*actor);
                actors.len() - 1
            });
            packing::put(bytes, place as u64);
            packing::put(bytes, *count);
        }
    }

    /// Reads what [`Clock::pack`] wrote.
    pub(crate) fn unpack(actors: &[Actor], bytes: &mut Bytes<'_>) -> Option<Self> {
        let mut clock = Self::default();
        for _ in 0..bytes.count()? {
            let actor = *actors.get(bytes.count()?)?;
            *clock.count_of(actor) = bytes.number()?;
        }
        Some(clock)
    }

    fn covers(&self, other: &Self) -> bool {
        let seen = |actor| self.place_of(actor).map_or(0, |place| self.0[place].1);
        other.0.iter().all(|(actor, count)| seen(*actor) >= *count)
    }
}

/// `Less` means seen by; concurrent clocks have no order.
impl PartialOrd for Clock {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self.covers(other), other.covers(self)) {
            (true, true) => Some(Ordering::Equal),
            (true, false) => Some(Ordering::Greater),
            (false, true) => Some(Ordering::Less),
            (false, false) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bump_supersedes_and_two_bumps_apart_are_concurrent() {
        let (here, there) = (Actor([1; 8]), Actor([2; 8]));
        let mut start = Clock::default();
        start.bump(here);
        let (mut a, mut b) = (start.clone(), start.clone());
        a.bump(here);
        b.bump(there);
        assert!(start < a && start < b);
        assert!(a.partial_cmp(&b).is_none());
        b.join(&a);
        assert!(a < b && b.sum() == 3);
    }
}
