//! A model as sentence-transformers stores it: a folder with `model.safetensors` and small files beside it.
use super::{
    EmbedderInfo,
    bert::{Bert, Pooling, Size},
    fingerprint::fingerprint,
    tensors::Tensors,
    words::Words,
};
use crate::{
    error::Checked,
    gguf::{TensorInfo, TensorType},
};
use candle_core::quantized::GgmlDType;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{Error, ErrorKind, Read as _},
    path::Path,
};

/// Tokens of a text that are read when the folder does not say; the rest is left out.
const MAX_TOKENS: usize = 256;
/// A small file larger than this, or a header of tensors, is none.
const MAX_SMALL_FILE: u64 = 64 << 20;
const DAMAGED: &str = "model.safetensors is damaged";

/// Names of tensors here and in a GGUF file.
const NAMES: [(&str, &str); 12] = [
    ("embeddings.word_embeddings", "token_embd"),
    ("embeddings.position_embeddings", "position_embd"),
    ("embeddings.token_type_embeddings", "token_types"),
    ("embeddings.LayerNorm", "token_embd_norm"),
    ("attention.self.query", "attn_q"),
    ("attention.self.key", "attn_k"),
    ("attention.self.value", "attn_v"),
    ("attention.output.dense", "attn_output"),
    ("attention.output.LayerNorm", "attn_output_norm"),
    ("intermediate.dense", "ffn_up"),
    ("output.dense", "ffn_down"),
    ("output.LayerNorm", "layer_output_norm"),
];

/// The small files that a vector depends on.
const CONFIG: &str = "config.json";
const POOLING: &str = "1_Pooling/config.json";
const LIMIT: &str = "sentence_bert_config.json";
const TOKENIZER: &str = "tokenizer.json";
const WEIGHTS: &str = "model.safetensors";

/// Which model a folder holds.
pub(super) fn info(folder: &Path) -> Checked<EmbedderInfo> {
    let others = [CONFIG, POOLING, LIMIT, TOKENIZER].map(|name| folder.join(name));
    let weights = folder.join(WEIGHTS);
    let fingerprint =
        fingerprint(&weights, &others).map_err(|error| unreadable(&weights, &error))?;
    Ok(EmbedderInfo { dimensions: size(folder)?.width, fingerprint })
}

/// Reads a folder.
pub(super) fn read(folder: &Path) -> Checked<(Words, Bert)> {
    let size = size(folder)?;
    let limit = optional_json(&folder.join(LIMIT))?["max_seq_length"].as_u64();
    let most = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(MAX_TOKENS);
    let most = most.clamp(3, 512).min(size.positions);
    let words = Words::from_json(&small_file(&folder.join(TOKENIZER))?, most)?;
    let path = folder.join(WEIGHTS);
    let file = File::open(&path).map_err(|error| unreadable(&path, &error))?;
    let tensors = Tensors::new(safetensors(&file)?, file, DAMAGED);
    Ok((words, Bert::read(&tensors, size)?))
}

fn size(folder: &Path) -> Checked<Size> {
    let config = json(&folder.join(CONFIG))?;
    let pooling = optional_json(&folder.join(POOLING))?;
    let number = |key: &str| {
        let value = config[key].as_u64().and_then(|value| usize::try_from(value).ok());
        value.ok_or(format!("config.json: {key} is out of range"))
    };
    if config["hidden_act"].as_str().is_some_and(|name| name != "gelu") {
        return Err("config.json: hidden_act is unknown".into());
    }
    Size {
        width: number("hidden_size")?,
        heads: number("num_attention_heads")?,
        forward: number("intermediate_size")?,
        layers: number("num_hidden_layers")?,
        vocabulary: number("vocab_size")?,
        positions: number("max_position_embeddings")?,
        epsilon: config["layer_norm_eps"].as_f64().unwrap_or(1e-12) as f32,
        pooling: match pooling["pooling_mode_cls_token"].as_bool() {
            Some(true) => Pooling::First,
            _ => Pooling::Mean,
        },
    }
    .checked()
}

/// The places of the tensors of a safetensors file, by their names in a GGUF file; others are left out.
///
/// Format: <https://github.com/huggingface/safetensors#format>: the length of the header (64 bits, little endian), the
/// header (JSON), the numbers.
fn safetensors(mut file: &File) -> Checked<BTreeMap<String, TensorInfo>> {
    let length = file.metadata().map_err(|_| DAMAGED)?.len();
    let mut bytes = [0; 8];
    file.read_exact(&mut bytes).map_err(|_| DAMAGED)?;
    let start = u64::from_le_bytes(bytes);
    let fits = start <= MAX_SMALL_FILE && start <= length.saturating_sub(8);
    let mut header = vec![0; usize::try_from(start).ok().filter(|_| fits).ok_or(DAMAGED)?];
    file.read_exact(&mut header).map_err(|_| DAMAGED)?;
    let header: BTreeMap<String, Value> = serde_json::from_slice(&header).map_err(|_| DAMAGED)?;
    let mut tensors = BTreeMap::new();
    for (name, tensor) in header {
        let (Some(name), Some(kind)) = (common_name(&name), kind(&tensor)) else { continue };
        let info = place(&tensor, kind, (8 + start, length)).ok_or(DAMAGED)?;
        tensors.insert(name, info);
    }
    Ok(tensors)
}

fn kind(tensor: &Value) -> Option<TensorType> {
    match tensor["dtype"].as_str()? {
        "F32" => Some(TensorType::F32),
        "F16" => Some(TensorType::Candle(GgmlDType::F16)),
        "BF16" => Some(TensorType::Candle(GgmlDType::BF16)),
        _ => None,
    }
}

/// Where a tensor lies, between the start of the numbers and the end of the file; `None` when it makes no sense.
fn place(tensor: &Value, kind: TensorType, (start, end): (u64, u64)) -> Option<TensorInfo> {
    let numbers = |key: &str| -> Option<Vec<u64>> {
        tensor[key].as_array()?.iter().map(Value::as_u64).collect()
    };
    let shape = numbers("shape")?;
    let values = shape.iter().try_fold(1_u64, |product, size| product.checked_mul(*size))?;
    let bytes = values.checked_mul(kind.block_bytes() as u64)?;
    let (from, to) = (*numbers("data_offsets")?.first()?, *numbers("data_offsets")?.get(1)?);
    let fits = to.checked_sub(from)? == bytes && start.checked_add(to)? <= end;
    let dims = shape.into_iter().rev().map(usize::try_from).collect::<Result<_, _>>().ok()?;
    fits.then_some(TensorInfo { dims, kind, offset: start + from, bytes })
}

/// The name in a GGUF file; `None` for what is not used.
fn common_name(name: &str) -> Option<String> {
    let name = name.strip_prefix("bert.").unwrap_or(name);
    let (stem, end) = name.rsplit_once('.')?;
    let (layer, part) = match stem.strip_prefix("encoder.layer.") {
        Some(rest) => rest.split_once('.')?,
        None => ("", stem),
    };
    let (_, common) = NAMES.iter().find(|(theirs, _)| *theirs == part)?;
    Some(match layer {
        "" => format!("{common}.{end}"),
        _ => format!("blk.{layer}.{common}.{end}"),
    })
}

/// Null where there is no such file.
fn optional_json(path: &Path) -> Checked<Value> {
    if path.exists() { json(path) } else { Ok(Value::Null) }
}

fn json(path: &Path) -> Checked<Value> {
    serde_json::from_slice(&small_file(path)?).map_err(|_| format!("{} can't be read", name(path)))
}

fn small_file(path: &Path) -> Checked<Vec<u8>> {
    let read = || match fs::metadata(path)?.len() {
        0..=MAX_SMALL_FILE => fs::read(path),
        _ => Err(ErrorKind::FileTooLarge.into()),
    };
    read().map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &Error) -> String {
    format!("{} can't be read: {}", name(path), error.kind())
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
