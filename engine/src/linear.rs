//! Matrices of weights, as they lie in a model file, and their product with activations.
use crate::{error::Checked, error::Result, gguf::TensorType};
use candle_core::{
    Device, Module, Tensor,
    quantized::{QMatMul, QStorage, QTensor},
};
use std::{borrow::Cow, sync::Arc};

/// A matrix of weights with `rows` outputs and `columns` inputs.
pub(crate) struct Linear {
    rows: usize,
    columns: usize,
    weights: Arc<QTensor>,
    product: QMatMul,
    bias: Option<Vec<f32>>,
}

impl Linear {
    /// From the bytes of a tensor whose rows run fastest along `columns`.
    pub(crate) fn new(
        bytes: Vec<u8>,
        kind: TensorType,
        rows: usize,
        columns: usize,
    ) -> Checked<Self> {
        let build = || {
            let storage = QStorage::from_data(Cow::Owned(bytes), &Device::Cpu, kind.0)?;
            let weights = Arc::new(QTensor::new(storage, (rows, columns))?);
            candle_core::Result::Ok(Self {
                rows,
                columns,
                product: QMatMul::from_arc(weights.clone())?,
                weights,
                bias: None,
            })
        };
        build().map_err(|error| format!("the weights can't be used: {error}"))
    }

    /// With a bias added to the product.
    pub(crate) fn with_bias(mut self, bias: Option<Vec<f32>>) -> Self {
        self.bias = bias;
        self
    }

    /// `out[n, rows] = x[n, columns] · weightsᵀ + bias`.
    pub(crate) fn forward(&self, x: &[f32], out: &mut [f32]) -> Result<()> {
        let x = Tensor::from_slice(x, (x.len() / self.columns, self.columns), &Device::Cpu)?;
        let product = self.product.forward(&x)?.flatten_all()?.to_vec1::<f32>()?;
        out.copy_from_slice(&product);
        if let Some(bias) = &self.bias {
            for row in out.chunks_exact_mut(self.rows) {
                row.iter_mut().zip(bias).for_each(|(out, bias)| *out += bias);
            }
        }
        Ok(())
    }

    /// Writes row `index` of the weights: a token's embedding.
    pub(crate) fn row(&self, index: u32, out: &mut [f32]) -> Result<()> {
        let index = Tensor::new(&[index], &Device::Cpu)?;
        out.copy_from_slice(&self.weights.embedding(&index)?.flatten_all()?.to_vec1::<f32>()?);
        Ok(())
    }
}
