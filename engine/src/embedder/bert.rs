//! The BERT encoder.
use super::{
    tensors::{Table, Tensors},
    words::Tokens,
};
use crate::{
    error::Checked,
    kernel::{self, Codes, Cpu, Fixed, LayerNorm, Pool, Split, wipe},
};
use std::ops::{Deref, DerefMut, Range};

/// Tokens whose feed-forward network is computed together: what is between its two products stays near.
const CHUNK: usize = 48;

/// An encoder with its weights.
pub(super) struct Bert {
    words: Table,
    /// Of every position, with the text's segment added.
    positions: Vec<f32>,
    norm: LayerNorm,
    layers: Vec<Layer>,
    size: Size,
    /// This thread alone: other texts are computed beside these.
    cpu: Cpu,
}

/// An encoder's numbers.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) width: usize,
    pub(super) heads: usize,
    pub(super) forward: usize,
    pub(super) layers: usize,
    pub(super) vocabulary: usize,
    pub(super) positions: usize,
    pub(super) epsilon: f32,
    pub(super) pooling: Pooling,
}

/// What of the last layer becomes a text's vector.
#[derive(Clone, Copy)]
pub(super) enum Pooling {
    /// The mean of all tokens.
    Mean,
    /// The first token.
    First,
}

struct Layer {
    /// Queries, keys and values.
    mix: Fixed,
    output: Fixed,
    attention_norm: LayerNorm,
    up: Fixed,
    down: Fixed,
    forward_norm: LayerNorm,
}

/// Numbers that tell of a text; wiped on drop.
struct Trace(Vec<f32>);

impl Trace {
    fn new(length: usize) -> Self {
        Self(vec![0.0; length])
    }
}

impl Deref for Trace {
    type Target = [f32];
    fn deref(&self) -> &[f32] {
        &self.0
    }
}

impl DerefMut for Trace {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.0
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

impl Size {
    /// Refuses numbers that make no encoder.
    pub(super) fn checked(self) -> Checked<Self> {
        let fits = (32..=4096).contains(&self.width)
            && (1..=64).contains(&self.heads)
            && (32..=16_384).contains(&self.forward)
            && (1..=48).contains(&self.layers)
            && (1..=300_000).contains(&self.vocabulary)
            && (3..=8192).contains(&self.positions)
            && self.width.is_multiple_of(self.heads * 16)
            && self.width.is_multiple_of(32)
            && self.forward.is_multiple_of(32);
        if fits { Ok(self) } else { Err("the model's numbers do not fit each other".into()) }
    }
}

impl Layer {
    fn read(tensors: &Tensors, index: usize, size: Size) -> Checked<Self> {
        let name = |part: &str| format!("blk.{index}.{part}");
        let (width, forward) = (size.width, size.forward);
        let norm = |part: &str| tensors.norm(&name(part), width, size.epsilon);
        Ok(Self {
            mix: tensors.matrix(&["attn_q", "attn_k", "attn_v"].map(name), width, width)?,
            output: tensors.matrix(&[name("attn_output")], width, width)?,
            attention_norm: norm("attn_output_norm")?,
            up: tensors.matrix(&[name("ffn_up")], width, forward)?,
            down: tensors.matrix(&[name("ffn_down")], forward, width)?,
            forward_norm: norm("layer_output_norm")?,
        })
    }
}

impl Bert {
    /// The parts of a layer.
    pub(super) const PARTS: [&str; 8] = [
        "attn_q",
        "attn_k",
        "attn_v",
        "attn_output",
        "attn_output_norm",
        "ffn_up",
        "ffn_down",
        "layer_output_norm",
    ];

    /// Reads the weights.
    pub(super) fn read(tensors: &Tensors, size: Size) -> Checked<Self> {
        let words = tensors.table("token_embd", size.width, size.vocabulary)?;
        let segments = tensors.floats("token_types.weight", &[size.width, 2])?;
        let mut positions =
            tensors.floats("position_embd.weight", &[size.width, size.positions])?;
        for position in positions.chunks_exact_mut(size.width) {
            add(position, &segments[..size.width]);
        }
        Ok(Self {
            words,
            positions,
            norm: tensors.norm("token_embd_norm", size.width, size.epsilon)?,
            layers: (0..size.layers)
                .map(|index| Layer::read(tensors, index, size))
                .collect::<Checked<_>>()?,
            size,
            cpu: Cpu { pool: Pool::new(1), ..Cpu::new() },
        })
    }

    /// Length of a vector.
    pub(super) fn width(&self) -> usize {
        self.size.width
    }

    /// One vector for each list of tokens; the lists are computed side by side, without padding.
    /// `None` when `canceled`.
    pub(super) fn embed(
        &self,
        texts: &[Tokens],
        canceled: &dyn Fn() -> bool,
    ) -> Option<Vec<Vec<f32>>> {
        let mut x = self.look_up(texts);
        let mut start = 0;
        let spans: Vec<Range<usize>> = texts
            .iter()
            .map(|tokens| {
                start += tokens.len();
                start - tokens.len()..start
            })
            .collect();
        for layer in &self.layers {
            self.encode(layer, &spans, &mut x, canceled)?;
        }
        let width = self.size.width;
        let pool = |span: Range<usize>| {
            let rows = &x[span.start * width..span.end * width];
            match self.size.pooling {
                Pooling::Mean => at_length_1(sum(rows, width)),
                Pooling::First => at_length_1(rows[..width].to_vec()),
            }
        };
        Some(spans.into_iter().map(pool).collect())
    }

    fn look_up(&self, texts: &[Tokens]) -> Trace {
        let width = self.size.width;
        let count: usize = texts.iter().map(|tokens| tokens.len()).sum();
        let (mut x, mut places) = (Trace::new(count * width), Trace::new(count * width));
        let rows = x.chunks_exact_mut(width).zip(places.chunks_exact_mut(width));
        let positions = || self.positions.chunks_exact(width);
        let tokens = texts.iter().flat_map(|tokens| tokens.iter().zip(positions()));
        for ((&token, position), (row, place)) in tokens.zip(rows) {
            self.words.row((token as usize).min(self.size.vocabulary - 1), row);
            place.copy_from_slice(position);
        }
        kernel::add_and_norm(self.cpu.isa, &mut x, &places, &self.norm);
        x
    }

    /// One layer; `None` when `canceled`.
    fn encode(
        &self,
        layer: &Layer,
        spans: &[Range<usize>],
        x: &mut [f32],
        canceled: &dyn Fn() -> bool,
    ) -> Option<()> {
        if canceled() {
            return None;
        }
        let (width, isa) = (self.size.width, self.cpu.isa);
        let split = Split { width, heads: self.size.heads };
        let mut mixed = Trace::new(3 * x.len());
        self.product(&layer.mix, x, &mut mixed);
        let mut attended = Trace::new(x.len());
        for span in spans {
            let tokens = &mixed[3 * width * span.start..3 * width * span.end];
            let out = &mut attended[width * span.start..width * span.end];
            kernel::attend_all(isa, tokens, split, out);
        }
        let change = &mut mixed[..x.len()];
        self.product(&layer.output, &attended, change);
        kernel::add_and_norm(isa, x, change, &layer.attention_norm);
        let mut up = Trace::new(CHUNK * self.size.forward);
        for x in x.chunks_mut(CHUNK * width) {
            if canceled() {
                return None;
            }
            let (up, change) =
                (&mut up[..x.len() / width * self.size.forward], &mut change[..x.len()]);
            self.product(&layer.up, x, up);
            kernel::gelu(isa, up);
            self.product(&layer.down, up, change);
            kernel::add_and_norm(isa, x, change, &layer.forward_norm);
        }
        Some(())
    }

    fn product(&self, weights: &Fixed, x: &[f32], out: &mut [f32]) {
        let isa = self.cpu.isa;
        weights.product(isa, &Codes::new(isa, x, weights.columns()), out);
    }
}

fn add(x: &mut [f32], y: &[f32]) {
    x.iter_mut().zip(y).for_each(|(x, y)| *x += y);
}

fn sum(rows: &[f32], width: usize) -> Vec<f32> {
    let mut sum = vec![0.0_f32; width];
    rows.chunks_exact(width).for_each(|row| add(&mut sum, row));
    sum
}

fn at_length_1(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|x| *x /= length);
    }
    vector
}
