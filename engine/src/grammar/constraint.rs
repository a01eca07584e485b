//! Which tokens may come next.
use super::{
    Grammar,
    automaton::{Automaton, DEAD, State},
};
use crate::{
    error::{Error, Result},
    tokenizer::Tokenizer,
};
use std::{collections::HashMap, rc::Rc};
use zeroize::Zeroizing;

/// Masks that are kept; one takes a bit for every token.
const MASKS: usize = 256;

/// The tokens that stand for bytes, in the order of these: what is found out of a beginning holds for all tokens
/// that share it.
pub(crate) struct SortedPieces {
    pieces: Vec<Piece>,
    vocabulary: usize,
}

struct Piece {
    bytes: Vec<u8>,
    token: u32,
    /// Bytes that it shares with the one before.
    shared: usize,
}

impl SortedPieces {
    /// Of all tokens but control tokens.
    pub(crate) fn new(tokenizer: &Tokenizer, vocabulary: usize) -> Self {
        let tokens = (0..u32::try_from(vocabulary).unwrap_or(u32::MAX))
            .filter(|&token| !tokenizer.ends_turn(token));
        let mut sorted: Vec<(&[u8], u32)> = tokens
            .map(|token| (tokenizer.bytes(token), token))
            .filter(|(bytes, _)| !bytes.is_empty())
            .collect();
        sorted.sort_unstable();
        let mut before: &[u8] = &[];
        let mut pieces = Vec::with_capacity(sorted.len());
        for (bytes, token) in sorted {
            let shared = before.iter().zip(bytes).take_while(|(a, b)| a == b).count();
            pieces.push(Piece { bytes: bytes.to_vec(), token, shared });
            before = bytes;
        }
        Self { pieces, vocabulary }
    }
}

/// How far a text has come in its grammar.
pub(crate) struct Constraint<'a> {
    pieces: &'a SortedPieces,
    automaton: Automaton,
    state: State,
    masks: HashMap<State, Rc<Mask>>,
}

struct Mask {
    /// A bit for every token.
    allowed: Vec<u64>,
    /// The most bytes that are still to come after one of them.
    furthest: u32,
    is_empty: bool,
}

impl<'a> Constraint<'a> {
    /// At the beginning; `None` for a grammar that is too large.
    pub(crate) fn new(grammar: &Grammar, pieces: &'a SortedPieces) -> Option<Self> {
        let automaton = Automaton::new(grammar)?;
        let state = Automaton::START;
        Some(Self { pieces, automaton, state, masks: HashMap::new() })
    }

    /// Whether the text must end here.
    pub(crate) fn must_end(&self) -> bool {
        self.automaton.must_end(self.state)
    }

    /// Rules out the tokens that can't come next, those too after which the text could not end within `left` tokens,
    /// this one included; those that `ends` names stay where the text may end.
    /// # Errors
    /// `Compute`, when no token is left.
    pub(crate) fn rule_out(
        &mut self,
        logits: &mut [f32],
        left: usize,
        ends: impl Fn(u32) -> bool,
    ) -> Result<()> {
        let after = u32::try_from(left.saturating_sub(1)).unwrap_or(u32::MAX);
        let mask = self.mask(after);
        let may_end = self.automaton.may_end(self.state);
        if mask.is_empty && !may_end {
            return Err(Error::Compute("the answer can't be written in so few tokens".into()));
        }
        for (token, logit) in (0..).zip(logits.iter_mut()) {
            let word = mask.allowed.get(token as usize / 64).copied().unwrap_or(0);
            let is_allowed = word >> (token % 64) & 1 == 1;
            if !(is_allowed || may_end && ends(token)) {
                *logit = f32::NEG_INFINITY;
            }
        }
        Ok(())
    }

    /// Goes on by a token that was not ruled out.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.state = self.automaton.next(self.state, byte);
        }
    }

    /// The tokens after which at most `after` bytes are still to come.
    fn mask(&mut self, after: u32) -> Rc<Mask> {
        let all = self.masks.get(&self.state).map(Rc::clone).unwrap_or_else(|| {
            let all = Rc::new(self.walk(u32::MAX));
            if self.masks.len() >= MASKS {
                self.masks.clear();
            }
            self.masks.insert(self.state, Rc::clone(&all));
            all
        });
        if all.furthest <= after { all } else { Rc::new(self.walk(after)) }
    }

    /// Follows every token, byte by byte, from the first that the one before did not have.
    fn walk(&mut self, after: u32) -> Mask {
        let words = self.pieces.vocabulary.div_ceil(64);
        let mut mask = Mask { allowed: vec![0; words], furthest: 0, is_empty: true };
        // The states after 0, 1, … bytes of the last piece, up to where it can't go on.
        let mut states = Zeroizing::new(vec![self.state]);
        for piece in &self.pieces.pieces {
            if states.len() <= piece.shared {
                continue;
            }
            states.truncate(piece.shared + 1);
            for &byte in &piece.bytes[piece.shared..] {
                let next = self.automaton.next(states[states.len() - 1], byte);
                if next == DEAD {
                    break;
                }
                states.push(next);
            }
            if states.len() <= piece.bytes.len() {
                continue;
            }
            let to_end = self.automaton.to_end(states[piece.bytes.len()]);
            if to_end <= after {
                mask.allowed[piece.token as usize / 64] |= 1 << (piece.token % 64);
                mask.furthest = mask.furthest.max(to_end);
                mask.is_empty = false;
            }
        }
        mask
    }
}
