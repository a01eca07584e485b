//! Where a tensor lies and what its bytes mean.
use super::Source;
use crate::error::Checked;
use candle_core::quantized::GgmlDType;
use std::io::Read;

/// A type of weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TensorType {
    /// One that candle knows.
    Candle(GgmlDType),
    /// 4 bits that choose among 16 uneven steps, with a scale for 32 values.
    Iq4Nl,
    /// As `Iq4Nl`, with a 6-bit scale for 32 values and one scale for 256.
    Iq4Xs,
}

/// The format's numbers and names of the types.
const TYPES: [(u32, &str, TensorType); 15] = [
    (0, "F32", TensorType::Candle(GgmlDType::F32)),
    (1, "F16", TensorType::Candle(GgmlDType::F16)),
    (2, "Q4_0", TensorType::Candle(GgmlDType::Q4_0)),
    (3, "Q4_1", TensorType::Candle(GgmlDType::Q4_1)),
    (6, "Q5_0", TensorType::Candle(GgmlDType::Q5_0)),
    (7, "Q5_1", TensorType::Candle(GgmlDType::Q5_1)),
    (8, "Q8_0", TensorType::Candle(GgmlDType::Q8_0)),
    (10, "Q2_K", TensorType::Candle(GgmlDType::Q2K)),
    (11, "Q3_K", TensorType::Candle(GgmlDType::Q3K)),
    (12, "Q4_K", TensorType::Candle(GgmlDType::Q4K)),
    (13, "Q5_K", TensorType::Candle(GgmlDType::Q5K)),
    (14, "Q6_K", TensorType::Candle(GgmlDType::Q6K)),
    (20, "IQ4_NL", TensorType::Iq4Nl),
    (23, "IQ4_XS", TensorType::Iq4Xs),
    (30, "BF16", TensorType::Candle(GgmlDType::BF16)),
];

impl TensorType {
    /// Numbers of 32 bits.
    pub(crate) const F32: Self = Self::Candle(GgmlDType::F32);

    fn new(number: u32) -> Checked<Self> {
        let known = TYPES.iter().find(|(known, ..)| *known == number);
        known
            .map(|&(_, _, kind)| kind)
            .ok_or_else(|| format!("unknown quantisation (type {number})"))
    }

    /// Name in the format's own spelling.
    pub(crate) fn name(self) -> &'static str {
        TYPES.iter().find(|(.., kind)| *kind == self).map_or("other", |&(_, name, _)| name)
    }

    /// Values that are stored together.
    pub(crate) fn block_size(self) -> usize {
        match self {
            Self::Candle(kind) => kind.block_size(),
            Self::Iq4Nl => 32,
            Self::Iq4Xs => 256,
        }
    }

    /// Bytes of a block.
    pub(crate) fn block_bytes(self) -> usize {
        match self {
            Self::Candle(kind) => kind.type_size(),
            Self::Iq4Nl => 18,
            Self::Iq4Xs => 136,
        }
    }
}

/// Shape, type and place of a tensor.
#[derive(Clone)]
pub(crate) struct TensorInfo {
    /// Sizes, the fastest-running first (as in the file).
    pub(crate) dims: Vec<usize>,
    /// What its bytes mean.
    pub(crate) kind: TensorType,
    /// Where it begins.
    pub(crate) offset: u64,
    /// Its length in bytes.
    pub(crate) bytes: u64,
}

impl TensorInfo {
    pub(super) fn read(source: &mut Source<impl Read>) -> Checked<Self> {
        let rank = source.u32()?;
        if !(1..=4).contains(&rank) {
            return Err("damaged model file: a tensor without a shape of 1 to 4 sizes".into());
        }
        let dims = (0..rank).map(|_| source.u64().and_then(size)).collect::<Checked<Vec<_>>>()?;
        let kind = TensorType::new(source.u32()?)?;
        let bytes =
            byte_length(&dims, kind).ok_or("damaged model file: impossible shape of a tensor")?;
        Ok(Self { dims, kind, offset: source.u64()?, bytes })
    }
}

fn size(size: u64) -> Checked<usize> {
    match usize::try_from(size) {
        Ok(size @ 1..=0x7fff_ffff) => Ok(size),
        _ => Err("damaged model file: impossible size of a tensor".into()),
    }
}

/// Bytes of a tensor whose rows are whole blocks; `None` when they aren't, or the product overflows.
fn byte_length(dims: &[usize], kind: TensorType) -> Option<u64> {
    if dims.first()? % kind.block_size() != 0 {
        return None;
    }
    let elements =
        dims.iter().try_fold(1_u64, |product, &size| product.checked_mul(size as u64))?;
    (elements / kind.block_size() as u64)
        .checked_mul(kind.block_bytes() as u64)
        .filter(|&bytes| i64::try_from(bytes).is_ok())
}
