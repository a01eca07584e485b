//! A full disk: a small file system is filled until so much is left, then everything is tried.
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use vault::{EntryId, Error, MasterKey, Session, Vault};

use super::{
    Count, check, create,
    model::{Model, Step, batch_of, content_of, file_of, id_of},
    unlock_key,
};

/// What a file system of pages gives at a time, in bytes.
const PAGE: usize = 4096;
/// The size of the small file system, in pages.
const SIZE: usize = 1024;

/// A file system in memory of a fixed size; unmounted on drop.
struct Small(tempfile::TempDir);

/// For every number of free pages below `pages`: does one thing after another until the disk is
/// full, and compares what is there afterwards.
/// # Errors
/// When no file system can be mounted here.
/// # Panics
/// When the disk can't be prepared.
pub fn run(pages: usize) -> Result<Count, String> {
    let mut count = Count::default();
    for free in 0..pages {
        let small = Small::mount()?;
        let journal = small.path("journal");
        let mut session = create(&journal).unwrap();
        let mut model = Model::default();
        for number in 1..5 {
            session.put(id_of(number), &content_of(number)).unwrap();
            model.apply(Step::Put(id_of(number), number));
        }
        session.close().unwrap();
        let key = unlock_key(&journal).unwrap();
        let filler = small.fill(free);
        count.faults += 1;
        let outcome = write_until_full(&journal, &key, &mut model, &mut count);
        fs::remove_file(filler).unwrap();
        if let Err(what) = outcome.and_then(|()| check(&journal, &key, &[model]).map(|_| ())) {
            count.failures.push(format!("{free} pages free: {what}"));
        }
    }
    Ok(count)
}

/// A refusal must be `Full`, and must have changed nothing; what was not refused must be there.
fn write_until_full(
    journal: &Path,
    key: &MasterKey,
    model: &mut Model,
    count: &mut Count,
) -> Result<(), String> {
    let opened = Vault::open(journal).and_then(|vault| vault.into_session(key.again()));
    let mut session = match opened {
        Err(Error::Full) => return Ok(()),
        opened => opened.map_err(|error| format!("opening: {error}"))?,
    };
    for number in 10..40 {
        let step = [
            Step::Put(id_of(number), number),
            Step::Put(id_of(1), number),
            Step::Attach(id_of(1), number),
            Step::Import(number << 20),
            Step::Value(number),
        ][number as usize % 5];
        match take(&mut session, step) {
            Ok(()) => {
                model.apply(step);
                count.acknowledged += 1;
            }
            Err(Error::Full) => count.in_a_step += 1,
            Err(error) => return Err(format!("not told as a full disk: {error}")),
        }
    }
    backup_fails_cleanly(&session, journal)
}

fn take(session: &mut Session, step: Step) -> Result<(), Error> {
    let put = |session: &mut Session, id: EntryId, number| {
        session.commit_revision(id);
        session.put(id, &content_of(number)).map(|_| ())
    };
    match step {
        Step::Put(id, number) => put(session, id, number),
        Step::Attach(id, number) => {
            let name = number.to_string();
            session
                .attach(id, &name, "application/octet-stream", &mut &*file_of(number))
                .map(|_| ())
        }
        Step::Import(first) => session.import(&batch_of(first)).map(|_| ()),
        Step::Value(number) => {
            session.set_value("setting", super::model::text_of(number).as_bytes())
        }
        _ => Ok(()),
    }
}

/// A backup or a salvage onto a full disk leaves nothing half-written behind.
fn backup_fails_cleanly(session: &Session, journal: &Path) -> Result<(), String> {
    let out = journal.with_extension("salvaged");
    match session.salvage(&out) {
        Ok(_) => fs::remove_file(&out).map_err(|error| error.to_string())?,
        Err(Error::Full) if !out.exists() => {}
        Err(Error::Full) => return Err("a salvage that failed left a file".to_owned()),
        Err(error) => return Err(format!("salvage, not told as a full disk: {error}")),
    }
    let folder = journal.with_file_name("backups");
    match session.backup(&folder, jiff::civil::date(2026, 3, 1)) {
        Ok(backup) => fs::remove_file(&backup.path).map_err(|error| error.to_string()),
        Err(Error::Full) => {
            let left = fs::read_dir(&folder).map_or(0, Iterator::count);
            if left == 0 { Ok(()) } else { Err(format!("{left} files of a backup that failed")) }
        }
        Err(error) => Err(format!("backup, not told as a full disk: {error}")),
    }
}

impl Small {
    fn mount() -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let size = format!("size={}", SIZE * PAGE);
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", &size, "none"]).arg(folder.path());
        match command.output() {
            Ok(output) if output.status.success() => Ok(Self(folder)),
            Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Leaves so many pages free; gives the file that takes the rest.
    fn fill(&self, free: usize) -> PathBuf {
        let filler = self.path("filler");
        // As much as there is, then shorter by what shall be free.
        let mut length = SIZE;
        while fs::write(&filler, vec![1; length * PAGE]).is_err() {
            length -= 1;
        }
        let length = length.saturating_sub(free) * PAGE;
        fs::File::options().write(true).open(&filler).unwrap().set_len(length as u64).unwrap();
        filler
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}
