//! The commands about attached files: attach, attachments, detach.

use std::path::{Path, PathBuf};

use serde::Serialize;
use vault::{Attachment, AttachmentId, EntryId, Session};

use super::{
    arguments,
    failure::Failure,
    journal::{Context, find, only},
    screen::{plain, print},
};
use crate::keeping::attachment::{self, Problem};

/// Attaches a file to an entry.
pub(super) fn attach(context: &Context, id: &str, file: &Path) -> Result<(), Failure> {
    let mut session = context.open()?;
    let entry = find(&session, id)?;
    let made = attachment::attach(&mut session, entry, file);
    let made = made.map_err(|problem| failure(problem, "could not attach", file))?;
    let attached = session.attachments(entry).into_iter().find(|attached| attached.id == made);
    let document = attached.map(|attached| AttachmentDocument::of(&attached, None));
    session.close()?;
    print(context.format, &Attached { id: entry.to_string(), attachment: document }, |done, out| {
        match &done.attachment {
            Some(attached) => writeln!(out, "{}", attached.line()),
            None => Ok(()),
        }
    })
}

/// Lists the files of an entry, and writes them into a folder where one is given.
pub(super) fn attachments(
    context: &Context,
    arguments: &arguments::Attachments,
) -> Result<(), Failure> {
    let session = context.open()?;
    let entry = find(&session, &arguments.id)?;
    let mut documents = Vec::new();
    for attached in session.attachments(entry) {
        let path = match &arguments.save {
            Some(folder) => Some(save(&session, &attached, folder)?),
            None => None,
        };
        documents.push(AttachmentDocument::of(&attached, path));
    }
    let list = Attachments { id: entry.to_string(), attachments: documents };
    print(context.format, &list, |list, out| {
        for attached in &list.attachments {
            writeln!(out, "{}", attached.line())?;
        }
        Ok(())
    })
}

/// Removes a file from an entry, for good.
pub(super) fn detach(context: &Context, arguments: &arguments::Detach) -> Result<(), Failure> {
    let mut session = context.open()?;
    let entry = find(&session, &arguments.id)?;
    let attached = session.attachments(entry).into_iter();
    let ids = attached.map(|attached| (attached.id, hexadecimal(attached.id)));
    let id = only(ids, &arguments.attachment)?
        .ok_or_else(|| Failure::new("no such file: 'inglenook attachments' lists them"))?;
    session.remove_attachment(id)?;
    session.close()?;
    let removed = Detached { id: entry.to_string(), attachment: hexadecimal(id) };
    print(context.format, &removed, |removed, out| {
        writeln!(
            out,
            "{} is gone from the journal. Backups made before still hold it.",
            removed.attachment
        )
    })
}

fn save(session: &Session, attached: &Attachment, folder: &Path) -> Result<PathBuf, Failure> {
    attachment::save_into(session, attached, folder)
        .map_err(|problem| failure(problem, "could not save the file", folder))
}

fn failure(problem: Problem, what: &str, path: &Path) -> Failure {
    match problem {
        Problem::File(error) => Failure::file(what, &error, path),
        Problem::Vault(error) => error.into(),
    }
}

#[derive(Serialize)]
struct Attached {
    id: String,
    attachment: Option<AttachmentDocument>,
}

#[derive(Serialize)]
struct Detached {
    id: String,
    attachment: String,
}

#[derive(Serialize)]
struct Attachments {
    id: String,
    attachments: Vec<AttachmentDocument>,
}

#[derive(Serialize)]
struct AttachmentDocument {
    attachment: String,
    name: String,
    media_type: String,
    length: u64,
    path: Option<String>,
}

impl AttachmentDocument {
    fn of(attached: &Attachment, path: Option<PathBuf>) -> Self {
        Self {
            attachment: hexadecimal(attached.id),
            name: attached.name.clone(),
            media_type: attached.media_type.clone(),
            length: attached.length,
            path: path.map(|path| path.to_string_lossy().into_owned()),
        }
    }

    fn line(&self) -> String {
        let shown = self.path.as_deref().unwrap_or(&self.name).replace('\n', " ");
        format!("{}  {:>12}  {}", &self.attachment[..8], self.length, plain(&shown))
    }
}

fn hexadecimal(id: AttachmentId) -> String {
    EntryId(id.0).to_string()
}
