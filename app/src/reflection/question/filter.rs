//! What a question must be before it is shown: about this entry, new, and one a careful listener would ask.
use std::collections::HashSet;

use crate::reflection::{
    language::Lexicon,
    words::{Word, words},
};

/// Two questions that share more of their words than this are the same.
const SAME: f32 = 0.7;

/// Whether nothing was asked about a phrase before.
#[must_use]
pub fn is_fresh(phrase: &str, asked_before: &[String], lexicon: &Lexicon) -> bool {
    // "want" and "think" are not what a phrase is about, and a question may do without them.
    let about = |w: &Word| w.carries() && !lexicon.has("bland", &w.lower);
    let said: HashSet<String> =
        words(phrase, lexicon).into_iter().filter(about).map(|w| w.stem).collect();
    asked_before.iter().all(|old| {
        let before = stems(old, lexicon);
        !old.contains(phrase) && (said.len() < 2 || !said.is_subset(&before))
    })
}

/// Whether nothing like `question` was asked before.
#[must_use]
pub fn is_new(question: &str, asked_before: &[String], lexicon: &Lexicon) -> bool {
    let stems = stems(question, lexicon);
    asked_before.iter().all(|old| {
        let before = self::stems(old, lexicon);
        let shared = stems.intersection(&before).count() as f32;
        let all = stems.union(&before).count().max(1) as f32;
        shared / all < SAME
    })
}

fn stems(text: &str, lexicon: &Lexicon) -> HashSet<String> {
    words(text, lexicon).into_iter().filter(|w| w.carries()).map(|w| w.stem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reflection::language::Language;

    #[test]
    fn a_question_is_not_asked_twice() {
        let lexicon = Language::English.lexicon();
        let asked = ["What would you say first when you call Anna back?".to_owned()];
        assert!(!is_new("When you call Anna back, what would you say first?", &asked, lexicon));
        assert!(is_new("What led up to the moment when the garden was sold?", &asked, lexicon));
    }

    #[test]
    fn a_phrase_is_not_asked_about_twice() {
        let lexicon = Language::English.lexicon();
        let asked = ["What stops you from calling Anna back?".to_owned()];
        assert!(!is_fresh("I want to call Anna back", &asked, lexicon));
        assert!(is_fresh("I want to call Peter back", &asked, lexicon));
    }
}
