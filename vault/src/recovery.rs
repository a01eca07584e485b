//! The recovery key: 128 random bits, written down on paper as twelve words.
use std::iter;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{Result, random};

mod digits;

/// The English list of BIP-39, a word a line, sorted; no two begin with the same four letters.
const WORDS: &str = include_str!("recovery/words.txt");
/// Words of a phrase: 128 bits and 4 that check them, eleven to a word.
const LEN: usize = 12;

/// Opens a vault when the passphrase is forgotten. Wiped on drop, no `Debug`.
#[derive(PartialEq, Eq)]
pub struct RecoveryKey(Zeroizing<[u8; 16]>);

impl RecoveryKey {
    pub(crate) fn random() -> Result<Self> {
        Ok(Self(Zeroizing::new(random::bytes()?)))
    }

    /// Reads what a person typed: the twelve words, or the 28 digits that earlier versions gave.
    /// `None` where it is mistyped. Case doesn't matter, nor what stands between the words.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        read_words(typed).or_else(|| digits::read(typed))
    }

    /// What to write down: twelve words with spaces between, as BIP-39 makes them of 128 bits.
    #[must_use]
    pub fn phrase(&self) -> Zeroizing<String> {
        let mut phrase = Zeroizing::new(String::with_capacity(LEN * 9));
        for bits in self.bits().chunks_exact(11) {
            let number = bits.iter().fold(0, |number, bit| number << 1 | usize::from(*bit));
            if !phrase.is_empty() {
                phrase.push(' ');
            }
            phrase.push_str(WORDS.lines().nth(number).unwrap_or_default());
        }
        phrase
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The key's bits and those that check them, most significant first.
    fn bits(&self) -> Zeroizing<Vec<bool>> {
        let check = Sha256::digest(self.as_bytes());
        bits(self.as_bytes(), &check, 11 * LEN)
    }
}

fn read_words(typed: &str) -> Option<RecoveryKey> {
    let typed = Zeroizing::new(typed.to_ascii_lowercase());
    let mut bits = Zeroizing::new(Vec::with_capacity(11 * LEN));
    for word in typed.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        if bits.len() == 11 * LEN {
            return None;
        }
        let number = WORDS.lines().position(|known| known == word)?;
        bits.extend((0..11).rev().map(|bit| number >> bit & 1 == 1));
    }
    let key = RecoveryKey(key_of(&bits));
    (*key.bits() == *bits).then_some(key)
}

/// The first 128 bits as bytes; zeros where there are fewer.
fn key_of(bits: &[bool]) -> Zeroizing<[u8; 16]> {
    let mut key = Zeroizing::new([0; 16]);
    for (byte, bits) in key.iter_mut().zip(bits.chunks_exact(8)) {
        *byte = bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
    }
    key
}

/// The first `count` bits of a key and what checks it, most significant first.
fn bits(key: &[u8], check: &[u8], count: usize) -> Zeroizing<Vec<bool>> {
    let each =
        |byte: &u8| iter::zip([*byte; 8], (0..8).rev()).map(|(byte, bit)| byte >> bit & 1 == 1);
    let mut all = Zeroizing::new(Vec::with_capacity(count));
    all.extend(key.iter().chain(check).flat_map(each).take(count));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex;

    #[test]
    fn the_words_are_those_of_the_standard() {
        // SHA-256 of `english.txt` as BIP-39 publishes it, and two of its test vectors.
        let published = "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda";
        assert_eq!(hex::encode(&Sha256::digest(WORDS)), published);
        for (byte, phrase) in [
            (0x7f, "legal winner thank year wave sausage worth useful legal winner thank yellow"),
            (
                0x80,
                "letter advice cage absurd amount doctor acoustic avoid letter advice cage above",
            ),
        ] {
            assert_eq!(*RecoveryKey(Zeroizing::new([byte; 16])).phrase(), phrase);
        }
    }

    #[test]
    fn what_is_written_down_reads_back_however_it_is_typed() {
        for _ in 0..100 {
            let key = RecoveryKey::random().unwrap();
            let phrase = key.phrase();
            let numbered: Vec<_> = phrase
                .split(' ')
                .enumerate()
                .map(|(at, word)| format!("{}. {word}", at + 1))
                .collect();
            let loud = phrase.to_uppercase().replace(' ', "  ");
            for typed in [phrase.as_str(), &loud, &format!("\n{}\n", numbered.join("\n"))] {
                assert!(RecoveryKey::parse(typed).is_some_and(|read| read == key), "{typed}");
            }
        }
    }

    #[test]
    fn a_mistyped_word_is_noticed() {
        let phrase = RecoveryKey(Zeroizing::new([0x5a; 16])).phrase();
        let words: Vec<_> = phrase.split(' ').collect();
        let mut accepted = 0;
        for word in WORDS.lines() {
            let mut typed = words.clone();
            typed[3] = word;
            accepted +=
                usize::from(word != words[3] && RecoveryKey::parse(&typed.join(" ")).is_some());
        }
        assert!(accepted < 2048 / 8, "{accepted} of 2047 other words pass, where 1 in 16 should");
        let longer = format!("{} zoo", *phrase);
        for wrong in ["", "zoo", &phrase[1..], &words[1..].join(" "), &longer, "日記"] {
            assert!(RecoveryKey::parse(wrong).is_none(), "{wrong}");
        }
    }
}
