//! The products without special instructions: slow, portable, and what the others are tested against.
use super::{BLOCK, Packed, Quantised, ROWS, Shared, pack};

/// `out[t, rows of the group]` for all rows `t` of `x`.
pub(super) fn group(weights: &Packed, group: usize, x: &Quantised, out: &Shared<'_>) {
    let blocks = x.columns / BLOCK;
    let mut sums = vec![[0.0_f32; ROWS]; x.count()];
    for (block, lines) in weights.group(group).chunks_exact(weights.width.lines()).enumerate() {
        let (scales, minima) = pack::scales(&lines[lines.len() - 1]);
        let codes: [_; ROWS] = std::array::from_fn(|row| pack::codes(weights.width, lines, row));
        for (t, sums) in sums.iter_mut().enumerate() {
            let at = t * blocks + block;
            let activations = &x.codes[at * BLOCK..][..BLOCK];
            for (row, sum) in sums.iter_mut().enumerate() {
                let pairs = codes[row].iter().zip(activations);
                let dot: i32 = pairs.map(|(&code, &x)| i32::from(code) * i32::from(x)).sum();
                *sum += dot as f32 * (scales[row] * x.scales[at]) + minima[row] * x.sums[at];
            }
        }
    }
    let first = group * ROWS;
    let count = ROWS.min(weights.rows - first);
    for (t, sums) in sums.iter().enumerate() {
        out.write(t * weights.rows + first, &sums[..count]);
    }
}
