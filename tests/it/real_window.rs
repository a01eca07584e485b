//! The real window on a screen of its own: a person types, and what they typed is in the vault.
use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tests::binary::program;
use vault::{Passphrase, Vault};

/// A display that nobody else uses.
const DISPLAY: &str = ":79";
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
    let _screen = start(Command::new("Xvfb").args([DISPLAY, "-screen", "0", "1280x860x24"]));
    wait_for(|| Path::new("/tmp/.X11-unix/X79").exists());
    let _window = start(
        Command::new(program())
            .arg("--journal")
            .arg(&journal)
            .env("XDG_CONFIG_HOME", folder.path())
            .env("LIBGL_ALWAYS_SOFTWARE", "1"),
    );
    wait_for(|| xdotool(&["search", "--name", "Inglenook", "windowfocus"]));
    let passphrase = "copper lantern mossy bicycle";
    // The first field asks for the keyboard in the first pass, which may still be to come.
    wait_for(|| {
        xdotool(&["key", "ctrl+a"]);
        xdotool(&["type", "--delay", "20", passphrase]);
        xdotool(&["key", "Tab"]);
        xdotool(&["key", "ctrl+a"]);
        xdotool(&["type", "--delay", "20", passphrase]);
        xdotool(&["key", "Return"]);
        journal.exists()
    });
    wait_for(|| {
        xdotool(&["type", "--delay", "20", "Herons by the river. "]);
        xdotool(&["key", "ctrl+s"]);
        fs::metadata(journal.with_extension("inglenook-wal")).is_ok_and(|log| log.len() > 0)
    });
    take_picture();
    wait_for(|| {
        xdotool(&["key", "ctrl+l"]);
        Vault::open(&journal).is_ok()
    });
    let session = Vault::open(&journal).unwrap().unlock(&Passphrase::new(passphrase)).unwrap();
    let entry = session.entry(session.ids()[0]).unwrap();
    assert!(entry.content.text.contains("Herons by the river."));
}

fn is_there(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

fn start(command: &mut Command) -> Running {
    let quiet = command.env("DISPLAY", DISPLAY).stdout(Stdio::null()).stderr(Stdio::null());
    Running(quiet.spawn().unwrap())
}

fn xdotool(arguments: &[&str]) -> bool {
    let status = Command::new("xdotool").args(arguments).env("DISPLAY", DISPLAY).output();
    status.is_ok_and(|output| output.status.success())
}

fn wait_for(mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "the window does not answer");
        std::thread::park_timeout(Duration::from_millis(100));
    }
}

/// For people to look at; where `import` is missing there is none.
fn take_picture() {
    let artifacts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../artifacts");
    fs::create_dir_all(&artifacts).unwrap();
    let _ = Command::new("import")
        .args(["-window", "root"])
        .arg(artifacts.join("window.png"))
        .env("DISPLAY", DISPLAY)
        .status();
}
