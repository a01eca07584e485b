//! What stands where: the terms of every entry in order, two bytes a word.
//!
//! Phrases and nearness are read from here, so the posting lists need no positions. Numbers from
//! [`WIDE`] up take a pair of units out of two ranges of their own, as UTF-16 does, so that a run of
//! units is found by comparing units alone.
use zeroize::Zeroize;

/// First number that takes two units.
const WIDE: u32 = 0xf000;
const HIGH: u16 = 0xf000;
const LOW: u16 = 0xf800;
/// How many numbers can be told apart: some four million distinct words.
pub(crate) const MAX_TERMS: u32 = WIDE + (1 << 22);

/// Where the words of an entry would begin whose words are not here yet.
const ABSENT: u32 = u32::MAX;

/// The words of all entries, wiped on drop.
#[derive(Default)]
pub(crate) struct Forward {
    units: Vec<u16>,
    /// Of each entry, where its units begin and end.
    spans: Vec<(u32, u32)>,
}

impl Forward {
    /// Adds the words of the next entry.
    pub(crate) fn push(&mut self, terms: &[u32]) {
        self.push_absent();
        self.fill(self.spans.len() - 1, terms);
    }

    /// Leaves room for an entry whose words come later.
    pub(crate) fn push_absent(&mut self) {
        self.spans.push((ABSENT, ABSENT));
    }

    /// Adds the words of an entry that was left out.
    pub(crate) fn fill(&mut self, doc: usize, terms: &[u32]) {
        let start = self.units.len();
        terms.iter().for_each(|&term| encode(term, &mut self.units));
        self.spans[doc] = (start as u32, self.units.len() as u32);
    }

    /// The units of an entry, if they are here.
    pub(crate) fn units(&self, doc: u32) -> Option<&[u16]> {
        let (start, end) = self.spans[doc as usize];
        (start != ABSENT).then(|| &self.units[start as usize..end as usize])
    }

    /// Takes the units of the next entry over from others.
    pub(crate) fn push_from(&mut self, other: &Self, doc: u32) {
        self.push_absent();
        if let Some(units) = other.units(doc) {
            let start = self.units.len();
            self.units.extend_from_slice(units);
            let last = self.spans.len() - 1;
            self.spans[last] = (start as u32, self.units.len() as u32);
        }
    }

    /// Bytes of memory held.
    pub(crate) fn memory(&self) -> usize {
        self.units.capacity() * 2 + self.spans.capacity() * 8
    }
}

impl Drop for Forward {
    fn drop(&mut self) {
        self.units.zeroize();
    }
}

/// Appends the units of a term.
pub(crate) fn encode(term: u32, units: &mut Vec<u16>) {
    if term < WIDE {
        units.push(term as u16);
    } else {
        let wide = term - WIDE;
        units.push(HIGH | (wide >> 11) as u16);
        units.push(LOW | (wide & 0x7ff) as u16);
    }
}

/// The terms that units stand for.
pub(crate) fn decode(units: &[u16]) -> impl Iterator<Item = u32> + '_ {
    let mut units = units.iter();
    std::iter::from_fn(move || {
        let first = *units.next()?;
        if first < HIGH {
            return Some(u32::from(first));
        }
        let second = *units.next()?;
        Some(WIDE + (u32::from(first & 0x7ff) << 11 | u32::from(second & 0x7ff)))
    })
}
