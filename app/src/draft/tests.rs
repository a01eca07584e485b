//! Tests of the draft and of its text field.
use egui::{
    TextBuffer,
    text::{CCursor, CharIndex},
};
use jiff::civil::date;

use super::*;

fn content(text: &str) -> Content {
    Content {
        date: date(2026, 11, 22),
        time: None,
        zone: None,
        title: String::new(),
        text: text.to_owned(),
        tags: Vec::new(),
        mood: None,
        starred: false,
        kept_from_model: false,
        extra: serde_json::Map::new(),
    }
}

fn draft(text: &str) -> Draft {
    Draft::of(EntryId([1; 16]), content(text), Some(content(text)))
}

#[test]
fn backspace_takes_a_whole_family_a_flag_an_accent_and_a_line_break() {
    for (before, after) in
        [("a👨‍👩‍👧", "a"), ("🇩🇪🇫🇷", "🇩🇪"), ("caf\u{65}\u{301}", "caf"), ("a\n\n", "a\n"), ("", "")]
    {
        let mut text = before.to_owned();
        let end = CCursor::new(CharIndex(text.chars().count()));
        let cursor = GraphemeText(&mut text).delete_previous_char(end);
        assert_eq!(text, after);
        assert_eq!(cursor.index.0, after.chars().count());
    }
}

#[test]
fn delete_takes_a_whole_grapheme() {
    let mut text = "👍🏽x".to_owned();
    GraphemeText(&mut text).delete_next_char(CCursor::new(CharIndex(0)));
    assert_eq!(text, "x");
}

#[test]
fn an_entry_equal_to_what_is_stored_is_not_unsaved() {
    let mut draft = draft("a");
    draft.content.text.push('b');
    draft.touch();
    assert!(draft.is_unsaved());
    draft.content.text.pop();
    assert!(!draft.is_unsaved());
}

#[test]
fn an_empty_new_entry_is_not_unsaved_and_an_emptied_one_is() {
    let mut new = Draft::of(EntryId([1; 16]), content(" \n"), None);
    assert!(!new.is_unsaved());
    new.content.mood = Some(3);
    assert!(new.is_unsaved());
    let mut emptied = draft("a");
    emptied.content.text.clear();
    assert!(emptied.is_unsaved());
}

#[test]
fn a_day_and_time_are_taken_only_when_they_are_one() {
    let mut draft = draft("a");
    draft.date = "2026-02-30".to_owned();
    assert!(!draft.take_moment());
    draft.date = " 2026-02-28 ".to_owned();
    draft.time = "7:05".to_owned();
    assert!(draft.take_moment());
    assert_eq!(draft.content.date, date(2026, 2, 28));
    draft.reset_moment();
    assert_eq!((draft.date.as_str(), draft.time.as_str()), ("2026-02-28", "07:05"));
}

#[test]
fn tags_are_parted_by_commas_and_each_kept_once() {
    let mut draft = draft("a");
    draft.tags = "#home,  two words ,, home".to_owned();
    draft.take_tags();
    assert_eq!(draft.content.tags, ["home", "two words"]);
    assert!(draft.take_touched());
    draft.take_tags();
    assert!(!draft.take_touched());
}

#[test]
fn a_question_goes_below_the_text_as_a_quote() {
    let mut draft = draft("I walked.\n");
    draft.append_quote("Where to?");
    assert_eq!(draft.content.text, "I walked.\n\n> Where to?\n\n");
}
