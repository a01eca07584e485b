//! The thread that owns the language model.
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::mpsc::Receiver,
};

use engine::CancelToken;
use vault::{Entry, EntryId, overwrite_stack};

use super::{
    EventSender, Worker,
    meaning::{MeaningJob, Reader},
};
use crate::{
    event::Event,
    reflection::{
        self, LanguageModel, Outline, Progress, Reflection, Wish,
        answer::{self, answer},
        crisis::{Care, crisis},
        deeper::{self, Answered},
    },
};

/// Loads a model file; a script in tests.
pub type ModelLoader = Box<dyn Fn(&Path) -> engine::Result<Box<dyn LanguageModel>> + Send>;

/// A reflection to make. No `Debug`: it holds entries.
pub struct ReflectionJob {
    /// Told back with everything that comes of it.
    pub ticket: u64,
    /// The model file; an answer out of the journal needs none.
    pub model: Option<PathBuf>,
    /// What to read, oldest first.
    pub entries: Vec<Entry>,
    /// How they are summarised.
    pub outline: Option<Outline>,
    /// What to write.
    pub task: Task,
    /// Stops it.
    pub cancel: CancelToken,
}

/// What is written about the entries.
#[derive(Clone)]
pub enum Task {
    /// A summary.
    Summarise,
    /// Questions about the last entry.
    Ask(Wish),
    /// The question that follows from an answer.
    Follow {
        /// The entry that was asked about.
        entry: EntryId,
        /// The answer.
        answer: String,
        /// How it is to be asked.
        wish: Wish,
    },
    /// An answer out of the journal.
    Answer(answer::Question),
}

/// What the thread is asked to do.
pub enum EngineJob {
    /// Reflects, loading the model first if need be.
    Reflect(Box<ReflectionJob>),
    /// Makes a summary anew while nobody waits for it.
    Renew(Box<ReflectionJob>),
    /// Reads for meaning.
    Meaning(MeaningJob),
    /// Drops the language model with all it has read.
    UnloadModel,
    /// Drops the models with all they have read.
    Unload,
}

/// Starts the thread.
/// # Errors
/// When the system refuses a thread.
pub fn spawn(events: EventSender, load: ModelLoader) -> std::io::Result<Worker<EngineJob>> {
    Worker::spawn("engine", move |jobs| {
        Thinker { events, load, loaded: None, reader: None }.run(&jobs);
    })
}

struct Thinker {
    events: EventSender,
    load: ModelLoader,
    loaded: Option<(PathBuf, Box<dyn LanguageModel>)>,
    reader: Option<Reader>,
}

impl Thinker {
    fn run(mut self, jobs: &Receiver<EngineJob>) {
        while let Ok(job) = jobs.recv() {
            match job {
                EngineJob::Reflect(job) => self.reflect(*job),
                EngineJob::Renew(job) => self.renew(*job),
                EngineJob::Meaning(job) => self.mean(job),
                EngineJob::UnloadModel => {
                    self.loaded = None;
                    overwrite_stack();
                }
                EngineJob::Unload => {
                    self.loaded = None;
                    self.reader = None;
                    overwrite_stack();
                }
            }
        }
    }

    fn mean(&mut self, job: MeaningJob) {
        let job = match job {
            MeaningJob::Hold(holding) => return self.reader = Some(Reader::new(*holding)),
            job => job,
        };
        let Some(reader) = &mut self.reader else { return };
        let outcome = catch_unwind(AssertUnwindSafe(|| reader.work(job)));
        match outcome {
            Ok(event) => event.into_iter().for_each(|event| self.events.send(event)),
            Err(_) => {
                self.reader = None;
                self.events.send(Event::MeaningMade(Vec::new()));
            }
        }
    }

    /// A panic inside the model costs the model, never the window.
    fn reflect(&mut self, job: ReflectionJob) {
        let (ticket, task) = (job.ticket, job.task.clone());
        let outcome = catch_unwind(AssertUnwindSafe(|| self.event(job)));
        let event = outcome.unwrap_or_else(|_| {
            self.loaded = None;
            let error = engine::Error::Compute("it stopped in the middle".to_owned());
            match task {
                Task::Summarise => Event::Summarised { ticket, result: Err(error) },
                Task::Ask(_) | Task::Follow { .. } => Event::Asked { ticket, result: Err(error) },
                Task::Answer(_) => Event::Answered { ticket, answer: None },
            }
        });
        self.events.send(event);
    }

    fn renew(&mut self, job: ReflectionJob) {
        let place = job.outline.as_ref().and_then(|outline| outline.place.clone());
        let outcome = catch_unwind(AssertUnwindSafe(|| self.event(job)));
        if outcome.is_err() {
            self.loaded = None;
        }
        let made = match (outcome, place) {
            (Ok(Event::Summarised { result: Ok(summary), .. }), Some(place)) => {
                Some(Box::new((place, summary))).filter(|made| made.1.complete)
            }
            _ => None,
        };
        self.events.send(Event::Renewed(made));
    }

    fn event(&mut self, job: ReflectionJob) -> Event {
        let ReflectionJob { ticket, model, entries, outline, task, cancel } = job;
        let events = self.events.clone();
        let mut on_progress =
            |progress: Progress| events.send(Event::Progress { ticket, progress });
        if let Task::Answer(question) = task {
            let near = self.reader.as_mut().map(|reader| reader.near(&question.text));
            let answer = answer(&entries, &question, &near.unwrap_or_default(), &cancel);
            return Event::Answered { ticket, answer: Some(Box::new(answer)) };
        }
        if let Some(care) = care(&task, &entries) {
            return Event::Asked { ticket, result: Ok(Reflection::Care(care)) };
        }
        if let Task::Follow { entry, answer, wish } = task {
            let near = self.reader.as_mut().map(|reader| reader.near(&answer)).unwrap_or_default();
            let answered = Answered { answer: &answer, entry, journal: &entries, near: &near };
            let result = self.model(model.as_deref()).and_then(|model| {
                deeper::follow(model, &answered, &wish, &cancel, &mut on_progress)
            });
            return Event::Asked { ticket, result };
        }
        let model = self.model(model.as_deref());
        match task {
            Task::Summarise => {
                let result = model.and_then(|model| {
                    // Whoever gathered no entries has told so.
                    let nothing = || engine::Error::Compute("there is nothing to read".to_owned());
                    let outline = outline.ok_or_else(nothing)?;
                    reflection::summarise(model, &entries, &outline, &cancel, &mut on_progress)
                });
                Event::Summarised { ticket, result }
            }
            Task::Ask(wish) => {
                let result = model.and_then(|model| match entries.last() {
                    Some(entry) => {
                        reflection::reflect(model, entry, &wish, &cancel, &mut on_progress)
                    }
                    None => Ok(Reflection::Questions(Vec::new())),
                });
                Event::Asked { ticket, result }
            }
            Task::Answer(_) | Task::Follow { .. } => Event::Answered { ticket, answer: None },
        }
    }

    fn model(&mut self, path: Option<&Path>) -> engine::Result<&mut dyn LanguageModel> {
        let path = path.unwrap_or(Path::new(""));
        if self.loaded.as_ref().is_none_or(|(loaded, _)| loaded != path) {
            // The old model goes first: two do not fit in memory.
            self.loaded = None;
        }
        let (_, model) = match self.loaded.take() {
            Some(loaded) => self.loaded.insert(loaded),
            None => self.loaded.insert((path.to_path_buf(), (self.load)(path)?)),
        };
        Ok(model.as_mut())
    }
}

/// What takes the place of a model's words about these entries; it is there without any model.
fn care(task: &Task, entries: &[Entry]) -> Option<Care> {
    let of_entry = |entry: &Entry| crisis(&entry.content.text);
    match (task, entries) {
        (Task::Follow { answer, .. }, _) => crisis(answer),
        (Task::Ask(_), [.., entry]) | (Task::Summarise, [entry]) => of_entry(entry),
        _ => None,
    }
}
