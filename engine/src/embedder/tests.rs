//! The encoder against candle's own, at 32 bits.
use super::{Embedder, groups, words::Tokens};
use crate::{generation::CancelToken, gguf::testing::Writer, testing};
use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

const TEXTS: [&str; 4] = [
    "Up betimes and to the office, where we sat all the morning.",
    "We spent the forenoon working at our desks.",
    "The cat had three kittens in the barn!",
    "",
];

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn embed(embedder: &Embedder, texts: &[&str]) -> Vec<Vec<f32>> {
    embedder.embed(texts, &CancelToken::default()).unwrap().unwrap()
}

#[test]
fn vectors_are_those_of_the_exact_model() {
    let Some(folder) = testing::models("all-MiniLM-L6-v2") else { return };
    let embedder = Embedder::load(&folder).unwrap();
    let config: Config =
        serde_json::from_slice(&fs::read(folder.join("config.json")).unwrap()).unwrap();
    let weights = fs::read(folder.join("model.safetensors")).unwrap();
    let builder = VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu).unwrap();
    let reference = BertModel::load(builder, &config).unwrap();
    let long = TEXTS[0].repeat(40);
    for text in TEXTS.into_iter().chain([long.as_str()]) {
        let ids = embedder.words.tokens(text).unwrap().to_vec();
        assert!(ids.len() <= 256);
        let ids = Tensor::new(ids, &Device::Cpu).unwrap().unsqueeze(0).unwrap();
        let hidden = reference.forward(&ids, &ids.zeros_like().unwrap(), None).unwrap();
        let mean = hidden.mean(1).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let vector = embed(&embedder, &[text]).remove(0);
        let cosine = dot(&vector, &mean) / dot(&mean, &mean).sqrt();
        assert!(cosine > 0.999_99, "{cosine}");
    }
}

#[test]
fn texts_side_by_side_give_what_each_gives_alone() {
    let Some(folder) = testing::models("all-MiniLM-L6-v2") else { return };
    let embedder = Embedder::load(&folder).unwrap();
    let together = embed(&embedder, &TEXTS);
    assert_eq!(together.len(), TEXTS.len());
    for (text, vector) in TEXTS.iter().zip(&together) {
        assert_eq!(vector.len(), embedder.dimensions());
        assert!((dot(vector, vector) - 1.0).abs() < 1e-5);
        assert_eq!(&embed(&embedder, &[text])[0], vector);
    }
    assert!(dot(&together[0], &together[1]) > dot(&together[0], &together[2]) + 0.2);
    assert!(embed(&embedder, &[]).is_empty());
}

#[test]
fn cancelling_is_seen_at_once_and_leaves_nothing() {
    let Some(folder) = testing::models("all-MiniLM-L6-v2") else { return };
    let embedder = Embedder::load(&folder).unwrap();
    let long = TEXTS[0].repeat(40);
    let cancel = CancelToken::default();
    let seen = std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            // Minutes of work, were it done to the end.
            let vectors = embedder.embed(&vec![&*long; 4000], &cancel).unwrap();
            (vectors, Instant::now())
        });
        let canceled = Instant::now();
        cancel.cancel();
        let (vectors, ended) = thread.join().unwrap();
        assert!(vectors.is_none());
        ended - canceled
    });
    // 100 ms are meant; a busy machine takes longer to run a thread at all.
    assert!(seen < Duration::from_secs(2), "{seen:?}");
}

#[test]
fn every_text_is_in_one_group_and_every_thread_has_some() {
    let texts = |lengths: &[usize]| -> Vec<Tokens> {
        lengths.iter().map(|length| vec![0; *length].into()).collect()
    };
    for (lengths, threads) in [(vec![], 2), (vec![9], 2), (vec![100; 7], 2), (vec![256; 99], 8)] {
        let found = groups(&texts(&lengths), threads);
        let inside: Vec<usize> = found.iter().cloned().flatten().collect();
        assert_eq!(inside, (0..lengths.len()).collect::<Vec<_>>());
    }
    assert!(groups(&texts(&[100; 4]), 2).len() >= 2);
}

#[test]
fn a_folder_without_a_model_or_with_a_damaged_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Embedder::load(folder.path()).is_err());
    let Some(source) = testing::models("all-MiniLM-L6-v2") else { return };
    for name in ["config.json", "tokenizer.json"] {
        fs::copy(source.join(name), folder.path().join(name)).unwrap();
    }
    let weights = fs::read(source.join("model.safetensors")).unwrap();
    for damaged in [&weights[..weights.len() / 2], &weights[..100], b"", &[255; 64]] {
        fs::write(folder.path().join("model.safetensors"), damaged).unwrap();
        let error = Embedder::load(folder.path()).err().unwrap().to_string();
        assert!(error.starts_with("model.safetensors is damaged"), "{error}");
    }
}

/// A tiny encoder with weights that mean nothing. Those that are the same for every token are small: they would
/// drown what differs.
fn tiny() -> Writer {
    let tokens: Vec<String> = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
        .into_iter()
        .map(String::from)
        .chain(('a'..='z').map(|c| format!("\u{2581}{c}")))
        .chain(('a'..='z').map(String::from))
        .collect();
    let count = tokens.len() as u64;
    let mut writer = Writer::default()
        .text("general.architecture", "bert")
        .text("tokenizer.ggml.model", "bert")
        .texts("tokenizer.ggml.tokens", &tokens)
        .ints("tokenizer.ggml.token_type", &[[3; 4].as_slice(), &[1; 52]].concat())
        .int("tokenizer.ggml.unknown_token_id", 1)
        .int("tokenizer.ggml.cls_token_id", 2)
        .int("tokenizer.ggml.seperator_token_id", 3)
        .int("bert.pooling_type", 1);
    for (key, value) in [
        ("block_count", 1),
        ("context_length", 16),
        ("embedding_length", 32),
        ("feed_forward_length", 64),
        ("attention.head_count", 2),
    ] {
        writer = writer.int(&format!("bert.{key}"), value);
    }
    writer = writer.float("bert.attention.layer_norm_epsilon", 1e-12);
    let shapes: [(&str, &[u64]); 19] = [
        ("token_embd.weight", &[32, count]),
        ("position_embd.weight", &[32, 16]),
        ("token_types.weight", &[32, 2]),
        ("token_embd_norm.weight", &[32]),
        ("token_embd_norm.bias", &[32]),
        ("blk.0.attn_q.weight", &[32, 32]),
        ("blk.0.attn_q.bias", &[32]),
        ("blk.0.attn_k.weight", &[32, 32]),
        ("blk.0.attn_k.bias", &[32]),
        ("blk.0.attn_v.weight", &[32, 32]),
        ("blk.0.attn_v.bias", &[32]),
        ("blk.0.attn_output.weight", &[32, 32]),
        ("blk.0.attn_output.bias", &[32]),
        ("blk.0.attn_output_norm.weight", &[32]),
        ("blk.0.attn_output_norm.bias", &[32]),
        ("blk.0.ffn_up.weight", &[32, 64]),
        ("blk.0.ffn_up.bias", &[64]),
        ("blk.0.ffn_down.weight", &[64, 32]),
        ("blk.0.ffn_down.bias", &[32]),
    ];
    let norm: [(&str, &[u64]); 2] =
        [("blk.0.layer_output_norm.weight", &[32]), ("blk.0.layer_output_norm.bias", &[32])];
    for (seed, (name, dims)) in (1..).zip(shapes.into_iter().chain(norm)) {
        let (middle, spread) = if name.ends_with("norm.weight") { (1.0, 0.1) } else { (0.0, 0.2) };
        let between = |i: u64| ((i * 7919 + seed * 104_729) % 1009) as f32 / 504.5 - 1.0;
        writer = writer.tensor(name, dims, |i| middle + spread * between(i));
    }
    writer
}

fn load(folder: &Path, bytes: &[u8]) -> crate::Result<Embedder> {
    let path = folder.join("model.gguf");
    fs::write(&path, bytes).unwrap();
    Embedder::load(&path)
}

#[test]
fn a_model_file_makes_vectors_and_a_bad_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mean = load(folder.path(), &tiny().build()).unwrap();
    let tokens = |text: &str| mean.words.tokens(text).unwrap().to_vec();
    assert_eq!(tokens("A bc"), [2, 4, 5, 32, 3]);
    assert_eq!(tokens(&"a ".repeat(99)).len(), 16);
    let first = load(folder.path(), &tiny().int("bert.pooling_type", 2).build()).unwrap();
    let vectors = [&mean, &first].map(|it| embed(it, &["a b c"]).remove(0));
    assert!(vectors.iter().all(|vector| (dot(vector, vector) - 1.0).abs() < 1e-5));
    // What NumPy makes of the same weights, at 64 bits.
    let exact =
        [[-0.026_31, 0.222_30, -0.245_07, -0.048_11], [-0.069_31, 0.244_20, -0.192_52, -0.087_29]];
    for (vector, exact) in vectors.iter().zip(exact) {
        assert!(vector.iter().zip(exact).all(|(a, b)| (a - b).abs() < 1e-3), "{vector:?}");
    }
    let refused = |writer: Writer, why: &str| {
        let error = load(folder.path(), &writer.build()).err().unwrap().to_string();
        assert!(error.starts_with(why), "{error}");
    };
    refused(
        tiny().text("general.architecture", "llama"),
        "the model makes no vectors of texts: llama",
    );
    refused(tiny().int("bert.pooling_type", 4), "the model makes no vectors of texts");
    refused(tiny().int("bert.attention.head_count", 3), "the model's numbers do not fit");
    refused(tiny().int("bert.feed_forward_length", 32), "damaged model file: unexpected shape");
    refused(tiny().int("bert.block_count", 2), "damaged model file: blk.1");
    refused(tiny().int("bert.block_count", 1 << 30), "damaged model file: bert.block_count");
    refused(tiny().text("tokenizer.ggml.model", "t5"), "the model's kind of tokenizer");
    let odd = tiny().tensor("blk.0.attn_q_norm.weight", &[32], |_| 1.0);
    refused(odd, "the model has a tensor of unknown use");
    let broken = tiny().tensor("x", &[1], |_| 1.0);
    refused(broken, "the model has a tensor of unknown use");
    let whole = tiny().build();
    for length in [0, 3, 100, whole.len() / 2, whole.len() - 1] {
        assert!(load(folder.path(), &whole[..length]).is_err());
    }
}

#[test]
fn a_weight_that_is_no_number_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = tiny().build();
    let end = bytes.len() - 64 * 32 * 4;
    // Somewhere in the last matrix.
    bytes[end..][..4].copy_from_slice(&f32::NAN.to_le_bytes());
    let error = load(folder.path(), &bytes).err().unwrap().to_string();
    assert!(error.starts_with("damaged model file: a weight is no number"), "{error}");
}
