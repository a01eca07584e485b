//! The open journal, as the window shows it.
use std::{cmp::Reverse, collections::HashSet};

use jiff::{ToSpan, civil::Date};
use vault::EntryId;

use super::{
    Conversation, Deeper, EntryRow, Lit, Locking, Meaning, PassphraseForm, Reflection, Renewal,
    Scope, Search, insight::Insights, keeping::Keeping,
};
use crate::{
    autosave::Autosave, draft::Draft, outbox::Outbox, permission::Permission, reflection::Span,
    text::text,
};

/// The open journal. No `Debug`: it is all text of the journal.
pub struct Journal {
    /// Its entries, newest first.
    rows: Vec<EntryRow>,
    /// What the list shows, months between the entries.
    lines: Vec<Line>,
    /// The open entry.
    pub draft: Draft,
    /// Edits no save was asked for yet.
    pub autosave: Autosave,
    /// Saves on their way.
    pub outbox: Outbox,
    /// The search box.
    pub search: Search,
    /// The reflection panel.
    pub reflection: Reflection,
    /// Summaries that are made anew.
    pub renewal: Renewal,
    /// What a summary rests on, in the open entry.
    pub lit: Option<Lit>,
    /// What a model may read of it.
    pub permission: Permission,
    /// Answers to its questions.
    pub deeper: Deeper,
    /// How far it is read for its meaning.
    pub meaning: Meaning,
    /// What was asked of the journal.
    pub conversation: Conversation,
    /// What has to get the keyboard next.
    pub focus: Option<Focus>,
    /// The entry that was asked for and is not read yet.
    pub opening: Option<EntryId>,
    /// Whether the day and time of the entry are being edited.
    pub moment_open: bool,
    /// Whether the person is asked if the entry shall be deleted.
    pub deleting: bool,
    /// Entries that can be searched, of all, while the index grows.
    pub indexed: Option<(usize, usize)>,
    /// People, themes, open loops and prompts.
    pub insight: Insights,
    /// What guards against loss.
    pub keeping: Keeping,
    /// How locking stands.
    pub locking: Locking,
    /// The passphrase that takes the person back when the last words can't be saved.
    pub back: PassphraseForm,
}

/// What can get the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// The text of the entry.
    Text,
    /// Its end.
    TextEnd,
    /// The search box.
    Search,
}

/// One line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// The heading of a month, by its first day.
    Month(Date),
    /// An entry, by its place in the rows.
    Entry(usize),
}

impl Journal {
    /// The journal just unlocked, with a new entry open.
    #[must_use]
    pub fn new(rows: Vec<EntryRow>, draft: Draft) -> Self {
        let indexed = Some((0, rows.len())).filter(|_| !rows.is_empty());
        let mut journal = Self {
            rows,
            lines: Vec::new(),
            draft,
            autosave: Autosave::default(),
            outbox: Outbox::default(),
            search: Search::default(),
            reflection: Reflection::default(),
            renewal: Renewal::default(),
            lit: None,
            permission: Permission::default(),
            deeper: Deeper::default(),
            meaning: Meaning::default(),
            conversation: Conversation::default(),
            focus: Some(Focus::Text),
            opening: None,
            moment_open: false,
            deleting: false,
            indexed,
            insight: Insights::default(),
            keeping: Keeping::default(),
            locking: Locking::No,
            back: PassphraseForm::default(),
        };
        journal.rows_changed();
        journal
    }

    /// The entries, newest first.
    #[must_use]
    pub fn rows(&self) -> &[EntryRow] {
        &self.rows
    }

    /// What the list shows.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The row of an entry, if the vault holds it.
    #[must_use]
    pub fn row(&self, id: EntryId) -> Option<&EntryRow> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// Takes what is new of an entry.
    pub fn put_row(&mut self, row: EntryRow) {
        match self.rows.iter_mut().find(|known| known.id == row.id) {
            Some(known) if *known == row => return,
            Some(known) => *known = row,
            None => self.rows.push(row),
        }
        self.rows_changed();
    }

    /// Takes every entry anew.
    pub fn set_rows(&mut self, rows: Vec<EntryRow>) {
        self.rows = rows;
        self.rows_changed();
    }

    /// Takes an entry out of the list.
    pub fn remove_row(&mut self, id: EntryId) {
        self.rows.retain(|row| row.id != id);
        self.rows_changed();
    }

    /// Every entry, oldest first.
    #[must_use]
    pub fn ids(&self) -> Vec<EntryId> {
        self.rows.iter().rev().map(|row| row.id).collect()
    }

    /// Entries of a scope around the open entry, oldest first.
    #[must_use]
    pub fn ids_in(&self, scope: Scope) -> Vec<EntryId> {
        let rows = self.rows.iter().rev();
        match self.span(scope) {
            Span::Entry(id) => vec![id],
            Span::Days(first, last) => {
                let days = first..=last;
                rows.filter(|row| days.contains(&row.date)).map(|row| row.id).collect()
            }
            Span::Search(_) => {
                let hits = &self.search.results.hits;
                let found: HashSet<EntryId> = hits.iter().map(|hit| hit.id).collect();
                rows.filter(|row| found.contains(&row.id)).map(|row| row.id).collect()
            }
        }
    }

    /// What a scope is around the open entry.
    #[must_use]
    pub fn span(&self, scope: Scope) -> Span {
        let date = self.draft.content.date;
        match scope {
            Scope::Entry => Span::Entry(self.draft.id),
            Scope::Day => Span::Days(date, date),
            Scope::Week => {
                let since_monday = i64::from(date.weekday().to_monday_zero_offset());
                let monday = date.saturating_sub(since_monday.days());
                Span::Days(monday, monday.saturating_add(6.days()))
            }
            Scope::Month => Span::Days(date.first_of_month(), date.last_of_month()),
            Scope::Year => Span::Days(date.first_of_year(), date.last_of_year()),
            Scope::Found => Span::Search(self.search.text.trim().to_owned()),
        }
    }

    /// Why nothing can be asked of the model about a scope, if so.
    #[must_use]
    pub fn refusal(&self, scope: Scope) -> Option<String> {
        let entry = (scope == Scope::Entry).then_some(&self.draft);
        if self.permission == Permission::Nothing
            || entry.is_some_and(|draft| !draft.content.is_read_by_model())
        {
            Some(text("reflection-kept"))
        } else {
            entry.filter(|draft| draft.is_blank()).map(|_| text("reflection-nothing-written"))
        }
    }

    fn rows_changed(&mut self) {
        self.rows.sort_by_key(|row| Reverse((row.date, row.time, row.id)));
        self.lines = lines(&self.rows);
    }
}

fn lines(rows: &[EntryRow]) -> Vec<Line> {
    let mut lines = Vec::with_capacity(rows.len() + rows.len() / 8);
    let mut month = None;
    for (index, row) in rows.iter().enumerate() {
        let first = row.date.first_of_month();
        if month.replace(first) != Some(first) {
            lines.push(Line::Month(first));
        }
        lines.push(Line::Entry(index));
    }
    lines
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn row(id: u8, date: Date) -> EntryRow {
        let (id, time, heading) = (EntryId([id; 16]), None, String::new());
        EntryRow { id, date, time, heading, starred: false, kept_from_model: false }
    }

    fn journal() -> Journal {
        let rows = vec![
            row(1, date(2026, 10, 31)),
            row(2, date(2026, 11, 22)),
            row(3, date(2026, 11, 16)),
            row(4, date(2026, 11, 22)),
        ];
        let now = date(2026, 11, 22).at(9, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
        Journal::new(rows, Draft::new(&now))
    }

    #[test]
    fn the_list_is_newest_first_with_months_between() {
        let journal = journal();
        let ids: Vec<_> = journal.rows().iter().map(|row| row.id.0[0]).collect();
        assert_eq!(ids, [4, 2, 3, 1]);
        let (november, october) = (Line::Month(date(2026, 11, 1)), Line::Month(date(2026, 10, 1)));
        let entry = Line::Entry;
        assert_eq!(journal.lines(), [november, entry(0), entry(1), entry(2), october, entry(3)]);
    }

    #[test]
    fn a_scope_holds_its_days_oldest_first() {
        let journal = journal();
        let ids = |scope| journal.ids_in(scope).iter().map(|id| id.0[0]).collect::<Vec<_>>();
        assert_eq!(ids(Scope::Day), [2, 4]);
        assert_eq!(ids(Scope::Week), [3, 2, 4]);
        assert_eq!(ids(Scope::Month), [3, 2, 4]);
    }

    #[test]
    fn a_row_that_moves_to_another_day_moves_in_the_list() {
        let mut journal = journal();
        journal.put_row(row(2, date(2026, 1, 1)));
        assert_eq!(journal.rows().last().map(|row| row.id.0[0]), Some(2));
        journal.remove_row(EntryId([2; 16]));
        assert_eq!(journal.rows().len(), 3);
    }
}
