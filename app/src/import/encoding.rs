//! Brings a file's bytes to UTF-8, and names what is no text at all.

use std::io::{self, BufRead, BufReader, Cursor, Read};

/// A UTF-16 file is converted as a whole; a longer one is refused, in bytes.
const MAX_UTF16: u64 = 512 << 20;

/// Why there is nothing to read.
#[derive(Debug)]
pub(super) enum Error {
    Io(io::Error),
    Format(String),
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The same text in UTF-8 and without a byte order mark.
pub(super) fn utf8<'a>(file: impl Read + 'a) -> Result<Box<dyn BufRead + 'a>, Error> {
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let mut head = Vec::new();
    reader.by_ref().take(8).read_to_end(&mut head)?;
    if let Some(what) = other_kind(&head) {
        return Err(Error::Format(format!("this is {what}, not JSON")));
    }
    match head.as_slice() {
        [0xef, 0xbb, 0xbf, rest @ ..] => Ok(Box::new(Cursor::new(rest.to_vec()).chain(reader))),
        [0xff, 0xfe, rest @ ..] => utf16(rest, reader, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, reader, u16::from_be_bytes),
        _ => Ok(Box::new(Cursor::new(head).chain(reader))),
    }
}

/// What the first bytes say, for files that people take for a diary's export.
fn other_kind(head: &[u8]) -> Option<&'static str> {
    match head {
        [b'P', b'K', 3, 4, ..] => Some("a zip archive (unpack it first)"),
        [0x1f, 0x8b, ..] => Some("a gzip archive (unpack it first)"),
        [b'S', b'Q', b'L', b'i', b't', b'e', ..] => Some("a database"),
        [b'%', b'P', b'D', b'F', ..] => Some("a PDF"),
        [0xff, 0xd8, 0xff, ..] | [0x89, b'P', b'N', b'G', ..] => Some("a picture"),
        _ => None,
    }
}

fn utf16<'a>(
    head: &[u8],
    rest: impl Read,
    unit: fn([u8; 2]) -> u16,
) -> Result<Box<dyn BufRead + 'a>, Error> {
    let mut bytes = head.to_vec();
    rest.take(MAX_UTF16).read_to_end(&mut bytes)?;
    if bytes.len() as u64 >= MAX_UTF16 {
        return Err(Error::Format(
            "the file is UTF-16 and larger than 512 MiB (save it as UTF-8)".to_owned(),
        ));
    }
    let (pairs, _) = bytes.as_chunks::<2>();
    let text: String = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    Ok(Box::new(Cursor::new(text.into_bytes())))
}
