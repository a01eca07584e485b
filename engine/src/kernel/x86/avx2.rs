//! With AVX2: 8 rows of weights in a register.
use super::{
    Line, Packed, Quantised, Quarter, ROWS, Scales, Scaling, Shared, Target, Tile, Width, by_form,
    scaling, width,
};
use crate::kernel::pack::STEPS;
use std::arch::{asm, x86_64::*};

/// Blocks that are multiplied with one half of the rows before they are with the other: so many stay in the nearest
/// cache.
const RUN: usize = 8;

/// As [`crate::kernel::plain::group`].
/// # Safety
/// The CPU must have the instructions named.
#[target_feature(enable = "avx2,fma,f16c")]
pub(in crate::kernel) unsafe fn group_avx2(
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
            2.. => by_form!(weights, products::<2>(&tile, &target)),
            _ => by_form!(weights, products::<1>(&tile, &target)),
        };
        tile.advance(rows);
    }
}

/// `N` rows of activations times a group of weights; returns `N`.
#[target_feature(enable = "avx2,fma,f16c")]
fn products<const WIDTH: u8, const SCALING: u8, const N: usize>(
    tile: &Tile<'_>,
    target: &Target<'_>,
) -> usize {
    tile.check(N);
    let mut sums = [[_mm256_setzero_ps(); N]; 2];
    // Some blocks of one half before those of the other: the registers do not hold the sums of both.
    let run = if N < 4 { 1 } else { RUN };
    for first in (0..tile.blocks).step_by(run) {
        for (half, sums) in sums.iter_mut().enumerate() {
            let mut part = *sums;
            for block in first..tile.blocks.min(first + run) {
                add_block::<WIDTH, SCALING, N>(tile, block, half, &mut part);
            }
            *sums = part;
        }
    }
    for (i, (&low, &high)) in sums[0].iter().zip(&sums[1]).enumerate() {
        let mut values = [0.0; ROWS];
        // SAFETY: twice 8 values.
        unsafe {
            _mm256_storeu_ps(values.as_mut_ptr(), low);
            _mm256_storeu_ps(values.as_mut_ptr().add(8), high);
        }
        target.put(tile.t + i, &values);
    }
    N
}

/// Adds the products of a block with 8 rows.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn add_block<const WIDTH: u8, const SCALING: u8, const N: usize>(
    tile: &Tile<'_>,
    block: usize,
    half: usize,
    sums: &mut [__m256; N],
) {
    let (width, scaling) = (width::<WIDTH>(), scaling::<SCALING>());
    let (lines, outer, inner) = tile.block(block, width.lines(), scaling);
    let by_row = scales::<WIDTH, SCALING>(outer, inner, half);
    // SAFETY: the row was checked.
    let scales_of = |i: usize| unsafe { tile.activations(i, block) }.1;
    match width {
        Width::Eight | Width::Steps => {
            let dots = wide_dots::<WIDTH, N>(tile, (block, lines), half);
            for (i, (sum, dot)) in sums.iter_mut().zip(dots).enumerate() {
                let scales = _mm256_mul_ps(by_row.scales[0], _mm256_set1_ps(scales_of(i).scale));
                *sum = _mm256_fmadd_ps(_mm256_cvtepi32_ps(dot), scales, *sum);
            }
        }
        Width::Four => {
            let dots = narrow_dots::<N>(tile, (block, lines), half);
            for (i, (sum, dot)) in sums.iter_mut().zip(dots).enumerate() {
                add_scaled::<SCALING>([dot; 2], scales_of(i), &by_row, sum);
            }
        }
        _ => {
            let codes = unpack::<WIDTH>(lines, half);
            for (i, sum) in sums.iter_mut().enumerate() {
                // SAFETY: the row was checked.
                let (activations, x) = unsafe { tile.activations(i, block) };
                add_scaled::<SCALING>(dots::<WIDTH, SCALING>(&codes, activations), x, &by_row, sum);
            }
        }
    }
}

/// Scales and minima of a block's halves for 8 rows.
struct ByRow {
    scales: [__m256; 2],
    minima: [__m256; 2],
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn scales<const WIDTH: u8, const SCALING: u8>(
    outer: &[Quarter],
    inner: &Quarter,
    half: usize,
) -> ByRow {
    let number = |quarter: usize| {
        // SAFETY: half of a quarter.
        _mm256_cvtph_ps(unsafe {
            _mm_load_si128(outer[quarter].0.as_ptr().cast::<__m128i>().add(half))
        })
    };
    // SAFETY: a quarter of a quarter.
    let bytes =
        |at: usize| unsafe { _mm_loadl_epi64(inner.0.as_ptr().add(16 * at + 8 * half).cast()) };
    let unsigned = |at: usize| _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes(at)));
    let scale = number(0);
    let middle = _mm256_set1_ps(-f32::from(width::<WIDTH>().middle()));
    match scaling::<SCALING>() {
        Scaling::Scale => ByRow { scales: [scale; 2], minima: [_mm256_mul_ps(scale, middle); 2] },
        Scaling::Minimum => ByRow { scales: [scale; 2], minima: [number(1); 2] },
        Scaling::Nested => ByRow {
            scales: [_mm256_mul_ps(scale, unsigned(0)); 2],
            minima: [_mm256_mul_ps(number(1), unsigned(1)); 2],
        },
        Scaling::Halves => {
            let scales = [0, 1].map(|at| {
                _mm256_mul_ps(scale, _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes(at))))
            });
            ByRow { scales, minima: scales.map(|scale| _mm256_mul_ps(scale, middle)) }
        }
        Scaling::HalvesMinimum => {
            let (minimum, low) = (number(1), _mm256_set1_epi32(15));
            let both = [0, 1].map(|at| _mm256_cvtepu8_epi32(bytes(at)));
            ByRow {
                scales: both.map(|both| {
                    _mm256_mul_ps(scale, _mm256_cvtepi32_ps(_mm256_and_si256(both, low)))
                }),
                minima: both.map(|both| {
                    _mm256_mul_ps(minimum, _mm256_cvtepi32_ps(_mm256_srli_epi32::<4>(both)))
                }),
            }
        }
    }
}

/// Adds a block's sums of products, by halves or whole.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn add_scaled<const SCALING: u8>(dots: [__m256i; 2], x: &Scales, by_row: &ByRow, sum: &mut __m256) {
    let scale = _mm256_set1_ps(x.scale);
    if matches!(scaling::<SCALING>(), Scaling::Halves | Scaling::HalvesMinimum) {
        for (half, dot) in dots.into_iter().enumerate() {
            let scales = _mm256_mul_ps(by_row.scales[half], scale);
            *sum = _mm256_fmadd_ps(_mm256_cvtepi32_ps(dot), scales, *sum);
            *sum = _mm256_fmadd_ps(by_row.minima[half], _mm256_set1_ps(x.sums[half]), *sum);
        }
    } else {
        let scales = _mm256_mul_ps(by_row.scales[0], scale);
        *sum = _mm256_fmadd_ps(_mm256_cvtepi32_ps(dots[0]), scales, *sum);
        *sum = _mm256_fmadd_ps(by_row.minima[0], _mm256_set1_ps(x.sum), *sum);
    }
}

/// Half of line `line`: its 8 rows.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn load(lines: &[Line], line: usize, half: usize) -> __m256i {
    // SAFETY: half of a line, which is aligned to 64 bytes.
    unsafe { _mm256_load_si256(lines[line].0.as_ptr().cast::<__m256i>().add(half)) }
}

/// Each 16 bits moved right by `by`, or left where that is negative.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn right(bits: __m256i, by: i32) -> __m256i {
    if by < 0 {
        _mm256_sll_epi16(bits, _mm_cvtsi32_si128(-by))
    } else {
        _mm256_srl_epi16(bits, _mm_cvtsi32_si128(by))
    }
}

/// The codes of 8 rows of a block, of 2, 3, 5 or 6 bits: columns `4c` to `4c + 3` in the `c`-th.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn unpack<const WIDTH: u8>(lines: &[Line], half: usize) -> [__m256i; 8] {
    let and = |a, mask| _mm256_and_si256(a, _mm256_set1_epi8(mask));
    let four = |c: usize| and(right(load(lines, c % 4, half), c as i32 / 4 * 4), 15);
    // Bits of another line, moved to where they belong in the code.
    let pair = |line: usize, c: usize, to: i32| {
        and(right(load(lines, line + c / 4, half), c as i32 % 4 * 2 - to), 3 << to)
    };
    let bit = |line: usize, c: usize, to: i32| {
        and(right(load(lines, line, half), c as i32 - to), 1 << to)
    };
    let mut codes = [_mm256_setzero_si256(); 8];
    for (c, codes) in codes.iter_mut().enumerate() {
        *codes = match width::<WIDTH>() {
            Width::Two => pair(0, c, 0),
            Width::Three => _mm256_or_si256(pair(0, c, 0), bit(2, c, 2)),
            Width::Five => _mm256_or_si256(four(c), bit(4, c, 4)),
            Width::Six => _mm256_or_si256(four(c), pair(4, c, 4)),
            _ => four(c),
        };
    }
    codes
}

/// Sums of products of both halves of a block; where its halves share a scale, all in the first.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn dots<const WIDTH: u8, const SCALING: u8>(
    codes: &[__m256i; 8],
    activations: *const i32,
) -> [__m256i; 2] {
    let ones = _mm256_set1_epi16(1);
    let product = |c: usize| {
        // SAFETY: a block has 8 times 4 codes.
        let four = _mm256_set1_epi32(unsafe { activations.add(c).read_unaligned() });
        _mm256_maddubs_epi16(codes[c], four)
    };
    let two = |c: usize| _mm256_add_epi16(product(c), product(c + 1));
    // How many products of 2 · 127 · code fit into 16 bits: 2 of 6-bit codes, 4 of 5-bit ones.
    let half = |c: usize| match width::<WIDTH>() {
        Width::Six => {
            _mm256_add_epi32(_mm256_madd_epi16(two(c), ones), _mm256_madd_epi16(two(c + 2), ones))
        }
        _ => _mm256_madd_epi16(_mm256_add_epi16(two(c), two(c + 2)), ones),
    };
    match scaling::<SCALING>() {
        Scaling::Halves | Scaling::HalvesMinimum => [half(0), half(4)],
        _ => [_mm256_add_epi32(half(0), half(4)); 2],
    }
}

/// Sums of products with codes of 4 bits: 8 products of 2 · 127 · 15 fit into 16 bits.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn narrow_dots<const N: usize>(
    tile: &Tile<'_>,
    (block, lines): (usize, &[Line]),
    half: usize,
) -> [__m256i; N] {
    let mut sums = [_mm256_setzero_si256(); N];
    for c in 0..4 {
        let line = load(lines, c, half);
        let low = _mm256_and_si256(line, _mm256_set1_epi8(15));
        let high = _mm256_and_si256(_mm256_srli_epi16::<4>(line), _mm256_set1_epi8(15));
        for (i, sum) in sums.iter_mut().enumerate() {
            for (codes, c) in [(low, c), (high, c + 4)] {
                let products = _mm256_maddubs_epi16(codes, four(tile, (i, block), c));
                *sum = settled(_mm256_add_epi16(*sum, products));
            }
        }
    }
    sums.map(|sums| _mm256_madd_epi16(sums, _mm256_set1_epi16(1)))
}

/// Columns `4c` to `4c + 3` of a block of activations, for each row of weights.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn four(tile: &Tile<'_>, (i, block): (usize, usize), c: usize) -> __m256i {
    debug_assert!(c < 8);
    // SAFETY: the row was checked, and a block has 8 times 4 codes.
    _mm256_set1_epi32(unsafe { tile.activations(i, block).0.add(c).read_unaligned() })
}

/// Sums of products with codes of 8 bits, less their middle. A whole code times an activation needs one of the two
/// without a sign: the weight gives its own to the activation.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn wide_dots<const WIDTH: u8, const N: usize>(
    tile: &Tile<'_>,
    (block, lines): (usize, &[Line]),
    half: usize,
) -> [__m256i; N] {
    let mut dots = [_mm256_setzero_si256(); N];
    for c in 0..8 {
        let weights = signed::<WIDTH>(lines, c, half);
        let sizes = _mm256_abs_epi8(weights);
        for (i, dot) in dots.iter_mut().enumerate() {
            let four = _mm256_sign_epi8(four(tile, (i, block), c), weights);
            // At most 2 · 128 · 127.
            let products = _mm256_maddubs_epi16(sizes, four);
            *dot =
                settled(_mm256_add_epi32(*dot, _mm256_madd_epi16(products, _mm256_set1_epi16(1))));
        }
    }
    dots
}

/// The sums as they are. The compiler would put the additions into another order, in which the codes of all columns had to be held,
/// more than there are registers.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn settled(mut sums: __m256i) -> __m256i {
    // SAFETY: it does nothing.
    unsafe {
        asm!("/* {0} */", inout(ymm_reg) sums, options(pure, nomem, nostack, preserves_flags));
    }
    sums
}

/// Codes of 8 bits, less their middle, of columns `4c` to `4c + 3`.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn signed<const WIDTH: u8>(lines: &[Line], c: usize, half: usize) -> __m256i {
    if WIDTH == Width::Eight as u8 {
        return _mm256_xor_si256(load(lines, c, half), _mm256_set1_epi8(-128));
    }
    let four = _mm256_srl_epi16(load(lines, c % 4, half), _mm_cvtsi32_si128(c as i32 / 4 * 4));
    let steps = STEPS.map(|step| step ^ 128);
    // SAFETY: 16 bytes.
    let steps = unsafe { _mm_loadu_si128(steps.as_ptr().cast()) };
    let numbers = _mm256_and_si256(four, _mm256_set1_epi8(15));
    _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(steps), numbers)
}
