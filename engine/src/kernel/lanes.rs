//! Loops that the compiler turns into SIMD, compiled once for each kind of CPU.

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

/// e to the `x`, to 2 units in the last place, without branches; 0 below -87, finite above 88.
#[inline(always)]
pub(super) fn exp_lane<const FMA: bool>(x: f32) -> f32 {
    let x = x.clamp(-87.0, 88.0);
    let power = (x * std::f32::consts::LOG2_E).round_ties_even();
    let rest = fused::<FMA>(power, -0.693_359_4, x);
    let rest = fused::<FMA>(power, 2.121_944_4e-4, rest);
    let mut sum = 1.987_569_1e-4;
    for term in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5, 1.0, 1.0] {
        sum = fused::<FMA>(sum, rest, term);
    }
    sum * f32::from_bits(((power as i32 + 127) << 23) as u32)
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
