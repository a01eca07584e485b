//! Backups: where they lie, when one is due, and what the newest one holds.
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use vault::{Backup, Session};

/// The folder of a journal's backups, if none was chosen.
#[must_use]
pub fn default_folder(journal: &Path) -> PathBuf {
    journal.with_file_name("backups")
}

/// Whether a backup is to be made: there is none of this day. The newest day has no say, so that
/// a clock that ran ahead does not end all backups.
#[must_use]
pub fn is_due(backups: &[Backup], today: Date) -> bool {
    backups.iter().all(|backup| backup.date != today)
}

/// What a restore drill found in a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drill {
    /// Where it lies.
    pub path: PathBuf,
    /// Everything in it reads back, and nothing is missing.
    pub sound: bool,
    /// Its entries.
    pub entries: usize,
    /// Their words.
    pub words: usize,
    /// The day of its newest entry.
    pub last: Option<Date>,
    /// Whether it opens with what opens the journal now; if not, with what did then.
    pub same_secrets: bool,
}

/// Opens the newest backup of a folder, only to read it; none where there is no backup.
/// # Errors
/// When it can't be opened.
pub fn drill_newest(session: &Session, folder: &Path) -> vault::Result<Option<Drill>> {
    let Some(newest) = session.backups(folder)?.into_iter().next() else { return Ok(None) };
    let copy = session.open_copy(&newest.path)?;
    let same_secrets = copy.slots() == session.slots();
    Ok(Some(Drill { same_secrets, ..drill(&copy, newest.path)? }))
}

/// Reads all of a backup that is open.
/// # Errors
/// `Io`.
pub fn drill(copy: &Session, path: PathBuf) -> vault::Result<Drill> {
    Ok(Drill {
        path,
        sound: copy.verify()?.is_sound(),
        entries: copy.metas().len(),
        words: copy.metas().map(|meta| meta.words).sum(),
        last: copy.metas().map(|meta| meta.date).max(),
        same_secrets: true,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_backup_is_due_once_a_day_even_after_a_clock_ran_ahead() {
        let of = |date| Backup { date, path: PathBuf::new() };
        let today = date(2026, 11, 22);
        assert!(is_due(&[], today));
        assert!(is_due(&[of(date(2026, 11, 21))], today));
        assert!(is_due(&[of(date(2036, 1, 1)), of(date(2026, 11, 21))], today));
        assert!(!is_due(&[of(date(2036, 1, 1)), of(today)], today));
    }
}
