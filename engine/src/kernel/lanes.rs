//! Loops that the compiler turns into SIMD, compiled once for each kind of CPU.
use half::f16;

/// Defines `$name(isa, arguments)`, which runs `$body::<FMA>(arguments)` compiled for that kind of CPU.
macro_rules! dispatch {
    ($name:ident, $body:ident, ($($argument:ident: $type:ty),*)) => {
        pub(crate) fn $name(isa: $crate::kernel::Isa, $($argument: $type),*) {
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma,f16c")]
            fn avx2($($argument: $type),*) {
                $body::<true>($($argument),*);
            }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,f16c")]
            fn avx512($($argument: $type),*) {
                $body::<true>($($argument),*);
            }
            match isa {
                $crate::kernel::Isa::Plain => $body::<false>($($argument),*),
                // SAFETY: the instructions were detected.
                #[cfg(target_arch = "x86_64")]
                $crate::kernel::Isa::Avx2 => unsafe { avx2($($argument),*) },
                // SAFETY: the instructions were detected.
                #[cfg(target_arch = "x86_64")]
                $crate::kernel::Isa::Avx512 => unsafe { avx512($($argument),*) },
            }
        }
    };
}
pub(super) use dispatch;

/// `a · b + c`, in one instruction where there is one.
#[inline(always)]
pub(super) fn fused<const FMA: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FMA { a.mul_add(b, c) } else { a * b + c }
}

/// 16-bit floats as 32-bit ones.
#[inline(always)]
pub(super) fn widen<const FMA: bool, const N: usize>(bits: &[u16; N]) -> [f32; N] {
    #[cfg(target_arch = "x86_64")]
    if FMA && N.is_multiple_of(8) {
        // SAFETY: `FMA` says that `dispatch` compiles this for CPUs with F16C.
        return unsafe { widen_f16c(bits) };
    }
    bits.map(|bits| f16::from_bits(bits).to_f32())
}

/// As [`widen`], for multiples of 8.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn widen_f16c<const N: usize>(bits: &[u16; N]) -> [f32; N] {
    use std::arch::x86_64::{_mm_loadu_si128, _mm256_cvtph_ps, _mm256_storeu_ps};
    let mut wide = [0.0; N];
    for (bits, wide) in bits.as_chunks::<8>().0.iter().zip(wide.as_chunks_mut::<8>().0) {
        // SAFETY: 8 numbers each.
        unsafe {
            let eight = _mm256_cvtph_ps(_mm_loadu_si128(bits.as_ptr().cast()));
            _mm256_storeu_ps(wide.as_mut_ptr(), eight);
        }
    }
    wide
}

/// What is added to a small number to round it into the lowest bits: `round` would be a call of a function, and a
/// conversion to a whole number would not be SIMD.
const SHIFT: f32 = (3 << 22) as f32;

/// The nearest whole number, the even one of two; for less than 2^22.
#[inline(always)]
pub(super) fn nearest(x: f32) -> i32 {
    (x + SHIFT).to_bits().wrapping_sub(SHIFT.to_bits()).cast_signed()
}

/// e to the `x`, to 2 units in the last place, without branches; 0 below -87, finite above 88.
#[inline(always)]
pub(super) fn exp_lane<const FMA: bool>(x: f32) -> f32 {
    let x = x.clamp(-87.0, 88.0);
    let shifted = fused::<FMA>(x, std::f32::consts::LOG2_E, SHIFT);
    let power = shifted - SHIFT;
    let rest = fused::<FMA>(power, -0.693_359_4, x);
    let rest = fused::<FMA>(power, 2.121_944_4e-4, rest);
    let mut sum = 1.987_569_1e-4;
    for term in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5, 1.0, 1.0] {
        sum = fused::<FMA>(sum, rest, term);
    }
    sum * f32::from_bits((shifted.to_bits() << 23).wrapping_add(127 << 23))
}

dispatch!(silu, silu_body, (gate: &mut [f32], up: &[f32]));

/// `gate = gate · sigmoid(gate) · up`.
#[inline(always)]
fn silu_body<const FMA: bool>(gate: &mut [f32], up: &[f32]) {
    for (gate, up) in gate.iter_mut().zip(up) {
        *gate = *gate / (1.0 + exp_lane::<FMA>(-*gate)) * up;
    }
}

dispatch!(gelu, gelu_body, (x: &mut [f32]));

/// GELU with the error function by Abramowitz and Stegun 7.1.26, exact to 2e-7.
#[inline(always)]
fn gelu_body<const FMA: bool>(x: &mut [f32]) {
    for x in x {
        let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
        let t = 1.0 / fused::<FMA>(0.327_591_1, z, 1.0);
        let mut series = 1.061_405_4;
        for term in [-1.453_152_1, 1.421_413_8, -0.284_496_72, 0.254_829_6] {
            series = fused::<FMA>(series, t, term);
        }
        let erf = (1.0 - series * t * exp_lane::<FMA>(-z * z)).copysign(*x);
        *x *= 0.5 * (1.0 + erf);
    }
}

dispatch!(gelu_tanh, gelu_tanh_body, (gate: &mut [f32], up: &[f32]));

/// `gate = GELU(gate) · up`, with the tanh form of GELU.
#[inline(always)]
fn gelu_tanh_body<const FMA: bool>(gate: &mut [f32], up: &[f32]) {
    for (gate, up) in gate.iter_mut().zip(up) {
        let x = *gate;
        let inner = 1.595_769 * x * fused::<FMA>(0.044_715 * x, x, 1.0);
        *gate = x / (1.0 + exp_lane::<FMA>(-inner)) * up;
    }
}
