//! Arithmetic that candle does too slowly on CPUs: products of quantised weights, and a pool of threads for it.
//!
//! All of the engine's `unsafe` is here: SIMD behind run-time detection, and threads that write disjoint parts of
//! one buffer. Every SIMD path is tested against the plain one.
#![allow(unsafe_code)]
mod attend;
mod lanes;
mod pack;
mod plain;
mod pool;
mod quantise;
mod shared;
#[cfg(test)]
mod tests;
mod wipe;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(crate) use attend::{Heads, LANES, PIECE, attend};
pub(crate) use lanes::{gelu, gelu_tanh, silu};
pub(crate) use pack::Packed;
pub(crate) use pool::Pool;
pub(crate) use quantise::Quantised;
pub(crate) use shared::Shared;
pub(crate) use wipe::wipe;

/// Rows of weights that lie side by side.
const ROWS: usize = 16;
/// Values that share a scale.
const BLOCK: usize = 32;

/// What this CPU can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Isa {
    /// Nothing special.
    Plain,
    /// AVX2, FMA and F16C.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 with VNNI.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Isa {
    /// The best of this CPU.
    pub(crate) fn detect() -> Self {
        Self::all().pop().unwrap_or(Self::Plain)
    }

    /// All that this CPU can do, the best last.
    pub(crate) fn all() -> Vec<Self> {
        #[cfg_attr(not(target_arch = "x86_64"), expect(unused_mut))]
        let mut all = vec![Self::Plain];
        #[cfg(target_arch = "x86_64")]
        {
            use std::arch::is_x86_feature_detected as has;
            let avx2 = has!("avx2") && has!("fma") && has!("f16c");
            if avx2 {
                all.push(Self::Avx2);
            }
            if avx2
                && has!("avx512f")
                && has!("avx512bw")
                && has!("avx512vl")
                && has!("avx512dq")
                && has!("avx512vnni")
            {
                all.push(Self::Avx512);
            }
        }
        all
    }
}

/// The pool, and what its CPU can do.
pub(crate) struct Cpu {
    /// What its instructions are.
    pub(crate) isa: Isa,
    /// Its threads.
    pub(crate) pool: Pool,
}

impl Cpu {
    /// This machine's.
    pub(crate) fn new() -> Self {
        Self { isa: Isa::detect(), pool: Pool::new(pool::threads()) }
    }

    /// Several products of the same activations: `out[n, rows] = x[n, columns] · weightsᵀ`.
    pub(crate) fn products(&self, x: &Quantised, targets: &mut [(&Packed, &mut [f32])]) {
        let targets: Vec<(&Packed, Shared<'_>)> =
            targets.iter_mut().map(|(weights, out)| (*weights, Shared::new(out))).collect();
        let groups: usize = targets.iter().map(|(weights, _)| weights.groups()).sum();
        // A few tasks a thread, so that a thread that was interrupted does not hold up the rest for long.
        let step = groups.div_ceil(self.pool.threads() * 6).max(1);
        self.pool.run(groups.div_ceil(step), &|task| {
            let mut first = task * step;
            let mut end = first + step;
            for (weights, out) in &targets {
                let groups = weights.groups();
                for group in first..end.min(groups) {
                    self.group(weights, group, x, out);
                }
                (first, end) = (first.saturating_sub(groups), end.saturating_sub(groups));
            }
        });
    }

    fn group(&self, weights: &Packed, group: usize, x: &Quantised, out: &Shared<'_>) {
        match self.isa {
            Isa::Plain => plain::group(weights, group, x, out),
            // SAFETY: the instructions were detected; shapes are checked by the constructors of both operands.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => unsafe { x86::group_avx2(weights, group, x, out) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => unsafe { x86::group_avx512(weights, group, x, out) },
        }
    }
}
