//! The settings.
use egui::{Checkbox, CollapsingHeader, ScrollArea, Slider, Ui};

use crate::{
    command::{Command, Keep},
    panel::reflection::questions,
    paths,
    permission::Permission,
    reflection::prompt,
    settings::{ReadingFont, Settings, TEXT_SIZES, ThemeChoice},
    state::{Screen, State},
    text::{text, text_with},
    widget::{button, label},
};

mod models;
mod safety;
mod ways;

/// Minutes a person can choose from; 0 is never.
const AUTOLOCK_CHOICES: [u32; 6] = [1, 5, 10, 30, 60, 0];
/// Width of the settings, in points.
const WIDTH: f32 = 560.0;

/// Draws it.
pub fn ui(ui: &mut Ui, state: &mut State, commands: &mut Vec<Command>) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let side = ((ui.available_width() - WIDTH) / 2.0).max(24.0);
        ui.horizontal(|ui| {
            ui.add_space(side);
            ui.vertical(|ui| {
                ui.set_width(WIDTH.min(ui.available_width() - 24.0));
                ui.add_space(48.0);
                label::title(ui, text("settings-title"));
                ui.add_space(8.0);
                let before = state.settings.clone();
                reading(ui, &mut state.settings);
                style(ui, &mut state.settings, commands);
                autolock(ui, &mut state.settings);
                insight(ui, &mut state.settings);
                guard(ui, state, commands);
                models::ui(ui, &mut state.settings, &mut state.models, commands);
                prompts(ui);
                place(ui, state);
                ui.add_space(20.0);
                if button::primary(ui, text("settings-close")).clicked() {
                    commands.push(Command::ToggleSettings);
                }
                if before != state.settings {
                    commands.push(Command::ApplySettings);
                }
                ui.add_space(48.0);
            });
        });
    });
}

fn reading(ui: &mut Ui, settings: &mut Settings) {
    section(ui, text("settings-theme"));
    choices(
        ui,
        &mut settings.theme,
        [
            (ThemeChoice::System, text("settings-theme-system")),
            (ThemeChoice::Light, text("settings-theme-light")),
            (ThemeChoice::Dark, text("settings-theme-dark")),
        ],
    );
    section(ui, text("settings-font"));
    choices(
        ui,
        &mut settings.reading_font,
        [
            (ReadingFont::Serif, text("settings-font-serif")),
            (ReadingFont::Sans, text("settings-font-sans")),
        ],
    );
    let size = section(ui, text("settings-size"));
    ui.add(
        Slider::new(&mut settings.text_size, TEXT_SIZES)
            .step_by(1.0)
            .fixed_decimals(0)
            .trailing_fill(true),
    )
    .labelled_by(size.id);
}

/// How questions are worded.
fn style(ui: &mut Ui, settings: &mut Settings, commands: &mut Vec<Command>) {
    section(ui, text("settings-style"));
    questions::style(ui, settings, commands);
    label::note(ui, text("settings-style-hint"));
}

fn autolock(ui: &mut Ui, settings: &mut Settings) {
    section(ui, text("settings-autolock"));
    let choice = |minutes: u32| match minutes {
        0 => (0, text("settings-autolock-never")),
        _ => (minutes, text_with("settings-autolock-minutes", [("count", minutes.into())])),
    };
    choices(ui, &mut settings.autolock_minutes, AUTOLOCK_CHOICES.map(choice));
    label::note(ui, text("settings-autolock-hint"));
}

fn insight(ui: &mut Ui, settings: &mut Settings) {
    section(ui, text("settings-insight"));
    ui.add(Checkbox::new(&mut settings.insight, text("settings-insight-on")));
    label::note(ui, text("settings-insight-hint"));
}

fn permission(ui: &mut Ui, permission: Permission, commands: &mut Vec<Command>) {
    section(ui, text("settings-permission"));
    let mut nothing = permission == Permission::Nothing;
    if ui.add(Checkbox::new(&mut nothing, text("settings-permission-nothing"))).changed() {
        let wanted = if nothing { Permission::Nothing } else { Permission::Entries };
        commands.push(Command::Permit(wanted));
    }
    label::note(ui, text("settings-permission-hint"));
    if button::plain(ui, text("settings-delete-model-text")).clicked() {
        commands.push(Command::DeleteModelText);
    }
}

/// What the model is told, and where a person puts their own.
fn prompts(ui: &mut Ui) {
    section(ui, text("settings-prompts"));
    for prompt in prompt::all() {
        let title = match (prompt.own.is_some(), prompt.is_broken) {
            (true, _) => text_with("settings-prompt-own", [("name", prompt.name.into())]),
            (false, true) => text_with("settings-prompt-broken", [("name", prompt.name.into())]),
            (false, false) => text_with("settings-prompt", [("name", prompt.name.into())]),
        };
        CollapsingHeader::new(title).id_salt(prompt.name).show(ui, |ui| {
            label::body(ui, prompt.text().trim().to_owned());
        });
    }
    let folder = paths::user_prompts().display().to_string();
    label::note(ui, text_with("settings-prompts-hint", [("folder", folder.into())]));
}

/// What can be set while the journal is open: ways to unlock, backups.
fn guard(ui: &mut Ui, state: &mut State, commands: &mut Vec<Command>) {
    let Screen::Journal(journal) = &mut state.screen else { return };
    permission(ui, journal.permission, commands);
    let keeping = &mut journal.keeping;
    ways::ui(ui, &mut keeping.ways, commands);
    if safety::ui(ui, &mut state.settings, &mut keeping.safety, commands) {
        commands.push(Command::Keep(Keep::TakeBackupFolder));
    }
}

fn place(ui: &mut Ui, state: &State) {
    section(ui, text("settings-place"));
    let path = state.journal_path.display().to_string();
    label::body(ui, path.clone());
    label::note(ui, text("settings-place-hint"));
    if button::plain(ui, text("settings-copy-path")).clicked() {
        ui.copy_text(path);
    }
}

fn section(ui: &mut Ui, title: String) -> egui::Response {
    ui.add_space(18.0);
    label::heading(ui, title)
}

fn choices<T: PartialEq, const N: usize>(ui: &mut Ui, value: &mut T, choices: [(T, String); N]) {
    ui.horizontal(|ui| {
        for (choice, title) in choices {
            button::choice(ui, title, value, choice);
        }
    });
}
