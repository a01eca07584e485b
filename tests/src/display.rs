//! The real window on a screen of its own, used through the keyboard and the mouse.
#![allow(clippy::disallowed_types, reason = "tests start the program")]
#![allow(clippy::unwrap_used, reason = "a test that can't run the program fails")]
use std::{
    ffi::OsStr,
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    rc::Rc,
    time::{Duration, Instant},
};

use x11rb::{
    protocol::xproto::{ConnectionExt as _, ScreenSaver},
    rust_connection::RustConnection,
};

use crate::binary::{Home, PASSPHRASE, program};

/// A window that is not there after this never will be.
pub const PATIENCE: Duration = Duration::from_secs(120);
/// What has not worked after this is tried again.
const ATTEMPT: Duration = Duration::from_secs(15);

/// Ends its process with the test.
pub struct Running(Child);

impl Running {
    /// Takes care of a process.
    #[must_use]
    pub fn new(child: Child) -> Self {
        Self(child)
    }

    /// The process's number.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Kills it, as a power cut would.
    pub fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The program's window.
pub struct RealWindow {
    /// The program.
    pub program: Running,
    /// The screen it is on.
    pub screen: Rc<Screen>,
    /// Where its journal is.
    pub home: Home,
}

impl RealWindow {
    /// The window on an unlocked, empty journal.
    /// None, with a printed line, where the tools are missing.
    #[must_use]
    pub fn with_open_journal() -> Option<Self> {
        let window = Self::on(Home::with_journal(), &[])?;
        window.unlock();
        Some(window)
    }

    /// The window on a locked journal, with more of the environment.
    /// None, with a printed line, where the tools are missing.
    ///
    /// # Panics
    ///
    /// When the program does not start.
    #[must_use]
    #[allow(clippy::print_stdout, reason = "what is left out is told")]
    pub fn on(home: Home, environment: &[(&str, &OsStr)]) -> Option<Self> {
        if !["Xvfb", "xdotool"].into_iter().all(is_there) {
            println!("real window: left out, Xvfb or xdotool is not installed");
            return None;
        }
        Some(Self::beside(Rc::new(Screen::start()), home, environment))
    }

    /// One more window on a screen, which covers those that are there.
    ///
    /// # Panics
    ///
    /// When the program does not start.
    #[must_use]
    pub fn beside(screen: Rc<Screen>, home: Home, environment: &[(&str, &OsStr)]) -> Self {
        let moments = fs::File::create(home.path("moments")).unwrap();
        let mut command = screen.command(program());
        command.arg("--journal").arg(home.journal()).env("XDG_CONFIG_HOME", home.path(""));
        command.env("XDG_STATE_HOME", home.path("")).envs(environment.iter().copied());
        command.env("LIBGL_ALWAYS_SOFTWARE", "1").env("INGLENOOK_TRACE", "1").stderr(moments);
        let program = Running::new(command.spawn().unwrap());
        let window = Self { program, screen, home };
        window.until(|| (), || window.has_shown("unlock-screen"));
        window
    }

    /// Types the passphrase.
    pub fn unlock(&self) {
        let before = self.times_shown("journal-frame");
        let type_passphrase = || {
            self.screen.xdotool(&["key", "ctrl+a"]);
            self.screen.xdotool(&["type", "--delay", "20", PASSPHRASE]);
            self.screen.xdotool(&["key", "Return"]);
        };
        self.until(type_passphrase, || self.times_shown("journal-frame") > before);
    }

    /// Types text where the keyboard is.
    pub fn write(&self, text: &str) {
        self.focus();
        self.screen.xdotool(&["type", "--delay", "15", text]);
    }

    /// Presses keys, one after the other.
    pub fn press(&self, keys: &[&str]) {
        self.focus();
        for key in keys {
            self.screen.xdotool(&["key", "--delay", "30", key]);
        }
    }

    /// Whether the program has told this moment.
    #[must_use]
    pub fn has_shown(&self, moment: &str) -> bool {
        self.times_shown(moment) > 0
    }

    /// How often the program has told this moment.
    ///
    /// # Panics
    ///
    /// When what it told can't be read.
    #[must_use]
    pub fn times_shown(&self, moment: &str) -> usize {
        fs::read_to_string(self.home.path("moments")).unwrap().matches(moment).count()
    }

    /// Without a window manager the focus can go to nobody.
    pub fn focus(&self) {
        self.screen.xdotool(&["search", "--name", "Inglenook", "windowfocus"]);
    }

    /// Tries until it has worked; a window that is still opening does not hear everything.
    ///
    /// # Panics
    ///
    /// When it never works.
    pub fn until(&self, attempt: impl Fn(), worked: impl Fn() -> bool) {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            self.focus();
            attempt();
            let next = Instant::now() + ATTEMPT;
            while Instant::now() < next {
                if worked() {
                    return;
                }
                std::thread::park_timeout(Duration::from_millis(50));
            }
        }
        panic!("the window does not answer");
    }
}

/// A display that nobody else uses.
pub struct Screen {
    display: String,
    /// Held: a server whose last client goes begins anew, and refuses others meanwhile.
    connection: RustConnection,
    _server: Running,
}

impl Screen {
    /// The server chooses the number, and says it when windows can open. Where the number was another's
    /// that was killed, none may open after all: the next server takes another.
    fn start() -> Self {
        let mut tries = std::iter::repeat_with(Self::try_start).take(10);
        tries.find_map(|screen| screen).unwrap()
    }

    fn try_start() -> Option<Self> {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x860x24"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut number = String::new();
        let out = server.stdout.take().unwrap();
        let server = Running(server);
        BufReader::new(out).read_line(&mut number).unwrap();
        let display = format!(":{}", number.trim());
        let (connection, _) = x11rb::connect(Some(&display)).ok()?;
        Some(Self { display, connection, _server: server })
    }

    /// A program on this screen, ready to start.
    #[must_use]
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env("DISPLAY", &self.display);
        command
    }

    /// Moves the hands of a person, who looks whether it worked.
    pub fn xdotool(&self, arguments: &[&str]) {
        let _ = self.command("xdotool").args(arguments).output();
    }

    /// Puts the screen saver on, as a desktop does when it is locked.
    ///
    /// # Panics
    ///
    /// When the server is gone.
    pub fn save(&self) {
        self.connection.force_screen_saver(ScreenSaver::ACTIVE).unwrap().check().unwrap();
    }

    /// Whether some window offers a text to be pasted.
    ///
    /// # Panics
    ///
    /// When the server is gone.
    #[must_use]
    pub fn offers_a_text(&self) -> bool {
        let clipboard = self.connection.intern_atom(false, b"CLIPBOARD").unwrap().reply().unwrap();
        let owner = self.connection.get_selection_owner(clipboard.atom).unwrap().reply().unwrap();
        owner.owner != x11rb::NONE
    }

    /// For people to look at; where `import` is missing there is none.
    ///
    /// # Panics
    ///
    /// When there is no folder for it.
    pub fn take_picture(&self, name: &str) {
        let artifacts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../artifacts");
        fs::create_dir_all(&artifacts).unwrap();
        let picture = artifacts.join(name).with_extension("png");
        let _ = self.command("import").args(["-window", "root"]).arg(picture).status();
    }
}

/// Whether a program is installed.
#[must_use]
pub fn is_there(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}
