//! What the vault reports about people, themes, open loops and prompts.
use crate::insight::{OpenLoop, Overview, Prompt, Quote};

/// One report of these. No `Debug`: most hold text of the journal.
pub enum Insights {
    /// Every entry is read.
    Ready,
    /// Who and what is in the journal.
    Seen {
        /// People, places, themes, moods.
        overview: Box<Overview>,
        /// What is still open, the latest first.
        loops: Vec<OpenLoop>,
    },
    /// Sentences that speak of what is open on the shelf.
    Quoted(Vec<Quote>),
    /// Prompts for an empty page, the best first.
    Prompts(Vec<Prompt>),
    /// It could not be done.
    Failed(vault::Error),
}
