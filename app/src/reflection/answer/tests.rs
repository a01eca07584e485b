use jiff::civil::date;

use super::*;
use crate::reflection::script::{Script, entry};

fn journal() -> Vec<Entry> {
    vec![
        entry(1, "Slept badly again. Dinner with Marta at the harbour."),
        entry(3, "I slept very badly, the baby cried."),
        entry(5, "I did not sleep badly for once. The boiler is broken."),
        entry(9, "Thought of Marta. I want to see Marta in May."),
        entry(20, "Walked home alone. The plumber repaired the boiler and wanted 300 euros."),
    ]
}

fn asked(question: &str) -> Answer {
    answer(&mut Script::new(&[]), &journal(), question, date(2024, 4, 2), &CancelToken::default())
        .unwrap()
}

#[test]
fn counting_questions_are_counted() {
    let answer = asked("How often did I sleep badly in March?");
    assert!(answer.kind == AnswerKind::Counted);
    assert_eq!(answer.count, Some(2));
    assert_eq!(answer.dates, [date(2024, 3, 1), date(2024, 3, 3)]);
    assert_eq!(answer.sentences.len(), 2);
    assert_eq!(asked("How often did I sleep badly in February?").count, Some(0));
}

#[test]
fn the_last_meeting_is_neither_a_thought_nor_a_plan() {
    let answer = asked("When did I last see Marta?");
    assert_eq!(answer.dates, [date(2024, 3, 1)]);
    assert!(answer.text.contains("2024-03-01"));
}

#[test]
fn open_questions_are_answered_in_own_words_with_their_entry() {
    let answer = asked("What about the boiler?");
    assert!(answer.kind == AnswerKind::Answered);
    assert_eq!(answer.sentences.len(), 2);
    for sentence in &answer.sentences {
        let source = journal().into_iter().find(|e| e.id == sentence.sources[0]).unwrap();
        assert!(source.content.text.contains(&sentence.text));
    }
    assert_eq!(asked("What did I do on 20 March?").dates, [date(2024, 3, 20)]);
}

#[test]
fn without_support_there_is_no_answer() {
    let answer = asked("When did I last see Oscar?");
    assert!(answer.kind == AnswerKind::Nothing && answer.sentences.is_empty());
    assert!(asked("What did the surgeon say?").kind == AnswerKind::Nothing);
}
