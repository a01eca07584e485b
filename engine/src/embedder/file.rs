//! A model in a GGUF file of the architecture `bert`.
use super::{
    EmbedderInfo,
    bert::{Bert, Pooling, Size},
    fingerprint::fingerprint,
    tensors::Tensors,
    words::Words,
};
use crate::{
    error::Checked,
    gguf::{Gguf, Metadata, Source, printable},
};
use std::{
    fs::File,
    io::{self, BufReader},
    path::Path,
};

const ARCHITECTURE: &str = "bert";
const NOT_AN_ENCODER: &str = "the model makes no vectors of texts";

/// Whether it is a GGUF file of an encoder, by its beginning.
pub(super) fn is_encoder(path: &Path) -> bool {
    let architecture = open(path).and_then(|(file, length)| {
        Gguf::read_architecture(&mut Source::new(BufReader::new(&file), length))
    });
    architecture.is_ok_and(|name| name.as_deref() == Some(ARCHITECTURE))
}

/// Which model a file holds.
pub(super) fn info(path: &Path) -> Checked<EmbedderInfo> {
    let (_, _, size) = header(path)?;
    let fingerprint = fingerprint(path, &[]).map_err(|error| unreadable(&error))?;
    Ok(EmbedderInfo { dimensions: size.width, fingerprint })
}

/// Reads a file.
pub(super) fn read(path: &Path) -> Checked<(Words, Bert)> {
    let (file, gguf, size) = header(path)?;
    let words = Words::from_gguf(&gguf.metadata, size.positions.min(512))?;
    Ok((words, Bert::read(&Tensors::new(gguf.tensors, file, "damaged model file"), size)?))
}

/// The checked header of a file.
fn header(path: &Path) -> Checked<(File, Gguf, Size)> {
    let (file, length) = open(path)?;
    let gguf = Gguf::read(&mut Source::new(BufReader::new(&file), length))?;
    let size = size(&gguf)?;
    check(&gguf, &size)?;
    Ok((file, gguf, size))
}

fn open(path: &Path) -> Checked<(File, u64)> {
    let open = || {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok((file, length))
    };
    open().map_err(|error| unreadable(&error))
}

fn unreadable(error: &io::Error) -> String {
    format!("the model file can't be read: {}", error.kind())
}

fn size(gguf: &Gguf) -> Checked<Size> {
    let metadata = &gguf.metadata;
    match metadata.text("general.architecture")? {
        Some(ARCHITECTURE) => {}
        Some(other) => return Err(format!("{NOT_AN_ENCODER}: {}", printable(other))),
        None => return Err("the model file names no architecture".into()),
    }
    let number = |key: &str| {
        let value = metadata.int(&format!("bert.{key}"), 1..=1 << 20)?;
        value.ok_or_else(|| format!("damaged model file: bert.{key} is missing"))
    };
    let positions = gguf.tensors.get("position_embd.weight").and_then(|t| t.dims.get(1)).copied();
    if metadata.bool("bert.attention.causal")? == Some(true) {
        return Err(NOT_AN_ENCODER.into());
    }
    Size {
        width: number("embedding_length")?,
        heads: number("attention.head_count")?,
        forward: number("feed_forward_length")?,
        layers: number("block_count")?,
        vocabulary: metadata.texts("tokenizer.ggml.tokens")?.len(),
        positions: number("context_length")?.min(positions.unwrap_or(0)),
        epsilon: metadata.float("bert.attention.layer_norm_epsilon", 0.0..=1.0)?.unwrap_or(1e-12),
        pooling: pooling(metadata)?,
    }
    .checked()
}

fn pooling(metadata: &Metadata) -> Checked<Pooling> {
    match metadata.int("bert.pooling_type", 0..=16)? {
        None | Some(1) => Ok(Pooling::Mean),
        Some(2) => Ok(Pooling::First),
        Some(_) => Err(NOT_AN_ENCODER.into()),
    }
}

/// Refuses a file with a tensor that would be ignored.
fn check(gguf: &Gguf, size: &Size) -> Checked<()> {
    let known = |name: &str| {
        let name = name.strip_suffix(".weight").or(name.strip_suffix(".bias"))?;
        let Some(rest) = name.strip_prefix("blk.") else {
            return ["token_embd", "position_embd", "token_types", "token_embd_norm"]
                .contains(&name)
                .then_some(());
        };
        let (layer, part) = rest.split_once('.')?;
        let inside = layer.parse::<usize>().is_ok_and(|layer| layer < size.layers);
        (inside && Bert::PARTS.contains(&part)).then_some(())
    };
    match gguf.tensors.keys().find(|name| known(name).is_none()) {
        Some(name) => Err(format!("the model has a tensor of unknown use ({})", printable(name))),
        None => Ok(()),
    }
}
