//! What the window shows of people, themes, open loops and prompts; dropped with the open journal.
use jiff::civil::Date;

use crate::insight::{Kind, Named, OpenLoop, Overview, Prompt, Quote, Theme};

/// Rows that are shown before more are asked for.
pub const ROWS: usize = 40;

/// All of it. No `Debug`: it is text of the journal.
#[derive(Default)]
pub struct Insights {
    /// Whether the person wants it.
    pub wanted: bool,
    /// Every entry is read for it.
    pub ready: bool,
    /// Who and what is in the journal, once it was looked at.
    pub overview: Option<Overview>,
    /// What is still open, the latest first.
    pub loops: Vec<OpenLoop>,
    /// Which part of it is in sight.
    pub part: Part,
    /// Rows that are shown.
    pub rows: usize,
    /// What is open in it.
    pub opened: Option<Opened>,
    /// Why the last change could not be made.
    pub problem: Option<String>,
    /// Prompts for an empty page; the first is shown.
    pub prompts: Vec<Prompt>,
    /// Whether the one that is shown is remembered.
    pub noted: bool,
}

/// A part of the shelf.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Who is in the journal.
    #[default]
    People,
    /// Where.
    Places,
    /// What stood out when.
    Themes,
    /// How it felt.
    Mood,
    /// What is still open.
    Loops,
}

/// One that is looked at. No `Debug`.
pub struct Opened {
    /// Which, by its place in the list of its part.
    pub at: Spot,
    /// Sentences that speak of it, once they are there.
    pub quotes: Option<Vec<Quote>>,
    /// What is being changed about it.
    pub form: Option<Form>,
    /// What is typed into the form.
    pub typed: String,
}

/// What can be looked at, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// A person or a place.
    Name(usize),
    /// A theme of a month.
    Theme(usize, usize),
}

/// What is changed about a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// How it is shown.
    Rename,
    /// Whose other name it is.
    SameAs,
    /// Whether it shall be forgotten.
    Forget,
}

impl Insights {
    /// The names of the part in sight.
    #[must_use]
    pub fn names(&self) -> &[Named] {
        match (&self.overview, self.part) {
            (Some(overview), Part::People) => &overview.people,
            (Some(overview), Part::Places) => &overview.places,
            _ => &[],
        }
    }

    /// What the part in sight holds.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.part {
            Part::Places => Kind::Place,
            _ => Kind::Person,
        }
    }

    /// The name that is looked at.
    #[must_use]
    pub fn named(&self) -> Option<&Named> {
        match self.opened.as_ref()?.at {
            Spot::Name(at) => self.names().get(at),
            Spot::Theme(..) => None,
        }
    }

    /// The theme at a place.
    #[must_use]
    pub fn theme(&self, month: usize, at: usize) -> Option<&Theme> {
        self.overview.as_ref()?.themes.get(month)?.1.get(at)
    }

    /// The prompt that is shown on an empty page of this day.
    #[must_use]
    pub fn prompt(&self, page: Date, today: Date) -> Option<&Prompt> {
        self.prompts.first().filter(|_| page == today)
    }
}
