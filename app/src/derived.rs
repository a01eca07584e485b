//! What was made of an entry goes with it: its passages, summaries and answers that tell of it, questions about
//! it.
use jiff::civil::Date;
use vault::{EntryId, Session};

use crate::{
    meaning,
    reflection::{asked::Asked, cache, conversation},
};

/// Deletes all that was made of any entry: when no model may read the journal any more.
/// # Errors
/// Those of the vault.
pub fn clear(session: &mut Session) -> vault::Result<()> {
    clear_text(session)?;
    conversation::keep(session, &[])?;
    meaning::clear(session)
}

/// Deletes all text that a model wrote.
/// # Errors
/// Those of the vault.
pub fn clear_text(session: &mut Session) -> vault::Result<()> {
    cache::clear(session)?;
    Asked::clear(session)
}

/// Deletes all that was made of the entry `id` of the day `date`.
/// # Errors
/// Those of the vault.
pub fn forget(session: &mut Session, id: EntryId, date: Date) -> vault::Result<()> {
    cache::forget(session, id)?;
    Asked::forget(session, id)?;
    conversation::forget(session, id)?;
    meaning::forget(session, id, date)
}
