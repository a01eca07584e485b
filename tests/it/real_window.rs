//! The real window on a screen of its own: a person types, and what they typed is in the vault.
use std::{
    ffi::OsStr,
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tests::binary::{Home, PASSPHRASE, program};
use vault::{Passphrase, Vault};

/// A window that is not there after this never will be.
const PATIENCE: Duration = Duration::from_secs(120);
/// What has not worked after this is tried again.
const ATTEMPT: Duration = Duration::from_secs(15);

/// Ends its process with the test.
struct Running(Child);

impl Running {
    fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

#[test]
fn what_is_typed_on_a_real_screen_is_in_the_vault() {
    let Some(window) = Window::with_open_journal() else { return };
    window.until(
        || {
            window.screen.xdotool(&["type", "--delay", "20", "Herons by the river. "]);
            window.screen.xdotool(&["key", "ctrl+s"]);
        },
        || window.has_saved(),
    );
    window.screen.take_picture();
    let lock = || {
        window.screen.xdotool(&["key", "ctrl+l"]);
    };
    window.until(lock, || Vault::open(&window.home.journal()).is_ok());
    assert!(window.saved_text().contains("Herons by the river."));
}

#[test]
fn a_kill_while_typing_without_a_pause_leaves_what_was_saved() {
    let Some(mut window) = Window::with_open_journal() else { return };
    let mut typed = String::new();
    // Never still for as long as a pause takes: it is saved because too long went by.
    let end = Instant::now() + PATIENCE;
    while !window.has_saved() {
        assert!(Instant::now() < end, "nothing is saved while typing");
        window.focus();
        window.screen.xdotool(&["type", "--delay", "30", "rain on the roof "]);
        typed.push_str("rain on the roof ");
    }
    window.screen.xdotool(&["type", "--delay", "30", "and lost "]);
    window.program.kill();
    let text = window.saved_text();
    assert!(text.starts_with("rain on the roof"), "the beginning is lost");
    assert!(typed.starts_with(&text), "what is saved was not typed so");
}

/// The program's window on an unlocked journal.
struct Window {
    program: Running,
    screen: Screen,
    home: Home,
}

impl Window {
    /// None, with a printed line, where the tools are missing.
    fn with_open_journal() -> Option<Self> {
        if !["Xvfb", "xdotool"].into_iter().all(is_there) {
            println!("real_window: left out, Xvfb or xdotool is not installed");
            return None;
        }
        let home = Home::with_journal();
        let screen = Screen::start();
        let moments = fs::File::create(home.path("moments")).unwrap();
        let mut command = screen.command(program());
        command.arg("--journal").arg(home.journal()).env("XDG_CONFIG_HOME", home.path(""));
        command.env("LIBGL_ALWAYS_SOFTWARE", "1").env("INGLENOOK_TRACE", "1").stderr(moments);
        let program = Running(command.spawn().unwrap());
        let window = Self { program, screen, home };
        window.until(|| (), || window.has_shown("unlock-screen"));
        window.until(|| window.type_passphrase(), || window.has_shown("journal-frame"));
        Some(window)
    }

    fn type_passphrase(&self) {
        self.screen.xdotool(&["key", "ctrl+a"]);
        self.screen.xdotool(&["type", "--delay", "20", PASSPHRASE]);
        self.screen.xdotool(&["key", "Return"]);
    }

    /// Whether the program has told this moment.
    fn has_shown(&self, moment: &str) -> bool {
        fs::read_to_string(self.home.path("moments")).unwrap().contains(moment)
    }

    /// Without a window manager the focus can go to nobody.
    fn focus(&self) -> bool {
        self.screen.xdotool(&["search", "--name", "Inglenook", "windowfocus"])
    }

    /// Tries until it has worked; a window that is still opening does not hear everything.
    fn until(&self, attempt: impl Fn(), worked: impl Fn() -> bool) {
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

    fn has_saved(&self) -> bool {
        let log = self.home.path("journal.inglenook-wal");
        fs::metadata(log).is_ok_and(|log| log.len() > 0)
    }

    fn saved_text(&self) -> String {
        let vault = Vault::open(&self.home.journal()).unwrap();
        let session = vault.unlock(&Passphrase::new(PASSPHRASE)).unwrap();
        session.entry(session.ids()[0]).unwrap().content.text
    }
}

/// A display that nobody else uses.
struct Screen {
    display: String,
    _server: Running,
}

impl Screen {
    /// The server chooses the number, and says it when windows can open.
    fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x860x24"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut number = String::new();
        let out = server.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut number).unwrap();
        Self { display: format!(":{}", number.trim()), _server: Running(server) }
    }

    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env("DISPLAY", &self.display);
        command
    }

    fn xdotool(&self, arguments: &[&str]) -> bool {
        let status = self.command("xdotool").args(arguments).output();
        status.is_ok_and(|output| output.status.success())
    }

    /// For people to look at; where `import` is missing there is none.
    fn take_picture(&self) {
        let artifacts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../artifacts");
        fs::create_dir_all(&artifacts).unwrap();
        let picture = artifacts.join("window.png");
        let _ = self.command("import").args(["-window", "root"]).arg(picture).status();
    }
}

fn is_there(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}
