//! Products at 16 bits, for the encoder: twice the multiplications an instruction that 32-bit numbers allow, and
//! hardly a difference in what comes out.
//!
//! Activations are whole numbers of 14 bits, with a scale a row; weights of up to 16 bits, with a scale a row that
//! is chosen so that no sum of products can leave 32 bits.
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod x86;

use super::{
    Isa,
    lanes::dispatch,
    pages::{Buffer, Pages, Plain},
    wipe,
};
use crate::error::Checked;

/// Rows of weights that lie side by side.
const ROWS: usize = 16;
/// The largest code of an activation.
const LARGEST: i32 = (1 << 13) - 1;

/// Two columns of 16 rows of weights.
#[repr(align(64))]
#[derive(Clone, Copy)]
struct Line([[i16; 2]; ROWS]);

// SAFETY: it is numbers.
unsafe impl Plain for Line {}

/// Weights as `scale · code`, with a bias; group of 16 rows, pair of columns, row.
pub(crate) struct Fixed {
    columns: usize,
    lines: Buffer<Line>,
    scales: Vec<f32>,
    bias: Vec<f32>,
}

impl Fixed {
    /// From `weights[rows, columns]` and `bias[rows]`; refuses numbers that are not finite.
    pub(crate) fn new(pages: &Pages, weights: &[f32], bias: Vec<f32>) -> Checked<Self> {
        let (rows, columns) = (bias.len(), weights.len() / bias.len().max(1));
        if weights.len() != rows * columns
            || !rows.is_multiple_of(ROWS)
            || !(2..=1 << 15).contains(&columns)
            || !columns.is_multiple_of(2)
        {
            return Err("the weights can't be used: a matrix of an unexpected width".into());
        }
        if weights.iter().chain(&bias).any(|weight| !weight.is_finite()) {
            return Err("damaged model file: a weight is no number".into());
        }
        let mut lines = Buffer::<Line>::zeros(pages, rows / ROWS * columns / 2);
        let groups = lines.chunks_exact_mut(columns / 2).zip(weights.chunks_exact(ROWS * columns));
        let mut scales = Vec::with_capacity(rows);
        for (lines, weights) in groups {
            for (row, weights) in weights.chunks_exact(columns).enumerate() {
                let scale = scale(weights);
                for (line, pair) in lines.iter_mut().zip(weights.as_chunks::<2>().0) {
                    line.0[row] = pair.map(|weight| (weight / scale).round() as i16);
                }
                scales.push(scale);
            }
        }
        Ok(Self { columns, lines, scales, bias })
    }

    /// Inputs.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// Outputs.
    fn rows(&self) -> usize {
        self.bias.len()
    }

    /// `out[n, rows] = x[n, columns] · weightsᵀ + bias`.
    pub(crate) fn product(&self, isa: Isa, x: &Codes, out: &mut [f32]) {
        assert!(x.columns == self.columns && out.len() == x.scales.len() * self.rows());
        match isa {
            Isa::Plain => self.plain(x, out),
            // SAFETY: the instructions were detected; the shapes were just checked.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => unsafe { x86::product_avx2(self, x, out) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => unsafe { x86::product_avx512(self, x, out) },
        }
    }

    fn plain(&self, x: &Codes, out: &mut [f32]) {
        let (rows, pairs) = (self.rows(), self.columns / 2);
        for (t, codes) in x.codes.chunks_exact(self.columns).enumerate() {
            for (group, lines) in self.lines.chunks_exact(pairs).enumerate() {
                let mut sums = [0_i32; ROWS];
                for (line, x) in lines.iter().zip(codes.as_chunks::<2>().0) {
                    for (sum, code) in sums.iter_mut().zip(&line.0) {
                        *sum += i32::from(code[0]) * i32::from(x[0])
                            + i32::from(code[1]) * i32::from(x[1]);
                    }
                }
                for (row, sum) in (group * ROWS..).zip(sums) {
                    let scale = self.scales[row] * x.scales[t];
                    out[t * rows + row] = sum as f32 * scale + self.bias[row];
                }
            }
        }
    }
}

/// The scale of a row of weights: the sum of its codes, times the largest activation, stays below 2³¹.
fn scale(weights: &[f32]) -> f32 {
    let sum: f64 = weights.iter().map(|weight| f64::from(weight.abs())).sum();
    let largest = weights.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
    // Rounding adds at most a half to each code.
    let room = f64::from(i32::MAX / LARGEST) - weights.len() as f64 / 2.0 - 1.0;
    // Rounded up, so that what is divided by it rather comes out too small.
    let scale = (sum / room).max(f64::from(largest) / f64::from(i16::MAX)) * (1.0 + 1e-6);
    if scale > f64::from(f32::MIN_POSITIVE) { scale as f32 } else { 1.0 }
}

/// Activations as `scale · code`, row by row; wiped on drop.
pub(crate) struct Codes {
    columns: usize,
    codes: Vec<i16>,
    scales: Vec<f32>,
}

impl Codes {
    /// From `x[n, columns]`.
    pub(crate) fn new(isa: Isa, x: &[f32], columns: usize) -> Self {
        let mut codes =
            Self { columns, codes: vec![0; x.len()], scales: vec![0.0; x.len() / columns] };
        encode(isa, x, &mut codes);
        codes
    }
}

impl Drop for Codes {
    fn drop(&mut self) {
        wipe(&mut self.codes);
        wipe(&mut self.scales);
    }
}

dispatch!(encode, encode_body, (x: &[f32], out: &mut Codes));

#[inline(always)]
fn encode_body<const FMA: bool>(x: &[f32], out: &mut Codes) {
    /// Added to a small number, it leaves that number, rounded, in the lowest bits.
    const SHIFT: f32 = (3 << 22) as f32;
    let rows = x.chunks_exact(out.columns).zip(out.codes.chunks_exact_mut(out.columns));
    for ((x, codes), scale) in rows.zip(&mut out.scales) {
        let largest = largest(x);
        let inverse = if largest > 0.0 { LARGEST as f32 / largest } else { 0.0 };
        // A subnormal row is as good as none, and its inverse would be infinite.
        let inverse = if inverse.is_finite() { inverse } else { 0.0 };
        *scale = largest / LARGEST as f32;
        for (code, x) in codes.iter_mut().zip(x) {
            *code = (x * inverse + SHIFT).to_bits() as i16;
        }
    }
}

/// The largest size, by lanes: a single running maximum would not be SIMD.
#[inline(always)]
fn largest(x: &[f32]) -> f32 {
    let (lanes, rest) = x.as_chunks::<32>();
    let mut max = [0.0_f32; 32];
    for lane in lanes {
        for (max, x) in max.iter_mut().zip(lane) {
            *max = if x.abs() > *max { x.abs() } else { *max };
        }
    }
    max.iter().chain(rest).fold(0.0, |max, x| if x.abs() > max { x.abs() } else { max })
}
