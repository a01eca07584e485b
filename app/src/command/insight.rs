//! What a person wants of people, themes, open loops and prompts. None of it holds a name: what is meant
//! is told by its place.
use crate::{
    insight::Kind,
    state::insight::{Form, Part, Spot},
};

/// One wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Insight {
    /// Show the shelf.
    Show,
    /// Bring a part of it into sight.
    Turn(Part),
    /// Show more rows.
    More,
    /// Open or close one of the rows.
    Open(Spot),
    /// Ask for what a change needs, or close that.
    Ask(Option<Form>),
    /// Make the change that is asked about.
    Change,
    /// It is somebody, or some place.
    Kind(Kind),
    /// Put an open loop away, by its place.
    Dismiss(usize),
    /// Show another prompt.
    Another,
    /// Put the prompt into the entry, to write below it.
    Take,
    /// Show no prompt any more until the journal is opened again.
    Enough,
}
