//! Strings with numbers: each distinct string gets the next number, and keeps it.
use std::hash::{BuildHasher, RandomState};

use zeroize::Zeroize;

const EMPTY: u32 = u32::MAX;

/// A set of numbered strings in one buffer, wiped on drop.
pub(crate) struct Terms {
    text: String,
    /// Where each string ends in `text`.
    ends: Vec<u32>,
    /// Open addressing with linear probing, a power of two long, at most half full.
    slots: Vec<u32>,
    hasher: RandomState,
}

impl Terms {
    pub(crate) fn new() -> Self {
        Self {
            text: String::new(),
            ends: Vec::new(),
            slots: vec![EMPTY; 64],
            hasher: RandomState::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn text(&self, id: u32) -> &str {
        let id = id as usize;
        let start = if id == 0 { 0 } else { self.ends[id - 1] as usize };
        &self.text[start..self.ends[id] as usize]
    }

    pub(crate) fn get(&self, text: &str) -> Option<u32> {
        let id = self.slots[self.slot(text)];
        (id != EMPTY).then_some(id)
    }

    /// The number of `text`, a new one if it has none.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        let slot = self.slot(text);
        if self.slots[slot] != EMPTY {
            return self.slots[slot];
        }
        let id = self.ends.len() as u32;
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        self.slots[slot] = id;
        if self.ends.len() * 2 > self.slots.len() {
            self.grow();
        }
        id
    }

    /// Bytes of memory held.
    pub(crate) fn memory(&self) -> usize {
        self.text.capacity() + (self.ends.capacity() + self.slots.capacity()) * 4
    }

    /// The slot that holds `text`, or the free one where it belongs.
    fn slot(&self, text: &str) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = self.hasher.hash_one(text) as usize & mask;
        while self.slots[slot] != EMPTY && self.text(self.slots[slot]) != text {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        self.slots = vec![EMPTY; self.slots.len() * 2];
        for id in 0..self.ends.len() as u32 {
            let slot = self.slot(self.text(id));
            self.slots[slot] = id;
        }
    }
}

impl Drop for Terms {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}
