//! Who and what is found in small journals, and in one that was read and judged by hand.
use std::collections::BTreeSet;

use serde_json::Value;
use vault::{Content, Entry, EntryId, RevisionId};

use super::*;

const MODERN: &str = include_str!("../../../tests/data/modern.jsonl");
const JUDGED: &str = include_str!("../../../tests/data/names.jsonl");

fn entries<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<Entry> {
    let entry = |(at, (date, text)): (usize, (&str, &str))| {
        let mut id = [1; 16];
        id[..8].copy_from_slice(&(at as u64).to_be_bytes());
        let content = Content { text: text.to_owned(), ..Content::new(date.parse().unwrap()) };
        Entry { id: EntryId(id), revision: RevisionId(id), content }
    };
    texts.into_iter().enumerate().map(entry).collect()
}

fn found(entries: &[Entry]) -> Overview {
    let mut insight = Insight::default();
    entries.iter().for_each(|entry| insight.put(entry));
    insight.overview(&Corrections::default())
}

fn names(named: &[Named]) -> Vec<&str> {
    named.iter().map(|named| named.name.as_str()).collect()
}

#[test]
fn names_of_a_judged_journal_are_found_and_hardly_anything_else() {
    let lines: Vec<Value> =
        MODERN.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let texts = lines.iter().map(|it| (it["date"].as_str().unwrap(), it["text"].as_str().unwrap()));
    let entries = entries(texts);
    let overview = found(&entries);
    let told = |named: &[Named], kind: &str| -> BTreeSet<String> {
        let of = named.iter().flat_map(|it| it.evidence.iter().map(move |at| (at.date, &it.name)));
        of.map(|(date, name)| format!("{date} {kind} {name}")).collect()
    };
    let mut found = told(&overview.people, "people");
    found.extend(told(&overview.places, "places"));
    let mut wanted = BTreeSet::new();
    for line in JUDGED.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        for kind in ["people", "places"] {
            let date = line["date"].as_str().unwrap();
            let names = line[kind].as_array().unwrap().iter();
            wanted.extend(names.map(|it| format!("{date} {kind} {}", it.as_str().unwrap())));
        }
    }
    let right = found.intersection(&wanted).count();
    println!("{right} of {} found are right, {} are to be found", found.len(), wanted.len());
    println!("wrong: {:?}", found.difference(&wanted).collect::<Vec<_>>());
    println!("missed: {:?}", wanted.difference(&found).collect::<Vec<_>>());
    assert!(right * 100 >= found.len() * 95, "precision");
    assert!(right * 100 >= wanted.len() * 90, "recall");
}

#[test]
fn a_word_that_only_begins_sentences_is_no_name() {
    let overview = found(&entries([
        ("2024-01-01", "Presentation went okay. Therapy said nothing new. Bread with Marta."),
        (
            "2024-01-02",
            "Garden work with Marta. In March we talked about the presentation in German.",
        ),
        ("2024-01-03", "The Monday after Christmas. God knows. Netflix said no."),
    ]));
    assert_eq!(names(&overview.people), ["Marta"]);
    assert_eq!(names(&overview.places), Vec::<&str>::new());
}

#[test]
fn one_person_is_one_however_written() {
    let overview = found(&entries([
        ("2024-01-01", "Met Mr. Okafor. Okafor said it will rain. Walked with Captain Cocke."),
        ("2024-01-02", "At dinner Mr Okafor told us of Anna Berger. Later we called Capt. Cocke."),
        (
            "2024-01-03",
            "With Anna and my mother to the lake. Mum laughed, and my father’s hat flew.",
        ),
    ]));
    let ways = |name: &str| {
        let named = overview.people.iter().find(|it| it.name == name);
        named.map(|it| (it.ways.clone(), it.evidence.len()))
    };
    let owned = |ways: &[&str]| ways.iter().map(|&way| way.to_owned()).collect::<Vec<_>>();
    assert_eq!(ways("Mr Okafor"), Some((owned(&["mr okafor", "okafor"]), 2)));
    assert_eq!(ways("Anna Berger").map(|(ways, _)| ways.len()), Some(2));
    assert_eq!(overview.people.iter().filter(|it| it.name.ends_with("Cocke")).count(), 1);
    assert_eq!(ways("my mother").map(|(_, entries)| entries), Some(1), "Mum is the same");
    assert!(ways("my father").is_some());
}

#[test]
fn nouns_of_a_german_journal_are_no_names() {
    let overview = found(&entries([
        ("2024-01-01", "Mit Freude gekocht. Das Wetter war gut, und Herr Weber kam vorbei."),
        (
            "2024-01-02",
            "In Eile nach Hause. Streit mit Miriam wegen Geld. Am Abend mit Oma telefoniert.",
        ),
        (
            "2024-01-03",
            "Nach Feierabend mit meiner Schwester nach Hamburg gefahren. Sie sagte nichts.",
        ),
    ]));
    let people: BTreeSet<&str> = names(&overview.people).into_iter().collect();
    assert_eq!(people, BTreeSet::from(["Herr Weber", "Miriam", "Oma", "meiner Schwester"]));
    assert_eq!(names(&overview.places), ["Hamburg"]);
}

#[test]
fn an_entry_that_changes_or_goes_takes_its_names_along() {
    let written =
        entries([("2024-01-01", "Lunch with Marta."), ("2024-01-02", "Lunch with Ruth.")]);
    let mut insight = Insight::default();
    written.iter().for_each(|entry| insight.put(entry));
    let mut changed = written[0].clone();
    changed.content.text = "Lunch with Oscar.".to_owned();
    insight.put(&changed);
    insight.remove(written[1].id);
    assert_eq!(names(&insight.overview(&Corrections::default()).people), ["Oscar"]);
}

#[test]
fn a_month_stands_out_by_the_words_it_has_more_often_than_others() {
    let mut texts = Vec::new();
    for day in 10..28 {
        texts.push((format!("2024-01-{day}"), "Rain, work, a walk in the fields."));
        texts.push((format!("2024-02-{day}"), "Work again. The roof leaks and the roofers came."));
    }
    let texts = texts.iter().map(|(date, text)| (date.as_str(), *text));
    let overview = found(&entries(texts));
    let (month, themes) = &overview.themes[0];
    assert_eq!(month.to_string(), "2024-02-01");
    let words: Vec<&str> = themes.iter().map(|it| it.word.as_str()).collect();
    assert!(words.contains(&"roof") && !words.contains(&"work"), "{words:?}");
    assert_eq!(themes[0].entries.len(), 18);
}

fn open(texts: &[(&str, &str)], today: &str) -> Vec<String> {
    let loops = open_loops(&entries(texts.iter().copied()), today.parse().unwrap());
    loops.into_iter().map(|open| format!("{} {}", open.due, open.sentence)).collect()
}

#[test]
fn what_one_wanted_to_do_is_open_until_it_is_mentioned_again() {
    let wish = ("2024-01-08", "Dad was here. I want to ring him this week.");
    assert_eq!(open(&[wish], "2024-01-20"), ["2024-01-15 I want to ring him this week."]);
    assert!(open(&[wish, ("2024-01-12", "Called Dad. It went well.")], "2024-01-20").is_empty());
    let other = ("2024-01-12", "Called the plumber, he will come.");
    assert_eq!(open(&[wish, other], "2024-01-20").len(), 1, "that was somebody else");
    assert!(open(&[wish], "2024-06-20").is_empty(), "after a season it is let go");
    assert!(open(&[wish], "2024-01-07").is_empty(), "it is not written yet");
}

#[test]
fn intentions_are_told_in_four_languages() {
    for text in [
        "Tomorrow I will bake the bread for Ruth.",
        "I still haven't answered the letter about the garden.",
        "Am Sonntag will ich Oma das Fotoalbum mitbringen.",
        "Je voudrais écrire à Claire demain.",
        "Mañana tengo que llamar a mi hermana.",
    ] {
        assert_eq!(open(&[("2024-03-01", text)], "2024-03-20").len(), 1, "{text}");
    }
}

#[test]
fn what_is_no_intention_is_none() {
    for text in [
        "He says I should call the bank.",
        "She told me that I must rest.",
        "“I will come on Monday,” said Ruth.",
        "Should I sell the car?",
        "I will not sell the car.",
        "I must have slept badly.",
        "I should have called the bank.",
        "I must admit.",
        "If I want to see her alive, I must visit Kate at once.",
        "It is a mark more easy to make, which therefore I must use in the ledger.",
        "I will carry the business on as far as I can.",
        "I must here remember that Ruth was kind.",
        "Tomorrow I will buy a rope. I don't want to be here anymore.",
        "Er ist noch nicht gekommen.",
    ] {
        assert_eq!(open(&[("2024-03-01", text)], "2024-03-20"), Vec::<String>::new(), "{text}");
    }
}
