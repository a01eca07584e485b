//! A comparison of two texts, word by word.
use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};
use unicode_segmentation::UnicodeSegmentation;

/// After this a comparison gets coarser, so that two long texts without a word in common end too.
const PATIENCE: Duration = Duration::from_millis(500);

/// What became of a part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is in both.
    Same,
    /// It is in the old text only.
    Gone,
    /// It is in the new text only.
    New,
}

/// A part of the two texts. No `Debug`: it is text of the journal.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    /// What became of it.
    pub change: Change,
    /// What it says.
    pub text: String,
}

/// The parts of two texts, in the order of reading.
#[must_use]
pub fn words(old: &str, new: &str) -> Vec<Part> {
    let (old, new): (Vec<_>, Vec<_>) =
        (old.split_word_bounds().collect(), new.split_word_bounds().collect());
    let deadline = Some(Instant::now() + PATIENCE);
    let mut parts = Vec::new();
    for op in capture_diff_slices_deadline(Algorithm::Myers, &old, &new, deadline) {
        if let DiffOp::Equal { old_index, len, .. } = op {
            push(&mut parts, Change::Same, &old[old_index..old_index + len]);
        } else {
            push(&mut parts, Change::Gone, &old[op.old_range()]);
            push(&mut parts, Change::New, &new[op.new_range()]);
        }
    }
    parts
}

fn push(parts: &mut Vec<Part>, change: Change, words: &[&str]) {
    if words.is_empty() {
        return;
    }
    let text = words.concat();
    match parts.last_mut() {
        Some(last) if last.change == change => last.text.push_str(&text),
        _ => parts.push(Part { change, text }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(old: &str, new: &str) -> String {
        let parts = words(old, new).into_iter().map(|part| match part.change {
            Change::Same => part.text,
            Change::Gone => format!("-[{}]", part.text),
            Change::New => format!("+[{}]", part.text),
        });
        parts.collect()
    }

    #[test]
    fn words_that_changed_are_told_and_the_rest_is_the_same() {
        assert_eq!(told("Tea with Ana", "Tea with Ben"), "Tea with -[Ana]+[Ben]");
        assert_eq!(told("", "new"), "+[new]");
        assert_eq!(told("same", "same"), "same");
        assert_eq!(told("Größe 日記", "Größe"), "Größe-[ 日記]");
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_the_parts(old in "[ab\n ü]{0,40}", new in "[ab\n ü]{0,40}") {
            let parts = words(&old, &new);
            let without = |left_out: Change| -> String {
                let kept = parts.iter().filter(|part| part.change != left_out);
                kept.map(|part| part.text.as_str()).collect()
            };
            prop_assert_eq!(without(Change::New), old);
            prop_assert_eq!(without(Change::Gone), new);
        }
    }
}
