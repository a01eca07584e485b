//! Which tensors a decoder must have, and their shapes.
use super::Config;
use crate::{
    error::Checked,
    gguf::{Gguf, printable},
};
use std::collections::BTreeMap;

/// A tensor that the metadata implies.
pub(crate) struct Expected {
    /// Its shape, the fastest-running size first.
    pub(crate) dims: Vec<usize>,
    /// Whether the model works without it.
    pub(crate) optional: bool,
}

/// Refuses a file that lacks a tensor, has one of another shape, or one that would be ignored.
pub(crate) fn check(gguf: &Gguf, config: &Config) -> Checked<()> {
    let expected = expected(config);
    for (name, tensor) in &gguf.tensors {
        let Some(expected) = expected.get(name) else {
            return Err(format!("the model has a tensor of unknown use ({})", printable(name)));
        };
        if tensor.dims != expected.dims {
            return Err(format!("damaged model file: unexpected shape of {name}"));
        }
    }
    match expected
        .iter()
        .find(|(name, tensor)| !tensor.optional && !gguf.tensors.contains_key(*name))
    {
        Some((name, _)) => Err(format!("damaged model file: {name} is missing")),
        None => Ok(()),
    }
}

fn expected(config: &Config) -> BTreeMap<String, Expected> {
    let mut tensors = BTreeMap::new();
    let mut add = |name: String, dims: &[usize], optional| {
        tensors.insert(name, Expected { dims: dims.to_vec(), optional });
    };
    let (embedding, vocabulary, half) = (config.embedding, config.vocabulary, config.rope.dims / 2);
    add("token_embd.weight".into(), &[embedding, vocabulary], false);
    add("output_norm.weight".into(), &[embedding], false);
    add("output.weight".into(), &[embedding, vocabulary], true);
    add("rope_freqs.weight".into(), &[half], true);
    add("rope_factors_long.weight".into(), &[half], true);
    add("rope_factors_short.weight".into(), &[half], true);
    for layer in 0..config.layers {
        for (name, dims, optional) in layer_tensors(config) {
            add(format!("blk.{layer}.{name}"), &dims, optional);
        }
    }
    tensors
}

fn layer_tensors(config: &Config) -> Vec<(&'static str, Vec<usize>, bool)> {
    let (embedding, forward) = (config.embedding, config.feed_forward);
    let (queries, keys) = (config.heads * config.head_dim, config.kv_heads * config.head_dim);
    let mut tensors = vec![
        ("attn_norm.weight", vec![embedding], false),
        ("attn_output.weight", vec![queries, embedding], false),
        ("attn_output.bias", vec![embedding], true),
        ("ffn_norm.weight", vec![embedding], false),
        ("ffn_down.weight", vec![forward, embedding], false),
    ];
    if config.fused {
        tensors.push(("attn_qkv.weight", vec![embedding, queries + 2 * keys], false));
        tensors.push(("ffn_up.weight", vec![embedding, 2 * forward], false));
    } else {
        tensors.push(("attn_q.weight", vec![embedding, queries], false));
        tensors.push(("attn_k.weight", vec![embedding, keys], false));
        tensors.push(("attn_v.weight", vec![embedding, keys], false));
        tensors.push(("attn_q.bias", vec![queries], config.architecture != "qwen2"));
        tensors.push(("attn_k.bias", vec![keys], config.architecture != "qwen2"));
        tensors.push(("attn_v.bias", vec![keys], config.architecture != "qwen2"));
        tensors.push(("ffn_gate.weight", vec![embedding, forward], false));
        tensors.push(("ffn_up.weight", vec![embedding, forward], false));
    }
    if config.head_norms {
        tensors.push(("attn_q_norm.weight", vec![config.head_dim], false));
        tensors.push(("attn_k_norm.weight", vec![config.head_dim], false));
    }
    if config.post_norms {
        tensors.push(("post_attention_norm.weight", vec![embedding], false));
        tensors.push(("post_ffw_norm.weight", vec![embedding], false));
    }
    tensors
}
