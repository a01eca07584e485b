//! Which entries a term is in and how often: one packed list a term, in order of entries.
use zeroize::Zeroize;

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

    /// The entries and their weights.
    pub(crate) fn iter(&self) -> Iter<'_> {
        Iter { bytes: &self.bytes, doc: 0 }
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

/// Reads a [`List`].
pub(crate) struct Iter<'a> {
    bytes: &'a [u8],
    doc: u32,
}

impl Iterator for Iter<'_> {
    type Item = (u32, u32);

    #[inline]
    fn next(&mut self) -> Option<(u32, u32)> {
        let head = take(&mut self.bytes)?;
        self.doc += (head >> 1) as u32;
        let weight = if head & 1 == 1 { 1 } else { take(&mut self.bytes)? as u32 };
        Some((self.doc, weight))
    }
}

fn put(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

#[inline]
fn take(bytes: &mut &[u8]) -> Option<u64> {
    let (&first, mut rest) = bytes.split_first()?;
    let mut value = u64::from(first & 0x7f);
    let (mut byte, mut shift) = (first, 7);
    while byte >= 0x80 {
        (byte, rest) = rest.split_first().map(|(&b, r)| (b, r))?;
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
    }
    *bytes = rest;
    Some(value)
}
