//! The commands about the journal as a whole: new, and the check of the network belt.

use std::{fs, path::Path};

use serde::Serialize;
use vault::{KdfParams, Vault};

use super::{failure::Failure, journal::Context, screen::print};
use crate::belt;

/// Makes a new journal and prints where.
pub(super) fn create(context: &Context) -> Result<(), Failure> {
    if context.journal.symlink_metadata().is_ok() {
        return Err(vault::Error::Exists(context.journal.clone()).into());
    }
    if let Some(folder) = context.journal.parent() {
        make_private_folder(folder)
            .map_err(|error| Failure::file("could not make the folder", &error, folder))?;
    }
    let passphrase = context.passphrase.ask_new()?;
    Vault::create(&context.journal, &passphrase, KdfParams::calibrate())?.close()?;
    let made = Made { path: context.journal.to_string_lossy().into_owned() };
    print(context.format, &made, |made, out| writeln!(out, "{}", made.path))
}

/// Tells whether the belt is on. It opens nothing itself: that would need network code in the program.
pub(super) fn self_test_network(context: &Context) -> Result<(), Failure> {
    let state = belt::state();
    let report = Report {
        belt: state.word(),
        filters: match state {
            belt::State::On { filters } => filters,
            belt::State::Off | belt::State::Unknown => 0,
        },
    };
    print(context.format, &report, |report, out| {
        writeln!(out, "The network belt is {} ({} seccomp filters).", report.belt, report.filters)?;
        writeln!(out, "With it the kernel refuses this program every socket but local ones,")?;
        writeln!(out, "and starting other programs. To watch every attempt yourself:")?;
        writeln!(out, "  strace -f -e trace=%network,execve,io_uring_setup inglenook")
    })
}

#[derive(Serialize)]
struct Made {
    path: String,
}

#[derive(Serialize)]
struct Report {
    belt: &'static str,
    filters: u32,
}

/// Makes missing folders so that only the person can look inside.
fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    if folder.as_os_str().is_empty() { Ok(()) } else { builder.create(folder) }
}
