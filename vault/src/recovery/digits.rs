//! The recovery key as 28 digits, which earlier versions gave: still read, no longer given.
use zeroize::Zeroizing;

use super::{RecoveryKey, bits, key_of};
use crate::keys::keyed_hash;

/// Crockford's base 32: no I, L, O or U, so that what is read aloud or copied by hand comes back.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 128 bits and 12 that check them, five to a digit.
const LEN: usize = 28;

/// Reads 28 digits; `None` where they are mistyped. Case, spaces and dashes don't matter, and O, I
/// and L are read as the digits they look like.
pub(super) fn read(typed: &str) -> Option<RecoveryKey> {
    let mut read = Zeroizing::new(Vec::with_capacity(5 * LEN));
    for typed in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let value = value_of(typed)?;
        if read.len() == 5 * LEN {
            return None;
        }
        read.extend((0..5).rev().map(|bit| value >> bit & 1 == 1));
    }
    let key = RecoveryKey(key_of(&read));
    let check = keyed_hash(&[0; 32], b"ink1 recovery", &[key.as_bytes()]);
    (*bits(key.as_bytes(), &check, 5 * LEN) == *read).then_some(key)
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

    /// Of the bytes 0 to 15; the check was computed with Python's hashlib.
    const PHRASE: &str = "000G-40R4-0M30-E209-185G-R38E-1WSB";

    #[test]
    fn digits_of_an_earlier_version_still_open() {
        let key = RecoveryKey(Zeroizing::new(std::array::from_fn(|at| at as u8)));
        let sloppy = PHRASE.to_lowercase().replace('0', "o").replace('1', "l").replace('-', " ");
        for typed in [PHRASE, &sloppy] {
            assert!(RecoveryKey::parse(typed).is_some_and(|read| read == key), "{typed}");
        }
    }

    #[test]
    fn a_mistyped_digit_is_noticed() {
        let mut accepted = 0;
        for at in (0..PHRASE.len()).filter(|at| at % 5 != 4) {
            for digit in DIGITS.iter().map(|digit| char::from(*digit)) {
                let mut typed = PHRASE.to_owned();
                typed.replace_range(at..=at, &digit.to_string());
                accepted += usize::from(typed != PHRASE && RecoveryKey::parse(&typed).is_some());
            }
        }
        assert!(accepted <= 3, "{accepted} of 868 mistyped keys pass");
        for wrong in ["7", &PHRASE[1..], &format!("{PHRASE}0"), "U"] {
            assert!(RecoveryKey::parse(wrong).is_none());
        }
    }
}
