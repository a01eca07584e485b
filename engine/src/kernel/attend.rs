//! Attention of some queries over the keys and values of one head, block by block.
use super::{
    cached::{Block, Number, Pieces},
    lanes::{dispatch, exp_lane, fused},
    wipe,
};

/// Positions whose keys lie side by side.
pub(crate) const LANES: usize = 16;
/// Positions in a piece of the cache; a multiple of [`SPAN`].
pub(crate) const PIECE: usize = 1024;
/// Positions that are scored before their values are summed.
const SPAN: usize = 256;

/// Queries that share keys and values, and what they may see.
pub(crate) struct Heads<'a, T> {
    /// Length of a query, a key, a value: a multiple of 16.
    pub(crate) dim: usize,
    /// `[query][dim]`.
    pub(crate) queries: &'a [f32],
    /// Positions that each query sees, beginning and end.
    pub(crate) visible: &'a [(usize, usize)],
    /// `[position / 16][dim][position % 16]`.
    pub(crate) keys: Pieces<'a, T>,
    /// `[position][dim]`.
    pub(crate) values: Pieces<'a, T>,
    /// Scores are multiplied by this.
    pub(crate) scale: f32,
    /// Then squeezed into ± this.
    pub(crate) cap: Option<f32>,
}

/// What is known of a query after some positions.
#[derive(Clone, Copy)]
struct Running {
    max: f32,
    sum: f32,
}

/// Scratch memory; holds traces of the text and is wiped.
struct Scratch {
    scores: Vec<f32>,
    running: Vec<Running>,
}

impl Drop for Scratch {
    fn drop(&mut self) {
        wipe(&mut self.scores);
    }
}

dispatch!(attend_16, attend_body, (heads: &Heads<'_, u16>, out: &mut [f32]));
dispatch!(attend_8, attend_body, (heads: &Heads<'_, i8>, out: &mut [f32]));

/// `out[query][dim]`.
#[inline(always)]
fn attend_body<const FMA: bool>(heads: &Heads<'_, impl Number>, out: &mut [f32]) {
    let first = heads.visible.iter().map(|&(start, _)| start).min().unwrap_or(0);
    let end = heads.visible.iter().map(|&(_, end)| end).max().unwrap_or(0);
    let count = heads.visible.len();
    let mut scratch = Scratch {
        scores: vec![0.0; count * SPAN],
        running: vec![Running { max: f32::NEG_INFINITY, sum: 0.0 }; count],
    };
    out.fill(0.0);
    for span in (first / SPAN * SPAN..end).step_by(SPAN) {
        let length = SPAN.min(end - span);
        score::<FMA>(heads, span, length, &mut scratch);
        soften::<FMA>(heads, span, length, &mut scratch, out);
        gather::<FMA>(heads, span, length, &scratch, out);
    }
    for (out, running) in out.chunks_exact_mut(heads.dim).zip(&scratch.running) {
        let scale = 1.0 / running.sum;
        out.iter_mut().for_each(|out| *out *= scale);
    }
}

/// Scores of all queries for the positions of a span.
#[inline(always)]
fn score<const FMA: bool>(
    heads: &Heads<'_, impl Number>,
    span: usize,
    length: usize,
    scratch: &mut Scratch,
) {
    let mut query = 0;
    while query < heads.visible.len() {
        let rows = &heads.queries[query * heads.dim..];
        let scores = &mut scratch.scores[query * SPAN..];
        let keys = |block: usize| heads.keys.block(span + block, heads.dim);
        let blocks = length.div_ceil(LANES);
        query += match heads.visible.len() - query {
            6.. => score_rows::<FMA, 6, 1, _>(rows, keys, blocks, scores),
            4.. => score_rows::<FMA, 4, 1, _>(rows, keys, blocks, scores),
            2.. => score_rows::<FMA, 2, 2, _>(rows, keys, blocks, scores),
            _ => score_rows::<FMA, 1, 4, _>(rows, keys, blocks, scores),
        };
    }
}

/// Scores of `N` queries, for `B` blocks at a time: a sum has to wait for the one before, so several are in the making.
#[inline(always)]
fn score_rows<'a, const FMA: bool, const N: usize, const B: usize, T: Number + 'a>(
    queries: &[f32],
    keys: impl Fn(usize) -> Block<'a, T>,
    blocks: usize,
    scores: &mut [f32],
) -> usize {
    let mut block = 0;
    while block < blocks {
        let scores = &mut scores[block * LANES..];
        let keys = |index: usize| keys((block + index) * LANES);
        block += if block + B <= blocks {
            dots::<FMA, N, B, T>(queries, keys, scores)
        } else {
            dots::<FMA, N, 1, T>(queries, keys, scores)
        };
    }
    N
}

/// Products of `N` queries with the keys of `B` blocks; returns `B`.
#[inline(always)]
fn dots<'a, const FMA: bool, const N: usize, const B: usize, T: Number + 'a>(
    queries: &[f32],
    keys: impl Fn(usize) -> Block<'a, T>,
    scores: &mut [f32],
) -> usize {
    let keys: [Block<'_, T>; B] = std::array::from_fn(keys);
    let numbers: [&[[T; LANES]]; B] = keys.map(|keys| keys.numbers.as_chunks().0);
    let dim = numbers[0].len();
    let queries: [&[f32]; N] = std::array::from_fn(|i| &queries[i * dim..][..dim]);
    let mut sums = [[[0.0; LANES]; B]; N];
    for group in 0..dim / LANES {
        let mut scales = [[1.0; LANES]; B];
        for (scales, keys) in scales.iter_mut().zip(&keys) {
            *scales = keys.scales::<FMA>(group);
        }
        for d in group * LANES..(group + 1) * LANES {
            let mut keys = [[0.0; LANES]; B];
            for ((keys, numbers), scales) in keys.iter_mut().zip(&numbers).zip(&scales) {
                let wide = T::widen::<FMA, LANES>(&numbers[d]);
                *keys = if T::SCALED { times(wide, scales) } else { wide };
            }
            for (sums, query) in sums.iter_mut().zip(&queries) {
                let q = query[d];
                for (sum, key) in sums.as_flattened_mut().iter_mut().zip(keys.as_flattened()) {
                    *sum = fused::<FMA>(q, *key, *sum);
                }
            }
        }
    }
    for (i, sums) in sums.iter().enumerate() {
        scores[i * SPAN..][..B * LANES].copy_from_slice(sums.as_flattened());
    }
    B
}

/// `x · by`, lane by lane.
#[inline(always)]
fn times(mut x: [f32; LANES], by: &[f32; LANES]) -> [f32; LANES] {
    x.iter_mut().zip(by).for_each(|(x, by)| *x *= by);
    x
}

/// Turns a span's scores into weights, relative to the largest so far; positions out of sight weigh 0.
#[inline(always)]
fn soften<const FMA: bool>(
    heads: &Heads<'_, impl Number>,
    span: usize,
    length: usize,
    scratch: &mut Scratch,
    out: &mut [f32],
) {
    let queries =
        scratch.scores.chunks_exact_mut(SPAN).zip(&mut scratch.running).zip(heads.visible);
    for (((scores, running), &(start, end)), out) in queries.zip(out.chunks_exact_mut(heads.dim)) {
        let from = start.saturating_sub(span).min(length);
        let to = end.saturating_sub(span).min(length).max(from);
        scores[..from].fill(0.0);
        scores[to..].fill(0.0);
        let seen = &mut scores[from..to];
        if seen.is_empty() {
            continue;
        }
        for score in seen.iter_mut() {
            *score *= heads.scale;
        }
        if let Some(cap) = heads.cap {
            seen.iter_mut().for_each(|score| *score = cap * (*score / cap).tanh());
        }
        let max = largest(seen).max(running.max);
        let factor = exp_lane::<FMA>(running.max - max);
        seen.iter_mut().for_each(|score| *score = exp_lane::<FMA>(*score - max));
        *running = Running { max, sum: running.sum * factor + total(seen) };
        out.iter_mut().for_each(|out| *out *= factor);
    }
}

/// Adds the values of a span by their weights.
#[inline(always)]
fn gather<const FMA: bool>(
    heads: &Heads<'_, impl Number>,
    span: usize,
    length: usize,
    scratch: &Scratch,
    out: &mut [f32],
) {
    let dim = heads.dim;
    for block in (0..length).step_by(LANES) {
        let values = heads.values.block(span + block, dim);
        let mut query = 0;
        while query < heads.visible.len() {
            let weights = &scratch.scores[query * SPAN + block..];
            let out = &mut out[query * dim..];
            query += match (heads.visible.len() - query, dim.is_multiple_of(64)) {
                (6.., _) => blend::<FMA, 6, 16, _>(weights, &values, dim, out),
                (4.., _) => blend::<FMA, 4, 16, _>(weights, &values, dim, out),
                (2.., true) => blend::<FMA, 2, 32, _>(weights, &values, dim, out),
                (2.., false) => blend::<FMA, 2, 16, _>(weights, &values, dim, out),
                (_, true) => blend::<FMA, 1, 64, _>(weights, &values, dim, out),
                (_, false) => blend::<FMA, 1, 16, _>(weights, &values, dim, out),
            };
        }
    }
}

/// Adds the values of a block, weighted by `rows`, to the sums of `N` queries, `W` of up to 64 at a time; returns `N`.
#[inline(always)]
fn blend<const FMA: bool, const N: usize, const W: usize, T: Number>(
    rows: &[f32],
    values: &Block<'_, T>,
    dim: usize,
    out: &mut [f32],
) -> usize {
    let mut weights = [[0.0; LANES]; N];
    for (i, weights) in weights.iter_mut().enumerate() {
        weights.copy_from_slice(&rows[i * SPAN..][..LANES]);
    }
    for start in (0..dim).step_by(W) {
        let mut sums = [[0.0; W]; N];
        // The scales of values belong to positions, as the weights do.
        let mut scaled = [[[0.0; LANES]; 4]; N];
        for (i, sums) in sums.iter_mut().enumerate() {
            sums.copy_from_slice(&out[i * dim + start..][..W]);
            for (group, scaled) in scaled[i][..W / LANES].iter_mut().enumerate() {
                *scaled = times(weights[i], &values.scales::<FMA>(start / LANES + group));
            }
        }
        for (position, values) in values.numbers.chunks_exact(dim).enumerate() {
            let Some(values) = values[start..].first_chunk::<W>() else { continue };
            let values = T::widen::<FMA, W>(values);
            for (i, sums) in sums.iter_mut().enumerate() {
                let groups =
                    sums.as_chunks_mut::<LANES>().0.iter_mut().zip(values.as_chunks::<LANES>().0);
                for ((sums, values), scaled) in groups.zip(&scaled[i]) {
                    let weight = scaled[position];
                    for (sum, value) in sums.iter_mut().zip(values) {
                        *sum = fused::<FMA>(weight, *value, *sum);
                    }
                }
            }
        }
        for (i, sums) in sums.iter().enumerate() {
            out[i * dim + start..][..W].copy_from_slice(sums);
        }
    }
    N
}

/// The largest, by lanes: a single running maximum would not be SIMD.
#[inline(always)]
pub(super) fn largest(x: &[f32]) -> f32 {
    let (lanes, rest) = x.as_chunks::<LANES>();
    let mut max = [f32::NEG_INFINITY; LANES];
    for lane in lanes {
        max.iter_mut().zip(lane).for_each(|(max, &x)| *max = if x > *max { x } else { *max });
    }
    max.iter().chain(rest).fold(f32::NEG_INFINITY, |max, &x| if x > max { x } else { max })
}

/// The sum, by lanes.
#[inline(always)]
pub(super) fn total(x: &[f32]) -> f32 {
    let (lanes, rest) = x.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for lane in lanes {
        sums.iter_mut().zip(lane).for_each(|(sum, x)| *sum += x);
    }
    sums.iter().chain(rest).sum()
}
