//! Named threads with a bounded queue, and the way they report to the window.
use std::{
    io,
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread::{Builder, JoinHandle},
};

use crate::event::Event;

pub mod engine;
pub mod folders;
pub mod meaning;
pub mod models;
pub mod vault;

/// Jobs that wait for a worker; a window that finds the queue full tries again later.
const QUEUED_JOBS: usize = 64;
/// Events that wait for the window; a worker that finds the queue full waits.
const QUEUED_EVENTS: usize = 1024;

/// A thread that owns one resource and takes jobs about it in order.
///
/// Dropping it ends the thread after the jobs that are queued, and waits for that.
pub struct Worker<J> {
    jobs: Option<SyncSender<J>>,
    thread: Option<JoinHandle<()>>,
}

impl<J: Send + 'static> Worker<J> {
    /// Starts the thread. `run` ends when the queue does.
    /// # Errors
    /// When the system refuses a thread.
    pub fn spawn(name: &str, run: impl FnOnce(Receiver<J>) + Send + 'static) -> io::Result<Self> {
        let (jobs, queue) = sync_channel(QUEUED_JOBS);
        let thread = Builder::new().name(name.to_owned()).spawn(move || run(queue))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Queues a job without waiting.
    /// # Errors
    /// Gives the job back when the queue is full or the worker has ended.
    pub fn try_send(&self, job: J) -> Result<(), J> {
        let Some(jobs) = &self.jobs else { return Err(job) };
        jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(job) | TrySendError::Disconnected(job) => job,
        })
    }
}

impl<J> Drop for Worker<J> {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A worker that panicked has nothing left to finish.
            let _ = thread.join();
        }
    }
}

/// Sends events to the window and wakes it.
#[derive(Clone)]
pub struct EventSender {
    events: SyncSender<Event>,
    ctx: egui::Context,
}

impl EventSender {
    /// The queue to the window of `ctx`.
    #[must_use]
    pub fn new(ctx: &egui::Context) -> (Self, Receiver<Event>) {
        let (events, inbox) = sync_channel(QUEUED_EVENTS);
        (Self { events, ctx: ctx.clone() }, inbox)
    }

    /// Sends, waiting while the window is behind. A window that is gone needs no events.
    pub fn send(&self, event: Event) {
        if self.events.send(event).is_ok() {
            self.ctx.request_repaint();
        }
    }
}
