//! The models on this computer, as the settings show them.
use std::path::PathBuf;

use crate::models::Model;

/// What is shown of them, and the field they are added by.
#[derive(Default)]
pub struct Models {
    /// All of them; `None` until they were looked for.
    pub list: Option<Vec<Model>>,
    /// The path as typed.
    pub typed: String,
    /// Whether what is added is copied.
    pub copied: bool,
    /// Files that are still to be added or removed.
    pub pending: usize,
    /// The one whose file is asked to be deleted.
    pub asked: Option<PathBuf>,
    /// The section still has to come into sight.
    pub scroll_due: bool,
    /// Why something could not be done.
    pub problem: Option<String>,
}

impl Models {
    /// Whether some file is still to be added or removed.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.pending > 0
    }
}
