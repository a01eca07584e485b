//! Rotary positions.
use super::{
    Config, KvCache,
    config::{RopeConfig, RopePairs, Stretch},
};
use crate::weights::Weights;

/// The speeds at which pairs of values turn.
pub(super) struct Rope {
    speeds: Vec<f64>,
    /// Speeds for texts longer than those first trained on, where they differ.
    long_speeds: Option<Vec<f64>>,
    /// Speeds of layers that see their window only, where they differ.
    window_speeds: Option<Vec<f64>>,
    /// Turned values are multiplied by this.
    magnitude: f32,
    config: Config,
}

/// Cosines and sines of some positions: `[position][pair]`, for layers with and without a window.
pub(super) struct Turns {
    full: Vec<(f32, f32)>,
    windowed: Option<Vec<(f32, f32)>>,
}

impl Rope {
    pub(super) fn new(config: &Config, weights: &mut Weights) -> Self {
        let rope = &config.rope;
        let mut full = speeds(rope, rope.base);
        let mut magnitude = rope.magnitude;
        divide(&mut full, weights.optional_vector("rope_freqs"));
        match rope.stretch {
            Stretch::No => {}
            Stretch::Linear(factor) => {
                full.iter_mut().for_each(|speed| *speed /= f64::from(factor));
            }
            Stretch::Yarn(factor) => {
                stretch(rope, factor, &mut full);
                magnitude *= 1.0 + 0.1 * factor.max(1.0).ln();
            }
        }
        let long = weights.optional_vector("rope_factors_long").map(|factors| {
            let mut long = full.clone();
            divide(&mut long, Some(factors));
            long
        });
        divide(&mut full, weights.optional_vector("rope_factors_short"));
        let window_speeds = rope.window_base.map(|base| speeds(rope, base));
        Self { speeds: full, long_speeds: long, window_speeds, magnitude, config: config.clone() }
    }

    /// The turns of `count` positions after those that `cache` holds.
    pub(super) fn turns(&self, cache: &KvCache, count: usize) -> Turns {
        let first = cache.len();
        let turns = |speeds: &[f64]| {
            let at = |position: usize, speed: f64| {
                let (sin, cos) = (position as f64 * speed).sin_cos();
                (cos as f32 * self.magnitude, sin as f32 * self.magnitude)
            };
            (first..first + count)
                .flat_map(|position| speeds.iter().map(move |&speed| at(position, speed)))
                .collect()
        };
        let long = self.long_speeds.as_ref().filter(|_| cache.is_long());
        Turns {
            full: turns(long.unwrap_or(&self.speeds)),
            windowed: self.window_speeds.as_ref().map(|speeds| turns(speeds)),
        }
    }

    /// Turns `x[n, heads, dim]` of a layer in place.
    pub(super) fn turn(&self, layer: usize, turns: &Turns, x: &mut [f32], heads: usize) {
        let (dim, rope) = (self.config.head_dim, &self.config.rope);
        if rope.skip_period > 0 && (layer + 1).is_multiple_of(rope.skip_period) {
            return;
        }
        let windowed = turns.windowed.as_ref().filter(|_| self.config.windows[layer].is_some());
        let turns = windowed.unwrap_or(&turns.full);
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

/// The speed of every pair, in radians a position.
fn speeds(rope: &RopeConfig, base: f32) -> Vec<f64> {
    let speed = |pair: usize| f64::from(base).powf(-2.0 * pair as f64 / rope.dims as f64);
    (0..rope.dims / 2).map(speed).collect()
}

fn divide(speeds: &mut [f64], factors: Option<Vec<f32>>) {
    for (speed, factor) in speeds.iter_mut().zip(factors.into_iter().flatten()) {
        *speed /= f64::from(factor);
    }
}

/// YaRN: pairs that turn less than once in the original context are slowed by `factor`, those that turn more than
/// 32 times are left, those between are blended.
fn stretch(rope: &RopeConfig, factor: f32, speeds: &mut [f64]) {
    let (dims, context) = (rope.dims as f64, rope.original_context as f64);
    let pair_that_turns = |times: f64| {
        dims * (context / (times * std::f64::consts::TAU)).ln() / (2.0 * f64::from(rope.base).ln())
    };
    let low = pair_that_turns(32.0).floor().max(0.0);
    let high = pair_that_turns(1.0).ceil().min(dims - 1.0);
    for (pair, speed) in speeds.iter_mut().enumerate() {
        let slowed = ((pair as f64 - low) / (high - low).max(0.001)).clamp(0.0, 1.0);
        *speed *= 1.0 - slowed + slowed / f64::from(factor);
    }
}
