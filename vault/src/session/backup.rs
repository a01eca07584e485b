//! Backups: copies that were read back before they count, thinned out as they grow old.
use std::{
    collections::HashSet,
    fs::{self, File},
    io::ErrorKind,
    path::{Path, PathBuf},
};

use jiff::civil::Date;

use super::Session;
use crate::{
    Error, Result, Vault, hex,
    lock::{beside, private, sync_folder},
    store::Store,
};

#[cfg(test)]
mod tests;

/// Backups that are kept: of the last days, and the newest of each of the last weeks and months.
const DAYS: usize = 7;
const WEEKS: usize = 4;
const MONTHS: usize = 12;
const ENDING: &str = ".inglenook";

/// A backup of this vault: a vault itself, which opens as this one did on that day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The civil day it was made.
    pub date: Date,
    /// Where it lies.
    pub path: PathBuf,
}

impl Session {
    /// Writes a backup into `folder`, in the place of another of the same day, once all of it
    /// has been read back. Then removes older ones, but seven days, four weeks and twelve months
    /// stay; and all of them stay while this vault is not sound.
    /// # Errors
    /// `Damaged` where the copy doesn't read back as this vault does, `Full`, `ReadOnly`, `Io`.
    pub fn backup(&self, folder: &Path, today: Date) -> Result<Backup> {
        make_folder(folder)?;
        let path = folder.join(format!("{}{today}{ENDING}", self.backup_prefix()));
        let copy = beside(&path, ".new");
        remove(&copy)?;
        let placed = self.copy_and_read_back(&copy).and_then(|()| Ok(fs::rename(&copy, &path)?));
        remove(&copy)?;
        placed?;
        sync_folder(&path)?;
        if self.integrity().is_sound() {
            self.thin_out(folder, today)?;
        }
        Ok(Backup { date: today, path })
    }

    /// Writes a backup to a new file, once all of it has been read back.
    /// # Errors
    /// `Exists`, and those of [`Session::backup`]; there is no file then.
    pub fn backup_to(&self, path: &Path) -> Result<()> {
        crate::place::new_file(path, |temporary| self.copy_and_read_back(temporary))
    }

    /// Opens another file of this vault, such as a backup, with the key in use: only to be
    /// read, neither it nor its folder is changed.
    /// # Errors
    /// Those of [`Vault::open_read_only`]; `WrongPassphrase` where it is another vault's.
    pub fn open_copy(&self, path: &Path) -> Result<Self> {
        Vault::open_read_only(path)?.into_session(self.master.again())
    }

    /// The backups of this vault in `folder`, newest first.
    /// # Errors
    /// `Io`.
    pub fn backups(&self, folder: &Path) -> Result<Vec<Backup>> {
        let files = match fs::read_dir(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            files => files?,
        };
        let prefix = self.backup_prefix();
        let mut backups = Vec::new();
        for file in files {
            let file = file?;
            let name = file.file_name();
            let name = name.to_str().filter(|_| file.file_type().is_ok_and(|kind| kind.is_file()));
            let date = name.and_then(|name| {
                name.strip_prefix(&prefix)?.strip_suffix(ENDING)?.parse::<Date>().ok()
            });
            backups.extend(date.map(|date| Backup { date, path: file.path() }));
        }
        backups.sort_by_key(|backup| std::cmp::Reverse(backup.date));
        Ok(backups)
    }

    /// The vault's id tells its backups from those of another in the same folder.
    fn backup_prefix(&self) -> String {
        format!("journal-{}-", hex::encode(&self.ledger.vault.0[..4]))
    }

    fn copy_and_read_back(&self, path: &Path) -> Result<()> {
        private().create_new(true).open(path)?;
        self.ledger.store.copy_to(path)?;
        let copy = Self::load(Store::open_read_only(path)?, self.master.again())?;
        let same = copy.generation() == self.generation() && copy.verify()? == self.verify()?;
        drop(copy);
        if !same {
            return Err(Error::damaged("the backup doesn't read back"));
        }
        Ok(File::open(path)?.sync_all()?)
    }

    /// The backup just made stays, even where a clock that was wrong has left others of later days.
    fn thin_out(&self, folder: &Path, made: Date) -> Result<()> {
        let backups = self.backups(folder)?;
        let kept = kept(backups.iter().map(|backup| backup.date));
        let stays = |backup: &&Backup| kept.contains(&backup.date) || backup.date == made;
        for backup in backups.iter().filter(|backup| !stays(backup)) {
            fs::remove_file(&backup.path)?;
        }
        Ok(())
    }
}

/// Which of these days, newest first, stay.
fn kept(days: impl Iterator<Item = Date> + Clone) -> HashSet<Date> {
    let mut kept: HashSet<_> = days.clone().take(DAYS).collect();
    let newest_of_each = |unit: fn(Date) -> (i16, i8), count: usize| {
        let mut seen = HashSet::new();
        let newest = days.clone().filter(move |day| seen.insert(unit(*day)));
        newest.take(count).collect::<Vec<_>>()
    };
    let week = |day: Date| (day.iso_week_date().year(), day.iso_week_date().week());
    kept.extend(newest_of_each(week, WEEKS));
    kept.extend(newest_of_each(|day| (day.year(), day.month()), MONTHS));
    kept
}

/// Removes a copy and whatever lies beside it.
fn remove(copy: &Path) -> Result<()> {
    for ending in ["", "-wal", "-journal", ".lock"] {
        match fs::remove_file(beside(copy, ending)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// A folder that only its owner can look into.
fn make_folder(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(folder)?)
}
