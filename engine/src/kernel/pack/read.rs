//! Blocks of 32 weights out of a model file's blocks.
use super::{BLOCK, Block, Scaling, Width};
use crate::gguf::TensorType;
use candle_core::quantized::GgmlDType;
use half::f16;

/// Reads one of the blocks of 32 that a block of the file holds.
pub(super) type Read = fn(&[u8], usize) -> Block;

/// How a type is packed, and what reads it; `None` for numbers that are not quantised.
pub(super) fn reader(kind: TensorType) -> Option<(Width, Scaling, Read)> {
    let TensorType::Candle(kind) = kind else {
        let read = if kind == TensorType::Iq4Nl { iq4_nl } else { iq4_xs };
        return Some((Width::Steps, Scaling::Scale, read));
    };
    let found: (_, _, Read) = match kind {
        GgmlDType::Q4_0 => (Width::Four, Scaling::Scale, q4_0),
        GgmlDType::Q4_1 => (Width::Four, Scaling::Minimum, q4_1),
        GgmlDType::Q5_0 => (Width::Five, Scaling::Scale, q5_0),
        GgmlDType::Q5_1 => (Width::Five, Scaling::Minimum, q5_1),
        GgmlDType::Q8_0 => (Width::Eight, Scaling::Scale, q8_0),
        GgmlDType::Q2K => (Width::Two, Scaling::HalvesMinimum, q2_k),
        GgmlDType::Q3K => (Width::Three, Scaling::Halves, q3_k),
        GgmlDType::Q4K => (Width::Four, Scaling::Nested, q4_k),
        GgmlDType::Q5K => (Width::Five, Scaling::Nested, q5_k),
        GgmlDType::Q6K => (Width::Six, Scaling::Halves, q6_k),
        _ => return None,
    };
    Some(found)
}

fn half_at(bytes: &[u8], at: usize) -> f16 {
    f16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn nibble(bytes: &[u8], column: usize) -> u8 {
    bytes[column % 16] >> (column / 16 * 4) & 15
}

/// A block whose scales are not nested.
fn flat(outer: [f16; 2], code: impl Fn(usize) -> u8) -> Block {
    Block { codes: std::array::from_fn(code), outer, inner: [0; 2] }
}

fn q4_0(bytes: &[u8], _: usize) -> Block {
    flat([half_at(bytes, 0), f16::ZERO], |i| nibble(&bytes[2..], i))
}

fn q4_1(bytes: &[u8], _: usize) -> Block {
    flat([half_at(bytes, 0), half_at(bytes, 2)], |i| nibble(&bytes[4..], i))
}

fn q5_0(bytes: &[u8], _: usize) -> Block {
    flat([half_at(bytes, 0), f16::ZERO], |i| nibble(&bytes[6..], i) | fifth(&bytes[2..], i))
}

fn q5_1(bytes: &[u8], _: usize) -> Block {
    let outer = [half_at(bytes, 0), half_at(bytes, 2)];
    flat(outer, |i| nibble(&bytes[8..], i) | fifth(&bytes[4..], i))
}

/// The fifth bit of a column, in its place.
fn fifth(bytes: &[u8], column: usize) -> u8 {
    (bytes[column / 8] >> (column % 8) & 1) << 4
}

fn q8_0(bytes: &[u8], _: usize) -> Block {
    flat([half_at(bytes, 0), f16::ZERO], |i| bytes[2 + i] ^ 0x80)
}

fn iq4_nl(bytes: &[u8], _: usize) -> Block {
    flat([half_at(bytes, 0), f16::ZERO], |i| nibble(&bytes[2..], i))
}

/// Its 6-bit scales are multiplied out: a quarter of a bit for each weight is not worth a layout.
fn iq4_xs(bytes: &[u8], index: usize) -> Block {
    let low = bytes[4 + index / 2] >> (index % 2 * 4) & 15;
    let high = u16::from_le_bytes([bytes[2], bytes[3]]) >> (2 * index) & 3;
    let scale = half_at(bytes, 0).to_f32() * (f32::from(low) + 16.0 * f32::from(high) - 32.0);
    flat([f16::from_f32(scale), f16::ZERO], |i| nibble(&bytes[8 + 16 * index..], i))
}

/// Column `column` of the block `index` in codes of 2 bits: 128 columns share 32 bytes.
fn pair(bytes: &[u8], index: usize, column: usize) -> u8 {
    bytes[index / 4 * BLOCK + column] >> (index % 4 * 2) & 3
}

fn q2_k(bytes: &[u8], index: usize) -> Block {
    Block {
        codes: std::array::from_fn(|i| pair(&bytes[16..], index, i)),
        outer: [half_at(bytes, 80), -half_at(bytes, 82)],
        inner: [bytes[2 * index], bytes[2 * index + 1]],
    }
}

fn q3_k(bytes: &[u8], index: usize) -> Block {
    let (high, codes, scales) = (&bytes[..32], &bytes[32..], &bytes[96..108]);
    // 16 numbers of 6 bits: 4 bits each in 8 bytes, then 2 bits each in 4 bytes.
    let scale = |i: usize| {
        let (low, high) = (scales[i % 8] >> (i / 8 * 4) & 15, scales[8 + i % 4] >> (i / 4 * 2) & 3);
        (low | high << 4).wrapping_sub(32)
    };
    Block {
        codes: std::array::from_fn(|i| pair(codes, index, i) | (high[i] >> index & 1) << 2),
        outer: [half_at(bytes, 108), f16::ZERO],
        inner: [scale(2 * index), scale(2 * index + 1)],
    }
}

/// Scale and minimum, 6 bits each, of block `index` of 8.
fn six_bits(bytes: &[u8], index: usize) -> [u8; 2] {
    match index {
        0..4 => [bytes[index] & 63, bytes[index + 4] & 63],
        _ => [
            bytes[index + 4] & 15 | bytes[index - 4] >> 6 << 4,
            bytes[index + 4] >> 4 | bytes[index] >> 6 << 4,
        ],
    }
}

fn q4_k(bytes: &[u8], index: usize) -> Block {
    let codes = &bytes[16 + index / 2 * BLOCK..][..BLOCK];
    Block {
        codes: std::array::from_fn(|i| codes[i] >> (index % 2 * 4) & 15),
        outer: [half_at(bytes, 0), -half_at(bytes, 2)],
        inner: six_bits(&bytes[4..], index),
    }
}

fn q5_k(bytes: &[u8], index: usize) -> Block {
    let (high, codes) = (&bytes[16..48], &bytes[48 + index / 2 * BLOCK..][..BLOCK]);
    let code = |i: usize| codes[i] >> (index % 2 * 4) & 15 | (high[i] >> index & 1) << 4;
    Block {
        codes: std::array::from_fn(code),
        outer: [half_at(bytes, 0), -half_at(bytes, 2)],
        inner: six_bits(&bytes[4..], index),
    }
}

fn q6_k(bytes: &[u8], index: usize) -> Block {
    // 128 columns share 64 bytes of low halves, the later 64 columns in their high ones, and 32 bytes of high pairs.
    let low = &bytes[index / 4 * 64 + index % 2 * BLOCK..][..BLOCK];
    let shift = index % 4 / 2 * 4;
    let code = |i: usize| low[i] >> shift & 15 | pair(&bytes[128..], index, i) << 4;
    Block {
        codes: std::array::from_fn(code),
        outer: [half_at(bytes, 208), f16::ZERO],
        inner: [bytes[192 + 2 * index], bytes[193 + 2 * index]],
    }
}
