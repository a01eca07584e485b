//! Questions that rest on a phrase of the entry: phrases and wordings found here, chosen with the model.
pub mod candidate;
pub mod clause;
pub mod construction;
pub mod filter;
mod inflect;
pub mod person;
pub mod phrase;
pub mod slot;
mod style;
pub mod template;

use engine::CancelToken;
use vault::Entry;

use self::candidate::{Candidate, candidates};
pub use self::style::Style;
use super::{LanguageModel, Progress, Question, crisis::crisis, language::Language, prompt};

/// Forms of a question that the model compares for one phrase.
const COMPARED: usize = 3;
/// A phrase of less worth is asked about only where there are not enough others.
const WORTH: f32 = 0.7;
/// A phrase of less worth than this is not asked about at all.
const LEAST: f32 = 0.0;

/// How questions are to be asked.
#[derive(Clone, Default)]
pub struct Wish {
    /// At most so many.
    pub count: usize,
    /// How they are worded.
    pub style: Style,
    /// Questions not to ask again.
    pub asked_before: Vec<String>,
}

/// See [`super::ask`].
pub(super) fn ask(
    model: &mut dyn LanguageModel,
    entry: &Entry,
    wish: &Wish,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(Progress),
) -> engine::Result<Vec<Question>> {
    let text = entry.content.text.as_str();
    if crisis(text).is_some() {
        return Ok(Vec::new());
    }
    ask_about(model, text, wish, cancel, on_progress)
}

/// Asks about a text in which no concern was found.
/// # Errors
/// The model's.
pub(super) fn ask_about(
    model: &mut dyn LanguageModel,
    text: &str,
    wish: &Wish,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(Progress),
) -> engine::Result<Vec<Question>> {
    let language = Language::guess(text);
    let mut asker = Asker { model, language, asked: wish.asked_before.clone(), cancel };
    let mut asked = Vec::new();
    for candidate in asker.picked(candidates(text, language, wish.style), wish.count) {
        if asked.len() == wish.count || cancel.is_canceled() {
            break;
        }
        if let Some(question) = asker.question(&candidate)? {
            on_progress(Progress::Text(format!("{}\n", question.text)));
            asker.asked.push(question.text.clone());
            asked.push(question);
        }
    }
    Ok(asked)
}

struct Asker<'a> {
    model: &'a mut dyn LanguageModel,
    language: Language,
    asked: Vec<String>,
    cancel: &'a CancelToken,
}

impl Asker<'_> {
    /// The phrases to ask about, best first, of different facets as far as there are; some to spare.
    fn picked<'t>(&self, mut all: Vec<Candidate<'t>>, count: usize) -> Vec<Candidate<'t>> {
        let lexicon = self.language.lexicon();
        all.retain(|c| filter::is_fresh(c.rests_on, &self.asked, lexicon));
        let mut picked: Vec<Candidate<'t>> = Vec::new();
        for (same_facet, least) in [(false, WORTH), (true, WORTH), (true, LEAST)] {
            for candidate in std::mem::take(&mut all) {
                let apart = picked.iter().all(|p| p.sentence != candidate.sentence);
                let another = same_facet || picked.iter().all(|p| p.facet != candidate.facet);
                let worth = candidate.worth >= least;
                if picked.len() < count * 2 && worth && apart && another {
                    picked.push(candidate);
                } else {
                    all.push(candidate);
                }
            }
        }
        picked
    }

    /// The best question on a phrase; `None` when all of them were asked before.
    fn question(&mut self, candidate: &Candidate<'_>) -> engine::Result<Option<Question>> {
        let lexicon = self.language.lexicon();
        let mut forms: Vec<_> = candidate
            .forms
            .iter()
            .filter(|form| filter::is_new(&form.text, &self.asked, lexicon))
            .map(|form| (form.times_asked(&self.asked), form))
            .collect();
        let turn = candidate.rests_on.len() % forms.len().max(1);
        forms.rotate_left(turn);
        // What was asked least: the model would ask the same way every day.
        let least = forms.iter().map(|(times, _)| *times).min();
        forms.retain(|(times, _)| Some(*times) == least);
        forms.truncate(COMPARED);
        let mut best: Option<(f32, &str)> = None;
        for (_, form) in forms {
            if self.cancel.is_canceled() {
                break;
            }
            let score = self.likelihood(candidate, &form.text)?;
            if best.is_none_or(|(most, _)| score > most) {
                best = Some((score, &form.text));
            }
        }
        let rests_on = candidate.rests_on.to_owned();
        Ok(best.map(|(_, text)| Question { text: text.to_owned(), rests_on }))
    }

    fn likelihood(&mut self, candidate: &Candidate<'_>, question: &str) -> engine::Result<f32> {
        let values = [("language", self.language.english_name()), ("sentence", candidate.sentence)];
        self.model.log_probability(&prompt::messages(prompt::ASK, &values), question)
    }
}

#[cfg(test)]
mod tests;
