//! The file picker, over everything: where one is, what lies there, and what is chosen.
use std::path::Path;

use egui::{
    Align, CentralPanel, Checkbox, Frame, Id, Key, Layout, Margin, Modifiers, Panel, TextEdit, Ui,
    Vec2,
};

use crate::{
    command::{Command, PickerWish},
    state::picker::{Kind, Mode, Picker, Target},
    text::{text, text_with},
    theme::{CORNER, UiTokens},
    widget::{button, label},
};

mod list;

/// Size of the card at most, in points.
const SIZE: Vec2 = Vec2::new(860.0, 680.0);
/// Room around it at least, in points.
const AROUND: f32 = 28.0;
/// Width of the places, in points.
const PLACES_WIDTH: f32 = 182.0;
/// Rows that a page key steps over.
const PAGE: isize = 10;

/// Draws it.
pub fn ui(ui: &mut Ui, picker: &mut Picker, commands: &mut Vec<Command>) {
    let mut wishes = Vec::new();
    keys(ui, picker, &mut wishes);
    card(ui, |ui| {
        let bare = |panel: Panel| panel.frame(Frame::NONE).show_separator_line(false);
        bare(Panel::top("picker-above")).show(ui, |ui| above(ui, picker, &mut wishes));
        bare(Panel::bottom("picker-below")).show(ui, |ui| below(ui, picker, &mut wishes));
        bare(Panel::left("picker-places").exact_size(PLACES_WIDTH).resizable(false))
            .frame(Frame::NONE.inner_margin(Margin { right: 14, ..Margin::ZERO }))
            .show(ui, |ui| places(ui, picker, &mut wishes));
        CentralPanel::default().frame(Frame::NONE).show(ui, |ui| list::ui(ui, picker, &mut wishes));
    });
    commands.extend(wishes.into_iter().map(Command::Picker));
}

fn card(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    let tokens = ui.tokens();
    let room = ui.max_rect().shrink(AROUND);
    let place = egui::Rect::from_center_size(room.center(), SIZE.min(room.size()));
    let frame = Frame::NONE
        .fill(tokens.paper)
        .stroke((1.0, tokens.line))
        .corner_radius(2 * CORNER)
        .inner_margin(Margin::symmetric(28, 24));
    ui.scope_builder(egui::UiBuilder::new().max_rect(place), |ui| {
        frame.show(ui, |ui| {
            ui.set_min_size(ui.available_size());
            contents(ui);
        });
    });
}

fn field_id() -> Id {
    Id::unique("picker-typed")
}

/// What the keyboard does while it is in the field.
fn keys(ui: &Ui, picker: &mut Picker, wishes: &mut Vec<PickerWish>) {
    let focused = ui.memory(|memory| memory.focused());
    if focused.is_some_and(|id| id != field_id()) {
        return;
    }
    let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
    let up = pressed(Modifiers::ALT, Key::ArrowUp)
        || (picker.typed.is_empty() && pressed(Modifiers::NONE, Key::Backspace));
    if up {
        wishes.extend(picker.above());
    }
    for (key, by) in
        [(Key::ArrowDown, 1), (Key::ArrowUp, -1), (Key::PageDown, PAGE), (Key::PageUp, -PAGE)]
    {
        if pressed(Modifiers::NONE, key) {
            picker.step(by);
        }
    }
    if pressed(Modifiers::NONE, Key::Enter) {
        wishes.extend(picker.enter());
    }
}

/// What is picked, and the way from the top to the folder that is shown.
fn above(ui: &mut Ui, picker: &Picker, wishes: &mut Vec<PickerWish>) {
    let (title, hint) = match picker.target {
        Target::Model => (text("picker-model"), Some(text("picker-model-hint"))),
        Target::Attachment => (text("picker-attachment"), Some(text("picker-attachment-hint"))),
        Target::Copy(_) => (text("picker-copy"), Some(text("picker-copy-hint"))),
        Target::Backups => (text("picker-backups"), Some(text("picker-backups-hint"))),
        Target::KeyFile => (text("picker-key-file"), None),
        Target::NewKeyFile => (text("picker-key-file"), Some(text("picker-new-key-file-hint"))),
        Target::Sheet => (text("picker-sheet"), None),
    };
    label::title(ui, title);
    if let Some(hint) = hint {
        label::note(ui, hint);
    }
    ui.add_space(8.0);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        let above = picker.above();
        let up = ui.add_enabled_ui(above.is_some(), |ui| {
            button::named(ui, "↑".to_owned(), text("picker-up")).on_hover_text(text("picker-up"))
        });
        if up.inner.clicked() {
            wishes.extend(above);
        }
        let way: Vec<&Path> = picker.folder.ancestors().filter(|path| path.has_root()).collect();
        for path in way.into_iter().rev() {
            if button::quiet(ui, name_of(path)).clicked() {
                wishes.push(PickerWish::Visit(path.to_owned()));
            }
            if path != picker.folder {
                label::note(ui, "›".to_owned());
            }
        }
        if picker.is_reading {
            label::note(ui, text("picker-reading"));
        }
    });
    ui.add_space(6.0);
}

/// A folder's own name.
fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| text("picker-root"), list::shown)
}

fn places(ui: &mut Ui, picker: &Picker, wishes: &mut Vec<PickerWish>) {
    let home = (text("picker-home"), &picker.places.home);
    let others = picker.places.others.iter().map(|path| (name_of(path), path));
    let there = std::iter::once(home).chain(others).filter(|(_, path)| path.has_root());
    egui::ScrollArea::vertical().id_salt("picker-places").auto_shrink(false).show(ui, |ui| {
        label::note(ui, text("picker-places"));
        ui.spacing_mut().item_spacing.y = 2.0;
        for (name, path) in there {
            let is_here = *path == picker.folder;
            if list::place(ui, &name, is_here).clicked() {
                wishes.push(PickerWish::Visit(path.clone()));
            }
        }
    });
}

fn below(ui: &mut Ui, picker: &mut Picker, wishes: &mut Vec<PickerWish>) {
    ui.add_space(12.0);
    if let Some(problem) = &picker.problem {
        label::problem(ui, problem.clone());
    }
    let heading = label::note(ui, text("picker-typed"));
    let field = TextEdit::singleline(&mut picker.typed).id(field_id()).desired_width(f32::INFINITY);
    let field = ui.add(field).labelled_by(heading.id);
    if field.changed() {
        picker.problem = None;
        picker.refresh();
    }
    let is_free = ui.memory(|memory| memory.focused().is_none());
    if std::mem::take(&mut picker.focus_due) || is_free {
        field.request_focus();
    }
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        narrowing(ui, picker);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| endings(ui, picker, wishes));
    });
}

/// Which files are listed.
fn narrowing(ui: &mut Ui, picker: &mut Picker) {
    let before = (picker.kind, picker.hidden);
    let kinds = picker.target.kinds();
    for kind in kinds.iter().filter(|_| kinds.len() > 1) {
        let title = match kind {
            Kind::All => text("picker-kind-all"),
            Kind::Models => text("picker-kind-models"),
            Kind::Images => text("picker-kind-images"),
        };
        button::choice(ui, title, &mut picker.kind, *kind);
    }
    ui.add(Checkbox::new(&mut picker.hidden, text("picker-hidden")));
    if before != (picker.kind, picker.hidden) {
        picker.refresh();
    }
}

/// The ways out.
fn endings(ui: &mut Ui, picker: &Picker, wishes: &mut Vec<PickerWish>) {
    let wish = picker.pick();
    let title = ending(picker);
    let pick = ui.add_enabled_ui(wish.is_some(), |ui| button::primary(ui, title)).inner;
    if pick.clicked() {
        wishes.extend(wish);
    }
    if button::quiet(ui, text("keeping-cancel")).clicked() {
        wishes.push(PickerWish::Close);
    }
}

/// What the button says it does.
fn ending(picker: &Picker) -> String {
    let folder = picker.chosen_item().filter(|item| item.is_folder);
    match (picker.mode(), picker.target) {
        (Mode::Folder, target) => {
            let name = folder.map_or_else(|| name_of(&picker.folder), |it| list::shown(&it.name));
            let values = [("folder", name.into())];
            match target {
                Target::Copy(_) => text_with("picker-save-in", values),
                _ => text_with("picker-choose-folder", values),
            }
        }
        (Mode::Open, _) if folder.is_some() => text("picker-enter"),
        (_, Target::Model) => text("picker-add"),
        (_, Target::Attachment) => text("picker-attach"),
        _ => text("picker-choose"),
    }
}
