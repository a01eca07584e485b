use jiff::civil::{date, time};
use vault::{EntryId, RevisionId};

use super::*;
use crate::import;

fn entry(day: i8, content: impl FnOnce(Content) -> Content) -> Entry {
    let id = [day.unsigned_abs(); 16];
    Entry {
        id: EntryId(id),
        revision: RevisionId(id),
        content: content(Content::new(date(2024, 1, day))),
    }
}

fn entries() -> Vec<Entry> {
    let extra = serde_json::from_str(r#"{"weather":{"c":3}}"#).unwrap();
    vec![
        entry(1, |content| Content { text: "First\nof all".into(), ..content }),
        entry(1, |content| Content {
            time: Some(time(21, 5, 30, 0)),
            zone: Some("Europe/Rome".into()),
            title: "Tea".into(),
            text: "With \"quotes\", \u{1f331} and\ttabs\n".into(),
            tags: vec!["walk".into(), "Anna B".into()],
            mood: Some(4),
            starred: true,
            extra,
            ..content
        }),
        entry(2, |content| Content { title: "Only a title".into(), ..content }),
    ]
}

fn written(format: Format) -> String {
    let mut out = Vec::new();
    write(&entries(), format, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn import_reads_the_json_without_loss() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.json");
    to_file(&entries(), Format::Json, &path).unwrap();
    let import = import::read(&path).ok().unwrap();
    let same = import.contents.iter().zip(entries()).all(|(read, entry)| *read == entry.content);
    assert!(same && import.contents.len() == 3 && import.problems.is_empty());
}

#[test]
fn markdown_has_a_heading_for_each_day() {
    assert_eq!(
        written(Format::Markdown),
        "# 2024-01-01, Monday\n\nFirst\nof all\n\n\
         ## 21:05 · Tea\n\nWith \"quotes\", \u{1f331} and\ttabs\n\n*Mood 4 of 5 · Starred · #walk · #Anna B*\n\n\
         # 2024-01-02, Tuesday\n\n## Only a title\n\n"
    );
}

#[test]
fn a_file_that_is_there_is_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.md");
    std::fs::write(&path, "mine").unwrap();
    let error = to_file(&entries(), Format::Markdown, &path).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
}

#[cfg(unix)]
#[test]
fn only_the_person_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.json");
    to_file(&entries(), Format::Json, &path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
}

#[test]
fn a_failed_export_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.json");
    let error = publish::new_file(&path, |out| {
        out.write_all(b"half")?;
        Err(io::ErrorKind::StorageFull.into())
    });
    assert!(error.is_err());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
