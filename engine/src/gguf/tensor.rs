//! Where a tensor lies and what its bytes mean.
use super::Source;
use crate::error::Checked;
use candle_core::quantized::GgmlDType;
use std::io::Read;

/// A type of weights: candle's name of it, and the format's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TensorType(pub(crate) GgmlDType);

impl TensorType {
    fn new(number: u32) -> Checked<Self> {
        Ok(Self(match number {
            0 => GgmlDType::F32,
            1 => GgmlDType::F16,
            2 => GgmlDType::Q4_0,
            3 => GgmlDType::Q4_1,
            6 => GgmlDType::Q5_0,
            7 => GgmlDType::Q5_1,
            8 => GgmlDType::Q8_0,
            10 => GgmlDType::Q2K,
            11 => GgmlDType::Q3K,
            12 => GgmlDType::Q4K,
            13 => GgmlDType::Q5K,
            14 => GgmlDType::Q6K,
            30 => GgmlDType::BF16,
            _ => return Err(format!("unknown quantisation (type {number})")),
        }))
    }

    /// Name in the format's own spelling.
    pub(crate) fn name(self) -> &'static str {
        match self.0 {
            GgmlDType::F32 => "F32",
            GgmlDType::F16 => "F16",
            GgmlDType::Q4_0 => "Q4_0",
            GgmlDType::Q4_1 => "Q4_1",
            GgmlDType::Q5_0 => "Q5_0",
            GgmlDType::Q5_1 => "Q5_1",
            GgmlDType::Q8_0 => "Q8_0",
            GgmlDType::Q2K => "Q2_K",
            GgmlDType::Q3K => "Q3_K",
            GgmlDType::Q4K => "Q4_K",
            GgmlDType::Q5K => "Q5_K",
            GgmlDType::Q6K => "Q6_K",
            GgmlDType::BF16 => "BF16",
            _ => "other",
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
            byte_length(&dims, kind.0).ok_or("damaged model file: impossible shape of a tensor")?;
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
fn byte_length(dims: &[usize], kind: GgmlDType) -> Option<u64> {
    if dims.first()? % kind.block_size() != 0 {
        return None;
    }
    let elements =
        dims.iter().try_fold(1_u64, |product, &size| product.checked_mul(size as u64))?;
    (elements / kind.block_size() as u64)
        .checked_mul(kind.type_size() as u64)
        .filter(|&bytes| i64::try_from(bytes).is_ok())
}
