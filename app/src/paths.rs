//! Where the journal, the settings and the models lie.
use engine::Embedder;
use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

/// The folder of the embedding model that comes with the program.
const EMBEDDER_FOLDER: &str = "all-MiniLM-L6-v2";

/// The journal that opens when none is named.
#[must_use]
pub fn default_journal() -> PathBuf {
    data_dir().join("journal.inglenook")
}

/// The file that holds what is not secret: theme, sizes, idle time.
#[must_use]
pub fn settings_file() -> PathBuf {
    config_dir().join("settings.json")
}

/// The folder that remembers the newest state seen of each journal; nothing secret.
#[must_use]
pub fn seen_folder() -> PathBuf {
    base_dir("XDG_STATE_HOME", ".local/state").join("inglenook/seen")
}

/// The folder a person is told to put models into.
#[must_use]
pub fn user_models() -> PathBuf {
    data_dir().join("models")
}

/// The folder of a person's own prompts.
#[must_use]
pub fn user_prompts() -> PathBuf {
    config_dir().join("prompts")
}

/// A path as a person types or drops it: without spaces and quotes around it, `~` is their home.
#[must_use]
pub fn typed(text: &str) -> PathBuf {
    let text = text.trim().trim_matches(['"', '\'']);
    match text.strip_prefix("~/") {
        Some(below_home) => home().join(below_home),
        None if text == "~" => home(),
        None => PathBuf::from(text),
    }
}

/// The person's folder for documents, or their home.
#[must_use]
pub fn documents() -> PathBuf {
    let candidates = person_folders("XDG_DOCUMENTS_DIR", "Documents");
    let found = candidates.into_iter().find(|folder| folder.is_dir());
    found.unwrap_or_else(home)
}

/// The person's home.
#[must_use]
pub fn home() -> PathBuf {
    env::home_dir().unwrap_or_default()
}

/// The person's folder for pictures.
#[must_use]
pub fn pictures() -> PathBuf {
    person_folders("XDG_PICTURES_DIR", "Pictures").swap_remove(0)
}

/// The person's folder for what a browser fetches.
#[must_use]
pub fn downloads() -> PathBuf {
    person_folders("XDG_DOWNLOAD_DIR", "Downloads").swap_remove(0)
}

/// A folder of the person's as the desktop names it, if it does, and its usual place.
fn person_folders(name: &str, usual: &str) -> Vec<PathBuf> {
    let home = home();
    let config = fs::read_to_string(base_dir("XDG_CONFIG_HOME", ".config").join("user-dirs.dirs"));
    let named = config.ok().and_then(|config| named_folder(&config, name, &home));
    named.into_iter().chain([home.join(usual)]).collect()
}

/// A line such as `XDG_DOCUMENTS_DIR="$HOME/Documents"` of the desktop's list of folders.
fn named_folder(config: &str, name: &str, home: &Path) -> Option<PathBuf> {
    let line = config.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix('='))?;
    let value = line.trim().trim_matches('"');
    match value.strip_prefix("$HOME") {
        Some(rest) => Some(home.join(rest.trim_start_matches('/'))),
        None => Some(PathBuf::from(value)).filter(|path| path.is_absolute()),
    }
}

/// Folders that are searched for models, the first that holds one wins.
///
/// `chosen` is the person's own choice (`--models`, or the settings); with one, no other is searched.
#[must_use]
pub fn model_folders(chosen: Option<&Path>) -> Vec<PathBuf> {
    if let Some(folder) = chosen {
        return vec![folder.to_path_buf()];
    }
    let beside_executable =
        env::current_exe().ok().and_then(|path| path.parent().map(|folder| folder.join("models")));
    non_empty_var("INGLENOOK_MODELS")
        .map(PathBuf::from)
        .into_iter()
        .chain([user_models()])
        .chain(beside_executable)
        .chain([PathBuf::from("models")])
        .collect()
}

/// The language model: the first `*.gguf` by name, of no embedding model, in the first folder that has one.
///
/// `chosen` may also name the file itself.
#[must_use]
pub fn find_model(chosen: Option<&Path>) -> Option<PathBuf> {
    if let Some(file) = chosen.filter(|path| path.is_file()) {
        return Some(file.to_path_buf());
    }
    let first = |folder: &PathBuf| ggufs(folder).into_iter().find(|file| !Embedder::reads(file));
    model_folders(chosen).iter().find_map(first)
}

/// The embedding model, if there is one: the first `*.gguf` by name that is one, or the folder of the usual name,
/// in the first folder that has either.
///
/// Where `chosen` names a model file, its folder is searched.
#[must_use]
pub fn find_embedder(chosen: Option<&Path>) -> Option<PathBuf> {
    let folder = chosen.map(|path| match path.parent() {
        Some(parent) if is_gguf(path) || path.is_file() => parent,
        _ => path,
    });
    let named = chosen.is_some_and(Path::is_file);
    // A model of another program's has no embedding model beside it.
    let others = if named { model_folders(None) } else { Vec::new() };
    let inside = |folder: PathBuf| {
        let own = folder.join(EMBEDDER_FOLDER);
        let own = own.join("model.safetensors").is_file().then_some(own);
        ggufs(&folder).into_iter().find(|file| Embedder::reads(file)).or(own)
    };
    model_folders(folder).into_iter().chain(others).find_map(inside)
}

/// The `*.gguf` files of a folder, by name.
fn ggufs(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| is_gguf(path) && path.is_file()).collect();
    files.sort();
    files
}

/// Whether a file is a model by its name.
#[must_use]
pub fn is_gguf(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gguf"))
}

fn data_dir() -> PathBuf {
    base_dir("XDG_DATA_HOME", ".local/share").join("inglenook")
}

fn config_dir() -> PathBuf {
    base_dir("XDG_CONFIG_HOME", ".config").join("inglenook")
}

/// The XDG rule: the variable if it is an absolute path, otherwise a folder of the home directory.
fn base_dir(variable: &str, below_home: &str) -> PathBuf {
    non_empty_var(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .unwrap_or_else(|| home().join(below_home))
}

fn non_empty_var(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_gguf_by_name_is_found_in_the_chosen_folder() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.gguf", "a.GGUF", "0.txt"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(find_model(Some(folder.path())), Some(folder.path().join("a.GGUF")));
        let named = folder.path().join("b.gguf");
        assert_eq!(find_model(Some(&named)), Some(named));
    }

    #[test]
    fn a_path_is_taken_as_people_type_it() {
        let home = home();
        assert_eq!(typed(" ~/a b.jpg "), home.join("a b.jpg"));
        assert_eq!(typed("'/tmp/x'"), PathBuf::from("/tmp/x"));
        assert_eq!(typed("~"), home);
    }

    #[test]
    fn the_desktop_s_list_of_folders_is_read() {
        let config = "# x\nXDG_DOCUMENTS_DIR=\"$HOME/Dokumente\"\nXDG_X_DIR=\"relative\"\n";
        let (home, name) = (Path::new("/h"), "XDG_DOCUMENTS_DIR");
        assert_eq!(named_folder(config, name, home), Some(PathBuf::from("/h/Dokumente")));
        assert_eq!(named_folder(config, "XDG_X_DIR", home), None);
        assert_eq!(named_folder(config, "XDG_OTHER_DIR", home), None);
    }

    #[test]
    fn a_chosen_folder_without_a_model_finds_none() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(find_model(Some(folder.path())), None);
        assert_eq!(find_embedder(Some(folder.path())), None);
    }

    #[test]
    fn an_embedding_model_in_a_file_goes_before_the_usual_one_and_is_no_language_model() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let usual = folder.join(EMBEDDER_FOLDER);
        fs::create_dir(&usual).unwrap();
        fs::write(usual.join("model.safetensors"), "").unwrap();
        assert_eq!(find_embedder(Some(folder)), Some(usual));
        let gguf = |architecture: &str| {
            let text = |text: &str| [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat();
            let counts = [&3_u32.to_le_bytes()[..], &0_u64.to_le_bytes(), &1_u64.to_le_bytes()];
            let kind = 8_u32.to_le_bytes();
            let value = [&text("general.architecture"), &kind[..], &text(architecture)];
            [b"GGUF".to_vec(), counts.concat(), value.concat()].concat()
        };
        fs::write(folder.join("a.gguf"), gguf("bert")).unwrap();
        fs::write(folder.join("b.gguf"), gguf("llama")).unwrap();
        assert_eq!(find_embedder(Some(folder)), Some(folder.join("a.gguf")));
        assert_eq!(find_model(Some(folder)), Some(folder.join("b.gguf")));
    }

    #[test]
    fn the_embedder_lies_beside_the_chosen_model_file() {
        let folder = tempfile::tempdir().unwrap();
        let embedder = folder.path().join(EMBEDDER_FOLDER);
        fs::create_dir(&embedder).unwrap();
        fs::write(embedder.join("model.safetensors"), "").unwrap();
        assert_eq!(find_embedder(Some(&folder.path().join("m.gguf"))), Some(embedder));
    }
}
