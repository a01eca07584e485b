//! A few threads that share the work of one computation after another, and sleep in between.
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread::{self, JoinHandle, Thread},
    time::{Duration, Instant},
};

/// So long a thread looks for more work before it sleeps: longer than between two products of one token.
const PATIENCE: Duration = Duration::from_micros(100);

/// Looks for the end of other threads' tasks before the caller sleeps, and how long it sleeps at most.
const LOOKS: u32 = 2048;
const NAP: Duration = Duration::from_micros(200);

type Task<'a> = dyn Fn(usize) + Sync + 'a;

/// Threads; the one that calls [`Pool::run`] works with them.
pub(crate) struct Pool {
    state: Arc<State>,
    workers: Vec<JoinHandle<()>>,
    /// One computation at a time.
    turn: Mutex<()>,
}

#[derive(Default)]
struct State {
    job: Mutex<Option<Job>>,
    /// Counts computations, so that a worker sees a new one.
    epoch: AtomicUsize,
    next: AtomicUsize,
    done: AtomicUsize,
    /// Who waits for the last task.
    caller: Mutex<Option<Thread>>,
    /// Workers that may hold the job.
    inside: AtomicUsize,
    panicked: AtomicBool,
    closed: AtomicBool,
}

/// A task of the caller's, alive until `run` returns.
#[derive(Clone, Copy)]
struct Job {
    task: *const Task<'static>,
    count: usize,
}

// SAFETY: the task is `Sync`, and `run` does not return while a worker may use it.
unsafe impl Send for Job {}

impl Pool {
    /// A pool of `threads` threads, the caller's included.
    pub(crate) fn new(threads: usize) -> Self {
        let state = Arc::new(State::default());
        let start = |index| {
            let state = state.clone();
            thread::Builder::new().name(format!("engine {index}")).spawn(move || state.work()).ok()
        };
        let workers = (1..threads).filter_map(start).collect();
        Self { state, workers, turn: Mutex::new(()) }
    }

    /// Threads, the caller's included.
    pub(crate) fn threads(&self) -> usize {
        self.workers.len() + 1
    }

    /// Runs `task(0)` to `task(count - 1)` and returns when all are done. Panics if one did.
    pub(crate) fn run(&self, count: usize, task: &Task<'_>) {
        if count <= 1 || self.workers.is_empty() {
            return (0..count).for_each(task);
        }
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let task: *const Task<'_> = task;
        // SAFETY: only the lifetime changes; this function waits until no thread can use the task.
        let task = unsafe { std::mem::transmute::<*const Task<'_>, *const Task<'static>>(task) };
        let (state, job) = (&self.state, Job { task, count });
        state.next.store(0, SeqCst);
        state.done.store(0, SeqCst);
        *state.caller() = Some(thread::current());
        *state.job() = Some(job);
        state.epoch.fetch_add(1, SeqCst);
        self.workers.iter().for_each(|worker| worker.thread().unpark());
        state.help(job);
        wait_while(|| state.done.load(SeqCst) < count);
        // A worker that comes late finds nothing; one that came before is inside until it has let go.
        *state.job() = None;
        wait_while(|| state.inside.load(SeqCst) > 0);
        assert!(!state.panicked.swap(false, SeqCst), "a computation failed");
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.state.closed.store(true, SeqCst);
        for worker in self.workers.drain(..) {
            worker.thread().unpark();
            // A worker does not panic: it catches what tasks do.
            let _ = worker.join();
        }
    }
}

impl State {
    fn job(&self) -> std::sync::MutexGuard<'_, Option<Job>> {
        self.job.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn caller(&self) -> std::sync::MutexGuard<'_, Option<Thread>> {
        self.caller.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        let mut seen = 0;
        let mut idle = Instant::now();
        while !self.closed.load(SeqCst) {
            if self.epoch.load(SeqCst) == seen {
                if idle.elapsed() > PATIENCE {
                    thread::park();
                } else {
                    std::hint::spin_loop();
                }
                continue;
            }
            seen = self.epoch.load(SeqCst);
            let job = {
                let job = self.job();
                self.inside.fetch_add(1, SeqCst);
                *job
            };
            if let Some(job) = job {
                self.help(job);
            }
            self.inside.fetch_sub(1, SeqCst);
            idle = Instant::now();
        }
    }

    /// Takes tasks until none is left.
    fn help(&self, job: Job) {
        loop {
            let index = self.next.fetch_add(1, SeqCst);
            if index >= job.count {
                return;
            }
            // SAFETY: `run` waits for this task to be counted as done.
            let task = unsafe { &*job.task };
            if catch_unwind(AssertUnwindSafe(|| task(index))).is_err() {
                self.panicked.store(true, SeqCst);
            }
            if self.done.fetch_add(1, SeqCst) + 1 == job.count {
                self.caller().iter().for_each(Thread::unpark);
            }
        }
    }
}

/// Spins for a little while, then sleeps: where a thread that is waited for lost its core to another program, the
/// system moves it to the core that becomes free.
fn wait_while(waiting: impl Fn() -> bool) {
    let mut looks = 0;
    while waiting() {
        looks += 1;
        if looks < LOOKS { std::hint::spin_loop() } else { thread::park_timeout(NAP) }
    }
}

/// How many threads a computation should have: one for each core, not for each hyper-thread.
pub(crate) fn threads() -> usize {
    let logical = thread::available_parallelism().map_or(1, usize::from);
    let shared = cfg!(target_arch = "x86_64") && logical > 3;
    (if shared { logical / 2 } else { logical }).min(8)
}
