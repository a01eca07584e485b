//! Two signs of a locked desktop that need no D-Bus: the screen saver of X11, and the seat given to
//! another session (a switch of users, or a lock by a greeter).
use std::{env, fs, path::PathBuf};

use x11rb::{
    connection::Connection as _,
    protocol::screensaver::{ConnectionExt as _, State},
    rust_connection::{DefaultStream, RustConnection},
};

use crate::clipboard::x11;

/// Where logind keeps what it knows of each session, readable by everyone.
const SESSIONS: &str = "/run/systemd/sessions";

type Server = RustConnection<DefaultStream>;

/// Whether one of the signs is there.
pub(super) fn sign() -> impl FnMut() -> bool {
    // A server without this extension tells nothing; one that is gone takes the window with it.
    let mut server = x11::connect().ok();
    let session = env::var_os("XDG_SESSION_ID").map(|id| PathBuf::from(SESSIONS).join(id));
    move || {
        let saved = server.as_ref().map(is_saved);
        if saved == Some(None) {
            server = None;
        }
        let left = session.as_ref().and_then(|file| fs::read_to_string(file).ok());
        saved.flatten() == Some(true) || left.is_some_and(|text| is_left(&text))
    }
}

/// Whether the screen saver is on; none where the server does not say.
fn is_saved(server: &Server) -> Option<bool> {
    let root = server.setup().roots.first()?.root;
    let info = server.screensaver_query_info(root).ok()?.reply().ok()?;
    Some(info.state == u8::from(State::ON))
}

/// Whether the session of this file is not the one before the person.
fn is_left(session: &str) -> bool {
    session.lines().any(|line| line == "ACTIVE=0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_that_is_not_active_is_left() {
        assert!(is_left("UID=1000\nACTIVE=0\nSTATE=online\n"));
        assert!(!is_left("UID=1000\nACTIVE=1\nSTATE=active\n"));
        assert!(!is_left(""));
    }
}
