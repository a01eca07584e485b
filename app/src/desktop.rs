//! Whether the desktop is locked or the machine slept: asked every few seconds, since being told would
//! need D-Bus.
use std::{
    io,
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::Builder,
    time::Duration,
};

use crate::clock::system_clock;

#[cfg(target_os = "linux")]
mod linux;

/// The desktop is asked this often.
const ASKED_EVERY: Duration = Duration::from_secs(3);

/// A machine that slept longer than this comes back locked.
pub const SLEEP_LIMIT: Duration = Duration::from_secs(5);

/// Tells when the person locked the desktop, left it to another, or came back to a machine that slept.
pub struct Desktop {
    locks: Mutex<Receiver<()>>,
    /// Dropped with the window, which ends the thread.
    _stop: Option<SyncSender<()>>,
}

impl Desktop {
    /// Watches the desktop from a thread of its own; `wake` is called when there is something to tell.
    /// # Errors
    /// When the system refuses the thread.
    pub fn watch(wake: impl Fn() + Send + 'static) -> io::Result<Self> {
        let (tell, locks) = sync_channel(1);
        let (stop, stopped) = sync_channel(0);
        let run = move || {
            let (clock, mut is_locked, mut was_locked) = (system_clock(), sign(), false);
            let mut seen = clock();
            while stopped.recv_timeout(ASKED_EVERY) == Err(RecvTimeoutError::Timeout) {
                let slept = clock().slept_since(seen) > SLEEP_LIMIT;
                seen = clock();
                let locked = is_locked();
                if (slept || locked && !was_locked) && tell.try_send(()).is_ok() {
                    wake();
                }
                was_locked = locked;
            }
        };
        Builder::new().name("desktop".to_owned()).spawn(run)?;
        Ok(Self { locks: Mutex::new(locks), _stop: Some(stop) })
    }

    /// A desktop that locks whenever the caller says, for tests.
    #[must_use]
    pub fn with_end() -> (Self, SyncSender<()>) {
        let (tell, locks) = sync_channel(1);
        (Self { locks: Mutex::new(locks), _stop: None }, tell)
    }

    /// Whether it locked since this was asked last.
    pub fn take_lock(&mut self) -> bool {
        let locks = self.locks.get_mut().unwrap_or_else(PoisonError::into_inner);
        locks.try_iter().count() > 0
    }
}

/// What is asked whether the desktop is locked.
fn sign() -> Box<dyn FnMut() -> bool + Send> {
    #[cfg(target_os = "linux")]
    return Box::new(linux::sign());
    #[cfg(not(target_os = "linux"))]
    Box::new(|| false)
}
