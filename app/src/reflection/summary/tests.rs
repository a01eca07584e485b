use super::*;
use crate::reflection::{
    script::{Script, entry},
    summarise,
};

const DAY: &str = "I called Anna this morning and we argued about the money again. Tom did not come to dinner. \
    My mother was sad because the garden is sold. Later I walked to the river alone and felt calm.";

fn told(model: &mut Script, entries: &[Entry]) -> (Summary, String) {
    let mut shown = String::new();
    let summary = summarise(model, entries, &CancelToken::default(), &mut |p| {
        if let Progress::Text(text) = p {
            shown.push_str(&text);
        }
    });
    (summary.unwrap(), shown)
}

#[test]
fn what_a_model_invents_is_never_shown() {
    let mut model = Script::new(&[
        "You visited in December. You called Anna and argued about the money again. The narrator is glad.",
    ]);
    let (summary, shown) = told(&mut model, &[entry(1, DAY)]);
    assert!(!shown.contains("December") && !shown.contains("narrator"));
    assert!(shown.contains("You called Anna and argued about the money again."));
    assert!(summary.sentences.iter().any(|s| !s.quoted));
    assert!(summary.complete && summary.entries_used == 1);
}

#[test]
fn own_words_are_word_for_word_and_have_their_source() {
    let entries = [entry(1, DAY), entry(2, "I decided to sell the boat, and I am relieved.")];
    let (summary, _) = told(&mut Script::new(&[]), &entries);
    assert!(!summary.sentences.is_empty());
    for sentence in &summary.sentences {
        assert!(sentence.quoted);
        let source = entries.iter().find(|e| e.id == sentence.sources[0]).unwrap();
        assert!(source.content.text.contains(&sentence.text));
    }
}

#[test]
fn a_long_span_is_told_in_parts_that_fit_the_model() {
    let text = DAY.repeat(30);
    let entries: Vec<Entry> = (1..=28).map(|day| entry(day, &text)).collect();
    let mut model = Script::new(&[]);
    model.context = 600;
    let mut parts = Vec::new();
    let summary = summarise(&mut model, &entries, &CancelToken::default(), &mut |p| {
        if let Progress::Part { done, total } = p {
            parts.push((done, total));
        }
    })
    .unwrap();
    assert_eq!(parts, [(0, 4), (1, 4), (2, 4), (3, 4)]);
    assert_eq!((summary.entries_used, summary.entries_total), (28, 28));
}

#[test]
fn a_stopped_summary_says_so_and_keeps_what_was_released() {
    let cancel = CancelToken::default();
    let stop = cancel.clone();
    let entries: Vec<Entry> = (1..=20).map(|day| entry(day, DAY)).collect();
    let summary = summarise(&mut Script::new(&[]), &entries, &cancel, &mut |p| {
        if matches!(p, Progress::Text(_)) {
            stop.cancel();
        }
    })
    .unwrap();
    assert!(!summary.complete);
    assert_eq!(summary.sentences.len(), 1);
    assert!(summary.entries_used < 20);
}

#[test]
fn an_entry_in_crisis_is_given_to_no_model() {
    let mut model = Script::new(&["I'm glad to hear that you're not here."]);
    let (summary, shown) = told(&mut model, &[entry(1, "I don't want to be here anymore.")]);
    assert!(summary.care.is_some() && summary.sentences.is_empty() && shown.is_empty());
    let (summary, _) =
        told(&mut model, &[entry(1, "I don't want to be here anymore."), entry(2, DAY)]);
    assert!(summary.care.is_some());
    assert!(model.prompts.iter().all(|p| !p.contains("anymore")));
}

#[test]
fn nothing_is_told_of_nothing() {
    let (summary, _) = told(&mut Script::new(&[]), &[]);
    assert!(summary.sentences.is_empty() && summary.complete);
}
