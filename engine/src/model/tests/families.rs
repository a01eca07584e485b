//! Every family on a tiny made-up model: logits as llama.cpp computes them.
use super::{logits, prompt, read};
use crate::{
    gguf::testing::{Writer, tiny},
    model::{CHUNK, KvCache},
};

/// What a family has beside the Llama's tensors.
#[derive(Clone, Copy, Default)]
struct Parts {
    biases: bool,
    fused: bool,
    head_norms: bool,
    post_norms: bool,
}

fn shapes(parts: Parts) -> Vec<(&'static str, Vec<u64>)> {
    let mut shapes = vec![("attn_norm.weight", vec![32]), ("ffn_norm.weight", vec![32])];
    if parts.fused {
        shapes.extend([("attn_qkv.weight", vec![32, 64]), ("ffn_up.weight", vec![32, 128])]);
    } else {
        shapes.extend([("attn_q.weight", vec![32, 32]), ("attn_k.weight", vec![32, 16])]);
        shapes.extend([("attn_v.weight", vec![32, 16]), ("ffn_gate.weight", vec![32, 64])]);
        shapes.push(("ffn_up.weight", vec![32, 64]));
    }
    shapes.extend([("attn_output.weight", vec![32, 32]), ("ffn_down.weight", vec![64, 32])]);
    if parts.biases {
        shapes.extend([("attn_q.bias", vec![32]), ("attn_k.bias", vec![16])]);
        shapes.push(("attn_v.bias", vec![16]));
    }
    if parts.head_norms {
        shapes.extend([("attn_q_norm.weight", vec![16]), ("attn_k_norm.weight", vec![16])]);
    }
    if parts.post_norms {
        shapes
            .extend([("post_attention_norm.weight", vec![32]), ("post_ffw_norm.weight", vec![32])]);
    }
    shapes
}

/// A model of a family, with weights that a formula gives.
fn model(architecture: &str, layers: u32, parts: Parts) -> Writer {
    let mut writer = tiny().text("general.architecture", architecture);
    writer.keys.retain(|(key, _)| !key.starts_with("llama."));
    writer.tensors.clear();
    writer.data.clear();
    for (key, value) in [
        ("block_count", layers),
        ("context_length", 64),
        ("embedding_length", 32),
        ("feed_forward_length", 64),
        ("attention.head_count", 2),
        ("attention.head_count_kv", 1),
        ("attention.key_length", 16),
        ("attention.value_length", 16),
        ("rope.dimension_count", 16),
    ] {
        writer = writer.int(&format!("{architecture}.{key}"), value);
    }
    writer = writer.float(&format!("{architecture}.attention.layer_norm_rms_epsilon"), 1e-5);
    let mut tensors = vec![
        ("token_embd.weight".to_owned(), vec![32, 259]),
        ("output_norm.weight".to_owned(), vec![32]),
    ];
    for layer in 0..layers {
        let named = |(name, dims)| (format!("blk.{layer}.{name}"), dims);
        tensors.extend(shapes(parts).into_iter().map(named));
    }
    for (seed, (name, dims)) in (1..).zip(tensors) {
        let is_norm = dims.len() == 1 && name.contains("norm");
        writer = writer.tensor(&name, &dims, |i| {
            let value = ((i * 7919 + seed * 104_729) % 1009) as f32 / 504.5 - 1.0;
            if is_norm { 1.0 + 0.2 * value } else { 0.35 * value }
        });
    }
    writer
}

/// Logits of tokens 0, 100 and 200 after 24 tokens; llama.cpp of 2026 computed them at 32 bits.
#[test]
fn logits_are_those_of_llama_cpp() {
    let plain = Parts::default();
    let biases = Parts { biases: true, ..plain };
    let fused = Parts { fused: true, ..plain };
    let head_norms = Parts { head_norms: true, ..plain };
    let post_norms = Parts { post_norms: true, ..plain };
    let both_norms = Parts { head_norms: true, post_norms: true, ..plain };
    let yarn = model("llama", 1, plain)
        .text("llama.rope.scaling.type", "yarn")
        .float("llama.rope.scaling.factor", 4.0)
        .int("llama.rope.scaling.original_context_length", 16);
    let window = "attention.sliding_window";
    for (writer, expected, best) in [
        (yarn, [2.5543, -2.8601, -0.1710], 1),
        (model("qwen2", 1, biases), [0.7049, -1.0532, 0.1781], 42),
        (model("qwen3", 1, head_norms), [0.0236, -0.1409, 0.2650], 42),
        (model("gemma", 1, plain), [0.0696, -0.6639, 0.1607], 42),
        (
            model("gemma2", 2, post_norms).int(&format!("gemma2.{window}"), 4),
            [-1.5738, -0.5194, 1.1506],
            63,
        ),
        (
            model("gemma3", 6, both_norms).int(&format!("gemma3.{window}"), 4),
            [-0.0530, -3.9843, 1.6990],
            246,
        ),
        (model("phi3", 1, fused), [-0.2913, 1.4902, -1.8378], 184),
        (model("smollm3", 4, plain), [0.8222, -1.2737, 0.0021], 42),
    ] {
        let model = read(&writer.build());
        let tokens = prompt(24, 259);
        for portion in [CHUNK, 5] {
            let mut cache = KvCache::new(model.config());
            let got = logits(&model, &mut cache, &tokens, portion);
            let architecture = model.config().architecture;
            for (token, expected) in [0, 100, 200].into_iter().zip(expected) {
                let difference = (got[token] - expected).abs();
                assert!(difference < 0.02, "{architecture}: {} {expected}", got[token]);
            }
            assert_eq!(crate::sampler::greedy(&got), best, "{architecture}");
        }
    }
}
