//! Attached files in and out of a journal. Their names come from a file that an enemy may have made.
use std::{
    fs::{self, File},
    io::{self, BufReader},
    path::{Path, PathBuf},
};

use vault::{Attachment, AttachmentId, EntryId, Session};

use crate::export::publish::new_file;

#[cfg(test)]
mod tests;

/// Bytes of a file name at most, with room for a number; file systems take 255.
const MAX_NAME: usize = 200;
/// So many names are tried before a folder counts as full of them.
const MAX_NUMBER: usize = 10_000;
/// What a file is called whose own name can't be used.
const NAMELESS: &str = "attachment";
/// Names that mean a device on some systems, whatever ending they have.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// Why a file could not be brought in or out.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The file outside, or its folder.
    #[error(transparent)]
    File(#[from] io::Error),
    /// The journal.
    #[error(transparent)]
    Vault(#[from] vault::Error),
}

/// Attaches a file to an entry; reads it piece by piece.
/// # Errors
/// When it is no file, can't be read, or can't be kept; nothing is changed then.
pub fn attach(session: &mut Session, entry: EntryId, path: &Path) -> Result<AttachmentId, Problem> {
    // A pipe would be waited for without end, a folder has no bytes.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file").into());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut source = BufReader::new(File::open(path)?);
    Ok(session.attach(entry, &name, media_type(&name), &mut source)?)
}

/// Writes an attachment into a folder, under its own name as far as that is safe, or that name
/// and a number: nothing is ever replaced. Gives where it is.
/// # Errors
/// When it can't be read or written; no file is left then.
pub fn save_into(
    session: &Session,
    attachment: &Attachment,
    folder: &Path,
) -> Result<PathBuf, Problem> {
    fs::create_dir_all(folder)?;
    let name = safe_name(&attachment.name);
    for number in 1..=MAX_NUMBER {
        let path = folder.join(numbered(&name, number));
        if path.symlink_metadata().is_ok() {
            continue;
        }
        match save_as(session, attachment.id, &path) {
            Err(Problem::File(error)) if error.kind() == io::ErrorKind::AlreadyExists => {}
            saved => return saved.map(|()| path),
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists).into())
}

/// Writes an attachment to a new file that only the person can read; whole or not at all.
fn save_as(session: &Session, id: AttachmentId, path: &Path) -> Result<(), Problem> {
    let mut failure = None;
    let written = new_file(path, |out| {
        session.read_attachment(id, out).map_err(|error| match error {
            vault::Error::Io { source, .. } => source,
            error => {
                failure = Some(error);
                io::ErrorKind::InvalidData.into()
            }
        })
    });
    match failure {
        Some(error) => Err(error.into()),
        None => Ok(written?),
    }
}

/// A name that stays in its folder, is not hidden, and shows as what it is.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !is_invisible(*c)).map(harmless).collect();
    // A leading dot hides a file and makes settings of it; other systems drop the dots at the end.
    let kept = kept.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let (stem, ending) = split_ending(kept);
    let device = |stem: &str| {
        let stem = stem.to_lowercase();
        let bare = stem.split('.').next().unwrap_or_default().trim_end_matches(char::is_numeric);
        DEVICES.contains(&bare.trim_end())
    };
    let stem = match stem {
        "" => NAMELESS.to_owned(),
        stem if device(stem) => format!("_{stem}"),
        stem => stem.to_owned(),
    };
    let room = MAX_NAME.saturating_sub(ending.len());
    let mut end = room.min(stem.len());
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{ending}", &stem[..end])
}

/// The name for the first try, `name (2).jpg` for the second.
fn numbered(name: &str, number: usize) -> String {
    let (stem, ending) = split_ending(name);
    match number {
        1 => name.to_owned(),
        _ => format!("{stem} ({number}){ending}"),
    }
}

/// A name and its ending with the dot, if it has a short one.
fn split_ending(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= 16 => name.split_at(dot),
        _ => (name, ""),
    }
}

/// What changes how the rest is shown, or shows nothing: control characters, marks of direction
/// (which make `gpj.exe` of `exe.jpg`), characters without width.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{feff}')
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

/// What means something to a file system or a shell becomes a line.
fn harmless(c: char) -> char {
    if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c }
}

/// The media type that an ending stands for.
pub(crate) fn media_type(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "heic" | "heif" => "image/heic",
        "svg" => "image/svg+xml",
        "mp3" => "audio/mpeg",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "wav" => "audio/wav",
        "m4a" => "audio/mp4",
        "flac" => "audio/flac",
        "mp4" | "m4v" => "video/mp4",
        "mov" => "video/quicktime",
        "webm" => "video/webm",
        "mkv" => "video/x-matroska",
        "pdf" => "application/pdf",
        "txt" => "text/plain",
        "md" => "text/markdown",
        "html" | "htm" => "text/html",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}
