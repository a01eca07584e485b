//! Questions that quote a phrase, by its kind, from files that a translator can read.
use super::{
    Style,
    candidate::{Form, frame},
    phrase::{Kind, Phrase},
};
use crate::reflection::language::Language;

/// Every question of the phrase's kind and a style, filled, in the order of the file.
#[must_use]
pub fn filled(phrase: &Phrase<'_>, language: Language, style: Style) -> Vec<Form> {
    let fill = |style| -> Vec<Form> {
        let forms = forms(language, phrase.kind, style);
        forms.map(|form| Form { text: fill(form, phrase), frame: frame(form) }).collect()
    };
    let found = fill(style);
    if found.is_empty() { fill(Style::Questions) } else { found }
}

/// Lines of the file: the kind, a mark of the style, a colon, the form.
fn forms(language: Language, kind: Kind, style: Style) -> impl Iterator<Item = &'static str> {
    let file = match language {
        Language::English => include_str!("../../../../assets/prompts/questions.en.txt"),
        Language::German => include_str!("../../../../assets/prompts/questions.de.txt"),
        Language::French => include_str!("../../../../assets/prompts/questions.fr.txt"),
        Language::Spanish => include_str!("../../../../assets/prompts/questions.es.txt"),
    };
    file.lines().filter_map(|line| line.split_once(": ")).filter_map(move |(head, form)| {
        let mark = head.strip_prefix(kind.name())?;
        let mark = if mark.is_empty() { "-" } else { mark };
        (Style::of_mark(mark) == Some(style)).then_some(form)
    })
}

fn fill(form: &str, phrase: &Phrase<'_>) -> String {
    let asked = phrase.kind == Kind::Own && !phrase.text.ends_with('?');
    let words = if asked { format!("{}?", phrase.text) } else { phrase.text.to_owned() };
    form.replace("{phrase}", &words)
}
