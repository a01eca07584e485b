//! Finds the words of the journal nearest to one that is not among them.
use super::inverted::Inverted;

/// Words of fewer letters are not corrected.
const MIN_LETTERS: usize = 3;
/// Words of so many letters may have two mistakes.
const LONG: usize = 8;
/// How many words may stand for a mistyped one.
const MOST: usize = 3;

/// The nearest words by number: of the fewest mistakes, preferably with the same first letter, the
/// most frequent. With `beginning`, nearest by how they begin.
pub(crate) fn nearest(index: &Inverted, word: &str, beginning: bool) -> Vec<u32> {
    let letters: Vec<char> = word.chars().collect();
    if letters.len() < MIN_LETTERS || !letters.iter().all(|letter| letter.is_alphabetic()) {
        return Vec::new();
    }
    let most = if letters.len() >= LONG { 2 } else { 1 };
    let mut found: Vec<(usize, bool, u32, &str, u32)> = Vec::new();
    let mut other = Vec::new();
    for (number, text) in index.dictionary.all() {
        if !may_be_near(word, text, most, beginning) {
            continue;
        }
        other.clear();
        other.extend(text.chars());
        let mistakes = distance(&letters, &other, beginning);
        let frequency = if mistakes <= most { index.frequency(number) } else { 0 };
        if frequency > 0 {
            found.push((mistakes, other[0] != letters[0], u32::MAX - frequency, text, number));
        }
    }
    found.sort_unstable();
    let best = found.first().map(|&(mistakes, first, ..)| (mistakes, first));
    let alike = found.iter().take_while(|&&(mistakes, first, ..)| Some((mistakes, first)) == best);
    alike.take(MOST).map(|&(.., number)| number).collect()
}

/// A cheap test that lets all near words through: their lengths and sets of letters differ little.
fn may_be_near(word: &str, text: &str, most: usize, beginning: bool) -> bool {
    let missing = (letter_set(word) & !letter_set(text)).count_ones() as usize;
    // A letter takes up to four bytes.
    let longer = !beginning && text.len() > word.len() + 4 * most;
    missing <= most && !longer && text.len() + 4 * most >= word.len()
}

fn letter_set(word: &str) -> u32 {
    word.bytes().fold(0, |set, byte| set | 1 << (byte & 31))
}

/// Damerau-Levenshtein distance (optimal string alignment): letters put in, left out, replaced, or
/// two neighbours exchanged. With `beginning`, to the nearest beginning of `other`.
fn distance(word: &[char], other: &[char], beginning: bool) -> usize {
    let other = if beginning { &other[..other.len().min(word.len() + 2)] } else { other };
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (i, &letter) in word.iter().enumerate() {
        let mut row = Vec::with_capacity(other.len() + 1);
        row.push(i + 1);
        for (j, &with) in other.iter().enumerate() {
            let replaced = above[j] + usize::from(letter != with);
            let mut least = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && letter == other[j - 1] && word[i - 1] == with {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    if beginning { above.into_iter().min().unwrap_or(usize::MAX) } else { above[other.len()] }
}
