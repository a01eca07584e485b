//! Every path gives what exact arithmetic gives, and no sum leaves its range.
use super::{Codes, Fixed, LARGEST};
use crate::kernel::{Isa, Pages};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn products_agree(
        groups in 1..4_usize, pairs in 1..300_usize, count in 1..20_usize,
        numbers in prop::collection::vec(-1.0..1.0_f32, 997), size in 1e-6..1e6_f32,
    ) {
        let (rows, columns) = (16 * groups, 2 * pairs);
        let take = |length: usize, step: usize| -> Vec<f32> {
            (0..length).map(|i| numbers[(i * step + i / 997) % 997]).collect()
        };
        let (weights, bias, x) = (take(rows * columns, 1), take(rows, 3), take(count * columns, 7));
        let x: Vec<f32> = x.into_iter().map(|x| x * size).collect();
        let fixed = Fixed::new(&Pages::default(), &weights, bias.clone()).unwrap();
        let exact = |t: usize, row: usize| -> f64 {
            let pairs = x[t * columns..][..columns].iter().zip(&weights[row * columns..][..columns]);
            pairs.map(|(x, w)| f64::from(*x) * f64::from(*w)).sum::<f64>() + f64::from(bias[row])
        };
        let mut plain = Vec::new();
        for isa in Isa::all() {
            let mut out = vec![f32::NAN; count * rows];
            fixed.product(isa, &Codes::new(isa, &x, columns), &mut out);
            for (index, out) in out.iter().enumerate() {
                let exact = exact(index / rows, index % rows);
                let allowed = 1e-3 * f64::from(size) * (columns as f64).sqrt() + 1e-6;
                prop_assert!((f64::from(*out) - exact).abs() < allowed, "{isa:?} {out} {exact}");
            }
            if isa == Isa::Plain {
                plain = out;
            } else {
                let near = out.iter().zip(&plain).all(|(a, b)| (a - b).abs() <= 1e-5 * b.abs().max(size));
                prop_assert!(near);
            }
        }
    }

    #[test]
    fn no_sum_leaves_its_range(weights in prop::collection::vec(prop_oneof![Just(0.0), Just(1.0), -1e30..1e30_f32], 2..4000)) {
        let columns = weights.len() / 2 * 2;
        let fixed = Fixed::new(&Pages::default(), &weights[..columns].repeat(16), vec![0.0; 16]).unwrap();
        let sum: i64 = fixed.lines.iter().flat_map(|line| line.0[3]).map(|code| i64::from(code).abs()).sum();
        prop_assert!(sum * i64::from(LARGEST) <= i64::from(i32::MAX), "{sum}");
    }
}

#[test]
fn odd_numbers_and_shapes_are_refused_or_harmless() {
    for bad in [f32::NAN, f32::INFINITY] {
        assert!(Fixed::new(&Pages::default(), &[bad; 32], vec![0.0; 16]).is_err());
    }
    assert!(Fixed::new(&Pages::default(), &[0.0; 16], vec![0.0; 16]).is_err());
    assert!(Fixed::new(&Pages::default(), &[0.0; 34], vec![0.0; 17]).is_err());
    assert!(Fixed::new(&Pages::default(), &[], Vec::new()).is_err());
    let fixed = Fixed::new(&Pages::default(), &[1.0; 32], vec![0.5; 16]).unwrap();
    for isa in Isa::all() {
        for x in [[0.0; 2], [1e-45; 2], [1e-38, 0.0]] {
            let mut out = [f32::NAN; 16];
            fixed.product(isa, &Codes::new(isa, &x, 2), &mut out);
            assert!(out.iter().all(|out| (out - 0.5).abs() < 1e-6), "{out:?}");
        }
    }
}
