//! What a process did to files, read from the output of `strace -y -xx`.
use std::{collections::HashMap, path::PathBuf};

/// One thing done to a file or a folder, by its path.
#[allow(missing_docs, reason = "the fields are what the variant says")]
pub enum Event {
    /// A file was made, or emptied when it was opened.
    Open { path: PathBuf, empty: bool },
    /// Bytes were written at a place.
    Write { path: PathBuf, at: usize, bytes: Vec<u8> },
    /// A file was cut or filled to a length.
    Truncate { path: PathBuf, length: usize },
    /// A file or a folder was made durable.
    Sync { path: PathBuf },
    /// A file got one more name.
    Link { from: PathBuf, to: PathBuf },
    /// A file got another name.
    Rename { from: PathBuf, to: PathBuf },
    /// A name was removed.
    Unlink { path: PathBuf },
    /// Something was printed.
    Say(String),
    /// Nothing that changes a file.
    Other,
}

/// The calls that [`read`] understands, as strace wants them named.
pub const CALLS: &str = "openat,write,pwrite64,lseek,fsync,fdatasync,ftruncate,unlink,unlinkat,\
                         rename,renameat,renameat2,link,linkat";
/// Calls that write to files in ways that [`read`] doesn't understand; none may happen.
pub const OTHERS: &str = "writev,pwritev,pwritev2,truncate,fallocate,copy_file_range,sendfile,\
                          open,creat,symlink,symlinkat";

/// A call that succeeded.
struct Call<'a> {
    name: &'a str,
    arguments: &'a str,
    result: &'a str,
}

/// Reads a whole log.
/// # Errors
/// The line that makes no sense.
pub fn read(log: &str) -> Result<Vec<Event>, String> {
    let mut positions = HashMap::new();
    let mut events = Vec::new();
    for line in log.lines() {
        let Some(call) = Call::read(line) else { continue };
        match call.event(&mut positions) {
            Some(event) => events.push(event),
            None => return Err(line.chars().take(200).collect()),
        }
    }
    Ok(events)
}

impl<'a> Call<'a> {
    /// None for lines that are no call, and for calls that failed.
    fn read(line: &'a str) -> Option<Self> {
        let (call, result) = line.rsplit_once(" = ")?;
        let (name, arguments) = call.trim_end().strip_suffix(')')?.split_once('(')?;
        (!result.starts_with('-')).then_some(Self { name, arguments, result })
    }

    /// None if it makes no sense.
    fn event(&self, positions: &mut HashMap<u32, usize>) -> Option<Event> {
        let number = leading_number(self.arguments);
        Some(match self.name {
            "write" if number == Some(1) => Event::Say(String::from_utf8(self.quoted()?).ok()?),
            "write" if number == Some(2) => Event::Other,
            "write" => {
                let (bytes, position) = (self.quoted()?, positions.entry(number?).or_default());
                *position += bytes.len();
                Event::Write { path: self.described()?, at: *position - bytes.len(), bytes }
            }
            "pwrite64" => {
                let bytes = self.quoted()?;
                (self.result.parse() == Ok(bytes.len())).then_some(())?;
                Event::Write { path: self.described()?, at: self.last_number()?, bytes }
            }
            "lseek" => {
                positions.insert(number?, self.result.parse().ok()?);
                Event::Other
            }
            "openat" => {
                positions.insert(leading_number(self.result)?, 0);
                self.open_event().unwrap_or(Event::Other)
            }
            "fsync" | "fdatasync" => Event::Sync { path: self.described()? },
            "ftruncate" => Event::Truncate { path: self.described()?, length: self.last_number()? },
            "unlink" | "unlinkat" => Event::Unlink { path: self.paths().next()? },
            "rename" | "renameat" | "renameat2" => {
                let mut paths = self.paths();
                Event::Rename { from: paths.next()?, to: paths.next()? }
            }
            "link" | "linkat" => {
                let mut paths = self.paths();
                Event::Link { from: paths.next()?, to: paths.next()? }
            }
            _ => return None,
        })
    }

    fn open_event(&self) -> Option<Event> {
        let empty = self.arguments.contains("O_TRUNC");
        let made = empty || self.arguments.contains("O_CREAT");
        made.then(|| self.paths().next().map(|path| Event::Open { path, empty })).flatten()
    }

    /// The path that `-y` writes after the first file descriptor.
    fn described(&self) -> Option<PathBuf> {
        let (_, rest) = self.arguments.split_once('<')?;
        path_of(unescape(rest.split_once('>')?.0)?)
    }

    /// The first string.
    fn quoted(&self) -> Option<Vec<u8>> {
        unescape(self.arguments.split('"').nth(1)?)
    }

    /// Every string, as a path.
    fn paths(&self) -> impl Iterator<Item = PathBuf> + use<'a> {
        self.arguments.split('"').skip(1).step_by(2).filter_map(unescape).filter_map(path_of)
    }

    fn last_number(&self) -> Option<usize> {
        self.arguments.rsplit(", ").next()?.parse().ok()
    }
}

fn leading_number(text: &str) -> Option<u32> {
    text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

/// The bytes of `\x61\x62`.
fn unescape(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let bytes = text.as_bytes().chunks(4).map(|escaped| match escaped {
        [b'\\', b'x', high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    });
    bytes.collect()
}
