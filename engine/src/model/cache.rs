//! Keys and values of the tokens read so far, at 16 bits, in place for the whole context.
use super::Config;
use crate::kernel::{LANES, wipe};
use half::f16;
use std::ops::Range;

/// Keys and values of one conversation. Keys lie as `[layer][head][position / 16][dim][position % 16]`,
/// values as `[layer][head][position][dim]`. Memory is touched, and so taken, only as positions are used.
pub(crate) struct KvCache {
    keys: Vec<u16>,
    values: Vec<u16>,
    head_dim: usize,
    kv_heads: usize,
    positions: usize,
    len: usize,
    /// Positions written since the last wipe.
    touched: usize,
}

impl KvCache {
    /// Empty, for the model's whole context.
    pub(crate) fn new(config: &Config) -> Self {
        let positions = config.context.next_multiple_of(LANES);
        let size = config.layers * config.kv_heads * positions * config.head_dim;
        Self {
            keys: vec![0; size],
            values: vec![0; size],
            head_dim: config.head_dim,
            kv_heads: config.kv_heads,
            positions,
            len: 0,
            touched: 0,
        }
    }

    /// Tokens whose keys and values are held.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Forgets the tokens after the first `len`.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Counts `tokens` more as held, after every layer wrote theirs.
    pub(super) fn advance(&mut self, tokens: usize) {
        self.len += tokens;
    }

    /// Writes `[n, kv_heads, head_dim]` keys and values of a layer after the held ones.
    pub(super) fn write(&mut self, layer: usize, keys: &[f32], values: &[f32]) {
        let (dim, width) = (self.head_dim, self.kv_heads * self.head_dim);
        for (row, (keys, values)) in
            keys.chunks_exact(width).zip(values.chunks_exact(width)).enumerate()
        {
            let position = self.len + row;
            for head in 0..self.kv_heads {
                let here = head * dim..(head + 1) * dim;
                let start = self.head(layer, head).start;
                let key = start + position / LANES * LANES * dim + position % LANES;
                let lanes = self.keys[key..].iter_mut().step_by(LANES);
                lanes
                    .zip(&keys[here.clone()])
                    .for_each(|(to, &x)| *to = f16::from_f32(x).to_bits());
                let to = &mut self.values[start + position * dim..][..dim];
                to.iter_mut()
                    .zip(&values[here])
                    .for_each(|(to, &x)| *to = f16::from_f32(x).to_bits());
            }
        }
        self.touched = self.touched.max(self.len + keys.len() / width);
    }

    /// Keys of a head: blocks of 16 positions, `[dim][16]` each.
    pub(super) fn keys(&self, layer: usize, head: usize) -> &[u16] {
        &self.keys[self.head(layer, head)]
    }

    /// Values of a head: `[position][dim]`.
    pub(super) fn values(&self, layer: usize, head: usize) -> &[u16] {
        &self.values[self.head(layer, head)]
    }

    /// Overwrites everything that was ever held.
    pub(crate) fn wipe(&mut self) {
        let used = self.touched.next_multiple_of(LANES).min(self.positions) * self.head_dim;
        for start in (0..self.keys.len()).step_by(self.positions * self.head_dim) {
            wipe(&mut self.keys[start..start + used]);
            wipe(&mut self.values[start..start + used]);
        }
        (self.len, self.touched) = (0, 0);
    }

    fn head(&self, layer: usize, head: usize) -> Range<usize> {
        let size = self.positions * self.head_dim;
        let start = (layer * self.kv_heads + head) * size;
        start..start + size
    }
}

impl Drop for KvCache {
    fn drop(&mut self) {
        self.wipe();
    }
}
