//! Activations at 8 bits, in blocks of 32 with a scale each.
use super::{
    BLOCK, Cpu, Shared,
    lanes::{dispatch, nearest},
    wipe,
};

/// Rows that one task makes.
const STEP: usize = 8;

/// Rows of activations as `scale · code`; wiped on drop.
pub(crate) struct Quantised {
    pub(super) columns: usize,
    pub(super) codes: Vec<i8>,
    pub(super) scales: Vec<Scales>,
}

/// What is known of a block.
#[derive(Clone, Copy, Default)]
#[repr(C, align(16))]
pub(super) struct Scales {
    pub(super) scale: f32,
    /// Sum of its values, for the weights' minima.
    pub(super) sum: f32,
    /// Sums of its halves.
    pub(super) sums: [f32; 2],
}

impl Quantised {
    /// From `x[n, columns]`; `columns` must be a multiple of 32.
    pub(crate) fn new(cpu: &Cpu, x: &[f32], columns: usize) -> Self {
        assert!(columns.is_multiple_of(BLOCK) && x.len().is_multiple_of(columns));
        let mut codes = vec![0; x.len()];
        let mut scales = vec![Scales::default(); x.len() / BLOCK];
        let (to_codes, to_scales) = (Shared::new(&mut codes), Shared::new(&mut scales));
        let step = STEP * columns;
        cpu.pool.run(x.len().div_ceil(step), &|task| {
            let start = task * step;
            let x = &x[start..x.len().min(start + step)];
            quantise(cpu.isa, x, start / BLOCK, &to_codes, &to_scales);
        });
        Self { columns, codes, scales }
    }

    /// Rows.
    pub(super) fn count(&self) -> usize {
        self.codes.len() / self.columns
    }

    /// A block of a row.
    pub(super) fn block(&self, t: usize, block: usize) -> (&[i8], &Scales) {
        let at = t * (self.columns / BLOCK) + block;
        (&self.codes[at * BLOCK..][..BLOCK], &self.scales[at])
    }
}

impl Drop for Quantised {
    fn drop(&mut self) {
        wipe(&mut self.codes);
        wipe(&mut self.scales);
    }
}

dispatch!(quantise, quantise_body, (
    x: &[f32], first: usize, codes: &Shared<'_, i8>, scales: &Shared<'_, Scales>
));

/// Blocks of `x`, written from block `first`.
#[inline(always)]
fn quantise_body<const FMA: bool>(
    x: &[f32],
    first: usize,
    codes: &Shared<'_, i8>,
    scales: &Shared<'_, Scales>,
) {
    for (at, x) in (first..).zip(x.as_chunks::<BLOCK>().0) {
        let largest =
            x.iter().fold(0.0_f32, |largest, x| if x.abs() > largest { x.abs() } else { largest });
        let scale = largest / 127.0;
        let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
        // A closure in `map` may be compiled for itself, for any CPU.
        let mut rounded = [0; BLOCK];
        rounded.iter_mut().zip(x).for_each(|(code, x)| *code = nearest(x * inverse) as i8);
        let half = |start: usize| -> i32 {
            rounded[start..][..BLOCK / 2].iter().map(|&code| i32::from(code)).sum()
        };
        let sums = [half(0), half(BLOCK / 2)];
        codes.write(at * BLOCK, &rounded);
        scales.write(
            at,
            &[Scales {
                scale,
                sum: scale * (sums[0] + sums[1]) as f32,
                sums: sums.map(|sum| scale * sum as f32),
            }],
        );
    }
}
