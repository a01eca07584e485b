//! A file that is read once from its beginning to its end, hashed on the way.
use crate::error::Checked;
use sha2::{Digest, Sha256};
use std::io::Read;

/// Said of a file that ends before it should.
pub(crate) const CUT_SHORT: &str = "the model file is cut short";
const MAX_STRING: u64 = 1 << 20;

/// Bytes with a known length, a position and a running hash.
pub(crate) struct Source<R> {
    inner: R,
    position: u64,
    length: u64,
    hash: Sha256,
}

impl<R: Read> Source<R> {
    /// `length`: bytes that `inner` is believed to hold.
    pub(crate) fn new(inner: R, length: u64) -> Self {
        Self { inner, position: 0, length, hash: Sha256::new() }
    }

    /// Bytes read so far.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// Bytes in all.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Refuses when fewer bytes than this are left; `each` at least for every one of `count` items.
    pub(crate) fn require(&self, count: u64, each: u64) -> Checked<()> {
        let wanted = count.checked_mul(each).ok_or(CUT_SHORT)?;
        if wanted > self.length - self.position { Err(CUT_SHORT.into()) } else { Ok(()) }
    }

    /// Fills the buffer.
    pub(crate) fn fill(&mut self, buffer: &mut [u8]) -> Checked<()> {
        self.require(buffer.len() as u64, 1)?;
        self.inner.read_exact(buffer).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => CUT_SHORT.to_owned(),
            kind => format!("the model file can't be read: {kind}"),
        })?;
        self.hash.update(&*buffer);
        self.position += buffer.len() as u64;
        Ok(())
    }

    /// Reads past everything before `position`; never back.
    pub(crate) fn skip_to(&mut self, position: u64) -> Checked<()> {
        let mut buffer = [0; 4096];
        while self.position < position {
            let step = (position - self.position).min(4096);
            self.fill(&mut buffer[..usize::try_from(step).unwrap_or(4096)])?;
        }
        Ok(())
    }

    /// Reads what is left and returns the SHA-256 of everything, in hexadecimal.
    pub(crate) fn finish(mut self) -> Checked<String> {
        self.skip_to(self.length)?;
        Ok(self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The next `N` bytes.
    pub(crate) fn bytes<const N: usize>(&mut self) -> Checked<[u8; N]> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// A number of 32 bits.
    pub(crate) fn u32(&mut self) -> Checked<u32> {
        self.bytes().map(u32::from_le_bytes)
    }

    /// A number of 64 bits.
    pub(crate) fn u64(&mut self) -> Checked<u64> {
        self.bytes().map(u64::from_le_bytes)
    }

    /// A length and so many bytes of UTF-8; other bytes are replaced.
    pub(crate) fn string(&mut self) -> Checked<String> {
        let length = self.u64()?;
        self.require(length, 1)?;
        if length > MAX_STRING {
            return Err("damaged model file: a text of more than 1 MiB".into());
        }
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        self.fill(&mut bytes)?;
        Ok(String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }
}

/// A name from the file, fit to be shown: printable ASCII, at most 40 characters.
pub(crate) fn printable(name: &str) -> String {
    name.chars().filter(char::is_ascii_graphic).take(40).collect()
}
