//! Models that are on this computer already: in the person's own folders, and where other programs keep theirs.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::{Library, shelf::Shelf};
use crate::paths;

/// Folders below one another that are searched.
const DEPTH: usize = 8;
/// A folder with more files than this is not one of models.
const MOST: usize = 2000;

/// A model file and whose it is.
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) place: &'static str,
    /// Its name there, where the file's own says nothing.
    pub(super) name: Option<String>,
}

/// All of them, each once. `chosen`: the person's own folder or file.
pub(super) fn all(library: &Library, chosen: Option<&Path>, shelf: &Shelf) -> Vec<Found> {
    let mut found = Vec::new();
    let own = paths::model_folders(chosen.filter(|path| !path.is_file()));
    for folder in own.iter().chain([&library.folder]) {
        gather(folder, "own", &mut found);
    }
    let added = shelf.paths().cloned();
    found.extend(added.map(|path| Found { path, place: "added", name: None }));
    let home = &library.home;
    let folder = |variable: &str, below: &str| {
        let named = env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
        named.unwrap_or_else(|| home.join(below))
    };
    ollama(&folder("OLLAMA_MODELS", ".ollama/models"), &mut found);
    ollama(Path::new("/usr/share/ollama/.ollama/models"), &mut found);
    for below in [".lmstudio/models", ".cache/lm-studio/models"] {
        gather(&home.join(below), "LM Studio", &mut found);
    }
    gather(&folder("LLAMA_CACHE", ".cache/llama.cpp"), "llama.cpp", &mut found);
    gather(&home.join("Library/Caches/llama.cpp"), "llama.cpp", &mut found);
    let hub = env::var_os("HF_HUB_CACHE").map(PathBuf::from);
    let hub = hub.unwrap_or_else(|| folder("HF_HOME", ".cache/huggingface").join("hub"));
    gather(&hub, "Hugging Face", &mut found);
    add(files_below(&library.downloads, 1), "downloads", &mut found);
    // A chosen file that lies in one of these folders has its name from there.
    if let Some(file) = chosen.filter(|path| path.is_file()) {
        gather(file, "own", &mut found);
        // Its neighbours can be chosen in its place.
        let beside = file.parent().map(|folder| files_below(folder, 0)).unwrap_or_default();
        add(beside, "own", &mut found);
    }
    for found in &mut found {
        found.path = std::path::absolute(&found.path).unwrap_or_default();
    }
    let mut seen = BTreeSet::new();
    found.retain(|found| found.path.canonicalize().is_ok_and(|path| seen.insert(path)));
    found
}

/// Adds the `*.gguf` files of a folder and those below, in order; a file itself is one too.
fn gather(folder: &Path, place: &'static str, found: &mut Vec<Found>) {
    match folder.is_file() {
        true => found.push(Found { path: folder.to_path_buf(), place, name: None }),
        false => add(files_below(folder, DEPTH), place, found),
    }
}

/// Adds those of the files that are models by their names.
fn add(files: Vec<PathBuf>, place: &'static str, found: &mut Vec<Found>) {
    let files = files.into_iter().filter(|path| paths::is_gguf(path));
    found.extend(files.map(|path| Found { path, place, name: None }));
}

/// The files of a folder and of those below, in order.
fn files_below(folder: &Path, depth: usize) -> Vec<PathBuf> {
    let mut files = Vec::new();
    walk(folder, depth, &mut files);
    files.sort();
    files
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if files.len() >= MOST {
            return;
        }
        // A link to a file counts (Hugging Face's cache is made of them), one to a folder may lead in a circle.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if depth > 0 {
                walk(&path, depth - 1, files);
            }
        } else if path.is_file() {
            files.push(path);
        }
    }
}

/// What a manifest of Ollama's says.
#[derive(Deserialize)]
struct Manifest {
    layers: Vec<Layer>,
}

#[derive(Deserialize)]
struct Layer {
    #[serde(rename = "mediaType")]
    media_type: String,
    digest: String,
}

/// Adds the models of Ollama: its manifests name the blobs that are GGUF files.
fn ollama(folder: &Path, found: &mut Vec<Found>) {
    for manifest in files_below(&folder.join("manifests"), DEPTH) {
        let Ok(text) = fs::read_to_string(&manifest) else { continue };
        let Ok(read) = serde_json::from_str::<Manifest>(&text) else { continue };
        let model = read.layers.iter().find(|layer| layer.media_type.ends_with("image.model"));
        let Some(digest) = model.and_then(|layer| layer.digest.strip_prefix("sha256:")) else {
            continue;
        };
        // The digest becomes a file's name: nothing but hexadecimal digits may lead to one.
        if digest.len() == 64 && digest.chars().all(|c| c.is_ascii_hexdigit()) {
            let path = folder.join("blobs").join(format!("sha256-{digest}"));
            found.push(Found { path, place: "Ollama", name: name_of(&manifest) });
        }
    }
}

/// `…/library/llama3.2/1b` is `llama3.2:1b`.
fn name_of(manifest: &Path) -> Option<String> {
    let tag = manifest.file_name()?.to_string_lossy();
    let model = manifest.parent()?.file_name()?.to_string_lossy();
    Some(format!("{model}:{tag}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_of_ollama_are_found_by_their_manifests() {
        let folder = tempfile::tempdir().unwrap();
        let digest = "ab".repeat(32);
        let manifests = folder.path().join("manifests/registry.ollama.ai/library/llama3.2");
        fs::create_dir_all(&manifests).unwrap();
        fs::create_dir_all(folder.path().join("blobs")).unwrap();
        let manifest = |digest: &str| {
            format!(
                r#"{{"layers": [{{"mediaType": "application/vnd.ollama.image.license", "digest": "sha256:00"}},
                {{"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:{digest}"}}]}}"#
            )
        };
        fs::write(manifests.join("1b"), manifest(&digest)).unwrap();
        fs::write(manifests.join("evil"), manifest("../../../../etc/passwd")).unwrap();
        fs::write(manifests.join("odd"), "{").unwrap();
        let mut found = Vec::new();
        ollama(folder.path(), &mut found);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].name.as_deref(), Some("llama3.2:1b"));
        assert_eq!(found[0].path, folder.path().join(format!("blobs/sha256-{digest}")));
    }

    #[test]
    fn gguf_files_are_found_below_a_folder_and_through_links() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("publisher/model");
        fs::create_dir_all(&deep).unwrap();
        fs::write(deep.join("b.gguf"), "").unwrap();
        fs::write(deep.join("notes.txt"), "").unwrap();
        fs::write(folder.path().join("blob"), "").unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.path().join("blob"), deep.join("a.gguf")).unwrap();
            std::os::unix::fs::symlink(folder.path(), deep.join("circle")).unwrap();
        }
        let mut found = Vec::new();
        gather(folder.path(), "own", &mut found);
        let names: Vec<_> = found.iter().map(|found| found.path.file_name().unwrap()).collect();
        assert_eq!(names.last().unwrap().to_str(), Some("b.gguf"));
        assert_eq!(names.len(), if cfg!(unix) { 2 } else { 1 });
    }
}
