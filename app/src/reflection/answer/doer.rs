//! Who does what a sentence tells: the writer, or another.
use crate::reflection::{
    language::Lexicon,
    words::{Class, Word},
};

/// A sentence, and what tells names from other words.
pub(super) struct Told<'a> {
    pub(super) text: &'a str,
    pub(super) words: &'a [Word],
    pub(super) lexicon: &'a Lexicon,
    pub(super) is_name: &'a dyn Fn(&str) -> bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Doer {
    Writer,
    Other,
}

/// What was read of a clause so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Read {
    /// No subject and no verb.
    Nothing,
    Subject,
    Verb,
}

impl Told<'_> {
    /// Whether what stands at `at` is told of the writer; a diary often leaves "I" out.
    pub(super) fn is_of_writer(&self, at: usize) -> bool {
        // "To Rome, where I landed."
        if let [where_, who, ..] = &self.words[at + 1..]
            && self.lexicon.has("where", &where_.lower)
            && self.lexicon.has("subject_first", &who.lower)
        {
            return true;
        }
        let (mut doer, mut read) = (None, Read::Nothing);
        for place in 0..at {
            if self.begins_clause(place) {
                read = Read::Nothing;
            }
            if let Some(subject) = self.subject(place, 0, read) {
                (doer, read) = (Some(subject), Read::Subject);
            } else if self.is_verb(place) {
                read = Read::Verb;
                doer = self.person_of_verb(place).or(doer);
            }
        }
        // "In Rome we walked": the subject comes after what stands first.
        let after = || self.subject_after(at).or(doer);
        let told = if read == Read::Nothing { after() } else { doer };
        told.is_none_or(|doer| doer == Doer::Writer)
    }

    /// Whether the clause around `at` has a word of this list, and whether it has any verb.
    pub(super) fn clause_has(&self, at: usize, list: &str) -> (bool, bool) {
        let has = self.clause(at).any(|it| self.lexicon.has(list, &self.words[it].lower));
        (has, self.has_verb_near(at))
    }

    /// The words of the clause around `at`.
    pub(super) fn clause(&self, at: usize) -> std::ops::Range<usize> {
        let start = (0..=at).rev().find(|it| self.begins_clause(*it)).unwrap_or(0);
        let mut after = at + 1..self.words.len();
        start..after.find(|it| self.begins_clause(*it)).unwrap_or(self.words.len())
    }

    /// Whether a word is a subject of its own after what was read of its clause, which is looked at
    /// from `from` on.
    fn subject(&self, at: usize, from: usize, read: Read) -> Option<Doer> {
        let word = &self.words[at];
        let has = |list| self.lexicon.has(list, &word.lower);
        let starts = read == Read::Nothing;
        if has("subject_first") || self.is_elided_first(at) {
            return Some(Doer::Writer);
        }
        if self.after_preposition(at, from) {
            return None;
        }
        let next_has =
            |list| self.words.get(at + 1).is_some_and(|w| self.lexicon.has(list, &w.lower));
        // "There is an embargo in Spain."
        if has("existential") && next_has("exists") {
            return Some(Doer::Other);
        }
        let says = self.words.get(at + 1).is_some_and(|next| self.lexicon.is_finite(&next.lower));
        let pronoun = (has("subject_third") || has("subject_second")) && !has("article");
        let verbal = self.words.get(at + 1).is_some_and(|next| next.lower.ends_with("ing"));
        if pronoun && (starts || says) && !verbal {
            return Some(Doer::Other);
        }
        let named = match self.lexicon.has("verb_last", "yes") {
            true => has("kin") || (word.class == Class::Name && self.has_verb_near(at)),
            false => word.class == Class::Name || has("kin") || self.is_name_first(at),
        };
        let described = has("determiner") && self.is_thing(at + 1) && self.has_verb_near(at);
        let thing = self.is_thing(at) && !self.is_verb(at) && says;
        // "I met Anna, and Captain Cole, and there dined": one who does nothing is listed.
        let acts = says || (starts && (at == 0 || self.has_verb_near(at)));
        ((named && acts) || (described && starts) || thing).then_some(Doer::Other)
    }

    /// The first subject after `at` in the same clause.
    fn subject_after(&self, at: usize) -> Option<Doer> {
        (at + 1..self.clause(at).end).find_map(|place| {
            let first = self.lexicon.has("subject_first", &self.words[place].lower);
            let first = first || self.is_elided_first(place);
            if first { Some(Doer::Writer) } else { self.subject(place, at + 1, Read::Nothing) }
                .or_else(|| self.person_of_verb(place))
        })
    }

    /// Who does it, where the form of a verb tells: "fui", "fue".
    fn person_of_verb(&self, at: usize) -> Option<Doer> {
        let word = self.words[at].lower.as_str();
        let (first, other) = (self.is_first_verb(at), self.lexicon.has("verb_other", word));
        let other = other || self.lexicon.has_ending("verb_other_ending", word);
        match (first, other) {
            (true, _) => Some(Doer::Writer),
            (_, true) => Some(Doer::Other),
            _ => None,
        }
    }

    fn is_first_verb(&self, at: usize) -> bool {
        is_first_verb(&self.words[at].lower, self.lexicon)
    }

    fn is_verb(&self, at: usize) -> bool {
        let word = self.words[at].lower.as_str();
        self.lexicon.is_finite(word)
            || self.lexicon.has("going", word)
            || self.person_of_verb(at).is_some()
    }

    /// "j'ai".
    fn is_elided_first(&self, at: usize) -> bool {
        let head = self.words[at].lower.split_once('\'').map(|(head, _)| head);
        head.is_some_and(|head| {
            self.lexicon.has("elision", head) && self.lexicon.has("subject_first", head)
        })
    }

    /// A name that begins the sentence, where every word has a capital.
    fn is_name_first(&self, at: usize) -> bool {
        let word = &self.words[at];
        let written = self.text[word.start..].starts_with(char::is_uppercase);
        word.class == Class::Content && written && (self.is_name)(&word.lower)
    }

    /// Something that can do something, and is no time: "this morning".
    fn is_thing(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| {
            let is_time = |list| self.lexicon.has(list, &word.lower);
            word.carries()
                && !["vague", "weekday", "month", "adverb", "feeling"].into_iter().any(is_time)
                && !word.lower.ends_with("ly")
        })
    }

    fn has_verb_near(&self, at: usize) -> bool {
        self.clause(at).any(|it| self.is_verb(it))
    }

    fn is_named(&self, at: usize) -> bool {
        let word = &self.words[at];
        let listed = |list| self.lexicon.has(list, &word.lower);
        word.class == Class::Name || listed("kin") || listed("title")
    }

    /// Whether a preposition stands before a name or a thing, with nothing but its like between.
    fn after_preposition(&self, at: usize, from: usize) -> bool {
        let skipped = |it: &usize| {
            let word = self.words[*it].lower.as_str();
            let listed = |list| self.lexicon.has(list, word);
            self.is_named(*it)
                || listed("determiner")
                || listed("possessive")
                || (listed("joins") && self.is_list(*it))
        };
        (from..at).rev().find(|it| !skipped(it)).is_some_and(|it| {
            self.lexicon.has("preposition", &self.words[it].lower) && !self.has_break(it + 1, at)
        })
    }

    fn has_break(&self, from: usize, to: usize) -> bool {
        (from + 1..=to).any(|it| self.begins_clause(it))
    }

    /// Whether "and" here stands between two names.
    fn is_list(&self, at: usize) -> bool {
        at > 0 && at + 1 < self.words.len() && self.is_named(at - 1) && {
            let next = &self.words[at + 1];
            self.is_named(at + 1) || self.lexicon.has("possessive", &next.lower)
        }
    }

    fn begins_clause(&self, at: usize) -> bool {
        const MARKS: [char; 12] = [',', ';', ':', '—', '–', '(', ')', '“', '”', '"', '»', '«'];
        let Some(before) = at.checked_sub(1) else { return true };
        let gap = &self.text[self.words[before].end..self.words[at].start];
        if gap.contains(MARKS) {
            return !(self.is_named(before) && self.is_named(at));
        }
        let word = self.words[at].lower.as_str();
        let joins = self.lexicon.has("conjunction", word) && !self.lexicon.has("article", word);
        joins && !self.is_list(at)
    }
}

/// Whether the form of a verb alone tells that the writer does it: "fui", "hemos".
pub(super) fn is_first_verb(word: &str, lexicon: &Lexicon) -> bool {
    let tells = lexicon.list("verb_first").next().is_some();
    let first = || lexicon.is_past(word) || lexicon.has("verb_first", word);
    tells && (first() || lexicon.has_ending("together", word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reflection::{language::Language, words::words};

    fn is_of_writer(language: Language, sentence: &str, word: &str) -> bool {
        let lexicon = language.lexicon();
        let words = words(sentence, lexicon);
        let at = words.iter().position(|it| it.lower == word).unwrap();
        let is_name = |word: &str| ["nadia", "paul", "tom"].contains(&word);
        Told { text: sentence, words: &words, lexicon, is_name: &is_name }.is_of_writer(at)
    }

    #[test]
    fn the_writer_is_told_from_others_by_the_subject_of_the_clause() {
        for sentence in [
            "I went to Rome.",
            "Landed in Rome at midnight.",
            "My wife and I went to Rome.",
            "With Nadia and Tom in Rome.",
            "Met Nadia in Rome.",
            "In Rome we walked all day.",
            "This morning walked to Rome.",
            "Thence by water to Rome, it being very fine.",
            "My wife came with the boat, and so to Rome, where I landed.",
            "I met Sir Paul, and Captain Tom, and there dined, and so to Rome.",
        ] {
            assert!(is_of_writer(Language::English, sentence, "rome"), "{sentence}");
        }
        for sentence in [
            "Nadia is in Rome.",
            "I hear that my brother is gone to Rome.",
            "I hear Nadia is in Rome.",
            "The fleet is gone to Rome.",
            "I read, and he went to Rome.",
            "The panel asked about the archive in Rome and I talked too fast.",
            "In Rome Nadia was ill.",
            "There is a siege in Rome.",
        ] {
            assert!(!is_of_writer(Language::English, sentence, "rome"), "{sentence}");
        }
    }

    #[test]
    fn other_languages_have_subjects_too() {
        let of = |language, own: &[&str], others: &[&str], word| {
            for sentence in own {
                assert!(is_of_writer(language, sentence, word), "{sentence}");
            }
            for sentence in others {
                assert!(!is_of_writer(language, sentence, word), "{sentence}");
            }
        };
        let own = ["Ich war mit Paul in Rom.", "In Rom waren wir drei Tage.", "Nach Rom gefahren."];
        let others =
            ["Paul ist in Rom.", "Ich weiß, dass er in Rom wohnt.", "Der Chef war in Rom."];
        of(Language::German, &own, &others, "rom");
        let own = ["Je suis allée à Rome.", "J'ai vu Rome.", "Nous avons dormi à Rome."];
        let others = ["Léa est partie à Rome.", "Ma sœur habite à Rome et elle rit."];
        of(Language::French, &own, &others[..1], "rome");
        let own = ["Fui a Roma.", "Estuvimos en Roma con mi padre."];
        let others = ["Mi hermano vive en Roma.", "Me contó que su hermano vive en Roma."];
        of(Language::Spanish, &own, &others, "roma");
    }
}
