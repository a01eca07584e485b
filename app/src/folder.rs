//! What lies in a folder, and where a person's files usually are. It may wait for a disk or a network: it is
//! never called while drawing.
use std::{
    ffi::OsString,
    fs::{self, DirEntry},
    io,
    path::{Component, Path, PathBuf},
};

use jiff::{Timestamp, civil::Date, tz::TimeZone};

mod places;

pub use places::{Places, places};

/// A file or a folder that lies in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its name, as the system has it.
    pub name: OsString,
    /// Whether it is a folder, or leads to one.
    pub is_folder: bool,
    /// Its length in bytes; none of a folder.
    pub length: Option<u64>,
    /// The day it was changed last; none of a folder.
    pub changed: Option<Date>,
}

/// What lies at a path.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// A folder with what is in it: folders first, then by name.
    Folder(PathBuf, Vec<Item>),
    /// A file.
    File(PathBuf),
    /// Nothing, but the folder it would lie in is there.
    Nothing(PathBuf),
}

/// Looks what lies at a path.
/// # Errors
/// When that can't be read, is neither a file nor a folder, or when not even its folder is there.
pub fn look(path: &Path) -> io::Result<Found> {
    let path = without_steps_up(path)?;
    let meta = match fs::metadata(&path) {
        Ok(meta) => meta,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return match path.parent().is_some_and(Path::is_dir) {
                true => Ok(Found::Nothing(path)),
                false => Err(error),
            };
        }
        Err(error) => return Err(error),
    };
    if meta.is_file() {
        return Ok(Found::File(path));
    }
    let mut items: Vec<Item> = fs::read_dir(&path)?.flatten().filter_map(item).collect();
    items.sort_by_cached_key(|item| {
        (!item.is_folder, item.name.to_string_lossy().to_lowercase(), item.name.clone())
    });
    Ok(Found::Folder(path, items))
}

/// None of what is neither a file nor a folder: a pipe would be waited for without end.
fn item(entry: DirEntry) -> Option<Item> {
    let (name, kind) = (entry.file_name(), entry.file_type().ok()?);
    // A folder is not looked at: it may be the door to a drive that does not answer.
    if kind.is_dir() {
        return Some(Item { name, is_folder: true, length: None, changed: None });
    }
    // A link counts as what it leads to.
    let meta = fs::metadata(entry.path()).ok()?;
    let is_folder = meta.is_dir();
    if !is_folder && !meta.is_file() {
        return None;
    }
    let changed = meta.modified().ok().and_then(|time| Timestamp::try_from(time).ok());
    let changed = changed.map(|time| time.to_zoned(TimeZone::system()).date());
    Some(Item {
        name,
        is_folder,
        length: (!is_folder).then_some(meta.len()),
        changed: changed.filter(|_| !is_folder),
    })
}

/// A path as it is shown; `..` after a link would lead elsewhere than it seems.
fn without_steps_up(path: &Path) -> io::Result<PathBuf> {
    match path.components().any(|part| part == Component::ParentDir) {
        true => fs::canonicalize(path),
        false => Ok(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_come_first_and_names_are_in_order_whatever_their_case() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.txt", "A.txt", ".hidden"] {
            fs::write(folder.path().join(name), "four").unwrap();
        }
        fs::create_dir(folder.path().join("Zoo")).unwrap();
        let Found::Folder(path, items) = look(folder.path()).unwrap() else { panic!("a folder") };
        assert_eq!(path, folder.path());
        let names: Vec<_> = items.iter().map(|item| item.name.to_str().unwrap()).collect();
        assert_eq!(names, ["Zoo", ".hidden", "A.txt", "b.txt"]);
        assert!(items[0].is_folder && items[0].length.is_none());
        assert_eq!(items[2].length, Some(4));
        assert!(items[2].changed.is_some());
    }

    #[test]
    fn what_is_there_and_what_is_not_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert_eq!(look(&file).unwrap(), Found::File(file.clone()));
        let missing = folder.path().join("missing");
        assert_eq!(look(&missing).unwrap(), Found::Nothing(missing.clone()));
        let error = look(&missing.join("more")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        let around = folder.path().join("..").join(folder.path().file_name().unwrap()).join("file");
        assert_eq!(look(&around).unwrap(), Found::File(file.canonicalize().unwrap()));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_counts_as_what_it_leads_to_and_one_that_leads_nowhere_is_left_out() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("real")).unwrap();
        symlink(folder.path().join("real"), folder.path().join("link")).unwrap();
        symlink(folder.path().join("gone"), folder.path().join("dangling")).unwrap();
        let Found::Folder(_, items) = look(folder.path()).unwrap() else { panic!("a folder") };
        let found: Vec<_> =
            items.iter().map(|item| (item.name.to_str().unwrap(), item.is_folder)).collect();
        assert_eq!(found, [("link", true), ("real", true)]);
    }
}
