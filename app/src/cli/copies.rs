//! The commands about a journal that is damaged, or went apart: verify, salvage, merge.

use std::path::Path;

use serde::Serialize;
use vault::{DamagedEntry, EntryId, Integrity, Session, Vault};

use super::{
    failure::Failure,
    journal::{Context, count},
    screen::{print, warn},
};

/// Reads everything back, names what is damaged by its day, and fails when something is wrong.
pub(super) fn verify(context: &Context) -> Result<(), Failure> {
    let session = context.open()?;
    let integrity = session.verify()?;
    let damaged = match integrity.is_sound() {
        true => Vec::new(),
        false => damaged_entries(context, &session)?,
    };
    let damaged = damaged.into_iter().map(DamagedDocument::from).collect();
    let report = Verified { sound: integrity.is_sound(), entries: session.metas().len(), damaged };
    print(context.format, &report, |report, out| {
        let entries = count(report.entries, "entry", "entries");
        let sound = if report.sound { "Everything is sound" } else { "Not sound" };
        writeln!(out, "{sound}: {entries} can be read.")?;
        for entry in &report.damaged {
            writeln!(out, "{}  {}  damaged", &entry.id[..8], entry.date)?;
        }
        Ok(())
    })?;
    match report.sound {
        true => Ok(()),
        false => Err(Failure::damaged(format!(
            "{}: restore a backup, or use salvage",
            faults(integrity)
        ))),
    }
}

/// The newest backup still knows the day of what can't be read any more.
fn damaged_entries(context: &Context, session: &Session) -> Result<Vec<DamagedEntry>, Failure> {
    let newest = session.backups(&context.backup_folder())?.into_iter().next();
    let earlier = newest.and_then(|newest| session.open_copy(&newest.path).ok());
    Ok(session.damaged_entries(earlier.as_ref())?)
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
    let (ours, theirs) = (context.hold()?, Vault::open_read_only(other)?);
    let passphrase = context.passphrase.ask("Passphrase: ")?;
    let mut session = context.unlock_with(ours, &passphrase)?;
    let theirs = match context.unlock_with(theirs, &passphrase) {
        Err(failure) if failure.is_wrong_passphrase() => {
            let passphrase = context.passphrase.ask("Passphrase of the other journal: ")?;
            context.unlock_with(Vault::open_read_only(other)?, &passphrase)?
        }
        unlocked => unlocked?,
    };
    let merged = session.merge(&theirs)?;
    let two_versions = session.conflicting();
    session.close()?;
    if !two_versions.is_empty() {
        let entries = count(two_versions.len(), "entry has", "entries have");
        warn(&format!("{entries} two versions now: one is shown, 'inglenook history' lists them"));
    }
    let report = Merged {
        added: merged.added,
        removed: merged.removed,
        unreadable: merged.unreadable,
        two_versions: two_versions.iter().map(EntryId::to_string).collect(),
    };
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
    damaged: Vec<DamagedDocument>,
}

#[derive(Serialize)]
struct DamagedDocument {
    id: String,
    date: jiff::civil::Date,
}

impl From<DamagedEntry> for DamagedDocument {
    fn from(DamagedEntry { date, id }: DamagedEntry) -> Self {
        Self { id: id.to_string(), date }
    }
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
    two_versions: Vec<String>,
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
