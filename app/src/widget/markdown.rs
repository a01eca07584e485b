//! Markdown as it is written: markers dimmed, never hidden.
use std::ops::Range;

use egui::{Color32, FontId, Stroke, TextFormat, epaint::text::VariationCoords, text::LayoutJob};

use crate::{
    settings::{ReadingFont, Settings},
    theme::{LINE_HEIGHT, Tokens, fonts},
};

mod parse;

use parse::{Kind, Look, spans};

/// The face and colours of an entry's text.
pub struct Face<'a> {
    font: ReadingFont,
    size: f32,
    tokens: &'a Tokens,
}

impl<'a> Face<'a> {
    /// The face that the person chose.
    #[must_use]
    pub fn new(settings: &Settings, tokens: &'a Tokens) -> Self {
        Self { font: settings.reading_font, size: settings.text_size, tokens }
    }

    /// The same face at another size.
    #[must_use]
    pub fn with_size(self, size: f32) -> Self {
        Self { size, ..self }
    }

    /// The face of plain text.
    #[must_use]
    pub fn font_id(&self) -> FontId {
        fonts::reading(self.font, self.size)
    }

    fn format(&self, look: Look) -> TextFormat {
        let size = self.size * look.scale();
        let italic = fonts::reading_italic(self.font, size).filter(|_| look.italic);
        let line = Stroke::new(1.0, self.tokens.ink_faint);
        TextFormat {
            italics: look.italic && italic.is_none(),
            font_id: italic.unwrap_or_else(|| fonts::reading(self.font, size)),
            line_height: Some((size * LINE_HEIGHT).round()),
            color: self.color(look.kind),
            coords: if look.bold { fonts::weight(680.0) } else { VariationCoords::default() },
            strikethrough: if look.struck { line } else { Stroke::NONE },
            ..TextFormat::default()
        }
    }

    fn color(&self, kind: Kind) -> Color32 {
        match kind {
            Kind::Text => self.tokens.ink,
            Kind::Marker => self.tokens.ink_faint,
            Kind::Quote => self.tokens.ink_soft,
            Kind::Link => self.tokens.accent,
        }
    }
}

/// The text without its markers.
#[must_use]
pub fn plain(text: &str) -> String {
    let words = spans(text).into_iter().filter(|(_, look)| look.kind != Kind::Marker);
    words.map(|(piece, _)| piece).collect()
}

/// The whole text laid out, the bytes in `lit` on a ground of their own; egui keeps the paragraphs that
/// did not change.
#[must_use]
pub fn layout(text: &str, wrap_width: f32, face: &Face<'_>, lit: &[Range<usize>]) -> LayoutJob {
    let mut job = LayoutJob::default();
    job.wrap.max_width = wrap_width;
    job.text.reserve(text.len());
    let mut at = 0;
    for (piece, look) in spans(text) {
        for (part, is_lit) in split(piece, at, lit) {
            let mut format = face.format(look);
            if is_lit {
                format.background = face.tokens.highlight;
            }
            job.append(part, 0.0, format);
        }
        at += piece.len();
    }
    if job.sections.is_empty() {
        job.append("", 0.0, face.format(Look::default()));
    }
    job
}

/// A piece that begins at a byte of the text, cut where the light goes on or off.
fn split<'t>(piece: &'t str, start: usize, lit: &[Range<usize>]) -> Vec<(&'t str, bool)> {
    let end = start + piece.len();
    let bounds = lit.iter().flat_map(|range| [range.start, range.end]);
    let mut cuts: Vec<usize> = bounds.filter(|at| (start + 1..end).contains(at)).collect();
    cuts.extend([start, end]);
    cuts.sort_unstable();
    let part = |cut: &[usize]| {
        let is_lit = lit.iter().any(|range| range.contains(&cut[0]));
        piece.get(cut[0] - start..cut[1] - start).map(|part| (part, is_lit))
    };
    cuts.windows(2).filter_map(part).collect()
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;

    #[test]
    fn what_is_lit_is_cut_out_of_its_piece() {
        assert_eq!(
            split("abcdef", 10, from_ref(&(12..14))),
            [("ab", false), ("cd", true), ("ef", false)]
        );
        assert_eq!(split("abc", 0, from_ref(&(0..9))), [("abc", true)]);
        assert_eq!(split("abc", 0, &[]), [("abc", false)]);
        assert_eq!(split("", 0, &[]), [("", false)]);
    }
}
