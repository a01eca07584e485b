//! How the window looks: colours and sizes from `assets/theme`, faces from `assets/fonts`.
use crate::settings::{Settings, ThemeChoice};

pub mod fonts;
mod tokens;
mod visuals;

pub use tokens::Tokens;

/// Margin around the contents of a panel, in points.
pub const MARGIN: i8 = 20;
/// Width of the list of entries, in points.
pub const LIST_WIDTH: f32 = 292.0;
/// Width of the reflection panel, in points.
pub const REFLECTION_WIDTH: f32 = 336.0;
/// Line height of an entry's text, of its size.
pub const LINE_HEIGHT: f32 = 1.5;
/// Radius of corners, in points.
pub const CORNER: u8 = 7;
/// Size of ordinary interface text, in points.
pub const UI_SIZE: f32 = 14.0;
/// Size of small interface text, in points.
pub const SMALL_SIZE: f32 = 12.5;

/// Sets faces and both themes.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts::definitions());
    for theme in [egui::Theme::Light, egui::Theme::Dark] {
        ctx.set_style_of(theme, visuals::style(theme, Tokens::of(theme)));
    }
}

/// Takes the person's choice of light or dark.
pub fn apply(ctx: &egui::Context, settings: &Settings) {
    ctx.set_theme(match settings.theme {
        ThemeChoice::System => egui::ThemePreference::System,
        ThemeChoice::Light => egui::ThemePreference::Light,
        ThemeChoice::Dark => egui::ThemePreference::Dark,
    });
}

/// The theme's values at hand wherever there is a `Ui`.
pub trait UiTokens {
    /// The values of the theme in use.
    fn tokens(&self) -> &'static Tokens;
}

impl UiTokens for egui::Ui {
    fn tokens(&self) -> &'static Tokens {
        Tokens::of(self.theme())
    }
}
