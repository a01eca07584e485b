//! The colours of a theme, by what they are for.
use std::sync::LazyLock;

use egui::{Color32, Theme};
use serde::{Deserialize, Deserializer, de::Error as _};

/// Colours by role.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    /// What is written on.
    #[serde(deserialize_with = "color")]
    pub paper: Color32,
    /// The panels beside it.
    #[serde(deserialize_with = "color")]
    pub panel: Color32,
    /// Fields to type in.
    #[serde(deserialize_with = "color")]
    pub field: Color32,
    /// Text.
    #[serde(deserialize_with = "color")]
    pub ink: Color32,
    /// Text that stands back.
    #[serde(deserialize_with = "color")]
    pub ink_soft: Color32,
    /// Hints and marks.
    #[serde(deserialize_with = "color")]
    pub ink_faint: Color32,
    /// Lines between panels, borders of fields.
    #[serde(deserialize_with = "color")]
    pub line: Color32,
    /// What can be done, and the cursor.
    #[serde(deserialize_with = "color")]
    pub accent: Color32,
    /// What is chosen.
    #[serde(deserialize_with = "color")]
    pub accent_soft: Color32,
    /// Text on the accent.
    #[serde(deserialize_with = "color")]
    pub on_accent: Color32,
    /// Selected text.
    #[serde(deserialize_with = "color")]
    pub selection: Color32,
    /// Words that were searched for.
    #[serde(deserialize_with = "color")]
    pub highlight: Color32,
    /// What the pointer is over.
    #[serde(deserialize_with = "color")]
    pub hover: Color32,
    /// What went wrong, what destroys.
    #[serde(deserialize_with = "color")]
    pub danger: Color32,
    /// Below what lies on top.
    #[serde(deserialize_with = "color")]
    pub shadow: Color32,
}

static LIGHT: LazyLock<Tokens> =
    LazyLock::new(|| embedded(include_str!("../../../assets/theme/light.json")));
static DARK: LazyLock<Tokens> =
    LazyLock::new(|| embedded(include_str!("../../../assets/theme/dark.json")));

impl Tokens {
    /// The values of a theme.
    #[must_use]
    pub fn of(theme: Theme) -> &'static Self {
        match theme {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        }
    }
}

fn embedded(json: &str) -> Tokens {
    match serde_json::from_str(json) {
        Ok(tokens) => tokens,
        Err(error) => {
            unreachable!("the themes are part of the program, a test reads them: {error}")
        }
    }
}

fn color<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Color32, D::Error> {
    let hex = String::deserialize(deserializer)?;
    Color32::from_hex(&hex).map_err(|_| D::Error::custom(format!("not a colour: {hex}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, WCAG 2.
    fn luminance(color: Color32) -> f32 {
        let [r, g, b, _] = egui::Rgba::from(color).to_array();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn contrast(a: Color32, b: Color32) -> f32 {
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        a.max(b) / a.min(b)
    }

    #[test]
    fn text_stands_out_from_what_it_is_on() {
        for theme in [Theme::Light, Theme::Dark] {
            let tokens = Tokens::of(theme);
            for ground in [tokens.paper, tokens.panel, tokens.field] {
                assert!(contrast(tokens.ink, ground) >= 7.0);
                assert!(contrast(tokens.ink_soft, ground) >= 4.5);
                assert!(contrast(tokens.accent, ground) >= 4.5);
                assert!(contrast(tokens.danger, ground) >= 4.5);
                assert!(contrast(tokens.ink_faint, ground) >= 3.0);
            }
            assert!(contrast(tokens.ink, tokens.highlight) >= 4.5);
            assert!(contrast(tokens.ink, tokens.accent_soft) >= 7.0);
            assert!(contrast(tokens.on_accent, tokens.accent) >= 4.5);
        }
    }
}
