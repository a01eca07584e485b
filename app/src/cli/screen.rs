//! What a command prints: one JSON document, or text that is pleasant to read.

use std::io::{self, BufWriter, IsTerminal as _, Write};

use serde::Serialize;

use super::failure::{Failure, reason};

/// What goes to stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Prints a document, as JSON or by the writer given.
pub(super) fn print<D: Serialize>(
    format: Format,
    document: &D,
    text: impl FnOnce(&D, &mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    print_with(|out| match format {
        Format::Text => text(document, out),
        Format::Json => {
            serde_json::to_writer(&mut *out, document)?;
            out.write_all(b"\n")
        }
    })
}

/// Prints text as it is.
pub(super) fn print_text(text: &str) -> Result<(), Failure> {
    print_with(|out| out.write_all(text.as_bytes()))
}

/// Prints what is written. A reader that has seen enough (`| head`) is no failure.
pub(super) fn print_with(
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("could not print: {}", reason(&error))))
        }
        _ => Ok(()),
    }
}

/// Tells something on stderr that is no failure.
pub(super) fn warn(message: &str) {
    let _ = writeln!(io::stderr(), "inglenook: {message}");
}

/// Shows on a terminal how far the work is, over what was shown before.
pub(super) fn progress(message: &str) {
    let mut err = io::stderr();
    if err.is_terminal() {
        let _ = write!(err, "\r\u{1b}[K{message}");
        let _ = err.flush();
    }
}

/// Text of a journal for a terminal: control characters could drive it, so they are shown as a sign.
pub(super) fn plain(text: &str) -> String {
    let visible = |c: char| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c };
    text.replace("\r\n", "\n").chars().map(visible).collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn text_of_a_journal_cannot_drive_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\r\nc\td\u{9b}"), "a\u{fffd}[2Jb\nc\td\u{fffd}");
    }
}
