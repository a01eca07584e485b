//! The decoder against candle's own, and against itself in other portions.
mod families;

use super::{CHUNK, CacheType, Config, KvCache, Model};
use crate::{
    gguf::{Gguf, Source, testing::tiny},
    sampler::greedy,
    testing,
};
use candle_core::{Device, Tensor, quantized::gguf_file};
use candle_transformers::models::quantized_llama::ModelWeights;
use std::{fs::File, io::BufReader, path::Path};

fn read(bytes: &[u8]) -> Model {
    let mut source = Source::new(bytes, bytes.len() as u64);
    let gguf = Gguf::read(&mut source).unwrap();
    let config = Config::new(&gguf).unwrap();
    Model::read(&mut source, &gguf, config).unwrap()
}

fn open(path: &Path) -> Model {
    read(&std::fs::read(path).unwrap())
}

/// Logits after the last token, read in portions.
fn logits(model: &Model, cache: &mut KvCache, tokens: &[u32], portion: usize) -> Vec<f32> {
    let mut last = Vec::new();
    for tokens in tokens.chunks(portion) {
        last = model.forward(tokens, 1, cache, &|| false).unwrap().unwrap().to_vec();
    }
    last
}

fn prompt(count: u32, vocabulary: u32) -> Vec<u32> {
    (0..count).map(|i| (i * i * 31 + i * 7 + 3) % vocabulary).collect()
}

/// Largest difference relative to the spread of the expected logits.
fn difference(a: &[f32], b: &[f32]) -> f32 {
    let spread = b.iter().map(|x| x.abs()).fold(0.0, f32::max);
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) / spread
}

#[test]
fn portions_do_not_matter() {
    let model = read(&tiny().build());
    let tokens = prompt(50, 259);
    let whole = logits(&model, &mut KvCache::new(model.config()), &tokens, CHUNK);
    for portion in [1, 2, 7, 16, 31] {
        let parts = logits(&model, &mut KvCache::new(model.config()), &tokens, portion);
        assert!(difference(&parts, &whole) < 1e-5, "{portion}");
    }
    let mut cache = KvCache::new(model.config());
    logits(&model, &mut cache, &prompt(40, 250), 9);
    cache.truncate(0);
    logits(&model, &mut cache, &tokens[..20], 20);
    assert!(difference(&logits(&model, &mut cache, &tokens[20..], 30), &whole) < 1e-5);
}

/// A cache that holds its numbers at 8 bits.
fn eight(model: &Model) -> KvCache {
    KvCache::new(&Config { cache_type: CacheType::Q8, ..model.config().clone() })
}

#[test]
fn keys_and_values_at_8_bits_serve_in_any_portions() {
    let default = testing::model().map(|path| open(&path));
    for model in [Some(read(&tiny().build())), default].into_iter().flatten() {
        let tokens = prompt(60, 259);
        let exact = logits(&model, &mut KvCache::new(model.config()), &tokens, CHUNK);
        let whole = logits(&model, &mut eight(&model), &tokens, CHUNK);
        let difference = difference(&whole, &exact);
        assert!(difference > 0.0 && difference < 0.03, "{difference}");
        let mut cache = eight(&model);
        logits(&model, &mut cache, &prompt(40, 250), 9);
        cache.truncate(0);
        assert_eq!(logits(&model, &mut cache, &tokens, 7), whole);
    }
}

#[test]
fn a_cancelled_chunk_leaves_the_cache_as_it_was() {
    let model = read(&tiny().build());
    let mut cache = KvCache::new(model.config());
    logits(&model, &mut cache, &[1, 2, 3], 3);
    assert!(model.forward(&[4, 5], 1, &mut cache, &|| true).unwrap().is_none());
    assert_eq!(cache.len(), 3);
    let after = logits(&model, &mut cache, &[6], 1);
    let fresh = logits(&model, &mut KvCache::new(model.config()), &[1, 2, 3, 6], 4);
    assert!(difference(&after, &fresh) < 1e-5);
}

#[test]
fn the_default_model_agrees_with_candle() {
    let Some(path) = testing::model() else { return };
    let model = open(&path);
    let mut file = BufReader::new(File::open(&path).unwrap());
    let content = gguf_file::Content::read(&mut file).unwrap();
    let mut reference = ModelWeights::from_gguf(content, &mut file, &Device::Cpu).unwrap();
    let tokens = prompt(40, 49_152);
    let input = Tensor::from_slice(&tokens, (1, tokens.len()), &Device::Cpu).unwrap();
    let expected =
        reference.forward(&input, 0).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
    let whole = logits(&model, &mut KvCache::new(model.config()), &tokens, CHUNK);
    for portion in [CHUNK, 13, 1] {
        let got = logits(&model, &mut KvCache::new(model.config()), &tokens, portion);
        assert_eq!(got, whole, "{portion}");
        let difference = difference(&got, &expected);
        assert!(difference < 0.03, "{difference}");
        assert_eq!(greedy(&got), greedy(&expected));
    }
}
