//! Matrices of weights, as they lie in a model file, and their product with activations.
use crate::{
    error::{Checked, Result},
    gguf::TensorType,
    kernel::{Cpu, Packed, Quantised},
};
use candle_core::{
    Device, Module, Tensor,
    quantized::{QMatMul, QStorage, QTensor},
};
use std::{borrow::Cow, sync::Arc};

/// A matrix of weights with `rows` outputs and `columns` inputs.
pub(crate) struct Linear {
    rows: usize,
    columns: usize,
    weights: Weights,
    bias: Option<Vec<f32>>,
}

enum Weights {
    /// For this program's own kernels.
    Packed(Packed),
    /// For candle's, which know every type.
    Candle { tensor: Arc<QTensor>, product: QMatMul },
}

impl Linear {
    /// From the bytes of a tensor whose rows run fastest along `columns`.
    pub(crate) fn new(
        bytes: Vec<u8>,
        kind: TensorType,
        rows: usize,
        columns: usize,
    ) -> Checked<Self> {
        if let Some(packed) = Packed::new(&bytes, kind, rows, columns) {
            return Ok(Self { rows, columns, weights: Weights::Packed(packed), bias: None });
        }
        let TensorType::Candle(kind) = kind else {
            return Err("the weights can't be used: a matrix of an unexpected width".into());
        };
        let build = || {
            let storage = QStorage::from_data(Cow::Owned(bytes), &Device::Cpu, kind)?;
            let tensor = Arc::new(QTensor::new(storage, (rows, columns))?);
            candle_core::Result::Ok(Weights::Candle {
                product: QMatMul::from_arc(tensor.clone())?,
                tensor,
            })
        };
        let weights = build().map_err(|error| format!("the weights can't be used: {error}"))?;
        Ok(Self { rows, columns, weights, bias: None })
    }

    /// With a bias added to the product.
    pub(crate) fn with_bias(mut self, bias: Option<Vec<f32>>) -> Self {
        self.bias = bias;
        self
    }

    /// `out[n, rows] = x[n, columns] · weightsᵀ + bias`.
    pub(crate) fn forward(&self, cpu: &Cpu, x: &[f32], out: &mut [f32]) -> Result<()> {
        forward_all(cpu, x, &mut [(self, out)])
    }

    /// Writes row `index` of the weights: a token's embedding.
    pub(crate) fn row(&self, index: u32, out: &mut [f32]) -> Result<()> {
        match &self.weights {
            Weights::Packed(packed) => packed.row(index as usize, out),
            Weights::Candle { tensor, .. } => {
                let index = Tensor::new(&[index], &Device::Cpu)?;
                out.copy_from_slice(&tensor.embedding(&index)?.flatten_all()?.to_vec1::<f32>()?);
            }
        }
        Ok(())
    }

    fn add_bias(&self, out: &mut [f32]) {
        if let Some(bias) = &self.bias {
            for row in out.chunks_exact_mut(self.rows) {
                row.iter_mut().zip(bias).for_each(|(out, bias)| *out += bias);
            }
        }
    }
}

/// Products of the same activations with several matrices of the same width.
pub(crate) fn forward_all(
    cpu: &Cpu,
    x: &[f32],
    targets: &mut [(&Linear, &mut [f32])],
) -> Result<()> {
    let mut packed: Vec<(&Packed, &mut [f32])> = Vec::new();
    for (linear, out) in targets.iter_mut() {
        match &linear.weights {
            Weights::Packed(weights) => packed.push((weights, out)),
            Weights::Candle { product, .. } => {
                let x = Tensor::from_slice(
                    x,
                    (x.len() / linear.columns, linear.columns),
                    &Device::Cpu,
                )?;
                out.copy_from_slice(&product.forward(&x)?.flatten_all()?.to_vec1::<f32>()?);
            }
        }
    }
    if let Some((first, _)) = packed.first() {
        let x = Quantised::new(cpu, x, first.columns());
        cpu.products(&x, &mut packed);
    }
    targets.iter_mut().for_each(|(linear, out)| linear.add_bias(out));
    Ok(())
}
