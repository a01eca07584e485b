//! The products with AVX2 and with AVX-512 VNNI.
//!
//! Both multiply unsigned codes of weights with signed ones of activations, four columns of a row in each lane of 32
//! bits. Sums are exact up to the scales of a block, so a row of activations gives the same whether it is read alone or
//! among others.
mod avx2;
mod avx512;

use super::{
    BLOCK, Line, Packed, Quantised, ROWS, Shared,
    pack::{Quarter, Scaling, Width},
    quantise::Scales,
};
pub(super) use avx2::group_avx2;
pub(super) use avx512::group_avx512;

/// Calls `$tile::<WIDTH, SCALING, N>` for the packing of `$weights`.
macro_rules! by_form {
    ($weights:expr, $tile:ident::<$n:literal>($($argument:expr),*)) => {
        match ($weights.width, $weights.scaling) {
            (Width::Two, _) => by_form!($tile, Two, HalvesMinimum, $n, $($argument),*),
            (Width::Three, _) => by_form!($tile, Three, Halves, $n, $($argument),*),
            (Width::Four, Scaling::Scale) => by_form!($tile, Four, Scale, $n, $($argument),*),
            (Width::Four, Scaling::Minimum) => by_form!($tile, Four, Minimum, $n, $($argument),*),
            (Width::Four, _) => by_form!($tile, Four, Nested, $n, $($argument),*),
            (Width::Five, Scaling::Scale) => by_form!($tile, Five, Scale, $n, $($argument),*),
            (Width::Five, Scaling::Minimum) => by_form!($tile, Five, Minimum, $n, $($argument),*),
            (Width::Five, _) => by_form!($tile, Five, Nested, $n, $($argument),*),
            (Width::Six, _) => by_form!($tile, Six, Halves, $n, $($argument),*),
            (Width::Eight, _) => by_form!($tile, Eight, Scale, $n, $($argument),*),
            (Width::Steps, _) => by_form!($tile, Steps, Scale, $n, $($argument),*),
        }
    };
    ($tile:ident, $width:ident, $scaling:ident, $n:literal, $($argument:expr),*) => {
        $tile::<{ Width::$width as u8 }, { Scaling::$scaling as u8 }, $n>($($argument),*)
    };
}
use by_form;

/// A group of 16 rows of weights, and some rows of activations.
#[derive(Clone, Copy)]
struct Tile<'a> {
    lines: &'a [Line],
    quarters: &'a [Quarter],
    blocks: usize,
    x: &'a Quantised,
    /// The first row of activations, where its first block lies, and how far behind it the next one.
    t: usize,
    place: (usize, usize),
}

impl<'a> Tile<'a> {
    fn new(weights: &'a Packed, group: usize, x: &'a Quantised) -> Self {
        assert!(weights.columns == x.columns);
        let (lines, quarters) = weights.group(group);
        Self { lines, quarters, blocks: weights.blocks(), x, t: 0, place: x.place(0) }
    }

    /// Goes on by so many rows of activations.
    fn advance(&mut self, rows: usize) {
        self.t += rows;
        if self.t < self.x.count() {
            self.place = self.x.place(self.t);
        }
    }

    /// Refuses rows of activations that are not there or do not lie side by side.
    fn check(&self, rows: usize) {
        let (first, step) = self.place;
        let end = first + (self.blocks - 1) * step + rows;
        assert!(rows <= step && end <= self.x.scales.len() && end * BLOCK <= self.x.codes.len());
    }

    /// The lines of a block, and the quarters with its 16-bit and its small numbers.
    fn block(
        &self,
        block: usize,
        width: usize,
        scaling: Scaling,
    ) -> (&[Line], &[Quarter], &Quarter) {
        let (outer, inner) = scaling.place(block);
        (&self.lines[block * width..][..width], &self.quarters[outer..], &self.quarters[inner])
    }

    /// The 8 times 4 codes of a block of row `t + i`, and its scales.
    /// # Safety
    /// [`Self::check`] must have allowed the row, and `block` be less than `blocks`.
    #[inline(always)]
    unsafe fn activations(&self, i: usize, block: usize) -> (*const i32, &Scales) {
        let at = self.place.0 + block * self.place.1 + i;
        // SAFETY: there is such a block, says the caller.
        unsafe { (self.x.codes.as_ptr().add(at * BLOCK).cast(), self.x.scales.get_unchecked(at)) }
    }
}

/// Where a group's sums go.
struct Target<'a> {
    out: &'a Shared<'a, f32>,
    first: usize,
    rows: usize,
    count: usize,
}

impl<'a> Target<'a> {
    fn new(weights: &Packed, group: usize, out: &'a Shared<'a, f32>) -> Self {
        let (rows, first) = (weights.rows, group * ROWS);
        Self { out, first, rows, count: ROWS.min(rows - first) }
    }

    /// Writes the sums of row `t` of the activations.
    fn put(&self, t: usize, sums: &[f32; ROWS]) {
        self.out.write(self.first + t * self.rows, &sums[..self.count]);
    }
}

/// The width of that number.
const fn width<const WIDTH: u8>() -> Width {
    const ALL: [Width; 7] = [
        Width::Two,
        Width::Three,
        Width::Four,
        Width::Five,
        Width::Six,
        Width::Eight,
        Width::Steps,
    ];
    ALL[WIDTH as usize]
}

/// The scaling of that number.
const fn scaling<const SCALING: u8>() -> Scaling {
    const ALL: [Scaling; 5] = [
        Scaling::Scale,
        Scaling::Minimum,
        Scaling::Nested,
        Scaling::Halves,
        Scaling::HalvesMinimum,
    ];
    ALL[SCALING as usize]
}
