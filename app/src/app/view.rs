//! Which screen is shown, and what lies over it.
use egui::{CentralPanel, Frame, Id, LayerId, Order, Ui};

use crate::{
    command::Command,
    panel, screen,
    state::{Locking, Screen, State},
    theme::UiTokens,
};

/// Draws the state; wishes go into `commands`.
pub(super) fn ui(ui: &mut Ui, state: &mut State, commands: &mut Vec<Command>) {
    let tokens = ui.tokens();
    if let Some(notice) = &state.notice {
        panel::notice::ui(ui, notice, commands);
    }
    if let Some(picker) = &mut state.picker {
        CentralPanel::default()
            .frame(Frame::NONE.fill(tokens.panel))
            .show(ui, |ui| screen::picker::ui(ui, picker, commands));
        return;
    }
    if state.settings_open {
        CentralPanel::default()
            .frame(Frame::NONE.fill(tokens.paper))
            .show(ui, |ui| screen::settings::ui(ui, state, commands));
        return;
    }
    let State { screen, settings, journal_path, model, .. } = state;
    match screen {
        Screen::Journal(journal) if journal.locking == Locking::No => {
            screen::journal::ui(ui, journal, settings, model.as_deref(), commands);
        }
        covering => {
            CentralPanel::default().frame(Frame::NONE.fill(tokens.panel)).show(ui, |ui| {
                match covering {
                    Screen::Welcome(form) => {
                        screen::welcome::ui(ui, form, journal_path, commands);
                    }
                    Screen::Unlock(form) => screen::unlock::ui(ui, form, commands),
                    Screen::Journal(journal) => screen::locking::ui(ui, journal, commands),
                }
            });
        }
    }
}

/// Covers what was drawn in this pass: it is not shown once more.
pub(super) fn cover(ui: &Ui) {
    let top = LayerId::new(Order::Debug, Id::unique("cover"));
    ui.ctx().layer_painter(top).rect_filled(ui.ctx().content_rect(), 0.0, ui.tokens().panel);
}
