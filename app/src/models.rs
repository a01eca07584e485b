//! Language models on this computer: which there are, what each is, and which are a person's own.
use std::{
    fs, io,
    path::{Path, PathBuf},
};

use engine::ModelFile;
use serde::{Serialize, Serializer};

use crate::paths;

mod found;
mod shelf;
#[cfg(test)]
mod tests;

use found::Found;
use shelf::Shelf;

/// Where models are kept, and where they are looked for.
#[derive(Clone, Debug)]
pub struct Library {
    /// The file that lists what was added.
    pub list: PathBuf,
    /// Where models are copied to.
    pub folder: PathBuf,
    /// Below it lie the folders of other programs.
    pub home: PathBuf,
    /// Where browsers put what they fetch.
    pub downloads: PathBuf,
}

/// A model file, and what it says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Model {
    /// Its name, as the person, its program or its file has it.
    pub name: String,
    /// Where it lies.
    #[serde(serialize_with = "lossy")]
    pub path: PathBuf,
    /// Whose folder that is.
    pub place: &'static str,
    /// What it means to remove it; `None` where it belongs to another program.
    #[serde(skip)]
    pub removal: Option<Removal>,
    /// `general.architecture`.
    pub family: Option<String>,
    /// The most common type of its tensors.
    pub quantisation: Option<String>,
    /// Size of the file.
    pub bytes: u64,
    /// Tokens it reads.
    pub context: Option<usize>,
    /// Its licence.
    pub licence: Option<String>,
    /// Estimated memory in use, in bytes.
    pub memory: Option<u64>,
    /// SHA-256 of the file, once it was read whole.
    pub sha256: Option<String>,
    /// Whether this program can run it.
    pub runs: bool,
    /// Why not, in words.
    pub reason: Option<String>,
    /// Whether it is the one that is used.
    pub used: bool,
}

/// What it means to remove a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// It is forgotten; the file stays.
    Forget,
    /// The file, which was copied in, is deleted.
    Delete,
}

/// A model that was added.
#[derive(Clone, Debug)]
pub struct Added {
    /// Its name.
    pub name: String,
    /// Where it lies now.
    pub path: PathBuf,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// How a model is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adding {
    /// It stays where it is.
    InPlace,
    /// It is copied into the folder of the models.
    Copied,
}

/// Why something could not be done with a model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The file is no model.
    #[error(transparent)]
    Engine(#[from] engine::Error),
    /// This program can't run it.
    #[error("{reason}: {path}")]
    Refused {
        /// Why.
        reason: String,
        /// Which file.
        path: PathBuf,
    },
    /// A file of this name is there.
    #[error("there is a model of that name: {0}")]
    Exists(PathBuf),
    /// It lies in a folder of another program.
    #[error("this model belongs to another program, remove it there: {0}")]
    NotOurs(PathBuf),
    /// A file can't be read or written.
    #[error("{what}: {}: {path}", error.kind())]
    File {
        /// What was wanted.
        what: &'static str,
        /// The system's error.
        error: io::Error,
        /// Which file.
        path: PathBuf,
    },
}

impl ModelError {
    fn file(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::File { what, error, path: path.to_owned() }
    }
}

impl Library {
    /// That of the person who runs the program.
    #[must_use]
    pub fn of_user() -> Self {
        Self {
            list: paths::settings_file().with_file_name("models.json"),
            folder: paths::user_models(),
            home: std::env::home_dir().unwrap_or_default(),
            downloads: paths::downloads(),
        }
    }

    /// All models. Every file's header is read, which takes a moment. `chosen`: the person's own folder or file.
    #[must_use]
    pub fn models(&self, chosen: Option<&Path>) -> Vec<Model> {
        let shelf = Shelf::load(&self.list);
        let used = paths::find_model(chosen).and_then(|path| path.canonicalize().ok());
        let found = found::all(self, chosen, &shelf);
        found.iter().map(|found| self.model(found, &shelf, used.as_deref())).collect()
    }

    /// The files that a name, the beginning of one, or a path stands for.
    #[must_use]
    pub fn named(&self, chosen: Option<&Path>, name: &str) -> Vec<PathBuf> {
        let shelf = Shelf::load(&self.list);
        let all = found::all(self, chosen, &shelf);
        let fits = |found: &&Found, test: &dyn Fn(&str) -> bool| {
            let kept = shelf.kept(&found.path).map(|kept| kept.name.clone());
            let names = [found.name.clone(), kept, Some(stem(&found.path))];
            names.iter().flatten().any(|name| test(name))
        };
        let paths = |test: &dyn Fn(&str) -> bool| -> Vec<PathBuf> {
            all.iter().filter(|found| fits(found, test)).map(|found| found.path.clone()).collect()
        };
        let exact = paths(&|known| known == name);
        // Of models with the same name, the first is meant.
        exact
            .first()
            .map_or_else(|| paths(&|known| known.starts_with(name)), |one| vec![one.clone()])
    }

    /// SHA-256 of a file, if it was read whole when it was added.
    #[must_use]
    pub fn sha256(&self, path: &Path) -> Option<String> {
        Shelf::load(&self.list).kept(path).map(|kept| kept.sha256.clone())
    }

    /// Adds a model that this program can run. The file is read whole.
    /// # Errors
    /// When it is none, can't be read or copied, or the list can't be written.
    pub fn add(&self, path: &Path, adding: Adding) -> Result<Added, ModelError> {
        // Not canonical: a link of Hugging Face's cache has the model's name, what it leads to a number.
        let found = path.metadata().and_then(|_| std::path::absolute(path));
        let path = found.map_err(ModelError::file("could not find the model", path))?;
        let file = ModelFile::open(&path)?;
        if let Some(reason) = file.obstacle() {
            return Err(ModelError::Refused { reason, path });
        }
        let sha256 = file.sha256()?;
        let path = if adding == Adding::Copied { self.copy(&path)? } else { path };
        let added = Added { name: stem(&path), path, sha256 };
        let mut shelf = Shelf::load(&self.list);
        shelf.put(added.clone().into());
        self.save(&shelf)?;
        Ok(added)
    }

    /// Takes a model off the list; one that was copied in is deleted. Its hash, if it was known.
    /// # Errors
    /// When it is another program's, or can't be deleted.
    pub fn remove(&self, path: &Path) -> Result<Option<String>, ModelError> {
        let mut shelf = Shelf::load(&self.list);
        let kept = shelf.take(path);
        // Only what was copied in is deleted; a file that is somebody else's stays.
        if self.holds(path) {
            fs::remove_file(path).map_err(ModelError::file("could not delete the model", path))?;
        } else if kept.is_none() {
            return Err(ModelError::NotOurs(path.to_owned()));
        }
        self.save(&shelf)?;
        Ok(kept.map(|kept| kept.sha256))
    }

    /// Whether a file lies in the folder of the models: to remove it is to delete it.
    fn holds(&self, path: &Path) -> bool {
        path.parent() == Some(self.folder.as_path())
    }

    /// Copies a file into the folder of the models, whole or not at all.
    fn copy(&self, path: &Path) -> Result<PathBuf, ModelError> {
        let target = self.folder.join(format!("{}.gguf", stem(path)));
        if target.exists() {
            return Err(ModelError::Exists(target));
        }
        let part = target.with_extension("part");
        let copy = || {
            fs::create_dir_all(&self.folder)?;
            fs::copy(path, &part)?;
            fs::rename(&part, &target)
        };
        copy().map_err(|error| {
            // What was not copied whole is of no use; where it can't be removed, it is no model by its name.
            let _ = fs::remove_file(&part);
            ModelError::file("could not copy the model", &target)(error)
        })?;
        Ok(target)
    }

    fn model(&self, found: &Found, shelf: &Shelf, used: Option<&Path>) -> Model {
        let opened =
            ModelFile::open(&found.path).and_then(|file| Ok((file.info()?, file.obstacle())));
        let kept = shelf.kept(&found.path);
        let given = kept.map(|kept| kept.name.clone()).or_else(|| found.name.clone());
        let (info, reason) = match opened {
            Ok((info, reason)) => (Some(info), reason),
            Err(engine::Error::Model { what, .. }) => (None, Some(what)),
            Err(error) => (None, Some(error.to_string())),
        };
        let told = info.as_ref();
        let removal = match self.holds(&found.path) {
            true => Some(Removal::Delete),
            false => kept.map(|_| Removal::Forget),
        };
        Model {
            name: given.unwrap_or_else(|| stem(&found.path)),
            path: found.path.clone(),
            place: found.place,
            removal,
            family: told.map(|info| info.architecture.clone()),
            quantisation: told.map(|info| info.quantisation.clone()),
            bytes: fs::metadata(&found.path).map_or(0, |metadata| metadata.len()),
            context: told.map(|info| info.context_length).filter(|&context| context > 0),
            licence: told.and_then(|info| info.licence.clone()),
            memory: told.map(|info| info.memory_bytes).filter(|&bytes| bytes > 0),
            sha256: kept.map(|kept| kept.sha256.clone()),
            runs: reason.is_none(),
            reason,
            used: used.is_some() && found.path.canonicalize().ok().as_deref() == used,
        }
    }

    fn save(&self, shelf: &Shelf) -> Result<(), ModelError> {
        let what = "could not write the list of models";
        shelf.save(&self.list).map_err(ModelError::file(what, &self.list))
    }
}

/// A file's name without its ending.
#[must_use]
pub fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn lossy<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}
