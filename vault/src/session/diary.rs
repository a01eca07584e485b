//! A diary of ten years: what it takes on disk, and that all of it comes back.
use std::{fs, path::PathBuf, time::Instant};

use super::*;
use crate::testing::{Place, create, unlock};

/// The diary's entries, or none where the test data is absent.
fn diary() -> Vec<Content> {
    let default = || concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data").into();
    let folder = std::env::var_os("INGLENOOK_TEST_DATA").unwrap_or_else(default);
    let Ok(lines) = fs::read_to_string(PathBuf::from(folder).join("pepys.jsonl")) else {
        println!("no test data: the diary is not measured");
        return Vec::new();
    };
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn ten_years_take_at_most_1_7_times_their_text() {
    let diary = diary();
    if diary.is_empty() {
        return;
    }
    let place = Place::new();
    let start = Instant::now();
    let mut session = create(&place.path);
    let count = session.import(&diary).unwrap();
    session.close().unwrap();
    let imported = start.elapsed();
    let text: u64 = diary.iter().map(|content| content.text.len() as u64).sum();
    let file = fs::metadata(&place.path).unwrap().len();
    println!("{text} bytes of text, {file} on disk, {:.3}", file as f64 / text as f64);
    assert!(file * 10 <= text * 17);
    let start = Instant::now();
    let session = unlock(&place.path).unwrap();
    println!("imported in {imported:.0?}, unlocked in {:.0?}", start.elapsed());
    assert!(session.integrity().is_sound());
    assert_eq!(session.ids().len(), count.imported);
    let mut read = 0;
    session.for_each_entry(&mut |entry| read += entry.content.text.len() as u64).unwrap();
    assert_eq!(read, text);
}
