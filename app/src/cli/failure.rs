//! How a command fails: one line that says what to do, and an exit code a script can tell apart.

use std::{fmt, io, path::Path, process::ExitCode};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::models::ModelError;

/// Exit codes, as `inglenook help` documents them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Failed = 1,
    Usage = 2,
    WrongPassphrase = 3,
    Damaged = 4,
    NewerVersion = 5,
    InUse = 6,
    NoModel = 7,
}

/// Why a command failed; its text holds nothing of the journal and no passphrase.
#[derive(Debug)]
pub(super) struct Failure {
    kind: Kind,
    message: String,
}

impl Failure {
    /// A failure without a code of its own.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { kind: Kind::Failed, message: message.into() }
    }

    /// The command was called wrongly.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self { kind: Kind::Usage, message: message.into() }
    }

    /// There is no model, or it can't be used.
    pub(super) fn no_model(message: impl Into<String>) -> Self {
        Self { kind: Kind::NoModel, message: message.into() }
    }

    /// The person lets no model read this.
    pub(super) fn kept_from_model() -> Self {
        Self::new("this is kept from the model: see 'inglenook help keep-from-model'")
    }

    /// The passphrase alone opens nothing.
    pub(super) fn key_file_missing() -> Self {
        let message = "this journal asks for its key file: give it with --key-file";
        Self { kind: Kind::WrongPassphrase, message: message.to_owned() }
    }

    /// The check digits of a recovery key don't fit.
    pub(super) fn recovery_key_mistyped() -> Self {
        let message = "this is not a recovery key: compare it with what you wrote down";
        Self { kind: Kind::WrongPassphrase, message: message.to_owned() }
    }

    /// What was checked is not sound.
    pub(super) fn damaged(message: impl Into<String>) -> Self {
        Self { kind: Kind::Damaged, message: message.into() }
    }

    /// A file that can't be read or written.
    pub(super) fn file(what: &str, error: &io::Error, path: &Path) -> Self {
        Self::new(format!("{what}: {}: {}", reason(error), path.display()))
    }

    /// What clap found wrong, on one line. What was typed is not repeated, except the name of an option:
    /// it may be the text of an entry.
    pub(super) fn from_usage(error: &clap::Error) -> Self {
        let option = match error.get(ContextKind::InvalidArg) {
            Some(ContextValue::String(name)) => name.clone(),
            Some(ContextValue::Strings(names)) => names.join(" "),
            _ => String::new(),
        };
        let message = match error.kind() {
            ErrorKind::UnknownArgument if is_option_name(&option) => {
                format!("there is no option {option}")
            }
            ErrorKind::UnknownArgument if option.starts_with('-') => {
                "an argument begins with '-', put '--' before the text".to_owned()
            }
            ErrorKind::UnknownArgument => "there is one argument too many".to_owned(),
            ErrorKind::InvalidSubcommand => "there is no such command".to_owned(),
            ErrorKind::MissingRequiredArgument => format!("{option} is missing"),
            ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
                format!("{option} is not valid{}", expectation(error))
            }
            ErrorKind::ArgumentConflict => format!("{option} does not go with another option"),
            ErrorKind::InvalidUtf8 => "an argument is not UTF-8".to_owned(),
            ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
                format!("{option} has the wrong number of values")
            }
            _ => "the command is not complete".to_owned(),
        };
        Self::usage(format!("{message}: see 'inglenook help'"))
    }

    /// Whether another passphrase might do.
    pub(super) fn is_wrong_passphrase(&self) -> bool {
        self.kind == Kind::WrongPassphrase
    }

    /// What the process ends with.
    pub(super) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.kind as u8)
    }
}

impl fmt::Display for Failure {
    /// Always one line, whatever a path or the system's message holds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line: String =
            self.message.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        f.write_str(&line)
    }
}

impl From<vault::Error> for Failure {
    fn from(error: vault::Error) -> Self {
        use vault::Error;
        let (kind, advice) = match &error {
            Error::WrongPassphrase => (Kind::WrongPassphrase, "try again"),
            Error::Missing(_) => (Kind::Failed, "make one with 'inglenook new'"),
            Error::Exists(_) => (Kind::Failed, "choose another name with --journal"),
            Error::NotAVault(_) => (Kind::Failed, "name the journal with --journal"),
            Error::NewerVersion { .. } => (Kind::NewerVersion, "update inglenook"),
            Error::InUse => (Kind::InUse, "close the other window, then try again"),
            Error::Damaged { .. } => (Kind::Damaged, "restore a backup"),
            Error::NoSuchEntry => (Kind::Failed, "'inglenook list' shows the ids"),
            Error::Full => (Kind::Failed, "free some space, then try again"),
            Error::ReadOnly => (Kind::Failed, "check the folder's permissions"),
            _ => return Self::new(error.to_string()),
        };
        Self { kind, message: format!("{error}: {advice}") }
    }
}

impl From<engine::Error> for Failure {
    fn from(error: engine::Error) -> Self {
        match error {
            engine::Error::Model { .. } => Self::no_model(error.to_string()),
            _ => Self::new(error.to_string()),
        }
    }
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Engine(error) => error.into(),
            ModelError::File { what, error, path } => Self::file(what, &error, &path),
            ModelError::Refused { .. } => Self::no_model(error.to_string()),
            ModelError::Exists(_) | ModelError::NotOurs(_) => Self::new(error.to_string()),
        }
    }
}

/// The system's words without its "(os error 2)".
pub(super) fn reason(error: &io::Error) -> String {
    let text = error.to_string().to_lowercase();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

/// What a value should have been: the possible values, or the parser's own words.
fn expectation(error: &clap::Error) -> String {
    use std::error::Error as _;
    if let Some(ContextValue::Strings(values)) = error.get(ContextKind::ValidValue)
        && !values.is_empty()
    {
        return format!(", it is one of {}", values.join(", "));
    }
    match error
        .source()
        .and_then(|source| source.downcast_ref::<super::arguments::value::Expected>())
    {
        Some(expected) => format!(", it is {expected}"),
        None => String::new(),
    }
}

/// Short and made of lower case words: no sentence of a journal looks like this.
fn is_option_name(text: &str) -> bool {
    text.len() <= 24
        && text.starts_with('-')
        && text.chars().all(|c| c == '-' || c.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_one_line_whatever_it_holds() {
        let error = vault::Error::Missing("a\nb\u{1b}[31m".into());
        assert_eq!(
            Failure::from(error).to_string(),
            "no journal there: a b [31m: make one with 'inglenook new'"
        );
    }

    #[test]
    fn only_option_names_are_repeated() {
        assert!(is_option_name("--jornal"));
        assert!(!is_option_name("--- today I met Anna"));
        assert!(!is_option_name("Anna"));
    }
}
