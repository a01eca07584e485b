//! GGUF files, read as if an enemy had written them: nothing is allocated, multiplied or followed before it is checked.
//!
//! Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>, versions 2 and 3, little endian.
mod metadata;
mod source;
mod tensor;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use crate::error::Checked;
pub(crate) use metadata::{Metadata, Texts, Value};
pub(crate) use source::{CUT_SHORT, Source, printable};
use std::{
    collections::{BTreeMap, btree_map::Entry},
    io::Read,
};
pub(crate) use tensor::{TensorInfo, TensorType};

const MAX_TENSORS: u64 = 4096;
const MAX_KEYS: u64 = 2048;
const NOT_A_MODEL: &str = "not a model file (GGUF)";

/// The header of a file: what it says of itself, and where its tensors lie.
pub(crate) struct Gguf {
    /// Keys and values.
    pub(crate) metadata: Metadata,
    /// Tensors by name; offsets are from the file's beginning, inside the file, and do not overlap.
    pub(crate) tensors: BTreeMap<String, TensorInfo>,
}

impl Gguf {
    /// Reads and checks the header; the source is then somewhere before the first tensor.
    pub(crate) fn read(source: &mut Source<impl Read>) -> Checked<Self> {
        let (tensor_count, key_count) = counts(source)?;
        let metadata = Metadata::read(source, key_count)?;
        let mut tensors = read_tensors(source, tensor_count)?;
        place(&mut tensors, metadata.alignment()?, source)?;
        Ok(Self { metadata, tensors })
    }

    /// What kind of model it is; reads no further than to where the file says it, which is its beginning.
    pub(crate) fn read_architecture(source: &mut Source<impl Read>) -> Checked<Option<String>> {
        let (_, key_count) = counts(source)?;
        Metadata::find_text(source, key_count, "general.architecture")
    }

    /// Bytes of all tensors.
    pub(crate) fn weight_bytes(&self) -> u64 {
        self.tensors.values().map(|tensor| tensor.bytes).sum()
    }

    /// The type that most bytes of the tensors have.
    pub(crate) fn quantisation(&self) -> &'static str {
        let mut bytes = BTreeMap::new();
        for tensor in self.tensors.values() {
            *bytes.entry(tensor.kind.name()).or_insert(0) += tensor.bytes;
        }
        bytes.into_iter().max_by_key(|&(_, bytes)| bytes).map_or("none", |(name, _)| name)
    }
}

/// How many tensors and keys there are.
fn counts(source: &mut Source<impl Read>) -> Checked<(u64, u64)> {
    if source.bytes::<4>().map_err(|_| NOT_A_MODEL.to_owned())? != *b"GGUF" {
        return Err(NOT_A_MODEL.into());
    }
    let version = source.u32()?;
    if version != 2 && version != 3 {
        return Err(format!("unknown version {version} of the GGUF format"));
    }
    let tensors = count(source.u64()?, MAX_TENSORS, "tensors")?;
    Ok((tensors, count(source.u64()?, MAX_KEYS, "metadata keys")?))
}

fn count(count: u64, limit: u64, of_what: &str) -> Checked<u64> {
    if count > limit {
        return Err(format!("damaged model file: more than {limit} {of_what}"));
    }
    Ok(count)
}

fn read_tensors(
    source: &mut Source<impl Read>,
    count: u64,
) -> Checked<BTreeMap<String, TensorInfo>> {
    let mut tensors = BTreeMap::new();
    for _ in 0..count {
        let name = source.string()?;
        let info = TensorInfo::read(source)?;
        match tensors.entry(name) {
            Entry::Occupied(_) => return Err("damaged model file: a tensor is there twice".into()),
            Entry::Vacant(vacant) => vacant.insert(info),
        };
    }
    Ok(tensors)
}

/// Turns offsets into places in the file, and refuses those outside, unaligned or shared.
fn place(
    tensors: &mut BTreeMap<String, TensorInfo>,
    alignment: u64,
    source: &Source<impl Read>,
) -> Checked<()> {
    let start = source.position().next_multiple_of(alignment);
    for tensor in tensors.values_mut() {
        if tensor.offset % alignment != 0 {
            return Err("damaged model file: a tensor is not aligned".into());
        }
        tensor.offset = tensor.offset.checked_add(start).ok_or(CUT_SHORT)?;
        if tensor.offset.checked_add(tensor.bytes).is_none_or(|end| end > source.length()) {
            return Err(CUT_SHORT.into());
        }
    }
    let mut places: Vec<_> = tensors.values().map(|t| (t.offset, t.offset + t.bytes)).collect();
    places.sort_unstable();
    if places.windows(2).any(|pair| pair[0].1 > pair[1].0) {
        return Err("damaged model file: tensors overlap".into());
    }
    Ok(())
}
