//! Reflection: entries from the vault to the engine, text from the engine to the panel.
use std::mem::discriminant;

use engine::CancelToken;

use vault::EntryId;

use super::App;
use crate::{
    event::Gathered,
    insight::Aliases,
    reflection::{
        Progress, Reflection as Given, Source, Span, Style, Summary, Wish,
        answer::{self, Answer},
        conversation::Turn,
    },
    state::{Journal, Lit, Reflection, Scope, Stage},
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
        if let Some(problem) = journal.refusal(scope) {
            journal.reflection.problem = Some(problem);
            return;
        }
        let ids = journal.ids_in(scope);
        let today = jiff::Zoned::now().date();
        let ticket = journal.reflection.begin(task.clone());
        let purpose = match (task, model) {
            (Task::Summarise, Some(model)) => {
                let span = journal.note_span(scope, &ids);
                Purpose::Summary { model, span }
            }
            _ => Purpose::Questions(today),
        };
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
        let before = journal.conversation.turns.iter().filter_map(Turn::earlier).collect();
        let task = Task::Answer(answer::Question {
            text: question.clone(),
            today,
            before,
            aliases: Aliases::default(),
        });
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
        self.seal_conversation();
    }

    /// From now on the conversation is sealed in the journal, or no more.
    pub(super) fn toggle_kept_conversation(&mut self) {
        let Some(journal) = self.journal() else { return };
        let kept = &mut journal.conversation.kept;
        *kept = !*kept;
        if *kept {
            self.seal_conversation();
        } else {
            let _ = self.vault.try_send(VaultJob::KeepConversation(Vec::new()));
        }
    }

    /// Throws it away, out of the journal too.
    pub(super) fn forget_conversation(&mut self) {
        let Some(journal) = self.journal() else { return };
        journal.conversation.turns.clear();
        self.seal_conversation();
    }

    /// A queue that is full costs only that it is sealed with the next answer.
    fn seal_conversation(&mut self) {
        let Some(conversation) = self.journal().map(|it| &it.conversation) else { return };
        if conversation.kept {
            let turns = conversation.turns.clone();
            let _ = self.vault.try_send(VaultJob::KeepConversation(turns));
        }
    }

    /// What was kept of an earlier sitting.
    pub(super) fn conversation_loaded(&mut self, turns: Vec<Turn>) {
        if let Some(journal) = self.journal()
            && journal.conversation.turns.is_empty()
        {
            journal.conversation.kept = true;
            journal.conversation.turns = turns;
        }
    }

    /// The entries are there: the engine goes on.
    pub(super) fn gathered(&mut self, ticket: u64, gathered: Gathered) {
        let Gathered { entries, kept, outline, asked, aliases } = gathered;
        let model = self.state.model.clone();
        let Some(journal) = self.journal() else { return };
        let reflection = &mut journal.reflection;
        let Some(mut task) = reflection.task.clone().filter(|_| reflection.ticket == ticket) else {
            return;
        };
        if let Task::Ask(wish) | Task::Follow { wish, .. } = &mut task {
            wish.asked_before.extend(asked);
        }
        if let Task::Answer(question) = &mut task {
            question.aliases = aliases;
        }
        reflection.kept = kept;
        let is_there = match &task {
            Task::Follow { entry, .. } => entries.iter().any(|other| other.id == *entry),
            _ => !entries.is_empty(),
        };
        if !is_there {
            let problem = match kept {
                0 => text("reflection-nothing-there"),
                _ => text("reflection-kept"),
            };
            return self.reflection_failed(ticket, problem);
        }
        if let Some(summary) = outline.as_ref().and_then(|outline| outline.kept.clone()) {
            return self.summarised(ticket, Ok(summary));
        }
        reflection.place = outline.as_ref().and_then(|outline| outline.place.clone());
        if matches!(task, Task::Ask(_)) {
            reflection.about = entries.last().map(|entry| entry.id);
        }
        journal.meaning.put_off();
        let cancel = reflection.cancel.clone();
        let job = ReflectionJob { ticket, model, entries, outline, task, cancel };
        if self.engine.try_send(EngineJob::Reflect(Box::new(job))).is_err() {
            return self.reflection_failed(ticket, text("reflection-busy"));
        }
        self.note_model_used();
    }

    pub(super) fn progress(&mut self, ticket: u64, progress: Progress) {
        let progress = match progress {
            Progress::Made(made) => return self.keep_summary(made),
            progress => progress,
        };
        let Some(reflection) = self.reflection(ticket) else { return };
        let stage = match progress {
            Progress::Reading { read, total } => Stage::Reading(read as f32 / total.max(1) as f32),
            Progress::Part { done, total } => Stage::Reading(done as f32 / total.max(1) as f32),
            Progress::Text(text) => {
                reflection.streamed.push_str(&text);
                Stage::Writing
            }
            Progress::Made(_) => return,
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
                let made = place.map(|place| Box::new((place, summary.clone())));
                // A summary that was stopped before its first sentence leaves what was written.
                reflection.care = summary.care;
                if !summary.sentences.is_empty() || reflection.streamed.is_empty() {
                    let mut summary = summary.without(reflection.kept);
                    summary.entries_total += reflection.left_out;
                    reflection.summary = Some(summary);
                    reflection.streamed.clear();
                }
                if let Some(made) = made {
                    self.keep_summary(made);
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
        self.stop_renewal();
        if let Some(journal) = self.journal()
            && journal.reflection.stage.is_busy()
        {
            journal.reflection.cancel.cancel();
            journal.reflection.enter(Stage::Stopping);
        }
    }

    pub(super) fn reflection_failed(&mut self, ticket: u64, problem: String) {
        let Some(reflection) = self.reflection(ticket) else { return };
        let was_stopped = reflection.stage == Stage::Stopping;
        reflection.finish();
        if !was_stopped {
            reflection.problem = Some(problem);
        }
    }

    /// Opens the entry that a sentence of the summary rests on, with the sentences of it lit up.
    pub(super) fn show_source(&mut self, ctx: &egui::Context, sentence: usize, source: usize) {
        let Some(journal) = self.journal() else { return };
        let summary = journal.reflection.summary.as_ref();
        let told = summary.and_then(|summary| summary.sentences.get(sentence));
        let Some(told) = told else { return };
        let Some(entry) = told.sources.get(source).map(|source| source.entry) else { return };
        let of_entry = |source: &&Source| source.entry == entry;
        let sources: Vec<Source> = told.sources.iter().filter(of_entry).cloned().collect();
        journal.keeping.shelf = None;
        journal.lit = Some(Lit { entry, sources, scroll_due: true });
        self.open_entry(ctx, entry);
    }

    /// Deletes the summary that is shown.
    pub(super) fn delete_summary(&mut self) {
        let Some(journal) = self.journal() else { return };
        let span = journal.reflection.span.clone();
        journal.reflection.forget();
        journal.lit = None;
        if let Some(span) = span {
            // A queue that is full is for the person to try again.
            let _ = self.vault.try_send(VaultJob::DeleteSummary(span));
        }
    }

    fn reflection(&mut self, ticket: u64) -> Option<&mut Reflection> {
        self.journal().map(|journal| &mut journal.reflection).filter(|it| it.ticket == ticket)
    }
}

impl Journal {
    /// Takes note of what is being summarised.
    fn note_span(&mut self, scope: Scope, ids: &[EntryId]) -> Span {
        let span = self.span(scope);
        let results = &self.search.results;
        let reflection = &mut self.reflection;
        reflection.left_out = match scope {
            Scope::Found => results.total.saturating_sub(ids.len()),
            _ => 0,
        };
        reflection.entries = ids.to_vec();
        reflection.span = Some(span.clone());
        span
    }
}

impl Reflection {
    /// A new reflection takes the place of the last: its ticket.
    pub(super) fn begin(&mut self, task: Task) -> u64 {
        self.ticket += 1;
        self.enter(Stage::Preparing);
        self.streamed.clear();
        self.problem = None;
        self.care = None;
        self.is_stale = false;
        self.cancel = CancelToken::default();
        match task {
            Task::Summarise => self.summary = None,
            Task::Ask(_) | Task::Follow { .. } => self.questions.clear(),
            Task::Answer(_) => {}
        }
        self.task = Some(task);
        self.ticket
    }

    /// Drops what a model made of the journal, and what is under way.
    pub(super) fn forget(&mut self) {
        self.cancel.cancel();
        self.enter(Stage::Idle);
        *self = Self { ticket: self.ticket + 1, ..Self::default() };
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
    pub(super) fn question_task(&self, style: Style) -> Task {
        Task::Ask(Wish { count: QUESTIONS, style, asked_before: self.asked.clone() })
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
