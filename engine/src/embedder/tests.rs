//! The encoder against candle's own, at 32 bits.
use super::Embedder;
use crate::testing;
use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};

const TEXTS: [&str; 4] = [
    "Up betimes and to the office, where we sat all the morning.",
    "We spent the forenoon working at our desks.",
    "The cat had three kittens in the barn!",
    "",
];

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn vectors_are_those_of_the_exact_model() {
    let Some(folder) = testing::models("all-MiniLM-L6-v2") else { return };
    let embedder = Embedder::load(&folder).unwrap();
    let config: Config =
        serde_json::from_slice(&std::fs::read(folder.join("config.json")).unwrap()).unwrap();
    let weights = std::fs::read(folder.join("model.safetensors")).unwrap();
    let builder = VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu).unwrap();
    let reference = BertModel::load(builder, &config).unwrap();
    let long = TEXTS[0].repeat(40);
    for text in TEXTS.into_iter().chain([long.as_str()]) {
        let ids = embedder.tokenizer.encode(text, true).unwrap().get_ids().to_vec();
        assert!(ids.len() <= 256);
        let ids = Tensor::new(ids, &Device::Cpu).unwrap().unsqueeze(0).unwrap();
        let hidden = reference.forward(&ids, &ids.zeros_like().unwrap(), None).unwrap();
        let mean = hidden.mean(1).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let vector = embedder.embed(&[text]).unwrap().remove(0);
        let cosine = dot(&vector, &mean) / dot(&mean, &mean).sqrt();
        assert!(cosine > 0.999_99, "{cosine}");
    }
}

#[test]
fn texts_side_by_side_give_what_each_gives_alone() {
    let Some(folder) = testing::models("all-MiniLM-L6-v2") else { return };
    let embedder = Embedder::load(&folder).unwrap();
    let together = embedder.embed(&TEXTS).unwrap();
    assert_eq!(together.len(), TEXTS.len());
    for (text, vector) in TEXTS.iter().zip(&together) {
        assert_eq!(vector.len(), embedder.dimensions());
        assert!((dot(vector, vector) - 1.0).abs() < 1e-5);
        assert_eq!(&embedder.embed(&[text]).unwrap()[0], vector);
    }
    assert!(dot(&together[0], &together[1]) > dot(&together[0], &together[2]) + 0.2);
    assert!(embedder.embed(&[]).unwrap().is_empty());
}

#[test]
fn a_folder_without_a_model_or_with_a_damaged_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Embedder::load(folder.path()).is_err());
    let Some(source) = testing::models("all-MiniLM-L6-v2") else { return };
    for name in ["config.json", "tokenizer.json"] {
        std::fs::copy(source.join(name), folder.path().join(name)).unwrap();
    }
    let weights = std::fs::read(source.join("model.safetensors")).unwrap();
    for damaged in [&weights[..weights.len() / 2], &weights[..100], b"", &[255; 64]] {
        std::fs::write(folder.path().join("model.safetensors"), damaged).unwrap();
        let error = Embedder::load(folder.path()).err().unwrap().to_string();
        assert!(error.starts_with("model.safetensors is damaged"), "{error}");
    }
}
