//! Rows of words to look for in a sentence, or in sentences that stand next to one another.
//!
//! A pattern a line: words, `*` for up to three of any kind, `…` for as many as there are, `(a|b c)` for any of
//! these, with an empty one where it may be missing; `^` before it and `$` behind it for a sentence's begin and end.
use std::{
    collections::{HashMap, HashSet},
    ops::RangeInclusive,
};

/// Words that `*` stands for, at most.
const GAP: usize = 3;
/// Sentences that one pattern may reach over: "I'm so tired. Not of work. Of being here."
const PASSAGE: usize = 3;

/// The words of a text, and the sentence of each by its number.
pub(super) struct Text<'a> {
    words: Vec<&'a str>,
    sentences: Vec<usize>,
}

impl<'a> Text<'a> {
    /// Of sentences, their words with single spaces between.
    pub(super) fn of(sentences: &'a [String]) -> Self {
        let numbered = sentences.iter().enumerate();
        let words = numbered.flat_map(|(at, sentence)| sentence.split(' ').map(move |w| (w, at)));
        let (words, sentences) = words.unzip();
        Self { words, sentences }
    }

    /// Whether a sentence begins before the word, or has ended there.
    fn is_border(&self, at: usize) -> bool {
        at == 0 || self.sentences.get(at) != self.sentences.get(at - 1)
    }

    /// Where a passage that begins with the word ends.
    fn passage_end(&self, at: usize) -> usize {
        let beyond = self.sentences[at] + PASSAGE;
        self.sentences.partition_point(|&sentence| sentence < beyond)
    }
}

/// Many patterns, found by their first words.
pub(super) struct Patterns {
    all: Vec<Pattern>,
    /// Of each word, the patterns that may begin with it.
    by_first: HashMap<String, Vec<usize>>,
}

struct Pattern {
    elements: Vec<Element>,
    at_start: bool,
    at_end: bool,
}

enum Element {
    /// So many words at most.
    Gap(usize),
    /// Each some words; none where it may be missing.
    Any(Vec<Vec<String>>),
}

impl Patterns {
    /// One for each line that isn't empty or a comment (`#`).
    pub(super) fn of(lines: &str) -> Self {
        let is_pattern = |line: &&str| !line.is_empty() && !line.starts_with('#');
        let all: Vec<_> = lines.lines().filter(is_pattern).map(Pattern::of).collect();
        let mut by_first: HashMap<String, Vec<usize>> = HashMap::new();
        for (number, pattern) in all.iter().enumerate() {
            for first in pattern.firsts() {
                by_first.entry(first).or_default().push(number);
            }
        }
        by_first.values_mut().for_each(Vec::dedup);
        Self { all, by_first }
    }

    /// How many of them are in the text, by the sentences that each reaches over.
    pub(super) fn found(&self, text: &Text<'_>) -> HashMap<RangeInclusive<usize>, usize> {
        let mut found = HashSet::new();
        for (at, word) in text.words.iter().enumerate() {
            for &number in self.by_first.get(*word).into_iter().flatten() {
                if let Some(end) = self.all[number].end(at, text) {
                    found.insert((number, text.sentences[at]..=text.sentences[end - 1]));
                }
            }
        }
        let mut counts = HashMap::new();
        for (_, sentences) in found {
            *counts.entry(sentences).or_default() += 1;
        }
        counts
    }
}

impl Pattern {
    fn of(line: &str) -> Self {
        let at_start = line.starts_with('^');
        let at_end = line.ends_with('$');
        let mut rest = line.trim_start_matches('^').trim_end_matches('$').trim();
        let mut elements = Vec::new();
        while !rest.is_empty() {
            let end = if rest.starts_with('(') { rest.find(')').map(|at| at + 1) } else { None };
            let end = end.or_else(|| rest.find(' ')).unwrap_or(rest.len());
            elements.push(Element::of(&rest[..end]));
            rest = rest[end..].trim_start();
        }
        Self { elements, at_start, at_end }
    }

    /// The words it may begin with.
    fn firsts(&self) -> Vec<String> {
        let mut firsts = Vec::new();
        for element in &self.elements {
            let Element::Any(choices) = element else { break };
            firsts.extend(choices.iter().filter_map(|words| words.first().cloned()));
            if choices.iter().all(|words| !words.is_empty()) {
                break;
            }
        }
        firsts
    }

    /// Behind its last word, if it begins with this one; the nearest, so that what is in one sentence is found there.
    fn end(&self, at: usize, text: &Text<'_>) -> Option<usize> {
        let begins = !self.at_start || text.is_border(at);
        let end = begins.then(|| self.follow(&self.elements, at, text.passage_end(at), text))?;
        end.filter(|end| *end > at)
    }

    /// Where the elements end that begin here.
    fn follow(
        &self,
        elements: &[Element],
        at: usize,
        until: usize,
        text: &Text<'_>,
    ) -> Option<usize> {
        let Some((element, rest)) = elements.split_first() else {
            return (!self.at_end || text.is_border(at)).then_some(at);
        };
        match element {
            Element::Gap(most) => (at..=until.min(at.saturating_add(*most)))
                .find_map(|next| self.follow(rest, next, until, text)),
            Element::Any(choices) => {
                let is_here = |choice: &&Vec<String>| {
                    let words = text.words[at..until].get(..choice.len());
                    words.is_some_and(|words| choice.iter().eq(words))
                };
                let here = choices.iter().filter(is_here);
                here.filter_map(|choice| self.follow(rest, at + choice.len(), until, text)).min()
            }
        }
    }
}

impl Element {
    fn of(text: &str) -> Self {
        match text {
            "*" => return Self::Gap(GAP),
            "…" => return Self::Gap(usize::MAX),
            _ => {}
        }
        let choices = text.trim_start_matches('(').trim_end_matches(')').split('|');
        let words = |choice: &str| choice.split_whitespace().map(str::to_owned).collect();
        Self::Any(choices.map(words).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matching(lines: &str, sentence: &str) -> usize {
        Patterns::of(lines).found(&Text::of(&[sentence.to_owned()])).values().sum()
    }

    fn reach(lines: &str, sentences: &[&str]) -> Vec<RangeInclusive<usize>> {
        let sentences: Vec<String> = sentences.iter().map(|&s| s.to_owned()).collect();
        Patterns::of(lines).found(&Text::of(&sentences)).into_keys().collect()
    }

    #[test]
    fn a_pattern_reaches_over_three_sentences_and_no_more() {
        let tired = "so tired … of being here$";
        assert_eq!(reach(tired, &["im so tired", "not of work", "of being here"]), [0..=2]);
        assert!(reach(tired, &["im so tired", "a", "b", "of being here"]).is_empty());
        assert!(reach(tired, &["im so tired", "of being here early"]).is_empty());
        assert_eq!(reach("said no * didnt stop", &["well", "i said no", "he didnt stop"]), [1..=2]);
        assert_eq!(reach("^of being", &["tired", "of being here"]), [1..=1]);
    }

    #[test]
    fn what_is_in_one_sentence_is_found_there() {
        assert_eq!(reach("want to die (tonight|)", &["i want to die", "tonight"]), [0..=0]);
    }

    #[test]
    fn words_stand_next_to_one_another_or_up_to_three_apart() {
        assert_eq!(matching("end it", "i will end it all"), 1);
        assert_eq!(matching("end it", "i will end with it"), 0);
        assert_eq!(matching("end * it", "i end it"), 1);
        assert_eq!(matching("end * it", "i end one two three it"), 1);
        assert_eq!(matching("end * it", "i end one two three four it"), 0);
    }

    #[test]
    fn any_choice_will_do_and_an_empty_one_may_be_missing() {
        let lines = "(dont|do not) want to (live|be here|)";
        assert_eq!(matching(lines, "i do not want to be here"), 1);
        assert_eq!(matching(lines, "i dont want to"), 1);
        assert_eq!(matching(lines, "i do want to live"), 0);
        assert_eq!(matching("(really|) tired of it", "tired of it"), 1);
        assert_eq!(matching("(really|) tired of it", "really tired of it"), 1, "counted once");
    }

    #[test]
    fn a_whole_sentence_begins_and_ends_with_it() {
        assert_eq!(matching("^i cant go on$", "i cant go on"), 1);
        assert_eq!(matching("^i cant go on$", "i cant go on holiday"), 0);
        assert_eq!(matching("^i cant go on", "she said i cant go on"), 0);
    }

    #[test]
    fn comments_are_none_and_each_pattern_counts_once() {
        assert_eq!(matching("# no\n\nyes\nyes you", "no yes yes you"), 2);
    }
}
