use jiff::civil::date;

use vault::{KdfParams, Passphrase, Vault};

use super::*;
use crate::{
    insight::{Change, Kind, Notes},
    reflection::script::entry,
};

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
        let question = Question {
            text: (*text).to_owned(),
            today,
            before: before.clone(),
            aliases: Aliases::default(),
        };
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

#[test]
fn where_the_writer_was_is_not_where_others_were() {
    let entries = [
        entry(1, "Nadia is still in Rome with her parents. I had soup."),
        entry(2, "My brother is gone to Crete, and wants us to come to Crete in August."),
        entry(3, "Landed in Lisbon at midnight. Nadia had booked a room."),
        entry(4, "Took the train to Leeds. A letter from Nadia in Oslo."),
        entry(5, "I booked the flights to Athens."),
        entry(6, "By water to Paris Street. There is a siege in Malta."),
        entry(7, "Slept badly, then Dover."),
    ];
    let kind = |question| ask(&entries, question).kind.name();
    for question in [
        "Was I ever in Rome?",
        "Did I ever go to Crete?",
        "Have I been to Oslo?",
        "Did we go to Athens?",
        "Was I ever in Paris?",
        "Was I ever in Malta?",
    ] {
        assert_eq!(kind(question), "nothing", "{question}");
    }
    assert_eq!(ask(&entries, "Have I ever been to Lisbon?").dates, [date(2024, 3, 3)]);
    assert_eq!(ask(&entries, "When did I last go to Leeds?").dates, [date(2024, 3, 4)]);
    assert_eq!(ask(&entries, "When was I in Dover?").dates, [date(2024, 3, 7)]);
    assert_eq!(ask(&entries, "How often was I in Rome?").count, Some(0));
    let others = ask(&entries, "Who was in Rome?");
    assert_eq!(others.dates, [date(2024, 3, 1)]);
}

#[test]
fn the_nearest_entries_are_what_mentions_it_best_first_once_each() {
    let entries = [
        entry(1, "Nothing much."),
        entry(2, "Tom is in Norway. Norway is cold. Tom writes from Norway."),
        entry(3, "Rain."),
    ];
    let id = |at: usize| entries[at].id;
    let answer = ask(&entries, "Did I go to Norway?");
    assert!(answer.kind == AnswerKind::Nothing && answer.entries == [id(1)]);
    let elsewhere = ask(&entries, "Was Tom in Norway on 3 March 2024?");
    assert!(elsewhere.kind == AnswerKind::Nothing && elsewhere.entries == [id(1)]);
    assert!(ask(&entries, "Did I see a penguin?").entries.is_empty(), "nothing is near");
}

#[test]
fn what_did_not_happen_is_not_counted() {
    let entries = [entry(1, "Did not swim, the pool is closed."), entry(2, "Swam thirty lengths.")];
    let asked = |question| ask(&entries, question);
    assert!(asked("On how many days did I not swim?").kind == AnswerKind::Nothing);
    assert_eq!(asked("How often did I swim?").count, Some(1));
    assert_eq!(asked("When did I not swim?").dates, [date(2024, 3, 1)]);
}

#[test]
fn a_count_says_that_it_counts_mentions() {
    let answer = asked("How often did I mention the boiler?");
    assert_eq!(answer.text, "Entries that mention it: 2. Looked for: boiler.");
    let answer = asked("On how many days did I mention the boiler?");
    assert_eq!(answer.text, "Days that mention it: 2. Looked for: boiler.");
}

#[test]
fn weekdays_are_filters() {
    // The first of March 2024 was a Friday.
    let entries = [entry(1, "Swam."), entry(3, "Swam."), entry(10, "Swam."), entry(17, "Read.")];
    let asked = |question| ask(&entries, question);
    assert_eq!(asked("How often did I swim on Sundays?").count, Some(2));
    assert_eq!(asked("How many Fridays did I swim?").count, Some(1));
}

#[test]
fn a_way_there_is_no_event() {
    let entries = [entry(1, "Mit dem Rad nach Potsdam gefahren."), entry(9, "Regen.")];
    let answer = ask(&entries, "Bin ich nach Potsdam gefahren?");
    assert_eq!(answer.dates, [date(2024, 3, 1)]);
}

#[test]
fn what_somebody_did_is_answered_by_what_says_all_of_it() {
    let entries = [
        entry(1, "Told Marta that I am leaving."),
        entry(2, "Last day. Marta gave me a cactus."),
        entry(3, "Wrote to Marta."),
    ];
    assert_eq!(ask(&entries, "What did Marta give me?").dates, [date(2024, 3, 2)]);
    assert_eq!(ask(&entries, "What about Marta?").dates.len(), 3);
}

#[test]
fn an_initial_alone_is_nobody_else() {
    let entries = [entry(1, "Dinner with M. and Martin."), entry(2, "Met W. Hewer.")];
    let kind = |question| ask(&entries, question).kind.name();
    assert_eq!(kind("When did I last see Marta?"), "nothing");
    assert_eq!(kind("When did I last see Will Hewer?"), "answered");
}

/// An answer as given after the person said something about a name.
fn corrected(entries: &[Entry], said: &[(&str, Change)], question: &str) -> Answer {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("j");
    let mut session = Vault::create(&path, &Passphrase::new("p"), KdfParams::FLOOR).unwrap();
    let mut notes = Notes::load(&session);
    entries.iter().for_each(|entry| notes.put(entry));
    for (name, change) in said {
        notes.correct(&mut session, name, change.clone()).unwrap();
    }
    let (text, today) = (question.to_owned(), date(2024, 4, 2));
    let question = Question { text, today, before: Vec::new(), aliases: notes.merged() };
    answer(entries, &question, &[], &CancelToken::default())
}

#[test]
fn one_under_several_names_is_found_under_all_of_them() {
    let entries = [
        entry(1, "Dinner with Marta at the harbour."),
        entry(2, "Coffee with M. M. said that I looked tired. With M. home."),
        entry(3, "Lunch with Marta. My mother came with Ruth."),
        entry(4, "Walked with M. along the canal."),
        entry(5, "Dinner with Martin."),
    ];
    let merge = ("M.", Change::SameAs("Marta".into()));
    let merged = |question| corrected(&entries, std::slice::from_ref(&merge), question);
    assert_eq!(merged("When did I last see Marta?").dates, [date(2024, 3, 4)]);
    assert_eq!(merged("How often did I see Marta?").count, Some(4));
    assert_eq!(merged("How often did I see M.?").count, Some(4));
    assert_eq!(ask(&entries, "How often did I see Marta?").count, Some(2));
    let renamed = ("my mother", Change::Name("Mutti".into()));
    let renamed = corrected(&entries, &[renamed], "When did I last see Mutti?");
    assert_eq!(renamed.dates, [date(2024, 3, 3)]);
    let forgotten = [merge.clone(), ("Marta", Change::Kind(Kind::Neither))];
    assert_eq!(corrected(&entries, &forgotten, "How often did I see Marta?").count, Some(2));
}

#[test]
fn a_short_question_in_spanish_is_read_as_spanish() {
    let entries = [entry(1, "Cené con Inés."), entry(2, "Inés no vino. Fui a Toledo.")];
    assert_eq!(ask(&entries, "¿Cuántas veces vi a Inés?").count, Some(1));
    assert_eq!(ask(&entries, "¿Cuándo fui a Toledo?").dates, [date(2024, 3, 2)]);
    assert!(ask(&entries, "¿He estado en Berlín?").kind == AnswerKind::Nothing);
}

#[test]
fn relations_that_are_listed_share_their_my() {
    let entries = [entry(1, "Ugly dreams of my father and my sister and mother.")];
    assert_eq!(ask(&entries, "Did I dream of my mother?").dates, [date(2024, 3, 1)]);
}
