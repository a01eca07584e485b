//! Conflict copies: what file-sync tools leave beside a journal that was changed in two places.
use std::{
    fs,
    path::{Path, PathBuf},
};

use vault::Session;

/// Files beside a journal that are named as a conflict copy of it, by name.
#[must_use]
pub fn beside(journal: &Path) -> Vec<PathBuf> {
    let folder = journal.parent().filter(|folder| !folder.as_os_str().is_empty());
    let (Some(own), Ok(files)) =
        (journal.file_name(), fs::read_dir(folder.unwrap_or(Path::new("."))))
    else {
        return Vec::new();
    };
    let own = own.to_string_lossy();
    let mut copies: Vec<_> = files
        .filter_map(Result::ok)
        .filter(|file| file.file_type().is_ok_and(|kind| kind.is_file()))
        .filter(|file| is_conflict_copy(&own, &file.file_name().to_string_lossy()))
        .map(|file| file.path())
        .collect();
    copies.sort();
    copies
}

/// Those beside it that are of this vault and hold something it lacks. After a merge a copy holds
/// nothing new, so it may stay where it is and is not spoken of again.
#[must_use]
pub fn with_news(session: &Session, journal: &Path) -> Vec<PathBuf> {
    let has_news = |path: &PathBuf| session.open_copy(path).is_ok_and(|copy| session.lacks(&copy));
    beside(journal).into_iter().filter(has_news).collect()
}

/// Whether a file is named as a tool names the other copy of `own`.
#[must_use]
pub fn is_conflict_copy(own: &str, other: &str) -> bool {
    let (stem, ending) = own.rsplit_once('.').map_or((own, ""), |(stem, ending)| (stem, ending));
    let rest = match ending {
        "" => Some(other),
        _ => other.strip_suffix(ending).and_then(|other| other.strip_suffix('.')),
    };
    let Some(mark) = rest.and_then(|rest| rest.strip_prefix(stem)) else { return false };
    is_syncthing(mark) || is_in_brackets(mark) || is_numbered(mark)
}

/// `.sync-conflict-20261122-101500-ABCDEFG`
fn is_syncthing(mark: &str) -> bool {
    let Some(rest) = mark.strip_prefix(".sync-conflict-") else { return false };
    let parts: Vec<_> = rest.split('-').collect();
    let digits =
        |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts[..] {
        [day, time] => digits(day, 8) && digits(time, 6),
        [day, time, device] => digits(day, 8) && digits(time, 6) && device.len() == 7,
        _ => false,
    }
}

/// ` (Anna's conflicted copy 2026-11-22)` of Dropbox, ` (conflicted copy 2026-11-22 101500)` of
/// Nextcloud, ` (1)` of Google Drive.
fn is_in_brackets(mark: &str) -> bool {
    let inside = mark.strip_prefix(" (").and_then(|mark| mark.strip_suffix(')'));
    inside.is_some_and(|inside| {
        inside.to_lowercase().contains("conflicted copy") || is_number(inside)
    })
}

/// ` 2` of iCloud.
fn is_numbered(mark: &str) -> bool {
    mark.strip_prefix(' ').is_some_and(is_number)
}

fn is_number(text: &str) -> bool {
    (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_usual_tools_are_known() {
        for name in [
            "journal.sync-conflict-20261122-101500-ABCDEFG.inglenook",
            "journal.sync-conflict-20261122-101500.inglenook",
            "journal (Anna's conflicted copy 2026-11-22).inglenook",
            "journal (Anna's MacBook's conflicted copy 2026-11-22).inglenook",
            "journal (conflicted copy 2026-11-22 101500).inglenook",
            "journal 2.inglenook",
            "journal (1).inglenook",
        ] {
            assert!(is_conflict_copy("journal.inglenook", name), "{name}");
        }
        assert!(is_conflict_copy("diary", "diary 2"));
        assert!(is_conflict_copy("my.diary.inglenook", "my.diary 3.inglenook"));
    }

    #[test]
    fn other_files_are_not() {
        for name in [
            "journal.inglenook",
            "journal.inglenook-wal",
            "journal.inglenook.lock",
            "journal.inglenook.replaced-1",
            "journal 2.txt",
            "journal two.inglenook",
            "journal 2026.inglenook",
            "journal (draft).inglenook",
            "journal.sync-conflict-now.inglenook",
            "other.sync-conflict-20261122-101500-ABCDEFG.inglenook",
            ".inglenook",
            "",
        ] {
            assert!(!is_conflict_copy("journal.inglenook", name), "{name}");
        }
        assert!(!is_conflict_copy("", "x"));
    }
}
