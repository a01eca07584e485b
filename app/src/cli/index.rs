//! The command that makes the passages by which entries are found by their meaning.

use std::path::Path;

use engine::Embedder;
use serde::Serialize;
use vault::{Entry, Session};

use super::{
    failure::Failure,
    journal::{Context, count},
    screen::{print, progress},
};
use crate::{
    meaning::{Made, Meanings, Space, cut::passages},
    paths,
};

/// Entries whose passages are sealed together.
const TOGETHER: usize = 32;

/// Makes what is missing; stopped and called again, it goes on.
pub(super) fn index(context: &Context) -> Result<(), Failure> {
    let folder = paths::find_embedder(context.models()).ok_or_else(|| {
        Failure::no_model("there is no embedding model: put all-MiniLM-L6-v2 beside the model")
    })?;
    let mut session = context.open()?;
    let embedder = Embedder::load(&folder)?;
    let mut meanings = load(&session, &folder, embedder.dimensions())?;
    meanings.sweep(&mut session)?;
    let mut lacking = Vec::new();
    session.for_each_entry(&mut |entry| {
        if meanings.lacks(&entry) {
            lacking.push(entry);
        }
    })?;
    for (done, entries) in lacking.chunks(TOGETHER).enumerate() {
        progress(&format!("Reading… {}%", 100 * done * TOGETHER / lacking.len()));
        let made = entries.iter().map(|entry| make(entry, &embedder, meanings.space()));
        meanings.put(&mut session, made.collect::<Result<_, _>>()?)?;
    }
    progress("");
    let indexed = Indexed { read: lacking.len(), passages: meanings.passages().len() };
    session.close()?;
    print(context.format, &indexed, |indexed, out| {
        let read = count(indexed.read, "entry", "entries");
        writeln!(out, "{read} read. There are {} passages.", indexed.passages)
    })
}

/// What the journal holds of the model in `folder`.
pub(super) fn load(
    session: &Session,
    folder: &Path,
    dimensions: usize,
) -> Result<Meanings, Failure> {
    let space = Space::of(folder, dimensions)
        .map_err(|error| Failure::file("could not read the model", &error, folder))?;
    Ok(Meanings::load(session, space)?)
}

fn make(entry: &Entry, embedder: &Embedder, space: Space) -> Result<Made, Failure> {
    let ranges = passages(&entry.content.text);
    let texts: Vec<&str> = ranges.iter().map(|range| &entry.content.text[range.clone()]).collect();
    let vectors = embedder.embed(&texts)?;
    Ok(Made::new(entry, &ranges, &vectors, space))
}

#[derive(Serialize)]
struct Indexed {
    read: usize,
    passages: usize,
}
