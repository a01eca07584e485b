//! The commands that guard against loss: verify, backup, restore, salvage, merge.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::Serialize;
use vault::{Integrity, Vault};

use super::{
    failure::Failure,
    journal::{Context, count, today},
    screen::print,
};

/// Reads everything back, and fails when something is wrong.
pub(super) fn verify(context: &Context) -> Result<(), Failure> {
    let session = context.open()?;
    let integrity = session.verify()?;
    let report = Verified { sound: integrity.is_sound(), entries: session.metas().len() };
    print(context.format, &report, |report, out| {
        let entries = count(report.entries, "entry", "entries");
        let sound = if report.sound { "Everything is sound" } else { "Not sound" };
        writeln!(out, "{sound}: {entries} can be read.")
    })?;
    match report.sound {
        true => Ok(()),
        false => Err(Failure::damaged(format!(
            "{}: restore a backup, or use salvage",
            faults(integrity)
        ))),
    }
}

/// Writes a backup.
pub(super) fn backup(context: &Context, folder: Option<PathBuf>) -> Result<(), Failure> {
    let folder = folder.unwrap_or_else(|| context.journal.with_file_name("backups"));
    let backup = context.open()?.backup(&folder, today())?;
    let path = backup.path.to_string_lossy().into_owned();
    print(context.format, &BackedUp { path }, |made, out| writeln!(out, "{}", made.path))
}

/// Puts a backup in the journal's place, once all of it was read; what was there is kept.
pub(super) fn restore(context: &Context, backup: &Path) -> Result<(), Failure> {
    refuse_if_in_use(&context.journal)?;
    let session = context.unlock(Vault::open(backup)?)?;
    if !session.verify()?.is_sound() {
        return Err(Failure::damaged("this backup is damaged: take another one, or salvage it"));
    }
    let kept = move_aside(&context.journal)?;
    if let Err(error) = session.salvage(&context.journal) {
        if let Some(kept) = &kept {
            let _ = rename_all(kept, &context.journal);
        }
        return Err(error.into());
    }
    let restored = Restored {
        path: context.journal.to_string_lossy().into_owned(),
        entries: session.metas().len(),
        kept: kept.map(|kept| kept.to_string_lossy().into_owned()),
    };
    print(context.format, &restored, |restored, out| {
        writeln!(out, "{} restored.", count(restored.entries, "entry", "entries"))?;
        match &restored.kept {
            Some(kept) => writeln!(out, "What was there is kept as {kept}"),
            None => Ok(()),
        }
    })
}

/// Brings what can be read into a new journal.
pub(super) fn salvage(context: &Context, file: &Path) -> Result<(), Failure> {
    let salvaged = context.open()?.salvage(file)?;
    let path = file.to_string_lossy().into_owned();
    let report = Salvaged { path, records: salvaged.records, left: salvaged.left };
    print(context.format, &report, |report, out| {
        let records = count(report.records, "record", "records");
        writeln!(out, "{records} saved in {}, {} could not be read.", report.path, report.left)
    })
}

/// Takes in the changes of another copy.
pub(super) fn merge(context: &Context, other: &Path) -> Result<(), Failure> {
    let (ours, theirs) = (context.hold()?, Vault::open(other)?);
    let passphrase = context.passphrase.ask("Passphrase: ")?;
    let mut session = context.unlock_with(ours, &passphrase)?;
    let theirs = match context.unlock_with(theirs, &passphrase) {
        Err(failure) if failure.is_wrong_passphrase() => {
            let passphrase = context.passphrase.ask("Passphrase of the other journal: ")?;
            context.unlock_with(Vault::open(other)?, &passphrase)?
        }
        unlocked => unlocked?,
    };
    let merged = session.merge(&theirs)?;
    session.close()?;
    let report =
        Merged { added: merged.added, removed: merged.removed, unreadable: merged.unreadable };
    print(context.format, &report, |report, out| {
        let added = count(report.added, "change", "changes");
        writeln!(
            out,
            "{added} taken in, {} removed, {} could not be read.",
            report.removed, report.unreadable
        )
    })
}

#[derive(Serialize)]
struct Verified {
    sound: bool,
    entries: usize,
}

#[derive(Serialize)]
struct BackedUp {
    path: String,
}

#[derive(Serialize)]
struct Restored {
    path: String,
    entries: usize,
    kept: Option<String>,
}

#[derive(Serialize)]
struct Salvaged {
    path: String,
    records: usize,
    left: usize,
}

#[derive(Serialize)]
struct Merged {
    added: usize,
    removed: usize,
    unreadable: usize,
}

fn faults(integrity: Integrity) -> String {
    let damaged = count(integrity.damaged_records, "record", "records");
    let mut faults = Vec::new();
    if integrity.damaged_records > 0 {
        faults.push(format!("{damaged} cannot be read"));
    }
    if !integrity.complete {
        faults.push("records are missing or were put back".to_owned());
    }
    if !integrity.structure_sound {
        faults.push("the file's structure is damaged".to_owned());
    }
    faults.join(", ")
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
