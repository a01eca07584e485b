//! After a whole session on the command line, nothing that was written can be found in any file.
use std::{
    collections::BTreeSet,
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

const PASSPHRASE: &str = "vermilion tortoise paperclip canyon";
const TITLE: &str = "quillworttitle";
const BODY: &str = "brambleforkbody";
const TAG: &str = "saxifragetag";
const SEARCH: &str = "hollyhocksearch";
const MARKERS: [&str; 5] = [PASSPHRASE, TITLE, BODY, TAG, SEARCH];

#[test]
fn no_file_holds_what_was_written() {
    let home = tempfile::tempdir().unwrap();
    let session = Session::begin(home.path());
    session.run(&["new"], "");
    let text =
        format!("Today the {BODY} came up. I walked to the river and thought of {BODY} again.");
    session.run(
        &["write", "--date", "2024-02-01", "--title", TITLE, "--tag", TAG, "--mood", "4"],
        &text,
    );
    let found = session.run(&["search", BODY], "");
    assert!(found.contains(BODY), "the entry is found: {found}");
    session.run(&["search", SEARCH], "");
    session.run(&["search", &format!("tag:{TAG}")], "");
    session.run(&["show", "2024-02-01"], "");
    session.run(&["list"], "");
    session.run(&["stats"], "");
    if models().is_some() {
        session.run(&["summarise", "--day", "2024-02-01"], "");
    } else {
        println!("no summary: there is no model");
    }
    session.run(&["delete", &session.newest_id()], "");

    let mut files = walk(home.path());
    assert!(
        files.iter().any(|path| fs::read(path).unwrap().len() > 1000),
        "the session left a journal"
    );
    files.extend(session.written_elsewhere());
    println!(
        "searched: {} files, {} bytes of system calls",
        files.len(),
        session.system_calls().len()
    );
    for path in files {
        let Ok(bytes) = fs::read(&path) else { continue };
        assert_eq!(leak(&bytes), None, "in {}", path.display());
    }
    assert_eq!(leak_in_writes(&session.system_calls()), None, "in a write to a file");
}

#[test]
fn the_search_for_leaks_finds_them() {
    let text = format!("xx{BODY}");
    assert_eq!(leak(text.as_bytes()), Some(BODY));
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(leak(&utf16), Some(BODY));
    for lead in ["", "x", "xx"] {
        assert_eq!(leak(base64(format!("{lead}{BODY} and on").as_bytes()).as_bytes()), Some(BODY));
    }
    assert_eq!(leak(b"nothing of the kind"), None);
    let hex: String = BODY.bytes().map(|byte| format!("\\x{byte:02x}")).collect();
    assert_eq!(
        leak_in_writes(&format!("7 pwrite64(5</a/journal>, \"{hex}\", 15, 0) = 15")),
        Some(BODY)
    );
    assert_eq!(leak_in_writes(&format!("7 write(1<pipe:[1]>, \"{hex}\", 15) = 15")), None);
}

/// Runs the program in a home of its own, under strace where there is one.
struct Session<'a> {
    home: &'a Path,
    log: tempfile::TempDir,
    traced: bool,
}

impl<'a> Session<'a> {
    fn begin(home: &'a Path) -> Self {
        for folder in ["cwd", "tmp", "run"] {
            fs::create_dir(home.join(folder)).unwrap();
        }
        let traced =
            Command::new("strace").arg("-V").output().is_ok_and(|output| output.status.success());
        if !traced {
            println!("system calls are not searched: there is no strace");
            assert!(env::var_os("CI").is_none(), "strace is missing");
        }
        Self { home, log: tempfile::tempdir().unwrap(), traced }
    }

    /// Gives what the command printed; `input` follows the passphrase on stdin.
    fn run(&self, arguments: &[&str], input: &str) -> String {
        let mut command = self.command();
        command.arg("--passphrase-stdin").args(arguments);
        command.env_clear().current_dir(self.home.join("cwd")).env("HOME", self.home);
        command.env("TMPDIR", self.home.join("tmp")).env("XDG_RUNTIME_DIR", self.home.join("run"));
        command.envs(models().map(|folder| ("INGLENOOK_MODELS", folder)));
        command.envs(env::var_os("PATH").map(|path| ("PATH", path)));
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that reads less closes the pipe: that is its right.
        let _ = child.stdin.take().unwrap().write_all(format!("{PASSPHRASE}\n{input}").as_bytes());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {stderr}");
        assert_eq!(leak(stderr.as_bytes()), None, "on stderr of {arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn command(&self) -> Command {
        if !self.traced {
            return Command::new(program());
        }
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-y", "-xx", "-s", "1000000", "-A", "-o"]).arg(self.log_file());
        command
            .args(["-e", "trace=write,writev,pwrite64,pwritev,sendto,sendmsg,rename,unlink"])
            .arg(program());
        command
    }

    fn newest_id(&self) -> String {
        let listed: serde_json::Value =
            serde_json::from_str(&self.run(&["list", "--json"], "")).unwrap();
        listed["entries"][0]["id"].as_str().unwrap().to_owned()
    }

    fn log_file(&self) -> PathBuf {
        self.log.path().join("strace")
    }

    fn system_calls(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// Files outside the home that were written to.
    fn written_elsewhere(&self) -> BTreeSet<PathBuf> {
        self.system_calls()
            .lines()
            .filter_map(written_path)
            .filter(|path| !path.starts_with(self.home))
            .collect()
    }
}

/// The file that a line of strace writes to; with `-xx` its path is in hexadecimal too.
fn written_path(line: &str) -> Option<PathBuf> {
    let descriptor = line.split_once('<')?.1.split_once('>')?.0;
    let bytes = descriptor.split("\\x").skip(1).map(|digits| u8::from_str_radix(digits, 16));
    let path = String::from_utf8(bytes.collect::<Result<_, _>>().ok()?).ok()?;
    let path = if path.is_empty() { descriptor.to_owned() } else { path };
    (path.starts_with('/') && !path.starts_with("/dev/") && !path.starts_with("/proc/"))
        .then(|| path.into())
}

/// The first marker that bytes hold: as they are, in UTF-16, in base64.
fn leak(bytes: &[u8]) -> Option<&'static str> {
    MARKERS.into_iter().find(|marker| needles(marker).iter().any(|needle| holds(bytes, needle)))
}

/// The first marker that is written to anything but the standard streams.
fn leak_in_writes(system_calls: &str) -> Option<&'static str> {
    let hexadecimal =
        |needle: &[u8]| needle.iter().map(|byte| format!("\\x{byte:02x}")).collect::<String>();
    let to_files: Vec<&str> = system_calls
        .lines()
        .filter(|line| !["(0<", "(1<", "(2<"].iter().any(|stream| line.contains(stream)))
        .collect();
    MARKERS.into_iter().find(|marker| {
        let needles: Vec<String> =
            needles(marker).iter().map(|needle| hexadecimal(needle)).collect();
        to_files.iter().any(|line| needles.iter().any(|needle| line.contains(needle)))
    })
}

/// The first ten letters in each form: an index may hold a stem.
fn needles(marker: &str) -> Vec<Vec<u8>> {
    let word = &marker[..10];
    let mut needles =
        vec![word.as_bytes().to_vec(), word.encode_utf16().flat_map(u16::to_le_bytes).collect()];
    // Base64 of the whole groups of three bytes, wherever in a group the word begins.
    for lead in 0..3 {
        let skipped = (3 - lead) % 3;
        let whole = (word.len() - skipped) / 3 * 3;
        needles.push(base64(&word.as_bytes()[skipped..skipped + whole]).into_bytes());
    }
    needles
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |chunk: &[u8]| {
        let bits = (0..3)
            .fold(0_usize, |bits, at| bits << 8 | usize::from(chunk.get(at).copied().unwrap_or(0)));
        (0..=chunk.len())
            .map(move |at| char::from(DIGITS[bits >> (18 - 6 * at) & 63]))
            .collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}

fn walk(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            found.extend(walk(&path));
        } else {
            found.insert(path);
        }
    }
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn models() -> Option<PathBuf> {
    let folder =
        env::var_os("INGLENOOK_MODELS").map_or_else(|| root().join("models"), PathBuf::from);
    folder.join("SmolLM2-135M-Instruct.Q4_1.gguf").is_file().then_some(folder)
}

/// The built program: the one that `make` names, or the one beside this test.
fn program() -> PathBuf {
    env::var_os("INGLENOOK_BIN").map_or_else(
        || env::current_exe().unwrap().ancestors().nth(2).unwrap().join("inglenook"),
        PathBuf::from,
    )
}
