use super::*;
use crate::reflection::{language::Language, sentence::units};

const DAY: &str = "I called Anna this morning and we argued about the money again. Tom did not come to dinner. \
    My mother was sad because the garden is sold. I want to call the bank tomorrow. \
    Marta told me she had failed the exam on 12 March. Later I walked to the river alone and felt calm.";

fn rests(sentence: &str) -> bool {
    let lexicon = Language::English.lexicon();
    let own: Vec<Own<'_>> = units(DAY)
        .into_iter()
        .map(|text| Own { entry: 0, text, words: words(text, lexicon) })
        .collect();
    support(sentence, &own.iter().collect::<Vec<_>>(), lexicon).is_some()
}

#[test]
fn what_was_written_is_supported() {
    for sentence in [
        "You called Anna and argued about the money again.",
        "Tom did not come to dinner.",
        "Your mother was sad because the garden is sold.",
        "You walked to the river alone and felt calm.",
        "You want to call the bank.",
    ] {
        assert!(rests(sentence), "{sentence}");
    }
}

#[test]
fn what_was_not_written_is_not() {
    for sentence in [
        "In the evening you visited in December.",
        "The narrative reflects a day of emotions.",
        "You called Marta and argued about the money.",
        "Tom came to dinner.",
        "Anna did not call you this morning about the money.",
        "You were sad because the garden is sold.",
        "You called the bank.",
        "You failed the exam.",
        "Marta failed the exam on 13 March.",
        "You walked to the river with Anna.",
        "Tom walked to the river alone.",
        "It was a good day.",
        "You felt calm about the money.",
        "You called Anna to the money.",
        "You walked from the river and felt calm.",
        "Did you call Anna about the money?",
    ] {
        assert!(!rests(sentence), "{sentence}");
    }
}
