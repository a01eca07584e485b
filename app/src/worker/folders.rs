//! Threads that read folders, one for each look: a drive that does not answer must hold up neither the next
//! folder nor the closing of the window, so nobody waits for them.
use std::{io, path::PathBuf, thread::Builder};

use super::EventSender;
use crate::{
    event::Event,
    folder::{self, Found},
    paths,
};

/// Where to look.
pub enum Look {
    /// At this path.
    At(PathBuf),
    /// At the places a person goes to often, then into the first of these folders that is there.
    Start {
        /// Where the person was last, or what is typed already.
        wanted: Option<PathBuf>,
        /// Where such files usually lie.
        usual: fn() -> PathBuf,
    },
}

/// Looks, and reports with the ticket.
/// # Errors
/// When the system refuses a thread.
pub fn look(events: &EventSender, ticket: u64, look: Look) -> io::Result<()> {
    let events = events.clone();
    Builder::new().name("folder".to_owned()).spawn(move || {
        let found = match look {
            Look::At(path) => folder::look(&path),
            Look::Start { wanted, usual } => {
                events.send(Event::PlacesFound { ticket, places: folder::places() });
                first_folder(wanted.into_iter().chain([usual(), paths::home()]))
            }
        };
        events.send(Event::Looked { ticket, found });
    })?;
    Ok(())
}

/// The first that is a folder and can be read; otherwise why the last one can't.
fn first_folder(paths: impl Iterator<Item = PathBuf>) -> io::Result<Found> {
    let mut last = Err(io::ErrorKind::NotFound.into());
    for path in paths {
        last = folder::look(&path);
        if matches!(last, Ok(Found::Folder(..))) {
            break;
        }
    }
    last
}
