//! The recovery key: 128 random bits, written down on paper.
use zeroize::Zeroizing;

use crate::{Result, keys::keyed_hash, random};

/// Crockford's base 32: no I, L, O or U, so that what is read aloud or copied by hand comes back.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 128 bits and 12 that check them, five to a digit.
const LEN: usize = 28;

/// Opens a vault when the passphrase is forgotten. Wiped on drop, no `Debug`.
#[derive(PartialEq, Eq)]
pub struct RecoveryKey(Zeroizing<[u8; 16]>);

impl RecoveryKey {
    pub(crate) fn random() -> Result<Self> {
        Ok(Self(Zeroizing::new(random::bytes()?)))
    }

    /// Reads what a person typed; `None` where it is mistyped. Case, spaces and dashes don't
    /// matter, and O, I and L are read as the digits they look like.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let mut bits = Zeroizing::new(Vec::with_capacity(5 * LEN));
        for typed in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let value = value_of(typed)?;
            if bits.len() == 5 * LEN {
                return None;
            }
            bits.extend((0..5).rev().map(|bit| value >> bit & 1 == 1));
        }
        let mut key = Self(Zeroizing::default());
        for (byte, bits) in key.0.iter_mut().zip(bits.chunks_exact(8)) {
            *byte = bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
        }
        (*key.bits() == *bits).then_some(key)
    }

    /// What to write down: seven groups of four digits.
    #[must_use]
    pub fn phrase(&self) -> Zeroizing<String> {
        let mut phrase = Zeroizing::new(String::with_capacity(LEN + LEN / 4));
        for (at, bits) in self.bits().chunks_exact(5).enumerate() {
            if at > 0 && at % 4 == 0 {
                phrase.push('-');
            }
            let value = bits.iter().fold(0, |value, bit| value << 1 | usize::from(*bit));
            phrase.push(char::from(DIGITS[value]));
        }
        phrase
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The key's bits and those that check them, most significant first.
    fn bits(&self) -> Zeroizing<Vec<bool>> {
        let check = keyed_hash(&[0; 32], b"ink1 recovery", &[self.as_bytes()]);
        let bytes = self.0.iter().chain(&check);
        let bits = bytes.flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1));
        let mut all = Zeroizing::new(Vec::with_capacity(5 * LEN));
        all.extend(bits.take(5 * LEN));
        all
    }
}

fn value_of(typed: char) -> Option<usize> {
    let digit = match typed.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    DIGITS.iter().position(|known| char::from(*known) == digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_down_reads_back_however_it_is_typed() {
        for _ in 0..100 {
            let key = RecoveryKey::random().unwrap();
            let phrase = key.phrase();
            assert_eq!(phrase.len(), 34);
            let sloppy = phrase.to_lowercase().replace('0', "o").replace('1', "l");
            for typed in [phrase.as_str(), &sloppy, &phrase.replace('-', " ")] {
                assert!(RecoveryKey::parse(typed).is_some_and(|read| read == key), "{typed}");
            }
        }
    }

    #[test]
    fn a_mistyped_digit_is_noticed() {
        let phrase = RecoveryKey(Zeroizing::new([0x5a; 16])).phrase();
        let mut accepted = 0;
        for at in (0..phrase.len()).filter(|at| at % 5 != 4) {
            for digit in DIGITS.iter().map(|digit| char::from(*digit)) {
                let mut typed = phrase.to_string();
                typed.replace_range(at..=at, &digit.to_string());
                accepted += usize::from(typed != *phrase && RecoveryKey::parse(&typed).is_some());
            }
        }
        assert!(accepted <= 3, "{accepted} of 868 mistyped keys pass");
        for wrong in ["", "7", &phrase[1..], &format!("{}0", *phrase), "U", "日記"] {
            assert!(RecoveryKey::parse(wrong).is_none());
        }
    }
}
