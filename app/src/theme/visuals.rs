//! What egui's own widgets make of the theme.
use egui::{
    Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle, Theme,
    Vec2, Visuals,
    style::{Selection, WidgetVisuals, Widgets},
};

use super::{CORNER, SMALL_SIZE, Tokens, UI_SIZE};

/// The style of a theme.
pub fn style(theme: Theme, tokens: &Tokens) -> Style {
    let mut style = Style { visuals: visuals(theme, tokens), ..Style::default() };
    style.text_styles = [
        (TextStyle::Heading, FontId::new(22.0, super::fonts::serif(22.0).family)),
        (TextStyle::Body, FontId::new(UI_SIZE, FontFamily::Proportional)),
        (TextStyle::Button, FontId::new(UI_SIZE, FontFamily::Proportional)),
        (TextStyle::Monospace, FontId::new(UI_SIZE, FontFamily::Monospace)),
        (TextStyle::Small, FontId::new(SMALL_SIZE, FontFamily::Proportional)),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::new(8.0, 8.0);
    spacing.button_padding = Vec2::new(12.0, 7.0);
    spacing.interact_size.y = 30.0;
    spacing.menu_margin = Margin::same(8);
    spacing.window_margin = Margin::same(24);
    style.interaction.selectable_labels = false;
    style.animation_time = 0.12;
    style
}

fn visuals(theme: Theme, tokens: &Tokens) -> Visuals {
    let base = match theme {
        Theme::Light => Visuals::light(),
        Theme::Dark => Visuals::dark(),
    };
    let mut visuals = Visuals {
        widgets: widgets(tokens),
        selection: Selection { bg_fill: tokens.selection, stroke: Stroke::new(1.0, tokens.ink) },
        override_text_color: None,
        weak_text_color: Some(tokens.ink_faint),
        hyperlink_color: tokens.accent,
        faint_bg_color: tokens.panel,
        extreme_bg_color: tokens.field,
        text_edit_bg_color: Some(tokens.field),
        code_bg_color: tokens.panel,
        warn_fg_color: tokens.danger,
        error_fg_color: tokens.danger,
        window_fill: tokens.paper,
        panel_fill: tokens.paper,
        window_stroke: Stroke::new(1.0, tokens.line),
        window_corner_radius: CornerRadius::same(2 * CORNER),
        menu_corner_radius: CornerRadius::same(CORNER),
        window_shadow: shadow(24, tokens.shadow),
        popup_shadow: shadow(12, tokens.shadow),
        ..base
    };
    visuals.text_cursor.stroke = Stroke::new(2.0, tokens.accent);
    visuals
}

fn widgets(tokens: &Tokens) -> Widgets {
    let widget = |fill: Color32, line: Color32, ink: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, line),
        corner_radius: CornerRadius::same(CORNER),
        fg_stroke: Stroke::new(1.0, ink),
        expansion: 0.0,
    };
    Widgets {
        noninteractive: widget(tokens.paper, tokens.line, tokens.ink),
        inactive: widget(tokens.field, tokens.line, tokens.ink),
        hovered: widget(tokens.hover, tokens.line, tokens.ink),
        active: widget(tokens.accent_soft, tokens.accent, tokens.ink),
        open: widget(tokens.hover, tokens.line, tokens.ink),
    }
}

fn shadow(blur: u8, color: Color32) -> Shadow {
    Shadow { offset: [0, 4], blur, spread: 0, color }
}
