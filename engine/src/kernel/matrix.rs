//! Matrices of weights and their products, shared out among the threads.
#[cfg(target_arch = "x86_64")]
use super::x86;
use super::{Cpu, Isa, Packed, Pages, Quantised, ROWS, Shared, dense, dense::Dense, plain};
use crate::{error::Checked, gguf::TensorType};
use std::cell::OnceCell;

const UNEXPECTED: &str = "the weights can't be used: a matrix of an unexpected width";

/// Weights with `rows` outputs and `columns` inputs.
pub(crate) enum Matrix {
    /// Quantised; activations are rounded to 8 bits.
    Packed(Packed),
    /// Numbers of 16 or 32 bits.
    Dense(Dense),
}

impl Matrix {
    /// From the bytes of a tensor, of whose number there must be as many as the type takes for these rows.
    pub(crate) fn new(
        pages: &Pages,
        mut bytes: &[u8],
        kind: TensorType,
        rows: usize,
        columns: usize,
    ) -> Checked<Self> {
        let matrix = Self::read(pages, kind, rows, columns, &mut |part| {
            let (next, rest) = bytes.split_at_checked(part.len()).ok_or(UNEXPECTED)?;
            part.copy_from_slice(next);
            bytes = rest;
            Ok(())
        })?;
        if bytes.is_empty() { Ok(matrix) } else { Err(UNEXPECTED.into()) }
    }

    /// From a tensor whose rows run fastest along `columns`. `fill` gives its next bytes, 16 rows at a time, so that
    /// no weight is there twice.
    pub(crate) fn read(
        pages: &Pages,
        kind: TensorType,
        rows: usize,
        columns: usize,
        fill: &mut dyn FnMut(&mut [u8]) -> Checked<()>,
    ) -> Checked<Self> {
        let mut matrix = Packed::zeros(pages, kind, rows, columns)
            .map(Self::Packed)
            .or_else(|| Dense::zeros(pages, kind, rows, columns).map(Self::Dense))
            .filter(|_| columns.is_multiple_of(kind.block_size()))
            .ok_or(UNEXPECTED)?;
        let row_bytes = columns / kind.block_size() * kind.block_bytes();
        let mut bytes = vec![0; ROWS.min(rows) * row_bytes];
        for group in 0..matrix.groups() {
            let bytes = &mut bytes[..ROWS.min(rows - group * ROWS) * row_bytes];
            fill(bytes)?;
            match &mut matrix {
                Self::Packed(weights) => weights.fill(group, bytes),
                Self::Dense(weights) => weights.fill(group, bytes),
            }
        }
        Ok(matrix)
    }

    /// Outputs.
    pub(crate) fn rows(&self) -> usize {
        match self {
            Self::Packed(weights) => weights.rows,
            Self::Dense(weights) => weights.rows,
        }
    }

    /// Inputs.
    pub(super) fn columns(&self) -> usize {
        match self {
            Self::Packed(weights) => weights.columns,
            Self::Dense(weights) => weights.columns,
        }
    }

    /// Groups of 16 rows; the last may be filled up with zeros.
    fn groups(&self) -> usize {
        self.rows().div_ceil(ROWS)
    }

    /// Writes row `index`: a token's embedding. Panics when there is none.
    pub(crate) fn row(&self, index: usize, out: &mut [f32]) {
        match self {
            Self::Packed(weights) => weights.row(index, out),
            Self::Dense(weights) => weights.row(index, out),
        }
    }
}

/// A matrix with activations as it wants them.
enum Product<'a> {
    Packed(&'a Packed, &'a Quantised),
    Dense(&'a Dense, &'a [f32]),
}

impl Cpu {
    /// Several products of the same activations: `out[n, rows] = x[n, columns] · weightsᵀ`.
    pub(crate) fn products(&self, x: &[f32], targets: &mut [(&Matrix, &mut [f32])]) {
        let rounded = OnceCell::new();
        let products: Vec<(usize, Product<'_>, Shared<'_, f32>)> = targets
            .iter_mut()
            .map(|(weights, out)| {
                let columns = weights.columns();
                assert!(out.len() == x.len() / columns * weights.rows());
                let product = match weights {
                    Matrix::Packed(weights) => Product::Packed(
                        weights,
                        rounded.get_or_init(|| Quantised::new(self, x, columns)),
                    ),
                    Matrix::Dense(weights) => Product::Dense(weights, x),
                };
                (weights.groups(), product, Shared::new(out))
            })
            .collect();
        let groups: usize = products.iter().map(|(groups, ..)| groups).sum();
        // A few tasks a thread, so that a thread that was interrupted does not hold up the rest for long.
        let step = groups.div_ceil(self.pool.threads() * 6).max(1);
        self.pool.run(groups.div_ceil(step), &|task| {
            let mut first = task * step;
            let mut end = first + step;
            for (groups, product, out) in &products {
                for group in first..end.min(*groups) {
                    self.group(product, group, out);
                }
                (first, end) = (first.saturating_sub(*groups), end.saturating_sub(*groups));
            }
        });
    }

    fn group(&self, product: &Product<'_>, group: usize, out: &Shared<'_, f32>) {
        match (product, self.isa) {
            (Product::Dense(weights, x), isa) => dense::group(isa, weights, group, x, out),
            (Product::Packed(weights, x), Isa::Plain) => plain::group(weights, group, x, out),
            // SAFETY: the instructions were detected.
            #[cfg(target_arch = "x86_64")]
            (Product::Packed(weights, x), Isa::Avx2) => unsafe {
                x86::group_avx2(weights, group, x, out);
            },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            (Product::Packed(weights, x), Isa::Avx512) => unsafe {
                x86::group_avx512(weights, group, x, out);
            },
        }
    }
}
