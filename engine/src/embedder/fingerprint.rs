//! Tells models apart without reading the whole of them.
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

/// Places of the weights' file that are read, evenly spread; the first is its beginning, the last its end.
const PLACES: u64 = 64;
/// Bytes that are read at each.
const BYTES: u64 = 1 << 13;

/// Bytes of another file that count: no small file has more.
const MOST: u64 = 64 << 20;

/// A hash of the file of the weights, in parts, and of the others, whole; those that are not there count too.
pub(super) fn fingerprint(weights: &Path, others: &[PathBuf]) -> io::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut file = File::open(weights)?;
    let length = file.metadata()?.len();
    hash.update(length.to_le_bytes());
    let mut part = Vec::new();
    for place in 0..PLACES {
        let start =
            u128::from(length.saturating_sub(BYTES)) * u128::from(place) / u128::from(PLACES - 1);
        file.seek(SeekFrom::Start(u64::try_from(start).unwrap_or(0)))?;
        part.clear();
        (&file).take(BYTES).read_to_end(&mut part)?;
        hash.update(&part);
    }
    for path in others {
        part.clear();
        if path.exists() {
            File::open(path)?.take(MOST).read_to_end(&mut part)?;
        }
        hash.update(Sha256::digest(&part));
    }
    Ok(hash.finalize().into())
}
