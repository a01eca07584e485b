//! The commands about the journal as a whole: new, its passphrase and recovery key, the network belt.

use std::{fs, path::Path};

use serde::Serialize;
use vault::{KdfParams, RecoveryKey, Session, Vault};

use super::{arguments::ChangePassphrase, failure::Failure, journal::Context, screen::print};
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
    print(context.format, &Made::at(&context.journal), |made, out| writeln!(out, "{}", made.path))
}

/// Replaces the passphrase; entries are not written again.
pub(super) fn change_passphrase(
    context: &Context,
    arguments: &ChangePassphrase,
) -> Result<(), Failure> {
    let vault = context.hold()?;
    let mut session = match arguments.with_recovery_key {
        true => recover(context, vault)?,
        false => context.unlock(vault)?,
    };
    let new = context.passphrase.ask_new()?;
    match context.key_file()? {
        Some(key_file) => session.require_key_file(&new, &key_file, KdfParams::calibrate())?,
        None => session.change_passphrase(&new, KdfParams::calibrate())?,
    }
    session.close()?;
    let changed = Made::at(&context.journal);
    print(context.format, &changed, |_, out| {
        writeln!(out, "The passphrase is changed. Backups made before still open with the old one.")
    })
}

/// Makes a recovery key and prints it; it is shown this once.
pub(super) fn renew_recovery_key(context: &Context) -> Result<(), Failure> {
    let mut session = context.open()?;
    let phrase = session.renew_recovery_key()?.phrase();
    session.close()?;
    print(context.format, &Recovery { recovery_key: &phrase }, |recovery, out| {
        writeln!(out, "{}\n", recovery.recovery_key)?;
        writeln!(out, "Write it down and keep it away from this computer: whoever has it and the")?;
        writeln!(
            out,
            "journal can read everything. With it, a forgotten passphrase is replaced by"
        )?;
        writeln!(out, "  inglenook passphrase --with-recovery-key")
    })
}

fn recover(context: &Context, vault: Vault) -> Result<Session, Failure> {
    let typed = context.passphrase.text("Recovery key: ")?;
    let key = RecoveryKey::parse(&typed).ok_or_else(Failure::recovery_key_mistyped)?;
    let master = vault.recover_key(&key)?;
    Ok(vault.into_session(master)?)
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

impl Made {
    fn at(journal: &Path) -> Self {
        Self { path: journal.to_string_lossy().into_owned() }
    }
}

#[derive(Serialize)]
struct Recovery<'a> {
    recovery_key: &'a str,
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
