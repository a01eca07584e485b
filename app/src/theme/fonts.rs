//! The faces: Literata to read and write, Inter for the interface.
use std::sync::Arc;

use egui::{
    FontData, FontDefinitions, FontFamily, FontId, FontTweak, epaint::text::VariationCoords,
};

use crate::settings::ReadingFont;

const SERIF: &str = "Literata";
const SERIF_ITALIC: &str = "Literata Italic";
const SANS: &str = "Inter";

/// The faces and the families made of them.
#[must_use]
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let faces = [
        (SERIF, include_bytes!("../../../assets/fonts/Literata.ttf").as_slice()),
        (SERIF_ITALIC, include_bytes!("../../../assets/fonts/Literata-Italic.ttf")),
        (SANS, include_bytes!("../../../assets/fonts/Inter.ttf")),
    ];
    for (name, bytes) in faces {
        let data = FontData::from_static(bytes).tweak(FontTweak::default());
        fonts.font_data.insert(name.to_owned(), Arc::new(data));
    }
    let families = [
        (FontFamily::Proportional, vec![SANS, SERIF]),
        (FontFamily::Monospace, vec![SANS, SERIF]),
        (FontFamily::Name(SERIF.into()), vec![SERIF, SANS]),
        (FontFamily::Name(SERIF_ITALIC.into()), vec![SERIF_ITALIC, SERIF, SANS]),
    ];
    for (family, faces) in families {
        fonts.families.insert(family, faces.into_iter().map(str::to_owned).collect());
    }
    fonts
}

/// The reading face at a size in points.
#[must_use]
pub fn reading(font: ReadingFont, size: f32) -> FontId {
    match font {
        ReadingFont::Serif => FontId::new(size, FontFamily::Name(SERIF.into())),
        ReadingFont::Sans => FontId::proportional(size),
    }
}

/// The slanted reading face, if it has one of its own.
#[must_use]
pub fn reading_italic(font: ReadingFont, size: f32) -> Option<FontId> {
    match font {
        ReadingFont::Serif => Some(FontId::new(size, FontFamily::Name(SERIF_ITALIC.into()))),
        ReadingFont::Sans => None,
    }
}

/// The serif face at a size in points, for headings.
#[must_use]
pub fn serif(size: f32) -> FontId {
    reading(ReadingFont::Serif, size)
}

/// The weight of a face, from 400 (regular) to 700 (bold).
#[must_use]
pub fn weight(weight: f32) -> VariationCoords {
    VariationCoords::new([(b"wght", weight)])
}
