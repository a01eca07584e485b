//! The commands about what was: the trash, and the history of an entry.

use jiff::civil::{Date, DateTime};
use serde::Serialize;
use vault::{EntryId, RevisionId, RevisionMeta, Session, Trashed};

use super::{
    failure::Failure,
    journal::{Context, Id, count, find, only, today},
    screen::{plain, print},
};
use crate::{
    derived,
    keeping::diff::{self, Change, Part},
};

/// Puts an entry in the trash.
pub(super) fn delete(context: &Context, id: &str) -> Result<(), Failure> {
    let mut session = context.open()?;
    let id = find(&session, id)?;
    let date = session.entry(id)?.content.date;
    session.delete(id)?;
    derived::forget(&mut session, id, date)?;
    session.close()?;
    print(context.format, &Id::from(id), |deleted, out| {
        writeln!(out, "{} is in the trash for thirty days.", deleted.id)
    })
}

/// Lists the trash, newest deletion first.
pub(super) fn trash(context: &Context) -> Result<(), Failure> {
    let trash = context.open()?.trash(today());
    let entries = trash.into_iter().map(TrashedDocument::from).collect();
    print(context.format, &Trash { entries }, |trash, out| {
        for entry in &trash.entries {
            let deleted = entry.deleted.date();
            writeln!(
                out,
                "{}  {}  {}  (deleted {deleted})",
                &entry.id[..8],
                entry.date,
                plain(&entry.title)
            )?;
        }
        Ok(())
    })
}

/// Takes an entry out of the trash.
pub(super) fn undelete(context: &Context, id: &str) -> Result<(), Failure> {
    let mut session = context.open()?;
    let id = find_in_trash(&session, id)?;
    session.undelete(id)?;
    session.close()?;
    print(context.format, &Id::from(id), |entry, out| writeln!(out, "{} is back.", entry.id))
}

/// Deletes for good; only what is in the trash, so that it takes two steps.
pub(super) fn purge(context: &Context, id: &str) -> Result<(), Failure> {
    let mut session = context.open()?;
    let id = find_in_trash(&session, id)?;
    session.purge(id)?;
    session.close()?;
    print(context.format, &Id::from(id), |entry, out| {
        writeln!(out, "{} is gone from the journal. Backups made before still hold it.", entry.id)
    })
}

/// Lists the versions of an entry.
pub(super) fn history(context: &Context, id: &str) -> Result<(), Failure> {
    let session = context.open()?;
    let id = find(&session, id).or_else(|_| find_in_trash(&session, id))?;
    let history = session.history(id)?;
    let revisions = history.iter().map(|meta| RevisionDocument::of(&session, id, meta)).collect();
    print(context.format, &History { id: id.to_string(), revisions }, |history, out| {
        for one in &history.revisions {
            let what = match one.deleted {
                true => "deleted".to_owned(),
                false => format!("{}, {}", plain(&one.title), count(one.words, "word", "words")),
            };
            writeln!(
                out,
                "{}  {}  {what}",
                &one.revision[..8],
                one.written.strftime("%Y-%m-%d %H:%M")
            )?;
        }
        Ok(())
    })
}

/// Tells what changed between a version and the entry as it is.
pub(super) fn compare(context: &Context, id: &str, revision: &str) -> Result<(), Failure> {
    let session = context.open()?;
    let id = find(&session, id)?;
    let revision = find_revision(&session, id, revision)?;
    let then = session.revision(id, revision)?.content.text;
    let parts = diff::words(&then, &session.entry(id)?.content.text);
    let parts = parts.into_iter().map(PartDocument::from).collect();
    let document = Comparison { id: id.to_string(), revision: hexadecimal(revision), parts };
    print(context.format, &document, |document, out| {
        for part in &document.parts {
            match part.change {
                "gone" => write!(out, "[-{}-]", plain(&part.text))?,
                "new" => write!(out, "{{+{}+}}", plain(&part.text))?,
                _ => write!(out, "{}", plain(&part.text))?,
            }
        }
        writeln!(out)
    })
}

/// Makes an earlier version the newest; those between stay in the history.
pub(super) fn restore_revision(context: &Context, id: &str, revision: &str) -> Result<(), Failure> {
    let mut session = context.open()?;
    let id = find(&session, id).or_else(|_| find_in_trash(&session, id))?;
    let revision = find_revision(&session, id, revision)?;
    session.restore(id, revision)?;
    session.close()?;
    print(context.format, &Id::from(id), |entry, out| writeln!(out, "{} is as it was.", entry.id))
}

#[derive(Serialize)]
struct Trash {
    entries: Vec<TrashedDocument>,
}

#[derive(Serialize)]
struct TrashedDocument {
    id: String,
    date: Date,
    title: String,
    deleted: DateTime,
}

impl From<Trashed> for TrashedDocument {
    fn from(trashed: Trashed) -> Self {
        let Trashed { meta, deleted } = trashed;
        Self { id: meta.id.to_string(), date: meta.date, title: meta.heading, deleted }
    }
}

#[derive(Serialize)]
struct History {
    id: String,
    revisions: Vec<RevisionDocument>,
}

#[derive(Serialize)]
struct Comparison {
    id: String,
    revision: String,
    parts: Vec<PartDocument>,
}

#[derive(Serialize)]
struct PartDocument {
    change: &'static str,
    text: String,
}

impl From<Part> for PartDocument {
    fn from(part: Part) -> Self {
        let change = match part.change {
            Change::Same => "same",
            Change::Gone => "gone",
            Change::New => "new",
        };
        Self { change, text: part.text }
    }
}

#[derive(Serialize)]
struct RevisionDocument {
    revision: String,
    written: DateTime,
    deleted: bool,
    title: String,
    words: usize,
}

impl RevisionDocument {
    fn of(session: &Session, id: EntryId, meta: &RevisionMeta) -> Self {
        let entry = session.revision(id, meta.id).ok();
        let words = |text: &str| text.split_whitespace().count();
        Self {
            revision: hexadecimal(meta.id),
            written: meta.written,
            deleted: meta.deleted,
            title: entry.as_ref().map(vault::Entry::heading).unwrap_or_default(),
            words: entry.map_or(0, |entry| words(&entry.content.text)),
        }
    }
}

fn find_in_trash(session: &Session, beginning: &str) -> Result<EntryId, Failure> {
    let trash = session.trash(today()).into_iter();
    let ids = trash.map(|trashed| (trashed.meta.id, trashed.meta.id.to_string()));
    only(ids, beginning)?
        .ok_or_else(|| Failure::new("no such entry in the trash: 'inglenook trash' lists it"))
}

fn find_revision(session: &Session, id: EntryId, beginning: &str) -> Result<RevisionId, Failure> {
    let history = session.history(id)?.into_iter();
    let revisions = history.map(|meta| (meta.id, hexadecimal(meta.id)));
    only(revisions, beginning)?
        .ok_or_else(|| Failure::new("no such version: 'inglenook history' lists them"))
}

fn hexadecimal(revision: RevisionId) -> String {
    EntryId(revision.0).to_string()
}
