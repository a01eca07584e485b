//! The products with AVX2 and with AVX-512 VNNI.
use super::{BLOCK, Packed, Quantised, ROWS, Shared, pack::Line, pack::Width};
use std::arch::x86_64::*;

/// As [`super::plain::group`].
/// # Safety
/// The CPU must have the instructions named.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
pub(super) unsafe fn group_avx512(weights: &Packed, group: usize, x: &Quantised, out: &Shared<'_>) {
    assert!(weights.columns == x.columns);
    let lines = weights.group(group);
    let mut t = 0;
    while t < x.count() {
        let (first, left) = (t * weights.rows + group * ROWS, x.count() - t);
        let target =
            Target { out, first, rows: weights.rows, count: ROWS.min(weights.rows - group * ROWS) };
        // SAFETY: this function has the features; `t` and the rows after it are rows of `x`.
        t += unsafe {
            match (weights.width, left) {
                (Width::Four, 8..) => tile_avx512::<true, 8>(lines, x, t, target),
                (Width::Four, 4..) => tile_avx512::<true, 4>(lines, x, t, target),
                (Width::Four, _) => tile_avx512::<true, 1>(lines, x, t, target),
                (Width::Eight, 8..) => tile_avx512::<false, 8>(lines, x, t, target),
                (Width::Eight, 4..) => tile_avx512::<false, 4>(lines, x, t, target),
                (Width::Eight, _) => tile_avx512::<false, 1>(lines, x, t, target),
            }
        };
    }
}

/// Where a tile's sums go: `count` values at `first`, and at every `rows` from there.
struct Target<'a> {
    out: &'a Shared<'a>,
    first: usize,
    rows: usize,
    count: usize,
}

impl Target<'_> {
    fn put(&self, t: usize, from: usize, sums: &[f32]) {
        let count = self.count.saturating_sub(from).min(sums.len());
        if count == 0 {
            return;
        }
        self.out.write(self.first + t * self.rows + from, &sums[..count]);
    }
}

/// `N` rows of `x` from `t`, times a group of 16 rows of weights; returns `N`.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn tile_avx512<const FOUR: bool, const N: usize>(
    lines: &[Line],
    x: &Quantised,
    t: usize,
    target: Target<'_>,
) -> usize {
    let blocks = x.columns / BLOCK;
    assert!((t + N) * blocks <= x.scales.len() && (t + N) * x.columns <= x.codes.len());
    let mut sums = [_mm512_setzero_ps(); N];
    let size = if FOUR { 5 } else { 9 };
    for (block, lines) in lines.chunks_exact(size).enumerate() {
        // SAFETY: a block has `size` lines of 64 aligned bytes.
        let (codes, scales, minima) = unsafe { unpack_avx512::<FOUR>(lines) };
        for (i, sum) in sums.iter_mut().enumerate() {
            let at = (t + i) * blocks + block;
            // SAFETY: `at` is a block of `x`, as was asserted.
            let (scale, total, activations) = unsafe {
                let codes = x.codes.as_ptr().add(at * BLOCK).cast::<i32>();
                (*x.scales.get_unchecked(at), *x.sums.get_unchecked(at), codes)
            };
            let mut dots = [_mm512_setzero_si512(); 2];
            for (c, &code) in codes.iter().enumerate() {
                // SAFETY: a block has 8 times 4 codes.
                let four = _mm512_set1_epi32(unsafe { activations.add(c).read_unaligned() });
                dots[c % 2] = _mm512_dpbusd_epi32(dots[c % 2], code, four);
            }
            let dot = _mm512_cvtepi32_ps(_mm512_add_epi32(dots[0], dots[1]));
            *sum = _mm512_fmadd_ps(dot, _mm512_mul_ps(scales, _mm512_set1_ps(scale)), *sum);
            *sum = _mm512_fmadd_ps(minima, _mm512_set1_ps(total), *sum);
        }
    }
    for (i, sum) in sums.into_iter().enumerate() {
        let mut values = [0.0; ROWS];
        // SAFETY: 16 values.
        unsafe { _mm512_storeu_ps(values.as_mut_ptr(), sum) };
        target.put(i, 0, &values);
    }
    N
}

/// The codes (columns 4c to 4c + 3 of all rows in the `c`-th), scales and minima of a block.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
#[inline]
unsafe fn unpack_avx512<const FOUR: bool>(lines: &[Line]) -> ([__m512i; 8], __m512, __m512) {
    let start = lines.as_ptr().cast::<__m512i>();
    let mut codes = [_mm512_setzero_si512(); 8];
    let low = _mm512_set1_epi8(15);
    for c in 0..(if FOUR { 4 } else { 8 }) {
        // SAFETY: the line is inside the block, and lines are aligned.
        let line = unsafe { _mm512_load_si512(start.add(c)) };
        if FOUR {
            codes[c] = _mm512_and_si512(line, low);
            codes[c + 4] = _mm512_and_si512(_mm512_srli_epi16::<4>(line), low);
        } else {
            codes[c] = line;
        }
    }
    // SAFETY: as above, the last line.
    let last = unsafe { _mm512_load_si512(start.add(if FOUR { 4 } else { 8 })) };
    let scales = _mm512_cvtph_ps(_mm512_castsi512_si256(last));
    (codes, scales, _mm512_cvtph_ps(_mm512_extracti64x4_epi64::<1>(last)))
}

/// As [`super::plain::group`].
/// # Safety
/// The CPU must have the instructions named.
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) unsafe fn group_avx2(weights: &Packed, group: usize, x: &Quantised, out: &Shared<'_>) {
    assert!(weights.columns == x.columns);
    let lines = weights.group(group);
    let mut t = 0;
    while t < x.count() {
        let (first, left) = (t * weights.rows + group * ROWS, x.count() - t);
        let target =
            Target { out, first, rows: weights.rows, count: ROWS.min(weights.rows - group * ROWS) };
        // SAFETY: this function has the features; `t` and the rows after it are rows of `x`.
        t += unsafe {
            match (weights.width, left) {
                (Width::Four, 4..) => tile_avx2::<true, 4>(lines, x, t, &target),
                (Width::Four, _) => tile_avx2::<true, 1>(lines, x, t, &target),
                (Width::Eight, 4..) => tile_avx2::<false, 4>(lines, x, t, &target),
                (Width::Eight, _) => tile_avx2::<false, 1>(lines, x, t, &target),
            }
        };
    }
}

/// As [`tile_avx512`], in two halves of 8 rows of weights.
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn tile_avx2<const FOUR: bool, const N: usize>(
    lines: &[Line],
    x: &Quantised,
    t: usize,
    target: &Target<'_>,
) -> usize {
    let blocks = x.columns / BLOCK;
    assert!((t + N) * blocks <= x.scales.len() && (t + N) * x.columns <= x.codes.len());
    let size = if FOUR { 5 } else { 9 };
    for half in 0..2 {
        let mut sums = [_mm256_setzero_ps(); N];
        for (block, lines) in lines.chunks_exact(size).enumerate() {
            let at = t * blocks + block;
            // SAFETY: the block of rows `t..t + N` of `x`, as was asserted; a block has `size` lines.
            unsafe { block_avx2::<FOUR, N>(lines, half, x, (at, blocks), &mut sums) };
        }
        for (i, sum) in sums.into_iter().enumerate() {
            let mut values = [0.0; 8];
            // SAFETY: 8 values.
            unsafe { _mm256_storeu_ps(values.as_mut_ptr(), sum) };
            target.put(i, half * 8, &values);
        }
    }
    N
}

/// Adds a block's products. 15 · 127 · 2 · 8 fits 16 bits, so halves of codes are summed at 16 bits.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
unsafe fn block_avx2<const FOUR: bool, const N: usize>(
    lines: &[Line],
    half: usize,
    x: &Quantised,
    (at, blocks): (usize, usize),
    sums: &mut [__m256; N],
) {
    let (mut low, mut high) = ([_mm256_setzero_si256(); N], [_mm256_setzero_si256(); N]);
    let (mask, ones) = (_mm256_set1_epi8(15), _mm256_set1_epi16(1));
    for c in 0..(if FOUR { 4 } else { 8 }) {
        // SAFETY: half of a line; aligned to 32 bytes.
        let line = unsafe { _mm256_load_si256(lines.as_ptr().cast::<__m256i>().add(2 * c + half)) };
        let (lows, highs) =
            (_mm256_and_si256(line, mask), _mm256_and_si256(_mm256_srli_epi16::<4>(line), mask));
        for i in 0..N {
            // SAFETY: 4 codes of the block of row `i`; a 4-bit line's high halves belong to 16 columns on.
            let (a, b) = unsafe {
                let codes = x.codes.as_ptr().add((at + i * blocks) * BLOCK).cast::<i32>();
                (
                    codes.add(c).read_unaligned(),
                    codes.add(if FOUR { c + 4 } else { c }).read_unaligned(),
                )
            };
            low[i] = _mm256_add_epi16(low[i], _mm256_maddubs_epi16(lows, _mm256_set1_epi32(a)));
            high[i] = _mm256_add_epi16(high[i], _mm256_maddubs_epi16(highs, _mm256_set1_epi32(b)));
        }
    }
    // SAFETY: 8 scales and 8 minima in the last line.
    let (scales, minima) = unsafe {
        let last = lines.as_ptr().add(lines.len() - 1).cast::<__m128i>();
        (
            _mm256_cvtph_ps(_mm_load_si128(last.add(half))),
            _mm256_cvtph_ps(_mm_load_si128(last.add(2 + half))),
        )
    };
    for i in 0..N {
        let (low, high) = (_mm256_madd_epi16(low[i], ones), _mm256_madd_epi16(high[i], ones));
        let high = if FOUR { high } else { _mm256_slli_epi32::<4>(high) };
        let dot = _mm256_cvtepi32_ps(_mm256_add_epi32(low, high));
        let (scale, total) = (x.scales[at + i * blocks], x.sums[at + i * blocks]);
        sums[i] = _mm256_fmadd_ps(dot, _mm256_mul_ps(scales, _mm256_set1_ps(scale)), sums[i]);
        sums[i] = _mm256_fmadd_ps(minima, _mm256_set1_ps(total), sums[i]);
    }
}
