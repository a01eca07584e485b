//! The models a person added: where each lies, and the hash it had then.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::Added;

/// An added model.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) sha256: String,
}

impl From<Added> for Kept {
    fn from(Added { name, path, sha256 }: Added) -> Self {
        Self { name, path, sha256 }
    }
}

/// All of them, as they lie beside the settings.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Shelf {
    models: Vec<Kept>,
}

impl Shelf {
    /// Reads the file; a missing or damaged one is an empty shelf.
    pub(super) fn load(file: &Path) -> Self {
        let text = fs::read_to_string(file).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Writes the file in one step.
    pub(super) fn save(&self, file: &Path) -> io::Result<()> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let new = file.with_extension("json.new");
        fs::write(&new, serde_json::to_vec_pretty(self)?)?;
        fs::rename(new, file)
    }

    /// What is known of a file.
    pub(super) fn kept(&self, path: &Path) -> Option<&Kept> {
        self.models.iter().find(|kept| kept.path == path)
    }

    /// The files.
    pub(super) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.models.iter().map(|kept| &kept.path)
    }

    /// Adds a model, in the place of one at the same path.
    pub(super) fn put(&mut self, kept: Kept) {
        self.take(&kept.path);
        self.models.push(kept);
    }

    /// Takes a model off.
    pub(super) fn take(&mut self, path: &Path) -> Option<Kept> {
        let at = self.models.iter().position(|kept| kept.path == path)?;
        Some(self.models.remove(at))
    }
}
