//! Text from tokens as they come: never half a character, never part of a stop string.
use zeroize::Zeroizing;

/// Bytes of tokens on their way to becoming text.
pub(crate) struct TextStream<'a> {
    stop: &'a [String],
    /// Bytes of an unfinished character.
    bytes: Zeroizing<Vec<u8>>,
    /// Text that may be the beginning of a stop string.
    held: Zeroizing<String>,
    stopped: bool,
}

impl<'a> TextStream<'a> {
    /// Text ends before any of `stop`.
    pub(crate) fn new(stop: &'a [String]) -> Self {
        Self { stop, bytes: Zeroizing::default(), held: Zeroizing::default(), stopped: false }
    }

    /// Takes the bytes of a token and returns the text that is certain now.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> String {
        self.bytes.extend_from_slice(bytes);
        let taken = complete(&self.bytes);
        self.held.push_str(&String::from_utf8_lossy(&self.bytes[..taken]));
        self.bytes.drain(..taken);
        self.release()
    }

    /// Whether a stop string was met.
    pub(crate) fn stopped(&self) -> bool {
        self.stopped
    }

    /// What was held back, when nothing more comes.
    pub(crate) fn finish(&mut self) -> String {
        if self.stopped { String::new() } else { std::mem::take(&mut *self.held) }
    }

    fn release(&mut self) -> String {
        let stops = || self.stop.iter().filter(|stop| !stop.is_empty());
        if let Some(at) = stops().filter_map(|stop| self.held.find(stop.as_str())).min() {
            self.stopped = true;
            self.held.truncate(at);
            return std::mem::take(&mut *self.held);
        }
        let longest = stops().map(|stop| overlap(&self.held, stop)).max().unwrap_or(0);
        let certain = self.held.len() - longest;
        self.held.drain(..certain).collect()
    }
}

/// Length of the longest end of `text` that begins `stop`.
fn overlap(text: &str, stop: &str) -> usize {
    let lengths = (1..stop.len()).rev().filter(|&length| stop.is_char_boundary(length));
    lengths.into_iter().find(|&length| text.ends_with(&stop[..length])).unwrap_or(0)
}

/// Bytes before an unfinished character at the end.
fn complete(bytes: &[u8]) -> usize {
    let tail = bytes.len().saturating_sub(3);
    for (back, &byte) in bytes[tail..].iter().rev().enumerate() {
        let needed = match byte {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            0x80..=0xbf => continue,
            _ => return bytes.len(),
        };
        return if needed > back + 1 { bytes.len() - back - 1 } else { bytes.len() };
    }
    bytes.len()
}
