//! Ways to unlock: what was typed, carried out; and what came of it.
use vault::{Passphrase, SlotKind};
use zeroize::Zeroizing;

use super::App;
use crate::{
    command::Keep,
    event::Kept,
    keeping::sheet,
    paths,
    state::keeping::{Done, WayForm, Ways},
    text::text,
    worker::vault::{Change, KeepJob},
};

/// What a sheet is called, in the folder for documents.
const SHEET: &str = "Inglenook recovery phrase.pdf";

impl App {
    pub(super) fn carry_out_way(&mut self, ctx: &egui::Context, wish: Keep) {
        let params = self.kdf_params;
        let Some(journal) = self.journal() else { return };
        let ways = &mut journal.keeping.ways;
        if ways.busy {
            return;
        }
        ways.problem = None;
        let job = match wish {
            Keep::OpenWay(form) => {
                ways.open(Some(form));
                forget_fields(ctx);
                None
            }
            Keep::CloseWay => {
                let given_up = ways.phrase.take().is_some();
                ways.sheet = None;
                ways.open(None);
                forget_fields(ctx);
                // A phrase that nobody wrote down shall not look as if there was one.
                let of_recovery = |(_, kind): &&(_, SlotKind)| *kind == SlotKind::Recovery;
                let made = ways.slots.iter().find(of_recovery).filter(|_| given_up);
                made.map(|(id, _)| KeepJob::RemoveSlot(*id))
            }
            Keep::ChangePassphrase => change(ways)
                .map(|change| KeepJob::ChangePassphrase(Box::new(Change { params, ..change }))),
            Keep::MakeKeyFile => Some(KeepJob::MakeKeyFile(paths::typed(&ways.typed.key_file))),
            Keep::MakeRecovery => Some(KeepJob::MakeRecovery),
            Keep::SaveSheet => ways.phrase.as_ref().map(|phrase| {
                let bytes = Zeroizing::new(sheet::pdf(phrase));
                KeepJob::WriteSheet(paths::typed(&ways.typed.sheet), bytes)
            }),
            Keep::ConfirmRecovery => {
                confirm(ways);
                forget_fields(ctx);
                None
            }
            Keep::RemoveSlot(id) => Some(KeepJob::RemoveSlot(id)),
            _ => None,
        };
        if let Some(job) = job {
            ways.busy = true;
            self.keep(job);
        }
    }

    pub(super) fn take_way(&mut self, ctx: &egui::Context, kept: Kept) {
        let Some(journal) = self.journal() else { return };
        let ways = &mut journal.keeping.ways;
        ways.busy = false;
        match kept {
            Kept::Slots(slots) => {
                let removed = slots.len() < ways.slots.len();
                ways.slots = slots;
                if removed {
                    ways.open(None);
                    ways.done = Some(Done::Removed);
                }
            }
            Kept::PassphraseChanged(slots) => {
                let asks = matches!(ways.form, Some(WayForm::AddKeyFile | WayForm::Passphrase));
                let typed = Some(ways.typed.key_file.trim()).filter(|path| !path.is_empty());
                let key_file = typed.map(paths::typed);
                (ways.slots, ways.recovered) = (slots, false);
                let key_file = key_file.filter(|_| asks && ways.has_key_file());
                ways.open(None);
                ways.done = Some(Done::Changed);
                self.state.settings.key_file = key_file;
                self.settings_due = true;
                forget_fields(ctx);
            }
            Kept::Recovery { phrase, slots } => {
                ways.slots = slots;
                ways.open(Some(WayForm::Sheet));
                ways.phrase = Some(phrase);
                ways.typed.sheet = paths::documents().join(SHEET).display().to_string();
            }
            Kept::FileMade(path) if ways.form == Some(WayForm::Sheet) => ways.sheet = Some(path),
            Kept::FileMade(_) => ways.done = Some(Done::KeyFileMade),
            _ => {}
        }
    }

    /// Unlocked with the recovery phrase: a new passphrase comes first.
    pub(super) fn ask_new_passphrase(&mut self) {
        self.open_settings();
        if let Some(journal) = self.journal() {
            journal.keeping.ways.recovered = true;
            journal.keeping.ways.open(Some(WayForm::Passphrase));
        }
    }
}

/// Drops what egui remembers of fields; unlike at locking, what is in sight stays in sight.
fn forget_fields(ctx: &egui::Context) {
    ctx.data_mut(|data| data.remove_by_type::<egui::text_edit::TextEditState>());
}

/// What the form asks for, if all of it was typed.
fn change(ways: &Ways) -> Option<Change> {
    let typed = &ways.typed;
    let key_file = || Some(typed.key_file.trim()).filter(|path| !path.is_empty()).map(paths::typed);
    let present_file = if ways.has_key_file() { key_file() } else { None };
    let present = || (Passphrase::new(&typed.present), present_file.clone());
    let (new, key_file) = match ways.form {
        Some(WayForm::Passphrase) => (&typed.new, present_file.clone()),
        Some(WayForm::AddKeyFile) => (&typed.present, key_file()),
        Some(WayForm::DropKeyFile) => (&typed.present, None),
        _ => return None,
    };
    if new.is_empty() || (ways.form == Some(WayForm::Passphrase) && *new != typed.repeated) {
        return None;
    }
    if ways.form == Some(WayForm::AddKeyFile) && key_file.is_none() {
        return None;
    }
    let present = (!ways.recovered).then(present);
    Some(Change { present, new: Passphrase::new(new), key_file, params: None })
}

fn confirm(ways: &mut Ways) {
    let Some(phrase) = &ways.phrase else { return };
    let parts = sheet::parts(phrase);
    let right = |(asked, typed): (usize, &Zeroizing<String>)| {
        parts.get(asked).is_some_and(|part| part.eq_ignore_ascii_case(typed.trim()))
    };
    if sheet::asked(phrase).into_iter().zip(&ways.typed.parts).all(right) {
        (ways.phrase, ways.sheet) = (None, None);
        ways.open(None);
        ways.done = Some(Done::Recovery);
    } else {
        ways.problem = Some(text("ways-parts-wrong"));
    }
}
