//! What a question must be before it is shown: about this entry, new, and one a careful listener would ask.
use std::collections::HashSet;

use crate::reflection::{
    language::Lexicon,
    words::{Class, plain, words},
};

/// Two questions that share more of their words than this are the same.
const SAME: f32 = 0.7;

/// Whether nothing like `question`, and nothing on its phrase, was asked before.
#[must_use]
pub fn is_new(question: &str, rests_on: &str, asked_before: &[String], lexicon: &Lexicon) -> bool {
    let stems = stems(question, lexicon);
    asked_before.iter().all(|old| {
        let before = self::stems(old, lexicon);
        let shared = stems.intersection(&before).count() as f32;
        let all = stems.union(&before).count().max(1) as f32;
        shared / all < SAME && !old.contains(rests_on)
    })
}

/// Whether two questions ask the same after their quotations, names apart.
#[must_use]
pub fn same_tail(a: &str, b: &str) -> bool {
    let tail = |text: &str| -> HashSet<String> {
        let tail = text.rsplit(['”', '“', ':']).next().unwrap_or(text);
        tail.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(plain).collect()
    };
    let (a, b) = (tail(a), tail(b));
    let shared = a.intersection(&b).count();
    shared * 10 >= a.len().min(b.len()).max(1) * 7
}

/// How often a question of the same form, on another phrase, was asked before.
#[must_use]
pub fn times_asked(question: &str, rests_on: &str, asked_before: &[String]) -> usize {
    let form = question.replace(rests_on, "");
    let tail = form.rsplit(['”', '“', ':']).next().unwrap_or(&form).trim();
    asked_before.iter().filter(|old| old.ends_with(tail)).count()
}

/// Whether the model's own wording may be shown after a quoted phrase: open, short, to the person, with
/// no word that is neither the entry's nor an interviewer's, and neither a diagnosis nor a platitude.
#[must_use]
pub fn is_fit(tail: &str, phrase: &str, entry: &HashSet<String>, lexicon: &Lexicon) -> bool {
    let words = words(tail, lexicon);
    let ours = |w: &str| lexicon.has("interview", w);
    let known = words.iter().all(|w| match w.class {
        Class::Function => {
            w.lower != "i" && !["me", "my", "myself", "we", "our", "us"].contains(&w.lower.as_str())
        }
        Class::Number => false,
        Class::Content | Class::Name => entry.contains(&w.stem) || ours(&w.lower),
    });
    let plain = words.iter().map(|w| w.lower.as_str()).collect::<Vec<_>>().join(" ");
    let addressed =
        words.iter().any(|w| ["you", "your", "you're", "yourself"].contains(&w.lower.as_str()));
    let stock = words.iter().any(|w| lexicon.has("stock_question", &w.lower))
        || lexicon.finds("platitude", &plain);
    tail.ends_with('?')
        && (5..=18).contains(&words.len())
        && known
        && addressed
        && words.iter().filter(|w| w.carries() && !lexicon.has("bland", &w.lower)).count() >= 1
        && !stock
        && !repeats(tail, phrase, lexicon)
}

/// Whether a question asks for nothing but what the phrase says already.
fn repeats(tail: &str, phrase: &str, lexicon: &Lexicon) -> bool {
    let asked = stems(tail, lexicon);
    let said = stems(phrase, lexicon);
    let shared = asked.intersection(&said).count();
    shared >= 3 || (shared >= 2 && shared * 2 >= said.len())
}

fn stems(text: &str, lexicon: &Lexicon) -> HashSet<String> {
    words(text, lexicon).into_iter().filter(|w| w.carries()).map(|w| w.stem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reflection::language::Language;

    fn fit(tail: &str) -> bool {
        let lexicon = Language::English.lexicon();
        let phrase = "I want to call Anna back";
        let entry = stems("I want to call Anna back. She was right about the money.", lexicon);
        is_fit(tail, phrase, &entry, lexicon)
    }

    #[test]
    fn only_open_questions_about_the_entry_are_fit() {
        assert!(fit("What would you say to Anna first?"));
        assert!(fit("What do you think she was right about?"));
        for tail in [
            "What is the main idea of your reflection?",
            "What did you learn from this experience?",
            "What did Marta say to you?",
            "What would you like to improve?",
            "Why do you want to call Anna back?",
            "What do I think of it?",
            "What strategies could help you with your anxiety?",
            "You should call her.",
        ] {
            assert!(!fit(tail), "{tail}");
        }
    }

    #[test]
    fn a_question_is_not_asked_twice() {
        let lexicon = Language::English.lexicon();
        let asked = ["“I want to call Anna back”: what would you say first?".to_owned()];
        assert!(!is_new(
            "What would you say first when you call Anna back?",
            "Anna back",
            &asked,
            lexicon
        ));
        assert!(!is_new(
            "“I want to call Anna back”: who would notice?",
            "I want to call Anna back",
            &asked,
            lexicon
        ));
        assert!(is_new(
            "“the garden is sold”: what led up to it?",
            "the garden is sold",
            &asked,
            lexicon
        ));
    }
}
