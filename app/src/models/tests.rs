//! Adding and removing, with files that are no models: what a model is, the engine's own tests say.
use super::*;

fn library(folder: &Path) -> Library {
    Library {
        list: folder.join("models.json"),
        folder: folder.join("copied"),
        home: folder.join("home"),
        downloads: folder.join("downloads"),
    }
}

#[test]
fn what_is_no_model_is_listed_with_the_reason_and_not_added() {
    let folder = tempfile::tempdir().unwrap();
    let library = library(folder.path());
    let own = folder.path().join("own");
    fs::create_dir(&own).unwrap();
    let file = own.join("notes.gguf");
    fs::write(&file, "no model at all").unwrap();
    let models = library.models(Some(&own));
    let listed = models.iter().find(|model| model.path == file).unwrap();
    assert_eq!(listed.reason.as_deref(), Some("not a model file (GGUF)"));
    assert!(!listed.runs && listed.used && listed.removal.is_none());
    let refused = library.add(&file, Adding::InPlace).unwrap_err();
    assert!(refused.to_string().contains("not a model file"), "{refused}");
    assert!(matches!(library.remove(&file), Err(ModelError::NotOurs(_))));
    assert!(file.exists() && !library.list.exists());
    let missing = library.add(&own.join("missing.gguf"), Adding::InPlace).unwrap_err();
    assert!(missing.to_string().starts_with("could not find the model"), "{missing}");
}

#[test]
fn only_what_was_copied_in_is_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let library = library(folder.path());
    fs::create_dir(&library.folder).unwrap();
    let (copied, elsewhere) = (library.folder.join("a.gguf"), folder.path().join("b.gguf"));
    for file in [&copied, &elsewhere] {
        fs::write(file, "").unwrap();
    }
    let mut shelf = Shelf::load(&library.list);
    let (name, sha256) = ("b".to_owned(), "00".repeat(32));
    shelf.put(Added { name, path: elsewhere.clone(), sha256: sha256.clone() }.into());
    shelf.save(&library.list).unwrap();
    let models = library.models(None);
    let removal = |path: &Path| models.iter().find(|model| model.path == path).unwrap().removal;
    assert_eq!(removal(&copied), Some(Removal::Delete));
    assert_eq!(removal(&elsewhere), Some(Removal::Forget));
    assert_eq!(library.remove(&elsewhere).unwrap(), Some(sha256));
    assert_eq!(library.remove(&copied).unwrap(), None);
    assert!(elsewhere.exists() && !copied.exists());
    assert!(library.named(None, "b").is_empty());
}

#[test]
fn a_chosen_file_of_another_program_keeps_its_name_and_place() {
    let folder = tempfile::tempdir().unwrap();
    let library = library(folder.path());
    let file = library.home.join(".lmstudio/models/x/y/z.gguf");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "").unwrap();
    let models = library.models(Some(&file));
    let listed: Vec<_> = models.iter().filter(|model| model.path == file).collect();
    assert_eq!(listed.len(), 1);
    assert!(listed[0].used && listed[0].place == "LM Studio");
}
