//! Tensors of a model file, read once, in the order in which they lie.
use crate::{
    error::Checked,
    gguf::{Gguf, Source, TensorType},
    kernel::Pages,
    linear::Linear,
};
use candle_core::{
    Device,
    quantized::{QStorage, QTensor},
};
use std::{borrow::Cow, collections::HashMap, io::Read};

/// Matrices and vectors by name, to be taken by the model that uses them.
pub(crate) struct Weights {
    matrices: HashMap<String, Linear>,
    vectors: HashMap<String, Vec<f32>>,
}

impl Weights {
    /// Reads every tensor. A tensor of several matrices is cut at the rows that `split` gives for its name.
    pub(crate) fn read(
        source: &mut Source<impl Read>,
        gguf: &Gguf,
        split: impl Fn(&str) -> Vec<(String, usize)>,
    ) -> Checked<Self> {
        let pages = Pages::default();
        let mut weights = Self { matrices: HashMap::new(), vectors: HashMap::new() };
        let mut in_order: Vec<_> = gguf.tensors.iter().collect();
        in_order.sort_by_key(|(_, tensor)| tensor.offset);
        for (name, tensor) in in_order {
            source.skip_to(tensor.offset)?;
            let kind = tensor.kind;
            match *tensor.dims.as_slice() {
                [length] => {
                    let bytes =
                        usize::try_from(tensor.bytes).map_err(|_| "the model is too large")?;
                    let mut bytes = vec![0; bytes];
                    source.fill(&mut bytes)?;
                    weights.vectors.insert(name.clone(), floats(bytes, kind, length)?);
                }
                [columns, rows] => {
                    let parts = split(name);
                    let parts = if parts.is_empty() { vec![(name.clone(), rows)] } else { parts };
                    if parts.iter().map(|(_, rows)| rows).sum::<usize>() != rows {
                        return Err("damaged model file: a tensor of an unexpected shape".into());
                    }
                    for (name, rows) in parts {
                        let read = Linear::read(&pages, kind, rows, columns, &mut |bytes| {
                            source.fill(bytes)
                        })?;
                        weights.matrices.insert(name, read);
                    }
                }
                _ => return Err("damaged model file: a tensor of an unexpected shape".into()),
            }
        }
        Ok(weights)
    }

    /// A matrix, with its bias if the file has one.
    pub(crate) fn matrix(&mut self, name: &str) -> Checked<Linear> {
        let bias = self.vectors.remove(&format!("{name}.bias"));
        let name = format!("{name}.weight");
        let matrix = self.matrices.remove(&name);
        Ok(matrix.ok_or_else(|| format!("damaged model file: {name} is missing"))?.with_bias(bias))
    }

    /// A matrix that need not be there.
    pub(crate) fn optional_matrix(&mut self, name: &str) -> Option<Linear> {
        self.matrices.remove(&format!("{name}.weight"))
    }

    /// A vector.
    pub(crate) fn vector(&mut self, name: &str) -> Checked<Vec<f32>> {
        self.optional_vector(name)
            .ok_or_else(|| format!("damaged model file: {name}.weight is missing"))
    }

    /// A vector that need not be there.
    pub(crate) fn optional_vector(&mut self, name: &str) -> Option<Vec<f32>> {
        self.vectors.remove(&format!("{name}.weight"))
    }
}

/// Numbers of a tensor of any type that candle knows.
pub(crate) fn floats(bytes: Vec<u8>, kind: TensorType, length: usize) -> Checked<Vec<f32>> {
    let TensorType::Candle(kind) = kind else {
        return Err("the weights can't be used: a vector of an unexpected type".into());
    };
    let read = || {
        let storage = QStorage::from_data(Cow::Owned(bytes), &Device::Cpu, kind)?;
        QTensor::new(storage, length)?.dequantize(&Device::Cpu)?.to_vec1::<f32>()
    };
    read().map_err(|error: candle_core::Error| format!("the weights can't be used: {error}"))
}
