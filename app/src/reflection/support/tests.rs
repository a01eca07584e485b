use jiff::civil::Date;

use super::*;
use crate::reflection::{language::Language, sentence::units};

/// Sentences with an entry each, some of them said to mislead.
const PAIRS: &str = include_str!("../../../../tests/data/support_pairs.jsonl");

fn rests(sentence: &str, entry: &str, language: Language) -> bool {
    let lexicon = language.lexicon();
    let own: Vec<Own<'_>> = units(entry)
        .into_iter()
        .map(|text| Own { entry: 0, text, words: words(text, lexicon) })
        .collect();
    support(sentence, &own.iter().collect::<Vec<_>>(), lexicon).is_some()
}

#[test]
fn nothing_unsupported_is_accepted_and_most_of_what_is_supported_is() {
    let (mut right, mut accepted, mut supported, mut all) = (0, 0, 0, 0);
    for line in PAIRS.lines() {
        let pair: serde_json::Value = serde_json::from_str(line).unwrap();
        let [language, entry, sentence] =
            ["language", "entry", "sentence"].map(|name| pair[name].as_str().unwrap());
        assert!(pair["date"].as_str().unwrap().parse::<Date>().is_ok());
        let language = Language::ALL.into_iter().find(|it| it.code() == language).unwrap();
        let is_supported = pair["supported"].as_bool().unwrap();
        let is_accepted = rests(sentence, entry, language);
        assert!(is_supported || !is_accepted, "{sentence} ({})", pair["about"]);
        if is_supported && !is_accepted {
            println!("not accepted: {sentence}");
        }
        all += 1;
        supported += usize::from(is_supported);
        accepted += usize::from(is_accepted);
        right += usize::from(is_supported && is_accepted);
    }
    println!("{all} pairs: precision {right} of {accepted}, recall {right} of {supported}");
    assert!(all >= 60 && right == accepted);
    assert!(right * 10 >= supported * 9, "recall: {right} of {supported}");
}

#[test]
fn clauses_of_several_sentences_may_be_joined_where_each_names_who_does_what() {
    let day = "I met Anna at noon. Tom did not come to dinner. He was ill.";
    let rests = |sentence| rests(sentence, day, Language::English);
    assert!(rests("You met Anna at noon, and Tom did not come to dinner."));
    assert!(!rests("You met Anna at noon because Tom did not come to dinner."));
    assert!(!rests("You met Anna at noon and was ill."));
}

#[test]
fn a_sentence_has_to_say_something_and_not_ask() {
    let day = "I met Anna at noon.";
    for sentence in ["You.", "You met.", "", "Did you meet Anna at noon?"] {
        assert!(!rests(sentence, day, Language::English), "{sentence}");
    }
}
