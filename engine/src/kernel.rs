//! Arithmetic that candle does too slowly on CPUs: products of quantised weights, and a pool of threads for it.
//!
//! All of the engine's `unsafe` is here: SIMD behind run-time detection, and threads that write disjoint parts of
//! one buffer. Every SIMD path is tested against the plain one.
#![allow(unsafe_code)]
mod attend;
mod cached;
mod dense;
mod encoder;
mod fixed;
mod lanes;
mod matrix;
mod pack;
mod pages;
mod plain;
mod pool;
mod quantise;
mod shared;
#[cfg(test)]
mod tests;
mod wipe;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(crate) use attend::{Heads, LANES, PIECE, attend_8, attend_16};
pub(crate) use cached::{Number, Pieces};
pub(crate) use encoder::{LayerNorm, Split, add_and_norm, attend_all};
pub(crate) use fixed::{Codes, Fixed};
pub(crate) use lanes::{gelu, gelu_tanh, silu};
pub(crate) use matrix::Matrix;
pub(crate) use pages::Pages;
pub(crate) use pool::Pool;
pub(crate) use shared::Shared;
pub(crate) use wipe::wipe;

use pack::Packed;
use quantise::Quantised;

/// Rows of weights that lie side by side.
const ROWS: usize = 16;
/// Values that share a scale.
const BLOCK: usize = 32;

/// A cache line.
#[repr(align(64))]
#[derive(Clone, Copy)]
struct Line([u8; 64]);

// SAFETY: it is bytes.
unsafe impl pages::Plain for Line {}

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
}
