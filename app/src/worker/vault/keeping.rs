//! Jobs about what guards against loss.
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use vault::{
    AttachmentId, Entry, EntryId, KdfParams, KeyFile, Passphrase, Result, RevisionId, Session,
    SlotId,
};

use super::Journal;
use crate::{
    event::{Event, KeepPart, Kept, OtherVersion},
    keeping::{
        attachment::{self, Problem},
        backup, conflict_copy, diff,
    },
    state::{EntryRow, keeping::Version},
};

/// What the thread is asked to do. No `Debug`: some hold secrets.
pub enum KeepJob {
    /// Tells what belongs to an entry beside its text.
    Look(EntryId),
    /// Attaches a file to an entry.
    Attach(EntryId, PathBuf),
    /// Writes a copy of a file into a folder.
    SaveCopy(EntryId, AttachmentId, PathBuf),
    /// Removes a file for good.
    RemoveFile(EntryId, AttachmentId),
    /// Lists the versions of an entry.
    History(EntryId),
    /// Compares a version with the entry as it is.
    Compare(EntryId, RevisionId),
    /// Makes a version the newest; without one, the version shown.
    Keep(EntryId, Option<RevisionId>),
    /// Makes an entry of its own of each other version.
    KeepBoth(EntryId),
    /// Reads an entry again.
    Reread(EntryId),
    /// Lists the trash.
    Trash(Date),
    /// Puts an entry back.
    Undelete(EntryId),
    /// Deletes an entry for ever.
    Purge(EntryId),
    /// Looks for copies beside the journal, by its path.
    FindCopies(PathBuf),
    /// Merges a copy.
    Merge(PathBuf),
    /// What is done once a day: a backup into this folder, if there is none of today, and then
    /// what waited in the trash for more than thirty days goes.
    Upkeep(Option<PathBuf>, Date),
    /// Makes a backup in a folder.
    BackUp(PathBuf, Date),
    /// Opens the newest backup of a folder and tells what it holds.
    Drill(PathBuf),
    /// Reads everything and checks it; the backups in the folder help to name what is damaged.
    Verify(PathBuf),
    /// Lists the ways to unlock.
    Slots,
    /// Replaces the passphrase, or its key file.
    ChangePassphrase(Box<Change>),
    /// Makes a recovery phrase, in the place of an earlier one.
    MakeRecovery,
    /// Removes a way to unlock.
    RemoveSlot(SlotId),
    /// Makes a key file.
    MakeKeyFile(PathBuf),
    /// Writes a document that the person asked for to a new file.
    WriteSheet(PathBuf, zeroize::Zeroizing<Vec<u8>>),
}

/// A passphrase or key file in the place of another. No `Debug`.
pub struct Change {
    /// The passphrase in use and the key file asked for beside it; none where the journal was
    /// unlocked with the recovery phrase.
    pub present: Option<(Passphrase, Option<PathBuf>)>,
    /// The next passphrase.
    pub new: Passphrase,
    /// The key file asked for beside it.
    pub key_file: Option<PathBuf>,
    /// Cost of the key derivation; chosen on this machine when `None`.
    pub params: Option<KdfParams>,
}

impl KeepJob {
    /// Where its failure is told.
    fn part(&self) -> KeepPart {
        match self {
            Self::Attach(..) | Self::SaveCopy(..) | Self::RemoveFile(..) => KeepPart::Files,
            Self::BackUp(..) | Self::Drill(_) => KeepPart::Backups,
            Self::Verify(_) => KeepPart::Check,
            Self::Upkeep(..) => KeepPart::Upkeep,
            Self::Slots
            | Self::ChangePassphrase(_)
            | Self::MakeRecovery
            | Self::RemoveSlot(_)
            | Self::MakeKeyFile(_)
            | Self::WriteSheet(..) => KeepPart::Ways,
            _ => KeepPart::Journal,
        }
    }
}

impl Journal {
    /// Does a job; not every one has something to report.
    pub(super) fn keep(&mut self, job: KeepJob) -> Option<Event> {
        let part = job.part();
        match self.do_keep(job) {
            Ok(kept) => kept.map(|kept| Event::Kept(Box::new(kept))),
            Err(problem) => Some(Event::Kept(Box::new(Kept::Failed { part, problem }))),
        }
    }

    fn do_keep(&mut self, job: KeepJob) -> std::result::Result<Option<Kept>, Problem> {
        let session = &mut self.session;
        Ok(Some(match job {
            // An entry that was never saved has nothing beside its text.
            KeepJob::Look(id) => return Ok(look(session, id).ok()),
            KeepJob::Attach(entry, path) => {
                attachment::attach(session, entry, &path)?;
                look(session, entry)?
            }
            KeepJob::SaveCopy(entry, id, folder) => save_copy(session, entry, id, &folder)?,
            KeepJob::RemoveFile(entry, id) => {
                session.remove_attachment(id)?;
                look(session, entry)?
            }
            KeepJob::History(id) => Kept::History { id, versions: versions(session, id)? },
            KeepJob::Compare(id, revision) => compare(session, id, revision)?,
            KeepJob::Keep(id, revision) => {
                Kept::Restored(Box::new(self.keep_version(id, revision)?))
            }
            KeepJob::KeepBoth(id) => self.keep_both(id)?,
            KeepJob::Reread(id) => Kept::Reread(Box::new(session.entry(id)?)),
            KeepJob::Trash(today) => Kept::Trash(session.trash(today)),
            KeepJob::Undelete(id) => {
                session.undelete(id)?;
                let entry = session.entry(id)?;
                self.index.put(&entry);
                self.reading.put(&entry);
                Kept::Undeleted(Box::new(EntryRow::of(&entry)))
            }
            KeepJob::Purge(id) => {
                session.purge(id)?;
                Kept::Purged(id)
            }
            KeepJob::FindCopies(journal) => {
                Kept::Copies(conflict_copy::with_news(session, &journal))
            }
            KeepJob::Merge(path) => self.merge(&path)?,
            KeepJob::Upkeep(folder, today) => return Ok(self.upkeep(folder, today)?),
            KeepJob::BackUp(folder, today) => Kept::BackedUp(session.backup(&folder, today)?.path),
            KeepJob::Drill(folder) => Kept::Drilled(backup::drill_newest(session, &folder)?),
            KeepJob::Verify(folder) => verify(session, &folder)?,
            job => return keep_ways(session, job),
        }))
    }

    fn keep_version(&mut self, id: EntryId, revision: Option<RevisionId>) -> Result<Entry> {
        match revision {
            Some(revision) => self.session.restore(id, revision)?,
            None => {
                let content = self.session.entry(id)?.content;
                self.session.put(id, &content)?
            }
        };
        self.session.commit_revision(id);
        let entry = self.session.entry(id)?;
        self.index.put(&entry);
        self.reading.put(&entry);
        Ok(entry)
    }

    fn keep_both(&mut self, id: EntryId) -> Result<Kept> {
        for other in self.session.conflicts(id)? {
            let own = EntryId::random();
            self.session.put(own, &other.content)?;
            self.index.put(&self.session.entry(own)?);
        }
        self.keep_version(id, None)?;
        self.changed(None)
    }

    fn merge(&mut self, path: &Path) -> Result<Kept> {
        let other = self.session.open_copy(path)?;
        let merged = self.session.merge(&other)?;
        drop(other);
        self.reading.merged(&self.session);
        self.changed(Some(merged.added + merged.removed))
    }

    /// Every entry anew, for the list and for the index.
    fn changed(&mut self, taken: Option<usize>) -> Result<Kept> {
        let mut rows = Vec::new();
        self.session.for_each_entry(&mut |entry| {
            rows.push(EntryRow::of(&entry));
            self.index.put(&entry);
            self.reading.put(&entry);
        })?;
        if let Some(meanings) = &mut self.meanings {
            meanings.sweep(&mut self.session)?;
        }
        Ok(Kept::Changed { rows, conflicting: self.session.conflicting(), taken })
    }

    /// What is in the trash goes only after a backup that still holds it, if backups are made.
    fn upkeep(&mut self, folder: Option<PathBuf>, today: Date) -> Result<Option<Kept>> {
        if let Some(folder) = folder
            && backup::is_due(&self.session.backups(&folder)?, today)
        {
            self.session.backup(&folder, today)?;
        }
        self.session.purge_expired(today)?;
        Ok(None)
    }
}

fn look(session: &Session, id: EntryId) -> Result<Kept> {
    let shown = session.entry(id)?.content.text;
    let others = session.conflicts(id)?.into_iter().map(|other| OtherVersion {
        revision: other.revision,
        parts: diff::words(&shown, &other.content.text),
    });
    Ok(Kept::About { id, files: session.attachments(id), others: others.collect() })
}

fn save_copy(
    session: &Session,
    entry: EntryId,
    id: AttachmentId,
    folder: &Path,
) -> std::result::Result<Kept, Problem> {
    let file = session.attachments(entry).into_iter().find(|file| file.id == id);
    let file = file.ok_or(vault::Error::NoSuchEntry)?;
    Ok(Kept::CopySaved(attachment::save_into(session, &file, folder)?))
}

fn versions(session: &Session, id: EntryId) -> Result<Vec<Version>> {
    let words = |meta: &vault::RevisionMeta| {
        let entry = session.revision(id, meta.id).ok()?;
        Some(entry.content.text.split_whitespace().count())
    };
    let history = session.history(id)?.into_iter();
    Ok(history.map(|meta| Version { words: words(&meta), meta }).collect())
}

fn compare(session: &Session, id: EntryId, revision: RevisionId) -> Result<Kept> {
    let then = session.revision(id, revision)?.content.text;
    let now = session.entry(id)?.content.text;
    Ok(Kept::Compared { revision, parts: diff::words(&then, &now) })
}

fn verify(session: &Session, folder: &Path) -> Result<Kept> {
    let sound = session.verify()?.is_sound();
    let damaged = match sound {
        true => Vec::new(),
        false => {
            let newest = session.backups(folder)?.into_iter().next();
            let earlier = newest.and_then(|newest| session.open_copy(&newest.path).ok());
            session.damaged_entries(earlier.as_ref())?
        }
    };
    Ok(Kept::Verified { sound, entries: session.metas().len(), damaged })
}

fn keep_ways(session: &mut Session, job: KeepJob) -> std::result::Result<Option<Kept>, Problem> {
    Ok(Some(match job {
        KeepJob::Slots => Kept::Slots(session.slots()),
        KeepJob::ChangePassphrase(change) => {
            change_passphrase(session, *change)?;
            Kept::PassphraseChanged(session.slots())
        }
        KeepJob::MakeRecovery => {
            let phrase = session.renew_recovery_key()?.phrase();
            Kept::Recovery { phrase, slots: session.slots() }
        }
        KeepJob::RemoveSlot(id) => {
            session.remove_slot(id)?;
            Kept::Slots(session.slots())
        }
        KeepJob::MakeKeyFile(path) => {
            KeyFile::create(&path)?;
            Kept::FileMade(path)
        }
        KeepJob::WriteSheet(path, bytes) => {
            crate::export::publish::new_file(&path, |out| out.write_all(&bytes))?;
            Kept::FileMade(path)
        }
        _ => return Ok(None),
    }))
}

fn change_passphrase(session: &mut Session, change: Change) -> Result<()> {
    let Change { present, new, key_file, params } = change;
    if let Some((passphrase, key_file)) = present {
        let key_file = key_file.as_deref().map(KeyFile::read).transpose()?;
        session.check_passphrase(&passphrase, key_file.as_ref())?;
    }
    let params = params.unwrap_or_else(KdfParams::calibrate);
    match key_file {
        Some(path) => session.require_key_file(&new, &KeyFile::read(&path)?, params),
        None => session.change_passphrase(&new, params),
    }
}
