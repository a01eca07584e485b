//! The products with AVX2 and with AVX-512 VNNI.
use super::{Codes, Fixed, Line, ROWS};
use std::arch::x86_64::*;

/// As [`Fixed::product`].
/// # Safety
/// The CPU must have the instructions named; the shapes must fit each other.
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn product_avx2(weights: &Fixed, x: &Codes, out: &mut [f32]) {
    for (group, lines) in weights.lines.chunks_exact(weights.columns / 2).enumerate() {
        let mut t = 0;
        while t < x.scales.len() {
            // SAFETY: this function has the features; `group` is one of the weights' groups, and `t` and the rows
            // after it are rows of `x`.
            t += unsafe {
                match x.scales.len() - t {
                    6.. => tile_avx2::<6>(weights, (group, lines), x, t, out),
                    3.. => tile_avx2::<3>(weights, (group, lines), x, t, out),
                    _ => tile_avx2::<1>(weights, (group, lines), x, t, out),
                }
            };
        }
    }
}

/// `N` rows of `x` from `t`, times a group of 16 rows of weights; returns `N`.
/// # Safety
/// As [`product_avx2`].
#[target_feature(enable = "avx2,fma")]
unsafe fn tile_avx2<const N: usize>(
    weights: &Fixed,
    (group, lines): (usize, &[Line]),
    x: &Codes,
    t: usize,
    out: &mut [f32],
) -> usize {
    let columns = weights.columns;
    let rows = x.codes[t * columns..][..N * columns].as_ptr();
    let mut sums = [[_mm256_setzero_si256(); 2]; N];
    for (pair, line) in lines.iter().enumerate() {
        // SAFETY: a line has 64 aligned bytes.
        let halves = unsafe {
            let start = (&raw const line.0).cast::<__m256i>();
            [_mm256_load_si256(start), _mm256_load_si256(start.add(1))]
        };
        for (i, sums) in sums.iter_mut().enumerate() {
            // SAFETY: a pair of columns of one of the `N` rows, of which there are as many as lines.
            let two = unsafe { rows.add(i * columns + 2 * pair).cast::<i32>().read_unaligned() };
            let two = _mm256_set1_epi32(two);
            sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(two, halves[0]));
            sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(two, halves[1]));
        }
    }
    let first = group * ROWS;
    let (scales, bias) = (&weights.scales[first..][..ROWS], &weights.bias[first..][..ROWS]);
    for (i, sums) in sums.into_iter().enumerate() {
        let scale = _mm256_set1_ps(x.scales[t + i]);
        let out = &mut out[(t + i) * weights.rows() + first..][..ROWS];
        for (half, sum) in sums.into_iter().enumerate() {
            // SAFETY: half of 16 values each.
            unsafe {
                let scales = _mm256_loadu_ps(scales.as_ptr().add(8 * half));
                let bias = _mm256_loadu_ps(bias.as_ptr().add(8 * half));
                let sum =
                    _mm256_fmadd_ps(_mm256_cvtepi32_ps(sum), _mm256_mul_ps(scales, scale), bias);
                _mm256_storeu_ps(out.as_mut_ptr().add(8 * half), sum);
            }
        }
    }
    N
}

/// As [`product_avx2`].
/// # Safety
/// As there.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
pub(super) unsafe fn product_avx512(weights: &Fixed, x: &Codes, out: &mut [f32]) {
    for (group, lines) in weights.lines.chunks_exact(weights.columns / 2).enumerate() {
        let mut t = 0;
        while t < x.scales.len() {
            // SAFETY: as in `product_avx2`.
            t += unsafe {
                match x.scales.len() - t {
                    12.. => tile_avx512::<12>(weights, (group, lines), x, t, out),
                    4.. => tile_avx512::<4>(weights, (group, lines), x, t, out),
                    _ => tile_avx512::<1>(weights, (group, lines), x, t, out),
                }
            };
        }
    }
}

/// As [`tile_avx2`].
/// # Safety
/// As there.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn tile_avx512<const N: usize>(
    weights: &Fixed,
    (group, lines): (usize, &[Line]),
    x: &Codes,
    t: usize,
    out: &mut [f32],
) -> usize {
    let columns = weights.columns;
    let rows = x.codes[t * columns..][..N * columns].as_ptr();
    let mut sums = [_mm512_setzero_si512(); N];
    for (pair, line) in lines.iter().enumerate() {
        // SAFETY: a line has 64 aligned bytes.
        let codes = unsafe { _mm512_load_si512((&raw const line.0).cast()) };
        for (i, sum) in sums.iter_mut().enumerate() {
            // SAFETY: a pair of columns of one of the `N` rows, of which there are as many as lines.
            let two = unsafe { rows.add(i * columns + 2 * pair).cast::<i32>().read_unaligned() };
            *sum = _mm512_dpwssd_epi32(*sum, _mm512_set1_epi32(two), codes);
        }
    }
    let first = group * ROWS;
    let (scales, bias) = (&weights.scales[first..][..ROWS], &weights.bias[first..][..ROWS]);
    for (i, sum) in sums.into_iter().enumerate() {
        let out = &mut out[(t + i) * weights.rows() + first..][..ROWS];
        // SAFETY: 16 values each.
        unsafe {
            let scales =
                _mm512_mul_ps(_mm512_loadu_ps(scales.as_ptr()), _mm512_set1_ps(x.scales[t + i]));
            let bias = _mm512_loadu_ps(bias.as_ptr());
            let sum = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum), scales, bias);
            _mm512_storeu_ps(out.as_mut_ptr(), sum);
        }
    }
    N
}
