//! Wishes about the file picker.
use std::path::PathBuf;

use crate::state::picker::Target;

/// One wish of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PickerWish {
    /// Pick a file, or a folder, for this.
    Open(Target),
    /// Show the folder at this path, or pick the file there.
    Visit(PathBuf),
    /// Pick this.
    Take(PathBuf),
    /// Pick nothing.
    Close,
}
