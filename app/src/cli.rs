//! The command line: parses what was typed, runs one command, and tells its end by the exit code.

mod arguments;
mod ask;
mod attachments;
mod backups;
mod copies;
mod entries;
mod failure;
mod index;
mod insight;
mod journal;
mod keys;
mod models;
mod passphrase;
mod past;
mod permission;
mod reflect;
mod screen;
mod store;
mod summarise;
mod transfer;

use std::{
    io::Write as _,
    panic::{AssertUnwindSafe, catch_unwind, set_hook},
    process::ExitCode,
};

use arguments::{Arguments, Command, Common};
use clap::Parser as _;
use failure::Failure;
use journal::Context;

use crate::{
    belt, trace,
    window::{self, WindowOptions},
};

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    trace::start();
    keep_panics_quiet();
    match Arguments::try_parse() {
        Ok(arguments) => run_to_the_end(arguments),
        Err(error) if !error.use_stderr() => exit_code(screen::print_text(&error.to_string())),
        Err(error) => exit_code(Err(Failure::from_usage(&error))),
    }
}

/// A fault is a failure like another to a script; what it is was told by the panic hook.
fn run_to_the_end(arguments: Arguments) -> ExitCode {
    catch_unwind(AssertUnwindSafe(|| run(arguments))).map_or(ExitCode::FAILURE, exit_code)
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    belt::forbid_dumps();
    if !arguments.common.no_belt
        && let Err(reason) = belt::put_on()
    {
        screen::warn(&format!("the network belt could not be put on: {reason}"));
    }
    match arguments.command {
        None => open_window(arguments.common),
        Some(command) => run_command(&Context::new(arguments.common), command),
    }
}

fn run_command(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::New => store::create(context),
        Command::Write(arguments) => entries::write(context, &arguments),
        Command::List(arguments) => entries::list(context, &arguments),
        Command::Show(arguments) => entries::show(context, &arguments),
        Command::Search(arguments) => entries::search(context, &arguments),
        Command::Ask(arguments) => ask::ask(context, &arguments),
        Command::Index => index::index(context),
        Command::People(arguments) => insight::people(context, arguments),
        Command::Themes => insight::themes(context),
        Command::Loops(arguments) => insight::loops(context, &arguments),
        Command::Prompts(arguments) => insight::prompts(context, &arguments),
        Command::Summarise(arguments) => summarise::summarise(context, &arguments),
        Command::Summaries(arguments) => summarise::summaries(context, &arguments),
        Command::Reflect(arguments) => reflect::reflect(context, &arguments),
        Command::KeepFromModel(arguments) => permission::keep_from_model(context, &arguments),
        Command::Import(arguments) => transfer::import(context, &arguments.file),
        Command::Export(arguments) => transfer::export(context, &arguments),
        Command::Stats => entries::stats(context),
        Command::Delete(arguments) => past::delete(context, &arguments.id),
        Command::Trash => past::trash(context),
        Command::Undelete(arguments) => past::undelete(context, &arguments.id),
        Command::Purge(arguments) => past::purge(context, &arguments.id),
        Command::History(arguments) => match &arguments.revision {
            Some(revision) => past::compare(context, &arguments.id, revision),
            None => past::history(context, &arguments.id),
        },
        Command::Attach(arguments) => attachments::attach(context, &arguments.id, &arguments.file),
        Command::Attachments(arguments) => attachments::attachments(context, &arguments),
        Command::Detach(arguments) => attachments::detach(context, &arguments),
        Command::RestoreRevision(arguments) => {
            past::restore_revision(context, &arguments.id, &arguments.revision)
        }
        Command::Passphrase(arguments) => store::change_passphrase(context, &arguments),
        Command::Keys(arguments) => keys::keys(context, &arguments),
        Command::RecoveryKey => store::renew_recovery_key(context),
        Command::Verify => copies::verify(context),
        Command::Backup(arguments) => backups::backup(context, arguments),
        Command::Restore(arguments) => backups::restore(context, &arguments),
        Command::Salvage(arguments) => copies::salvage(context, &arguments.file),
        Command::Merge(arguments) => copies::merge(context, &arguments.file),
        Command::SelfTestNetwork => store::self_test_network(context),
        Command::Models(arguments) => models::run(context, &arguments),
        Command::Help(arguments) => arguments::help(arguments.topic.as_deref()),
    }
}

fn exit_code(result: Result<(), Failure>) -> ExitCode {
    let Err(failure) = result else { return ExitCode::SUCCESS };
    // A closed stderr is no reason to fail in another way.
    let _ = writeln!(std::io::stderr(), "inglenook: {failure}");
    failure.exit_code()
}

/// Panic messages may quote the text they stumbled over; only the place is told.
fn keep_panics_quiet() {
    set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(std::io::stderr(), "inglenook: a fault in the program: {place}");
    }));
}

fn open_window(common: Common) -> Result<(), Failure> {
    let options = WindowOptions { journal: common.journal, models: common.models };
    window::run(options).map_err(|error| Failure::new(error.to_string()))
}
