//! Rotary positions.
use super::{Config, config::RopePairs};
use crate::weights::Weights;

/// The speeds at which pairs of values turn.
pub(super) struct Rope {
    speeds: Vec<f64>,
    /// Speeds of layers that see their window only.
    window_speeds: Vec<f64>,
    /// Turned values are multiplied by this.
    magnitude: f32,
    config: Config,
}

/// Cosines and sines of some positions: `[position][pair]`, for layers with and without a window.
pub(super) struct Turns {
    full: Vec<(f32, f32)>,
    windowed: Vec<(f32, f32)>,
}

impl Rope {
    pub(super) fn new(config: &Config, weights: &mut Weights) -> Self {
        let rope = &config.rope;
        let speeds = |base: f32, factor: f32| -> Vec<f64> {
            let speed = |pair: usize| f64::from(base).powf(-2.0 * pair as f64 / rope.dims as f64);
            (0..rope.dims / 2).map(|pair| speed(pair) / f64::from(factor)).collect()
        };
        let long = weights.optional_vector("rope_factors_long");
        let short = weights.optional_vector("rope_factors_short");
        let stretched = config.context > rope.original_context;
        let factors =
            weights.optional_vector("rope_freqs").or(if stretched { long } else { short });
        let mut full = speeds(rope.base, rope.linear_factor);
        for (speed, factor) in full.iter_mut().zip(factors.into_iter().flatten()) {
            *speed /= f64::from(factor);
        }
        Self {
            speeds: full,
            window_speeds: speeds(rope.window_base, 1.0),
            magnitude: rope.magnitude,
            config: config.clone(),
        }
    }

    /// The turns of `count` positions from `first`.
    pub(super) fn turns(&self, first: usize, count: usize) -> Turns {
        let turns = |speeds: &[f64]| {
            let at = |position: usize, speed: f64| {
                let (sin, cos) = (position as f64 * speed).sin_cos();
                (cos as f32 * self.magnitude, sin as f32 * self.magnitude)
            };
            (first..first + count)
                .flat_map(|position| speeds.iter().map(move |&speed| at(position, speed)))
                .collect()
        };
        Turns {
            full: turns(&self.speeds),
            windowed: if self.config.window.is_some() {
                turns(&self.window_speeds)
            } else {
                Vec::new()
            },
        }
    }

    /// Turns `x[n, heads, dim]` of a layer in place.
    pub(super) fn turn(&self, layer: usize, turns: &Turns, x: &mut [f32], heads: usize) {
        let (dim, rope) = (self.config.head_dim, &self.config.rope);
        if rope.skip_period > 0 && (layer + 1).is_multiple_of(rope.skip_period) {
            return;
        }
        let turns = if self.config.is_windowed(layer) { &turns.windowed } else { &turns.full };
        let pairs = rope.dims / 2;
        for (row, turns) in x.chunks_exact_mut(heads * dim).zip(turns.chunks_exact(pairs)) {
            for head in row.chunks_exact_mut(dim) {
                for (pair, &(cos, sin)) in turns.iter().enumerate() {
                    let (i, j) = match rope.pairs {
                        RopePairs::Adjacent => (2 * pair, 2 * pair + 1),
                        RopePairs::Halves => (pair, pair + pairs),
                    };
                    (head[i], head[j]) =
                        (head[i] * cos - head[j] * sin, head[i] * sin + head[j] * cos);
                }
            }
        }
    }
}
