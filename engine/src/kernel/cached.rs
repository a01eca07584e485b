//! Numbers of keys and values as they are held: at 16 bits, or at 8 with scales.
use super::{LANES, PIECE, lanes};
use half::f16;

/// A held number.
pub(crate) trait Number: Copy + Default {
    /// Whether the 16 numbers of a position that lie together share a scale.
    const SCALED: bool;
    /// As they are held, and their scale at 16 bits.
    fn narrow(x: &[f32; LANES]) -> ([Self; LANES], u16);
    /// As they are used, without the scale.
    fn widen<const FMA: bool, const N: usize>(numbers: &[Self; N]) -> [f32; N];
}

/// A float of 16 bits.
impl Number for u16 {
    const SCALED: bool = false;

    fn narrow(x: &[f32; LANES]) -> ([Self; LANES], u16) {
        (x.map(|x| f16::from_f32(x).to_bits()), 0)
    }

    #[inline(always)]
    fn widen<const FMA: bool, const N: usize>(numbers: &[Self; N]) -> [f32; N] {
        lanes::widen::<FMA, N>(numbers)
    }
}

/// A multiple of the scale.
impl Number for i8 {
    const SCALED: bool = true;

    fn narrow(x: &[f32; LANES]) -> ([Self; LANES], u16) {
        let largest = x.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
        let scale = f16::from_f32(largest / 127.0);
        let inverse = if scale.to_f32() > 0.0 { 1.0 / scale.to_f32() } else { 0.0 };
        // A scale that was rounded down leaves the largest a little above 127.
        (x.map(|x| lanes::nearest(x * inverse).clamp(-127, 127) as Self), scale.to_bits())
    }

    #[inline(always)]
    fn widen<const FMA: bool, const N: usize>(numbers: &[Self; N]) -> [f32; N] {
        let mut wide = [0.0; N];
        wide.iter_mut().zip(numbers).for_each(|(wide, number)| *wide = f32::from(*number));
        wide
    }
}

/// Keys or values of one head, cut into pieces of [`PIECE`] positions.
pub(crate) struct Pieces<'a, T> {
    /// Of 16 positions each: `[dim][16]` for keys, `[16][dim]` for values.
    pub(crate) numbers: Vec<&'a [T]>,
    /// `[position / 16][dim / 16][position % 16]`, 16-bit; empty unless the numbers are scaled.
    pub(crate) scales: Vec<&'a [u16]>,
}

/// 16 positions of them.
#[derive(Clone, Copy)]
pub(super) struct Block<'a, T> {
    pub(super) numbers: &'a [T],
    scales: &'a [[u16; LANES]],
}

impl<'a, T: Number> Pieces<'a, T> {
    /// 16 positions from `position`, a multiple of 16.
    pub(super) fn block(&self, position: usize, dim: usize) -> Block<'a, T> {
        let (piece, start) = (position / PIECE, position % PIECE * dim);
        let numbers = &self.numbers[piece][start..][..LANES * dim];
        let scales: &[u16] =
            if T::SCALED { &self.scales[piece][start / LANES..][..dim] } else { &[] };
        Block { numbers, scales: scales.as_chunks().0 }
    }
}

impl<T: Number> Block<'_, T> {
    /// What the numbers `16 · group` to `16 · group + 15` of each position are multiplied by.
    #[inline(always)]
    pub(super) fn scales<const FMA: bool>(&self, group: usize) -> [f32; LANES] {
        if T::SCALED { lanes::widen::<FMA, LANES>(&self.scales[group]) } else { [1.0; LANES] }
    }
}
