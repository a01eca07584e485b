//! Where a passphrase comes from: a prompt that does not echo, or the first line of stdin.

use std::io::{self, BufRead, Read as _};

use vault::Passphrase;
use zeroize::Zeroizing;

use super::{
    failure::{Failure, reason},
    screen,
};
use crate::strength::{Strength, strength};

/// No passphrase is longer, in bytes; a longer first line is some other file.
const MAX_BYTES: u64 = 64 * 1024;

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The person, at the terminal.
    Prompt,
    /// The first line of stdin.
    Stdin,
}

impl Source {
    /// The passphrase of a journal that exists.
    pub(super) fn ask(self, prompt: &str) -> Result<Passphrase, Failure> {
        self.text(prompt).map(|text| Passphrase::new(&text))
    }

    /// A passphrase to set: asked twice at a prompt, refused when empty, warned about when weak.
    pub(super) fn ask_new(self) -> Result<Passphrase, Failure> {
        let text = self.text("New passphrase: ")?;
        if text.is_empty() {
            return Err(Failure::usage("the passphrase is empty: choose one of a few words"));
        }
        if self == Self::Prompt && *self.text("The same again: ")? != *text {
            return Err(Failure::usage("the two passphrases differ: try again"));
        }
        if strength(&text) == Strength::Weak {
            screen::warn("this passphrase could be guessed: four unrelated words are better");
        }
        Ok(Passphrase::new(&text))
    }

    /// What is typed, or the next line.
    pub(super) fn text(self, prompt: &str) -> Result<Zeroizing<String>, Failure> {
        match self {
            Self::Prompt => rpassword::prompt_password(prompt).map(Zeroizing::new).map_err(|_| {
                Failure::usage("there is no terminal to ask at: use --passphrase-stdin")
            }),
            Self::Stdin => first_line(&mut io::stdin().lock()),
        }
    }
}

/// Reads the first line and leaves the rest to be read.
fn first_line(input: &mut impl BufRead) -> Result<Zeroizing<String>, Failure> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read = input.take(MAX_BYTES).read_until(b'\n', &mut bytes);
    read.map_err(|error| Failure::new(format!("could not read stdin: {}", reason(&error))))?;
    let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let text = str::from_utf8(line).map_err(|_| Failure::usage("the passphrase is not UTF-8"))?;
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_taken_and_the_rest_left() {
        let mut input = io::Cursor::new("pass phrase \r\nDear diary\n");
        assert_eq!(*first_line(&mut input).unwrap(), "pass phrase ");
        let mut rest = String::new();
        input.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "Dear diary\n");
    }

    #[test]
    fn a_passphrase_that_is_not_text_is_refused() {
        assert!(first_line(&mut io::Cursor::new(b"\xff\xfe\n")).is_err());
    }
}
