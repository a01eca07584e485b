//! The BERT encoder.
use crate::{
    error::Checked,
    gguf::TensorType,
    kernel::{self, Cpu},
    linear::{Linear, forward_all},
};
use candle_core::{Device, safetensors::SliceSafetensors};
use serde_json::Value;
use zeroize::Zeroizing;

/// An encoder with its weights.
pub(super) struct Bert {
    words: Vec<f32>,
    positions: Vec<f32>,
    segment: Vec<f32>,
    norm: LayerNorm,
    layers: Vec<Layer>,
    size: Size,
    cpu: Cpu,
}

#[derive(Clone, Copy)]
struct Size {
    width: usize,
    heads: usize,
    forward: usize,
    layers: usize,
    vocabulary: usize,
    positions: usize,
    epsilon: f32,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    attention_norm: LayerNorm,
    up: Linear,
    down: Linear,
    forward_norm: LayerNorm,
}

struct LayerNorm {
    weight: Vec<f32>,
    bias: Vec<f32>,
    epsilon: f32,
}

impl Size {
    fn new(config: &Value) -> Checked<Self> {
        let number = |key: &str, range: std::ops::RangeInclusive<usize>| {
            let value = config[key].as_u64().and_then(|value| usize::try_from(value).ok());
            value
                .filter(|value| range.contains(value))
                .ok_or(format!("config.json: {key} is out of range"))
        };
        if config["hidden_act"].as_str().is_some_and(|name| name != "gelu") {
            return Err("config.json: hidden_act is unknown".into());
        }
        let size = Self {
            width: number("hidden_size", 32..=4096)?,
            heads: number("num_attention_heads", 1..=64)?,
            forward: number("intermediate_size", 32..=16_384)?,
            layers: number("num_hidden_layers", 1..=48)?,
            vocabulary: number("vocab_size", 1..=300_000)?,
            positions: number("max_position_embeddings", 1..=8192)?,
            epsilon: config["layer_norm_eps"].as_f64().unwrap_or(1e-12) as f32,
        };
        let fits = size.width.is_multiple_of(size.heads)
            && size.width.is_multiple_of(32)
            && size.forward.is_multiple_of(32);
        if fits { Ok(size) } else { Err("config.json: its numbers do not fit each other".into()) }
    }
}

/// Tensors of a checked safetensors file.
struct Tensors<'a>(SliceSafetensors<'a>);

impl Tensors<'_> {
    fn get(&self, name: &str, shape: &[usize]) -> Checked<Vec<f32>> {
        let tensor = self.0.load(name, &Device::Cpu).map_err(|_| format!("{name} is missing"))?;
        if tensor.dims() != shape {
            return Err(format!("unexpected shape of {name}"));
        }
        let floats = || tensor.to_dtype(candle_core::DType::F32)?.flatten_all()?.to_vec1::<f32>();
        floats().map_err(|_| format!("{name} can't be read"))
    }

    fn linear(&self, name: &str, rows: usize, columns: usize) -> Checked<Linear> {
        let weights = self.get(&format!("{name}.weight"), &[rows, columns])?;
        let bytes = weights.iter().flat_map(|weight| weight.to_le_bytes()).collect::<Vec<_>>();
        let linear = Linear::new(&bytes, TensorType::F32, rows, columns)?;
        Ok(linear.with_bias(Some(self.get(&format!("{name}.bias"), &[rows])?)))
    }

    fn norm(&self, name: &str, size: Size) -> Checked<LayerNorm> {
        Ok(LayerNorm {
            weight: self.get(&format!("{name}.weight"), &[size.width])?,
            bias: self.get(&format!("{name}.bias"), &[size.width])?,
            epsilon: size.epsilon,
        })
    }

    fn layer(&self, index: usize, size: Size) -> Checked<Layer> {
        let name = |part: &str| format!("encoder.layer.{index}.{part}");
        let square = |part: &str| self.linear(&name(part), size.width, size.width);
        Ok(Layer {
            query: square("attention.self.query")?,
            key: square("attention.self.key")?,
            value: square("attention.self.value")?,
            output: square("attention.output.dense")?,
            attention_norm: self.norm(&name("attention.output.LayerNorm"), size)?,
            up: self.linear(&name("intermediate.dense"), size.forward, size.width)?,
            down: self.linear(&name("output.dense"), size.width, size.forward)?,
            forward_norm: self.norm(&name("output.LayerNorm"), size)?,
        })
    }
}

impl Bert {
    /// From `config.json` and the bytes of `model.safetensors`.
    pub(super) fn new(config: &Value, safetensors: &[u8]) -> Checked<Self> {
        let size = Size::new(config)?;
        let tensors =
            SliceSafetensors::new(safetensors).map_err(|_| "model.safetensors is damaged")?;
        let tensors = Tensors(tensors);
        let types = tensors.get("embeddings.token_type_embeddings.weight", &[2, size.width])?;
        let table = |name: &str, rows| {
            tensors.get(&format!("embeddings.{name}_embeddings.weight"), &[rows, size.width])
        };
        Ok(Self {
            words: table("word", size.vocabulary)?,
            positions: table("position", size.positions)?,
            segment: types[..size.width].to_vec(),
            norm: tensors.norm("embeddings.LayerNorm", size)?,
            layers: (0..size.layers)
                .map(|index| tensors.layer(index, size))
                .collect::<Checked<_>>()?,
            size,
            cpu: Cpu::new(),
        })
    }

    /// Length of a vector.
    pub(super) fn width(&self) -> usize {
        self.size.width
    }

    /// One vector for each list of tokens; the lists are computed side by side, without padding.
    pub(super) fn embed(&self, texts: &[Zeroizing<Vec<u32>>]) -> Vec<Vec<f32>> {
        let width = self.size.width;
        let mut x = self.look_up(texts);
        let mut start = 0;
        let spans: Vec<_> = texts
            .iter()
            .map(|tokens| {
                start += tokens.len() * width;
                start - tokens.len() * width..start
            })
            .collect();
        if !x.is_empty() {
            for layer in &self.layers {
                self.encode(layer, &spans, &mut x);
            }
        }
        spans.into_iter().map(|span| mean(&x[span], width)).collect()
    }

    fn look_up(&self, texts: &[Zeroizing<Vec<u32>>]) -> Zeroizing<Vec<f32>> {
        let width = self.size.width;
        let mut x = Zeroizing::new(Vec::with_capacity(
            texts.iter().map(|t| t.len()).sum::<usize>() * width,
        ));
        for tokens in texts {
            for (&token, position) in tokens.iter().zip(self.positions.chunks_exact(width)) {
                let token = (token as usize).min(self.size.vocabulary - 1);
                let word = &self.words[token * width..][..width];
                x.extend(word.iter().zip(position).zip(&self.segment).map(|((w, p), s)| w + p + s));
            }
        }
        self.norm.apply(&mut x);
        x
    }

    fn encode(&self, layer: &Layer, spans: &[std::ops::Range<usize>], x: &mut [f32]) {
        let width = self.size.width;
        let zeros = |length| Zeroizing::new(vec![0.0_f32; length]);
        let (mut query, mut key, mut value) = (zeros(x.len()), zeros(x.len()), zeros(x.len()));
        let targets: &mut [(&Linear, &mut [f32])] =
            &mut [(&layer.query, &mut query), (&layer.key, &mut key), (&layer.value, &mut value)];
        forward_all(&self.cpu, x, targets);
        let mut attended = zeros(x.len());
        for span in spans {
            let part = |whole: &'_ [f32]| whole[span.clone()].to_vec();
            let parts = [part(&query), part(&key), part(&value)].map(Zeroizing::new);
            attend(
                [&parts[0], &parts[1], &parts[2]],
                width,
                self.size.heads,
                &mut attended[span.clone()],
            );
        }
        layer.output.forward(&self.cpu, &attended, &mut query);
        add(x, &query);
        layer.attention_norm.apply(x);
        let mut up = zeros(x.len() / width * self.size.forward);
        layer.up.forward(&self.cpu, x, &mut up);
        kernel::gelu(self.cpu.isa, &mut up);
        layer.down.forward(&self.cpu, &up, &mut query);
        add(x, &query);
        layer.forward_norm.apply(x);
    }
}

impl LayerNorm {
    fn apply(&self, x: &mut [f32]) {
        for row in x.chunks_exact_mut(self.weight.len()) {
            let mean = row.iter().sum::<f32>() / row.len() as f32;
            let variance =
                row.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / row.len() as f32;
            let scale = 1.0 / (variance + self.epsilon).sqrt();
            for ((x, weight), bias) in row.iter_mut().zip(&self.weight).zip(&self.bias) {
                *x = (*x - mean) * scale * weight + bias;
            }
        }
    }
}

/// Attention of all tokens of a text to all, head by head.
fn attend([query, key, value]: [&[f32]; 3], width: usize, heads: usize, out: &mut [f32]) {
    let (count, dim) = (query.len() / width, width / heads);
    let scale = 1.0 / (dim as f32).sqrt();
    let mut scores = Zeroizing::new(vec![0.0; count]);
    let mut keys = Zeroizing::new(vec![0.0; count * dim]);
    for head in (0..width).step_by(dim) {
        for (position, key) in key.chunks_exact(width).enumerate() {
            for (d, key) in key[head..head + dim].iter().enumerate() {
                keys[d * count + position] = key * scale;
            }
        }
        for (query, out) in query.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
            scores.fill(0.0);
            for (q, keys) in query[head..head + dim].iter().zip(keys.chunks_exact(count)) {
                scores.iter_mut().zip(keys).for_each(|(score, key)| *score += q * key);
            }
            soften(&mut scores);
            let out = &mut out[head..head + dim];
            for (score, value) in scores.iter().zip(value.chunks_exact(width)) {
                out.iter_mut()
                    .zip(&value[head..head + dim])
                    .for_each(|(out, value)| *out += score * value);
            }
        }
    }
}

fn soften(scores: &mut [f32]) {
    let max = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    scores.iter_mut().for_each(|score| *score = (*score - max).exp());
    let scale = 1.0 / scores.iter().sum::<f32>();
    scores.iter_mut().for_each(|score| *score *= scale);
}

fn add(x: &mut [f32], y: &[f32]) {
    x.iter_mut().zip(y).for_each(|(x, y)| *x += y);
}

/// The mean of the rows, at length 1.
fn mean(rows: &[f32], width: usize) -> Vec<f32> {
    let mut mean = vec![0.0_f32; width];
    for row in rows.chunks_exact(width) {
        add(&mut mean, row);
    }
    let length = mean.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        mean.iter_mut().for_each(|x| *x /= length);
    }
    mean
}
