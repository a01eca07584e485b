//! What can be typed: the commands, their options, and the help.

use std::path::PathBuf;

use clap::{ArgGroup, Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use jiff::civil::{Date, Time};

use super::{failure::Failure, screen};
use insight::{AsOf, People};
use models::Models;
pub(super) use value::day;
use value::{month, mood, tag, time, year};

pub(super) mod insight;
pub(super) mod models;
pub(super) mod value;

/// What a program needs to know of `--json`.
const HELP_JSON: &str = include_str!("help_json.txt");

/// A private journal: everything is encrypted, and nothing leaves this computer.
///
/// Without a command, the window opens.
#[derive(Parser)]
#[command(
    name = "inglenook",
    version,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 wrong passphrase, 4 journal damaged, \
                  5 journal of a newer version, 6 journal in use, 7 no model.\n\
                  'inglenook help json' describes what --json gives."
)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// Options of every command.
#[derive(Args)]
pub(super) struct Common {
    /// The journal's file
    #[arg(long, global = true, value_name = "PATH")]
    pub(super) journal: Option<PathBuf>,
    /// The folder of the models, or a model file
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) models: Option<PathBuf>,
    /// The key file, for a journal that asks for one
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) key_file: Option<PathBuf>,
    /// Take the passphrase from the first line of stdin
    #[arg(long, global = true)]
    pub(super) passphrase_stdin: bool,
    /// Print one JSON document
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Run without the seccomp filters (for support)
    #[arg(long, global = true, hide_short_help = true)]
    pub(super) no_belt: bool,
}

/// What can be done.
#[derive(Subcommand)]
pub(super) enum Command {
    /// Make a new journal
    New,
    /// Write an entry, and print its id
    Write(Write),
    /// List entries, oldest first
    List(List),
    /// Show an entry, or all of a day
    Show(Show),
    /// Find entries, best first
    Search(Search),
    /// Ask your journal, and get an answer in your own words
    Ask(Ask),
    /// Read every entry for its meaning, so that 'search' finds it in other words
    Index,
    /// List people and places of your journal, and put right what is wrong about them
    People(People),
    /// List what stood out in each month, and the moods you set
    Themes,
    /// List what you wrote you would do, and never mentioned again
    Loops(AsOf),
    /// List questions for an empty page, out of your journal first
    Prompts(AsOf),
    /// Summarise entries with the model
    #[command(alias = "summarize", group(ArgGroup::new("span").required(true)))]
    Summarise(Summarise),
    /// List the summaries that are kept, or delete all that the model wrote
    Summaries(Summaries),
    /// Ask the model for questions about an entry
    Reflect(Reflect),
    /// Let the model never read an entry, or anything
    #[command(group(ArgGroup::new("kept").required(true)))]
    KeepFromModel(KeepFromModel),
    /// Add the entries of a file: JSON Lines, or what 'export --format json' wrote
    Import(Import),
    /// Write everything to a file that anybody can read
    Export(Export),
    /// Count entries, words and days
    Stats,
    /// Put an entry in the trash
    Delete(Named),
    /// List what is in the trash
    Trash,
    /// Take an entry out of the trash
    Undelete(Named),
    /// Delete an entry of the trash for good
    Purge(Named),
    /// List the versions of an entry, newest first, or compare one with the entry as it is
    History(History),
    /// Make an earlier version of an entry the newest
    #[command(hide = true)]
    RestoreRevision(RestoreRevision),
    /// Attach a file to an entry
    Attach(Attach),
    /// List the files of an entry, or save copies of them
    Attachments(Attachments),
    /// Remove a file from an entry for good
    Detach(Detach),
    /// Change the passphrase
    Passphrase(ChangePassphrase),
    /// List the ways to unlock, remove one, or ask for a key file beside the passphrase
    Keys(Keys),
    /// Make a recovery key to write down; an earlier one opens no more
    RecoveryKey,
    /// Read everything back and check it
    Verify,
    /// Write a backup that was read back, or check the newest one
    Backup(Backup),
    /// Put a backup in the journal's place, what was there is kept beside it;
    /// or make an earlier version of an entry the newest
    Restore(Restore),
    /// Bring all that can be read of a damaged journal into a new one
    Salvage(Salvage),
    /// Take in the changes of another copy of this journal
    Merge(Import),
    /// Tell whether the network belt is on, and how to check it
    SelfTestNetwork,
    /// List, add, choose and try language models
    Models(Models),
    /// Explain a command, or 'json'
    Help(Help),
}

#[derive(Args)]
pub(super) struct Write {
    /// The day it belongs to (default: today)
    #[arg(long, value_parser = day, value_name = "YYYY-MM-DD")]
    pub(super) date: Option<Date>,
    /// The time of day (default: now, when no date is given)
    #[arg(long, value_parser = time, value_name = "HH:MM")]
    pub(super) time: Option<Time>,
    /// A tag; may be repeated
    #[arg(long = "tag", value_parser = tag, value_name = "TAG")]
    pub(super) tags: Vec<String>,
    /// How it felt, from 1 (worst) to 5 (best)
    #[arg(long, value_parser = mood, value_name = "1-5")]
    pub(super) mood: Option<u8>,
    /// A title
    #[arg(long, value_name = "TITLE", default_value = "")]
    pub(super) title: String,
    /// The text; '-' or nothing reads it from stdin, which leaves no trace in the shell's history
    #[arg(value_name = "TEXT")]
    pub(super) text: Vec<String>,
}

#[derive(Args)]
pub(super) struct List {
    /// From this day on
    #[arg(long, value_parser = day, value_name = "DATE")]
    pub(super) from: Option<Date>,
    /// Up to this day
    #[arg(long, value_parser = day, value_name = "DATE")]
    pub(super) to: Option<Date>,
}

#[derive(Args)]
pub(super) struct Show {
    /// The id, the beginning of one, or a day
    #[arg(value_name = "ID|DATE")]
    pub(super) which: String,
}

#[derive(Args)]
pub(super) struct Search {
    /// What to look for
    #[arg(required = true, value_name = "QUERY")]
    pub(super) query: Vec<String>,
    /// Show so many at most
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub(super) limit: usize,
    /// The day that "last week" is meant from
    #[arg(long, value_parser = day, value_name = "DATE")]
    pub(super) today: Option<Date>,
}

#[derive(Args)]
pub(super) struct Ask {
    /// What to ask, such as 'when did I last see Marta?'
    #[arg(required = true, value_name = "QUESTION")]
    pub(super) question: Vec<String>,
    /// The day that "last week" is meant from
    #[arg(long, value_parser = day, value_name = "DATE")]
    pub(super) today: Option<Date>,
}

#[derive(Args)]
pub(super) struct Summarise {
    /// One entry
    #[arg(value_name = "ID", group = "span")]
    pub(super) id: Option<String>,
    /// One day
    #[arg(long, value_parser = day, value_name = "DATE", group = "span")]
    pub(super) day: Option<Date>,
    /// The week, Monday to Sunday, that holds this day
    #[arg(long, value_parser = day, value_name = "DATE", group = "span")]
    pub(super) week: Option<Date>,
    /// One month
    #[arg(long, value_parser = month, value_name = "YYYY-MM", group = "span")]
    pub(super) month: Option<Date>,
    /// One year
    #[arg(long, value_parser = year, value_name = "YYYY", group = "span")]
    pub(super) year: Option<Date>,
    /// What a search finds
    #[arg(long, value_name = "QUERY", group = "span")]
    pub(super) search: Option<String>,
    /// From this day on
    #[arg(long, value_parser = day, value_name = "DATE", group = "span", requires = "to")]
    pub(super) from: Option<Date>,
    /// Up to this day
    #[arg(long, value_parser = day, value_name = "DATE", requires = "from")]
    pub(super) to: Option<Date>,
}

#[derive(Args)]
pub(super) struct Summaries {
    /// Delete them, and every question the model asked; entries stay as they are
    #[arg(long)]
    pub(super) delete: bool,
}

#[derive(Args)]
pub(super) struct Reflect {
    /// Which entry (default: the newest)
    #[arg(value_name = "ID", conflicts_with = "date")]
    pub(super) id: Option<String>,
    /// The newest entry of this day
    #[arg(long, value_parser = day, value_name = "DATE")]
    pub(super) date: Option<Date>,
    /// The day up to which entries count as written
    #[arg(long, value_parser = day, value_name = "DATE")]
    pub(super) today: Option<Date>,
    /// How questions are worded (default: as the window's settings say)
    #[arg(long, value_name = "STYLE")]
    pub(super) style: Option<StyleArgument>,
    /// Your answer to a question: the next one follows from it
    #[arg(long, value_name = "TEXT", requires = "id")]
    pub(super) answer: Option<String>,
    /// Which question it answers, as they were printed last
    #[arg(long, value_name = "N", default_value_t = 1, requires = "answer")]
    pub(super) question: usize,
    /// Keep question and answer with the entry, apart from its text
    #[arg(long, requires = "answer", conflicts_with = "insert")]
    pub(super) keep: bool,
    /// Put question and answer into the entry
    #[arg(long, requires = "answer")]
    pub(super) insert: bool,
}

/// How questions are worded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum StyleArgument {
    /// Questions only
    Questions,
    /// Your words first, then a soft question
    Gentle,
    /// Short and sharp
    Direct,
}

#[derive(Args)]
pub(super) struct KeepFromModel {
    /// The entry's id, or the beginning of it
    #[arg(value_name = "ID", group = "kept")]
    pub(super) id: Option<String>,
    /// The whole journal
    #[arg(long, group = "kept")]
    pub(super) everything: bool,
    /// Let it read again
    #[arg(long)]
    pub(super) undo: bool,
}

#[derive(Args)]
pub(super) struct Import {
    /// The file
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
}

#[derive(Args)]
pub(super) struct Export {
    /// The form
    #[arg(long, value_name = "FORMAT")]
    pub(super) format: ExportFormat,
    /// The file to write; '-' is stdout
    #[arg(value_name = "PATH")]
    pub(super) path: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ExportFormat {
    /// For programs: nothing is lost, and 'import' reads it again
    Json,
    /// For people: a heading for each day
    Markdown,
}

#[derive(Args)]
pub(super) struct Named {
    /// The id, or the beginning of one
    #[arg(value_name = "ID")]
    pub(super) id: String,
}

#[derive(Args)]
pub(super) struct History {
    /// The entry's id, or the beginning of it
    #[arg(value_name = "ID")]
    pub(super) id: String,
    /// A version's id, or the beginning of it: tells word by word what changed since
    #[arg(value_name = "REVISION")]
    pub(super) revision: Option<String>,
}

#[derive(Args)]
pub(super) struct Attach {
    /// The entry's id, or the beginning of it
    #[arg(value_name = "ID")]
    pub(super) id: String,
    /// The file; it stays where it is, and a sealed copy goes into the journal
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
}

#[derive(Args)]
pub(super) struct Attachments {
    /// The entry's id, or the beginning of it
    #[arg(value_name = "ID")]
    pub(super) id: String,
    /// Write copies into this folder, not encrypted; no file there is replaced
    #[arg(long, value_name = "DIR")]
    pub(super) save: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct Detach {
    /// The entry's id, or the beginning of it
    #[arg(value_name = "ID")]
    pub(super) id: String,
    /// The attachment's id, or the beginning of it; 'attachments' lists them
    #[arg(value_name = "ATTACHMENT")]
    pub(super) attachment: String,
}

#[derive(Args)]
pub(super) struct RestoreRevision {
    /// The entry's id, or the beginning of it
    #[arg(value_name = "ID")]
    pub(super) id: String,
    /// The version's id, or the beginning of it; 'history' lists them
    #[arg(value_name = "REVISION")]
    pub(super) revision: String,
}

#[derive(Args)]
pub(super) struct ChangePassphrase {
    /// Unlock with the recovery key, because the passphrase is forgotten
    #[arg(long)]
    pub(super) with_recovery_key: bool,
}

#[derive(Args)]
pub(super) struct Backup {
    /// A folder, where 7 days, 4 weeks and 12 months are kept, or a new file ending in .inglenook
    /// (default: the folder chosen in the settings, or 'backups' beside the journal)
    #[arg(value_name = "DIR|FILE")]
    pub(super) target: Option<PathBuf>,
    /// Write nothing: open the file, or the newest backup of the folder, and tell what is in it
    #[arg(long)]
    pub(super) check: bool,
}

#[derive(Args)]
pub(super) struct Restore {
    /// The backup's file; or, with a version, the entry's id, or the beginning of it
    #[arg(value_name = "FILE|ID")]
    pub(super) what: PathBuf,
    /// The version's id, or the beginning of it; 'history' lists them
    #[arg(value_name = "REVISION", conflicts_with = "to")]
    pub(super) revision: Option<String>,
    /// Restore the backup into this new file, and leave the journal as it is
    #[arg(long, value_name = "NEW")]
    pub(super) to: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct Keys {
    /// Remove this way to unlock, by its id or the beginning of it; the last one stays
    #[arg(long, value_name = "ID", group = "change")]
    pub(super) remove: Option<String>,
    /// From now on ask for this file beside the passphrase; makes it where there is none
    #[arg(long, value_name = "FILE", group = "change")]
    pub(super) add_file: Option<PathBuf>,
    /// From now on ask for the passphrase alone; needs --key-file once more
    #[arg(long, group = "change")]
    pub(super) drop_file: bool,
}

#[derive(Args)]
pub(super) struct Salvage {
    /// The new journal's file
    #[arg(value_name = "OUT")]
    pub(super) file: PathBuf,
}

#[derive(Args)]
pub(super) struct Help {
    /// A command, or 'json'
    #[arg(value_name = "COMMAND")]
    pub(super) topic: Option<String>,
}

/// Prints the help of the program, of a command, or of `--json`.
pub(super) fn help(topic: Option<&str>) -> Result<(), Failure> {
    let mut program = Arguments::command();
    program.build();
    let text = match topic {
        None => program.render_help().to_string(),
        Some("json") => HELP_JSON.to_owned(),
        Some(name) => match program.find_subcommand_mut(name) {
            Some(command) => command.render_long_help().to_string(),
            None => return Err(Failure::usage("there is no such command: see 'inglenook help'")),
        },
    };
    screen::print_text(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_fit_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_summary_needs_exactly_one_span() {
        let parse = |line: &str| Arguments::try_parse_from(line.split(' '));
        assert!(parse("inglenook summarise --month 2024-02").is_ok());
        assert!(parse("inglenook summarize --from 2024-02-01 --to 2024-02-03").is_ok());
        assert!(parse("inglenook summarise abc").is_ok());
        assert!(parse("inglenook summarise").is_err());
        assert!(parse("inglenook summarise --month 2024-13").is_err());
        assert!(parse("inglenook summarise --from 2024-02-01").is_err());
        assert!(parse("inglenook summarise --day 2024-02-01 --year 2024").is_err());
    }
}
