//! One decoder for all families: what differs between them is data in [`Config`].
mod attention;
mod cache;
mod config;
mod layout;
mod rope;
#[cfg(test)]
mod tests;

use crate::{
    error::{Checked, Error, Result},
    gguf::{Gguf, Source},
    kernel::{self, Cpu},
    linear::{Linear, forward_all},
    weights::Weights,
};
use attention::Attention;
pub use cache::CacheType;
use cache::Held;
pub(crate) use cache::KvCache;
use config::Activation;
pub(crate) use config::Config;
pub(crate) use layout::check;
use rope::Rope;
use std::io::Read;
use zeroize::Zeroizing;

/// Tokens that are read in one go.
pub(crate) const CHUNK: usize = 64;

/// A decoder with its weights.
pub(crate) struct Model {
    config: Config,
    embedding: Linear,
    layers: Vec<Layer>,
    norm: Vec<f32>,
    /// `None`: the embedding serves.
    output: Option<Linear>,
    rope: Rope,
    cpu: Cpu,
}

struct Layer {
    attention_norm: Vec<f32>,
    query: Linear,
    key: Linear,
    value: Linear,
    query_norm: Option<Vec<f32>>,
    key_norm: Option<Vec<f32>>,
    output: Linear,
    post_attention_norm: Option<Vec<f32>>,
    forward_norm: Vec<f32>,
    gate: Linear,
    up: Linear,
    down: Linear,
    post_forward_norm: Option<Vec<f32>>,
}

impl Layer {
    fn new(weights: &mut Weights, index: usize) -> Checked<Self> {
        let name = |part: &str| format!("blk.{index}.{part}");
        Ok(Self {
            attention_norm: weights.vector(&name("attn_norm"))?,
            query: weights.matrix(&name("attn_q"))?,
            key: weights.matrix(&name("attn_k"))?,
            value: weights.matrix(&name("attn_v"))?,
            query_norm: weights.optional_vector(&name("attn_q_norm")),
            key_norm: weights.optional_vector(&name("attn_k_norm")),
            output: weights.matrix(&name("attn_output"))?,
            post_attention_norm: weights.optional_vector(&name("post_attention_norm")),
            forward_norm: weights.vector(&name("ffn_norm"))?,
            gate: weights.matrix(&name("ffn_gate"))?,
            up: weights.matrix(&name("ffn_up"))?,
            down: weights.matrix(&name("ffn_down"))?,
            post_forward_norm: weights.optional_vector(&name("post_ffw_norm")),
        })
    }
}

/// Buffers of one pass over `n` tokens; they hold traces of the prompt and are wiped.
struct Buffers {
    x: Zeroizing<Vec<f32>>,
    normed: Zeroizing<Vec<f32>>,
    query: Zeroizing<Vec<f32>>,
    key: Zeroizing<Vec<f32>>,
    value: Zeroizing<Vec<f32>>,
    attended: Zeroizing<Vec<f32>>,
    gate: Zeroizing<Vec<f32>>,
    up: Zeroizing<Vec<f32>>,
}

impl Buffers {
    fn new(config: &Config, n: usize) -> Self {
        let zeros = |width: usize| Zeroizing::new(vec![0.0; n * width]);
        Self {
            x: zeros(config.embedding),
            normed: zeros(config.embedding),
            query: zeros(config.heads * config.head_dim),
            key: zeros(config.kv_heads * config.head_dim),
            value: zeros(config.kv_heads * config.head_dim),
            attended: zeros(config.heads * config.head_dim),
            gate: zeros(config.feed_forward),
            up: zeros(config.feed_forward),
        }
    }
}

impl Model {
    /// Reads the weights; shapes were checked against the configuration before.
    pub(crate) fn read(
        source: &mut Source<impl Read>,
        gguf: &Gguf,
        config: Config,
    ) -> Checked<Self> {
        check(gguf, &config)?;
        let mut weights = Weights::read(source, gguf, |name| split(&config, name))?;
        Ok(Self {
            embedding: weights.matrix("token_embd")?,
            layers: (0..config.layers)
                .map(|layer| Layer::new(&mut weights, layer))
                .collect::<Checked<_>>()?,
            norm: weights.vector("output_norm")?,
            output: weights.optional_matrix("output"),
            rope: Rope::new(&config, &mut weights),
            cpu: Cpu::new(),
            config,
        })
    }

    /// What kind of decoder it is.
    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// Reads at most [`CHUNK`] tokens and returns the logits after each of the last `wanted`.
    /// `None` when `canceled`, which is asked before every layer; the cache is then as before.
    /// # Errors
    /// `TooLong`.
    pub(crate) fn forward(
        &self,
        tokens: &[u32],
        wanted: usize,
        cache: &mut KvCache,
        canceled: &dyn Fn() -> bool,
    ) -> Result<Option<Zeroizing<Vec<f32>>>> {
        let (end, limit) = (cache.len() + tokens.len(), self.config.context);
        if end > limit {
            return Err(Error::TooLong { tokens: end, limit });
        }
        let mut buffers = Buffers::new(&self.config, tokens.len());
        self.embed(tokens, &mut buffers.x);
        cache.reserve(tokens.len());
        let turns = self.rope.turns(cache, tokens.len());
        for (index, layer) in self.layers.iter().enumerate() {
            if canceled() {
                return Ok(None);
            }
            self.attend(index, &turns, &mut buffers, cache);
            self.feed_forward(layer, &mut buffers);
        }
        cache.advance(tokens.len());
        Ok(Some(self.logits(&buffers.x[(tokens.len() - wanted) * self.config.embedding..])))
    }

    fn embed(&self, tokens: &[u32], x: &mut [f32]) {
        for (&token, row) in tokens.iter().zip(x.chunks_exact_mut(self.config.embedding)) {
            self.embedding.row(token, row);
            row.iter_mut().for_each(|value| *value *= self.config.embedding_scale);
        }
    }

    fn attend(
        &self,
        index: usize,
        turns: &rope::Turns,
        buffers: &mut Buffers,
        cache: &mut KvCache,
    ) {
        let (config, layer, b) = (&self.config, &self.layers[index], buffers);
        rms_norm(&b.x, &layer.attention_norm, config.epsilon, &mut b.normed);
        let targets: &mut [(&Linear, &mut [f32])] = &mut [
            (&layer.query, &mut b.query),
            (&layer.key, &mut b.key),
            (&layer.value, &mut b.value),
        ];
        forward_all(&self.cpu, &b.normed, targets);
        norm_in_place(&mut b.query, layer.query_norm.as_deref(), config.epsilon);
        norm_in_place(&mut b.key, layer.key_norm.as_deref(), config.epsilon);
        self.rope.turn(index, turns, &mut b.query, config.heads);
        self.rope.turn(index, turns, &mut b.key, config.kv_heads);
        cache.write(index, &b.key, &b.value);
        Attention::new(config, &self.cpu, index).run(&b.query, cache, &mut b.attended);
        layer.output.forward(&self.cpu, &b.attended, &mut b.normed);
        norm_in_place(&mut b.normed, layer.post_attention_norm.as_deref(), config.epsilon);
        add(&mut b.x, &b.normed);
    }

    fn feed_forward(&self, layer: &Layer, buffers: &mut Buffers) {
        let (config, b) = (&self.config, buffers);
        rms_norm(&b.x, &layer.forward_norm, config.epsilon, &mut b.normed);
        forward_all(
            &self.cpu,
            &b.normed,
            &mut [(&layer.gate, &mut b.gate), (&layer.up, &mut b.up)],
        );
        match config.activation {
            Activation::Silu => kernel::silu(self.cpu.isa, &mut b.gate, &b.up),
            Activation::Gelu => kernel::gelu_tanh(self.cpu.isa, &mut b.gate, &b.up),
        }
        layer.down.forward(&self.cpu, &b.gate, &mut b.normed);
        norm_in_place(&mut b.normed, layer.post_forward_norm.as_deref(), config.epsilon);
        add(&mut b.x, &b.normed);
    }

    fn logits(&self, x: &[f32]) -> Zeroizing<Vec<f32>> {
        let count = x.len() / self.config.embedding;
        let mut normed = Zeroizing::new(vec![0.0; x.len()]);
        rms_norm(x, &self.norm, self.config.epsilon, &mut normed);
        let mut logits = Zeroizing::new(vec![0.0; count * self.config.vocabulary]);
        if count > 0 {
            let output = self.output.as_ref().unwrap_or(&self.embedding);
            output.forward(&self.cpu, &normed, &mut logits);
        }
        if let Some(cap) = self.config.logit_cap {
            logits.iter_mut().for_each(|logit| *logit = cap * (*logit / cap).tanh());
        }
        logits
    }
}

/// The matrices that lie together in one tensor.
fn split(config: &Config, name: &str) -> Vec<(String, usize)> {
    let (queries, keys) = (config.heads * config.head_dim, config.kv_heads * config.head_dim);
    let parts: &[(&str, usize)] = match name.rsplit_once('.').map(|(stem, _)| stem) {
        Some(stem) if stem.ends_with("attn_qkv") => {
            &[("attn_q", queries), ("attn_k", keys), ("attn_v", keys)]
        }
        Some(stem) if config.fused && stem.ends_with("ffn_up") => {
            &[("ffn_gate", config.feed_forward), ("ffn_up", config.feed_forward)]
        }
        _ => &[],
    };
    let layer = name.rsplitn(3, '.').nth(2).unwrap_or_default();
    parts.iter().map(|(part, rows)| (format!("{layer}.{part}.weight"), *rows)).collect()
}

/// `out = x / rms(x) · weight`, row by row.
fn rms_norm(x: &[f32], weight: &[f32], epsilon: f32, out: &mut [f32]) {
    let width = weight.len();
    for (x, out) in x.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
        let scale = rms_scale(x, epsilon);
        out.iter_mut()
            .zip(x.iter().zip(weight))
            .for_each(|(out, (x, weight))| *out = x * scale * weight);
    }
}

fn norm_in_place(x: &mut [f32], weight: Option<&[f32]>, epsilon: f32) {
    let Some(weight) = weight else { return };
    for x in x.chunks_exact_mut(weight.len()) {
        let scale = rms_scale(x, epsilon);
        x.iter_mut().zip(weight).for_each(|(x, weight)| *x *= scale * weight);
    }
}

fn rms_scale(x: &[f32], epsilon: f32) -> f32 {
    // By lanes: a single sum would wait for itself.
    let (lanes, rest) = x.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for lane in lanes {
        sums.iter_mut().zip(lane).for_each(|(sum, &x)| *sum += f64::from(x) * f64::from(x));
    }
    let rest: f64 = rest.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
    let squares = sums.iter().sum::<f64>() + rest;
    1.0 / ((squares / x.len() as f64) as f32 + epsilon).sqrt()
}

fn add(x: &mut [f32], y: &[f32]) {
    x.iter_mut().zip(y).for_each(|(x, y)| *x += y);
}
