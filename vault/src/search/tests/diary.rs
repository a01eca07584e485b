//! The index over a real ten-year diary, where there is one.
use super::*;

/// The folder `INGLENOOK_TEST_DATA` names, or `shared/data` beside the repository.
fn diary() -> Option<Vec<Entry>> {
    let folder = std::env::var("INGLENOOK_TEST_DATA")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data").into());
    let Ok(lines) = std::fs::read_to_string(format!("{folder}/pepys.jsonl")) else {
        println!("no diary to search: INGLENOOK_TEST_DATA names no folder with pepys.jsonl");
        return None;
    };
    let read = |(number, line): (u32, &str)| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let mut entry = entry(0, line["text"].as_str().unwrap());
        entry.id.0[..4].copy_from_slice(&number.to_be_bytes());
        entry.content.date = line["date"].as_str().unwrap().parse().unwrap();
        entry
    };
    Some((0..).zip(lines.lines()).map(read).collect())
}

#[test]
fn a_real_diary_is_searched_rightly() {
    let Some(entries) = diary() else { return };
    let mut corpus = Corpus::new();
    entries.into_iter().for_each(|entry| corpus.put(entry));
    let folded: Vec<(Date, String)> = corpus
        .entries
        .values()
        .map(|entry| (entry.content.date, tokenize::fold_text(&entry.content.text)))
        .collect();
    let count = |matches: &dyn Fn(Date, &str) -> bool| {
        folded.iter().filter(|(date, text)| matches(*date, &format!(" {text} "))).count()
    };
    let total = |query: &str, typing| corpus.search(query, typing).total;

    assert_eq!(total("\"and so to bed\"", false), count(&|_, t| t.contains(" and so to bed ")));
    assert_eq!(
        total("\"plague\" -\"wife\"", false),
        count(&|_, text| { text.contains(" plague ") && !text.contains(" wife ") })
    );
    assert_eq!(total("\"my w", true), count(&|_, text| text.contains(" my w")));
    assert_eq!(total("q", true), count(&|_, text| text.contains(" q")));
    assert_eq!(
        total("on:1666-09", false),
        count(&|date, _| date.year() == 1666 && date.month() == 9)
    );
    assert_eq!(
        total("fire september 1666", false),
        count(&|date, text| {
            date.year() == 1666
                && date.month() == 9
                && [" fire ", " fires ", " fired ", " firing "]
                    .iter()
                    .any(|form| text.contains(form))
        })
    );
    let best = corpus.search("the great fire of London", true).hits;
    assert!(best.iter().take(3).any(|hit| hit.date.year() == 1666 && hit.date.month() == 9));
    assert!(best.windows(2).all(|pair| pair[0].score >= pair[1].score));
}
