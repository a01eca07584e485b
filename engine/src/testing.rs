//! Where tests find real models.
use std::path::{Path, PathBuf};

/// A file or folder below `INGLENOOK_MODELS`, by default `models/` beside the workspace's manifest.
pub(crate) fn models(name: &str) -> Option<PathBuf> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../models");
    let path = std::env::var_os("INGLENOOK_MODELS").map_or_else(default, PathBuf::from).join(name);
    if path.exists() {
        return Some(path);
    }
    println!("not tested: no model {name}");
    None
}

/// The default language model.
pub(crate) fn model() -> Option<PathBuf> {
    models("SmolLM2-135M-Instruct.Q4_1.gguf")
}
