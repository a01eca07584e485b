//! Locking: everything is saved, then everything is dropped.
use std::time::Duration;

use egui::{RawInput, ViewportCommand};
use vault::overwrite_stack;

use super::{App, locked_screen, vault_problem};
use crate::{
    clipboard,
    clock::Moment,
    desktop::{Desktop, SLEEP_LIMIT},
    state::{Locking, PassphraseForm, Screen},
    theme,
    worker::vault::VaultJob,
};

impl App {
    /// Saves, then locks. The text is covered from now on.
    pub(super) fn begin_locking(&mut self) {
        self.stop_reflection();
        self.settle_answers();
        self.flush();
        if let Some(journal) = self.journal()
            && journal.locking == Locking::No
        {
            journal.locking = Locking::WhenSaved;
        }
        self.state.settings_open = false;
        self.state.picker = None;
    }

    /// Locks, and takes the window out of sight.
    pub(super) fn panic(&mut self, ctx: &egui::Context) {
        self.begin_locking();
        ctx.send_viewport_cmd(ViewportCommand::Minimized(true));
    }

    /// Locks once the vault has everything.
    pub(super) fn advance_locking(&mut self, ctx: &egui::Context) {
        let Some(journal) = self.journal() else {
            if self.closing {
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
            return;
        };
        let is_saved = journal.outbox.is_empty() && !journal.draft.is_unsaved();
        if journal.locking == Locking::WhenSaved && is_saved {
            self.close_vault();
        }
    }

    /// Tells the vault to close; saves still queued come before.
    pub(super) fn close_vault(&mut self) {
        if self.vault.try_send(VaultJob::Lock).is_ok()
            && let Some(journal) = self.journal()
        {
            journal.locking = Locking::Closing;
        }
    }

    /// The vault looked at the passphrase of someone who wants back to writing.
    pub(super) fn checked(&mut self, ctx: &egui::Context, result: vault::Result<()>) {
        forget_typed(ctx);
        self.last_input = (self.clock)();
        let Some(journal) = self.journal() else { return };
        journal.back = PassphraseForm::default();
        match result {
            Ok(()) if journal.locking == Locking::WhenSaved => {
                journal.locking = Locking::No;
                self.closing = false;
            }
            Ok(()) => {}
            Err(error) => journal.back.problem = Some(vault_problem(&error)),
        }
    }

    /// The vault is closed: drops all that was on the screen and in egui's memory of it.
    pub(super) fn locked(&mut self, ctx: &egui::Context) {
        self.state.screen = locked_screen(true, &self.state.settings);
        self.keep_jobs.clear();
        self.insight_jobs.clear();
        self.state.notice = None;
        self.unload_due = true;
        self.model_used = None;
        forget_typed(ctx);
        clipboard::forget(ctx);
        self.forget_due = true;
        overwrite_stack();
    }

    /// Has egui forget what it laid out; called between passes. A hidden window has no passes, and
    /// egui keeps those it had.
    pub fn between_passes(&mut self, ctx: &egui::Context) {
        if !std::mem::take(&mut self.forget_due) {
            return;
        }
        // What one pass drew is kept for the next.
        for _ in 0..2 {
            ctx.run_ui(RawInput::default(), |_| {}).drop_without_applying_deltas();
        }
        // The changes of the glyphs' texture were dropped: all of it is sent anew.
        theme::install(ctx);
        overwrite_stack();
    }

    /// Locks when nobody was there for long, the machine slept, or the desktop is locked.
    pub(super) fn lock_if_left(&mut self, now: Moment) {
        let slept = now.slept_since(self.last_seen);
        self.last_seen = now;
        let left_alone = self.idle_left(now) == Some(Duration::ZERO);
        let is_desktop_locked = self.desktop.as_mut().is_some_and(Desktop::take_lock);
        if slept > SLEEP_LIMIT || left_alone || is_desktop_locked {
            self.begin_locking();
        }
    }

    /// Time left until the journal locks by itself.
    pub(super) fn idle_left(&self, now: Moment) -> Option<Duration> {
        let Screen::Journal(journal) = &self.state.screen else { return None };
        let limit = self.state.settings.autolock().filter(|_| journal.locking == Locking::No)?;
        let idle = now.elapsed.saturating_sub(self.last_input.elapsed);
        Some(limit.saturating_sub(idle))
    }

    /// A window asked to close saves and locks first. Asked again while a save fails, it closes.
    pub(super) fn close_if_asked(&mut self, ctx: &egui::Context) {
        if !ctx.input(|input| input.viewport().close_requested()) {
            return;
        }
        let closing = self.closing;
        let Some(journal) = self.journal() else { return };
        if closing && journal.outbox.failure().is_some() {
            return;
        }
        ctx.send_viewport_cmd(ViewportCommand::CancelClose);
        self.closing = true;
        self.begin_locking();
        ctx.request_repaint();
    }
}

/// Drops what egui remembers of text fields: their undo holds all that was typed.
pub(super) fn forget_typed(ctx: &egui::Context) {
    ctx.memory_mut(|memory| memory.data.clear());
    ctx.request_repaint();
}
