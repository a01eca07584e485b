//! Keys and values of the tokens read so far, in place for the whole context.
mod segment;

use super::Config;
use crate::kernel::{LANES, PIECE, Pieces};
use segment::{Segment, Shape};

/// Positions whose keys and values are allocated together.
const SEGMENT: usize = PIECE;

/// How exact keys and values are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CacheType {
    /// Floats of 16 bits.
    #[default]
    F16,
    /// 8 bits, with a scale of 16 bits for every 16: 56 % of the memory.
    Q8,
}

impl CacheType {
    /// Bytes of 16 numbers.
    pub(super) const fn bytes(self) -> u64 {
        match self {
            Self::F16 => 32,
            Self::Q8 => 18,
        }
    }
}

/// Keys and values of one conversation, in segments that are allocated as the text grows and never move.
pub(crate) struct KvCache {
    segments: Segments,
    shape: Shape,
    /// Positions it may come to hold.
    context: usize,
    len: usize,
    /// Some models turn positions in another way where the text may become long.
    is_long: bool,
}

/// Of the type of the cache.
enum Segments {
    F16(Vec<Segment<u16>>),
    Q8(Vec<Segment<i8>>),
}

/// Keys and values of a head, segment by segment.
pub(super) enum Held<'a> {
    F16 { keys: Pieces<'a, u16>, values: Pieces<'a, u16> },
    Q8 { keys: Pieces<'a, i8>, values: Pieces<'a, i8> },
}

impl KvCache {
    /// Empty.
    pub(crate) fn new(config: &Config) -> Self {
        let Config { layers, kv_heads, head_dim, .. } = *config;
        Self {
            segments: match config.cache_type {
                CacheType::F16 => Segments::F16(Vec::new()),
                CacheType::Q8 => Segments::Q8(Vec::new()),
            },
            shape: Shape { layers, kv_heads, head_dim },
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
        let (shape, end) = (self.shape, self.len + tokens);
        let positions = |held: usize| SEGMENT.min(self.context.saturating_sub(held)).max(LANES);
        match &mut self.segments {
            Segments::F16(segments) => segment::reserve(segments, shape, end, positions),
            Segments::Q8(segments) => segment::reserve(segments, shape, end, positions),
        }
    }

    /// Writes `[n, kv_heads, head_dim]` keys and values of a layer after the held ones.
    pub(super) fn write(&mut self, layer: usize, keys: &[f32], values: &[f32]) {
        let width = self.shape.kv_heads * self.shape.head_dim;
        let rows = keys.chunks_exact(width).zip(values.chunks_exact(width));
        for (at, row) in (self.len..).zip(rows) {
            let (segment, position) = (at / SEGMENT, at % SEGMENT);
            match &mut self.segments {
                Segments::F16(segments) => {
                    segments[segment].write(self.shape, layer, position, row);
                }
                Segments::Q8(segments) => segments[segment].write(self.shape, layer, position, row),
            }
        }
    }

    /// Keys and values of a head.
    pub(super) fn held(&self, layer: usize, head: usize) -> Held<'_> {
        let index = layer * self.shape.kv_heads + head;
        match &self.segments {
            Segments::F16(segments) => {
                let (keys, values) = segment::pieces(segments, self.shape, index);
                Held::F16 { keys, values }
            }
            Segments::Q8(segments) => {
                let (keys, values) = segment::pieces(segments, self.shape, index);
                Held::Q8 { keys, values }
            }
        }
    }

    /// Overwrites everything that was ever held, and gives the memory back.
    pub(crate) fn wipe(&mut self) {
        match &mut self.segments {
            Segments::F16(segments) => segments.clear(),
            Segments::Q8(segments) => segments.clear(),
        }
        self.len = 0;
    }
}
