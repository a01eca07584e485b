//! Attention of queries over the cached keys and values of one layer.
use super::{Config, Held, KvCache};
use crate::kernel::{Cpu, Heads, Number, Pieces, Shared, attend_8, attend_16};
use std::ops::Range;

/// Queries that are computed together, about.
const TILE: usize = 12;

/// How one layer attends.
pub(super) struct Attention<'a> {
    config: &'a Config,
    cpu: &'a Cpu,
    layer: usize,
}

impl<'a> Attention<'a> {
    pub(super) fn new(config: &'a Config, cpu: &'a Cpu, layer: usize) -> Self {
        Self { config, cpu, layer }
    }

    /// `out[n, heads, dim]` for `query[n, heads, dim]`, whose keys are written but not yet counted in the cache.
    pub(super) fn run(&self, query: &[f32], cache: &KvCache, out: &mut [f32]) {
        let Config { head_dim, heads, kv_heads, .. } = *self.config;
        let group = heads / kv_heads;
        let (rows, step) = (query.len() / (heads * head_dim), TILE.div_ceil(group));
        let tiles = rows.div_ceil(step);
        // Heads that share keys are computed together, unless that leaves too little to share out.
        let few = tiles * kv_heads < 4 * self.cpu.pool.threads();
        let together = if few { 1 } else { group };
        let parts = heads / together;
        let out = Shared::new(out);
        self.cpu.pool.run(tiles * parts, &|task| {
            // The last rows see the most, so they come first.
            let (tile, part) = (tiles - 1 - task / parts, task % parts);
            let rows = tile * step..rows.min(tile * step + step);
            self.tile(part * together..(part + 1) * together, rows, (query, cache), &out);
        });
    }

    /// The queries of some rows and of some heads that share keys.
    fn tile(
        &self,
        heads: Range<usize>,
        rows: Range<usize>,
        (query, cache): (&[f32], &KvCache),
        out: &Shared<'_, f32>,
    ) {
        let head_dim = self.config.head_dim;
        let head = heads.start * self.config.kv_heads / self.config.heads;
        let group = heads.len();
        let part = |row: usize| (row * self.config.heads + heads.start) * head_dim;
        let mut queries =
            zeroize::Zeroizing::new(Vec::with_capacity(rows.len() * group * head_dim));
        let mut visible = Vec::with_capacity(rows.len() * group);
        for row in rows.clone() {
            queries.extend_from_slice(&query[part(row)..][..group * head_dim]);
            visible.extend(std::iter::repeat_n(self.visible(cache.len() + row), group));
        }
        let mut attended = zeroize::Zeroizing::new(vec![0.0; queries.len()]);
        let (queries, visible) = (queries.as_slice(), visible.as_slice());
        match cache.held(self.layer, head) {
            Held::F16 { keys, values } => {
                let heads = self.heads(queries, visible, keys, values);
                attend_16(self.cpu.isa, &heads, &mut attended);
            }
            Held::Q8 { keys, values } => {
                let heads = self.heads(queries, visible, keys, values);
                attend_8(self.cpu.isa, &heads, &mut attended);
            }
        }
        for (row, attended) in rows.zip(attended.chunks_exact(group * head_dim)) {
            out.write(part(row), attended);
        }
    }

    fn heads<'b, T: Number>(
        &self,
        queries: &'b [f32],
        visible: &'b [(usize, usize)],
        keys: Pieces<'b, T>,
        values: Pieces<'b, T>,
    ) -> Heads<'b, T> {
        Heads {
            dim: self.config.head_dim,
            queries,
            visible,
            keys,
            values,
            scale: self.config.attention_scale,
            cap: self.config.attention_cap,
        }
    }

    fn visible(&self, position: usize) -> (usize, usize) {
        let window = self.config.windows[self.layer].unwrap_or(usize::MAX);
        ((position + 1).saturating_sub(window), position + 1)
    }
}
