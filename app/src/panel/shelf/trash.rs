//! The trash: what is in it, how long still, and the ways out of it.
use egui::Ui;
use jiff::{Zoned, civil::Date};
use vault::{EntryId, Trashed};

use super::super::{day, heading_or_blank, row_name};
use crate::{
    command::{Command, Keep},
    text::{text, text_with},
    widget::{button, label},
};

/// Days that the vault keeps what is deleted.
const KEPT_DAYS: i32 = 30;

/// Draws it.
pub(super) fn ui(
    ui: &mut Ui,
    entries: &[Trashed],
    asked: Option<EntryId>,
    commands: &mut Vec<Command>,
) {
    label::note(ui, text("trash-rule"));
    ui.add_space(10.0);
    if entries.is_empty() {
        label::body(ui, text("trash-empty"));
    }
    let today = Zoned::now().date();
    for entry in entries {
        row(ui, entry, today, commands);
        if asked == Some(entry.meta.id) {
            sure(ui, entry.meta.id, commands);
        }
        ui.add_space(10.0);
    }
}

fn row(ui: &mut Ui, entry: &Trashed, today: Date, commands: &mut Vec<Command>) {
    let heading = heading_or_blank(&entry.meta.heading);
    label::heading(ui, heading.clone());
    let values = [
        ("date", day(entry.meta.date, &text("list-name-format")).into()),
        ("count", days_left(entry.deleted.date(), today).into()),
    ];
    label::note(ui, text_with("trash-left", values));
    ui.horizontal(|ui| {
        let name = row_name(&heading, &text("trash-back"));
        if button::named(ui, text("trash-back"), name).clicked() {
            commands.push(Command::Keep(Keep::Undelete(entry.meta.id)));
        }
        let name = row_name(&heading, &text("trash-purge"));
        if button::named(ui, text("trash-purge"), name).clicked() {
            commands.push(Command::Keep(Keep::AskPurge(entry.meta.id)));
        }
    });
}

fn sure(ui: &mut Ui, id: EntryId, commands: &mut Vec<Command>) {
    label::problem(ui, text("trash-purge-hint"));
    ui.horizontal(|ui| {
        if button::danger(ui, text("trash-purge-sure")).clicked() {
            commands.push(Command::Keep(Keep::Purge(id)));
        }
        if button::quiet(ui, text("keeping-cancel")).clicked() {
            commands.push(Command::Keep(Keep::AskPurge(id)));
        }
    });
}

/// Never more than there are, whatever a clock says.
fn days_left(deleted: Date, today: Date) -> i32 {
    let passed = deleted.until(today).map_or(0, |span| span.get_days());
    (KEPT_DAYS - passed).clamp(0, KEPT_DAYS)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::days_left;

    #[test]
    fn days_are_counted_down_and_never_odd() {
        let deleted = date(2026, 11, 1);
        assert_eq!(days_left(deleted, deleted), 30);
        assert_eq!(days_left(deleted, date(2026, 11, 30)), 1);
        assert_eq!(days_left(deleted, date(2026, 12, 1)), 0);
        assert_eq!(days_left(deleted, date(2036, 1, 1)), 0);
        assert_eq!(days_left(deleted, date(2016, 1, 1)), 30);
    }
}
