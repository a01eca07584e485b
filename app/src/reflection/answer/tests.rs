use jiff::civil::date;

use super::*;
use crate::reflection::script::entry;

fn journal() -> Vec<Entry> {
    vec![
        entry(1, "Slept badly again. Dinner with Marta at the harbour."),
        entry(3, "I slept very badly, the baby cried."),
        entry(5, "I did not sleep badly for once. The boiler is broken."),
        entry(9, "Thought of Marta. I want to see Marta in May."),
        entry(20, "Walked home alone. The plumber repaired the boiler and wanted 300 euros."),
    ]
}

fn ask_on(entries: &[Entry], today: Date, questions: &[&str]) -> Answer {
    let mut before: Vec<Earlier> = Vec::new();
    let mut given = None;
    for text in questions {
        let question = Question { text: (*text).to_owned(), today, before: before.clone() };
        let answer = answer(entries, &question, &[], &CancelToken::default());
        before.push(Earlier { question: question.text, dates: answer.dates.clone() });
        given = Some(answer);
    }
    given.unwrap()
}

fn ask(entries: &[Entry], question: &str) -> Answer {
    ask_on(entries, date(2024, 4, 2), &[question])
}

fn asked(question: &str) -> Answer {
    ask(&journal(), question)
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

#[test]
fn what_is_later_than_today_is_not_written_yet() {
    let asked = |today| ask_on(&journal(), today, &["When did I last see Marta?"]);
    assert!(asked(date(2024, 2, 28)).kind == AnswerKind::Nothing);
    assert_eq!(asked(date(2024, 3, 2)).dates, [date(2024, 3, 1)]);
}

#[test]
fn days_alone_bring_what_carries_them() {
    let answer = asked("What did I do last month?");
    assert!(answer.kind == AnswerKind::Answered);
    assert_eq!(answer.dates.len(), 5);
    assert_eq!(asked("How many entries did I write last month?").count, Some(5));
    assert_eq!(asked("On how many days did I write in 2023?").count, Some(0));
    let none = asked("What did I do in June 2021?");
    assert!(none.kind == AnswerKind::Nothing && none.entries.len() == 1 && none.dates.is_empty());
}

#[test]
fn an_event_of_the_journal_gives_the_days_before_it() {
    let mut entries = journal();
    entries.push(entry(25, "We moved into the new flat in Leeds."));
    entries.push(entry(28, "I am worried about the neighbours."));
    entries[1].content.text = "I am worried about the lease.".into();
    let asked = |question| ask(&entries, question);
    assert_eq!(asked("What was I worried about before we moved?").dates, [date(2024, 3, 3)]);
    assert_eq!(asked("What was I worried about after we moved?").dates, [date(2024, 3, 28)]);
}

#[test]
fn moods_and_tags_are_filters() {
    let mut entries = journal();
    entries[0].content.mood = Some(1);
    entries[2].content.mood = Some(5);
    entries[4].content.tags = vec!["Home".into()];
    let asked = |question| ask(&entries, question);
    assert_eq!(asked("How many days was I in a low mood in March?").dates, [date(2024, 3, 1)]);
    assert_eq!(asked("When was my mood last above 4?").dates, [date(2024, 3, 5)]);
    assert_eq!(asked("What did I write in entries tagged home?").dates, [date(2024, 3, 20)]);
}

#[test]
fn a_name_written_small_and_a_mention_of_somebody_else_are_told_apart() {
    let entries = [
        entry(1, "Dinner with Lady Holt."),
        entry(2, "Dinner with my friend Holt."),
        entry(3, "A letter from Lady Holt."),
        entry(4, "My sister came, then his sister."),
        entry(5, "Met his sister."),
    ];
    let last = |question| ask(&entries, question).dates;
    assert_eq!(last("when did i last see lady holt"), [date(2024, 3, 1)]);
    assert_eq!(last("When did I last see Holt?"), [date(2024, 3, 2)]);
    assert_eq!(last("When did I last see my sister?"), [date(2024, 3, 4)]);
}

#[test]
fn a_question_in_german_is_answered_in_german() {
    let entries = [entry(1, "Abendessen mit Marta am Hafen. Schlecht geschlafen.")];
    let asked = |question| ask(&entries, question);
    let answer = asked("Wann habe ich Marta zuletzt gesehen?");
    assert_eq!(answer.dates, [date(2024, 3, 1)]);
    assert!(answer.text.starts_with("Das letzte Mal"));
    assert_eq!(asked("Wie oft habe ich schlecht geschlafen?").count, Some(1));
}

#[test]
fn nonsense_is_answered_without_an_entry() {
    for question in
        ["", "?", "before", "the", "in March", "#", "a a a a a a a a a a a a a a a a a a a a a"]
    {
        let _ = asked(question);
        assert!(ask(&[], question).entries.is_empty());
    }
}

#[test]
fn a_question_goes_on_from_the_one_before() {
    let mut entries = journal();
    entries[3].content.text = "Thought of Marta. Slept badly, and met Jonas at the lake.".into();
    entries[3].content.date = date(2024, 4, 1);
    let ask = |questions: &[&str]| ask_on(&entries, date(2024, 4, 2), questions);
    let often = "How often did I sleep badly in March?";
    assert_eq!(ask(&[often, "And in April?"]).count, Some(1));
    assert_eq!(ask(&[often, "And in April?", "and in March"]).count, Some(2));
    assert_eq!(ask(&[often, "What about the boiler?"]).count, Some(2));
    let who = ask(&["When did I last see Jonas?", "Who was there?"]);
    assert_eq!(who.dates, [date(2024, 4, 1)]);
    let her = ask(&["When did I last see Marta?", "When did I first see her?"]);
    assert_eq!(her.dates, [date(2024, 3, 1)]);
    assert!(ask(&["When did I last see Marta?", "What about Oscar?"]).kind == AnswerKind::Nothing);
}

#[test]
fn a_slip_in_a_name_is_read_as_the_name_and_told() {
    let answer = asked("When did I last see Matra?");
    assert_eq!(answer.dates, [date(2024, 3, 1)]);
    assert!(answer.text.contains("“Matra” was read as “Marta”."), "{}", answer.text);
}

#[test]
fn what_is_mine_is_not_what_others_had() {
    let entries = [
        entry(1, "It was the King's birthday."),
        entry(2, "My birthday, a fine one. A cock-fight in the yard."),
        entry(3, "I heard of his birthday."),
    ];
    let asked = |question| ask(&entries, question);
    assert_eq!(asked("When was my birthday?").dates, [date(2024, 3, 2)]);
    assert_eq!(asked("When was I at a cockfight?").dates, [date(2024, 3, 2)]);
    assert_eq!(asked("What did I do on the last day of March 2024?").kind.name(), "nothing");
}

#[test]
fn french_words_are_found_behind_an_elision() {
    let entries = [entry(1, "Nous avons vu l’orage et je n’ai pas dormi de la nuit.")];
    assert_eq!(ask(&entries, "Combien d'entrées ai-je écrites en mars ?").count, Some(1));
    assert_eq!(ask(&entries, "Quand est-ce que j'ai vu un orage ?").dates, [date(2024, 3, 1)]);
}
