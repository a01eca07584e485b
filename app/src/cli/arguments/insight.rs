//! What can be typed about people, themes, open loops and prompts.

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::day;

#[derive(Args)]
pub(in crate::cli) struct People {
    #[command(subcommand)]
    pub(in crate::cli) change: Option<Change>,
    /// List so many of each at most
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub(in crate::cli) limit: usize,
}

/// What is said about a name; it is kept in the journal.
#[derive(Subcommand)]
pub(in crate::cli) enum Change {
    /// Tell the entries that name somebody or some place
    Show(Name),
    /// Two names are one person or place: the first is another name of the second
    Merge(Two),
    /// Show a name in another way
    Rename(Two),
    /// It is a person
    Person(Name),
    /// It is a place
    Place(Name),
    /// It is neither: never show or remember it again
    Forget(Name),
    /// Take back what was said about a name
    Undo(Name),
}

#[derive(Args)]
pub(in crate::cli) struct Name {
    /// The name, as the list shows it or as it is written
    #[arg(value_name = "NAME")]
    pub(in crate::cli) name: String,
}

#[derive(Args)]
pub(in crate::cli) struct Two {
    /// The name
    #[arg(value_name = "NAME")]
    pub(in crate::cli) name: String,
    /// The other name
    #[arg(value_name = "OTHER")]
    pub(in crate::cli) other: String,
}

#[derive(Args)]
pub(in crate::cli) struct AsOf {
    /// The day that it is told for
    #[arg(long, value_parser = day, value_name = "DATE")]
    pub(in crate::cli) today: Option<Date>,
}
