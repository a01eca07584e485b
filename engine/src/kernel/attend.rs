//! Attention of some queries over the keys and values of one head, block by block.
use super::{
    lanes::{dispatch, exp_lane, fused, widen},
    wipe,
};

/// Positions whose keys lie side by side.
pub(crate) const LANES: usize = 16;
/// Positions in a piece of the cache; a multiple of [`SPAN`].
pub(crate) const PIECE: usize = 1024;
/// Positions that are scored before their values are summed.
const SPAN: usize = 256;

/// Queries that share keys and values, and what they may see.
pub(crate) struct Heads<'a> {
    /// Length of a query, a key, a value: a multiple of 16.
    pub(crate) dim: usize,
    /// `[query][dim]`.
    pub(crate) queries: &'a [f32],
    /// Positions that each query sees, beginning and end.
    pub(crate) visible: &'a [(usize, usize)],
    /// `[position / 16][dim][position % 16]`, 16-bit; cut into pieces of [`PIECE`] positions.
    pub(crate) keys: &'a [&'a [u16]],
    /// `[position][dim]`, 16-bit; cut likewise.
    pub(crate) values: &'a [&'a [u16]],
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

dispatch!(attend, attend_body, (heads: &Heads<'_>, out: &mut [f32]));

/// `out[query][dim]`.
#[inline(always)]
fn attend_body<const FMA: bool>(heads: &Heads<'_>, out: &mut [f32]) {
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
fn score<const FMA: bool>(heads: &Heads<'_>, span: usize, length: usize, scratch: &mut Scratch) {
    let mut query = 0;
    while query < heads.visible.len() {
        let rows = &heads.queries[query * heads.dim..];
        let scores = &mut scratch.scores[query * SPAN..];
        let keys = |block: usize| block_of(heads.keys, span + block, heads.dim);
        let blocks = length.div_ceil(LANES);
        query += match heads.visible.len() - query {
            6.. => score_rows::<FMA, 6, 1>(rows, keys, blocks, scores),
            4.. => score_rows::<FMA, 4, 1>(rows, keys, blocks, scores),
            2.. => score_rows::<FMA, 2, 2>(rows, keys, blocks, scores),
            _ => score_rows::<FMA, 1, 4>(rows, keys, blocks, scores),
        };
    }
}

/// Scores of `N` queries, for `B` blocks at a time: a sum has to wait for the one before, so several are in the making.
#[inline(always)]
fn score_rows<'a, const FMA: bool, const N: usize, const B: usize>(
    queries: &[f32],
    keys: impl Fn(usize) -> &'a [u16],
    blocks: usize,
    scores: &mut [f32],
) -> usize {
    let mut block = 0;
    while block < blocks {
        let scores = &mut scores[block * LANES..];
        let keys = |index: usize| keys((block + index) * LANES);
        block += if block + B <= blocks {
            dots::<FMA, N, B>(queries, keys, scores)
        } else {
            dots::<FMA, N, 1>(queries, keys, scores)
        };
    }
    N
}

/// Products of `N` queries with the keys of `B` blocks; returns `B`.
#[inline(always)]
fn dots<'a, const FMA: bool, const N: usize, const B: usize>(
    queries: &[f32],
    keys: impl Fn(usize) -> &'a [u16],
    scores: &mut [f32],
) -> usize {
    let keys: [&[[u16; LANES]]; B] = std::array::from_fn(|block| keys(block).as_chunks().0);
    let dim = keys[0].len();
    let queries: [&[f32]; N] = std::array::from_fn(|i| &queries[i * dim..][..dim]);
    let mut sums = [[[0.0; LANES]; B]; N];
    for d in 0..dim {
        let keys: [[f32; LANES]; B] =
            std::array::from_fn(|block| widen::<FMA, LANES>(&keys[block][d]));
        for (sums, query) in sums.iter_mut().zip(&queries) {
            let q = query[d];
            for (sum, key) in sums.as_flattened_mut().iter_mut().zip(keys.as_flattened()) {
                *sum = fused::<FMA>(q, *key, *sum);
            }
        }
    }
    for (i, sums) in sums.iter().enumerate() {
        scores[i * SPAN..][..B * LANES].copy_from_slice(sums.as_flattened());
    }
    B
}

/// Turns a span's scores into weights, relative to the largest so far; positions out of sight weigh 0.
#[inline(always)]
fn soften<const FMA: bool>(
    heads: &Heads<'_>,
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
    heads: &Heads<'_>,
    span: usize,
    length: usize,
    scratch: &Scratch,
    out: &mut [f32],
) {
    let dim = heads.dim;
    for block in (0..length).step_by(LANES) {
        let values = block_of(heads.values, span + block, dim);
        let mut query = 0;
        while query < heads.visible.len() {
            let weights = &scratch.scores[query * SPAN + block..];
            let out = &mut out[query * dim..];
            query += match (heads.visible.len() - query, dim.is_multiple_of(64)) {
                (6.., _) => blend::<FMA, 6, 16>(weights, values, dim, out),
                (4.., _) => blend::<FMA, 4, 16>(weights, values, dim, out),
                (2.., true) => blend::<FMA, 2, 32>(weights, values, dim, out),
                (2.., false) => blend::<FMA, 2, 16>(weights, values, dim, out),
                (_, true) => blend::<FMA, 1, 64>(weights, values, dim, out),
                (_, false) => blend::<FMA, 1, 16>(weights, values, dim, out),
            };
        }
    }
}

/// Adds the values of a block to the sums of `N` queries, `W` at a time; returns `N`.
#[inline(always)]
fn blend<const FMA: bool, const N: usize, const W: usize>(
    weights: &[f32],
    values: &[u16],
    dim: usize,
    out: &mut [f32],
) -> usize {
    let weights: [&[f32]; N] = std::array::from_fn(|i| &weights[i * SPAN..][..LANES]);
    for start in (0..dim).step_by(W) {
        let mut sums = [[0.0; W]; N];
        for (i, sums) in sums.iter_mut().enumerate() {
            sums.copy_from_slice(&out[i * dim + start..][..W]);
        }
        for (position, values) in values.chunks_exact(dim).enumerate() {
            let Some(values) = values[start..].first_chunk::<W>() else { continue };
            let values = widen::<FMA, W>(values);
            for (sums, weights) in sums.iter_mut().zip(&weights) {
                let weight = weights[position];
                for (sum, value) in sums.iter_mut().zip(&values) {
                    *sum = fused::<FMA>(weight, *value, *sum);
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

/// 16 positions from `position`.
fn block_of<'a>(pieces: &[&'a [u16]], position: usize, dim: usize) -> &'a [u16] {
    &pieces[position / PIECE][position % PIECE * dim..][..LANES * dim]
}
