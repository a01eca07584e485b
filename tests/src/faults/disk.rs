//! A disk that keeps only what was synced, and of the rest whatever chance leaves.
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::{random::Random, trace::Event};

/// What a disk writes whole or not at all, in bytes.
const SECTOR: usize = 512;

/// The disk, as the process sees it and as it is.
#[derive(Default)]
pub struct Disk {
    files: Vec<File>,
    /// What the process sees.
    names: BTreeMap<PathBuf, usize>,
    /// What is on disk.
    durable: BTreeMap<PathBuf, usize>,
    /// Changes of names since the last sync of their folder, in order.
    pending: Vec<Naming>,
    /// Lies about syncs: shows that the check would notice.
    deaf: bool,
}

#[derive(Default)]
struct File {
    durable: Vec<u8>,
    /// Since its last sync, in order.
    pending: Vec<Change>,
}

enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Length(usize),
}

#[derive(Clone)]
enum Naming {
    Give(PathBuf, usize),
    Take(PathBuf),
    Move(PathBuf, PathBuf, usize),
}

/// What becomes of the unsynced changes of a file.
#[derive(Clone, Copy)]
enum Fate {
    Lost,
    Kept,
    /// Each sector by itself, so that any order is possible.
    Scattered,
    /// Up to some moment.
    CutOff,
}

impl Disk {
    /// An empty disk. A deaf one does nothing when it is told to sync.
    #[must_use]
    pub fn new(deaf: Deaf) -> Self {
        Self { deaf: deaf == Deaf::Yes, ..Self::default() }
    }

    /// Does what the process did.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Open { path, empty } => {
                let file = self.file(path);
                if *empty {
                    self.files[file].pending.push(Change::Length(0));
                }
            }
            Event::Write { path, at, bytes } => {
                let (file, bytes) = (self.file(path), bytes.clone());
                self.files[file].pending.push(Change::Write { at: *at, bytes });
            }
            Event::Truncate { path, length } => {
                let file = self.file(path);
                self.files[file].pending.push(Change::Length(*length));
            }
            Event::Sync { path } => self.sync(path),
            Event::Link { from, to } => {
                let file = self.file(from);
                self.name(Naming::Give(to.clone(), file));
            }
            Event::Rename { from, to } => {
                let file = self.file(from);
                self.name(Naming::Move(from.clone(), to.clone(), file));
            }
            Event::Unlink { path } => self.name(Naming::Take(path.clone())),
            Event::Say(_) | Event::Other => {}
        }
    }

    /// The power fails: writes to `folder` what could be left of the files of this disk.
    /// # Errors
    /// The system's.
    pub fn cut(&self, random: &mut Random, folder: &Path) -> io::Result<()> {
        let mut names = self.durable.clone();
        for naming in &self.pending[..random.below(self.pending.len() + 1)] {
            naming.apply(&mut names);
        }
        for (path, file) in names {
            let Some(name) = path.file_name() else { continue };
            fs::write(folder.join(name), self.files[file].left(random))?;
        }
        Ok(())
    }

    fn file(&mut self, path: &Path) -> usize {
        if let Some(file) = self.names.get(path) {
            return *file;
        }
        self.files.push(File::default());
        self.name(Naming::Give(path.to_owned(), self.files.len() - 1));
        self.files.len() - 1
    }

    fn name(&mut self, naming: Naming) {
        naming.apply(&mut self.names);
        self.pending.push(naming);
    }

    fn sync(&mut self, path: &Path) {
        if self.deaf {
            return;
        }
        if let Some(file) = self.names.get(path) {
            return self.files[*file].sync();
        }
        let synced: Vec<_> =
            self.pending.extract_if(.., |naming| naming.folder() == Some(path)).collect();
        synced.iter().for_each(|naming| naming.apply(&mut self.durable));
    }
}

/// Whether a disk lies about syncs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Deaf {
    /// It says it did and didn't.
    Yes,
    /// It does.
    No,
}

impl Naming {
    fn apply(&self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            Self::Give(path, file) => _ = names.insert(path.clone(), *file),
            Self::Take(path) => _ = names.remove(path),
            Self::Move(from, to, file) => {
                names.remove(from);
                names.insert(to.clone(), *file);
            }
        }
    }

    fn folder(&self) -> Option<&Path> {
        let (Self::Give(path, _) | Self::Take(path) | Self::Move(_, path, _)) = self;
        path.parent()
    }
}

impl File {
    fn sync(&mut self) {
        for change in self.pending.drain(..) {
            change.apply(&mut self.durable);
        }
    }

    /// What could be on disk after a power cut.
    fn left(&self, random: &mut Random) -> Vec<u8> {
        let mut content = self.durable.clone();
        match [Fate::Lost, Fate::Kept, Fate::Scattered, Fate::CutOff][random.below(4)] {
            Fate::Lost => {}
            Fate::Kept => self.pending.iter().for_each(|change| change.apply(&mut content)),
            Fate::Scattered => {
                let chance = 1 + random.below(7);
                for change in self.pending.iter().flat_map(Change::sectors) {
                    if random.below(8) < chance {
                        change.apply(&mut content);
                    }
                }
            }
            Fate::CutOff => {
                let sectors: Vec<_> = self.pending.iter().flat_map(Change::sectors).collect();
                let kept = random.below(sectors.len() + 1);
                sectors[..kept].iter().for_each(|change| change.apply(&mut content));
            }
        }
        content
    }
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Write { at, bytes } => {
                let end = at + bytes.len();
                content.resize(content.len().max(end), 0);
                content[*at..end].copy_from_slice(bytes);
            }
            Self::Length(length) => content.resize(*length, 0),
        }
    }

    /// The same in pieces that a disk writes whole.
    fn sectors(&self) -> Vec<Self> {
        match self {
            Self::Length(length) => vec![Self::Length(*length)],
            Self::Write { at, bytes } => {
                let (first, rest) = bytes.split_at(bytes.len().min(SECTOR - at % SECTOR));
                let mut pieces = vec![Self::Write { at: *at, bytes: first.to_vec() }];
                let places = (at + first.len()..).step_by(SECTOR);
                pieces.extend(
                    rest.chunks(SECTOR)
                        .zip(places)
                        .map(|(bytes, at)| Self::Write { at, bytes: bytes.to_vec() }),
                );
                pieces
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(disk: &Disk, seed: u64) -> Option<Vec<u8>> {
        let folder = tempfile::tempdir().unwrap();
        disk.cut(&mut Random::new(seed), folder.path()).unwrap();
        fs::read(folder.path().join("a")).ok()
    }

    #[test]
    fn what_was_synced_stays_and_the_rest_may_go_in_any_way() {
        let path = PathBuf::from("/x/a");
        let write = |byte, at| Event::Write { path: path.clone(), at, bytes: vec![byte; 1024] };
        let mut disk = Disk::new(Deaf::No);
        disk.apply(&write(1, 0));
        disk.apply(&Event::Sync { path: path.clone() });
        assert!((0..50).any(|seed| left(&disk, seed).is_none()), "its name was never synced");
        disk.apply(&Event::Sync { path: "/x".into() });
        assert!((0..50).all(|seed| left(&disk, seed) == Some(vec![1; 1024])));
        disk.apply(&write(2, 512));
        let seen: std::collections::BTreeSet<_> =
            (0..200).filter_map(|seed| left(&disk, seed)).collect();
        let [old, new] = [1, 2].map(|byte| vec![byte; 512]);
        for expected in [
            [&old[..], &old].concat(),
            [&old[..], &new].concat(),
            [&old[..], &new, &new].concat(),
            [&old[..], &old, &new].concat(),
        ] {
            assert!(seen.contains(&expected));
        }
    }
}
