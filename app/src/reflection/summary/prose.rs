//! A summary as text to read: own words joined into one quotation, a day before what is of it.
use jiff::civil::Date;

use crate::reflection::Told;

/// The sentences as paragraphs, one a day where there are several; the day stands before each.
#[must_use]
pub fn text(sentences: &[Told]) -> String {
    let date = |told: &Told| told.sources.first().map(|source| source.date);
    let has_days = sentences.iter().any(|told| date(told) != sentences.first().and_then(date));
    let mut paragraphs = Vec::new();
    for run in sentences.chunk_by(|a, b| date(a) == date(b)) {
        let words = joined(run);
        match run.first().and_then(date).filter(|_| has_days) {
            Some(date) => paragraphs.push(format!("{}: {words}", day(date))),
            None => paragraphs.push(words),
        }
    }
    paragraphs.join("\n")
}

fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// Sentences of one day: what is quoted in a row stands in one pair of quotation marks, with `…` where
/// something was left out.
fn joined(run: &[Told]) -> String {
    let mut text = String::new();
    for (at, told) in run.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &run[before]);
        let goes_on = told.quoted && before.is_some_and(|before| before.quoted);
        if at > 0 {
            text.push_str(match (goes_on, before.is_some_and(|before| follows(before, told))) {
                (true, false) => " … ",
                _ => " ",
            });
        }
        if told.quoted && !goes_on {
            text.push('“');
        }
        text.push_str(&told.text);
        let ends = run.get(at + 1).is_none_or(|next| !next.quoted);
        if told.quoted && ends {
            text.push('”');
        }
    }
    text
}

/// Whether nothing but blanks stands between two sentences of an entry.
fn follows(before: &Told, told: &Told) -> bool {
    let (Some(before), Some(source)) = (before.sources.last(), told.sources.first()) else {
        return false;
    };
    let end = before.start + before.text.len();
    before.entry == source.entry && (end..=end + 2).contains(&source.start)
}
