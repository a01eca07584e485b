//! The settings about language models: which there are, which is used, and the way to add one.
use std::path::Path;

use egui::{Align, Checkbox, TextEdit, Ui};

use super::{super::path_field, section};
use crate::{
    command::{Command, ModelWish},
    models::{Model, Removal},
    panel::attachments::size,
    settings::Settings,
    state::{models::Models, picker::Target},
    text::{text, text_with},
    widget::{button, label},
};

/// Minutes a person can choose from; 0 is never.
const UNLOAD_CHOICES: [u32; 5] = [1, 5, 10, 30, 0];

/// Draws it.
pub(super) fn ui(
    ui: &mut Ui,
    settings: &mut Settings,
    models: &mut Models,
    commands: &mut Vec<Command>,
) {
    let title = section(ui, text("models-title"));
    if std::mem::take(&mut models.scroll_due) {
        title.scroll_to_me(Some(Align::TOP));
    }
    label::note(ui, text("models-hint"));
    told(ui, models);
    ui.add_space(6.0);
    match &models.list {
        None => _ = label::body(ui, text("models-looking")),
        Some(list) if list.is_empty() => _ = label::body(ui, text("models-none")),
        Some(list) => {
            for model in list {
                let asked = models.asked.as_ref() == Some(&model.path);
                row(ui, model, asked, commands);
                ui.add_space(10.0);
            }
        }
    }
    if settings.models.is_some() && button::plain(ui, text("models-any")).clicked() {
        commands.push(Command::Models(ModelWish::UseAny));
    }
    add(ui, models, commands);
    unload(ui, settings);
}

fn row(ui: &mut Ui, model: &Model, asked: bool, commands: &mut Vec<Command>) {
    label::heading(ui, model.name.clone());
    label::note(ui, facts(model));
    if let Some(reason) = &model.reason {
        label::note(ui, text_with("models-reason", [("reason", reason.as_str().into())]));
    }
    label::note(ui, model.path.display().to_string());
    if let Some(sha256) = &model.sha256 {
        label::note(ui, text_with("models-sha256", [("hash", sha256.as_str().into())]));
    }
    ui.horizontal(|ui| actions(ui, model, commands));
    if asked {
        sure(ui, &model.path, commands);
    }
}

fn actions(ui: &mut Ui, model: &Model, commands: &mut Vec<Command>) {
    if model.used {
        label::body(ui, text("models-used"));
    } else if model.runs && named(ui, text("models-use"), &model.name) {
        commands.push(Command::Models(ModelWish::Use(model.path.clone())));
    }
    let wished = match model.removal {
        None => None,
        Some(Removal::Forget) => named(ui, text("models-forget"), &model.name)
            .then(|| ModelWish::Remove(model.path.clone())),
        Some(Removal::Delete) => named(ui, text("models-delete"), &model.name)
            .then(|| ModelWish::AskRemove(model.path.clone())),
    };
    commands.extend(wished.map(Command::Models));
}

fn sure(ui: &mut Ui, path: &Path, commands: &mut Vec<Command>) {
    let mut wish = |wish: ModelWish| commands.push(Command::Models(wish));
    label::problem(ui, text("models-delete-hint"));
    ui.horizontal(|ui| {
        if button::danger(ui, text("models-delete-sure")).clicked() {
            wish(ModelWish::Remove(path.to_owned()));
        }
        if button::quiet(ui, text("keeping-cancel")).clicked() {
            wish(ModelWish::AskRemove(path.to_owned()));
        }
    });
}

/// A button whose accessible name says which model it is about.
fn named(ui: &mut Ui, words: String, model: &str) -> bool {
    let name = format!("{model}, {words}");
    button::named(ui, words, name).clicked()
}

/// What is known of a model, on one line.
fn facts(model: &Model) -> String {
    let kind = [&model.family, &model.quantisation].map(|word| word.clone().unwrap_or_default());
    let kind = Some(kind.join(" ").trim().to_owned()).filter(|kind| !kind.is_empty());
    let context = model.context.map(|count| text_with("models-context", [("count", count.into())]));
    let memory =
        model.memory.map(|bytes| text_with("models-memory", [("size", size(bytes).into())]));
    let licence = model.licence.clone();
    let place = match model.place {
        "own" | "added" => None,
        "downloads" => Some(text("models-downloads")),
        program => Some(text_with("models-place", [("program", program.into())])),
    };
    let facts = [kind, Some(size(model.bytes)), context, memory, licence, place];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn add(ui: &mut Ui, models: &mut Models, commands: &mut Vec<Command>) {
    let field = TextEdit::singleline(&mut models.typed).hint_text(text("models-path-hint"));
    let field = path_field(ui, text("models-path"), field, Target::Model, commands);
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    let ready = !models.typed.trim().is_empty() && !models.is_busy();
    let add = ui.add_enabled_ui(ready, |ui| button::plain(ui, text("models-add"))).inner;
    if ready && (add.clicked() || entered) {
        commands.push(Command::Models(ModelWish::Add));
    }
    ui.add(Checkbox::new(&mut models.copied, text("models-copy")));
}

/// What comes of adding and removing.
fn told(ui: &mut Ui, models: &Models) {
    if models.is_busy() {
        label::body(ui, text("models-busy"));
    }
    if let Some(problem) = &models.problem {
        label::problem(ui, problem.clone());
    }
}

fn unload(ui: &mut Ui, settings: &mut Settings) {
    section(ui, text("models-unload"));
    let choice = |minutes: u32| match minutes {
        0 => (0, text("models-unload-never")),
        _ => (minutes, text_with("models-unload-minutes", [("count", minutes.into())])),
    };
    super::choices(ui, &mut settings.unload_minutes, UNLOAD_CHOICES.map(choice));
    label::note(ui, text("models-unload-hint"));
}
