//! Folders that a person goes to often: their own, and drives that were put in.
use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::paths;

/// Where desktops and people mount drives.
const DRIVES: [&str; 3] = ["/media", "/mnt", "/run/media"];

/// Those that are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The person's home.
    pub home: PathBuf,
    /// All others, each once.
    pub others: Vec<PathBuf>,
}

/// Finds them.
#[must_use]
pub fn places() -> Places {
    let home = paths::home();
    let own = [paths::documents(), paths::pictures(), paths::downloads()];
    let here = env::current_dir().ok();
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let mut others: Vec<PathBuf> = Vec::new();
    for path in own.into_iter().chain(here).filter(|path| path.is_dir()).chain(drives(&mounts)) {
        if path != home && path.file_name().is_some() && !others.contains(&path) {
            others.push(path);
        }
    }
    Places { home, others }
}

/// Drives of the system's list of mounts. None is looked at: it may not answer.
fn drives(mounts: &str) -> Vec<PathBuf> {
    let is_drive = |path: &PathBuf| DRIVES.iter().any(|folder| path.starts_with(Path::new(folder)));
    let paths = mounts.lines().filter_map(|line| line.split(' ').nth(1)).map(unescaped);
    paths.filter(is_drive).collect()
}

/// What stands in the list in place of characters that would part it.
fn unescaped(path: &str) -> PathBuf {
    let path = path.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n");
    PathBuf::from(path.replace("\\134", "\\"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drives_are_read_from_the_system_s_list() {
        let mounts = "/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /media/ana/My\\040stick vfat rw 0 0\n\
                      server:/photos /mnt/photos nfs rw 0 0\ntmpfs /run/user/1000 tmpfs rw 0 0\n";
        let found = ["/media/ana/My stick", "/mnt/photos"].map(PathBuf::from);
        assert_eq!(drives(mounts), found);
    }

    #[test]
    fn every_place_has_a_name_and_is_there_once() {
        let places = places();
        assert!(
            places.others.iter().all(|path| path.file_name().is_some() && *path != places.home)
        );
        let mut once = places.others.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), places.others.len());
    }
}
