//! Keys and values of the tokens read so far, at 16 bits, in place for the whole context.
use super::Config;
use crate::kernel::{LANES, PIECE, wipe};
use half::f16;
use std::ops::Range;

/// Positions whose keys and values are allocated together.
const SEGMENT: usize = PIECE;

/// Keys and values of one conversation, in segments that are allocated as the text grows and never move.
pub(crate) struct KvCache {
    segments: Vec<Segment>,
    layers: usize,
    head_dim: usize,
    kv_heads: usize,
    /// Positions it may come to hold.
    context: usize,
    len: usize,
    /// Some models turn positions in another way where the text may become long.
    is_long: bool,
}

/// Keys lie as `[layer][head][position / 16][dim][position % 16]`, values as `[layer][head][position][dim]`.
struct Segment {
    keys: Vec<u16>,
    values: Vec<u16>,
}

impl Segment {
    fn wipe(&mut self) {
        wipe(&mut self.keys);
        wipe(&mut self.values);
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl KvCache {
    /// Empty.
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            segments: Vec::new(),
            layers: config.layers,
            head_dim: config.head_dim,
            kv_heads: config.kv_heads,
            context: config.context.next_multiple_of(LANES),
            len: 0,
            is_long: false,
        }
    }

    /// Tokens whose keys and values are held.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Whether the text may become longer than the model was first trained on.
    pub(super) fn is_long(&self) -> bool {
        self.is_long
    }

    /// Says how long the text may become; whether that changes what is long.
    pub(crate) fn set_reach(&mut self, tokens: usize, original_context: usize) -> bool {
        let was_long = std::mem::replace(&mut self.is_long, tokens > original_context);
        was_long != self.is_long
    }

    /// Forgets the tokens after the first `len`.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Counts `tokens` more as held, after every layer wrote theirs.
    pub(super) fn advance(&mut self, tokens: usize) {
        self.len += tokens;
    }

    /// Makes room for `tokens` more.
    pub(super) fn reserve(&mut self, tokens: usize) {
        while self.segments.len() * SEGMENT < self.len + tokens {
            let left = self.context.saturating_sub(self.segments.len() * SEGMENT);
            let positions = SEGMENT.min(left).max(LANES);
            let size = self.layers * self.kv_heads * positions * self.head_dim;
            self.segments.push(Segment { keys: vec![0; size], values: vec![0; size] });
        }
    }

    /// Writes `[n, kv_heads, head_dim]` keys and values of a layer after the held ones.
    pub(super) fn write(&mut self, layer: usize, keys: &[f32], values: &[f32]) {
        let (dim, width) = (self.head_dim, self.kv_heads * self.head_dim);
        for (row, (keys, values)) in
            keys.chunks_exact(width).zip(values.chunks_exact(width)).enumerate()
        {
            let (segment, position) = ((self.len + row) / SEGMENT, (self.len + row) % SEGMENT);
            for head in 0..self.kv_heads {
                let here = head * dim..(head + 1) * dim;
                let start = self.head(segment, layer, head).start;
                let segment = &mut self.segments[segment];
                let key = start + position / LANES * LANES * dim + position % LANES;
                let lanes = segment.keys[key..].iter_mut().step_by(LANES);
                lanes
                    .zip(&keys[here.clone()])
                    .for_each(|(to, &x)| *to = f16::from_f32(x).to_bits());
                let to = &mut segment.values[start + position * dim..][..dim];
                to.iter_mut()
                    .zip(&values[here])
                    .for_each(|(to, &x)| *to = f16::from_f32(x).to_bits());
            }
        }
    }

    /// Keys of a head, segment by segment: blocks of 16 positions, `[dim][16]` each.
    pub(super) fn keys(&self, layer: usize, head: usize) -> Vec<&[u16]> {
        let pieces = self.segments.iter().enumerate();
        pieces.map(|(index, segment)| &segment.keys[self.head(index, layer, head)]).collect()
    }

    /// Values of a head, segment by segment: `[position][dim]`.
    pub(super) fn values(&self, layer: usize, head: usize) -> Vec<&[u16]> {
        let pieces = self.segments.iter().enumerate();
        pieces.map(|(index, segment)| &segment.values[self.head(index, layer, head)]).collect()
    }

    /// Overwrites everything that was ever held, and gives the memory back.
    pub(crate) fn wipe(&mut self) {
        self.segments.clear();
        self.len = 0;
    }

    fn head(&self, segment: usize, layer: usize, head: usize) -> Range<usize> {
        let size = self.segments[segment].keys.len() / (self.layers * self.kv_heads);
        let start = (layer * self.kv_heads + head) * size;
        start..start + size
    }
}
