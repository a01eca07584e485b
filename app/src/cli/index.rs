//! The command that makes the passages by which entries are found by their meaning.

use std::path::Path;

use engine::Embedder;
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
    let folder = paths::find_embedder(context.models()).ok_or_else(|| {
        Failure::no_model("there is no embedding model: put all-MiniLM-L6-v2 beside the model")
    })?;
    let mut session = context.open()?;
    if Permission::load(&session) == Permission::Nothing {
        return Err(Failure::kept_from_model());
    }
    let embedder = Embedder::load(&folder)?;
    let (mut meanings, mut all) = load(&session, &folder)?;
    meanings.sweep(&mut session)?;
    let mut lacking = Vec::new();
    session.for_each_entry(&mut |entry| {
        if meanings.lacks(&entry) {
            lacking.push(entry);
        }
    })?;
    for (done, entries) in lacking.chunks(TOGETHER).enumerate() {
        progress(&format!("Reading… {}%", 100 * done * TOGETHER / lacking.len()));
        let made = entries.iter().map(|entry| Made::of(entry, &embedder, meanings.space()));
        let made: Vec<Made> = made.collect::<Result<_, _>>()?;
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

/// What the journal holds of the model in `folder`.
pub(super) fn load(session: &Session, folder: &Path) -> Result<(Meanings, Passages), Failure> {
    let space = Space::of(folder)
        .map_err(|error| Failure::file("could not read the model", &error, folder))?;
    Ok(Meanings::load(session, space)?)
}

/// What the entries of a journal say that is nearest to what a text means, one passage an entry;
/// nothing before 'index' was run.
pub(super) fn near(context: &Context, session: &Session, text: &str) -> Result<Vec<Near>, Failure> {
    let is_permitted = Permission::load(session) == Permission::Entries;
    let folder = paths::find_embedder(context.models()).filter(|_| is_permitted);
    let Some(folder) = folder.filter(|_| !session.value_names(meaning::NAME).is_empty()) else {
        return Ok(Vec::new());
    };
    let (_, passages) = load(session, &folder)?;
    let vectors = Embedder::load(&folder)?.embed(&[text])?;
    Ok(vectors.first().map(|vector| passages.nearest(vector)).unwrap_or_default())
}

#[derive(Serialize)]
struct Indexed {
    read: usize,
    passages: usize,
}
