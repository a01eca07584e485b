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

/// The words of all entries, wiped on drop.
#[derive(Default)]
pub(crate) struct Forward {
    units: Vec<u16>,
    ends: Vec<usize>,
}

impl Forward {
    /// Adds the words of the next entry.
    pub(crate) fn push(&mut self, terms: &[u32]) {
        for &term in terms {
            encode(term, &mut self.units);
        }
        self.ends.push(self.units.len());
    }

    /// Adds an entry that is encoded already.
    pub(crate) fn push_units(&mut self, units: &[u16]) {
        self.units.extend_from_slice(units);
        self.ends.push(self.units.len());
    }

    /// The units of an entry.
    pub(crate) fn units(&self, doc: u32) -> &[u16] {
        let doc = doc as usize;
        let start = if doc == 0 { 0 } else { self.ends[doc - 1] };
        &self.units[start..self.ends[doc]]
    }

    /// Bytes of memory held.
    pub(crate) fn memory(&self) -> usize {
        self.units.capacity() * 2 + self.ends.capacity() * 8
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
