//! Where a text is cut into the passages whose meaning is compared.
use std::ops::Range;

use crate::reflection::sentence::units;

/// A passage is closed when it has so many words.
const WORDS: usize = 20;
/// Most passages of one entry; what is past them is found by its words alone.
const MOST: usize = 2000;

/// Byte ranges of the passages of `text`, in order: a few short sentences, or one longer.
#[must_use]
pub fn passages(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open = 0;
    for unit in units(text) {
        if found.len() == MOST && open >= WORDS {
            break;
        }
        let start = unit.as_ptr() as usize - text.as_ptr() as usize;
        let words = unit.split_whitespace().count();
        match found.last_mut() {
            Some(last) if open < WORDS => {
                last.end = start + unit.len();
                open += words;
            }
            _ => {
                found.push(start..start + unit.len());
                open = words;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_are_sentences_in_order_and_none_is_lost() {
        let text = "Up late. It rained. I went to see Marta about the flat, which she does not want to give up. \
            Then I walked home along the canal, and thought about what to do with all the boxes. Bed.";
        let cut = passages(text);
        assert_eq!(cut.len(), 2);
        assert!(
            text[cut[0].clone()].starts_with("Up late.") && text[cut[1].clone()].ends_with("Bed.")
        );
        assert!(cut.windows(2).all(|pair| pair[0].end <= pair[1].start));
        assert!(passages("").is_empty());
    }
}
