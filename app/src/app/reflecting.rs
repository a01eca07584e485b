//! Reflection: entries from the vault to the engine, text from the engine to the panel.
use std::mem::discriminant;

use engine::CancelToken;

use super::App;
use crate::{
    event::Gathered,
    reflection::{Progress, Reflection as Given, Summary, answer::Answer},
    state::{Reflection, Scope, Stage, Turn},
    text::{text, text_with},
    trace,
    worker::{
        engine::{EngineJob, ReflectionJob, Task},
        vault::{Purpose, VaultJob},
    },
};

/// Questions asked at a time.
const QUESTIONS: usize = 3;

impl App {
    /// Starts a reflection on a scope.
    pub(super) fn reflect(&mut self, scope: Scope, task: Task) {
        self.stop_reflection();
        self.flush();
        self.state.settings.reflection_open = true;
        let model = self.state.model.clone();
        if model.is_none() {
            return;
        }
        let Some(journal) = self.journal() else { return };
        if scope == Scope::Entry && journal.draft.is_blank() {
            journal.reflection.problem = Some(text("reflection-nothing-written"));
            return;
        }
        let ids = journal.ids_in(scope);
        let today = jiff::Zoned::now().date();
        let purpose = match (&task, model) {
            (Task::Summarise, Some(model)) => Purpose::Summary(model),
            _ => Purpose::Questions(today),
        };
        let ticket = journal.reflection.begin(task);
        if self.vault.try_send(VaultJob::Gather { ticket, ids, purpose }).is_err() {
            self.reflection_failed(ticket, text("reflection-busy"));
        }
    }

    /// Asks the journal what is typed; no model is needed for it.
    pub(super) fn ask_journal(&mut self) {
        self.stop_reflection();
        self.flush();
        let Some(journal) = self.journal() else { return };
        let question = std::mem::take(&mut journal.conversation.typed).trim().to_owned();
        if question.is_empty() {
            return;
        }
        let today = jiff::Zoned::now().date();
        let task = Task::Answer { question: question.clone(), today };
        journal.conversation.turns.push(Turn { question, answer: None });
        let ids = journal.ids();
        let ticket = journal.reflection.begin(task);
        let purpose = Purpose::Answer;
        if self.vault.try_send(VaultJob::Gather { ticket, ids, purpose }).is_err() {
            self.reflection_failed(ticket, text("reflection-busy"));
        }
    }

    pub(super) fn answered(&mut self, ticket: u64, answer: Option<Box<Answer>>) {
        let Some(answer) = answer else {
            return self.reflection_failed(ticket, text("ask-failed"));
        };
        let Some(reflection) = self.reflection(ticket) else { return };
        let was_stopped = reflection.stage == Stage::Stopping;
        reflection.finish();
        if let Some(journal) = self.journal()
            && let Some(turn) = journal.conversation.turns.last_mut()
        {
            turn.answer = Some(*answer).filter(|_| !was_stopped);
        }
    }

    /// The entries are there: the engine goes on.
    pub(super) fn gathered(&mut self, ticket: u64, gathered: Gathered) {
        let Gathered { entries, place, asked } = gathered;
        let model = self.state.model.clone();
        let Some(journal) = self.journal() else { return };
        let reflection = &mut journal.reflection;
        let Some(mut task) = reflection.task.clone().filter(|_| reflection.ticket == ticket) else {
            return;
        };
        if let Task::Ask { asked_before, .. } = &mut task {
            asked_before.extend(asked);
        }
        reflection.place = place;
        reflection.about = entries.last().map(|entry| entry.id);
        let cancel = reflection.cancel.clone();
        let job = ReflectionJob { ticket, model, entries, task, cancel };
        if self.engine.try_send(EngineJob::Reflect(Box::new(job))).is_err() {
            self.reflection_failed(ticket, text("reflection-busy"));
        }
    }

    pub(super) fn progress(&mut self, ticket: u64, progress: Progress) {
        let Some(reflection) = self.reflection(ticket) else { return };
        let stage = match progress {
            Progress::Reading { read, total } => Stage::Reading(read as f32 / total.max(1) as f32),
            Progress::Part { done, total } => Stage::Reading(done as f32 / total.max(1) as f32),
            Progress::Text(text) => {
                reflection.streamed.push_str(&text);
                Stage::Writing
            }
        };
        if reflection.stage != Stage::Stopping {
            reflection.enter(stage);
        }
    }

    pub(super) fn summarised(&mut self, ticket: u64, result: engine::Result<Summary>) {
        match result {
            Ok(summary) => {
                let Some(reflection) = self.reflection(ticket) else { return };
                reflection.finish();
                let place = reflection.place.take().filter(|_| summary.complete);
                let kept = place.map(|place| (place, Box::new(summary.clone())));
                // A summary that was stopped before its first sentence leaves what was written.
                reflection.care = summary.care;
                if !summary.sentences.is_empty() || reflection.streamed.is_empty() {
                    reflection.summary = Some(summary);
                    reflection.streamed.clear();
                }
                if let Some((place, summary)) = kept {
                    // A queue that is full costs only making it again.
                    let _ = self.vault.try_send(VaultJob::KeepSummary { place, summary });
                }
            }
            Err(error) => self.reflection_failed(ticket, engine_problem(&error)),
        }
    }

    pub(super) fn asked(&mut self, ticket: u64, result: engine::Result<Given>) {
        let given = match result {
            Ok(given) => given,
            Err(error) => return self.reflection_failed(ticket, engine_problem(&error)),
        };
        let Some(reflection) = self.reflection(ticket) else { return };
        let was_stopped = reflection.stage == Stage::Stopping;
        reflection.finish();
        reflection.streamed.clear();
        match given {
            Given::Care(care) => reflection.care = Some(care),
            Given::Questions(questions) => {
                if questions.is_empty() && !was_stopped {
                    reflection.problem = Some(text("reflection-no-questions"));
                }
                let asked: Vec<String> = questions.iter().map(|q| q.text.clone()).collect();
                reflection.asked.extend(asked.iter().cloned());
                reflection.questions = questions;
                if let Some(entry) = reflection.about {
                    let day = jiff::Zoned::now().date();
                    let _ =
                        self.vault.try_send(VaultJob::KeepAsked { entry, questions: asked, day });
                }
            }
        }
    }

    /// Tells the model to stop; what it wrote stays.
    pub(super) fn stop_reflection(&mut self) {
        if let Some(journal) = self.journal()
            && journal.reflection.stage.is_busy()
        {
            journal.reflection.cancel.cancel();
            journal.reflection.enter(Stage::Stopping);
        }
    }

    fn reflection_failed(&mut self, ticket: u64, problem: String) {
        let Some(reflection) = self.reflection(ticket) else { return };
        let was_stopped = reflection.stage == Stage::Stopping;
        reflection.finish();
        if !was_stopped {
            reflection.problem = Some(problem);
        }
    }

    fn reflection(&mut self, ticket: u64) -> Option<&mut Reflection> {
        self.journal().map(|journal| &mut journal.reflection).filter(|it| it.ticket == ticket)
    }
}

impl Reflection {
    /// A new reflection takes the place of the last: its ticket.
    fn begin(&mut self, task: Task) -> u64 {
        self.ticket += 1;
        self.enter(Stage::Preparing);
        self.streamed.clear();
        self.problem = None;
        self.care = None;
        self.cancel = CancelToken::default();
        match task {
            Task::Summarise => self.summary = None,
            Task::Ask { .. } => self.questions.clear(),
            Task::Answer { .. } => {}
        }
        self.task = Some(task);
        self.ticket
    }

    fn finish(&mut self) {
        self.enter(Stage::Idle);
        self.task = None;
    }

    fn enter(&mut self, stage: Stage) {
        if discriminant(&stage) != discriminant(&self.stage) {
            trace::moment(moment_name(stage));
        }
        self.stage = stage;
    }

    /// Questions about the entry, none of those asked before.
    pub(super) fn question_task(&self) -> Task {
        Task::Ask { count: QUESTIONS, asked_before: self.asked.clone() }
    }
}

fn moment_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Idle => "reflection-ended",
        Stage::Preparing => "reflection-begun",
        Stage::Reading(_) => "reflection-reads",
        Stage::Writing => "reflection-writes",
        Stage::Stopping => "reflection-told-to-stop",
    }
}

fn engine_problem(error: &engine::Error) -> String {
    match error {
        engine::Error::TooLong { .. } => text("reflection-too-long"),
        other => text_with("reflection-failed", [("reason", other.to_string().into())]),
    }
}
