//! The clipboard of X11, over a local socket that is opened here.
use std::{
    env,
    os::unix::net::UnixStream,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError},
    },
    thread::{Builder, JoinHandle},
    time::Duration,
};

use vault::overwrite_stack;
use x11rb::{
    connection::Connection,
    protocol::xproto::{
        ClientMessageEvent, ConnectionExt, CreateWindowAux, EventMask, Window, WindowClass,
    },
    reexports::x11rb_protocol::xauth,
    rust_connection::{DefaultStream, RustConnection},
};
use zeroize::Zeroizing;

use super::ClipboardJob;

mod transfer;

use transfer::{Atoms, Transfer};

/// Text that was copied is taken back after this.
const CLEAR_AFTER: Duration = Duration::from_secs(30);

pub(crate) type Fallible<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What is done with text that others offered.
type OnPaste = Arc<dyn Fn(String) + Send + Sync>;

/// Serves the clipboard from two threads: one takes jobs, one answers other programs.
/// `None` where there is no X11 server to be reached.
pub(super) fn serve(jobs: Receiver<ClipboardJob>, on_paste: OnPaste) -> Option<()> {
    let server = Server { attendance: Some(Attendance::begin(&on_paste).ok()?), on_paste };
    Builder::new().name("clipboard jobs".to_owned()).spawn(move || server.work(&jobs)).ok()?;
    Some(())
}

/// Takes jobs, and begins anew whenever text is to be forgotten: the buffers of a connection hold
/// what went through them last.
struct Server {
    attendance: Option<Attendance>,
    on_paste: OnPaste,
}

impl Server {
    /// Takes jobs until the window is gone. Errors of the server end a job, never the window.
    fn work(mut self, jobs: &Receiver<ClipboardJob>) {
        loop {
            let offers = self.attendance.as_ref().is_some_and(|it| it.seat.offers());
            let job = match offers {
                true => jobs.recv_timeout(CLEAR_AFTER),
                false => jobs.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match job {
                Ok(ClipboardJob::Forget) | Err(RecvTimeoutError::Timeout) => self.begin_anew(),
                Err(RecvTimeoutError::Disconnected) => return,
                Ok(job) => {
                    let _ = self.seat().and_then(|seat| match job {
                        ClipboardJob::Copy(text) => seat.offer(text),
                        ClipboardJob::Paste | ClipboardJob::Forget => seat.fetch(),
                    });
                }
            }
            overwrite_stack();
        }
    }

    /// A server gives up the clipboard of a window that goes; one that is somebody else's it leaves.
    fn begin_anew(&mut self) {
        self.attendance = None;
        let _ = self.seat();
    }

    /// A server that could not be reached is tried again when it is needed.
    fn seat(&mut self) -> Fallible<&Seat> {
        let attendance = match self.attendance.take() {
            Some(attendance) => attendance,
            None => Attendance::begin(&self.on_paste)?,
        };
        Ok(&self.attendance.insert(attendance).seat)
    }
}

/// A seat, and the thread that answers there.
struct Attendance {
    seat: Arc<Seat>,
    thread: Option<JoinHandle<()>>,
}

impl Attendance {
    fn begin(on_paste: &OnPaste) -> Fallible<Self> {
        let seat = Arc::new(Seat::connect()?);
        let transfer = Transfer::new(Arc::clone(&seat), Arc::clone(on_paste));
        let run = move || {
            transfer.run();
            overwrite_stack();
        };
        let thread = Some(Builder::new().name("clipboard".to_owned()).spawn(run)?);
        Ok(Self { seat, thread })
    }
}

impl Drop for Attendance {
    fn drop(&mut self) {
        *self.seat.offered() = None;
        // A server that does not take this is gone, and with it the thread.
        let _ = self.seat.call_off();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Our place at the server: a window that is never shown, and the text it offers.
struct Seat {
    connection: RustConnection<DefaultStream>,
    window: Window,
    atoms: Atoms,
    offered: Mutex<Option<Zeroizing<String>>>,
}

impl Seat {
    fn connect() -> Fallible<Self> {
        let connection = connect()?;
        let atoms = Atoms::new(&connection)?.reply()?;
        let window = connection.generate_id()?;
        let root = connection.setup().roots.first().ok_or("no screen")?.root;
        let aux = CreateWindowAux::new().event_mask(EventMask::PROPERTY_CHANGE);
        let class = WindowClass::INPUT_ONLY;
        connection.create_window(0, window, root, 0, 0, 1, 1, 0, class, 0, &aux)?.check()?;
        Ok(Self { connection, window, atoms, offered: Mutex::new(None) })
    }

    fn offers(&self) -> bool {
        self.offered().is_some()
    }

    fn offered(&self) -> std::sync::MutexGuard<'_, Option<Zeroizing<String>>> {
        self.offered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn offer(&self, text: Zeroizing<String>) -> Fallible<()> {
        *self.offered() = Some(text);
        let selection = self.atoms.CLIPBOARD;
        self.connection.set_selection_owner(self.window, selection, x11rb::CURRENT_TIME)?;
        Ok(self.connection.flush()?)
    }

    /// Tells the thread that waits at the server to end.
    fn call_off(&self) -> Fallible<()> {
        let end = ClientMessageEvent::new(32, self.window, self.atoms.INGLENOOK_END, [0; 5]);
        self.connection.send_event(false, self.window, EventMask::NO_EVENT, end)?;
        Ok(self.connection.flush()?)
    }

    /// The answer comes as an event.
    fn fetch(&self) -> Fallible<()> {
        self.connection.convert_selection(
            self.window,
            self.atoms.CLIPBOARD,
            self.atoms.UTF8_STRING,
            self.atoms.INGLENOOK_PASTE,
            x11rb::CURRENT_TIME,
        )?;
        Ok(self.connection.flush()?)
    }
}

/// A connection to the server that the environment names, if it is on this machine.
pub(crate) fn connect() -> Fallible<RustConnection<DefaultStream>> {
    let display = env::var("DISPLAY")?;
    let number = display_number(&display).ok_or("not a local display")?;
    let socket = PathBuf::from(format!("/tmp/.X11-unix/X{number}"));
    let (stream, (family, address)) =
        DefaultStream::from_unix_stream(UnixStream::connect(socket)?)?;
    // A server that asks for no cookie needs no file of cookies.
    let cookie = xauth::get_auth(family, &address, number).ok().flatten();
    let (name, data) = cookie.unwrap_or_default();
    Ok(RustConnection::connect_to_stream_with_auth_info(stream, 0, name, data)?)
}

/// The number of a display on this machine: `:0`, `:0.0` or `unix:0`.
fn display_number(display: &str) -> Option<u16> {
    let (host, rest) = display.rsplit_once(':')?;
    let number = rest.split('.').next()?.parse().ok()?;
    (host.is_empty() || host == "unix").then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_displays_of_this_machine_are_reached() {
        assert_eq!(display_number(":7"), Some(7));
        assert_eq!(display_number(":7.0"), Some(7));
        assert_eq!(display_number("unix:0"), Some(0));
        for elsewhere in ["localhost:0", "example.org:1.0", "wayland-0", ":", ""] {
            assert_eq!(display_number(elsewhere), None);
        }
    }
}
