//! An automaton over bytes: a nondeterministic one from the grammar, made deterministic where text leads.
use super::Grammar;
use std::{collections::HashMap, ops::RangeInclusive};

/// Nodes that a grammar may have; counted repetitions are written out.
const MAX_NODES: usize = 1 << 17;
/// The bytes of characters beyond ASCII, control characters left out: <https://www.unicode.org/versions/Unicode16.0.0/core-spec/chapter-3/#G27506>.
const WIDE: [&[RangeInclusive<u8>]; 9] = [
    &[0xc2..=0xc2, 0xa0..=0xbf],
    &[0xc3..=0xdf, 0x80..=0xbf],
    &[0xe0..=0xe0, 0xa0..=0xbf, 0x80..=0xbf],
    &[0xe1..=0xec, 0x80..=0xbf, 0x80..=0xbf],
    &[0xed..=0xed, 0x80..=0x9f, 0x80..=0xbf],
    &[0xee..=0xef, 0x80..=0xbf, 0x80..=0xbf],
    &[0xf0..=0xf0, 0x90..=0xbf, 0x80..=0xbf, 0x80..=0xbf],
    &[0xf1..=0xf3, 0x80..=0xbf, 0x80..=0xbf, 0x80..=0xbf],
    &[0xf4..=0xf4, 0x80..=0x8f, 0x80..=0xbf, 0x80..=0xbf],
];

/// A deterministic state.
pub(super) type State = u32;
/// No text leads on from here.
pub(super) const DEAD: State = u32::MAX;
const UNKNOWN: State = u32::MAX - 1;
const END: u32 = 0;

enum Node {
    /// The text may end here.
    End,
    /// One byte, and what follows it.
    Byte(RangeInclusive<u8>, u32),
    /// All of these follow, without a byte.
    Any(Vec<u32>),
}

/// The automaton, and what is known of it so far.
pub(super) struct Automaton {
    nodes: Vec<Node>,
    /// Fewest bytes from each node to the end.
    to_end: Vec<u32>,
    states: Vec<Known>,
    by_nodes: HashMap<Vec<u32>, State>,
}

struct Known {
    /// Nodes with a byte, or the end.
    nodes: Vec<u32>,
    next: Box<[State; 256]>,
    to_end: u32,
}

impl Automaton {
    /// `None` for a grammar that is too large.
    pub(super) fn new(grammar: &Grammar) -> Option<Self> {
        let mut nodes = vec![Node::End];
        let start = add(grammar, END, &mut nodes)?;
        let to_end = distances(&nodes);
        let mut automaton = Self { nodes, to_end, states: Vec::new(), by_nodes: HashMap::new() };
        automaton.state([start]);
        Some(automaton)
    }

    /// Where every text begins.
    pub(super) const START: State = 0;

    /// Whether the text may end here.
    pub(super) fn may_end(&self, state: State) -> bool {
        self.states[state as usize].to_end == 0
    }

    /// Whether the text must end here.
    pub(super) fn must_end(&self, state: State) -> bool {
        self.states[state as usize].nodes == [END]
    }

    /// Fewest bytes that are still to come.
    pub(super) fn to_end(&self, state: State) -> u32 {
        self.states[state as usize].to_end
    }

    /// The state after one byte more; `DEAD` when the text can't go on so.
    pub(super) fn next(&mut self, state: State, byte: u8) -> State {
        let known = self.states[state as usize].next[usize::from(byte)];
        if known != UNKNOWN {
            return known;
        }
        let follow = |node: &u32| match &self.nodes[*node as usize] {
            Node::Byte(bytes, next) if bytes.contains(&byte) => Some(*next),
            _ => None,
        };
        let after: Vec<u32> = self.states[state as usize].nodes.iter().filter_map(follow).collect();
        let next = if after.is_empty() { DEAD } else { self.state(after) };
        self.states[state as usize].next[usize::from(byte)] = next;
        next
    }

    fn state(&mut self, from: impl IntoIterator<Item = u32>) -> State {
        let mut open: Vec<u32> = from.into_iter().collect();
        let (mut seen, mut nodes) = (std::collections::HashSet::new(), Vec::new());
        while let Some(node) = open.pop() {
            if !seen.insert(node) {
                continue;
            }
            match &self.nodes[node as usize] {
                Node::Any(next) => open.extend(next),
                _ => nodes.push(node),
            }
        }
        nodes.sort_unstable();
        if let Some(&state) = self.by_nodes.get(&nodes) {
            return state;
        }
        let state = State::try_from(self.states.len()).unwrap_or(DEAD);
        let to_end = nodes.iter().map(|&node| self.to_end[node as usize]).min();
        self.by_nodes.insert(nodes.clone(), state);
        self.states.push(Known {
            nodes,
            next: Box::new([UNKNOWN; 256]),
            to_end: to_end.unwrap_or(u32::MAX),
        });
        state
    }
}

/// Adds the nodes of a part, after which comes `next`; the node where it begins.
fn add(part: &Grammar, next: u32, nodes: &mut Vec<Node>) -> Option<u32> {
    match part {
        Grammar::Text(text) => text
            .bytes()
            .rev()
            .try_fold(next, |next, byte| push(nodes, Node::Byte(byte..=byte, next))),
        Grammar::OneOf(characters) => {
            let bytes = characters.bytes().map(|byte| byte..=byte);
            one_of(bytes.map(|byte| vec![byte]).collect(), next, nodes)
        }
        Grammar::Except(characters) => {
            let allowed = (0x20..0x7f_u8).filter(|byte| !characters.as_bytes().contains(byte));
            let ascii = allowed.map(|byte| vec![byte..=byte]);
            one_of(ascii.chain(WIDE.map(<[_]>::to_vec)).collect(), next, nodes)
        }
        Grammar::Sequence(parts) => {
            parts.iter().rev().try_fold(next, |next, part| add(part, next, nodes))
        }
        Grammar::Choice(parts) => {
            let begun = parts.iter().map(|part| add(part, next, nodes)).collect::<Option<_>>()?;
            push(nodes, Node::Any(begun))
        }
        Grammar::Repeat { part, least, most } => {
            let mut begin = next;
            for _ in *least..*most {
                let once = add(part, begin, nodes)?;
                begin = push(nodes, Node::Any(vec![once, next]))?;
            }
            (0..*least).try_fold(begin, |next, _| add(part, next, nodes))
        }
    }
}

/// Any of several rows of bytes.
fn one_of(rows: Vec<Vec<RangeInclusive<u8>>>, next: u32, nodes: &mut Vec<Node>) -> Option<u32> {
    let mut begun = Vec::with_capacity(rows.len());
    for row in rows {
        let begin = row.into_iter().rev();
        begun.push(
            begin.into_iter().try_fold(next, |next, bytes| push(nodes, Node::Byte(bytes, next)))?,
        );
    }
    push(nodes, Node::Any(begun))
}

fn push(nodes: &mut Vec<Node>, node: Node) -> Option<u32> {
    nodes.push(node);
    u32::try_from(nodes.len() - 1).ok().filter(|_| nodes.len() <= MAX_NODES)
}

/// Every node but the end follows those it leads to, so one pass is enough.
fn distances(nodes: &[Node]) -> Vec<u32> {
    let mut to_end = Vec::with_capacity(nodes.len());
    for node in nodes {
        let far = |next: &u32| to_end.get(*next as usize).copied().unwrap_or(u32::MAX);
        to_end.push(match node {
            Node::End => 0,
            Node::Byte(_, next) => far(next).saturating_add(1),
            Node::Any(next) => next.iter().map(far).min().unwrap_or(u32::MAX),
        });
    }
    to_end
}
