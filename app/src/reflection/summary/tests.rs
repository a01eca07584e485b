use std::path::Path;

use jiff::civil::date;

use super::*;
use crate::reflection::{
    Span,
    script::{Script, entry},
    summary_text,
};

const DAY: &str = "I called Anna this morning and we argued about the money again. Tom did not come to dinner. \
    My mother was sad because the garden is sold. Later I walked to the river alone and felt calm.";

fn march() -> Span {
    Span::Days(date(2024, 3, 1), date(2024, 3, 31))
}

fn outline(entries: &[Entry]) -> Outline {
    let span = match entries {
        [entry] => Span::Entry(entry.id),
        _ => march(),
    };
    let nothing = Outline { place: None, entries: 0..0, parts: Vec::new(), kept: None };
    Outline::of(&span, entries, Path::new("m.gguf")).unwrap_or(nothing)
}

fn told(model: &mut Script, entries: &[Entry]) -> (Summary, String) {
    let mut shown = String::new();
    let summary = summarise(model, entries, &outline(entries), &CancelToken::default(), &mut |p| {
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
        let source = &sentence.sources[0];
        let entry = entries.iter().find(|e| e.id == source.entry).unwrap();
        assert_eq!(&entry.content.text[source.place(&entry.content.text).unwrap()], source.text);
        assert_eq!(source.text, sentence.text);
    }
}

#[test]
fn a_long_span_is_told_in_parts_that_fit_the_model() {
    let text = DAY.repeat(30);
    let entries: Vec<Entry> = (1..=28).map(|day| entry(day, &text)).collect();
    let mut model = Script::new(&[]);
    model.context = 600;
    let mut parts = Vec::new();
    let summary =
        summarise(&mut model, &entries, &outline(&entries), &CancelToken::default(), &mut |p| {
            if let Progress::Part { done, total } = p {
                parts.push((done, total));
            }
        })
        .unwrap();
    assert_eq!(parts, [(0, 5), (1, 5), (2, 5), (3, 5), (4, 5)]);
    assert_eq!((summary.entries_used, summary.entries_total), (28, 28));
}

#[test]
fn a_stopped_summary_says_so_and_keeps_what_was_released() {
    let cancel = CancelToken::default();
    let stop = cancel.clone();
    let entries = [entry(1, DAY)];
    let summary =
        summarise(&mut Script::new(&[]), &entries, &outline(&entries), &cancel, &mut |p| {
            if matches!(p, Progress::Text(_)) {
                stop.cancel();
            }
        })
        .unwrap();
    assert!(!summary.complete);
    assert_eq!((summary.sentences.len(), summary.entries_used), (1, 0));
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

#[test]
fn a_span_is_divided_as_the_calendar_is() {
    let entries: Vec<Entry> = (1..=31).map(|day| entry(day, DAY)).collect();
    let outline = outline(&entries);
    let weeks: Vec<_> = outline.parts.iter().map(|part| part.entries.clone()).collect();
    assert_eq!(weeks, [0..3, 3..10, 10..17, 17..24, 24..31]);
    let span = outline.parts[1].place.as_ref().map(|place| place.span().clone());
    assert!(span == Some(Span::Days(date(2024, 3, 4), date(2024, 3, 10))));
    let week = Outline::of(
        &Span::Days(date(2024, 3, 25), date(2024, 3, 31)),
        &entries[24..],
        Path::new("m"),
    );
    assert!(week.unwrap().parts.is_empty());
    let mut years = entries.clone();
    years[0].content.date = date(2019, 5, 1);
    let all = Span::Days(jiff::civil::Date::MIN, jiff::civil::Date::MAX);
    let outline = Outline::of(&all, &years, Path::new("m")).unwrap();
    assert_eq!(
        outline.parts.iter().map(|part| part.entries.clone()).collect::<Vec<_>>(),
        [0..1, 1..31]
    );
    assert_eq!(outline.parts[1].parts.len(), 5, "a year with one month is told from its weeks");
    let hits = Outline::of(&Span::Search("boat".to_owned()), &entries, Path::new("m")).unwrap();
    assert_eq!(hits.parts.len(), 5);
}

#[test]
fn own_words_are_joined_in_one_quotation_with_the_day_before_it() {
    let text = "The boat is sold. I cried. It rained all night. I want to leave the firm in May.";
    let quote = |day: u8, words: &str| {
        let source = writer::source(&entry(day, text), words);
        Told { text: words.to_owned(), quoted: true, sources: vec![source] }
    };
    let told = [quote(1, "The boat is sold."), quote(1, "I cried.")];
    assert_eq!(summary_text(&told), "“The boat is sold. I cried.”");
    let mut told = Vec::from(told);
    told.push(quote(1, "I want to leave the firm in May."));
    told.push(Told { text: "You cried.".to_owned(), quoted: false, ..quote(2, "I cried.") });
    let expected = "1 March 2024: “The boat is sold. I cried. … I want to leave the firm in May.”\n\
                    2 March 2024: You cried.";
    assert_eq!(summary_text(&told), expected);
    assert_eq!(summary_text(&[]), "");
}

#[test]
fn a_source_that_was_changed_lights_nothing_up() {
    let source = writer::source(&entry(1, "It rained. I cried."), "I cried.");
    assert_eq!(source.place("It rained. I cried."), Some(11..19));
    assert_eq!(source.place("I cried. It rained."), Some(0..8), "it was moved");
    assert_eq!(source.place("It rained. I laughed."), None);
    assert_eq!(source.place("größer gr"), None);
}
