//! People, places, themes, moods and open loops, each with the entries that say so.
use egui::{Button, Key, RichText, TextEdit, Ui};
use vault::EntryId;

use super::super::{day, row_name};
use crate::{
    command::{Command, Insight},
    insight::{Kind, Named, Quote, Theme},
    state::insight::{Form, Insights, Opened, Part, Spot},
    text::{text, text_with},
    theme::{SMALL_SIZE, UI_SIZE, UiTokens, fonts},
    widget::{button, label},
};

mod mood;

/// Most other ways to write a name that are listed.
const WAYS: usize = 8;

/// Draws it.
pub(super) fn ui(ui: &mut Ui, insight: &mut Insights, commands: &mut Vec<Command>) {
    label::note(ui, text("insight-rule"));
    ui.add_space(8.0);
    parts(ui, insight.part, commands);
    ui.add_space(8.0);
    if let Some(problem) = &insight.problem {
        label::problem(ui, problem.clone());
    }
    if !insight.ready || insight.overview.is_none() {
        label::note(ui, text("insight-reading"));
        return;
    }
    match insight.part {
        Part::People | Part::Places => names(ui, insight, commands),
        Part::Themes => themes(ui, insight, commands),
        Part::Mood => mood::ui(ui, insight),
        Part::Loops => loops(ui, insight, commands),
    }
}

fn parts(ui: &mut Ui, chosen: Part, commands: &mut Vec<Command>) {
    ui.horizontal_wrapped(|ui| {
        for part in Part::ALL {
            let title = match part {
                Part::People => text("insight-people"),
                Part::Places => text("insight-places"),
                Part::Themes => text("insight-themes"),
                Part::Mood => text("insight-mood"),
                Part::Loops => text("insight-loops"),
            };
            let mut value = chosen;
            button::choice(ui, title, &mut value, part);
            if value != chosen {
                commands.push(Command::Insight(Insight::Turn(value)));
            }
        }
    });
}

fn names(ui: &mut Ui, insight: &mut Insights, commands: &mut Vec<Command>) {
    if insight.names().is_empty() {
        label::body(ui, text("insight-nobody-yet"));
    }
    let (shown, all) = (insight.rows.min(insight.names().len()), insight.names().len());
    for at in 0..shown {
        let Some(named) = insight.names().get(at) else { break };
        let is_open = is_open(insight, Spot::Name(at));
        name_row(ui, at, named, commands, is_open);
        if is_open {
            about(ui, insight, commands);
        }
    }
    if shown < all && button::plain(ui, text("insight-more")).clicked() {
        commands.push(Command::Insight(Insight::More));
    }
}

fn is_open(insight: &Insights, spot: Spot) -> bool {
    insight.opened.as_ref().is_some_and(|opened| opened.at == spot)
}

fn name_row(ui: &mut Ui, at: usize, named: &Named, commands: &mut Vec<Command>, open: bool) {
    let last = named.evidence.last().map(|it| day(it.date, &text("list-name-format")));
    let values = [
        ("name", named.name.clone().into()),
        ("count", named.evidence.len().into()),
        ("last", last.unwrap_or_default().into()),
    ];
    if row(ui, text_with("insight-row", values), open).clicked() {
        commands.push(Command::Insight(Insight::Open(Spot::Name(at))));
    }
}

fn row(ui: &mut Ui, title: String, open: bool) -> egui::Response {
    let tokens = ui.tokens();
    let ink = if open { tokens.accent } else { tokens.ink };
    ui.add(Button::selectable(open, RichText::new(title).color(ink)))
}

/// What can be done about the name that is open, and the sentences that name it.
fn about(ui: &mut Ui, insight: &mut Insights, commands: &mut Vec<Command>) {
    let kind = insight.kind();
    let Some(named) = insight.named() else { return };
    let ways: Vec<&str> = named.ways.iter().skip(1).take(WAYS).map(String::as_str).collect();
    if !ways.is_empty() {
        label::note(ui, text_with("insight-ways", [("ways", ways.join(", ").into())]));
    }
    let name = named.name.clone();
    let Some(opened) = &mut insight.opened else { return };
    match opened.form {
        None => changes(ui, kind, &name, commands),
        Some(form) => change(ui, form, opened, commands),
    }
    ui.add_space(4.0);
    quotes(ui, opened.quotes.as_deref(), commands);
    ui.add_space(10.0);
}

fn changes(ui: &mut Ui, kind: Kind, name: &str, commands: &mut Vec<Command>) {
    let (other, title) = match kind {
        Kind::Place => (Kind::Person, text("insight-is-person")),
        _ => (Kind::Place, text("insight-is-place")),
    };
    let wishes = [
        (Insight::Ask(Some(Form::SameAs)), text("insight-same")),
        (Insight::Ask(Some(Form::Rename)), text("insight-rename")),
        (Insight::Kind(other), title),
        (Insight::Ask(Some(Form::Forget)), text("insight-forget")),
    ];
    ui.horizontal_wrapped(|ui| {
        for (wish, title) in wishes {
            let full = row_name(name, &title);
            if button::named(ui, title, full).clicked() {
                commands.push(Command::Insight(wish));
            }
        }
    });
}

fn change(ui: &mut Ui, form: Form, opened: &mut Opened, commands: &mut Vec<Command>) {
    let (hint, name) = match form {
        Form::SameAs => (text("insight-same-hint"), text("insight-same-label")),
        Form::Rename => (text("insight-rename-hint"), text("insight-rename-label")),
        Form::Forget => (text("insight-forget-hint"), String::new()),
    };
    label::note(ui, hint);
    let mut done = false;
    ui.horizontal(|ui| {
        if form != Form::Forget {
            let field = ui.add(TextEdit::singleline(&mut opened.typed).desired_width(240.0));
            field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, &name));
            done = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        }
        done |= match form {
            Form::Forget => button::danger(ui, text("insight-forget-sure")).clicked(),
            _ => button::plain(ui, text("insight-apply")).clicked(),
        };
        if button::quiet(ui, text("keeping-cancel")).clicked() {
            commands.push(Command::Insight(Insight::Ask(None)));
        }
    });
    if done {
        commands.push(Command::Insight(Insight::Change));
    }
}

fn quotes(ui: &mut Ui, quotes: Option<&[Quote]>, commands: &mut Vec<Command>) {
    let Some(quotes) = quotes else { return label_busy(ui) };
    for quote in quotes {
        let when = day(quote.date, &text("list-name-format"));
        if source(ui, &quote.text, &when).clicked() {
            commands.push(Command::OpenEntry(quote.entry));
        }
    }
}

fn label_busy(ui: &mut Ui) {
    label::note(ui, text("shelf-busy"));
}

/// A sentence of the person's with its day, which leads to the entry.
fn source(ui: &mut Ui, sentence: &str, when: &str) -> egui::Response {
    let tokens = ui.tokens();
    let words = text_with("reflection-quote", [("words", sentence.into())]);
    let words = RichText::new(words).font(fonts::serif(UI_SIZE + 1.0)).color(tokens.ink_soft);
    let quote = ui.add(Button::new(words).wrap().frame(false));
    let when = RichText::new(when).size(SMALL_SIZE).color(tokens.accent);
    let link = ui.add(Button::new(when).frame(false)).on_hover_text(text("reflection-open"));
    ui.add_space(4.0);
    quote.union(link)
}

fn themes(ui: &mut Ui, insight: &Insights, commands: &mut Vec<Command>) {
    let Some(overview) = &insight.overview else { return };
    label::note(ui, text("insight-themes-rule"));
    if overview.themes.is_empty() {
        label::body(ui, text("insight-themes-none"));
    }
    for (month, (first, themes)) in overview.themes.iter().enumerate().take(insight.rows) {
        ui.add_space(6.0);
        let title = day(*first, &text("list-month-format"));
        label::heading(ui, title.clone());
        ui.horizontal_wrapped(|ui| {
            for (at, theme) in themes.iter().enumerate() {
                theme_row(ui, (month, at), &title, theme, insight, commands);
            }
        });
        let opened = insight.opened.as_ref();
        if let Some(opened) = opened.filter(|it| matches!(it.at, Spot::Theme(of, _) if of == month))
        {
            quotes(ui, opened.quotes.as_deref(), commands);
        }
    }
    if insight.rows < overview.themes.len() && button::plain(ui, text("insight-more")).clicked() {
        commands.push(Command::Insight(Insight::More));
    }
}

fn theme_row(
    ui: &mut Ui,
    (month, at): (usize, usize),
    title: &str,
    theme: &Theme,
    insight: &Insights,
    commands: &mut Vec<Command>,
) {
    let spot = Spot::Theme(month, at);
    let values = [("word", theme.word.clone().into()), ("count", theme.entries.len().into())];
    let words = text_with("insight-theme", values);
    let response = row(ui, words.clone(), is_open(insight, spot));
    let name = row_name(title, &words);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    if response.clicked() {
        commands.push(Command::Insight(Insight::Open(spot)));
    }
}

fn loops(ui: &mut Ui, insight: &Insights, commands: &mut Vec<Command>) {
    label::note(ui, text("insight-loops-rule"));
    ui.add_space(6.0);
    if insight.loops.is_empty() {
        label::body(ui, text("insight-loops-none"));
    }
    for (at, open) in insight.loops.iter().enumerate() {
        let when = day(open.date, &text("list-name-format"));
        let id: EntryId = open.entry;
        if source(ui, &open.sentence, &when).clicked() {
            commands.push(Command::OpenEntry(id));
        }
        let name = row_name(&open.sentence, &text("insight-dismiss"));
        if button::named(ui, text("insight-dismiss"), name).clicked() {
            commands.push(Command::Insight(Insight::Dismiss(at)));
        }
        ui.add_space(8.0);
    }
}
