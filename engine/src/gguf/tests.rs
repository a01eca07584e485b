//! Broken files are refused with a sentence; none brings the program down.
use super::{
    Gguf, Source,
    testing::{Writer, string, tiny},
};
use crate::{
    Engine, Error,
    model::{CacheType, Config},
};
use proptest::prelude::*;
use std::io::Write;

/// Loads bytes as a model through a file, as the program does.
fn load(bytes: &[u8]) -> Result<Engine, String> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    Engine::load(file.path()).map_err(|error| match error {
        Error::Model { what, .. } => what,
        other => panic!("another kind of error: {other}"),
    })
}

#[track_caller]
fn refused(writer: &Writer, words: &str) {
    let what = load(&writer.build()).err().expect("refused");
    assert!(what.contains(words), "{what}");
    assert!(what.len() < 200, "{}", what.len());
}

#[test]
fn a_whole_file_loads() {
    let engine = load(&tiny().build()).unwrap();
    assert_eq!(engine.info().architecture, "llama");
    assert_eq!(engine.info().quantisation, "F32");
    assert_eq!(engine.info().context_length, 64);
}

#[test]
fn other_files_are_not_models() {
    for bytes in [&b""[..], b"GG", b"hello, I am a text file and no model", b"\x89PNG\r\n\x1a\n"] {
        assert_eq!(load(bytes).err().unwrap(), "not a model file (GGUF)");
    }
}

#[test]
fn every_truncation_is_refused() {
    let bytes = tiny().build();
    for length in (0..bytes.len() - 32).step_by(13).chain(bytes.len() - 200..bytes.len() - 32) {
        assert!(load(&bytes[..length]).is_err(), "{length}");
    }
    assert_eq!(load(&bytes[..bytes.len() / 2]).err().unwrap(), "the model file is cut short");
}

#[test]
fn counts_and_lengths_of_a_liar_are_refused() {
    refused(&Writer { tensor_count: Some(1 << 40), ..tiny() }, "more than 4096 tensors");
    refused(&Writer { tensor_count: Some(100), ..tiny() }, "");
    refused(&Writer { key_count: Some(1 << 40), ..tiny() }, "more than 2048 metadata keys");
    refused(&tiny().raw("a", 8, &(1_u64 << 62).to_le_bytes()), "cut short");
    let array = |kind: u32, count: u64| [&kind.to_le_bytes()[..], &count.to_le_bytes()].concat();
    refused(&tiny().raw("a", 9, &array(0, 1 << 62)), "cut short");
    refused(
        &tiny().raw("a", 9, &[array(0, 2 << 20), vec![0; 2 << 20]].concat()),
        "a list of more than",
    );
    refused(&tiny().raw("a", 9, &[array(9, 1), array(0, 0)].concat()), "list of lists");
    refused(&tiny().raw("a", 8, &string(&"x".repeat(2 << 20))), "more than 1 MiB");
    refused(&tiny().raw("a", 99, &[]), "unknown kind");
}

#[test]
fn a_bad_alignment_is_refused() {
    for alignment in [0, 1, 16, 48, 128, u32::MAX] {
        refused(&tiny().int("general.alignment", alignment), "general.alignment is out of range");
    }
    refused(&tiny().text("general.alignment", "32"), "wrong kind");
}

#[test]
fn twins_are_refused() {
    let mut writer = tiny();
    writer.keys.push(writer.keys[0].clone());
    refused(&writer, "a key is there twice");
    let mut writer = tiny();
    writer.tensors.push(writer.tensors[0].clone());
    refused(&writer, "a tensor is there twice");
}

#[test]
fn shapes_that_overflow_or_lie_are_refused() {
    let with = |dims: &[u64], kind| {
        let mut writer = tiny();
        writer.tensors[3].1 = dims.to_vec();
        writer.tensors[3].2 = kind;
        writer
    };
    refused(&with(&[1 << 32, 1 << 32], 0), "impossible size");
    refused(&with(&[64, (1 << 58) + 1], 0), "impossible size");
    refused(&with(&[32, 32 + (1 << 63)], 0), "impossible size");
    refused(&with(&[1 << 30, 1 << 30, 1 << 30], 0), "impossible shape");
    refused(&with(&[0, 32], 0), "impossible size");
    refused(&with(&[], 0), "shape of 1 to 4");
    refused(&with(&[1; 5], 0), "shape of 1 to 4");
    refused(&with(&[31, 32], 2), "impossible shape");
    refused(&with(&[32, 31], 0), "unexpected shape of blk.0.attn_q.weight");
    refused(&with(&[32, 32], 77), "unknown quantisation (type 77)");
}

#[test]
fn tensors_outside_unaligned_or_overlapping_are_refused() {
    let at = |offset| {
        let mut writer = tiny();
        writer.tensors[3].3 = offset;
        writer
    };
    refused(&at(u64::MAX - 31), "cut short");
    refused(&at(1 << 62), "cut short");
    refused(&at(3), "not aligned");
    refused(&at(0), "overlap");
}

#[test]
fn numbers_out_of_range_are_refused() {
    for (key, values) in [
        ("llama.block_count", &[0, 2, 1 << 20, u32::MAX][..]),
        ("llama.context_length", &[0, u32::MAX]),
        ("llama.embedding_length", &[0, 31, u32::MAX]),
        ("llama.feed_forward_length", &[0, 63, u32::MAX]),
        ("llama.attention.head_count", &[0, 3, u32::MAX]),
        ("llama.attention.head_count_kv", &[0, 2, 3, u32::MAX]),
        ("llama.attention.key_length", &[0, 7, 8, 32, u32::MAX]),
        ("llama.rope.dimension_count", &[0, 1, 18, u32::MAX]),
        ("llama.vocab_size", &[0, 7]),
        ("tokenizer.ggml.eos_token_id", &[100_000, u32::MAX]),
    ] {
        for &value in values {
            refused(&tiny().int(key, value), "");
        }
    }
    refused(&tiny().float("llama.attention.layer_norm_rms_epsilon", f32::NAN), "out of range");
    refused(&tiny().float("llama.rope.freq_base", 0.0), "out of range");
    refused(&tiny().text("llama.block_count", &"x".repeat(1 << 19)), "wrong kind");
    refused(&tiny().text("general.architecture", "rnn\u{1b}[31m"), "unknown architecture rnn[31m");
    refused(&tiny().text("tokenizer.ggml.pre", "odd"), "unknown tokenizer odd");
    refused(&tiny().text("llama.rope.scaling.type", "odd"), "stretches its context");
}

#[test]
fn tensors_of_unknown_use_or_missing_ones_are_refused() {
    refused(
        &tiny().tensor("blk.0.extra.weight", &[32], |_| 0.0),
        "unknown use (blk.0.extra.weight)",
    );
    let mut writer = tiny();
    writer.tensors.remove(4);
    refused(&writer, "blk.0.attn_k.weight is missing");
}

#[test]
fn odd_tokenizers_are_refused_or_used() {
    let kinds = |count: usize| vec![1; count];
    refused(&tiny().ints("tokenizer.ggml.token_type", &kinds(3)), "differ in number");
    refused(&tiny().texts("tokenizer.ggml.tokens", &[]), "");
    refused(&tiny().text("tokenizer.ggml.model", "llama"), "differ in number");
    refused(&tiny().text("tokenizer.chat_template", "{% for %}"), "chat template can't be read");
    let merges = ["h zzz", " ", "", "  ", "h e e", "he he"].map(String::from);
    assert!(load(&tiny().texts("tokenizer.ggml.merges", &merges).build()).is_ok());
}

#[test]
fn a_model_larger_than_memory_is_refused() {
    let bytes = tiny().build();
    let mut source = Source::new(&bytes[..], bytes.len() as u64);
    let gguf = Gguf::read(&mut source).unwrap();
    let fit = |available, cache| {
        let mut config = Config::new(&gguf).unwrap();
        let bytes = crate::memory::fit(&gguf, &mut config, available, cache)?;
        Ok::<_, String>((bytes, config.cache_type, config.context))
    };
    let (needed, cache, _) = fit(None, None).unwrap();
    assert!(needed > gguf.weight_bytes() && cache == CacheType::F16);
    assert_eq!(fit(Some(needed), None).unwrap(), (needed, CacheType::F16, 64));
    // Where memory is short, keys and values take less.
    let (less, cache, context) = fit(Some(needed - 1), None).unwrap();
    assert!(less < needed && cache == CacheType::Q8 && context == 64);
    for (available, cache) in [(less - 1, None), (needed - 1, Some(CacheType::F16))] {
        let what = fit(Some(available), cache).unwrap_err();
        assert!(what.starts_with("the model needs more memory than there is"), "{what}");
    }
}

/// A reader that ends, or goes on with other bytes, although the file was longer when it was opened.
#[test]
fn a_file_that_shrinks_or_changes_while_it_is_read_does_no_harm() {
    let bytes = tiny().build();
    let length = bytes.len() as u64;
    let available = Some(1 << 30);
    for left in (0..bytes.len()).step_by(997).chain([bytes.len() - 1]) {
        let shrunk = Source::new(&bytes[..left], length);
        let what = Engine::read(shrunk, "tiny".into(), available, None).err().unwrap();
        let cut = if left < 4 { "not a model file (GGUF)" } else { "the model file is cut short" };
        assert_eq!(what, cut, "{left}");
        let changed =
            Source::new(std::io::Read::chain(&bytes[..left], std::io::repeat(0x7f)), length);
        let _ = Engine::read(changed, "tiny".into(), available, None);
    }
}

#[test]
fn a_header_without_end_is_refused() {
    let text = "x".repeat(1 << 20);
    let many = (0..130).fold(Writer::default(), |writer, n| writer.text(&format!("a{n}"), &text));
    refused(&many, "more than 128 MiB");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_flipped_bit_never_crashes(bit in any::<prop::sample::Index>()) {
        let mut bytes = tiny().build();
        let header = bytes.len() - tiny().data.len();
        let bit = bit.index(header * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        if let Ok(mut engine) = load(&bytes) {
            // What still loads also computes.
            let message = crate::Message { role: crate::Role::User, content: "hello".into() };
            let _ = engine.log_probability(&[message], "he");
        }
    }

    #[test]
    fn random_bytes_never_crash(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let framed = [b"GGUF\x03\0\0\0".to_vec(), bytes].concat();
        prop_assert!(load(&framed).is_err());
    }
}
