//! Matrices of weights, as they lie in a model file, and their product with activations.
use crate::{
    error::Checked,
    gguf::TensorType,
    kernel::{Cpu, Matrix, Pages},
};

/// A matrix of weights, and a bias if it has one.
pub(crate) struct Linear {
    weights: Matrix,
    bias: Option<Vec<f32>>,
}

impl Linear {
    /// From the bytes of a tensor whose rows run fastest along `columns`.
    pub(crate) fn new(
        pages: &Pages,
        bytes: &[u8],
        kind: TensorType,
        rows: usize,
        columns: usize,
    ) -> Checked<Self> {
        Ok(Self { weights: Matrix::new(pages, bytes, kind, rows, columns)?, bias: None })
    }

    /// The same, read from a file a few rows at a time: `fill` gives the next bytes.
    pub(crate) fn read(
        pages: &Pages,
        kind: TensorType,
        rows: usize,
        columns: usize,
        fill: &mut dyn FnMut(&mut [u8]) -> Checked<()>,
    ) -> Checked<Self> {
        Ok(Self { weights: Matrix::read(pages, kind, rows, columns, fill)?, bias: None })
    }

    /// With a bias added to the product.
    pub(crate) fn with_bias(mut self, bias: Option<Vec<f32>>) -> Self {
        self.bias = bias;
        self
    }

    /// `out[n, rows] = x[n, columns] · weightsᵀ + bias`.
    pub(crate) fn forward(&self, cpu: &Cpu, x: &[f32], out: &mut [f32]) {
        forward_all(cpu, x, &mut [(self, out)]);
    }

    /// Writes row `index` of the weights: a token's embedding.
    pub(crate) fn row(&self, index: u32, out: &mut [f32]) {
        self.weights.row(index as usize, out);
    }

    fn add_bias(&self, out: &mut [f32]) {
        if let Some(bias) = &self.bias {
            for row in out.chunks_exact_mut(self.weights.rows()) {
                row.iter_mut().zip(bias).for_each(|(out, bias)| *out += bias);
            }
        }
    }
}

/// Products of the same activations with several matrices of the same width.
pub(crate) fn forward_all(cpu: &Cpu, x: &[f32], targets: &mut [(&Linear, &mut [f32])]) {
    let mut products: Vec<(&Matrix, &mut [f32])> =
        targets.iter_mut().map(|(linear, out)| (&linear.weights, &mut **out)).collect();
    cpu.products(x, &mut products);
    targets.iter_mut().for_each(|(linear, out)| linear.add_bias(out));
}
