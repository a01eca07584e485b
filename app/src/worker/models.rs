//! The thread that looks at model files: large ones are read whole here, while the vault's thread saves.
use std::{
    path::{Path, PathBuf},
    sync::mpsc::Receiver,
};

use super::{EventSender, Worker};
use crate::{
    event::Event,
    models::{Adding, Library, ModelError},
};

/// What the thread is asked to do; it answers with the whole list.
pub struct ModelsJob {
    /// What is done first.
    pub task: ModelsTask,
    /// The folder or file chosen by the person, if one was.
    pub chosen: Option<PathBuf>,
}

/// What is done before models are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelsTask {
    /// Nothing.
    List,
    /// A file is added.
    Add(PathBuf, Adding),
    /// A file is forgotten, or deleted where it was copied in.
    Remove(PathBuf),
}

/// What came of it.
pub enum ModelsOutcome {
    /// Nothing was to be done.
    Listed,
    /// The model is added, and lies here now.
    Added(PathBuf),
    /// It was no file but a folder, to be searched for models.
    IsFolder(PathBuf),
    /// The model is gone from the list.
    Removed(PathBuf),
    /// Nothing changed.
    Failed(ModelError),
}

/// Starts the thread.
/// # Errors
/// When the system refuses a thread.
pub fn spawn(events: EventSender, library: Library) -> std::io::Result<Worker<ModelsJob>> {
    Worker::spawn("models", move |jobs: Receiver<ModelsJob>| {
        while let Ok(ModelsJob { task, chosen }) = jobs.recv() {
            let outcome = carry_out(&library, task);
            let models = library.models(chosen.as_deref());
            events.send(Event::ModelsListed { models, outcome });
        }
    })
}

fn carry_out(library: &Library, task: ModelsTask) -> ModelsOutcome {
    let done = match task {
        ModelsTask::List => return ModelsOutcome::Listed,
        ModelsTask::Add(path, _) if Path::is_dir(&path) => return ModelsOutcome::IsFolder(path),
        ModelsTask::Add(path, adding) => {
            library.add(&path, adding).map(|added| ModelsOutcome::Added(added.path))
        }
        ModelsTask::Remove(path) => library.remove(&path).map(|_| ModelsOutcome::Removed(path)),
    };
    done.unwrap_or_else(ModelsOutcome::Failed)
}
