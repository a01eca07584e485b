//! Activations at 8 bits, in blocks of 32 with a scale each.
use super::{
    BLOCK, Cpu, Shared,
    lanes::{dispatch, nearest},
    wipe,
};

/// Rows whose blocks lie side by side, as a kernel reads them together; one task makes them.
const TOGETHER: usize = 8;

/// Rows of activations as `scale · code`; wiped on drop. The first blocks of 8 rows come first, then their second ones,
/// and so on; then those of the next 8 rows.
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
        let step = TOGETHER * columns;
        cpu.pool.run(x.len().div_ceil(step), &|task| {
            let start = task * step;
            let x = &x[start..x.len().min(start + step)];
            quantise(cpu.isa, x, columns, start / BLOCK, &to_codes, &to_scales);
        });
        Self { columns, codes, scales }
    }

    /// Rows.
    pub(super) fn count(&self) -> usize {
        self.codes.len() / self.columns
    }

    /// Where the first block of row `t` lies, and how far behind it the next one.
    pub(super) fn place(&self, t: usize) -> (usize, usize) {
        let first = t / TOGETHER * TOGETHER;
        (first * (self.columns / BLOCK) + t - first, TOGETHER.min(self.count() - first))
    }

    /// A block of a row.
    pub(super) fn block(&self, t: usize, block: usize) -> (&[i8], &Scales) {
        let (first, step) = self.place(t);
        let at = first + block * step;
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
    x: &[f32], columns: usize, first: usize, codes: &Shared<'_, i8>, scales: &Shared<'_, Scales>
));

/// Rows that lie side by side, written from block `first`.
#[inline(always)]
fn quantise_body<const FMA: bool>(
    x: &[f32],
    columns: usize,
    first: usize,
    codes: &Shared<'_, i8>,
    scales: &Shared<'_, Scales>,
) {
    let (rows, blocks) = (x.len() / columns, columns / BLOCK);
    for (index, x) in x.as_chunks::<BLOCK>().0.iter().enumerate() {
        let at = first + index % blocks * rows + index / blocks;
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
