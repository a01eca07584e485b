//! Quantised weights laid out for SIMD: 16 rows side by side, no wider than in the file.
mod read;

use super::{
    BLOCK, Line, ROWS,
    pages::{Buffer, Pages, Plain},
};
use crate::gguf::TensorType;
use half::f16;
use read::{Read, reader};

/// Blocks that share the outer scale of nested ones.
const NEST: usize = 8;

/// How the codes of a block lie: 32 columns of 16 rows, in lines. Byte `4r + j` of a line belongs to row `r` and to
/// columns `4c + j`, `c` in 0..8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Width {
    /// 2 bits: field `c % 4` of line `c / 4`.
    Two,
    /// As `Two`; the third bit is bit `c` of one more line.
    Three,
    /// 4 bits: line `c % 4`, its high half for the later `c`.
    Four,
    /// As `Four`; the fifth bit is bit `c` of one more line.
    Five,
    /// As `Four`; two more bits as in `Two`, in two more lines.
    Six,
    /// 8 bits: line `c`.
    Eight,
    /// As `Four`, and the code is the number of one of [`STEPS`].
    Steps,
}

impl Width {
    /// Lines of a block.
    pub(super) const fn lines(self) -> usize {
        match self {
            Self::Two => 2,
            Self::Three => 3,
            Self::Four | Self::Steps => 4,
            Self::Five => 5,
            Self::Six => 6,
            Self::Eight => 8,
        }
    }

    /// The code that stands for 0 where there is no minimum.
    pub(super) const fn middle(self) -> u8 {
        match self {
            Self::Two => 2,
            Self::Three => 4,
            Self::Four => 8,
            Self::Five => 16,
            Self::Six => 32,
            Self::Eight | Self::Steps => 128,
        }
    }

    fn put(self, lines: &mut [Line], row: usize, column: usize, code: u8) {
        let (c, byte) = (column / 4, 4 * row + column % 4);
        match self {
            Self::Two | Self::Three => {
                lines[c / 4].0[byte] |= (code & 3) << (c % 4 * 2);
                if self == Self::Three {
                    lines[2].0[byte] |= (code >> 2) << c;
                }
            }
            Self::Four | Self::Five | Self::Six | Self::Steps => {
                lines[c % 4].0[byte] |= (code & 15) << (c / 4 * 4);
                match self {
                    Self::Five => lines[4].0[byte] |= (code >> 4) << c,
                    Self::Six => lines[4 + c / 4].0[byte] |= (code >> 4) << (c % 4 * 2),
                    _ => {}
                }
            }
            Self::Eight => lines[c].0[byte] = code,
        }
    }

    fn get(self, lines: &[Line], row: usize, column: usize) -> u8 {
        let (c, byte) = (column / 4, 4 * row + column % 4);
        let pair = |line: usize| lines[line + c / 4].0[byte] >> (c % 4 * 2) & 3;
        let bit = |line: usize| lines[line].0[byte] >> c & 1;
        let four = || lines[c % 4].0[byte] >> (c / 4 * 4) & 15;
        match self {
            Self::Two => pair(0),
            Self::Three => pair(0) | bit(2) << 2,
            Self::Four => four(),
            Self::Five => four() | bit(4) << 4,
            Self::Six => four() | pair(4) << 4,
            Self::Eight => lines[c].0[byte],
            Self::Steps => STEPS[usize::from(four())],
        }
    }
}

/// The steps of the IQ4 types, moved up by 128.
pub(super) const STEPS: [u8; 16] =
    [1, 24, 45, 63, 79, 93, 106, 118, 129, 141, 153, 166, 181, 197, 217, 241];

/// How the scales of a block of 16 rows lie, in quarters. A weight is `scale · code + minimum`; where there are no
/// minima, `scale · (code - middle)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Scaling {
    /// 16 scales of 16 bits.
    Scale,
    /// 16 scales, then 16 minima, of 16 bits.
    Minimum,
    /// For 8 blocks an outer scale and an outer minimum of 16 bits; for each, 16 bytes that multiply the one, then 16
    /// that multiply the other.
    Nested,
    /// For 8 blocks an outer scale of 16 bits; for each, 16 signed bytes that multiply it for the first 16 columns,
    /// then 16 for the others.
    Halves,
    /// As `Halves` with an outer minimum; the low half of a byte multiplies the scale, the high half the minimum.
    HalvesMinimum,
}

impl Scaling {
    /// Quarters with 16-bit numbers.
    const fn outer(self) -> usize {
        match self {
            Self::Scale | Self::Halves => 1,
            Self::Minimum | Self::Nested | Self::HalvesMinimum => 2,
        }
    }

    /// Whether scales are products of an outer one and a small number.
    const fn is_nested(self) -> bool {
        matches!(self, Self::Nested | Self::Halves | Self::HalvesMinimum)
    }

    /// The first quarter of a block's 16-bit numbers in those of its group, and the quarter of its small numbers.
    pub(super) const fn place(self, block: usize) -> (usize, usize) {
        if self.is_nested() {
            let outer = block / NEST * (self.outer() + NEST);
            (outer, outer + self.outer() + block % NEST)
        } else {
            (block * self.outer(), 0)
        }
    }

    /// Quarters of a row of so many blocks.
    const fn quarters(self, blocks: usize) -> usize {
        blocks * self.outer() / (if self.is_nested() { NEST } else { 1 })
            + if self.is_nested() { blocks } else { 0 }
    }
}

/// 32 bytes of a scales' list.
#[repr(align(32))]
#[derive(Clone, Copy)]
pub(super) struct Quarter(pub(super) [u8; 32]);

// SAFETY: it is bytes.
unsafe impl Plain for Quarter {}

impl Quarter {
    fn number(&self, row: usize) -> f32 {
        f16::from_le_bytes([self.0[2 * row], self.0[2 * row + 1]]).to_f32()
    }
}

/// Quantised weights: groups of 16 rows, blocks of 32 columns.
pub(crate) struct Packed {
    pub(super) width: Width,
    pub(super) scaling: Scaling,
    pub(super) rows: usize,
    pub(super) columns: usize,
    file_block: FileBlock,
    lines: Buffer<Line>,
    quarters: Buffer<Quarter>,
}

/// A block of the file.
#[derive(Clone, Copy)]
struct FileBlock {
    bytes: usize,
    /// Blocks of 32 that lie in it.
    parts: usize,
    read: Read,
}

/// 32 weights of a row as they are packed.
struct Block {
    codes: [u8; BLOCK],
    /// Scale and minimum, or the outer ones, at 16 bits.
    outer: [f16; 2],
    /// What multiplies the outer ones.
    inner: [u8; 2],
}

/// 32 weights of a row as they are used, with scales and minima of 16 columns.
pub(super) struct Values {
    pub(super) codes: [u8; BLOCK],
    pub(super) scales: [f32; 2],
    pub(super) minima: [f32; 2],
}

impl Packed {
    /// Zeros, to be filled; `None` for a type that is not quantised.
    pub(super) fn zeros(
        pages: &Pages,
        kind: TensorType,
        rows: usize,
        columns: usize,
    ) -> Option<Self> {
        let (width, scaling, read) = reader(kind)?;
        let (blocks, groups) = (columns / BLOCK, rows.div_ceil(ROWS));
        Some(Self {
            width,
            scaling,
            rows,
            columns,
            file_block: FileBlock {
                bytes: kind.block_bytes(),
                parts: kind.block_size() / BLOCK,
                read,
            },
            lines: Buffer::zeros(pages, groups * blocks * width.lines()),
            quarters: Buffer::zeros(pages, groups * scaling.quarters(blocks)),
        })
    }

    /// Packs the rows of a group, as they lie in the file.
    pub(super) fn fill(&mut self, group: usize, rows: &[u8]) {
        let (blocks, size) = (self.blocks(), self.width.lines());
        let FileBlock { bytes, parts, read } = self.file_block;
        let quarters = self.scaling.quarters(blocks);
        let quarters = &mut self.quarters[group * quarters..][..quarters];
        let lines = &mut self.lines[group * blocks * size..][..blocks * size];
        for (row, row_bytes) in rows.chunks_exact(blocks / parts * bytes).enumerate() {
            for (block, lines) in lines.chunks_exact_mut(size).enumerate() {
                let read = read(&row_bytes[block / parts * bytes..][..bytes], block % parts);
                for (column, &code) in read.codes.iter().enumerate() {
                    self.width.put(lines, row, column, code);
                }
                put_scales(self.scaling, quarters, (block, row), &read);
            }
        }
    }

    /// Inputs.
    pub(super) fn blocks(&self) -> usize {
        self.columns / BLOCK
    }

    /// The lines and the quarters of a group.
    pub(super) fn group(&self, group: usize) -> (&[Line], &[Quarter]) {
        let lines = self.blocks() * self.width.lines();
        let quarters = self.scaling.quarters(self.blocks());
        (&self.lines[group * lines..][..lines], &self.quarters[group * quarters..][..quarters])
    }

    /// A block of row `row` of a group.
    pub(super) fn values(&self, group: usize, block: usize, row: usize) -> Values {
        let (lines, quarters) = self.group(group);
        let lines = &lines[block * self.width.lines()..][..self.width.lines()];
        let (outer, inner) = self.scaling.place(block);
        let (scale, inner) = (quarters[outer].number(row), &quarters[inner].0);
        let minimum = || quarters[outer + 1].number(row);
        let byte = |half: usize| inner[16 * half + row];
        let two = |of: &dyn Fn(usize) -> f32| [of(0), of(1)];
        let (scales, minima) = match self.scaling {
            Scaling::Scale => ([scale; 2], None),
            Scaling::Minimum => ([scale; 2], Some([minimum(); 2])),
            Scaling::Nested => {
                ([scale * f32::from(byte(0)); 2], Some([minimum() * f32::from(byte(1)); 2]))
            }
            Scaling::Halves => (two(&|half| scale * f32::from(byte(half).cast_signed())), None),
            Scaling::HalvesMinimum => (
                two(&|half| scale * f32::from(byte(half) & 15)),
                Some(two(&|half| minimum() * f32::from(byte(half) >> 4))),
            ),
        };
        let middle = f32::from(self.width.middle());
        Values {
            codes: std::array::from_fn(|column| self.width.get(lines, row, column)),
            scales,
            minima: minima.unwrap_or(scales.map(|scale| -middle * scale)),
        }
    }

    /// Writes row `index`: a token's embedding. Panics when there is none.
    pub(super) fn row(&self, index: usize, out: &mut [f32]) {
        for (block, out) in out.chunks_exact_mut(BLOCK).enumerate() {
            let values = self.values(index / ROWS, block, index % ROWS);
            for (column, (out, code)) in out.iter_mut().zip(values.codes).enumerate() {
                let half = column / (BLOCK / 2);
                *out = values.scales[half] * f32::from(code) + values.minima[half];
            }
        }
    }
}

fn put_scales(
    scaling: Scaling,
    quarters: &mut [Quarter],
    (block, row): (usize, usize),
    read: &Block,
) {
    let (outer, inner) = scaling.place(block);
    for (quarter, number) in quarters[outer..].iter_mut().take(scaling.outer()).zip(read.outer) {
        quarter.0[2 * row..][..2].copy_from_slice(&number.to_le_bytes());
    }
    if scaling.is_nested() {
        (quarters[inner].0[row], quarters[inner].0[16 + row]) = (read.inner[0], read.inner[1]);
    }
}
