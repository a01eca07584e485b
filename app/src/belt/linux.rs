//! The belt on Linux: two seccomp filters and two process settings.

use std::{collections::BTreeMap, fs};

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter_all_threads,
};

use super::State;

/// Calls that nothing here needs: doors to the network, to other programs and to the kernel.
const DENIED: [i64; 14] = [
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_bpf,
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    libc::SYS_listen,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_userfaultfd,
    libc::SYS_pidfd_getfd,
];

/// Calls that make a socket; allowed for the local family only, which a window needs.
const SOCKETS: [i64; 2] = [libc::SYS_socket, libc::SYS_socketpair];

/// Puts the belt on for every thread of the process; it can't be taken off.
///
/// # Errors
///
/// The kernel's reason, in words.
pub fn put_on() -> Result<(), String> {
    let denied = DENIED.iter().map(|&call| (call, Vec::new())).collect();
    apply(denied, libc::EPERM).map_err(|error| error.to_string())?;
    let foreign = foreign_family().map_err(|error| error.to_string())?;
    let sockets = SOCKETS.iter().map(|&call| (call, vec![foreign.clone()])).collect();
    apply(sockets, libc::EAFNOSUPPORT).map_err(|error| error.to_string())
}

/// Forbids core dumps, and reading this process's memory by others of the same user.
///
/// Failures are left aside: the program works without, and a person can do nothing about them.
pub fn forbid_dumps() {
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

/// Reads `/proc/self/status`.
#[must_use]
pub fn state() -> State {
    fs::read_to_string("/proc/self/status").map_or(State::Unknown, |status| parse(&status))
}

fn parse(status: &str) -> State {
    let number = |name: &str| -> Option<u32> {
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        line.trim().parse().ok()
    };
    match number("Seccomp") {
        // 2 is SECCOMP_MODE_FILTER; the count is told since Linux 5.9.
        Some(2) => State::On { filters: number("Seccomp_filters").unwrap_or(1) },
        Some(_) => State::Off,
        None => State::Unknown,
    }
}

fn apply(rules: BTreeMap<i64, Vec<SeccompRule>>, errno: i32) -> Result<(), seccompiler::Error> {
    let architecture = TargetArch::try_from(std::env::consts::ARCH)?;
    let on_match = SeccompAction::Errno(errno.unsigned_abs());
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, on_match, architecture)?;
    apply_filter_all_threads(&BpfProgram::try_from(filter)?)
}

/// The first argument of `socket` is not `AF_UNIX`.
fn foreign_family() -> Result<SeccompRule, seccompiler::BackendError> {
    let local = u64::from(libc::AF_UNIX.unsigned_abs());
    let family = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, local)?;
    SeccompRule::new(vec![family])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_is_read_from_the_kernel_s_words() {
        assert_eq!(parse("Name:\tx\nSeccomp:\t2\nSeccomp_filters:\t3\n"), State::On { filters: 3 });
        assert_eq!(parse("Seccomp:\t2\n"), State::On { filters: 1 });
        assert_eq!(parse("Seccomp:\t0\nSeccomp_filters:\t0\n"), State::Off);
        assert_eq!(parse("Name:\tx\n"), State::Unknown);
    }
}
