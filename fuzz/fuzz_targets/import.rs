//! A hostile file, imported. The importer is compiled in alone, without the window.
#![no_main]
use libfuzzer_sys::fuzz_target;

#[path = "../../app/src"]
#[expect(unused_imports, reason = "the window uses more of it")]
mod app {
    pub mod import;
}
use app::import;

fuzz_target!(|input: &[u8]| {
    let path = std::env::temp_dir().join(format!("fuzz-import-{}", std::process::id()));
    std::fs::write(&path, input).unwrap();
    if let Ok(import) = import::read(&path) {
        assert!(!import.contents.is_empty());
        for content in &import.contents {
            let again = serde_json::to_vec(content).unwrap();
            let again: vault::Content = serde_json::from_slice(&again).unwrap();
            assert!(again == *content, "an entry that doesn't read back as it was imported");
        }
    }
});
