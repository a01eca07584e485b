//! Attention of queries over the cached keys and values of one layer.
use super::{Config, KvCache};
use crate::kernel::{Cpu, Heads, Shared, attend};

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
        let width = self.config.heads * self.config.head_dim;
        let group = self.config.heads / self.config.kv_heads;
        let (rows, step) = (query.len() / width, TILE.div_ceil(group));
        let tiles = rows.div_ceil(step);
        let out = Shared::new(out);
        self.cpu.pool.run(tiles * self.config.kv_heads, &|task| {
            // The last rows see the most, so they come first.
            let (tile, head) =
                (tiles - 1 - task / self.config.kv_heads, task % self.config.kv_heads);
            let rows = tile * step..rows.min(tile * step + step);
            self.tile(head, rows, (query, cache), &out);
        });
    }

    /// The queries of some rows that use the keys of `head`.
    fn tile(
        &self,
        head: usize,
        rows: std::ops::Range<usize>,
        (query, cache): (&[f32], &KvCache),
        out: &Shared<'_>,
    ) {
        let Config { head_dim, heads, kv_heads, .. } = *self.config;
        let group = heads / kv_heads;
        let part = |row: usize| (row * heads + head * group) * head_dim;
        let mut queries =
            zeroize::Zeroizing::new(Vec::with_capacity(rows.len() * group * head_dim));
        let mut visible = Vec::with_capacity(rows.len() * group);
        for row in rows.clone() {
            queries.extend_from_slice(&query[part(row)..][..group * head_dim]);
            visible.extend(std::iter::repeat_n(self.visible(cache.len() + row), group));
        }
        let mut attended = zeroize::Zeroizing::new(vec![0.0; queries.len()]);
        let tile = Heads {
            dim: head_dim,
            queries: &queries,
            visible: &visible,
            keys: &cache.keys(self.layer, head),
            values: &cache.values(self.layer, head),
            scale: self.config.attention_scale,
            cap: self.config.attention_cap,
        };
        attend(self.cpu.isa, &tile, &mut attended);
        for (row, attended) in rows.zip(attended.chunks_exact(group * head_dim)) {
            out.write(part(row), attended);
        }
    }

    fn visible(&self, position: usize) -> (usize, usize) {
        let window = self.config.windows[self.layer].unwrap_or(usize::MAX);
        ((position + 1).saturating_sub(window), position + 1)
    }
}
