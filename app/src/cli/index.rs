//! The command that makes the passages by which entries are found by their meaning.

use std::path::Path;

use engine::{CancelToken, Embedder};
use serde::Serialize;
use vault::{
    Session,
    search::{Near, Passages},
};

use super::{
    failure::Failure,
    journal::{Context, count},
    screen::{print, progress},
};
use crate::{
    meaning::{self, Made, Meanings, Space},
    paths,
    permission::Permission,
};

/// Entries whose passages are sealed together.
const TOGETHER: usize = 32;

/// Makes what is missing; stopped and called again, it goes on.
pub(super) fn index(context: &Context) -> Result<(), Failure> {
    let model = paths::find_embedder(context.models()).ok_or_else(|| {
        Failure::no_model("there is no embedding model: put all-MiniLM-L6-v2 beside the model")
    })?;
    let mut session = context.open()?;
    if Permission::load(&session) == Permission::Nothing {
        return Err(Failure::kept_from_model());
    }
    let embedder = Embedder::load(&model)?;
    let (mut meanings, mut all) = load(&session, &model)?;
    meanings.sweep(&mut session)?;
    let mut lacking = Vec::new();
    session.for_each_entry(&mut |entry| {
        if meanings.lacks(&entry) {
            lacking.push(entry);
        }
    })?;
    for (done, entries) in lacking.chunks(TOGETHER).enumerate() {
        progress(&format!("Reading… {}%", 100 * done * TOGETHER / lacking.len()));
        let made = Made::of(entries, &embedder, meanings.space(), &CancelToken::default())?;
        let made = made.unwrap_or_default();
        made.iter().for_each(|made| made.join(&mut all));
        meanings.put(&mut session, made)?;
    }
    progress("");
    let indexed = Indexed { read: lacking.len(), passages: all.len() };
    session.close()?;
    print(context.format, &indexed, |indexed, out| {
        let read = count(indexed.read, "entry", "entries");
        writeln!(out, "{read} read. There are {} passages.", indexed.passages)
    })
}

/// What the journal holds of an embedding model.
pub(super) fn load(session: &Session, model: &Path) -> Result<(Meanings, Passages), Failure> {
    Ok(Meanings::load(session, Space::of(model)?)?)
}

/// What the entries of a journal say that is nearest to what a text means, one passage an entry;
/// nothing before 'index' was run.
pub(super) fn near(context: &Context, session: &Session, text: &str) -> Result<Vec<Near>, Failure> {
    let is_permitted = Permission::load(session) == Permission::Entries;
    let model = paths::find_embedder(context.models()).filter(|_| is_permitted);
    let Some(model) = model.filter(|_| !session.value_names(meaning::NAME).is_empty()) else {
        return Ok(Vec::new());
    };
    let (_, passages) = load(session, &model)?;
    let vectors = Embedder::load(&model)?.embed(&[text], &CancelToken::default())?;
    Ok(vectors
        .unwrap_or_default()
        .first()
        .map(|vector| passages.nearest(vector))
        .unwrap_or_default())
}

#[derive(Serialize)]
struct Indexed {
    read: usize,
    passages: usize,
}
