//! With the belt on, the kernel refuses what the product never does.
use std::{
    env,
    fs::{self, Permissions},
    io,
    net::{TcpListener, UdpSocket},
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _},
        net::{UnixDatagram, UnixListener},
        process::CommandExt as _,
    },
    process::Command,
    time::{Duration, Instant},
};

use inglenook::belt::{self, State};
use tests::{binary::Home, display::Running};

/// Set in the process that wears the belt: it can't be taken off again.
const INSIDE: &str = "INGLENOOK_BELT_TEST";

/// A user with no rights of its own.
const NOBODY: u32 = 65534;
const EPERM: i32 = 1;
const EAFNOSUPPORT: i32 = 97;

#[test]
fn sockets_of_the_internet_and_other_programs_are_refused() {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "belt::inside", "--nocapture"]).env(INSIDE, "1");
    let output = command.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && printed.contains("refused: 5"), "{printed}");
}

/// As another user than root, who may read everything.
#[test]
fn others_of_the_same_user_cannot_read_its_memory_and_it_leaves_no_core() {
    let home = Home::empty();
    fs::set_permissions(home.path(""), Permissions::from_mode(0o777)).unwrap();
    let am_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    let as_user = |command: &mut Command| {
        if am_root {
            command.uid(NOBODY).gid(NOBODY);
        }
    };
    // It waits for a passphrase.
    let mut command = home.command(&["new"]);
    as_user(&mut command);
    let program = Running::new(command.spawn().unwrap());
    let mut other = Command::new("sleep");
    as_user(&mut other);
    let other = Running::new(other.arg("600").spawn().unwrap());

    let limits = || fs::read_to_string(format!("/proc/{}/limits", program.id())).unwrap();
    let core = || limits().lines().find(|line| line.starts_with("Max core")).map(str::to_owned);
    let is_off = |line: String| line.split_whitespace().skip(4).take(2).eq(["0", "0"]);
    let end = Instant::now() + Duration::from_secs(60);
    while !core().is_some_and(is_off) {
        assert!(Instant::now() < end, "core dumps are on: {:?}", core());
        std::thread::yield_now();
    }
    let can_read = |process: &Running| {
        // What says where memory lies asks for the same right as attaching to it.
        let mut reader = Command::new("cat");
        as_user(&mut reader);
        reader.arg(format!("/proc/{}/maps", process.id())).output().unwrap().status.success()
    };
    assert!(can_read(&other), "a program without the belt is read");
    assert!(!can_read(&program));
    let mut tracer = Command::new("strace");
    as_user(&mut tracer);
    match tracer.args(["-p", &program.id().to_string()]).output() {
        Ok(output) => {
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(told.contains("Operation not permitted"), "{told}");
        }
        Err(_) => println!("belt: nothing is attached, strace is not installed"),
    }
}

/// What the process with the belt on tries.
#[test]
fn inside() {
    if env::var_os(INSIDE).is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let before = belt::state();
    belt::put_on().unwrap();
    let filters = |state| if let State::On { filters } = state { filters } else { 0 };
    assert_eq!(filters(belt::state()), filters(before) + 2);

    let refused = [
        (errno(TcpListener::bind("127.0.0.1:0")), EAFNOSUPPORT),
        (errno(TcpListener::bind("[::1]:0")), EAFNOSUPPORT),
        (errno(UdpSocket::bind("127.0.0.1:0")), EAFNOSUPPORT),
        (errno(UnixListener::bind(folder.path().join("socket"))), EPERM),
        (errno(Command::new("true").status()), EPERM),
    ];
    assert!(refused.iter().all(|(found, expected)| *found == Some(*expected)), "{refused:?}");
    assert!(UnixDatagram::unbound().is_ok(), "a window needs local sockets");
    println!("refused: {}", refused.len());
}

fn errno<T>(result: io::Result<T>) -> Option<i32> {
    result.err()?.raw_os_error()
}
