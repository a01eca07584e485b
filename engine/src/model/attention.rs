//! Attention of queries over the cached keys and values of one layer.
use super::{Config, KvCache, cache::LANES};
use half::f16;
use zeroize::Zeroizing;

/// How one layer attends.
pub(super) struct Attention<'a> {
    config: &'a Config,
    layer: usize,
    scale: f32,
}

impl<'a> Attention<'a> {
    pub(super) fn new(config: &'a Config, layer: usize) -> Self {
        Self { config, layer, scale: 1.0 / (config.head_dim as f32).sqrt() }
    }

    /// `out[n, heads, dim]` for `query[n, heads, dim]`, whose keys are written but not yet counted in the cache.
    pub(super) fn run(&self, query: &[f32], cache: &KvCache, out: &mut [f32]) {
        let dim = self.config.head_dim;
        let (heads, group) = (self.config.heads, self.config.heads / self.config.kv_heads);
        let mut scores = Zeroizing::new(Vec::new());
        for (index, (query, out)) in
            query.chunks_exact(dim).zip(out.chunks_exact_mut(dim)).enumerate()
        {
            let (row, kv_head) = (index / heads, index % heads / group);
            let end = cache.len() + row + 1;
            let start = match self.config.window {
                Some(window) if self.config.is_windowed(self.layer) => end.saturating_sub(window),
                _ => 0,
            };
            self.score(query, cache.keys(self.layer, kv_head), end, &mut scores);
            soften(&mut scores[start..end]);
            out.fill(0.0);
            let values = cache.values(self.layer, kv_head);
            for (score, value) in
                scores[start..end].iter().zip(values[start * dim..].chunks_exact(dim))
            {
                out.iter_mut()
                    .zip(value)
                    .for_each(|(out, &v)| *out += score * f16::from_bits(v).to_f32());
            }
        }
    }

    fn score(&self, query: &[f32], keys: &[u16], end: usize, scores: &mut Vec<f32>) {
        scores.clear();
        for block in keys.chunks_exact(query.len() * LANES).take(end.div_ceil(LANES)) {
            let mut sums = [0.0; LANES];
            for (q, keys) in query.iter().zip(block.chunks_exact(LANES)) {
                sums.iter_mut()
                    .zip(keys)
                    .for_each(|(sum, &k)| *sum += q * f16::from_bits(k).to_f32());
            }
            scores.extend(sums.map(|sum| match self.config.attention_cap {
                Some(cap) => cap * (sum * self.scale / cap).tanh(),
                None => sum * self.scale,
            }));
        }
    }
}

fn soften(scores: &mut [f32]) {
    let max = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    scores.iter_mut().for_each(|score| *score = (*score - max).exp());
    let scale = 1.0 / scores.iter().sum::<f32>();
    scores.iter_mut().for_each(|score| *score *= scale);
}
