//! What a person may type into the search field, read and carried out.
#![no_main]
use std::cell::RefCell;

use jiff::civil::{Date, date};
use libfuzzer_sys::fuzz_target;
use vault::{
    Content, Entry, EntryId, RevisionId,
    search::{Index, Query, time},
};

const TODAY: Date = date(2026, 3, 1);

thread_local! {
    static JOURNAL: RefCell<(Index, Vec<Entry>)> = RefCell::new(journal());
}

fuzz_target!(|text: &str| {
    for span in time::parse_time(text, TODAY) {
        assert!(text.get(span.range.clone()).is_some(), "a span that is no text");
    }
    for typing in [false, true] {
        let query = Query::parse(text, TODAY, typing);
        JOURNAL.with_borrow(|(index, entries)| {
            let text_of = |id| entries.iter().find(|entry| entry.id == id).cloned();
            let found = index.search(&query, 10, &mut { text_of });
            assert!(found.hits.len() <= found.total && found.total <= entries.len());
            for hit in found.hits {
                for range in hit.snippet.highlights {
                    assert!(hit.snippet.text.get(range).is_some(), "a highlight that is no text");
                }
            }
        });
    }
});

fn journal() -> (Index, Vec<Entry>) {
    let texts = [
        "Rain all day; the garden is a pond.",
        "Größe, Straße, naïve café: 日記を書いた。",
        "Anna and I walked by the sea until 2021 was a memory.",
        "",
    ];
    let mut index = Index::new();
    let entries: Vec<_> = texts.iter().zip(1..).map(|(text, n)| entry(text, n)).collect();
    entries.iter().for_each(|entry| index.put(entry));
    (index, entries)
}

fn entry(text: &str, n: u8) -> Entry {
    let tags = vec!["garden".to_owned(), "person/Anna".to_owned()];
    let content = Content {
        text: text.to_owned(),
        tags,
        mood: Some(n),
        starred: n == 2,
        kept_from_model: false,
        ..Content::new(date(2021, n.cast_signed(), 1))
    };
    Entry { id: EntryId([n; 16]), revision: RevisionId([n; 16]), content }
}
