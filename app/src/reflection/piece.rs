//! Sentences as they can be quoted: whole, or, where they are long, cut only where both sides say the same alone.
use super::{
    language::Lexicon,
    sentence::sentences,
    words::{Class, Word, words},
};

/// More words than this, and a sentence is cut where it can be.
const LONG: usize = 30;
/// A piece has at least so many words.
const SHORTEST: usize = 5;
/// Words in which the verb of a clause comes, after what it is about.
const BEFORE_VERB: usize = 4;

/// The sentences of `text`, long ones in pieces, each a slice of it.
#[must_use]
pub fn quotable<'t>(text: &'t str, lexicon: &Lexicon) -> Vec<&'t str> {
    sentences(text).into_iter().flat_map(|sentence| pieces(sentence, lexicon)).collect()
}

fn pieces<'t>(sentence: &'t str, lexicon: &Lexicon) -> Vec<&'t str> {
    let words = words(sentence, lexicon);
    if words.len() <= LONG {
        return vec![sentence];
    }
    let long = Long { text: sentence, words, lexicon };
    let mut found = Vec::new();
    let (mut from, mut start) = (0, 0);
    for at in 1..long.words.len() {
        let Some(begin) = long.begins(from, at) else { continue };
        found.push(sentence[start..long.words[at - 1].end].trim_end());
        (from, start) = (begin, long.words[begin].start);
    }
    found.push(&sentence[start..]);
    found
}

/// A sentence to be cut.
struct Long<'t, 'l> {
    text: &'t str,
    words: Vec<Word>,
    lexicon: &'l Lexicon,
}

impl Long<'_, '_> {
    /// Where the next piece begins, if the one from `from` can end before the word `at`.
    fn begins(&self, from: usize, at: usize) -> Option<usize> {
        let gap = &self.text[self.words[at - 1].end..self.words[at].start];
        let is_strong = gap.contains([';', ':', '—', '–']) && !gap.contains(['(', ')']);
        let is_joined = self.is(at, "piece_join");
        let begin = (at..self.words.len()).find(|&w| !self.is(w, "piece_join"))?;
        let parts = is_strong || (gap.trim() == "," && is_joined);
        let long_enough = at >= from + SHORTEST && self.words.len() >= begin + SHORTEST;
        let stands = parts && long_enough && self.is_open(self.words[at].start);
        let may_end = stands && self.has_verb(from, at) && !self.frames(from, at);
        (may_end && self.is_clause(begin)).then_some(begin)
    }

    /// Whether no bracket and no quotation mark is open before a byte.
    fn is_open(&self, at: usize) -> bool {
        let count = |mark: char| self.text[..at].matches(mark).count();
        let pairs = [('(', ')'), ('[', ']'), ('“', '”'), ('«', '»')];
        pairs.into_iter().all(|(open, close)| count(open) == count(close))
            && count('"').is_multiple_of(2)
    }

    /// Whether these words are said under a condition, or by somebody else: what follows may be, too.
    fn frames(&self, from: usize, to: usize) -> bool {
        (from..to).any(|at| self.is(at, "piece_frame"))
    }

    fn has_verb(&self, from: usize, to: usize) -> bool {
        let mut free = true;
        for at in from..to {
            if self.is(at, "relative_pronoun") || self.is(at, "subordinate") {
                free = false;
            }
            if free && self.is_verb(at) {
                return true;
            }
        }
        false
    }

    /// Whether a subject with its verb comes next.
    fn is_clause(&self, at: usize) -> bool {
        if self.is(at, "own_contracted") {
            return true;
        }
        let is_pronoun = ["own_subject", "other_subject"].iter().any(|list| self.is(at, list))
            || ["it", "there"].contains(&self.lower(at));
        let is_named = self.is(at, "determiner") || self.words[at].class == Class::Name;
        let until = self.words.len().min(at + 1 + BEFORE_VERB);
        let Some(verb) = (at + 1..until).find(|&w| self.is_verb(w)) else { return false };
        let is_near = self.lower(at) != "there" || verb == at + 1;
        (is_pronoun || is_named)
            && is_near
            && self.lower(verb + 1) != "by"
            && (at..verb).all(|w| !self.is_parted(w))
            && (at + 1..verb).all(|w| !self.leads_away(w))
    }

    /// Whether a word before a verb belongs to something else than its subject: "the end of", "everybody saying it".
    fn leads_away(&self, at: usize) -> bool {
        let lists =
            ["preposition", "own_subject", "other_subject", "relative_pronoun", "piece_frame"];
        lists.iter().any(|list| self.is(at, list)) || self.lower(at).ends_with("ing")
    }

    /// Whether a word is followed by a comma, a bracket or the end.
    fn is_parted(&self, at: usize) -> bool {
        let Some(next) = self.words.get(at + 1) else { return true };
        self.text[self.words[at].end..next.start].contains([',', ';', '(', ':', '—', '–'])
    }

    fn is_verb(&self, at: usize) -> bool {
        self.lexicon.is_finite(self.lower(at))
    }

    fn is(&self, at: usize, list: &str) -> bool {
        self.lexicon.has(list, self.lower(at))
    }

    fn lower(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| word.lower.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reflection::language::Language;

    fn cut(text: &str) -> Vec<&str> {
        quotable(text, Language::English.lexicon())
    }

    #[test]
    fn a_long_sentence_is_cut_where_both_sides_stand_alone() {
        let text = "I walked all the way to the harbour with my brother and his new dog in the rain this \
            morning, and he never even looked at the house; my mother had sold it to the neighbours in March.";
        assert_eq!(cut(text).len(), 3);
        assert!(cut(text)[1].starts_with("he never even") && cut(text)[1].ends_with("house"));
        assert!(cut(text).iter().all(|piece| text.contains(piece)));
    }

    #[test]
    fn no_list_bracket_or_condition_is_cut() {
        for text in [
            "Dined at the Dolphin with Sir George, Sir John, Sir William, and I, with Sir Theophilus and others of the \
             commissioners of the sewers about our place below, spoke for an hour on how to lay masts in.",
            "If the doctor agrees when I see her on Friday after the long meeting about the budget for next year, and I am \
             well enough to walk by then, I will run the marathon in May with my sister.",
            "We waited at the corner for the two of them (Lena had lost her keys in the park again, and she was close to \
             tears about it) until the last bus of the evening had gone without any of us.",
        ] {
            assert_eq!(cut(text), [text]);
        }
    }
}
