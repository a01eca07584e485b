//! The real window on a screen of its own: a person types, and what they typed is in the vault.
use std::{
    ffi::OsStr,
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tests::binary::program;
use vault::{Passphrase, Vault};

/// A window that is not there after this never will be.
const PATIENCE: Duration = Duration::from_secs(90);

/// Ends its process with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn what_is_typed_on_a_real_screen_is_in_the_vault() {
    if !["Xvfb", "xdotool"].into_iter().all(is_there) {
        println!("real_window: left out, Xvfb or xdotool is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal.inglenook");
    let screen = Screen::start();
    let _window = Running(
        screen
            .command(program())
            .arg("--journal")
            .arg(&journal)
            .env("XDG_CONFIG_HOME", folder.path())
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let xdotool = |arguments: &[&str]| screen.xdotool(arguments);
    // Asked before each try: without a window manager the focus can go to nobody.
    let focus = || xdotool(&["search", "--name", "Inglenook", "windowfocus"]);
    wait_for(focus);
    let passphrase = "copper lantern mossy bicycle";
    // The first field asks for the keyboard in the first pass, which may still be to come.
    wait_for(|| {
        focus();
        xdotool(&["key", "ctrl+a"]);
        xdotool(&["type", "--delay", "20", passphrase]);
        xdotool(&["key", "Tab"]);
        xdotool(&["key", "ctrl+a"]);
        xdotool(&["type", "--delay", "20", passphrase]);
        xdotool(&["key", "Return"]);
        journal.exists()
    });
    wait_for(|| {
        focus();
        xdotool(&["type", "--delay", "20", "Herons by the river. "]);
        xdotool(&["key", "ctrl+s"]);
        fs::metadata(journal.with_extension("inglenook-wal")).is_ok_and(|log| log.len() > 0)
    });
    screen.take_picture();
    wait_for(|| {
        focus();
        xdotool(&["key", "ctrl+l"]);
        Vault::open(&journal).is_ok()
    });
    let session = Vault::open(&journal).unwrap().unlock(&Passphrase::new(passphrase)).unwrap();
    let entry = session.entry(session.ids()[0]).unwrap();
    assert!(entry.content.text.contains("Herons by the river."));
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

fn wait_for(mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "the window does not answer");
        std::thread::park_timeout(Duration::from_millis(100));
    }
}
