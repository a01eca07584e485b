//! The commands about backups: backup, its check, restore.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jiff::civil::Date;
use serde::Serialize;
use vault::{Session, Vault};

use super::{
    arguments,
    failure::Failure,
    journal::{Context, count, today},
    past,
    screen::{print, warn},
};
use crate::{
    keeping::backup::{self, Drill},
    paths, rollback,
};

/// The ending that tells the file of one backup from a folder for many.
const ENDING: &str = "inglenook";

/// Writes a backup, or checks one.
pub(super) fn backup(context: &Context, arguments: arguments::Backup) -> Result<(), Failure> {
    let arguments::Backup { target, check } = arguments;
    if check {
        return check_backup(context, target);
    }
    let session = context.open()?;
    let path = match target {
        Some(file) if !file.is_dir() && file.extension().is_some_and(|it| it == ENDING) => {
            session.backup_to(&file)?;
            file
        }
        folder => {
            let folder = folder.unwrap_or_else(|| context.backup_folder());
            session.backup(&folder, today())?.path
        }
    };
    let path = path.to_string_lossy().into_owned();
    print(context.format, &BackedUp { path }, |made, out| writeln!(out, "{}", made.path))
}

/// The restore drill: opens a backup, only to read it, and tells what it holds.
fn check_backup(context: &Context, target: Option<PathBuf>) -> Result<(), Failure> {
    let drill = match target {
        Some(file) if !file.is_dir() => {
            let copy = context.unlock(Vault::open_read_only(&file)?)?;
            backup::drill(&copy, file)?
        }
        folder => {
            let folder = folder.unwrap_or_else(|| context.backup_folder());
            let none = || Failure::new(format!("there is no backup in {}", folder.display()));
            backup::drill_newest(&context.open()?, &folder)?.ok_or_else(none)?
        }
    };
    let sound = drill.sound;
    print(context.format, &Checked::from(drill), print_checked)?;
    match sound {
        true => Ok(()),
        false => Err(Failure::damaged("this backup is damaged: make a new one")),
    }
}

/// Restores a backup, or with a version an entry.
pub(super) fn restore(context: &Context, arguments: &arguments::Restore) -> Result<(), Failure> {
    let arguments::Restore { what, revision, to } = arguments;
    match (revision, to) {
        (Some(revision), _) => {
            let id = what.to_str().ok_or_else(|| Failure::usage("the id is not UTF-8"))?;
            past::restore_revision(context, id, revision)
        }
        (None, Some(to)) => restore_to(context, what, to),
        (None, None) => restore_in_place(context, what),
    }
}

/// Writes what a backup holds to a new file; the journal stays as it is.
fn restore_to(context: &Context, backup: &Path, to: &Path) -> Result<(), Failure> {
    let session = open_sound(context, backup)?;
    session.salvage(to)?;
    print_restored(context, &session, to, None)
}

/// Puts a backup in the journal's place, once all of it was read; what was there is kept.
fn restore_in_place(context: &Context, backup: &Path) -> Result<(), Failure> {
    refuse_if_in_use(&context.journal)?;
    let session = open_sound(context, backup)?;
    let kept = move_aside(&context.journal)?;
    if let Err(error) = session.salvage(&context.journal) {
        if let Some(kept) = &kept {
            let _ = rename_all(kept, &context.journal);
        }
        return Err(error.into());
    }
    let mut restored = session.open_copy(&context.journal)?;
    rollback::accept(&mut restored, &context.journal, &paths::seen_folder());
    print_restored(context, &session, &context.journal, kept)
}

fn open_sound(context: &Context, backup: &Path) -> Result<Session, Failure> {
    let session = context.unlock(Vault::open_read_only(backup)?)?;
    match session.verify()?.is_sound() {
        true => Ok(session),
        false => Err(Failure::damaged("this backup is damaged: take another one, or salvage it")),
    }
}

fn print_restored(
    context: &Context,
    session: &Session,
    to: &Path,
    kept: Option<PathBuf>,
) -> Result<(), Failure> {
    let restored = Restored {
        path: to.to_string_lossy().into_owned(),
        entries: session.metas().len(),
        kept: kept.map(|kept| kept.to_string_lossy().into_owned()),
    };
    print(context.format, &restored, |restored, out| {
        let entries = count(restored.entries, "entry", "entries");
        writeln!(out, "{entries} restored in {}", restored.path)?;
        match &restored.kept {
            Some(kept) => writeln!(out, "What was there is kept as {kept}"),
            None => Ok(()),
        }
    })
}

#[derive(Serialize)]
struct BackedUp {
    path: String,
}

#[derive(Serialize)]
struct Checked {
    path: String,
    sound: bool,
    entries: usize,
    words: usize,
    last: Option<Date>,
    same_secrets: bool,
}

impl From<Drill> for Checked {
    fn from(drill: Drill) -> Self {
        let Drill { path, sound, entries, words, last, same_secrets } = drill;
        let path = path.to_string_lossy().into_owned();
        Self { path, sound, entries, words, last, same_secrets }
    }
}

fn print_checked(checked: &Checked, out: &mut dyn io::Write) -> io::Result<()> {
    let entries = count(checked.entries, "entry", "entries");
    let words = count(checked.words, "word", "words");
    let last = checked.last.map(|day| format!(", the last of {day}")).unwrap_or_default();
    let sound = if checked.sound { "reads back whole" } else { "is damaged" };
    writeln!(out, "{} {sound}: {entries}, {words}{last}", checked.path)?;
    if !checked.same_secrets {
        warn("this backup opens with the passphrase of its day, not with the present one");
    }
    Ok(())
}

#[derive(Serialize)]
struct Restored {
    path: String,
    entries: usize,
    kept: Option<String>,
}

/// Any other fault of the journal is the reason to restore a backup.
fn refuse_if_in_use(journal: &Path) -> Result<(), Failure> {
    match Vault::open(journal) {
        Err(error @ vault::Error::InUse) => Err(error.into()),
        _ => Ok(()),
    }
}

/// Renames the journal to a name that is free; none when there is no journal.
fn move_aside(journal: &Path) -> Result<Option<PathBuf>, Failure> {
    if journal.symlink_metadata().is_err() {
        return Ok(None);
    }
    let name = journal.file_name().unwrap_or_default().display().to_string();
    let candidates = (1..).map(|n| journal.with_file_name(format!("{name}.replaced-{n}")));
    let mut free = candidates.filter(|path| path.symlink_metadata().is_err());
    let kept = free.next().unwrap_or_default();
    let moved = rename_all(journal, &kept);
    moved.map_err(|error| Failure::file("could not move the journal aside", &error, journal))?;
    Ok(Some(kept))
}

/// Renames a journal and its log, if it has one.
fn rename_all(from: &Path, to: &Path) -> io::Result<()> {
    let log = |path: &Path| {
        let mut name = path.as_os_str().to_owned();
        name.push("-wal");
        PathBuf::from(name)
    };
    match fs::rename(log(from), log(to)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::rename(from, to)
}
