//! With the belt on, the kernel refuses what the product never does.
use std::{
    env, io,
    net::{TcpListener, UdpSocket},
    os::unix::net::{UnixDatagram, UnixListener},
    process::Command,
};

use inglenook::belt::{self, State};

/// Set in the process that wears the belt: it can't be taken off again.
const INSIDE: &str = "INGLENOOK_BELT_TEST";

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
