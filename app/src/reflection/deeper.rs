//! Going deeper: the question that follows from an answer, with the person's own earlier words where they fit.
use std::collections::{HashMap, HashSet};

use engine::CancelToken;
use jiff::civil::Date;
use vault::{Entry, EntryId, search::Near};

use super::{
    LanguageModel, Progress, Question, Reflection,
    crisis::crisis,
    language::{Language, Lexicon},
    question::{self, Wish},
    sentence::units,
    words::{plain, words},
};

/// Letters of a word's beginning by which entries that may hold it are found.
const ROOT: usize = 5;
/// Words of a sentence that can be quoted beside a question.
const QUOTABLE: std::ops::RangeInclusive<usize> = 4..=22;
/// Rarity, in nats over all shared words, from which earlier words fit.
const RARE: f32 = 3.0;
/// Nearness of meaning from which one shared word is enough.
const NEAR: f32 = 0.5;

/// An answer, and where earlier words may be looked for.
pub struct Answered<'a> {
    /// What was answered.
    pub answer: &'a str,
    /// The entry that the question was about; it is not quoted.
    pub entry: EntryId,
    /// The entries that a model may read, in order of date.
    pub journal: &'a [Entry],
    /// Passages nearest in meaning to the answer; empty where that is not known.
    pub near: &'a [Near],
}

/// The next question; no question where the answer holds nothing to ask about, or a fixed text where no
/// program should ask.
/// # Errors
/// The model's.
pub fn follow(
    model: &mut dyn LanguageModel,
    answered: &Answered<'_>,
    wish: &Wish,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(Progress),
) -> engine::Result<Reflection> {
    if let Some(care) = crisis(answered.answer) {
        return Ok(Reflection::Care(care));
    }
    let wish = Wish { count: 1, ..wish.clone() };
    let mut silent = |progress: Progress| {
        if !matches!(progress, Progress::Text(_)) {
            on_progress(progress);
        }
    };
    let mut questions = question::ask_about(model, answered.answer, &wish, cancel, &mut silent)?;
    for question in &mut questions {
        if let Some(earlier) = earlier(&question.rests_on, answered) {
            *question = earlier.before(question);
        }
        on_progress(Progress::Text(format!("{}\n", question.text)));
    }
    Ok(Reflection::Questions(questions))
}

/// Something the person wrote before.
struct Earlier<'a> {
    date: Date,
    sentence: &'a str,
    language: Language,
}

impl Earlier<'_> {
    /// A question with these words before it.
    fn before(&self, question: &Question) -> Question {
        let months = self.language.lexicon();
        let month = months.pair("months", &self.date.month().to_string()).unwrap_or_default();
        let (day, year) = (self.date.day(), self.date.year());
        let words = self.sentence.trim_end_matches(['.', '!', '…', ',']);
        let text = match self.language {
            Language::English => format!("On {day} {month} {year} you wrote, “{words}.” "),
            Language::German => {
                format!("Am {day}. {month} {year} hast du geschrieben: „{words}“. ")
            }
            Language::French => format!("Le {day} {month} {year}, tu as écrit : « {words} ». "),
            Language::Spanish => format!("El {day} de {month} de {year} escribiste: «{words}». "),
        };
        Question { text: text + &question.text, rests_on: question.rests_on.clone() }
    }
}

/// The sentence of an earlier entry that shares the most telling words with a phrase.
fn earlier<'a>(phrase: &str, answered: &Answered<'a>) -> Option<Earlier<'a>> {
    let language = Language::guess(answered.answer);
    let lexicon = language.lexicon();
    let rarity = rarity(phrase, answered.journal, lexicon);
    let near: HashMap<EntryId, f32> =
        answered.near.iter().map(|near| (near.id, near.similarity)).collect();
    let mut best: Option<(f32, Earlier<'a>)> = None;
    for entry in answered.journal.iter().filter(|entry| entry.id != answered.entry) {
        let lower = plain(&entry.content.text);
        if !rarity.keys().any(|stem| lower.contains(root(stem))) {
            continue;
        }
        let is_near = near.get(&entry.id).is_some_and(|similarity| *similarity >= NEAR);
        let found = sentence(&entry.content.text, &rarity, is_near, lexicon);
        let Some((score, sentence)) = found else { continue };
        let better = best.as_ref().is_none_or(|(most, _)| score >= *most);
        if better && crisis(&entry.content.text).is_none() {
            best = Some((score, Earlier { date: entry.content.date, sentence, language }));
        }
    }
    best.map(|(_, earlier)| earlier)
}

/// How rare each telling word of a phrase is in the journal, in nats.
fn rarity(phrase: &str, journal: &[Entry], lexicon: &Lexicon) -> HashMap<String, f32> {
    let telling = |w: &super::words::Word| {
        w.carries() && !lexicon.has("vague", &w.lower) && !lexicon.has("light", &w.lower)
    };
    let stems: HashSet<String> =
        words(phrase, lexicon).into_iter().filter(telling).map(|w| w.stem).collect();
    let mut held: HashMap<String, usize> = stems.into_iter().map(|stem| (stem, 0)).collect();
    for entry in journal {
        let lower = plain(&entry.content.text);
        for (stem, count) in &mut held {
            *count += usize::from(lower.contains(root(stem)));
        }
    }
    let all = journal.len().max(1) as f32;
    held.into_iter().map(|(stem, count)| (stem, (all / count.max(1) as f32).ln())).collect()
}

fn root(stem: &str) -> &str {
    stem.char_indices().nth(ROOT).map_or(stem, |(end, _)| &stem[..end])
}

/// The sentence that shares the rarest words, if it shares enough.
fn sentence<'t>(
    text: &'t str,
    rarity: &HashMap<String, f32>,
    is_near: bool,
    lexicon: &Lexicon,
) -> Option<(f32, &'t str)> {
    let scored = units(text).into_iter().filter_map(|unit| {
        let words = words(unit, lexicon);
        let stems: HashSet<&str> = words.iter().map(|w| w.stem.as_str()).collect();
        let shared: Vec<f32> =
            rarity.iter().filter(|(s, _)| stems.contains(s.as_str())).map(|(_, r)| *r).collect();
        let score: f32 = shared.iter().sum();
        let own = words.iter().any(|w| lexicon.has("first", &w.lower));
        let plain = !unit.contains(['"', '“', '”', '„', '«', '»', '\n', '?']);
        let enough = (shared.len() >= 2 && score >= RARE) || (is_near && !shared.is_empty());
        (QUOTABLE.contains(&words.len()) && own && plain && enough).then_some((score, unit))
    });
    scored.max_by(|a, b| a.0.total_cmp(&b.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reflection::script::{Script, entry};

    fn journal() -> Vec<Entry> {
        vec![
            entry(3, "I have not called Peter since the funeral. Rain."),
            entry(4, "Bread, milk, and the long way home."),
            entry(5, "I read on the balcony."),
            entry(6, "The train was late again."),
            entry(9, "I quarrelled with Dad."),
        ]
    }

    fn next(answer: &str, journal: &[Entry]) -> Reflection {
        let answered = Answered { answer, entry: EntryId([9; 16]), journal, near: &[] };
        let cancel = CancelToken::default();
        let mut model = Script::new(&[]);
        follow(&mut model, &answered, &Wish::default(), &cancel, &mut |_| {}).unwrap()
    }

    #[test]
    fn the_next_question_rests_on_the_answer_and_quotes_earlier_words_that_fit() {
        let answer = "I want to call Peter before the funeral stone is set.";
        let Reflection::Questions(questions) = next(answer, &journal()) else { panic!() };
        assert_eq!(questions.len(), 1);
        assert!(answer.contains(&questions[0].rests_on));
        let text = &questions[0].text;
        assert!(text.contains("On 3 March 2024 you wrote, “I have not called Peter"), "{text}");
    }

    #[test]
    fn earlier_words_of_a_crisis_are_not_quoted() {
        let mut journal = journal();
        journal[0].content.text.push_str(" I want to die.");
        let Reflection::Questions(questions) =
            next("I want to call Peter before the funeral stone is set.", &journal)
        else {
            panic!()
        };
        assert!(!questions[0].text.contains("you wrote"));
    }

    #[test]
    fn an_answer_of_nothing_has_no_question_and_one_of_a_crisis_a_fixed_text() {
        assert!(matches!(next("No.", &journal()), Reflection::Questions(q) if q.is_empty()));
        assert!(matches!(next("I want to die.", &journal()), Reflection::Care(_)));
    }
}
