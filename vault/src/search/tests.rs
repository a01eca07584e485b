mod diary;
mod properties;

use std::collections::HashMap;

use jiff::civil::{Date, date};

use super::*;
use crate::{Content, RevisionId};

pub(super) const TODAY: Date = date(2026, 11, 22);

/// An index with the entries it was made of.
pub(super) struct Corpus {
    pub(super) index: Index,
    pub(super) entries: HashMap<EntryId, Entry>,
}

impl Corpus {
    pub(super) fn new() -> Self {
        Self { index: Index::new(), entries: HashMap::new() }
    }

    pub(super) fn of(texts: &[&str]) -> Self {
        let mut corpus = Self::new();
        for (number, text) in (0..).zip(texts) {
            corpus.put(entry(number, text));
        }
        corpus
    }

    pub(super) fn put(&mut self, entry: Entry) {
        self.index.put(&entry);
        self.entries.insert(entry.id, entry);
    }

    pub(super) fn search(&self, query: &str, typing: bool) -> Results {
        let query = Query::parse(query, TODAY, typing);
        self.index.search(&query, 20, &mut |id| self.entries.get(&id).cloned())
    }

    /// The numbers of the entries found, best first.
    pub(super) fn found(&self, query: &str) -> Vec<u8> {
        self.search(query, false).hits.iter().map(|hit| hit.id.0[0]).collect()
    }
}

pub(super) fn entry(number: u8, text: &str) -> Entry {
    let mut id = [0; 16];
    id[0] = number;
    let content = Content {
        date: date(2026, 1, 1).saturating_add(jiff::Span::new().days(i64::from(number))),
        time: None,
        zone: None,
        title: String::new(),
        text: text.to_owned(),
        tags: Vec::new(),
        mood: None,
        starred: false,
        kept_from_model: false,
        extra: serde_json::Map::new(),
    };
    Entry { id: EntryId(id), revision: RevisionId(id), content }
}

fn sorted(mut found: Vec<u8>) -> Vec<u8> {
    found.sort_unstable();
    found
}

#[test]
fn finds_words_in_any_form() {
    let corpus = Corpus::of(&["We walked by the sea", "Walking is good", "A talk", "WALK!"]);
    assert_eq!(sorted(corpus.found("walk")), [0, 1, 3]);
    assert_eq!(corpus.found("walk")[0], 3, "the form typed comes first");
    assert_eq!(corpus.found("walked sea"), [0]);
    assert_eq!(corpus.found("\"walk\""), [3]);
}

#[test]
fn folds_case_diacritics_and_apostrophes() {
    let corpus = Corpus::of(&["Café à Zürich, Łódź", "Anna’s l’été", "I don’t", "ﬁne Ｆｕｌｌ"]);
    for (query, entry) in
        [("cafe", 0), ("CAFÉ", 0), ("zurich lodz", 0), ("anna", 1), ("été", 1), ("don't", 2)]
    {
        assert_eq!(corpus.found(query), [entry], "{query}");
    }
    assert_eq!(corpus.found("fine full"), [3]);
    assert_eq!(corpus.found("\"cafe a zurich\""), [0]);
}

#[test]
fn finds_runs_of_scripts_without_spaces() {
    let corpus =
        Corpus::of(&["今日は東京都に行った", "京都の寺", "ประเทศไทยสวยงาม", "한국어를 배운다"]);
    assert_eq!(sorted(corpus.found("京都")), [0, 1]);
    assert_eq!(corpus.found("東京"), [0]);
    assert_eq!(corpus.found("寺"), [1]);
    assert_eq!(corpus.found("京 寺"), [1]);
    assert_eq!(corpus.found("ไทย"), [2]);
    assert_eq!(corpus.found("국어"), [3]);
}

#[test]
fn finds_what_is_written_without_spaces_by_pairs_where_nothing_has_it_whole() {
    let corpus = Corpus::of(&["東京へ旅行した", "東京旅行", "京都の寺"]);
    assert_eq!(corpus.found("東京旅行"), [1]);
    assert_eq!(sorted(corpus.found("東京の旅行")), [0, 1]);
    assert!(corpus.found("\"東京の旅行\"").is_empty());
}

#[test]
fn stems_by_the_language_of_the_entry() {
    let corpus = Corpus::of(&[
        "Ich habe heute die Häuser und den Garten gesehen, es war nicht weit",
        "Nous avons mangé avec les amis et je suis allé dans la maison",
        "Сегодня я был на работе, и это было не так",
    ]);
    assert_eq!(corpus.found("Haus"), [0]);
    assert_eq!(corpus.found("manger"), [1]);
    assert_eq!(corpus.found("работа"), [2]);
}

#[test]
fn reads_operators() {
    let corpus = Corpus::of(&["rain and wind", "rain and snow", "snow", "the sea by rain"]);
    assert_eq!(sorted(corpus.found("rain -snow")), [0, 3]);
    assert_eq!(sorted(corpus.found("wind OR snow")), [0, 1, 2]);
    assert_eq!(sorted(corpus.found("rain wind OR snow")), [0, 1]);
    assert_eq!(sorted(corpus.found("-rain")), [2]);
    assert_eq!(corpus.found("\"rain by\""), [0_u8; 0]);
    assert_eq!(corpus.found("rain -\"and wind\" -snow"), [3]);
}

#[test]
fn falls_back_to_some_of_the_words() {
    let corpus = Corpus::of(&["rain and wind", "wind alone", "nothing"]);
    assert_eq!(corpus.found("rain wind tornado"), [0, 1]);
}

#[test]
fn corrects_what_was_mistyped() {
    let corpus = Corpus::of(&["we had breakfast", "a long dinner", "fast"]);
    assert_eq!(corpus.found("braekfast"), [0]);
    assert_eq!(corpus.found("dinnre long"), [1]);
    let hit = &corpus.search("brekf", true).hits[0];
    assert!(hit.why == Why::Words(vec!["breakfast".into()]));
}

#[test]
fn filters_before_ranking() {
    let mut corpus = Corpus::new();
    for number in 0..10 {
        let mut entry = entry(number, "the same text");
        entry.content.mood = (number < 6).then_some(number);
        entry.content.starred = number == 3;
        entry.content.tags = vec![["Work/Garden", "Übung"][usize::from(number % 2)].into()];
        entry.content.extra.insert("journal".into(), "Travel".into());
        corpus.put(entry);
    }
    assert_eq!(corpus.found("mood:<3"), [2, 1]);
    assert_eq!(corpus.found("same mood:>=4"), [5, 4]);
    assert_eq!(corpus.found("is:starred"), [3]);
    assert_eq!(corpus.found("tag:work mood:4"), [4]);
    assert_eq!(corpus.found("tag:ubung mood:1-3"), [3, 1]);
    assert_eq!(corpus.found("-is:starred mood:3"), [0_u8; 0]);
    assert_eq!(corpus.found("has:photo"), [0_u8; 0]);
    let file = |number, media_type: &str| (entry(number, "").id, media_type.to_owned());
    corpus.index.set_files([file(2, "image/jpeg"), file(3, "audio/ogg")]);
    assert_eq!(corpus.found("has:photo"), [2]);
    assert_eq!(corpus.found("has:file -has:photo"), [3]);
    assert_eq!(corpus.found("in:travel mood:2"), [2]);
    assert_eq!(corpus.found("on:2026-01-05"), [4]);
    assert_eq!(corpus.found("before:2026-01-03"), [1, 0]);
    assert_eq!(corpus.found("after:2026-01-08 before:2027"), [9, 8]);
    assert_eq!(corpus.search("on:2026", false).total, 10);
    assert!(corpus.search("on:2026", false).hits[0].why == Why::Filter);
}

#[test]
fn snippets_show_the_hits_on_one_line() {
    let filler = "word ".repeat(200);
    let corpus = Corpus::of(&[&format!("{filler}\n\nthe **red**\tboat, at sea. {filler}")]);
    let snippet = &corpus.search("boat red", false).hits[0].snippet;
    let shown: Vec<&str> =
        snippet.highlights.iter().map(|range| &snippet.text[range.clone()]).collect();
    assert_eq!(shown, ["red", "boat"]);
    assert!(snippet.text.contains("the **red** boat, at sea. word"));
    assert!(snippet.text.starts_with('…') && snippet.text.ends_with('…'));
}

#[test]
fn put_replaces_and_remove_removes() {
    let mut corpus = Corpus::of(&["old words", "other"]);
    for _ in 0..600 {
        corpus.put(entry(0, "new words"));
    }
    assert_eq!(corpus.found("new"), [0]);
    assert_eq!(corpus.found("old"), [0_u8; 0]);
    corpus.index.remove(EntryId([0; 16]));
    assert_eq!(corpus.found("words"), [0_u8; 0]);
    assert_eq!(corpus.index.len(), 1);
}

#[test]
fn meaning_brings_in_what_words_miss() {
    let mut corpus = Corpus::new();
    let mut passages = Passages::new(4);
    for number in 0..60 {
        let text = match number {
            7 => "A dog.\nIt barked all night",
            8 => "the puppy was loud",
            _ => "nothing of note",
        };
        let mut entry = entry(number, text);
        entry.content.starred = number == 7;
        // All lie about one way, and the one of the puppy the other.
        let vector = if number == 8 {
            [0.0, 1.0, 0.0, 0.0]
        } else {
            [1.0, 0.1, 0.0, f32::from(number) / 500.0]
        };
        passages.put(entry.id, [(0..entry.content.text.len(), &vector[..])]);
        corpus.put(entry);
    }
    let near = passages.nearest(&[0.0, 1.0, 0.0, 0.0]);
    let search = |query: &str| {
        let query = Query::parse(query, TODAY, false);
        let text_of = &mut |id| corpus.entries.get(&id).cloned();
        corpus.index.search_near(&query, &near, 20, text_of)
    };
    let results = search("dog");
    let found: Vec<u8> = results.hits.iter().map(|hit| hit.id.0[0]).collect();
    assert_eq!((results.total, found.len()), (2, 2));
    assert!(found.contains(&7) && found.contains(&8));
    let by_meaning = results.hits.iter().find(|hit| hit.id.0[0] == 8);
    assert!(by_meaning.is_some_and(|hit| hit.why == Why::Meaning("the puppy was loud".into())));
    assert_eq!(search("dog is:starred").total, 1, "conditions hold for meaning too");
    assert_eq!(search("dog -puppy").total, 1);
    assert!(search("is:starred").hits[0].why == Why::Filter);
}

#[test]
fn words_that_stand_together_are_trusted_and_words_strewn_over_an_entry_are_not() {
    let strewn = format!("green {} door", "of other things ".repeat(20));
    let mut corpus = Corpus::of(&["the green door", &strewn, "an emerald gate"]);
    let mut passages = Passages::new(2);
    for (number, vector) in [(0, [1.0, 0.0]), (1, [1.0, 0.0]), (2, [0.0, 1.0])] {
        passages.put(entry(number, "").id, [(0..3, &vector[..])]);
    }
    let near = passages.nearest(&[0.0, 1.0]);
    let found = |corpus: &Corpus, query: &str| -> Vec<u8> {
        let text_of = &mut |id| corpus.entries.get(&id).cloned();
        let query = Query::parse(query, TODAY, false);
        let results = corpus.index.search_near(&query, &near, 20, text_of);
        results.hits.iter().map(|hit| hit.id.0[0]).collect()
    };
    assert_eq!(found(&corpus, "green door"), [0, 2, 1]);
    assert_eq!(found(&corpus, "door"), [0, 1, 2], "one word is always together");
    corpus.index.remove(entry(0, "").id);
    assert_eq!(found(&corpus, "green door"), [2, 1]);
}

#[test]
fn what_is_only_somewhat_near_is_found_where_no_entry_has_all_words() {
    let corpus = Corpus::of(&["the green door", "an emerald gate"]);
    let near = |number: u8| Near {
        id: entry(number, "").id,
        range: 0..3,
        similarity: 0.4,
        deviation: 2.0,
    };
    let total = |query: &str| {
        let text_of = &mut |id| corpus.entries.get(&id).cloned();
        corpus.index.search_near(&Query::parse(query, TODAY, false), &[near(1)], 20, text_of).total
    };
    assert_eq!((total("green door"), total("green window")), (1, 2));
}
