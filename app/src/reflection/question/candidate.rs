//! What could be asked about an entry, before the model is asked which of it should be.
use super::{
    Style,
    clause::{Line, names},
    construction::{Construction, Match},
    phrase::{Kind, asks, is_sad, is_spoken, manner, phrases, salience_of},
    slot::{fill, holds, is_one_clause, is_whole, points_back},
    template,
};
use crate::reflection::{language::Language, select::scored, sentence::sentences};

/// What a phrase that only can be quoted is worth less than one that a question can take up.
const QUOTED: f32 = 0.5;

/// What each verb of an ordinary day takes: "went", "dined".
const ROUTINE: f32 = 0.2;

/// What it takes that somebody is only "he" or "she" in a phrase: the question doesn't say who.
const UNNAMED: f32 = 0.25;

/// A phrase of the entry and the questions it can carry.
pub struct Candidate<'a> {
    /// The phrase, a slice of the entry.
    pub rests_on: &'a str,
    /// Its sentence.
    pub sentence: &'a str,
    /// What the questions are about.
    pub facet: &'static str,
    /// How much it is worth asking about; comparable within one entry.
    pub worth: f32,
    /// Whether its questions quote it.
    pub quoted: bool,
    /// The questions.
    pub forms: Vec<Form>,
}

/// A question, and the words of it that are not the entry's.
pub struct Form {
    /// The question.
    pub text: String,
    /// The longest run of words that every question of this form has.
    pub frame: &'static str,
}

impl Form {
    /// How often a question of this form was asked before.
    #[must_use]
    pub fn times_asked(&self, asked: &[String]) -> usize {
        asked.iter().filter(|old| old.contains(self.frame)).count()
    }
}

/// Everything that can be asked about `text`, the most worth asking first.
#[must_use]
pub fn candidates(text: &str, language: Language, style: Style) -> Vec<Candidate<'_>> {
    let mut found = built(text, language, style);
    let whole: Vec<&str> = found.iter().map(|candidate| candidate.sentence).collect();
    let rest = phrases(text, language).into_iter();
    let rest = rest.filter(|p| p.kind == Kind::Own || !whole.contains(&p.sentence));
    found.extend(rest.map(|phrase| Candidate {
        rests_on: phrase.text,
        sentence: phrase.sentence,
        facet: phrase.kind.facet(),
        worth: phrase.worth - if phrase.kind == Kind::Own { 0.0 } else { QUOTED },
        quoted: true,
        forms: template::filled(&phrase, language, style),
    }));
    if is_sad(text, language.lexicon()) {
        // "A wonderful service" of a funeral: a happy word is no happy day.
        found.retain(|candidate| candidate.facet != "pleasant");
    }
    found.retain(|candidate| !candidate.forms.is_empty());
    found.sort_by(|a, b| b.worth.total_cmp(&a.worth));
    found
}

/// Phrases whose build is known, so that a question can take them up.
fn built(text: &str, language: Language, style: Style) -> Vec<Candidate<'_>> {
    let lexicon = language.lexicon();
    let names = names(text, lexicon);
    let salience = scored(&[text], lexicon);
    let mut found = Vec::new();
    for sentence in sentences(text) {
        let line = Line::new(sentence, lexicon, &names);
        if asks(sentence, &line.words, lexicon) || is_spoken(text, sentence) {
            continue;
        }
        for segment in line.segments() {
            let built = Construction::all(language).iter().find_map(|construction| {
                let matched = construction.find(&line, &segment)?;
                candidate(construction, &matched, &line, language, style)
            });
            let own = built.filter(|candidate| !is_spoken(text, candidate.rests_on));
            found.extend(own.map(|mut candidate| {
                candidate.worth += 0.2 * salience_of(candidate.rests_on, &salience);
                candidate
            }));
        }
    }
    found
}

fn candidate<'a>(
    construction: &Construction,
    matched: &Match,
    line: &Line<'a, '_>,
    language: Language,
    style: Style,
) -> Option<Candidate<'a>> {
    let stands = holds(line, matched, language)
        && is_one_clause(line, matched)
        && is_whole(line, matched)
        && !points_back(line, matched);
    if !stands {
        return None;
    }
    let fill_all = |style| -> Vec<Form> {
        let forms = construction.forms(style);
        forms
            .filter_map(|form| {
                Some(Form { text: fill(form, line, matched, language)?, frame: frame(form) })
            })
            .collect()
    };
    let mut forms = fill_all(style);
    if forms.is_empty() {
        forms = fill_all(Style::Questions);
    }
    let words = &line.words[matched.whole.clone()];
    let routine = words.iter().filter(|w| line.lexicon.has("light_event", &w.lower)).count().min(2);
    let telling = words.iter().filter(|w| w.carries()).count();
    let least = if ["happened", "other", "turning"].contains(&construction.facet) { 2 } else { 1 };
    (!forms.is_empty() && telling >= least).then(|| Candidate {
        rests_on: line.slice(&matched.whole),
        sentence: line.text,
        facet: construction.facet,
        worth: construction.worth + 0.5 * manner(words, line.lexicon)
            - ROUTINE * routine as f32
            - if line.is(matched.whole.start, "other_subject") { UNNAMED } else { 0.0 },
        quoted: false,
        forms,
    })
}

/// The longest run of a form's own words.
#[must_use]
pub fn frame(form: &'static str) -> &'static str {
    let runs = form.split(['{', '}']).step_by(2).map(str::trim);
    runs.max_by_key(|run| run.len()).unwrap_or(form)
}
