//! Numbers in few bytes and bits, as the records hold them that are made of others.
//!
//! What is read may be damaged: nothing here panics, and nothing is allocated by what a number says.

/// Appends a number, seven bits a byte, the lowest first; all bytes but the last have the high bit.
pub(crate) fn put(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Appends a text after its length in bytes.
pub(crate) fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put(bytes, text.len() as u64);
    bytes.extend_from_slice(text.as_bytes());
}

/// Reads what was put, from the front.
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl<'a> Bytes<'a> {
    /// A number that [`put`] wrote.
    pub(crate) fn number(&mut self) -> Option<u64> {
        let (mut value, mut shift) = (0, 0);
        loop {
            let [byte] = self.array()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(value);
            }
            shift += 7;
        }
    }

    /// A number that counts something in memory.
    pub(crate) fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*array)
    }

    pub(crate) fn slice(&mut self, length: usize) -> Option<&'a [u8]> {
        let (slice, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(slice)
    }

    /// A text that [`put_text`] wrote.
    pub(crate) fn text(&mut self) -> Option<&'a str> {
        let length = self.count()?;
        std::str::from_utf8(self.slice(length)?).ok()
    }
}

/// Writes bits, the lowest of each byte first.
#[derive(Default)]
pub(crate) struct BitWriter {
    bytes: Vec<u8>,
    held: u64,
    /// How many bits of `held` wait; fewer than eight between calls.
    count: u32,
}

impl BitWriter {
    /// The lowest `count` bits of a value, at most 32.
    pub(crate) fn bits(&mut self, value: u32, count: u32) {
        let kept = u64::from(value) & ((1 << count) - 1);
        self.held |= kept << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// So many zeros, then a one.
    pub(crate) fn unary(&mut self, mut zeros: u32) {
        while zeros >= 16 {
            self.bits(0, 16);
            zeros -= 16;
        }
        self.bits(1 << zeros, zeros + 1);
    }

    /// Rice's code: the value over 2^`low` in unary, then its lowest `low` bits.
    pub(crate) fn rice(&mut self, value: u32, low: u32) {
        self.unary(value >> low);
        self.bits(value, low);
    }

    /// Elias's gamma code of a value from 1 up: the place of its highest bit in unary, then the
    /// bits below that.
    pub(crate) fn gamma(&mut self, value: u32) {
        let place = value.max(1).ilog2();
        self.unary(place);
        self.bits(value, place);
    }

    /// All of it, filled with zeros to a whole byte.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.bytes.push(self.held as u8);
        }
        std::mem::take(&mut self.bytes)
    }
}

/// Reads what a [`BitWriter`] wrote.
pub(crate) struct BitReader<'a> {
    bytes: &'a [u8],
    held: u64,
    count: u32,
}

impl<'a> BitReader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, held: 0, count: 0 }
    }

    /// The next `count` bits, at most 32.
    #[inline]
    pub(crate) fn bits(&mut self, count: u32) -> Option<u32> {
        if self.count < count {
            self.refill();
            if self.count < count {
                return None;
            }
        }
        let value = self.held & ((1 << count) - 1);
        self.held >>= count;
        self.count -= count;
        Some(value as u32)
    }

    #[inline]
    pub(crate) fn unary(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while self.held == 0 {
            zeros += self.count;
            self.count = 0;
            self.refill();
            if self.count == 0 {
                return None;
            }
        }
        let here = self.held.trailing_zeros();
        self.held = self.held >> here >> 1;
        self.count -= here + 1;
        Some(zeros + here)
    }

    #[inline]
    pub(crate) fn rice(&mut self, low: u32) -> Option<u32> {
        let high = self.unary()?.checked_mul(1 << low)?;
        high.checked_add(self.bits(low)?)
    }

    #[inline]
    pub(crate) fn gamma(&mut self) -> Option<u32> {
        let place = self.unary()?;
        if place >= 32 {
            return None;
        }
        Some(1 << place | self.bits(place)?)
    }

    #[inline]
    fn refill(&mut self) {
        let room = (64 - self.count) as usize / 8;
        if room < 8
            && let Some(word) = self.bytes.first_chunk()
        {
            let word = u64::from_le_bytes(*word) & ((1 << (8 * room)) - 1);
            self.held |= word << self.count;
            self.take(room);
            return;
        }
        for byte in self.bytes.iter().take(room) {
            self.held |= u64::from(*byte) << self.count;
            self.count += 8;
        }
        self.bytes = &self.bytes[room.min(self.bytes.len())..];
    }

    fn take(&mut self, bytes: usize) {
        self.bytes = &self.bytes[bytes..];
        self.count += 8 * bytes as u32;
    }
}

/// How many low bits Rice's code leaves as they are for `count` numbers of which the gaps make up
/// `range`: the place of the highest bit of 0.69 times the mean gap.
pub(crate) fn rice_low(count: usize, range: usize) -> u32 {
    (range * 69 / (count.max(1) * 100)).max(1).ilog2()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_and_texts_read_back(numbers: Vec<u64>, text: String, cut: usize) {
            let mut bytes = Vec::new();
            put_text(&mut bytes, &text);
            numbers.iter().for_each(|number| put(&mut bytes, *number));
            let mut read = Bytes(&bytes);
            prop_assert_eq!(read.text(), Some(text.as_str()));
            for number in numbers {
                prop_assert_eq!(read.number(), Some(number));
            }
            prop_assert!(read.0.is_empty() && read.number().is_none());
            let mut short = Bytes(&bytes[..cut % bytes.len()]);
            while short.text().is_some() {}
        }

        #[test]
        fn bits_read_back(codes: Vec<(u8, u32)>, low in 0..20_u32) {
            let mut writer = BitWriter::default();
            let small = |value: u32| value % (5000 << low);
            for (kind, value) in &codes {
                match kind % 3 {
                    0 => writer.bits(*value, u32::from(*kind) % 33),
                    1 => writer.rice(small(*value), low),
                    _ => writer.gamma(*value),
                }
            }
            let bytes = writer.finish();
            let mut reader = BitReader::new(&bytes);
            for (kind, value) in &codes {
                let count = u32::from(*kind) % 33;
                let (read, written) = match kind % 3 {
                    0 => (reader.bits(count), (u64::from(*value) & ((1 << count) - 1)) as u32),
                    1 => (reader.rice(low), small(*value)),
                    _ => (reader.gamma(), (*value).max(1)),
                };
                prop_assert_eq!(read, Some(written));
            }
            prop_assert!(reader.unary().is_none());
        }

        #[test]
        fn damaged_bits_end(bytes: Vec<u8>, low in 0..31_u32) {
            let mut reader = BitReader::new(&bytes);
            while reader.gamma().is_some() && reader.rice(low).is_some() {}
        }
    }
}
