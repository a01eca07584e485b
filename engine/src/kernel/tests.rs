//! Every SIMD path gives what the plain one gives, and the plain one what exact numbers give.
use super::{
    Cpu, Heads, Isa, LANES, Matrix, Number, PIECE, Pages, Pieces, Pool, attend_8, attend_16,
};
use crate::gguf::TensorType;
use candle_core::{
    Device, Tensor,
    quantized::{GgmlDType, QTensor},
};
use half::f16;
use proptest::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

fn cpu(isa: Isa) -> Cpu {
    Cpu { isa, pool: Pool::new(2) }
}

fn noise(seed: u64, count: usize) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next() + next() * next()).collect()
}

fn near(a: &[f32], b: &[f32], tolerance: f32) -> Result<(), TestCaseError> {
    let size = b.iter().fold(1e-3_f32, |size, x| size.max(x.abs()));
    for (a, b) in a.iter().zip(b) {
        prop_assert!((a - b).abs() <= tolerance * size, "{a} {b}");
    }
    Ok(())
}

/// Types of weights that candle can make, and two that it can't.
const KINDS: [TensorType; 15] = [
    TensorType::Candle(GgmlDType::F32),
    TensorType::Candle(GgmlDType::F16),
    TensorType::Candle(GgmlDType::BF16),
    TensorType::Candle(GgmlDType::Q4_0),
    TensorType::Candle(GgmlDType::Q4_1),
    TensorType::Candle(GgmlDType::Q5_0),
    TensorType::Candle(GgmlDType::Q5_1),
    TensorType::Candle(GgmlDType::Q8_0),
    TensorType::Candle(GgmlDType::Q2K),
    TensorType::Candle(GgmlDType::Q3K),
    TensorType::Candle(GgmlDType::Q4K),
    TensorType::Candle(GgmlDType::Q5K),
    TensorType::Candle(GgmlDType::Q6K),
    TensorType::Iq4Nl,
    TensorType::Iq4Xs,
];

/// A matrix of random weights, and the weights as numbers.
fn quantised(kind: TensorType, rows: usize, columns: usize, seed: u64) -> (Matrix, Vec<f32>) {
    let TensorType::Candle(candle) = kind else { return stepped(kind, rows, columns, seed) };
    let weights = Tensor::from_vec(noise(seed, rows * columns), (rows, columns), &Device::Cpu);
    let tensor = QTensor::quantize(&weights.unwrap(), candle).unwrap();
    let matrix =
        Matrix::new(&Pages::default(), &tensor.data().unwrap(), kind, rows, columns).unwrap();
    let exact = tensor.dequantize(&Device::Cpu).unwrap().flatten_all().unwrap();
    (matrix, exact.to_vec1().unwrap())
}

/// The same of the IQ4 types, with scales that a formula gives.
fn stepped(kind: TensorType, rows: usize, columns: usize, seed: u64) -> (Matrix, Vec<f32>) {
    let steps = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];
    let count = rows * columns / kind.block_size();
    let noise = noise(seed, count * kind.block_bytes());
    let mut bytes: Vec<u8> = noise.iter().map(|x| (x * 1e4) as i32 as u8).collect();
    let mut exact = Vec::new();
    for (i, bytes) in bytes.chunks_exact_mut(kind.block_bytes()).enumerate() {
        let scale = f16::from_f32(0.01 + (i % 7) as f32 * 0.003);
        bytes[..2].copy_from_slice(&scale.to_le_bytes());
        for block in 0..kind.block_size() / 32 {
            let small = || {
                let high = u16::from_le_bytes([bytes[2], bytes[3]]) >> (2 * block) & 3;
                let low = bytes[4 + block / 2] >> (block % 2 * 4) & 15;
                f32::from(low) + 16.0 * f32::from(high) - 32.0
            };
            let (factor, at) =
                if kind == TensorType::Iq4Nl { (1.0, 2) } else { (small(), 8 + block * 16) };
            exact.extend((0..32).map(|column| {
                let code = bytes[at + column % 16] >> (column / 16 * 4) & 15;
                scale.to_f32() * factor * steps[usize::from(code)] as f32
            }));
        }
    }
    (Matrix::new(&Pages::default(), &bytes, kind, rows, columns).unwrap(), exact)
}

/// `x · weightsᵀ`, at 64 bits.
fn product(weights: &[f32], x: &[f32], columns: usize) -> Vec<f32> {
    let dot = |x: &[f32], w: &[f32]| {
        x.iter().zip(w).map(|(&x, &w)| f64::from(x) * f64::from(w)).sum::<f64>() as f32
    };
    x.chunks(columns).flat_map(|x| weights.chunks(columns).map(move |w| dot(x, w))).collect()
}

fn products(isa: Isa, matrix: &Matrix, x: &[f32]) -> Vec<f32> {
    let mut out = vec![f32::NAN; x.len() / matrix.columns() * matrix.rows()];
    cpu(isa).products(x, &mut [(matrix, &mut out)]);
    out
}

#[test]
fn sums_of_the_largest_codes_fit() {
    for (kind, code) in [(GgmlDType::Q8_0, 0x80), (GgmlDType::Q8_0, 0x7f), (GgmlDType::Q4_0, 0xff)]
    {
        let kind = TensorType::Candle(kind);
        let mut block = vec![code; kind.block_bytes()];
        block[..2].copy_from_slice(&f16::ONE.to_le_bytes());
        let matrix = Matrix::new(&Pages::default(), &block, kind, 1, 32).unwrap();
        let weight = match code {
            0x80 => -128.0,
            0x7f => 127.0,
            _ => 7.0,
        };
        for isa in Isa::all() {
            let got = products(isa, &matrix, &[[1.0; 32], [-1.0; 32]].concat());
            assert_eq!(got, [weight * 32.0, weight * -32.0], "{kind:?} {isa:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn products_agree(
        rows in 1..50_usize, blocks in 1..12_usize, count in 1..20_usize, seed: u64,
        kind in prop::sample::select(&KINDS),
    ) {
        let columns = blocks * kind.block_size();
        let (matrix, exact) = quantised(kind, rows, columns, seed);
        let x = noise(seed ^ 1, count * columns);
        let expected = product(&exact, &x, columns);
        // Activations of quantised weights are rounded to 8 bits.
        let is_rounded = kind.block_size() > 1;
        let tolerance = if is_rounded { 0.02 } else { 1e-5 } * (columns as f32).sqrt();
        let mut plain = Vec::new();
        for isa in Isa::all() {
            let got = products(isa, &matrix, &x);
            if isa == Isa::Plain {
                near(&got, &expected, tolerance)?;
                plain = got;
            } else {
                near(&got, &plain, 2e-6 * columns as f32)?;
            }
        }
        let mut row = vec![0.0; columns];
        matrix.row(rows - 1, &mut row);
        // Scales of scales may be rounded to 16 bits.
        near(&row, &exact[(rows - 1) * columns..], 1e-3)?;
    }

    #[test]
    fn a_row_gives_the_same_alone_and_among_others(
        rows in 1..50_usize, blocks in 1..4_usize, count in 1..20_usize, seed: u64,
        kind in prop::sample::select(&KINDS),
    ) {
        let columns = blocks * kind.block_size();
        let (matrix, _) = quantised(kind, rows, columns, seed);
        let x = noise(seed ^ 1, count * columns);
        for isa in Isa::all() {
            let alone: Vec<f32> =
                x.chunks(columns).flat_map(|x| products(isa, &matrix, x)).collect();
            prop_assert_eq!(products(isa, &matrix, &x), alone);
        }
    }

    #[test]
    fn attention_agrees(
        quarter in 1..6_usize, count in 1..9_usize, end in 1..2200_usize, window in 1..700_usize, seed: u64,
        cap in prop::option::of(1.0..50.0_f32),
    ) {
        let dim = quarter * LANES;
        let visible: Vec<(usize, usize)> = (0..count)
            .map(|i| end.saturating_sub(i).max(1))
            .map(|end| (end.saturating_sub(window), end))
            .collect();
        let queries = noise(seed ^ 2, count * dim);
        let (keys, values) = (noise(seed, end * dim), noise(seed ^ 1, end * dim));
        let asked = Asked { dim, queries: &queries, visible: &visible, cap };
        attends_to_what_is_held(&asked, &Laid::<u16>::new(&keys, &values, dim), attend_16)?;
        attends_to_what_is_held(&asked, &Laid::<i8>::new(&keys, &values, dim), attend_8)?;
    }

    #[test]
    fn numbers_without_end_do_no_harm(
        count in 1..10_usize, at in 0..32_usize,
        odd in prop::sample::select(&[f32::INFINITY, f32::NEG_INFINITY, f32::NAN, f32::MAX]),
    ) {
        let (matrix, _) = quantised(TensorType::Candle(GgmlDType::Q4_1), 16, 32, 1);
        let mut x = noise(2, count * 32);
        x[at] = odd;
        for isa in Isa::all() {
            let got = products(isa, &matrix, &x);
            prop_assert!(got[16..].iter().all(|x| x.is_finite()));
        }
    }

    #[test]
    fn eight_bits_stay_near(x: [f32; LANES]) {
        let x = x.map(|x| x % 1e4);
        let (codes, scale) = i8::narrow(&x);
        let scale = f16::from_bits(scale).to_f32();
        let largest = x.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
        for (x, code) in x.iter().zip(codes) {
            prop_assert!((f32::from(code) * scale - x).abs() <= largest / 127.0 * 0.6 + 1e-7);
        }
    }
}

/// Queries, and what they may see.
struct Asked<'a> {
    dim: usize,
    queries: &'a [f32],
    visible: &'a [(usize, usize)],
    cap: Option<f32>,
}

/// Keys and values as a cache lays them out, and as numbers, `[position][dim]`.
struct Laid<T> {
    keys: (Vec<T>, Vec<u16>, Vec<f32>),
    values: (Vec<T>, Vec<u16>, Vec<f32>),
}

impl<T: Number> Laid<T> {
    fn new(keys: &[f32], values: &[f32], dim: usize) -> Self {
        Self { keys: lay(keys, dim, true), values: lay(values, dim, false) }
    }
}

fn lay<T: Number>(x: &[f32], dim: usize, is_key: bool) -> (Vec<T>, Vec<u16>, Vec<f32>) {
    let positions = (x.len() / dim).next_multiple_of(LANES);
    let mut numbers = vec![T::default(); positions * dim];
    let mut scales = vec![0; positions * dim / LANES];
    let mut exact = Vec::new();
    for (index, x) in x.as_chunks::<LANES>().0.iter().enumerate() {
        let (position, group) = (index / (dim / LANES), index % (dim / LANES));
        let (block, lane) = (position / LANES * dim, position % LANES);
        let (narrow, scale) = T::narrow(x);
        scales[block + group * LANES + lane] = scale;
        for (i, number) in narrow.into_iter().enumerate() {
            let d = group * LANES + i;
            numbers[if is_key { (block + d) * LANES + lane } else { position * dim + d }] = number;
        }
        let scale = if T::SCALED { f16::from_bits(scale).to_f32() } else { 1.0 };
        exact.extend(T::widen::<false, LANES>(&narrow).map(|x| x * scale));
    }
    (numbers, scales, exact)
}

fn pieces<'a, T: Number>(laid: &'a (Vec<T>, Vec<u16>, Vec<f32>), dim: usize) -> Pieces<'a, T> {
    let scales = if T::SCALED { laid.1.chunks(PIECE * dim / LANES).collect() } else { Vec::new() };
    Pieces { numbers: laid.0.chunks(PIECE * dim).collect(), scales }
}

fn attends_to_what_is_held<T: Number>(
    asked: &Asked<'_>,
    laid: &Laid<T>,
    attend: fn(Isa, &Heads<'_, T>, &mut [f32]),
) -> Result<(), TestCaseError> {
    let &Asked { dim, queries, visible, cap } = asked;
    let (keys, values) = (pieces(&laid.keys, dim), pieces(&laid.values, dim));
    let heads = Heads { dim, queries, visible, keys, values, scale: 0.3, cap };
    let expected = naive(&heads, &laid.keys.2, &laid.values.2);
    for isa in Isa::all() {
        let mut out = vec![f32::NAN; queries.len()];
        attend(isa, &heads, &mut out);
        near(&out, &expected, 1e-5)?;
    }
    Ok(())
}

fn naive<T>(heads: &Heads<'_, T>, keys: &[f32], values: &[f32]) -> Vec<f32> {
    let dim = heads.dim;
    let mut out = Vec::new();
    for (query, &(start, end)) in heads.queries.chunks(dim).zip(heads.visible) {
        let score = |position: usize| -> f64 {
            let key = &keys[position * dim..][..dim];
            let products = query.iter().zip(key).map(|(&q, &k)| f64::from(q) * f64::from(k));
            let sum = products.sum::<f64>() * f64::from(heads.scale);
            heads.cap.map_or(sum, |cap| f64::from(cap) * (sum / f64::from(cap)).tanh())
        };
        let weights: Vec<f64> = (start..end).map(|position| score(position).exp()).collect();
        let total: f64 = weights.iter().sum();
        out.extend((0..dim).map(|d| {
            let parts = weights
                .iter()
                .zip(start..end)
                .map(|(w, position)| w * f64::from(values[position * dim + d]));
            (parts.sum::<f64>() / total) as f32
        }));
    }
    out
}

#[test]
fn functions_agree_with_exact_ones() {
    let x: Vec<f32> = (-2000..2000).map(|i| i as f32 / 80.0).collect();
    for isa in Isa::all() {
        let (mut silu, mut gelu, mut tanh) = (x.clone(), x.clone(), x.clone());
        super::silu(isa, &mut silu, &vec![1.0; x.len()]);
        super::gelu(isa, &mut gelu);
        super::gelu_tanh(isa, &mut tanh, &vec![1.0; x.len()]);
        for (i, &x) in x.iter().map(|&x| f64::from(x)).collect::<Vec<_>>().iter().enumerate() {
            let inner = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x * x * x);
            let close =
                |got: f32, exact: f64| (f64::from(got) - exact).abs() < 2e-6 * exact.abs().max(0.2);
            assert!(close(silu[i], x / (1.0 + (-x).exp())), "{x} {}", silu[i]);
            assert!(close(tanh[i], 0.5 * x * (1.0 + inner.tanh())), "{x} {}", tanh[i]);
            assert!(
                (f64::from(gelu[i]) - 0.5 * x * (1.0 + inner.tanh())).abs() < 1e-3,
                "{x} {}",
                gelu[i]
            );
        }
    }
}

#[test]
fn the_pool_runs_every_task_once_however_often_it_is_used() {
    let pool = Pool::new(3);
    for count in (0..300).chain([10_000]) {
        let ran: Vec<AtomicUsize> = (0..count).map(|_| AtomicUsize::new(0)).collect();
        pool.run(count, &|index| _ = ran[index].fetch_add(1, Ordering::Relaxed));
        assert!(ran.iter().all(|ran| ran.load(Ordering::Relaxed) == 1), "{count}");
    }
}

#[test]
fn a_failed_task_is_told_to_the_caller_and_the_pool_still_works() {
    let pool = Pool::new(2);
    let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        pool.run(8, &|index| assert!(index != 5, "failed on purpose"));
    }));
    assert!(failed.is_err());
    let ran = AtomicUsize::new(0);
    pool.run(8, &|_| _ = ran.fetch_add(1, Ordering::Relaxed));
    assert_eq!(ran.load(Ordering::Relaxed), 8);
}
