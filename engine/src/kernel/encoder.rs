//! What an encoder does beside its products: attention of all tokens of a text to all, and norms.
#[cfg(test)]
mod tests;

use super::{
    attend::{largest, total},
    lanes::{dispatch, exp_lane, fused},
    wipe,
};

/// Keys or values that are summed side by side.
const WIDTH: usize = 16;
/// Queries that are looked at together.
const QUERIES: usize = 6;

/// Where the parts of a token lie in its row.
#[derive(Clone, Copy)]
pub(crate) struct Split {
    /// Length of a query, of a key and of a value, which follow each other.
    pub(crate) width: usize,
    /// Heads into which each is cut; `width / heads` is a multiple of 16.
    pub(crate) heads: usize,
}

/// A matrix inside a larger one.
#[derive(Clone, Copy)]
struct View<'a> {
    values: &'a [f32],
    stride: usize,
}

/// Scratch memory; holds traces of the text and is wiped.
struct Scratch {
    keys: Vec<f32>,
    scores: Vec<f32>,
}

impl Drop for Scratch {
    fn drop(&mut self) {
        wipe(&mut self.keys);
        wipe(&mut self.scores);
    }
}

dispatch!(attend_all, attend_all_body, (tokens: &[f32], split: Split, out: &mut [f32]));

/// `out[token][width]`, the values of all tokens by their weights, from `tokens[token][3 · width]` of one text.
#[inline(always)]
fn attend_all_body<const FMA: bool>(tokens: &[f32], split: Split, out: &mut [f32]) {
    let (row, dim) = (3 * split.width, split.width / split.heads);
    let count = tokens.len() / row;
    let padded = count.next_multiple_of(WIDTH);
    let mut scratch =
        Scratch { keys: vec![0.0; padded * dim], scores: vec![0.0; QUERIES * padded] };
    for head in (0..split.width).step_by(dim) {
        turn(&tokens[split.width + head..], row, dim, &mut scratch.keys);
        let values = View { values: &tokens[2 * split.width + head..], stride: row };
        let mut first = 0;
        while first < count {
            let queries = View { values: &tokens[first * row + head..], stride: row };
            let out = &mut out[first * split.width + head..];
            let sizes = [dim, count, split.width];
            first += match count - first {
                6.. => look::<FMA, 6>(queries, values, sizes, &mut scratch, out),
                3.. => look::<FMA, 3>(queries, values, sizes, &mut scratch, out),
                _ => look::<FMA, 1>(queries, values, sizes, &mut scratch, out),
            };
        }
    }
}

/// Keys, `[token / 16][dim][token % 16]`; the last ones may be filled up with what was there.
#[inline(always)]
fn turn(keys: &[f32], stride: usize, dim: usize, out: &mut [f32]) {
    for (token, key) in keys.chunks(stride).enumerate() {
        let out = &mut out[token / WIDTH * WIDTH * dim + token % WIDTH..];
        for (out, key) in out.iter_mut().step_by(WIDTH).zip(&key[..dim]) {
            *out = *key;
        }
    }
}

/// What `N` queries see; returns `N`.
#[inline(always)]
fn look<const FMA: bool, const N: usize>(
    queries: View<'_>,
    values: View<'_>,
    [dim, count, width]: [usize; 3],
    scratch: &mut Scratch,
    out: &mut [f32],
) -> usize {
    let padded = count.next_multiple_of(WIDTH);
    for (block, keys) in scratch.keys.chunks_exact(WIDTH * dim).enumerate() {
        let keys = View { values: keys, stride: WIDTH };
        let sums = tile::<FMA, N>(queries, keys, dim);
        for (scores, sums) in scratch.scores.chunks_exact_mut(padded).zip(sums) {
            scores[block * WIDTH..][..WIDTH].copy_from_slice(&sums);
        }
    }
    let scale = 1.0 / (dim as f32).sqrt();
    for scores in scratch.scores.chunks_exact_mut(padded).take(N) {
        soften::<FMA>(&mut scores[..count], scale);
    }
    let scores = View { values: &scratch.scores, stride: padded };
    for at in (0..dim).step_by(WIDTH) {
        let values = View { values: &values.values[at..], stride: values.stride };
        let sums = tile::<FMA, N>(scores, values, count);
        for (i, sums) in sums.into_iter().enumerate() {
            out[i * width + at..][..WIDTH].copy_from_slice(&sums);
        }
    }
    N
}

/// `N` rows of `a` times 16 columns of `b`, over `depth`.
#[inline(always)]
fn tile<const FMA: bool, const N: usize>(
    a: View<'_>,
    b: View<'_>,
    depth: usize,
) -> [[f32; WIDTH]; N] {
    let rows: [&[f32]; N] = std::array::from_fn(|i| &a.values[i * a.stride..][..depth]);
    let mut sums = [[0.0; WIDTH]; N];
    for (d, b) in b.values.chunks(b.stride).take(depth).enumerate() {
        let Some(b) = b.first_chunk::<WIDTH>() else { break };
        for (sums, row) in sums.iter_mut().zip(&rows) {
            let a = row[d];
            for (sum, b) in sums.iter_mut().zip(b) {
                *sum = fused::<FMA>(a, *b, *sum);
            }
        }
    }
    sums
}

/// Scores to weights whose sum is 1.
#[inline(always)]
fn soften<const FMA: bool>(scores: &mut [f32], scale: f32) {
    let max = largest(scores);
    for score in scores.iter_mut() {
        *score = exp_lane::<FMA>((*score - max) * scale);
    }
    let scale = 1.0 / total(scores);
    scores.iter_mut().for_each(|score| *score *= scale);
}

/// A layer norm's weights.
pub(crate) struct LayerNorm {
    /// Factors.
    pub(crate) weight: Vec<f32>,
    /// Summands.
    pub(crate) bias: Vec<f32>,
    /// Added to the variance.
    pub(crate) epsilon: f32,
}

dispatch!(add_and_norm, add_and_norm_body, (x: &mut [f32], y: &[f32], norm: &LayerNorm));

/// `x = norm(x + y)`, row by row.
#[inline(always)]
fn add_and_norm_body<const FMA: bool>(x: &mut [f32], y: &[f32], norm: &LayerNorm) {
    let width = norm.weight.len();
    for (x, y) in x.chunks_exact_mut(width).zip(y.chunks_exact(width)) {
        x.iter_mut().zip(y).for_each(|(x, y)| *x += y);
        let mean = total(x) / width as f32;
        x.iter_mut().for_each(|x| *x -= mean);
        let scale = 1.0 / (squares::<FMA>(x) / width as f32 + norm.epsilon).sqrt();
        for ((x, weight), bias) in x.iter_mut().zip(&norm.weight).zip(&norm.bias) {
            *x = fused::<FMA>(*x * scale, *weight, *bias);
        }
    }
}

/// The sum of squares, by lanes.
#[inline(always)]
fn squares<const FMA: bool>(x: &[f32]) -> f32 {
    let (lanes, rest) = x.as_chunks::<32>();
    let mut sums = [0.0; 32];
    for lane in lanes {
        sums.iter_mut().zip(lane).for_each(|(sum, x)| *sum = fused::<FMA>(*x, *x, *sum));
    }
    sums.iter().sum::<f32>() + rest.iter().map(|x| x * x).sum::<f32>()
}
