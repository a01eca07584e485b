//! What kind of decoder a file holds, read from its metadata, every number in its range.
use super::CacheType;
use crate::{
    error::Checked,
    gguf::{Gguf, Metadata, Value, printable},
};

/// The longest text any model is asked to read.
const MAX_CONTEXT: usize = 1 << 20;

/// How the pairs of rotary positions lie in a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RopePairs {
    /// Neighbours: (0, 1), (2, 3), ….
    Adjacent,
    /// Halves: (0, n/2), (1, n/2 + 1), ….
    Halves,
}

/// Function between the feed-forward network's two products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activation {
    /// x · sigmoid(x).
    Silu,
    /// The tanh form of GELU.
    Gelu,
}

/// A decoder's numbers and its family's differences.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) architecture: &'static str,
    pub(crate) layers: usize,
    pub(crate) embedding: usize,
    pub(crate) feed_forward: usize,
    pub(crate) heads: usize,
    pub(crate) kv_heads: usize,
    pub(crate) head_dim: usize,
    pub(crate) vocabulary: usize,
    /// Tokens it reads.
    pub(crate) context: usize,
    /// How their keys and values are held.
    pub(crate) cache_type: CacheType,
    pub(crate) epsilon: f32,
    pub(crate) rope: RopeConfig,
    /// Positions that each layer sees, its own included; `None`: all before it.
    pub(crate) windows: Vec<Option<usize>>,
    pub(crate) activation: Activation,
    /// Embeddings are multiplied by this.
    pub(crate) embedding_scale: f32,
    /// Attention scores are multiplied by this.
    pub(crate) attention_scale: f32,
    /// Attention scores are squeezed into ± this.
    pub(crate) attention_cap: Option<f32>,
    /// Logits are squeezed into ± this.
    pub(crate) logit_cap: Option<f32>,
    /// Norms after attention and feed-forward network too.
    pub(crate) post_norms: bool,
    /// Queries and keys are normed head by head.
    pub(crate) head_norms: bool,
    /// Queries, keys and values lie in one tensor, gate and up in another.
    pub(crate) fused: bool,
}

/// How positions are told apart.
#[derive(Clone, Debug)]
pub(crate) struct RopeConfig {
    pub(crate) base: f32,
    /// Base of layers with a window, where it is another; they are not stretched then.
    pub(crate) window_base: Option<f32>,
    /// Values of a head that are turned; the rest stay.
    pub(crate) dims: usize,
    pub(crate) pairs: RopePairs,
    /// How positions beyond those trained on are reached (layers that see everything).
    pub(crate) stretch: Stretch,
    /// Every so many-th layer knows no positions; 0: all do.
    pub(crate) skip_period: usize,
    /// Context the model was first trained on.
    pub(crate) original_context: usize,
    /// Turned values are multiplied by this.
    pub(crate) magnitude: f32,
}

/// How a model reads more tokens than it was first trained on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Stretch {
    /// Not at all, or by factors that lie in a tensor.
    No,
    /// Positions are divided by this.
    Linear(f32),
    /// Slow pairs are divided by this, fast ones are left: YaRN, <https://arxiv.org/abs/2309.00071>.
    Yarn(f32),
}

impl Config {
    /// Reads and checks what the file says.
    pub(crate) fn new(gguf: &Gguf) -> Checked<Self> {
        let metadata = &gguf.metadata;
        let name =
            metadata.text("general.architecture")?.ok_or("the model file names no architecture")?;
        let architecture = known(name)?;
        let keys = Keys { metadata, architecture };
        let embedding = keys.required("embedding_length", 32..=16_384)?;
        let heads = keys.required("attention.head_count", 1..=256)?;
        let head_dim = keys
            .int("attention.key_length", 16..=512)?
            .unwrap_or(if embedding % heads == 0 { embedding / heads } else { 0 });
        let kv_heads = keys.int("attention.head_count_kv", 1..=256)?.unwrap_or(heads);
        let gemma = architecture.starts_with("gemma");
        let layers = keys.required("block_count", 1..=128)?;
        let config = Self {
            architecture,
            layers,
            embedding,
            feed_forward: keys.required("feed_forward_length", 1..=131_072)?,
            heads,
            kv_heads,
            head_dim,
            vocabulary: metadata.texts("tokenizer.ggml.tokens")?.len(),
            context: keys.required("context_length", 1..=1 << 30)?.min(MAX_CONTEXT),
            cache_type: CacheType::F16,
            epsilon: keys.float("attention.layer_norm_rms_epsilon", 0.0..=1.0)?.unwrap_or(1e-5),
            rope: keys.rope(head_dim)?,
            windows: keys.windows(layers)?,
            activation: if gemma { Activation::Gelu } else { Activation::Silu },
            embedding_scale: if gemma { (embedding as f32).sqrt() } else { 1.0 },
            attention_scale: keys.attention_scale(layers, embedding / heads, head_dim)?,
            attention_cap: keys.cap("attn_logit_softcapping", 50.0)?,
            logit_cap: keys.cap("final_logit_softcapping", 30.0)?,
            post_norms: matches!(architecture, "gemma2" | "gemma3"),
            head_norms: matches!(architecture, "qwen3" | "gemma3"),
            fused: architecture == "phi3",
        };
        config.check(&keys)?;
        Ok(config)
    }

    fn check(&self, keys: &Keys<'_>) -> Checked<()> {
        let fits = self.heads.is_multiple_of(self.kv_heads)
            && matches!(self.head_dim, 16..=512)
            && self.head_dim.is_multiple_of(16)
            && self.rope.dims.is_multiple_of(2)
            && self.rope.dims <= self.head_dim
            && keys.int("attention.value_length", 1..=1 << 20)?.is_none_or(|n| n == self.head_dim)
            && matches!(self.vocabulary, 1..=300_000)
            && keys.int("vocab_size", 1..=1 << 30)?.is_none_or(|n| n == self.vocabulary)
            && keys.int("expert_count", 0..=1 << 20)?.is_none_or(|n| n == 0);
        if fits {
            Ok(())
        } else {
            Err("damaged model file: its numbers do not fit each other".into())
        }
    }

    /// Bytes of keys and values for so many tokens.
    pub(crate) fn cache_bytes(&self, tokens: usize) -> u64 {
        let sixteens = (self.layers * self.kv_heads * self.head_dim / 16) as u64;
        2 * sixteens * self.cache_type.bytes() * tokens as u64
    }
}

/// Only what was compared with another implementation is run: a wrong detail gives fluent nonsense, not an error.
fn known(name: &str) -> Checked<&'static str> {
    ["llama", "qwen2", "qwen3", "gemma", "gemma2", "gemma3", "phi3", "smollm3"]
        .into_iter()
        .find(|&known| known == name)
        .ok_or_else(|| format!("unknown architecture {}", printable(name)))
}

/// Metadata under the architecture's name.
struct Keys<'a> {
    metadata: &'a Metadata,
    architecture: &'static str,
}

impl Keys<'_> {
    fn key(&self, name: &str) -> String {
        format!("{}.{name}", self.architecture)
    }

    fn int(&self, name: &str, range: std::ops::RangeInclusive<usize>) -> Checked<Option<usize>> {
        self.metadata.int(&self.key(name), range)
    }

    fn required(&self, name: &str, range: std::ops::RangeInclusive<usize>) -> Checked<usize> {
        self.int(name, range)?
            .ok_or_else(|| format!("damaged model file: {} is missing", self.key(name)))
    }

    fn float(&self, name: &str, range: std::ops::RangeInclusive<f64>) -> Checked<Option<f32>> {
        self.metadata.float(&self.key(name), range)
    }

    /// A soft cap; Gemma 2 has both, with these defaults.
    fn cap(&self, name: &str, default: f32) -> Checked<Option<f32>> {
        let cap = self.float(name, 0.0..=1e6)?;
        Ok(if self.architecture == "gemma2" { cap.or(Some(default)) } else { cap }
            .filter(|&cap| cap > 0.0))
    }

    /// Scores are divided by the root of a head's length, except where the largest Gemmas differ.
    fn attention_scale(&self, layers: usize, share: usize, head_dim: usize) -> Checked<f32> {
        let length = match (self.architecture, layers) {
            ("gemma2", 46) | ("gemma3", 62) => share,
            _ => head_dim,
        };
        let scale = self.float("attention.scale", 0.0..=1e3)?.filter(|&scale| scale > 0.0);
        Ok(scale.unwrap_or(1.0 / (length as f32).sqrt()))
    }

    /// The window of each layer. The pattern is a list of the layers that have one, or a number: of so many
    /// layers the last has none.
    fn windows(&self, layers: usize) -> Checked<Vec<Option<usize>>> {
        let default = (self.architecture == "gemma2").then_some(4096);
        let window = self.int("attention.sliding_window", 0..=1 << 30)?.or(default);
        let key = self.key("attention.sliding_window_pattern");
        if let Some(Value::Numbers(pattern)) = self.metadata.get(&key) {
            if pattern.len() < layers {
                return Err("damaged model file: its numbers do not fit each other".into());
            }
            let of = |&has: &f32| window.filter(|&window| window > 0 && has != 0.0);
            return Ok(pattern[..layers].iter().map(of).collect());
        }
        let period = match self.architecture {
            "gemma2" => 2,
            "gemma3" => 6,
            _ => 0,
        };
        let period = self.metadata.int(&key, 0..=layers.max(64))?.unwrap_or(period);
        let has = |layer: usize| period == 0 || layer % period < period - 1;
        Ok((0..layers).map(|layer| window.filter(|&window| window > 0 && has(layer))).collect())
    }

    fn rope(&self, head_dim: usize) -> Checked<RopeConfig> {
        let base = self.float("rope.freq_base", 1.0..=1e12)?.unwrap_or(10_000.0);
        let scaling = self.metadata.text(&self.key("rope.scaling.type"))?;
        let factor = match self.float("rope.scaling.factor", 0.0..=1e6)? {
            None => self.float("rope.scale_linear", 0.0..=1e6)?,
            factor => factor,
        };
        let factor = factor.filter(|&factor| factor > 0.0).unwrap_or(1.0);
        let stretch = match scaling {
            None | Some("linear") if factor != 1.0 => Stretch::Linear(factor),
            None | Some("linear" | "none" | "longrope") => Stretch::No,
            Some("yarn") => Stretch::Yarn(factor),
            Some(_) => return Err("the model stretches its context in an unknown way".into()),
        };
        let window_base = (self.architecture == "gemma3").then_some(10_000.0);
        Ok(RopeConfig {
            base,
            window_base: self.float("rope.freq_base_swa", 1.0..=1e12)?.or(window_base),
            dims: self.int("rope.dimension_count", 2..=512)?.unwrap_or(head_dim),
            pairs: match self.architecture {
                "llama" | "smollm3" => RopePairs::Adjacent,
                _ => RopePairs::Halves,
            },
            stretch,
            skip_period: if self.architecture == "smollm3" { 4 } else { 0 },
            original_context: self
                .int("rope.scaling.original_context_length", 1..=1 << 30)?
                .map_or_else(|| self.required("context_length", 1..=1 << 30), Ok)?,
            magnitude: self.float("rope.scaling.attn_factor", 1e-3..=1e3)?.unwrap_or(1.0),
        })
    }
}
