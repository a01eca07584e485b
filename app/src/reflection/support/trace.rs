//! A sentence followed word by word through what a person wrote.
use super::Own;
use crate::reflection::{
    language::Lexicon,
    words::{Class, Word},
};

/// The words of a text, ready to be compared, and where its clauses begin.
pub(super) struct Trace<'l> {
    tokens: Vec<Token>,
    lexicon: &'l Lexicon,
    /// Whether the writer is spoken to: "you" for "I".
    speaks_to: bool,
}

#[derive(Clone)]
struct Token {
    word: Word,
    /// The word without the difference between "I" and "you".
    key: String,
    /// What stands between it and the word before parts clauses: punctuation.
    is_parted: bool,
    /// It begins a clause by itself: "and", "because".
    joins: bool,
}

impl<'l> Trace<'l> {
    /// A sentence of a summary.
    pub(super) fn of_told(text: &str, told: &[Word], lexicon: &'l Lexicon) -> Self {
        let speaks_to = !told.iter().any(|word| lexicon.has("first", &word.lower));
        let tokens = tokens(text, told, lexicon, |word| match speaks_to {
            true => told_key(&word.lower),
            false => word.lower.clone(),
        });
        Self { tokens, lexicon, speaks_to }
    }

    /// Whether all of it stands in `own`, in order, with nothing left out that matters.
    pub(super) fn rests_on(&self, own: &Own<'_>) -> bool {
        let source = tokens(own.text, &own.words, self.lexicon, |word| match self.speaks_to {
            true => own_key(&word.lower),
            false => word.lower.clone(),
        });
        let asks = own.text.trim_end_matches(['"', '”', ')', ' ']).ends_with('?');
        let source = Source { tokens: &source, lexicon: self.lexicon };
        !asks
            && self.keeps_frames(&source)
            && (0..source.tokens.len()).any(|start| {
                source.may_start(start)
                    && self.follow(&source, start).is_some_and(|places| {
                        source.may_end(&places) && self.leaves_out_nothing(&source, &places)
                    })
            })
    }

    /// The clauses, where each says by itself who does what; one alone otherwise, and none where they
    /// stand in a relation that a part of them would lose.
    pub(super) fn parts(&self) -> Vec<Self> {
        let mut parts: Vec<Vec<Token>> = vec![Vec::new()];
        for token in &self.tokens {
            let (plain, begun) = (
                is_plain_join(&token.word.lower),
                parts.last().is_some_and(|part| !part.is_empty()),
            );
            if (plain || token.is_parted) && begun {
                parts.push(Vec::new());
            }
            if !plain && let Some(part) = parts.last_mut() {
                part.push(token.clone());
            }
        }
        let is_whole = |part: &[Token]| part.first().is_some_and(|first| self.is_subject(first));
        if parts.len() < 2 || !parts.iter().all(|part| part.len() > 2 && is_whole(part)) {
            return Vec::new();
        }
        let (lexicon, speaks_to) = (self.lexicon, self.speaks_to);
        parts.into_iter().map(|tokens| Self { tokens, lexicon, speaks_to }).collect()
    }

    fn is_subject(&self, token: &Token) -> bool {
        let lower = token.word.lower.as_str();
        self.lexicon.has("subject_second", lower) || is_named_subject(token, self.lexicon)
    }

    /// Every word of the source by which something is not so, or not yet, or not here, is told too.
    fn keeps_frames(&self, source: &Source<'_>) -> bool {
        let frames = |tokens: &[Token]| -> Vec<String> {
            tokens.iter().filter_map(|token| frame(&token.word.lower, self.lexicon)).collect()
        };
        let told = frames(&self.tokens);
        frames(source.tokens).iter().all(|frame| told.contains(frame))
    }

    /// Where each word stands in the source, from `start` on.
    fn follow(&self, source: &Source<'_>, start: usize) -> Option<Vec<usize>> {
        let mut next = start;
        let mut places = Vec::with_capacity(self.tokens.len());
        for (at, token) in self.tokens.iter().enumerate() {
            let rest = source.tokens.get(next..)?;
            let found = next + rest.iter().position(|other| other.key == token.key)?;
            if at == 0 && found != start {
                return None;
            }
            places.push(found);
            next = found + 1;
        }
        Some(places)
    }

    fn leaves_out_nothing(&self, source: &Source<'_>, places: &[usize]) -> bool {
        let of_writer = self.tokens.first().is_some_and(|token| token.key == WRITER);
        places.windows(2).all(|pair| {
            let gap = &source.tokens[pair[0] + 1..pair[1]];
            let again = of_writer && gap.iter().all(|token| token.key == WRITER);
            gap.is_empty() || again || source.may_skip(pair[0] + 1, pair[1])
        })
    }
}

/// The key of whoever writes.
const WRITER: &str = "you";

/// What a person wrote.
struct Source<'s> {
    tokens: &'s [Token],
    lexicon: &'s Lexicon,
}

impl Source<'_> {
    /// Whether a sentence may begin here: where a clause does that names who does what.
    fn may_start(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let Some(before) = at.checked_sub(1).map(|before| &self.tokens[before]) else {
            return true;
        };
        let is_writer = self.lexicon.has("subject_first", &token.word.lower);
        if token.is_parted || before.is_parted && before.joins {
            return is_writer || is_named_subject(token, self.lexicon);
        }
        is_writer && (before.joins || self.is_adverbial(at))
    }

    /// Whether what stands before a word in its clause only says when, where or how.
    fn is_adverbial(&self, end: usize) -> bool {
        let begins = |at: &usize| *at == 0 || self.tokens[*at].is_parted || self.tokens[*at].joins;
        let start = (0..end).rev().find(begins).unwrap_or_default();
        let first = &self.tokens[start].word.lower;
        let has_doer = self.tokens[start..end].iter().any(|token| {
            is_named_subject(token, self.lexicon) && self.lexicon.has("kin", &token.word.lower)
        });
        !has_doer && (self.lexicon.has("preposition", first) || self.is_loose(&self.tokens[start]))
    }

    /// Whether a sentence may end after these words: where a clause does.
    fn may_end(&self, places: &[usize]) -> bool {
        let Some(last) = places.last() else { return false };
        let rest = &self.tokens[last + 1..];
        let rest = &rest
            [rest.iter().take_while(|token| !token.is_parted && self.is_loose(token)).count()..];
        rest.first().is_none_or(|next| {
            (next.is_parted || next.joins) && !self.lexicon.has("goes_on", &next.word.lower)
        })
    }

    /// Whether the words from `start` to `end` may be left out between others.
    fn may_skip(&self, start: usize, end: usize) -> bool {
        let gap = &self.tokens[start..end];
        if gap.iter().all(|token| self.is_loose(token)) {
            return true;
        }
        let parts = |token: &Token| token.is_parted || token.joins;
        let is_aside = self.tokens.get(end).is_some_and(|next| next.is_parted) && parts(&gap[0]);
        let names = |token: &Token| {
            is_named_subject(token, self.lexicon)
                && !self.lexicon.has("determiner", &token.word.lower)
                || self.lexicon.has("goes_on", &token.word.lower)
        };
        let is_relative = self.lexicon.has("relative_pronoun", &gap[0].word.lower);
        is_aside && (is_relative || !gap.iter().any(names))
    }

    fn is_loose(&self, token: &Token) -> bool {
        self.lexicon.has("loose", &token.word.lower)
    }
}

fn tokens(
    text: &str,
    words: &[Word],
    lexicon: &Lexicon,
    key: impl Fn(&Word) -> String,
) -> Vec<Token> {
    let parts = |c: char| ",;:—–()[].!?…\"“”".contains(c);
    let mut end = 0;
    let mut found = Vec::with_capacity(words.len());
    for word in words {
        let is_parted = end > 0 && text.get(end..word.start).is_some_and(|gap| gap.contains(parts));
        let joins = lexicon.has("conjunction", &word.lower);
        end = word.end;
        found.push(Token { word: word.clone(), key: key(word), is_parted, joins });
    }
    found
}

/// A name, a relation, an article or a possessive: the beginning of what a clause is about.
fn is_named_subject(token: &Token, lexicon: &Lexicon) -> bool {
    let lower = token.word.lower.as_str();
    token.word.class == Class::Name
        || ["kin", "title", "determiner"].iter().any(|list| lexicon.has(list, lower))
}

/// Words that join clauses and say no more than that.
fn is_plain_join(lower: &str) -> bool {
    matches!(lower, "and" | "und" | "et" | "y" | "e")
}

/// The word, if what it stands beside is not so, not certain, not now, or not the writer's own say.
fn frame(lower: &str, lexicon: &Lexicon) -> Option<String> {
    let lower = match lower {
        "cannot" => "not",
        other if other.ends_with("n't") => "not",
        other if other.ends_with("'ll") => "will",
        other if other.ends_with("'d") => "would",
        other => other,
    };
    let is_frame = ["negation", "modal", "frame"].iter().any(|list| lexicon.has(list, lower));
    is_frame.then(|| lower.to_owned())
}

/// A word of a summary that speaks to the writer.
fn told_key(lower: &str) -> String {
    match lower {
        "was" => "were",
        other => other,
    }
    .to_owned()
}

/// A word of the writer's, as a summary would say it to them.
fn own_key(lower: &str) -> String {
    match lower {
        "i" | "me" | "we" | "us" => WRITER,
        "my" | "our" => "your",
        "mine" | "ours" => "yours",
        "myself" | "ourselves" => "yourself",
        "i'm" | "we're" => "you're",
        "i've" | "we've" => "you've",
        "i'd" | "we'd" => "you'd",
        "i'll" | "we'll" => "you'll",
        "am" => "are",
        "was" => "were",
        // Somebody else whom the writer spoke to.
        "you" => "thou",
        "your" => "thy",
        other => other,
    }
    .to_owned()
}
