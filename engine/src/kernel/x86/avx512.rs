//! With AVX-512 VNNI: 16 rows of weights in a register.
use super::{
    Line, Packed, Quantised, Quarter, ROWS, Scaling, Shared, Target, Tile, Width, by_form, scaling,
    width,
};
use crate::kernel::pack::STEPS;
use std::arch::x86_64::*;

/// As [`crate::kernel::plain::group`].
/// # Safety
/// The CPU must have the instructions named.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
pub(in crate::kernel) unsafe fn group_avx512(
    weights: &Packed,
    group: usize,
    x: &Quantised,
    out: &Shared<'_, f32>,
) {
    let (mut tile, target) = (Tile::new(weights, group, x), Target::new(weights, group, out));
    while tile.t < x.count() {
        let rows = match x.count() - tile.t {
            8.. => by_form!(weights, products::<8>(&tile, &target)),
            4.. => by_form!(weights, products::<4>(&tile, &target)),
            _ => by_form!(weights, products::<1>(&tile, &target)),
        };
        tile.advance(rows);
    }
}

/// `N` rows of activations times a group of weights; returns `N`.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn products<const WIDTH: u8, const SCALING: u8, const N: usize>(
    tile: &Tile<'_>,
    target: &Target<'_>,
) -> usize {
    tile.check(N);
    let (width, scaling) = (width::<WIDTH>(), scaling::<SCALING>());
    let mut sums = [_mm512_setzero_ps(); N];
    for block in 0..tile.blocks {
        let (lines, outer, inner) = tile.block(block, width.lines(), scaling);
        let (codes, by_row) = (unpack::<WIDTH>(lines), scales::<WIDTH, SCALING>(outer, inner));
        for (i, sum) in sums.iter_mut().enumerate() {
            // SAFETY: the row was checked.
            let (activations, x) = unsafe { tile.activations(i, block) };
            let mut dots = [_mm512_setzero_si512(); 2];
            for (c, &codes) in codes.iter().enumerate() {
                // SAFETY: a block has 8 times 4 codes.
                let four = _mm512_set1_epi32(unsafe { activations.add(c).read_unaligned() });
                dots[c / 4] = _mm512_dpbusd_epi32(dots[c / 4], codes, four);
            }
            let (parts, totals) = match scaling {
                Scaling::Halves | Scaling::HalvesMinimum => (2, x.sums),
                _ => {
                    dots[0] = _mm512_add_epi32(dots[0], dots[1]);
                    (1, [x.sum; 2])
                }
            };
            for part in 0..parts {
                let scales = _mm512_mul_ps(by_row.scales[part], _mm512_set1_ps(x.scale));
                *sum = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots[part]), scales, *sum);
                *sum = _mm512_fmadd_ps(by_row.minima[part], _mm512_set1_ps(totals[part]), *sum);
            }
        }
    }
    for (i, &sum) in sums.iter().enumerate() {
        let mut values = [0.0; ROWS];
        // SAFETY: 16 values.
        unsafe { _mm512_storeu_ps(values.as_mut_ptr(), sum) };
        target.put(tile.t + i, &values);
    }
    N
}

/// Scales and minima of a block's halves for 16 rows.
struct ByRow {
    scales: [__m512; 2],
    minima: [__m512; 2],
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
#[inline]
fn scales<const WIDTH: u8, const SCALING: u8>(outer: &[Quarter], inner: &Quarter) -> ByRow {
    let number = |quarter: usize| {
        // SAFETY: a quarter.
        _mm512_cvtph_ps(unsafe { _mm256_loadu_si256(outer[quarter].0.as_ptr().cast()) })
    };
    // SAFETY: half of a quarter.
    let bytes = |at: usize| unsafe { _mm_loadu_si128(inner.0.as_ptr().add(16 * at).cast()) };
    let unsigned = |at: usize| _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes(at)));
    let scale = number(0);
    let middle = _mm512_set1_ps(-f32::from(width::<WIDTH>().middle()));
    match scaling::<SCALING>() {
        Scaling::Scale => ByRow { scales: [scale; 2], minima: [_mm512_mul_ps(scale, middle); 2] },
        Scaling::Minimum => ByRow { scales: [scale; 2], minima: [number(1); 2] },
        Scaling::Nested => ByRow {
            scales: [_mm512_mul_ps(scale, unsigned(0)); 2],
            minima: [_mm512_mul_ps(number(1), unsigned(1)); 2],
        },
        Scaling::Halves => {
            let scales = [0, 1].map(|at| {
                _mm512_mul_ps(scale, _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes(at))))
            });
            ByRow { scales, minima: scales.map(|scale| _mm512_mul_ps(scale, middle)) }
        }
        Scaling::HalvesMinimum => {
            let (minimum, low) = (number(1), _mm512_set1_epi32(15));
            let both = [0, 1].map(|at| _mm512_cvtepu8_epi32(bytes(at)));
            ByRow {
                scales: both.map(|both| {
                    _mm512_mul_ps(scale, _mm512_cvtepi32_ps(_mm512_and_si512(both, low)))
                }),
                minima: both.map(|both| {
                    _mm512_mul_ps(minimum, _mm512_cvtepi32_ps(_mm512_srli_epi32::<4>(both)))
                }),
            }
        }
    }
}

/// Each 16 bits moved right by `by`, or left where that is negative.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
#[inline]
fn right(bits: __m512i, by: i32) -> __m512i {
    if by < 0 {
        _mm512_sll_epi16(bits, _mm_cvtsi32_si128(-by))
    } else {
        _mm512_srl_epi16(bits, _mm_cvtsi32_si128(by))
    }
}

/// The codes of a block: columns `4c` to `4c + 3` of all rows in the `c`-th.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
#[inline]
fn unpack<const WIDTH: u8>(lines: &[Line]) -> [__m512i; 8] {
    // SAFETY: a line, which is aligned.
    let load = |line: usize| unsafe { _mm512_load_si512(lines[line].0.as_ptr().cast()) };
    let and = |a, mask| _mm512_and_si512(a, _mm512_set1_epi8(mask));
    let four = |c: usize| and(right(load(c % 4), c as i32 / 4 * 4), 15);
    // Bits of another line, moved to where they belong in the code.
    let pair = |line: usize, c: usize, to: i32| {
        and(right(load(line + c / 4), c as i32 % 4 * 2 - to), 3 << to)
    };
    let bit = |line: usize, c: usize, to: i32| and(right(load(line), c as i32 - to), 1 << to);
    let mut codes = [_mm512_setzero_si512(); 8];
    for (c, codes) in codes.iter_mut().enumerate() {
        *codes = match width::<WIDTH>() {
            Width::Two => pair(0, c, 0),
            Width::Three => _mm512_or_si512(pair(0, c, 0), bit(2, c, 2)),
            Width::Four => four(c),
            Width::Five => _mm512_or_si512(four(c), bit(4, c, 4)),
            Width::Six => _mm512_or_si512(four(c), pair(4, c, 4)),
            Width::Eight => load(c),
            Width::Steps => _mm512_shuffle_epi8(steps(), four(c)),
        };
    }
    codes
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
#[inline]
fn steps() -> __m512i {
    // SAFETY: 16 bytes.
    _mm512_broadcast_i32x4(unsafe { _mm_loadu_si128(STEPS.as_ptr().cast()) })
}
