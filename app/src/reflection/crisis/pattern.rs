//! Rows of words to look for in a sentence.
//!
//! A pattern a line: words, `*` for up to three of any kind, `(a|b c)` for any of these, with an empty
//! one where it may be missing; `^` before it and `$` behind it for a whole sentence's begin and end.
use std::collections::HashMap;

/// Words that `*` stands for, at most.
const GAP: usize = 3;

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
    Gap,
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

    /// How many of them are in a sentence.
    pub(super) fn matching(&self, words: &[&str]) -> usize {
        let mut found = Vec::new();
        for at in 0..words.len() {
            for &number in self.by_first.get(words[at]).into_iter().flatten() {
                if !found.contains(&number) && self.all[number].is_at(at, words) {
                    found.push(number);
                }
            }
        }
        found.len()
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

    fn is_at(&self, at: usize, words: &[&str]) -> bool {
        (at == 0 || !self.at_start) && self.follows(&self.elements, &words[at..])
    }

    /// Whether the words begin with these elements.
    fn follows(&self, elements: &[Element], words: &[&str]) -> bool {
        let Some((element, rest)) = elements.split_first() else {
            return words.is_empty() || !self.at_end;
        };
        match element {
            Element::Gap => {
                (0..=GAP.min(words.len())).any(|skipped| self.follows(rest, &words[skipped..]))
            }
            Element::Any(choices) => choices.iter().any(|choice| {
                let is_here =
                    choice.len() <= words.len() && choice.iter().eq(&words[..choice.len()]);
                is_here && self.follows(rest, &words[choice.len()..])
            }),
        }
    }
}

impl Element {
    fn of(text: &str) -> Self {
        if text == "*" {
            return Self::Gap;
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
        Patterns::of(lines).matching(&sentence.split(' ').collect::<Vec<_>>())
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
