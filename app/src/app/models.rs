//! The models on this computer: listed, added, removed, the one that is used, and how long it stays in memory.
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use fluent_bundle::FluentValue;

use super::{App, kept::file_problem};
use crate::{
    clock::Moment,
    command::ModelWish,
    models::{Adding, Model, ModelError},
    paths,
    state::{Locking, Screen},
    text::text_with,
    worker::{
        engine::EngineJob,
        models::{ModelsJob, ModelsOutcome, ModelsTask},
    },
};

impl App {
    pub(super) fn carry_out_models(&mut self, wish: ModelWish) {
        let models = &mut self.state.models;
        models.problem = None;
        match wish {
            ModelWish::Use(path) => self.use_model(Some(path)),
            ModelWish::UseAny => self.use_model(None),
            ModelWish::Add => {
                let adding = if models.copied { Adding::Copied } else { Adding::InPlace };
                let path = paths::typed(&models.typed);
                self.do_models(ModelsTask::Add(path, adding));
            }
            ModelWish::AskRemove(path) => {
                models.asked = Some(path).filter(|path| models.asked.as_ref() != Some(path));
            }
            ModelWish::Remove(path) => {
                models.asked = None;
                self.do_models(ModelsTask::Remove(path));
            }
        }
    }

    /// Shows the settings, with the models as they are now.
    pub(super) fn open_settings(&mut self) {
        self.state.settings_open = true;
        self.do_models(ModelsTask::List);
    }

    /// Takes files that were dropped onto the window, if all are models by their names.
    pub(super) fn take_dropped_models(&mut self, files: &[PathBuf]) -> bool {
        let is_covered =
            matches!(&self.state.screen, Screen::Journal(it) if it.locking != Locking::No);
        if is_covered || files.is_empty() || !files.iter().all(|file| paths::is_gguf(file)) {
            return false;
        }
        self.state.settings_open = true;
        self.add_models(files);
        true
    }

    /// Adds files where they lie, or copies them in; the settings tell what comes of it.
    pub(super) fn add_models(&mut self, files: &[PathBuf]) {
        let models = &mut self.state.models;
        (models.problem, models.scroll_due) = (None, true);
        let adding = if models.copied { Adding::Copied } else { Adding::InPlace };
        for file in files {
            self.do_models(ModelsTask::Add(file.clone(), adding));
        }
    }

    fn do_models(&mut self, task: ModelsTask) {
        self.state.models.pending += usize::from(task != ModelsTask::List);
        self.models_tasks.push_back(task);
    }

    /// Hands on what the thread has room for.
    pub(super) fn send_models_tasks(&mut self) {
        while let Some(task) = self.models_tasks.pop_front() {
            let job = ModelsJob { task, chosen: self.chosen_model() };
            if let Err(job) = self.model_files.try_send(job) {
                self.models_tasks.push_front(job.task);
                return;
            }
        }
    }

    pub(super) fn models_listed(&mut self, list: Vec<Model>, outcome: ModelsOutcome) {
        let models = &mut self.state.models;
        models.list = Some(list);
        models.pending -= usize::from(!matches!(outcome, ModelsOutcome::Listed));
        match outcome {
            ModelsOutcome::Listed => {}
            ModelsOutcome::Failed(error) => models.problem = Some(model_problem(&error)),
            ModelsOutcome::Added(path) => {
                models.typed.clear();
                // The first one is added to be used.
                if self.state.model.is_none() {
                    self.use_model(Some(path));
                }
            }
            ModelsOutcome::IsFolder(path) => {
                models.typed.clear();
                self.use_model(Some(path));
            }
            ModelsOutcome::Removed(path) => {
                if self.chosen_model().as_deref() == Some(Path::new(&path)) {
                    self.use_model(None);
                }
            }
        }
    }

    /// The folder or file that was chosen, if one was.
    pub(super) fn chosen_model(&self) -> Option<PathBuf> {
        self.models.clone().or_else(|| self.state.settings.models.clone())
    }

    /// What is chosen in the window holds, whatever the command line said.
    fn use_model(&mut self, chosen: Option<PathBuf>) {
        self.models = None;
        self.state.settings.models = chosen;
        self.settings_due = true;
        self.find_model_due = true;
        self.do_models(ModelsTask::List);
    }

    /// The engine was told to work with the language model.
    pub(super) fn note_model_used(&mut self) {
        self.model_used = Some((self.clock)().elapsed);
    }

    /// Takes a model that was not asked for long out of memory, with all it has read.
    pub(super) fn unload_if_idle(&mut self, now: Moment) {
        if self.is_model_at_work() {
            self.note_model_used();
        }
        if self.unload_left(now) == Some(Duration::ZERO)
            && self.engine.try_send(EngineJob::UnloadModel).is_ok()
        {
            self.model_used = None;
        }
    }

    /// Time until the model goes by itself.
    pub(super) fn unload_left(&self, now: Moment) -> Option<Duration> {
        let unused = now.elapsed.saturating_sub(self.model_used?);
        let limit = self.state.settings.unload().filter(|_| !self.is_model_at_work())?;
        Some(limit.saturating_sub(unused))
    }

    fn is_model_at_work(&self) -> bool {
        let Screen::Journal(journal) = &self.state.screen else { return false };
        journal.reflection.stage.is_busy() || journal.renewal.cancel.is_some()
    }
}

/// What a person is told of a model that could not be added or removed.
fn model_problem(error: &ModelError) -> String {
    let about = |path: &Path, reason: String| -> [(&'static str, FluentValue<'static>); 2] {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        [("name", name.into()), ("reason", reason.into())]
    };
    match error {
        ModelError::Engine(engine::Error::Model { what: reason, path })
        | ModelError::Refused { reason, path } => {
            text_with("models-refused", about(path, reason.clone()))
        }
        ModelError::Exists(path) => text_with("models-exists", about(path, String::new())),
        ModelError::NotOurs(path) => text_with("models-not-ours", about(path, String::new())),
        ModelError::File { error, path, .. } => {
            text_with("models-file", about(path, file_problem(error)))
        }
        ModelError::Engine(error) => {
            text_with("models-failed", [("reason", error.to_string().into())])
        }
    }
}
