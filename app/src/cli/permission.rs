//! The command that keeps an entry, or the whole journal, from the model.

use serde::Serialize;
use vault::{EntryId, Session};

use super::{
    arguments,
    failure::Failure,
    journal::{Context, find},
    screen::print,
};
use crate::{derived, permission::Permission};

/// Keeps from the model or lets it read again; what was made of what is kept is deleted.
pub(super) fn keep_from_model(
    context: &Context,
    arguments: &arguments::KeepFromModel,
) -> Result<(), Failure> {
    let mut session = context.open()?;
    let kept = !arguments.undo;
    let id = match &arguments.id {
        Some(id) => {
            let id = find(&session, id)?;
            Some(keep_entry(&mut session, id, kept)?)
        }
        None => {
            keep_journal(
                &mut session,
                if kept { Permission::Nothing } else { Permission::Entries },
            )?;
            None
        }
    };
    session.close()?;
    let document = Document { id: id.map(|id| id.to_string()), kept_from_model: kept };
    print(context.format, &document, |document, out| {
        let what = document.id.as_deref().unwrap_or("The journal");
        match document.kept_from_model {
            true => writeln!(out, "{what} is kept from the model. What it made of it is deleted."),
            false => writeln!(out, "{what} may be read by the model."),
        }
    })
}

fn keep_entry(session: &mut Session, id: EntryId, kept: bool) -> Result<EntryId, Failure> {
    let mut content = session.entry(id)?.content;
    content.kept_from_model = kept;
    session.put(id, &content)?;
    if kept {
        derived::forget(session, id, content.date)?;
    }
    Ok(id)
}

fn keep_journal(session: &mut Session, permission: Permission) -> Result<(), Failure> {
    permission.store(session)?;
    if permission == Permission::Nothing {
        derived::clear(session)?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Document {
    id: Option<String>,
    kept_from_model: bool,
}
