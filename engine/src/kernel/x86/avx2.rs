//! With AVX2: 8 rows of weights in a register.
use super::{
    Line, Packed, Quantised, Quarter, ROWS, Scales, Scaling, Shared, Target, Tile, Width, by_form,
    scaling, width,
};
use crate::kernel::pack::STEPS;
use std::arch::x86_64::*;

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
        tile.t += match x.count() - tile.t {
            8.. => by_form!(weights, products::<8>(&tile, &target)),
            4.. => by_form!(weights, products::<4>(&tile, &target)),
            2.. => by_form!(weights, products::<2>(&tile, &target)),
            _ => by_form!(weights, products::<1>(&tile, &target)),
        };
    }
}

/// `N` rows of activations times a group of weights; returns `N`.
#[target_feature(enable = "avx2,fma,f16c")]
fn products<const WIDTH: u8, const SCALING: u8, const N: usize>(
    tile: &Tile<'_>,
    target: &Target<'_>,
) -> usize {
    tile.check(N);
    let mut sums = [[_mm256_setzero_ps(); 2]; N];
    for block in 0..tile.blocks {
        for half in 0..2 {
            add_block::<WIDTH, SCALING, N>(tile, block, half, &mut sums);
        }
    }
    for (i, sums) in sums.iter().enumerate() {
        let mut values = [0.0; ROWS];
        // SAFETY: twice 8 values.
        unsafe {
            _mm256_storeu_ps(values.as_mut_ptr(), sums[0]);
            _mm256_storeu_ps(values.as_mut_ptr().add(8), sums[1]);
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
    sums: &mut [[__m256; 2]; N],
) {
    let (width, scaling) = (width::<WIDTH>(), scaling::<SCALING>());
    let (lines, outer, inner) = tile.block(block, width.lines(), scaling);
    let by_row = scales::<WIDTH, SCALING>(outer, inner, half);
    if matches!(width, Width::Eight | Width::Steps) {
        let dots = wide_dots::<WIDTH, N>(tile, (block, lines), half);
        for (i, (sums, dot)) in sums.iter_mut().zip(dots).enumerate() {
            // SAFETY: the row was checked.
            let (_, x) = unsafe { tile.activations(i, block) };
            add_scaled::<SCALING>([dot; 2], x, &by_row, &mut sums[half]);
        }
        return;
    }
    let codes = unpack::<WIDTH>(lines, half);
    for (i, sums) in sums.iter_mut().enumerate() {
        // SAFETY: the row was checked.
        let (activations, x) = unsafe { tile.activations(i, block) };
        let dots = dots::<WIDTH, SCALING>(&codes, activations);
        add_scaled::<SCALING>(dots, x, &by_row, &mut sums[half]);
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

/// The codes of 8 rows of a block, less than 64: columns `4c` to `4c + 3` in the `c`-th.
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
            Width::Four | Width::Eight | Width::Steps => four(c),
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
    // How many products of 2 · 127 · code fit into 16 bits: 2 of 6-bit codes, 4 of 5-bit ones, 8 of smaller ones.
    let half = |c: usize| match width::<WIDTH>() {
        Width::Six => {
            _mm256_add_epi32(_mm256_madd_epi16(two(c), ones), _mm256_madd_epi16(two(c + 2), ones))
        }
        _ => _mm256_madd_epi16(_mm256_add_epi16(two(c), two(c + 2)), ones),
    };
    match (scaling::<SCALING>(), width::<WIDTH>()) {
        (Scaling::Halves | Scaling::HalvesMinimum, _) => [half(0), half(4)],
        (_, Width::Four) => {
            let all = _mm256_add_epi16(
                _mm256_add_epi16(two(0), two(2)),
                _mm256_add_epi16(two(4), two(6)),
            );
            [_mm256_madd_epi16(all, ones); 2]
        }
        _ => [_mm256_add_epi32(half(0), half(4)); 2],
    }
}

/// Sums of products with codes of 8 bits, whose halves are multiplied each by itself: a product of two whole ones does
/// not fit into 16 bits.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn wide_dots<const WIDTH: u8, const N: usize>(
    tile: &Tile<'_>,
    (block, lines): (usize, &[Line]),
    half: usize,
) -> [__m256i; N] {
    let (mut low, mut high) = ([_mm256_setzero_si256(); N], [_mm256_setzero_si256(); N]);
    for first in [0, 4] {
        let (lows, highs) = halves::<WIDTH>(lines, first, half);
        for i in 0..N {
            // SAFETY: the row was checked.
            let (activations, _) = unsafe { tile.activations(i, block) };
            for c in 0..4 {
                // SAFETY: a block has 8 times 4 codes.
                let four =
                    _mm256_set1_epi32(unsafe { activations.add(first + c).read_unaligned() });
                low[i] = _mm256_add_epi16(low[i], _mm256_maddubs_epi16(lows[c], four));
                high[i] = _mm256_add_epi16(high[i], _mm256_maddubs_epi16(highs[c], four));
            }
        }
    }
    let (ones, sixteens) = (_mm256_set1_epi16(1), _mm256_set1_epi16(16));
    let mut dots = [_mm256_setzero_si256(); N];
    for (dot, (low, high)) in dots.iter_mut().zip(low.into_iter().zip(high)) {
        *dot = _mm256_add_epi32(_mm256_madd_epi16(low, ones), _mm256_madd_epi16(high, sixteens));
    }
    dots
}

/// The low and the high halves of the codes from the `first`-th four columns.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn halves<const WIDTH: u8>(
    lines: &[Line],
    first: usize,
    half: usize,
) -> ([__m256i; 4], [__m256i; 4]) {
    let and = |a| _mm256_and_si256(a, _mm256_set1_epi8(15));
    let (mut lows, mut highs) = ([_mm256_setzero_si256(); 4], [_mm256_setzero_si256(); 4]);
    for c in 0..4 {
        if WIDTH == Width::Eight as u8 {
            let line = load(lines, first + c, half);
            (lows[c], highs[c]) = (and(line), and(right(line, 4)));
        } else {
            let numbers = and(right(load(lines, c, half), first as i32));
            lows[c] = _mm256_shuffle_epi8(table(STEPS.map(|step| step & 15)), numbers);
            highs[c] = _mm256_shuffle_epi8(table(STEPS.map(|step| step >> 4)), numbers);
        }
    }
    (lows, highs)
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn table(values: [u8; 16]) -> __m256i {
    // SAFETY: 16 bytes.
    _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(values.as_ptr().cast()) })
}
