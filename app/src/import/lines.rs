//! The two layouts: one JSON object a line, and one document with all entries.

use std::io::{self, BufRead};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Import, record};

/// A longer line is left out, in bytes; it bounds the memory that one line can take.
const MAX_LINE: usize = 32 << 20;

/// A whole document: ours, or a bare list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Document {
    Entries { entries: Vec<Value> },
    List(Vec<Value>),
}

/// Whether to try the file as one document: its first line is no whole entry, but opens something.
///
/// # Errors
///
/// The system's.
pub(super) fn may_be_document(reader: &mut impl BufRead) -> io::Result<bool> {
    let mut line = Vec::new();
    loop {
        match read_line(reader, &mut line)? {
            Line::End => return Ok(false),
            Line::TooLong => return Ok(true),
            Line::Whole if line.trim_ascii().is_empty() => {}
            Line::Whole => break,
        }
    }
    Ok(match serde_json::from_slice::<Map<String, Value>>(&line) {
        Ok(object) => object.contains_key("entries"),
        Err(_) => matches!(line.trim_ascii().first(), Some(b'{' | b'[')),
    })
}

/// Reads one document, or nothing when the file is not one.
pub(super) fn document(reader: impl BufRead) -> Option<Import> {
    let document = serde_json::from_reader(reader).ok()?;
    let (Document::Entries { entries } | Document::List(entries)) = document;
    let mut import = Import::default();
    for (n, value) in entries.into_iter().enumerate() {
        import.take(&format!("entry {}", n + 1), object(Some(value)));
    }
    Some(import)
}

/// Reads one object a line.
///
/// # Errors
///
/// The system's.
pub(super) fn json_lines(mut reader: impl BufRead) -> io::Result<Import> {
    let mut import = Import::default();
    let mut line = Vec::new();
    for number in 1_usize.. {
        let place = format!("line {number}");
        match read_line(&mut reader, &mut line)? {
            Line::End => break,
            Line::TooLong => import.take(&place, Err("longer than 32 MiB")),
            Line::Whole if line.trim_ascii().is_empty() => {}
            Line::Whole => import.take(&place, parse(&line)),
        }
    }
    Ok(import)
}

enum Line {
    Whole,
    TooLong,
    End,
}

/// Reads up to the next line feed, keeping no more than [`MAX_LINE`] of it.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Line> {
    line.clear();
    let mut length = 0;
    loop {
        let available = reader.fill_buf()?;
        if available.is_empty() {
            return Ok(if length == 0 { Line::End } else { ended(length) });
        }
        let end = available.iter().position(|&byte| byte == b'\n');
        let taken = end.map_or(available.len(), |end| end + 1);
        length += taken;
        if length <= MAX_LINE {
            line.extend_from_slice(&available[..taken]);
        }
        reader.consume(taken);
        if end.is_some() {
            return Ok(ended(length));
        }
    }
}

fn ended(length: usize) -> Line {
    if length > MAX_LINE { Line::TooLong } else { Line::Whole }
}

fn parse(line: &[u8]) -> Result<record::Record, &'static str> {
    if str::from_utf8(line).is_err() {
        return Err("not UTF-8");
    }
    object(serde_json::from_slice(line).ok())
}

fn object(value: Option<Value>) -> Result<record::Record, &'static str> {
    match value {
        Some(Value::Object(object)) => record::read(object),
        Some(_) => Err("not a JSON object"),
        None => Err("not valid JSON"),
    }
}
