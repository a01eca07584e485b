//! The search box, and what it found in place of the list.
use egui::{
    Align2, FontId, Key, Margin, Rect, Response, Role, ScrollArea, Sense, TextEdit, TextFormat, Ui,
    Vec2, WidgetInfo, pos2,
    text::{LayoutJob, TextWrapping},
};
use vault::search::{Hit, Snippet, Why, conditions};

use super::{day, row_name};
use crate::{
    command::Command,
    state::{Focus, Journal, MeaningStage, Scope, Search},
    text::{text, text_with},
    theme::{CORNER, SMALL_SIZE, UI_SIZE, UiTokens},
    widget::{button, label},
};

/// Height of a result, in points.
const ROW_HEIGHT: f32 = 84.0;
/// Lines of a snippet that are shown.
const SNIPPET_LINES: usize = 2;

/// Draws the box.
pub fn field(ui: &mut Ui, journal: &mut Journal, commands: &mut Vec<Command>) {
    let width = ui.available_width() - 10.0;
    let field = ui.add(
        TextEdit::singleline(&mut journal.search.text)
            .id_salt("search")
            .hint_text(text("search-hint"))
            .margin(Margin::symmetric(12, 8))
            .min_size(Vec2::new(width, 36.0))
            .desired_width(width),
    );
    field.widget_info(|| WidgetInfo::labeled(Role::SearchInput, true, text("search-label")));
    if journal.focus == Some(Focus::Search) {
        field.request_focus();
        journal.focus = None;
    }
    if field.changed() {
        commands.push(Command::Search);
    }
    filters(ui, &mut journal.search, commands);
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if entered && let Some(best) = journal.search.results.hits.first() {
        commands.push(Command::OpenEntry(best.id));
    }
}

/// Filters that one may click, beside those that are only typed, such as `tag:garden`.
fn offered() -> [(String, &'static str); 7] {
    [
        (text("search-filter-starred"), "is:starred"),
        (text("search-filter-photo"), "has:photo"),
        (text("search-filter-good"), "mood:>3"),
        (text("search-filter-low"), "mood:<3"),
        (text("search-filter-today"), "on:today"),
        (text("search-filter-month"), "on:\"last month\""),
        (text("search-filter-year"), "on:\"this year\""),
    ]
}

/// Draws the filters that hold, each of which a click removes, and those that are offered.
fn filters(ui: &mut Ui, search: &mut Search, commands: &mut Vec<Command>) {
    let held = conditions(&search.text, jiff::Zoned::now().date());
    let mut removed = None;
    let mut added = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(4.0);
        for range in &held {
            let filter = search.text[range.clone()].to_owned();
            let name = text_with("search-filter-remove", [("filter", filter.clone().into())]);
            if button::chip(ui, format!("{filter} ×"), name).clicked() {
                removed = Some(range.clone());
            }
        }
        let open = &mut search.filters_offered;
        if button::quiet(ui, text("search-filters")).clicked() {
            *open = !*open;
        }
        let is_held = |filter: &str| held.iter().any(|range| search.text[range.clone()] == *filter);
        if *open {
            for (name, filter) in offered() {
                if !is_held(filter) && button::plain(ui, name).clicked() {
                    added = Some(filter);
                }
            }
        }
    });
    if let Some(range) = &removed {
        search.text.replace_range(range.clone(), "");
    }
    if let Some(filter) = added {
        search.text = format!("{} {filter} ", search.text.trim()).trim_start().to_owned();
    }
    if removed.is_some() || added.is_some() {
        commands.push(Command::Search);
    }
}

/// Draws what was found.
pub fn results(ui: &mut Ui, journal: &Journal, commands: &mut Vec<Command>) {
    let results = &journal.search.results;
    label::note(ui, text_with("search-total", [("count", results.total.into())]));
    if let Some((done, total)) = journal.indexed {
        let percent = 100 * done / total.max(1);
        label::note(ui, text_with("search-reading", [("percent", percent.into())]));
    }
    if journal.meaning.stage == MeaningStage::Ready && journal.meaning.left > 1 {
        let left = [("count", journal.meaning.left.into())];
        label::note(ui, text_with("search-meaning-left", left));
    }
    if results.total > 0 && button::quiet(ui, text("summary-search")).clicked() {
        commands.push(Command::Summarise(Scope::Found));
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().id_salt("results").auto_shrink(false).show_rows(
        ui,
        ROW_HEIGHT,
        results.hits.len(),
        |ui, shown| {
            for hit in &results.hits[shown] {
                if result(ui, hit, journal.draft.id == hit.id).clicked() {
                    commands.push(Command::OpenEntry(hit.id));
                }
            }
        },
    );
}

fn result(ui: &mut Ui, hit: &Hit, open: bool) -> Response {
    let tokens = ui.tokens();
    let size = Vec2::new(ui.available_width() - 10.0, ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let date = day(hit.date, &text("search-day-format"));
    let name = row_name(&date, &hit.snippet.text);
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, open, &name));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let fill = match (open, response.hovered() || response.has_focus()) {
        (true, _) => Some(tokens.accent_soft),
        (false, true) => Some(tokens.hover),
        (false, false) => None,
    };
    let outer = Rect::from_min_max(pos2(rect.left() - 8.0, rect.top() + 2.0), rect.max);
    if let Some(fill) = fill {
        ui.painter().rect_filled(outer, CORNER, fill);
    }
    let at = rect.left_top() + Vec2::new(0.0, 10.0);
    let small = FontId::proportional(SMALL_SIZE);
    let date = match &hit.why {
        Why::Meaning(_) => text_with("search-meaning", [("date", date.into())]),
        Why::Words(_) | Why::Filter => date,
    };
    ui.painter().text(at, Align2::LEFT_TOP, date, small, tokens.ink_soft);
    let galley = ui.painter().layout_job(snippet(ui, &hit.snippet, rect.width() - 8.0));
    ui.painter().galley(at + Vec2::new(0.0, 20.0), galley, tokens.ink);
    response
}

/// The snippet with what was found marked. Ranges that do not fit the text are left unmarked.
fn snippet(ui: &Ui, snippet: &Snippet, width: f32) -> LayoutJob {
    let tokens = ui.tokens();
    let plain = TextFormat {
        color: tokens.ink,
        line_height: Some(20.0),
        ..TextFormat::simple(FontId::proportional(UI_SIZE), tokens.ink)
    };
    let found = TextFormat { background: tokens.highlight, ..plain.clone() };
    let mut job = LayoutJob::default();
    let mut at = 0;
    for range in &snippet.highlights {
        let (Some(before), Some(words)) =
            (snippet.text.get(at..range.start), snippet.text.get(range.clone()))
        else {
            continue;
        };
        job.append(before, 0.0, plain.clone());
        job.append(words, 0.0, found.clone());
        at = range.end;
    }
    job.append(snippet.text.get(at..).unwrap_or_default(), 0.0, plain);
    job.wrap = TextWrapping { max_width: width, max_rows: SNIPPET_LINES, ..Default::default() };
    job
}
