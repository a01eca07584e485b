//! Tensors of an encoder, read one at a time, and what is kept of them.
use crate::{
    error::Checked,
    gguf::{TensorInfo, TensorType},
    kernel::{Fixed, LayerNorm, Pages},
    linear::Linear,
    weights,
};
use candle_core::quantized::GgmlDType;
use half::{bf16, f16, slice::HalfFloatSliceExt as _};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
};

/// Rows of a table that are read at once.
const TOGETHER: usize = 64;

/// A file whose tensors are known to lie inside it.
pub(super) struct Tensors {
    places: BTreeMap<String, TensorInfo>,
    file: File,
    /// What is said of a file that is not as it should be.
    damaged: &'static str,
    pages: Pages,
}

impl Tensors {
    pub(super) fn new(
        places: BTreeMap<String, TensorInfo>,
        file: File,
        damaged: &'static str,
    ) -> Self {
        Self { places, file, damaged, pages: Pages::default() }
    }

    /// Numbers of a tensor of this shape, the fastest-running size first.
    pub(super) fn floats(&self, name: &str, dims: &[usize]) -> Checked<Vec<f32>> {
        let (bytes, kind) = self.bytes(name, dims)?;
        floats(bytes, kind, dims)
    }

    /// A layer norm.
    pub(super) fn norm(&self, name: &str, width: usize, epsilon: f32) -> Checked<LayerNorm> {
        Ok(LayerNorm {
            weight: self.floats(&format!("{name}.weight"), &[width])?,
            bias: self.floats(&format!("{name}.bias"), &[width])?,
            epsilon,
        })
    }

    /// Matrices of one width, one below the other. Quantised ones are made numbers again: they are small, and products
    /// of 16 bits are both faster and more exact than those of 8.
    pub(super) fn matrix(&self, names: &[String], columns: usize, rows: usize) -> Checked<Fixed> {
        let mut bias = Vec::with_capacity(rows * names.len());
        let mut weights = Vec::with_capacity(rows * names.len() * columns);
        for name in names {
            bias.extend(self.floats(&format!("{name}.bias"), &[rows])?);
            weights.extend(self.floats(&format!("{name}.weight"), &[columns, rows])?);
        }
        Fixed::new(&self.pages, &weights, bias)
    }

    /// A table of rows.
    pub(super) fn table(&self, name: &str, width: usize, rows: usize) -> Checked<Table> {
        let (name, dims) = (format!("{name}.weight"), [width, rows]);
        let &TensorInfo { kind, offset, .. } = self.place(&name, &dims)?;
        if is_quantised(kind) {
            return Linear::new(&self.pages, &self.bytes(&name, &dims)?.0, kind, rows, width)
                .map(Table::Quantised);
        }
        // A little at a time: a table is large.
        let mut halves = vec![f16::ZERO; rows * width];
        let part = TOGETHER * width;
        let mut bytes = vec![0; part * kind.block_bytes()];
        for (index, halves) in halves.chunks_mut(part).enumerate() {
            let bytes_of_part = &mut bytes[..halves.len() * kind.block_bytes()];
            self.fill(offset + (index * part * kind.block_bytes()) as u64, bytes_of_part)?;
            halves.convert_from_f32_slice(&numbers(bytes_of_part, kind));
        }
        Ok(Table::Halves { halves, width })
    }

    fn bytes(&self, name: &str, dims: &[usize]) -> Checked<(Vec<u8>, TensorType)> {
        let place = self.place(name, dims)?;
        let mut bytes =
            vec![0; usize::try_from(place.bytes).map_err(|_| "the model is too large")?];
        self.fill(place.offset, &mut bytes)?;
        Ok((bytes, place.kind))
    }

    fn place(&self, name: &str, dims: &[usize]) -> Checked<&TensorInfo> {
        let place = self.places.get(name);
        let place = place.ok_or_else(|| format!("{}: {name} is missing", self.damaged))?;
        if place.dims != dims {
            return Err(format!("{}: unexpected shape of {name}", self.damaged));
        }
        Ok(place)
    }

    fn fill(&self, start: u64, bytes: &mut [u8]) -> Checked<()> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(start))
            .and_then(|_| file.read_exact(bytes))
            .map_err(|error| format!("{}: {}", self.damaged, error.kind()))
    }
}

fn is_quantised(kind: TensorType) -> bool {
    !matches!(kind, TensorType::Candle(GgmlDType::F32 | GgmlDType::F16 | GgmlDType::BF16))
}

/// Numbers of a type that is not quantised.
fn numbers(bytes: &[u8], kind: TensorType) -> Vec<f32> {
    let halves = bytes.as_chunks().0.iter();
    match kind {
        TensorType::Candle(GgmlDType::F16) => {
            halves.map(|bytes| f16::from_le_bytes(*bytes).to_f32()).collect()
        }
        TensorType::Candle(GgmlDType::BF16) => {
            halves.map(|bytes| bf16::from_le_bytes(*bytes).to_f32()).collect()
        }
        _ => bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(),
    }
}

fn floats(bytes: Vec<u8>, kind: TensorType, dims: &[usize]) -> Checked<Vec<f32>> {
    if !is_quantised(kind) {
        return Ok(numbers(&bytes, kind));
    }
    if let TensorType::Candle(_) = kind {
        return weights::floats(bytes, kind, dims.iter().product());
    }
    let (columns, rows) = (dims[0], dims[1..].iter().product());
    let table = Table::Quantised(Linear::new(&Pages::default(), &bytes, kind, rows, columns)?);
    let mut floats = vec![0.0; rows * columns];
    for (row, out) in floats.chunks_exact_mut(columns).enumerate() {
        table.row(row, out);
    }
    Ok(floats)
}

/// Rows that are looked up.
pub(super) enum Table {
    /// At 16 bits.
    Halves {
        /// Row after row.
        halves: Vec<f16>,
        /// Length of a row.
        width: usize,
    },
    /// As the file has them.
    Quantised(Linear),
}

impl Table {
    /// Writes row `index`; panics when there is none.
    pub(super) fn row(&self, index: usize, out: &mut [f32]) {
        match self {
            Self::Halves { halves, width } => {
                halves[index * width..][..*width].convert_to_f32_slice(out);
            }
            Self::Quantised(weights) => weights.row(u32::try_from(index).unwrap_or(u32::MAX), out),
        }
    }
}
