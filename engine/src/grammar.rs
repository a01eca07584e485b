//! What an answer must look like: a grammar becomes an automaton over bytes, and that a mask over the vocabulary.
mod automaton;
mod constraint;
mod schema;
#[cfg(test)]
mod tests;

pub(crate) use constraint::{Constraint, SortedPieces};
pub use schema::Schema;

/// A set of texts. It is regular: no part holds itself.
#[derive(Clone)]
pub enum Grammar {
    /// This text.
    Text(String),
    /// One of these ASCII characters.
    OneOf(String),
    /// One character, but none of these (ASCII) and no control character.
    Except(String),
    /// One part after the other.
    Sequence(Vec<Self>),
    /// Any one of the parts.
    Choice(Vec<Self>),
    /// A part several times.
    Repeat {
        /// What is repeated.
        part: Box<Self>,
        /// So many times at least.
        least: usize,
        /// So many times at most.
        most: usize,
    },
}

impl Grammar {
    /// This text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// This part, `least` to `most` times.
    #[must_use]
    pub fn repeat(self, least: usize, most: usize) -> Self {
        Self::Repeat { part: Box::new(self), least, most }
    }

    /// `least` to `most` parts with `between` between them.
    #[must_use]
    pub fn list(part: &Self, between: &str, least: usize, most: usize) -> Self {
        let more = Self::Sequence(vec![Self::text(between), part.clone()]);
        let more = more.repeat(least.saturating_sub(1), most.saturating_sub(1));
        let some = Self::Sequence(vec![part.clone(), more]);
        match (least, most) {
            (_, 0) => Self::text(""),
            (0, _) => some.repeat(0, 1),
            _ => some,
        }
    }

    /// `count` lines that begin with their number, `1. ` and so on, each of `line`.
    #[must_use]
    pub fn numbered(count: usize, line: &Self) -> Self {
        let number = |n: usize| {
            let end = if n == 1 { "" } else { "\n" };
            Self::Sequence(vec![Self::Text(format!("{end}{n}. ")), line.clone()])
        };
        Self::Sequence((1..=count).map(number).collect())
    }
}
