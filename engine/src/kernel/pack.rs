//! Weights laid out for SIMD: 16 rows side by side.
use super::{BLOCK, ROWS};
use crate::gguf::TensorType;
use candle_core::quantized::GgmlDType;
use half::f16;

/// A cache line.
#[repr(align(64))]
#[derive(Clone, Copy)]
pub(super) struct Line(pub(super) [u8; 64]);

/// Width of a weight's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    /// 4 bits, 0..16.
    Four,
    /// 8 bits, 0..256.
    Eight,
}

impl Width {
    /// Lines of a block of 32 columns of 16 rows: its codes, then 16 scales and 16 minima of 16 bits.
    pub(super) fn lines(self) -> usize {
        match self {
            Self::Four => 5,
            Self::Eight => 9,
        }
    }
}

/// Weights as `scale · code + minimum` in blocks of 32: group of 16 rows, block, line. Byte `4r + j` of line `c`
/// belongs to row `r`, column `4c + j`; with 4 bits, the high halves to column `16 + 4c + j`.
pub(crate) struct Packed {
    pub(super) width: Width,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) lines: Vec<Line>,
}

/// Codes, scale and minimum of 32 weights of a row.
struct Block {
    codes: [u8; BLOCK],
    scale: f32,
    minimum: f32,
}

impl Packed {
    /// Packs the bytes of a tensor; `None` for types with another structure.
    pub(crate) fn new(bytes: &[u8], kind: TensorType, rows: usize, columns: usize) -> Option<Self> {
        let (width, read): (_, fn(&[u8], usize) -> Block) = match kind {
            TensorType::Candle(GgmlDType::Q4_0) => (Width::Four, read_q4_0),
            TensorType::Candle(GgmlDType::Q4_1) => (Width::Four, read_q4_1),
            TensorType::Candle(GgmlDType::Q5_0) => (Width::Eight, read_q5_0),
            TensorType::Candle(GgmlDType::Q5_1) => (Width::Eight, read_q5_1),
            TensorType::Candle(GgmlDType::Q8_0) => (Width::Eight, read_q8_0),
            TensorType::Candle(GgmlDType::Q4K) => (Width::Four, read_q4_k),
            TensorType::Candle(GgmlDType::Q5K) => (Width::Eight, read_q5_k),
            TensorType::Iq4Nl => (Width::Eight, read_iq4_nl),
            TensorType::Iq4Xs => (Width::Eight, read_iq4_xs),
            TensorType::Candle(_) => return None,
        };
        // Blocks of 32 that share a scale for more of them.
        let (size, blocks) = (kind.block_bytes(), kind.block_size() / BLOCK);
        if !columns.is_multiple_of(kind.block_size())
            || bytes.len() != rows * columns / kind.block_size() * size
        {
            return None;
        }
        Some(Self::fill(width, rows, columns, |index| {
            read(&bytes[index / blocks * size..][..size], index % blocks)
        }))
    }

    fn fill(width: Width, rows: usize, columns: usize, read: impl Fn(usize) -> Block) -> Self {
        let blocks = columns / BLOCK;
        let mut lines = vec![Line([0; 64]); rows.div_ceil(ROWS) * blocks * width.lines()];
        for row in 0..rows {
            for block in 0..blocks {
                let start = (row / ROWS * blocks + block) * width.lines();
                let lines = &mut lines[start..start + width.lines()];
                put(width, lines, row % ROWS, &read(row * blocks + block));
            }
        }
        Self { width, rows, columns, lines }
    }

    /// Inputs.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// Groups of 16 rows; the last may be filled up with zeros.
    pub(super) fn groups(&self) -> usize {
        self.rows.div_ceil(ROWS)
    }

    /// The lines of a group.
    pub(super) fn group(&self, group: usize) -> &[Line] {
        let size = self.columns / BLOCK * self.width.lines();
        &self.lines[group * size..][..size]
    }

    /// Writes row `index`: a token's embedding. Panics when there is none.
    pub(crate) fn row(&self, index: usize, out: &mut [f32]) {
        let lines = self.group(index / ROWS).chunks_exact(self.width.lines());
        for (lines, out) in lines.zip(out.chunks_exact_mut(BLOCK)) {
            let (scales, minima) = scales(&lines[self.width.lines() - 1]);
            let codes = codes(self.width, lines, index % ROWS);
            for (out, code) in out.iter_mut().zip(codes) {
                *out = scales[index % ROWS] * f32::from(code) + minima[index % ROWS];
            }
        }
    }
}

/// The codes of row `row` of a block.
pub(super) fn codes(width: Width, lines: &[Line], row: usize) -> [u8; BLOCK] {
    std::array::from_fn(|column| match width {
        Width::Eight => lines[column / 4].0[row * 4 + column % 4],
        Width::Four => lines[column % 16 / 4].0[row * 4 + column % 4] >> (column / 16 * 4) & 15,
    })
}

/// The scales and minima of the rows of a block, from its last line.
pub(super) fn scales(line: &Line) -> ([f32; ROWS], [f32; ROWS]) {
    let number = |i: usize| f16::from_le_bytes([line.0[2 * i], line.0[2 * i + 1]]).to_f32();
    (std::array::from_fn(number), std::array::from_fn(|row| number(ROWS + row)))
}

fn put(width: Width, lines: &mut [Line], row: usize, block: &Block) {
    for (column, &code) in block.codes.iter().enumerate() {
        match width {
            Width::Eight => lines[column / 4].0[row * 4 + column % 4] = code,
            Width::Four => {
                lines[column % 16 / 4].0[row * 4 + column % 4] |= code << (column / 16 * 4);
            }
        }
    }
    let last = &mut lines[width.lines() - 1].0;
    last[2 * row..][..2].copy_from_slice(&f16::from_f32(block.scale).to_le_bytes());
    last[2 * (ROWS + row)..][..2].copy_from_slice(&f16::from_f32(block.minimum).to_le_bytes());
}

fn half_at(bytes: &[u8], at: usize) -> f32 {
    f16::from_le_bytes([bytes[at], bytes[at + 1]]).to_f32()
}

fn nibble(bytes: &[u8], column: usize) -> u8 {
    bytes[column % 16] >> (column / 16 * 4) & 15
}

fn read_q4_0(bytes: &[u8], _: usize) -> Block {
    let scale = half_at(bytes, 0);
    Block { codes: std::array::from_fn(|i| nibble(&bytes[2..], i)), scale, minimum: -8.0 * scale }
}

fn read_q4_1(bytes: &[u8], _: usize) -> Block {
    let codes = std::array::from_fn(|i| nibble(&bytes[4..], i));
    Block { codes, scale: half_at(bytes, 0), minimum: half_at(bytes, 2) }
}

fn read_q5_0(bytes: &[u8], _: usize) -> Block {
    let scale = half_at(bytes, 0);
    let codes = std::array::from_fn(|i| nibble(&bytes[6..], i) | fifth(&bytes[2..], i));
    Block { codes, scale, minimum: -16.0 * scale }
}

fn read_q5_1(bytes: &[u8], _: usize) -> Block {
    let codes = std::array::from_fn(|i| nibble(&bytes[8..], i) | fifth(&bytes[4..], i));
    Block { codes, scale: half_at(bytes, 0), minimum: half_at(bytes, 2) }
}

/// The fifth bit of a column, in its place.
fn fifth(bytes: &[u8], column: usize) -> u8 {
    (bytes[column / 8] >> (column % 8) & 1) << 4
}

fn read_q8_0(bytes: &[u8], _: usize) -> Block {
    let scale = half_at(bytes, 0);
    Block { codes: std::array::from_fn(|i| bytes[2 + i] ^ 0x80), scale, minimum: -128.0 * scale }
}

/// Scale and minimum, 6 bits each, of block `index` of 8.
fn six_bits(bytes: &[u8], index: usize) -> (f32, f32) {
    let (scale, minimum) = match index {
        0..4 => (bytes[index] & 63, bytes[index + 4] & 63),
        _ => (
            bytes[index + 4] & 15 | bytes[index - 4] >> 6 << 4,
            bytes[index + 4] >> 4 | bytes[index] >> 6 << 4,
        ),
    };
    (f32::from(scale), f32::from(minimum))
}

fn read_q4_k(bytes: &[u8], index: usize) -> Block {
    let (scale, minimum) = six_bits(&bytes[4..], index);
    let codes = &bytes[16 + index / 2 * BLOCK..][..BLOCK];
    Block {
        codes: std::array::from_fn(|i| codes[i] >> (index % 2 * 4) & 15),
        scale: half_at(bytes, 0) * scale,
        minimum: -half_at(bytes, 2) * minimum,
    }
}

fn read_q5_k(bytes: &[u8], index: usize) -> Block {
    let (scale, minimum) = six_bits(&bytes[4..], index);
    let (high, codes) = (&bytes[16..48], &bytes[48 + index / 2 * BLOCK..][..BLOCK]);
    let code = |i: usize| codes[i] >> (index % 2 * 4) & 15 | (high[i] >> index & 1) << 4;
    Block {
        codes: std::array::from_fn(code),
        scale: half_at(bytes, 0) * scale,
        minimum: -half_at(bytes, 2) * minimum,
    }
}

/// The steps of the IQ4 types, moved up by 128.
const STEPS: [u8; 16] = [1, 24, 45, 63, 79, 93, 106, 118, 129, 141, 153, 166, 181, 197, 217, 241];

fn read_iq4_nl(bytes: &[u8], _: usize) -> Block {
    let scale = half_at(bytes, 0);
    let codes = std::array::from_fn(|i| STEPS[usize::from(nibble(&bytes[2..], i))]);
    Block { codes, scale, minimum: -128.0 * scale }
}

fn read_iq4_xs(bytes: &[u8], index: usize) -> Block {
    let low = bytes[4 + index / 2] >> (index % 2 * 4) & 15;
    let high = u16::from_le_bytes([bytes[2], bytes[3]]) >> (2 * index) & 3;
    let scale = half_at(bytes, 0) * (f32::from(low) + 16.0 * f32::from(high) - 32.0);
    let codes = std::array::from_fn(|i| STEPS[usize::from(nibble(&bytes[8 + 16 * index..], i))]);
    Block { codes, scale, minimum: -128.0 * scale }
}
