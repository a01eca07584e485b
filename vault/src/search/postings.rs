//! Which entries a term is in and how often: one packed list a term, in order of entries.
use zeroize::Zeroize;

use crate::packing::put;

/// Entries in growing order with a weight from 1 up, as variable-length integers: the distance to
/// the entry before, doubled, plus one where the weight is 1 and left out.
#[derive(Default)]
pub(crate) struct List {
    bytes: Vec<u8>,
    last: u32,
    len: u32,
}

impl List {
    /// How many entries are in the list.
    pub(crate) fn len(&self) -> u32 {
        self.len
    }

    /// Adds an entry past the last one.
    pub(crate) fn push(&mut self, doc: u32, weight: u32) {
        let distance = u64::from(doc - self.last) << 1;
        if weight == 1 {
            put(&mut self.bytes, distance | 1);
        } else {
            put(&mut self.bytes, distance);
            put(&mut self.bytes, u64::from(weight));
        }
        self.last = doc;
        self.len += 1;
    }

    /// Calls `visit` with every entry and its weight.
    #[inline]
    pub(crate) fn each(&self, mut visit: impl FnMut(usize, u32)) {
        let (mut at, mut doc) = (0, 0);
        while at < self.bytes.len() {
            let head = take(&self.bytes, &mut at);
            doc += (head >> 1) as usize;
            visit(doc, if head & 1 == 1 { 1 } else { take(&self.bytes, &mut at) as u32 });
        }
    }

    /// Whether an entry of the list passes a test.
    pub(crate) fn any(&self, mut test: impl FnMut(usize) -> bool) -> bool {
        let (mut at, mut doc) = (0, 0);
        while at < self.bytes.len() {
            let head = take(&self.bytes, &mut at);
            doc += (head >> 1) as usize;
            if test(doc) {
                return true;
            }
            if head & 1 == 0 {
                take(&self.bytes, &mut at);
            }
        }
        false
    }

    /// Bytes of memory held.
    pub(crate) fn memory(&self) -> usize {
        size_of::<Self>() + self.bytes.capacity()
    }
}

impl Drop for List {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

#[inline]
fn take(bytes: &[u8], at: &mut usize) -> u64 {
    let (mut value, mut shift) = (0, 0);
    while let Some(&byte) = bytes.get(*at) {
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
        shift += 7;
    }
    value
}
