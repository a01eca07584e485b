//! Why the engine could not do what was asked.
use std::path::{Path, PathBuf};

/// Result of a call into the engine.
pub type Result<T> = std::result::Result<T, Error>;

/// Result of a check on a file; the reason is a sentence without the file's own text.
pub(crate) type Checked<T> = std::result::Result<T, String>;

/// Why a model can't be used. Texts are lower case, without a period.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file can't be used as a model.
    #[error("{what}: {path}")]
    Model {
        /// Why, in words.
        what: String,
        /// Which file.
        path: PathBuf,
    },
    /// The prompt does not fit.
    #[error("the prompt has {tokens} tokens, the model reads {limit}")]
    TooLong {
        /// Tokens of the prompt.
        tokens: usize,
        /// What the model can read.
        limit: usize,
    },
    /// A failure inside the computation.
    #[error("the model failed: {0}")]
    Compute(String),
}

impl Error {
    /// A file that can't be used, and why.
    pub(crate) fn model(what: impl Into<String>, path: &Path) -> Self {
        Self::Model { what: what.into(), path: path.to_owned() }
    }
}

impl From<candle_core::Error> for Error {
    fn from(error: candle_core::Error) -> Self {
        Self::Compute(error.to_string())
    }
}
