//! The index against a plain scan of all texts, and against whatever anybody may type.
use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// No two share a stem or are near to each other.
const WORDS: [&str; 8] = ["rain", "boat", "king", "moon", "tree", "glass", "wolf", "æon"];

/// What is asked, as data.
#[derive(Clone, Debug)]
enum Part {
    /// Words, one of which must be there.
    Either(Vec<usize>),
    Phrase(Vec<usize>),
    Not(usize),
    NotPhrase(Vec<usize>),
    Mood(u8),
    NotStarred,
    Before(u8),
}

impl Part {
    fn typed(&self) -> String {
        let join = |words: &[usize], joint| {
            words.iter().map(|&word| WORDS[word]).collect::<Vec<_>>().join(joint)
        };
        match self {
            Self::Either(words) => join(words, " OR "),
            Self::Phrase(words) => format!("\"{}\"", join(words, " ")),
            Self::Not(word) => format!("-{}", WORDS[*word]),
            Self::NotPhrase(words) => format!("-\"{}\"", join(words, " ")),
            Self::Mood(least) => format!("mood:>={least}"),
            Self::NotStarred => "-is:starred".into(),
            Self::Before(number) => format!("before:{}", entry(*number, "").content.date),
        }
    }

    fn is_wanted(&self) -> bool {
        matches!(self, Self::Either(_) | Self::Phrase(_))
    }

    fn holds(&self, entry: &Entry) -> bool {
        let content = &entry.content;
        let words: Vec<&str> = content.text.split_whitespace().collect();
        let has = |phrase: &[usize]| {
            words.windows(phrase.len()).any(|window| {
                window.iter().zip(phrase).all(|(word, &number)| *word == WORDS[number])
            })
        };
        match self {
            Self::Either(either) => either.iter().any(|&word| has(&[word])),
            Self::Phrase(phrase) => has(phrase),
            Self::Not(word) => !has(&[*word]),
            Self::NotPhrase(phrase) => !has(phrase),
            Self::Mood(least) => content.mood.is_some_and(|mood| mood >= *least),
            Self::NotStarred => !content.starred,
            Self::Before(number) => content.date < super::entry(*number, "").content.date,
        }
    }
}

/// What a plain scan finds: all that is asked, or else some of the words.
fn scan(entries: &HashMap<EntryId, Entry>, parts: &[Part]) -> BTreeSet<EntryId> {
    let (wanted, other): (Vec<&Part>, Vec<&Part>) = parts.iter().partition(|part| part.is_wanted());
    let find = |enough: &dyn Fn(&Entry) -> bool| -> BTreeSet<EntryId> {
        let allowed = entries.values().filter(|entry| other.iter().all(|part| part.holds(entry)));
        allowed.filter(|entry| enough(entry)).map(|entry| entry.id).collect()
    };
    let all = find(&|entry| wanted.iter().all(|part| part.holds(entry)));
    if !all.is_empty() {
        return all;
    }
    find(&|entry| wanted.iter().any(|part| part.holds(entry)))
}

fn part() -> impl Strategy<Value = Part> {
    let word = 0..WORDS.len();
    let phrase = prop::collection::vec(word.clone(), 1..4);
    prop_oneof![
        4 => prop::collection::vec(word.clone(), 1..3).prop_map(Part::Either),
        2 => phrase.clone().prop_map(Part::Phrase),
        1 => word.prop_map(Part::Not),
        1 => phrase.prop_map(Part::NotPhrase),
        1 => (1..=5_u8).prop_map(Part::Mood),
        1 => Just(Part::NotStarred),
        1 => (0..8_u8).prop_map(Part::Before),
    ]
}

/// An entry that may take the place of an earlier one; without words, it removes that.
fn change() -> impl Strategy<Value = (u8, Vec<usize>, Option<u8>, bool)> {
    let words = prop::collection::vec(0..WORDS.len(), 0..8);
    (0..8_u8, words, prop::option::of(1..=5_u8), any::<bool>())
}

fn apply(corpus: &mut Corpus, (number, words, mood, starred): (u8, Vec<usize>, Option<u8>, bool)) {
    let text: Vec<&str> = words.iter().map(|&word| WORDS[word]).collect();
    let mut entry = entry(number, &text.join(" "));
    entry.content.mood = mood;
    entry.content.starred = starred;
    if words.is_empty() {
        corpus.index.remove(entry.id);
        corpus.entries.remove(&entry.id);
    } else {
        corpus.put(entry);
    }
}

/// Texts and queries made of what the parsers look for.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,6}",
        "[a-cA-C'’ -]{0,8}",
        prop::sample::select(vec![
            "tag:",
            "mood:<",
            "\"",
            "-",
            "OR",
            "|",
            "on:",
            "before:2021-",
            "ßẞİı",
            "e\u{301}\u{301}",
            "东京都",
            "カ\u{3099}",
            "\u{1112}\u{1161}\u{11ab}",
            "ไทย",
            "👩\u{200d}👩",
            "\u{ad}",
            "\u{640}",
            "\n\t",
            "ﷺ",
            "last week",
            "ⅷ",
            "\u{0}",
            "''''",
            "½",
            "\u{1f3fb}",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn finds_what_a_scan_finds(
        changes in prop::collection::vec(change(), 0..16),
        parts in prop::collection::vec(part(), 1..5),
    ) {
        let mut corpus = Corpus::new();
        changes.into_iter().for_each(|change| apply(&mut corpus, change));
        let query = parts.iter().map(Part::typed).collect::<Vec<_>>().join(" ");
        let results = corpus.search(&query, false);
        let found: BTreeSet<EntryId> = results.hits.iter().map(|hit| hit.id).collect();
        prop_assert_eq!(results.total, found.len());
        prop_assert_eq!(found, scan(&corpus.entries, &parts), "{}", query);
    }

    #[test]
    fn any_query_over_any_text_is_answered(
        texts in prop::collection::vec((hostile(), hostile()), 0..6),
        query in hostile(),
        typing in any::<bool>(),
    ) {
        let mut corpus = Corpus::new();
        let mut again = Corpus::new();
        for (number, (title, text)) in (0..).zip(texts) {
            let mut entry = entry(number, &text);
            entry.content.title = title.clone();
            entry.content.tags = vec![title];
            corpus.put(entry.clone());
            again.put(entry);
        }
        let results = corpus.search(&query, typing);
        for hit in &results.hits {
            let Snippet { text, highlights } = &hit.snippet;
            prop_assert!(!text.contains(['\n', '\r', '\t']));
            let mut end = 0;
            for range in highlights {
                prop_assert!(range.start >= end && text.get(range.clone()).is_some_and(|t| !t.is_empty()));
                end = range.end;
            }
        }
        prop_assert!(results.hits.len() <= results.total);
        prop_assert!(results == again.search(&query, typing));
    }

    #[test]
    fn a_word_of_a_text_is_found(text in hostile()) {
        let corpus = Corpus::of(&[&text]);
        let mut folded = String::new();
        for range in tokenize::Tokens::new(&text) {
            tokenize::fold(&text[range.clone()], &mut folded);
            if !folded.is_empty() {
                prop_assert_eq!(corpus.found(&format!("\"{}\"", &text[range])), [0]);
            }
        }
    }
}
