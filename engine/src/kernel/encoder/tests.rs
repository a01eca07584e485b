//! Every path gives what exact arithmetic gives.
use super::{LayerNorm, Split, add_and_norm, attend_all};
use crate::kernel::Isa;
use proptest::prelude::*;

fn exact_attention(tokens: &[f32], split: Split) -> Vec<f64> {
    let (width, dim) = (split.width, split.width / split.heads);
    let rows: Vec<&[f32]> = tokens.chunks(3 * width).collect();
    let mut out = Vec::new();
    for query in &rows {
        for head in (0..width).step_by(dim) {
            let score = |key: &&[f32]| -> f64 {
                let dot: f64 = (head..head + dim)
                    .map(|d| f64::from(query[d]) * f64::from(key[width + d]))
                    .sum();
                (dot / (dim as f64).sqrt()).exp()
            };
            let weights: Vec<f64> = rows.iter().map(score).collect();
            let total: f64 = weights.iter().sum();
            out.extend((head..head + dim).map(|d| {
                let parts = rows.iter().zip(&weights);
                parts.map(|(row, weight)| weight * f64::from(row[2 * width + d])).sum::<f64>()
                    / total
            }));
        }
    }
    out
}

fn near(found: &[f32], exact: &[f64]) -> Result<(), TestCaseError> {
    for (found, exact) in found.iter().zip(exact) {
        prop_assert!((f64::from(*found) - exact).abs() < 1e-5, "{found} {exact}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn attention_agrees(
        heads in 1..4_usize, quarter in 1..4_usize, count in 1..70_usize,
        numbers in prop::collection::vec(-3.0..3.0_f32, 997),
    ) {
        let split = Split { width: 16 * quarter * heads, heads };
        let tokens: Vec<f32> =
            (0..3 * split.width * count).map(|i| numbers[(i + i / 997) % 997]).collect();
        let exact = exact_attention(&tokens, split);
        for isa in Isa::all() {
            let mut out = vec![f32::NAN; split.width * count];
            attend_all(isa, &tokens, split, &mut out);
            near(&out, &exact)?;
        }
    }

    #[test]
    fn norms_agree(
        x in prop::collection::vec(-9.0..9.0_f32, 1..200), y in prop::collection::vec(-9.0..9.0_f32, 200),
        weight in prop::collection::vec(-2.0..2.0_f32, 200),
    ) {
        let width = x.len();
        let norm = LayerNorm { weight: weight[..width].to_vec(), bias: y[..width].to_vec(), epsilon: 1e-2 };
        let sums: Vec<f64> = x.iter().zip(&y).map(|(x, y)| f64::from(*x) + f64::from(*y)).collect();
        let mean = sums.iter().sum::<f64>() / width as f64;
        let variance = sums.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / width as f64;
        let exact: Vec<f64> = sums
            .iter()
            .zip(weight.iter().zip(&y))
            .map(|(x, (w, b))| (x - mean) / (variance + 1e-2).sqrt() * f64::from(*w) + f64::from(*b))
            .collect();
        for isa in Isa::all() {
            let mut out = x.clone();
            add_and_norm(isa, &mut out, &y[..width], &norm);
            near(&out, &exact)?;
        }
    }
}
