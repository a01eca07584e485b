//! The products without special instructions: slow, portable, and what the others are tested against.
use super::{BLOCK, Packed, Quantised, ROWS, Shared};

/// `out[t, rows of the group]` for all rows `t` of `x`.
pub(super) fn group(weights: &Packed, group: usize, x: &Quantised, out: &Shared<'_, f32>) {
    let mut sums = vec![[0.0_f32; ROWS]; x.count()];
    for block in 0..weights.blocks() {
        for row in 0..ROWS {
            let values = weights.values(group, block, row);
            for (t, sums) in sums.iter_mut().enumerate() {
                let (codes, scales) = x.block(t, block);
                for half in 0..2 {
                    let columns = half * BLOCK / 2..(half + 1) * BLOCK / 2;
                    let pairs = values.codes[columns.clone()].iter().zip(&codes[columns]);
                    let dot: i32 = pairs.map(|(&code, &x)| i32::from(code) * i32::from(x)).sum();
                    sums[row] += dot as f32 * (values.scales[half] * scales.scale)
                        + values.minima[half] * scales.sums[half];
                }
            }
        }
    }
    let first = group * ROWS;
    let count = ROWS.min(weights.rows - first);
    for (t, sums) in sums.iter().enumerate() {
        out.write(t * weights.rows + first, &sums[..count]);
    }
}
