//! Activations at 8 bits, in blocks of 32 with a scale each.
use super::{BLOCK, Cpu, wipe};

/// Rows of activations as `scale · code`; wiped on drop.
pub(crate) struct Quantised {
    pub(super) columns: usize,
    pub(super) codes: Vec<i8>,
    pub(super) scales: Vec<f32>,
    /// Sums of the blocks' values, for the weights' minima.
    pub(super) sums: Vec<f32>,
}

impl Quantised {
    /// From `x[n, columns]`; `columns` must be a multiple of 32.
    pub(crate) fn new(cpu: &Cpu, x: &[f32], columns: usize) -> Self {
        assert!(columns.is_multiple_of(BLOCK) && x.len().is_multiple_of(columns));
        let blocks = x.len() / BLOCK;
        let mut quantised = Self {
            columns,
            codes: vec![0; x.len()],
            scales: vec![0.0; blocks],
            sums: vec![0.0; blocks],
        };
        quantise(cpu.isa, x, &mut quantised);
        quantised
    }

    /// Rows.
    pub(super) fn count(&self) -> usize {
        self.codes.len() / self.columns
    }
}

impl Drop for Quantised {
    fn drop(&mut self) {
        wipe(&mut self.codes);
        wipe(&mut self.scales);
        wipe(&mut self.sums);
    }
}

super::lanes::dispatch!(quantise, quantise_body, (x: &[f32], out: &mut Quantised));

#[inline(always)]
fn quantise_body<const FMA: bool>(x: &[f32], out: &mut Quantised) {
    let blocks = x.as_chunks::<BLOCK>().0.iter().zip(out.codes.as_chunks_mut::<BLOCK>().0);
    for ((x, codes), (scale, sum)) in blocks.zip(out.scales.iter_mut().zip(&mut out.sums)) {
        let largest =
            x.iter().fold(0.0_f32, |largest, x| if x.abs() > largest { x.abs() } else { largest });
        *scale = largest / 127.0;
        let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
        let mut total = 0;
        for (code, x) in codes.iter_mut().zip(x) {
            let rounded = (x * inverse).round_ties_even() as i32;
            *code = rounded as i8;
            total += rounded;
        }
        *sum = *scale * total as f32;
    }
}
