//! An honest guess at how hard a passphrase is to guess.
//!
//! It counts what a patient stranger with a copy of the file would have to try. It can't know what
//! that stranger knows of the person, so it errs on the low side.

/// How hard, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Found in minutes.
    Weak,
    /// Keeps a curious person out, not a determined one.
    Fair,
    /// Out of reach of most.
    Good,
    /// Out of reach.
    Strong,
}

/// Words and rows of keys that are tried first, in any language's lists.
const COMMON: [&str; 24] = [
    "password",
    "passwort",
    "passphrase",
    "letmein",
    "welcome",
    "qwerty",
    "qwertz",
    "azerty",
    "asdf",
    "iloveyou",
    "admin",
    "monkey",
    "dragon",
    "journal",
    "diary",
    "inglenook",
    "secret",
    "abc123",
    "football",
    "sunshine",
    "princess",
    "master",
    "login",
    "hello",
];

/// Bits below which a passphrase is weak, fair or good: Argon2id makes one guess cost a fair part
/// of a second, so that 2^45 guesses are thousands of years of one machine.
const BITS: [f64; 3] = [35.0, 50.0, 70.0];

/// Judges a passphrase.
#[must_use]
pub fn strength(passphrase: &str) -> Strength {
    let bits = bits(passphrase);
    match BITS.iter().filter(|limit| bits >= **limit).count() {
        0 => Strength::Weak,
        1 => Strength::Fair,
        2 => Strength::Good,
        _ => Strength::Strong,
    }
}

/// Bits of a guess: words of letters count as words, other characters by their class.
fn bits(passphrase: &str) -> f64 {
    let lower = passphrase.trim().to_lowercase();
    let rare = without_common(&lower);
    let words: Vec<&str> = rare.split_whitespace().collect();
    let mut seen = Vec::new();
    words.iter().fold(0.0, |sum, word| {
        let new = !seen.contains(word);
        seen.push(word);
        sum + if new { word_bits(word, passphrase) } else { 1.0 }
    })
}

/// A word of letters alone is one of some 4,000 that people choose, unless it is too long to be one.
fn word_bits(word: &str, passphrase: &str) -> f64 {
    let chars: Vec<char> = word.chars().collect();
    let fresh = fresh_chars(&chars) as f64;
    let by_chars = fresh * class_bits(passphrase);
    let is_word = chars.iter().all(|c| c.is_alphabetic()) && chars.len() <= 12;
    match is_word {
        true => by_chars.min(12.0),
        false => by_chars,
    }
}

/// Characters that do not repeat the one before nor count on from it (`aaa`, `1234`, `cba`).
fn fresh_chars(chars: &[char]) -> usize {
    let steps = chars.windows(2).filter(|pair| {
        let step = i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0]));
        step.abs() > 1
    });
    steps.count() + usize::from(!chars.is_empty())
}

/// Bits of one character, by the classes that occur; people choose them far from evenly.
fn class_bits(passphrase: &str) -> f64 {
    let has = |class: fn(char) -> bool| u32::from(passphrase.chars().any(class));
    let classes = has(char::is_lowercase)
        + has(char::is_uppercase)
        + has(char::is_numeric)
        + has(|c| !c.is_alphanumeric() && !c.is_whitespace());
    2.5 + 0.8 * f64::from(classes)
}

/// A common word leaves its first letter only.
fn without_common(lower: &str) -> String {
    COMMON.iter().fold(lower.to_owned(), |text, word| text.replace(word, &word[..1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_and_repeated_passphrases_are_weak() {
        for weak in [
            "",
            "password",
            "Password123!",
            "qwertz2024",
            "aaaaaaaaaaaaaaaaaaaaaaaaaa",
            "12345678901234567890",
            "hello hello hello hello hello hello",
            "my secret diary",
        ] {
            assert_eq!(strength(weak), Strength::Weak, "{weak}");
        }
    }

    #[test]
    fn more_words_are_stronger() {
        let words = ["copper", "lantern", "mossy", "bicycle", "harbour", "whistle"];
        let strengths: Vec<_> =
            (1..=words.len()).map(|count| strength(&words[..count].join(" "))).collect();
        assert!(strengths.is_sorted());
        assert_eq!(strengths.first(), Some(&Strength::Weak));
        assert_eq!(strengths.last(), Some(&Strength::Strong));
    }

    #[test]
    fn random_characters_are_judged_by_their_number() {
        assert_eq!(strength("x7#Kq"), Strength::Weak);
        assert_eq!(strength("x7#Kq9!vTz2&mWb4"), Strength::Strong);
    }
}
