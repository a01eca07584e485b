//! Words of self-harm, suicide and abuse: answered with a fixed text, never with a generated one.
mod pattern;

use std::{cell::LazyCell, sync::LazyLock};

use self::pattern::{Patterns, Text};
use super::{language::Language, sentence::sentences, words::plain};

/// What an entry seems to speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// Not wanting to live.
    Suicide,
    /// Hurting oneself.
    SelfHarm,
    /// Being hurt by somebody.
    Abuse,
}

/// A reason not to let a model speak, with what to say instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Care {
    /// Of what the entry speaks.
    pub concern: Concern,
    /// The entry's language.
    pub language: Language,
}

impl Care {
    /// The fixed text to show, in the entry's language.
    #[must_use]
    pub fn text(self) -> &'static str {
        let texts = match self.language {
            Language::English => include_str!("../../../assets/prompts/care.en.txt"),
            Language::German => include_str!("../../../assets/prompts/care.de.txt"),
            Language::French => include_str!("../../../assets/prompts/care.fr.txt"),
            Language::Spanish => include_str!("../../../assets/prompts/care.es.txt"),
        };
        let mut parts = texts.split("\n---\n");
        let (harm, abuse) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if self.concern == Concern::Abuse { abuse.trim() } else { harm.trim() }
    }
}

/// Whether `text` speaks of suicide, self-harm or abuse, in one sentence or in neighbouring ones. Idioms ("dying to
/// see her") don't count, and hide nothing that other sentences say.
#[must_use]
pub fn crisis(text: &str) -> Option<Care> {
    let sentences: Vec<String> = sentences(text).into_iter().map(normalised).collect();
    let words = Text::of(&sentences);
    let idioms = LazyCell::new(|| IDIOMS.found(&words));
    let speaks = |patterns: &Patterns| {
        let found = patterns.found(&words);
        found
            .iter()
            .any(|(sentences, count)| *count > idioms.get(sentences).copied().unwrap_or_default())
    };
    let found = CONCERNS.iter().find(|(_, patterns)| speaks(patterns));
    found.map(|&(concern, _)| Care { concern, language: Language::guess(text) })
}

/// What speaks of each concern, the gravest first.
static CONCERNS: LazyLock<[(Concern, Patterns); 3]> = LazyLock::new(|| {
    [
        (
            Concern::Suicide,
            Patterns::of(include_str!("../../../assets/prompts/crisis.suicide.txt")),
        ),
        (
            Concern::SelfHarm,
            Patterns::of(include_str!("../../../assets/prompts/crisis.selfharm.txt")),
        ),
        (Concern::Abuse, Patterns::of(include_str!("../../../assets/prompts/crisis.abuse.txt"))),
    ]
});

/// What makes a pattern in the same sentences a manner of speaking.
static IDIOMS: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::of(include_str!("../../../assets/prompts/crisis.idioms.txt")));

/// The words in lower case, without apostrophes.
fn normalised(sentence: &str) -> String {
    let plain = plain(sentence).replace('\'', "");
    let words: Vec<&str> =
        plain.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concern(text: &str) -> Option<Concern> {
        crisis(text).map(|c| c.concern)
    }

    #[test]
    fn words_of_suicide_are_seen_in_four_languages() {
        for text in [
            "Dinner was fine. I don't want to be here anymore.",
            "Sometimes I think everyone would be better off without me.",
            "I want to kill myself.",
            "i just want to die",
            "I keep thinking about ending my life.",
            "Ich will nicht mehr leben.",
            "Ich möchte mich umbringen.",
            "Je ne veux plus vivre.",
            "J'ai envie de mourir.",
            "Ya no quiero vivir.",
            "Quiero morirme.",
        ] {
            assert_eq!(concern(text), Some(Concern::Suicide), "{text}");
        }
    }

    #[test]
    fn self_harm_and_abuse_are_seen() {
        for text in [
            "I cut myself again last night.",
            "Ich habe mich wieder geritzt.",
            "I want to hurt myself",
        ] {
            assert_eq!(concern(text), Some(Concern::SelfHarm), "{text}");
        }
        for text in
            ["He hit me again.", "Er hat mich geschlagen.", "Il m'a frappée.", "Mi marido me pegó."]
        {
            assert_eq!(concern(text), Some(Concern::Abuse), "{text}");
        }
    }

    #[test]
    fn what_one_sentence_only_hints_at_the_next_ones_may_tell() {
        for text in [
            "I'm so tired. Not of work. Of being here.",
            "There's no point any longer. They'd manage without me, they always have.",
            "I said no. He didn't stop.",
            "I wrote the cards for the girls. I put them where they will be found.",
            "Ich will nur noch schlafen. Und nicht mehr aufwachen.",
        ] {
            assert!(concern(text).is_some(), "{text}");
        }
        for text in [
            "I'm so tired. Not of work. Of being on hold.",
            "I said no. He took the other cake.",
            "Ich will nur noch schlafen. Morgen um fünf geht der Flieger.",
        ] {
            assert_eq!(concern(text), None, "{text}");
        }
    }

    #[test]
    fn a_manner_of_speaking_hides_nothing_that_another_sentence_says() {
        assert_eq!(concern("I nearly died laughing. I want to die."), Some(Concern::Suicide));
        assert_eq!(
            concern("I want to die. We watched a film about suicide."),
            Some(Concern::Suicide)
        );
    }

    #[test]
    fn manners_of_speaking_are_no_crisis() {
        for text in [
            "I'm dying to see her in Lisbon.",
            "I nearly died laughing.",
            "I wanted to die of embarrassment.",
            "The cake was to die for.",
            "We watched a film about suicide.",
            "I cut myself shaving.",
            "He hit me up for a loan.",
            "It hit me that I had forgotten the keys.",
            "Die Frau will nicht mehr leben in Berlin, sie zieht um.",
            "I could have killed him, that idiot printer.",
            "My phone died. Up, and to the office; home to bed.",
            "I don't want to be here, this conference is dull, but Jo is fun.",
        ] {
            assert_eq!(concern(text), None, "{text}");
        }
    }

    /// One in twenty of either may be wrong; which ones are, the test says.
    #[test]
    fn a_set_of_sentences_is_told_apart() {
        let set = include_str!("../../../tests/data/crisis.jsonl");
        let (mut missed, mut wrong) = (Vec::new(), Vec::new());
        let (mut concerns, mut innocent) = (0, 0);
        for line in set.lines() {
            let item: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = item["text"].as_str().unwrap().to_owned();
            let found = crisis(&text).is_some();
            match item["concern"].is_null() {
                true => innocent += 1,
                false => concerns += 1,
            }
            match (item["concern"].is_null(), found) {
                (true, true) => wrong.push(text),
                (false, false) => missed.push(text),
                _ => {}
            }
        }
        assert!(concerns >= 40 && innocent >= 40);
        assert!(missed.len() * 20 <= concerns, "missed: {missed:#?}");
        assert!(wrong.len() * 20 <= innocent, "taken for a crisis: {wrong:#?}");
    }

    #[test]
    fn every_concern_has_words_in_every_language() {
        for language in Language::ALL {
            for (concern, _) in &*CONCERNS {
                assert!(Care { concern: *concern, language }.text().len() > 100);
            }
        }
    }
}
