//! Questions by kind of phrase, from files that a translator can read, filled with the entry's words.
use super::{
    person::second_person,
    phrase::{Kind, Phrase},
};
use crate::reflection::language::Language;

/// Most words of a plan that a question can take into itself.
const LONGEST_ACT: usize = 9;

/// Every question of the phrase's kind, filled, in the order of the file.
#[must_use]
pub fn filled(phrase: &Phrase<'_>, language: Language) -> Vec<String> {
    templates(language, phrase.kind).filter_map(|t| fill(t, phrase, language)).collect()
}

fn templates(language: Language, kind: Kind) -> impl Iterator<Item = &'static str> {
    let file = match language {
        Language::English => include_str!("../../../../assets/prompts/questions.en.txt"),
        Language::German => include_str!("../../../../assets/prompts/questions.de.txt"),
        Language::French => include_str!("../../../../assets/prompts/questions.fr.txt"),
        Language::Spanish => include_str!("../../../../assets/prompts/questions.es.txt"),
    };
    file.lines()
        .filter_map(|l| l.split_once(": "))
        .filter(move |(k, _)| *k == kind.name())
        .map(|(_, t)| t)
}

fn fill(template: &str, phrase: &Phrase<'_>, language: Language) -> Option<String> {
    let mut question = template.replace("{phrase}", phrase.text);
    if question.contains("{person}") {
        question = question.replace("{person}", phrase.person.as_deref()?);
    }
    if question.contains("{act}") {
        question = question.replace("{act}", &act(phrase.text, language)?);
    }
    Some(question)
}

/// "call your sister" of "I want to call my sister".
fn act(phrase: &str, language: Language) -> Option<String> {
    let lower = phrase.to_ascii_lowercase();
    let lexicon = language.lexicon();
    let starts = lower.match_indices(' ').map(|(at, _)| at + 1);
    let rest = starts.map(|at| &phrase[at..]).find(|rest| {
        let before = lower[..phrase.len() - rest.len()].trim_end().replace('’', "'");
        lexicon.ends("plan_to", &before)
    })?;
    let bare =
        rest.split_whitespace().next().is_some_and(|w| !lexicon.has("not_bare", &w.to_lowercase()));
    let short = rest.split_whitespace().count() <= LONGEST_ACT;
    (bare && short && !rest.contains(',')).then(|| second_person(rest)).flatten()
}
