//! Sizes that records are padded to, so that a size says little about the text.

/// What a row takes in the file beside its padded plaintext: id, nonce, tag, SQLite's own bytes.
const ROW: usize = 72;
/// Up to here sizes go by half octaves; above, by PADMÉ.
const LARGEST_STEP: usize = 64 * 1024;

/// The padded length for a plaintext of `len` bytes.
///
/// Row sizes are 512, 768, 1024, 1536 … 64 KiB, so that rows fill pages; above that PADMÉ
/// (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", 2019), at most 12 % more.
pub(crate) fn padded_len(len: usize) -> usize {
    let row = len + ROW;
    let padded = if row <= LARGEST_STEP { half_octave(row) } else { padme(row) };
    padded - ROW
}

fn half_octave(row: usize) -> usize {
    let octave = row.next_power_of_two().max(512);
    let half = octave / 4 * 3;
    if row <= half && half > 512 { half } else { octave }
}

/// PADMÉ: at most 12 % more, and only few sizes of each magnitude.
pub(crate) fn padme(len: usize) -> usize {
    if len < 2 {
        return len;
    }
    let exponent = len.ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1 << (exponent - kept)) - 1;
    (len + mask) & !mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_by_half_octaves_then_by_padme() {
        let rows: Vec<_> = [1, 440, 441, 696, 697, 952, 953, 1464, 1465, 65464, 65465, 1_000_000]
            .map(|len| padded_len(len) + ROW)
            .to_vec();
        let steps = [512, 512, 768, 768, 1024, 1024, 1536, 1536, 2048, 65536, 67584, 1_015_808];
        assert_eq!(rows, steps);
    }

    #[test]
    fn padding_never_cuts_and_never_costs_more_than_half() {
        for len in (0..300_000).step_by(7) {
            let padded = padded_len(len);
            assert!(padded >= len, "{len}");
            assert!(len < 700 || padded * 2 <= len * 3 + 144, "{len} {padded}");
        }
    }
}
