//! Runs the built program on a journal of its own.
#![allow(clippy::disallowed_types, reason = "tests start the program")]
#![allow(clippy::unwrap_used, reason = "a test that can't run the program fails")]

use std::{
    env,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use vault::{KdfParams, Passphrase, Session, Vault};

/// Opens every journal here.
pub const PASSPHRASE: &str = "vermilion tortoise paperclip canyon";

/// The built program: the one that `INGLENOOK_BIN` names, or the one beside this test.
///
/// # Panics
///
/// When it isn't built.
#[must_use]
pub fn program() -> PathBuf {
    let beside = || env::current_exe().unwrap().ancestors().nth(2).unwrap().join("inglenook");
    let program = env::var_os("INGLENOOK_BIN").map_or_else(beside, PathBuf::from);
    assert!(program.is_file(), "first: cargo build -p inglenook (no {})", program.display());
    program
}

/// The folder of test data or of models: what the variable says, or the one beside the repository.
#[must_use]
pub fn folder(variable: &str, from_root: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let folder = env::var_os(variable).map_or_else(|| root.join(from_root), PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// A home folder with a journal.
pub struct Home {
    folder: tempfile::TempDir,
}

/// What a command did.
#[derive(Debug)]
pub struct Run {
    /// Its exit code.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it told.
    pub stderr: String,
}

impl Home {
    /// A home without a journal.
    ///
    /// # Panics
    ///
    /// When there is no folder for temporary files.
    #[must_use]
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A home with an empty journal, of the least cost of the passphrase.
    ///
    /// # Panics
    ///
    /// When it can't be made.
    #[must_use]
    pub fn with_journal() -> Self {
        let home = Self::empty();
        let made = Vault::create(&home.journal(), &Passphrase::new(PASSPHRASE), KdfParams::FLOOR);
        made.and_then(Session::close).unwrap();
        home
    }

    /// Where the journal is, or would be.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.path("journal.inglenook")
    }

    /// A file in this home.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file in this home with something in it.
    ///
    /// # Panics
    ///
    /// When it can't be written.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), bytes).unwrap();
        self.path(name).to_str().unwrap().to_owned()
    }

    /// The command, ready to start; the rest of stdin comes after the passphrase.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.arg("--journal").arg(self.journal()).arg("--passphrase-stdin").args(arguments);
        command.env("HOME", self.folder.path()).env_remove("XDG_DATA_HOME");
        command.env_remove("XDG_STATE_HOME");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts a command and gives it the passphrase and the input.
    ///
    /// # Panics
    ///
    /// When it can't be started.
    #[must_use]
    pub fn start(&self, arguments: &[&str], input: &[u8]) -> Child {
        start(self.command(arguments), PASSPHRASE, input)
    }

    /// Runs a command to its end.
    #[must_use]
    pub fn run(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Run {
        Run::of(self.start(arguments, input.as_ref()))
    }

    /// Runs a command with another passphrase.
    #[must_use]
    pub fn run_as(&self, passphrase: &str, arguments: &[&str]) -> Run {
        Run::of(start(self.command(arguments), passphrase, b""))
    }

    /// Runs a command that must succeed, and gives what it printed.
    ///
    /// # Panics
    ///
    /// When it fails.
    #[must_use]
    pub fn text(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments, "");
        assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.stderr);
        run.stdout
    }

    /// Runs a command that must succeed with `--json`.
    ///
    /// # Panics
    ///
    /// When it fails, or prints anything but one JSON document.
    #[must_use]
    pub fn json(&self, arguments: &[&str]) -> Value {
        let printed = self.text(&[arguments, &["--json"]].concat());
        serde_json::from_str(&printed).unwrap()
    }
}

impl Run {
    /// Waits for the end of a command.
    ///
    /// # Panics
    ///
    /// When it can't be waited for.
    #[must_use]
    pub fn of(child: Child) -> Self {
        let output = child.wait_with_output().unwrap();
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

fn start(mut command: Command, passphrase: &str, input: &[u8]) -> Child {
    let mut child = command.spawn().unwrap();
    let typed = [passphrase.as_bytes(), b"\n", input].concat();
    // A command that needs no passphrase may be gone already.
    let _ = child.stdin.take().unwrap().write_all(&typed);
    child
}

/// Changes one byte in the middle of the longest record.
///
/// # Panics
///
/// When the file is no journal.
pub fn damage_one_record(home: &Home) {
    let file = rusqlite::Connection::open(home.journal()).unwrap();
    let query = "SELECT row, sealed FROM record ORDER BY length(sealed) DESC, row LIMIT 1";
    let (row, mut sealed): (i64, Vec<u8>) =
        file.query_row(query, [], |found| Ok((found.get(0)?, found.get(1)?))).unwrap();
    let middle = sealed.len() / 2;
    sealed[middle] ^= 1;
    file.execute("UPDATE record SET sealed = ?1 WHERE row = ?2", (sealed, row)).unwrap();
}
