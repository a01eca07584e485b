//! Questions that a person answered: kept with the entry, apart from its text, when they choose so.
use serde::{Deserialize, Serialize};
use vault::Content;

/// The name among what an entry holds besides its text.
const NAME: &str = "dialogue";

/// A question and what the person answered. No `Debug`: it is text of the journal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The question.
    pub question: String,
    /// The answer, the person's own words.
    pub answer: String,
}

/// What is kept with an entry, oldest first.
#[must_use]
pub fn kept(content: &Content) -> Vec<Exchange> {
    let value = content.extra.get(NAME).cloned();
    value.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default()
}

/// Keeps exchanges with an entry, after those that it has; none leaves it as it is.
pub fn keep(content: &mut Content, exchanges: &[Exchange]) {
    let mut all = kept(content);
    all.extend_from_slice(exchanges);
    if let (Ok(value), false) = (serde_json::to_value(&all), exchanges.is_empty()) {
        content.extra.insert(NAME.to_owned(), value);
    }
}

/// Takes what is kept away from an entry.
pub fn drop_kept(content: &mut Content) {
    content.extra.remove(NAME);
}

/// Exchanges as text of the entry: each question quoted, then the answer.
#[must_use]
pub fn as_text(exchanges: &[Exchange]) -> String {
    let one = |it: &Exchange| format!("> {}\n\n{}", it.question, it.answer.trim());
    exchanges.iter().map(one).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exchanges_are_kept_apart_from_the_text() {
        let exchange = |n: &str| Exchange { question: format!("Why {n}?"), answer: n.to_owned() };
        let mut content = Content::new(jiff::civil::date(2024, 3, 1));
        content.text = "I rang him.".to_owned();
        keep(&mut content, &[exchange("one")]);
        keep(&mut content, &[exchange("two")]);
        assert!(kept(&content) == [exchange("one"), exchange("two")]);
        assert!(content.text == "I rang him.");
        drop_kept(&mut content);
        assert!(kept(&content).is_empty());
    }

    #[test]
    fn as_text_only_the_questions_are_quoted() {
        let exchange = Exchange { question: "Why?".into(), answer: "Because.\n".into() };
        assert_eq!(as_text(&[exchange]), "> Why?\n\nBecause.");
    }
}
