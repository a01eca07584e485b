//! The belt: what the process gives up at its start, so that a mistake or a break-in inside it reaches less.
//!
//! On Linux: internet sockets, listening, starting programs and reading other processes' memory (seccomp),
//! core dumps, and being read by other processes of the same user.
//! Nothing here is needed for the promise that no network code is in the program; it holds should the
//! promise be broken, by a system library for instance.

/// What the kernel says of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The filters are on.
    On {
        /// How many filters, those of a container or of the parent process included.
        filters: u32,
    },
    /// No filter is on.
    Off,
    /// This system has no such thing, or does not say.
    Unknown,
}

impl State {
    /// One word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::On { .. } => "on",
            Self::Off => "off",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(target_os = "linux")]
pub use linux::{forbid_dumps, put_on, state};

#[cfg(not(target_os = "linux"))]
pub use elsewhere::{forbid_dumps, put_on, state};

#[cfg(target_os = "linux")]
mod linux;

/// Other systems confine the program from outside (App Sandbox, AppContainer).
#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use super::State;

    /// Nothing to put on here.
    ///
    /// # Errors
    ///
    /// None.
    pub fn put_on() -> Result<(), String> {
        Ok(())
    }

    /// Nothing to forbid here.
    pub fn forbid_dumps() {}

    /// Always unknown.
    #[must_use]
    pub fn state() -> State {
        State::Unknown
    }
}
