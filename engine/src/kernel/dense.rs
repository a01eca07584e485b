//! Weights that are not quantised: 16 rows side by side, column by column.
use super::{
    ROWS, Shared,
    lanes::{dispatch, fused, widen},
    pages::{Buffer, Pages},
};
use crate::gguf::TensorType;
use candle_core::quantized::GgmlDType;
use half::f16;

/// Weights as numbers: `[row / 16][column][row % 16]`, filled up with zeros.
pub(crate) struct Dense {
    pub(super) rows: usize,
    pub(super) columns: usize,
    numbers: Numbers,
}

/// At the width they have in the file.
enum Numbers {
    F32(Buffer<f32>),
    F16(Buffer<u16>),
    BF16(Buffer<u16>),
}

impl Dense {
    /// Zeros, to be filled; `None` for a type that is quantised.
    pub(super) fn zeros(
        pages: &Pages,
        kind: TensorType,
        rows: usize,
        columns: usize,
    ) -> Option<Self> {
        let size = rows.next_multiple_of(ROWS) * columns;
        let numbers = match kind {
            TensorType::Candle(GgmlDType::F32) => Numbers::F32(Buffer::zeros(pages, size)),
            TensorType::Candle(GgmlDType::F16) => Numbers::F16(Buffer::zeros(pages, size)),
            TensorType::Candle(GgmlDType::BF16) => Numbers::BF16(Buffer::zeros(pages, size)),
            _ => return None,
        };
        Some(Self { rows, columns, numbers })
    }

    /// Lays out the rows of a group, as they lie in the file.
    pub(super) fn fill(&mut self, group: usize, rows: &[u8]) {
        let (start, columns) = (group * ROWS * self.columns, self.columns);
        match &mut self.numbers {
            Numbers::F32(numbers) => {
                lay_out(&mut numbers[start..], columns, rows.as_chunks().0, f32::from_le_bytes);
            }
            Numbers::F16(numbers) | Numbers::BF16(numbers) => {
                lay_out(&mut numbers[start..], columns, rows.as_chunks().0, u16::from_le_bytes);
            }
        }
    }

    /// Writes row `index`. Panics when there is none.
    pub(super) fn row(&self, index: usize, out: &mut [f32]) {
        let start = index / ROWS * self.columns * ROWS + index % ROWS;
        for (column, out) in out.iter_mut().enumerate() {
            let at = start + column * ROWS;
            *out = match &self.numbers {
                Numbers::F32(numbers) => numbers[at],
                Numbers::F16(numbers) => f16::from_bits(numbers[at]).to_f32(),
                Numbers::BF16(numbers) => from_bf16(numbers[at]),
            };
        }
    }
}

fn lay_out<T, const N: usize>(
    group: &mut [T],
    columns: usize,
    bytes: &[[u8; N]],
    number: impl Fn([u8; N]) -> T,
) {
    for (row, bytes) in bytes.chunks_exact(columns).enumerate() {
        let to = group[row..].iter_mut().step_by(ROWS);
        to.zip(bytes).for_each(|(to, &bytes)| *to = number(bytes));
    }
}

#[inline(always)]
fn from_bf16(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

dispatch!(group, group_body, (weights: &Dense, group: usize, x: &[f32], out: &Shared<'_, f32>));

/// `out[t, rows of the group]` for all rows `t` of `x`.
#[inline(always)]
fn group_body<const FMA: bool>(weights: &Dense, group: usize, x: &[f32], out: &Shared<'_, f32>) {
    match &weights.numbers {
        Numbers::F32(numbers) => {
            tiles::<FMA, _>((weights, numbers), group, x, out, |numbers| *numbers);
        }
        Numbers::F16(numbers) => {
            tiles::<FMA, _>((weights, numbers), group, x, out, widen::<FMA, ROWS>);
        }
        Numbers::BF16(numbers) => {
            tiles::<FMA, _>((weights, numbers), group, x, out, |x| x.map(from_bf16));
        }
    }
}

#[inline(always)]
fn tiles<const FMA: bool, T: Copy>(
    (weights, numbers): (&Dense, &[T]),
    group: usize,
    x: &[f32],
    out: &Shared<'_, f32>,
    widen: impl Fn(&[T; ROWS]) -> [f32; ROWS] + Copy,
) {
    let (rows, columns) = (weights.rows, weights.columns);
    let numbers = numbers[group * columns * ROWS..][..columns * ROWS].as_chunks().0;
    let (first, count) = (group * ROWS, ROWS.min(rows - group * ROWS));
    let mut t = 0;
    while t < x.len() / columns {
        let x = &x[t * columns..];
        let put = |i: usize, sums: &[f32]| out.write((t + i) * rows + first, &sums[..count]);
        t += match x.len() / columns {
            6.. => tile::<FMA, 6, T>(numbers, x, widen, put),
            2.. => tile::<FMA, 2, T>(numbers, x, widen, put),
            _ => tile::<FMA, 1, T>(numbers, x, widen, put),
        };
    }
}

/// The first `N` rows of `x`, times a group; returns `N`.
#[inline(always)]
fn tile<const FMA: bool, const N: usize, T: Copy>(
    numbers: &[[T; ROWS]],
    x: &[f32],
    widen: impl Fn(&[T; ROWS]) -> [f32; ROWS],
    put: impl Fn(usize, &[f32]),
) -> usize {
    let x: [&[f32]; N] = std::array::from_fn(|i| &x[i * numbers.len()..][..numbers.len()]);
    let mut sums = [[0.0; ROWS]; N];
    for (column, numbers) in numbers.iter().enumerate() {
        let numbers = widen(numbers);
        for (sums, x) in sums.iter_mut().zip(&x) {
            let x = x[column];
            sums.iter_mut().zip(&numbers).for_each(|(sum, w)| *sum = fused::<FMA>(x, *w, *sum));
        }
    }
    sums.iter().enumerate().for_each(|(i, sums)| put(i, sums));
    N
}
