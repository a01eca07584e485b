//! Joining neighbours, the best pair first: the heart of both kinds of tokenizer.
use std::{cmp::Reverse, collections::BinaryHeap};

/// A token-to-be: bytes `start..end` of the text.
#[derive(Clone, Copy)]
pub(super) struct Symbol {
    pub(super) id: u32,
    pub(super) start: usize,
    pub(super) end: usize,
}

const NONE: usize = usize::MAX;

/// Joins neighbours for as long as `pair` knows a token for one, lowest rank first, then leftmost.
pub(super) fn merge(
    symbols: &mut Vec<Symbol>,
    pair: impl Fn(Symbol, Symbol) -> Option<(u32, u32)>,
) {
    let mut heap = BinaryHeap::new();
    let mut next: Vec<usize> = (1..=symbols.len()).collect();
    let mut previous: Vec<usize> = (0..symbols.len()).map(|i| i.wrapping_sub(1)).collect();
    let count = symbols.len();
    let offer = |symbols: &[Symbol], left: usize, right: usize, heap: &mut BinaryHeap<_>| {
        if left < count
            && right < count
            && let Some((rank, id)) = pair(symbols[left], symbols[right])
        {
            heap.push(Reverse((rank, left, right, symbols[right].end, id)));
        }
    };
    (1..count).for_each(|right| offer(symbols, right - 1, right, &mut heap));
    while let Some(Reverse((_, left, right, end, id))) = heap.pop() {
        // A stale offer: one of the two has been joined to another since.
        if next[left] != right || symbols[right].end != end {
            continue;
        }
        symbols[left].id = id;
        symbols[left].end = end;
        let after = next[right];
        next[left] = after;
        next[right] = NONE;
        if after < count {
            previous[after] = left;
        }
        offer(symbols, previous[left], left, &mut heap);
        offer(symbols, left, after, &mut heap);
    }
    let mut index = 0;
    symbols.retain(|_| {
        index += 1;
        next[index - 1] != NONE
    });
}
