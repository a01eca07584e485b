//! Questions that rest on a phrase of the entry: the phrase chosen here, the wording by the model or from a file.
pub mod filter;
pub mod person;
pub mod phrase;
pub mod template;

use std::collections::HashSet;

use engine::{CancelToken, Chunk};
use vault::Entry;

use self::phrase::{Phrase, phrases};
use super::{
    LanguageModel, Progress, Question, crisis::crisis, language::Language, prompt, words::words,
};

/// Forms of a question that the model compares for one phrase.
const COMPARED: usize = 3;
/// Tokens that the model may take to word a question.
const WORDING: usize = 24;
/// What the model's own wording is worth over a form of the files, in mean log-probability.
const OWN_WORDING: f32 = 0.1;

/// What each earlier use of a form takes from it, in mean log-probability.
const AGAIN: f32 = 0.5;

/// See [`super::ask`].
pub(super) fn ask(
    model: &mut dyn LanguageModel,
    entry: &Entry,
    count: usize,
    asked_before: &[String],
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(Progress),
) -> engine::Result<Vec<Question>> {
    let text = entry.content.text.as_str();
    if crisis(text).is_some() {
        return Ok(Vec::new());
    }
    let mut asker = Asker::new(model, text, asked_before, cancel);
    let mut asked = Vec::new();
    for phrase in asker.picked(text, count) {
        if asked.len() == count || cancel.is_canceled() {
            break;
        }
        if let Some(question) = asker.question(&phrase, on_progress)? {
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
    entry_stems: HashSet<String>,
    asked: Vec<String>,
    cancel: &'a CancelToken,
}

impl<'a> Asker<'a> {
    fn new(
        model: &'a mut dyn LanguageModel,
        text: &str,
        asked: &[String],
        cancel: &'a CancelToken,
    ) -> Self {
        let language = Language::guess(text);
        let entry_stems = words(text, language.lexicon()).into_iter().map(|w| w.stem).collect();
        Self { model, language, entry_stems, asked: asked.to_vec(), cancel }
    }

    /// The phrases to ask about, best first, different in kind as far as there are kinds; some to spare.
    fn picked<'t>(&self, text: &'t str, count: usize) -> Vec<Phrase<'t>> {
        let fresh = |p: &Phrase<'_>| !self.asked.iter().any(|old| old.contains(p.text));
        let all: Vec<Phrase<'t>> = phrases(text, self.language).into_iter().filter(fresh).collect();
        let mut picked: Vec<Phrase<'t>> = Vec::new();
        for same_kind in [false, true] {
            for phrase in &all {
                let apart = picked.iter().all(|p| p.sentence != phrase.sentence);
                let another = same_kind || picked.iter().all(|p| p.kind != phrase.kind);
                if picked.len() < count * 2 && apart && another {
                    picked.push(phrase.clone());
                }
            }
        }
        picked
    }

    /// The best question on a phrase; `None` when all of them were asked before.
    fn question(
        &mut self,
        phrase: &Phrase<'_>,
        on_progress: &mut dyn FnMut(Progress),
    ) -> engine::Result<Option<Question>> {
        let lexicon = self.language.lexicon();
        let mut forms = template::filled(phrase, self.language);
        forms.retain(|q| filter::is_new(q, phrase.text, &self.asked, lexicon));
        let turn = phrase.text.len() % forms.len().max(1);
        forms.rotate_left(turn);
        forms.sort_by_key(|q| filter::times_asked(q, phrase.text, &self.asked));
        forms.truncate(COMPARED);
        let own = self.worded(phrase, on_progress)?;
        let own = own.filter(|q| {
            filter::is_new(q, phrase.text, &self.asked, lexicon) && self.in_words_not_used(q)
        });
        let mut best: Option<(f32, String)> = None;
        for (form, bonus) in
            own.into_iter().map(|q| (q, OWN_WORDING)).chain(forms.into_iter().map(|q| (q, 0.0)))
        {
            if self.cancel.is_canceled() {
                break;
            }
            let again = filter::times_asked(&form, phrase.text, &self.asked) as f32;
            let score = bonus - AGAIN * again + self.likelihood(phrase, &form)?;
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, form));
            }
        }
        Ok(best.map(|(_, text)| Question { text, rests_on: phrase.text.to_owned() }))
    }

    /// The model's own question after the quoted phrase, if it is fit to be asked.
    fn worded(
        &mut self,
        phrase: &Phrase<'_>,
        on_progress: &mut dyn FnMut(Progress),
    ) -> engine::Result<Option<String>> {
        if phrase.text.ends_with('?')
            || (self.language != Language::English && !self.model.writes_prose())
        {
            return Ok(None);
        }
        let prefill = format!("You write, “{}.” What", phrase.text);
        let request = prompt::request(self.messages(phrase), &prefill, WORDING, &["?", "\n"]);
        let completion = self.model.generate(&request, self.cancel, &mut |chunk| {
            if let Chunk::Prompt { read, total } = chunk {
                on_progress(Progress::Reading { read, total });
            }
        })?;
        let tail = completion.text.strip_prefix(&prefill).unwrap_or(&completion.text);
        let tail = format!("What{}?", tail.trim_end_matches(['?', ' ']));
        let fit = filter::is_fit(&tail, phrase.text, &self.entry_stems, self.language.lexicon());
        Ok(fit.then(|| format!("You write, “{}.” {tail}", phrase.text)))
    }

    /// Whether the wording is neither an example of the prompt nor a question already asked about another phrase.
    fn in_words_not_used(&self, question: &str) -> bool {
        let examples = prompt::ASK.lines().filter(|l| l.starts_with("assistant: "));
        self.asked
            .iter()
            .map(String::as_str)
            .chain(examples)
            .all(|old| !filter::same_tail(question, old))
    }

    fn likelihood(&mut self, phrase: &Phrase<'_>, question: &str) -> engine::Result<f32> {
        let messages = self.messages(phrase);
        self.model.log_probability(&messages, question)
    }

    fn messages(&self, phrase: &Phrase<'_>) -> Vec<engine::Message> {
        let values = [("language", self.language.english_name()), ("sentence", phrase.sentence)];
        prompt::messages(prompt::ASK, &values)
    }
}

#[cfg(test)]
mod tests;
