//! Wishes about language models.
use std::path::PathBuf;

/// One wish of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelWish {
    /// Use this one from now on.
    Use(PathBuf),
    /// Use what is found by itself.
    UseAny,
    /// Add the file typed, or search the folder typed.
    Add,
    /// Ask whether the file of a model shall be deleted; asked again, don't.
    AskRemove(PathBuf),
    /// Take a model off the list, and delete its file where it was copied in.
    Remove(PathBuf),
}
