//! Splits Markdown into pieces of one look each. It never fails: what is no markup is text.

/// What a piece is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Written text.
    #[default]
    Text,
    /// Signs that are markup.
    Marker,
    /// A quoted line.
    Quote,
    /// The words of a link.
    Link,
}

/// How a piece looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// What it is.
    pub kind: Kind,
    /// Strong.
    pub bold: bool,
    /// Emphasised.
    pub italic: bool,
    /// Struck through.
    pub struck: bool,
    /// Level of its heading; 0 for none.
    pub heading: u8,
}

impl Look {
    /// Its size, of that of plain text.
    pub fn scale(self) -> f32 {
        match self.heading {
            1 => 1.35,
            2 => 1.18,
            _ => 1.0,
        }
    }

    fn marker(self) -> Self {
        Self { kind: Kind::Marker, ..self }
    }
}

/// What a pair of signs does to the look between.
type Change = fn(Look) -> Look;

/// Pairs of signs around text, the longer before those they begin with.
const PAIRS: [(&str, Change); 6] = [
    ("**", |look| Look { bold: true, ..look }),
    ("__", |look| Look { bold: true, ..look }),
    ("~~", |look| Look { struck: true, ..look }),
    ("*", |look| Look { italic: true, ..look }),
    ("_", |look| Look { italic: true, ..look }),
    ("`", |look| Look { kind: Kind::Quote, ..look }),
];

/// The pieces of a text; together they are the text.
pub fn spans(text: &str) -> Vec<(&str, Look)> {
    let mut spans = Vec::new();
    for line in text.split_inclusive('\n') {
        block(line, &mut spans);
    }
    spans
}

fn block<'a>(line: &'a str, spans: &mut Vec<(&'a str, Look)>) {
    let (marker, look) = marker_of(line);
    let (marker, rest) = line.split_at(marker);
    push(marker, look.marker(), spans);
    inline(rest, look, spans);
}

/// The length of a line's own marker, and how its text looks.
fn marker_of(line: &str) -> (usize, Look) {
    let trimmed = line.trim_start_matches(' ');
    let indent = line.len() - trimmed.len();
    let hashes = trimmed.bytes().take_while(|byte| *byte == b'#').count();
    if (1..=6).contains(&hashes) && trimmed[hashes..].starts_with(' ') {
        let look = Look { bold: true, heading: hashes as u8, ..Look::default() };
        return (indent + hashes + 1, look);
    }
    if trimmed.starts_with('>') {
        let length = if trimmed.starts_with("> ") { 2 } else { 1 };
        let look = Look { kind: Kind::Quote, italic: true, ..Look::default() };
        return (indent + length, look);
    }
    if is_rule(trimmed) {
        return (line.len(), Look::default());
    }
    (list_marker(trimmed).map_or(0, |length| indent + length), Look::default())
}

fn is_rule(line: &str) -> bool {
    let line = line.trim_end();
    line.len() >= 3 && ['-', '*', '_'].iter().any(|sign| line.chars().all(|c| c == *sign))
}

/// The length of `- `, `* `, `+ `, `- [ ] ` or `12. ` at the start of a line.
fn list_marker(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let bullet = match line.as_bytes().get(digits)? {
        b'-' | b'*' | b'+' if digits == 0 => 1,
        b'.' | b')' if (1..=3).contains(&digits) => digits + 1,
        _ => return None,
    };
    let rest = line[bullet..].strip_prefix(' ')?;
    let is_task = ["[ ] ", "[x] ", "[X] "].iter().any(|task| rest.starts_with(task));
    Some(bullet + 1 + if is_task { 4 } else { 0 })
}

fn inline<'a>(text: &'a str, look: Look, spans: &mut Vec<(&'a str, Look)>) {
    let mut start = 0;
    let mut at = 0;
    while let Some(offset) = text[at..].find(['*', '_', '~', '`', '[']) {
        at += offset;
        match marked(text, at, look) {
            Some(marked) => {
                push(&text[start..at], look, spans);
                at = marked.push(text, at, look, spans);
                start = at;
            }
            None => at += 1,
        }
    }
    push(&text[start..], look, spans);
}

/// Marked text at a place: lengths of what opens it, of itself and of what closes it.
struct Marked {
    open: usize,
    inner: usize,
    close: usize,
    look: Look,
}

impl Marked {
    /// Where it ends.
    fn push<'a>(
        &self,
        text: &'a str,
        at: usize,
        outer: Look,
        spans: &mut Vec<(&'a str, Look)>,
    ) -> usize {
        let (inner, close) = (at + self.open, at + self.open + self.inner);
        push(&text[at..inner], outer.marker(), spans);
        if text[at..].starts_with('`') {
            push(&text[inner..close], self.look, spans);
        } else {
            inline(&text[inner..close], self.look, spans);
        }
        push(&text[close..close + self.close], outer.marker(), spans);
        close + self.close
    }
}

fn marked(text: &str, at: usize, look: Look) -> Option<Marked> {
    if text[at..].starts_with('[') {
        return link(&text[at..], look);
    }
    let (sign, change) = PAIRS.iter().find(|(sign, _)| text[at..].starts_with(sign))?;
    // Inside a word `_` is a letter: `snake_case`.
    let after_letter = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
    if sign.starts_with('_') && after_letter {
        return None;
    }
    let rest = &text[at + sign.len()..];
    let inner = rest.find(sign).filter(|inner| *inner > 0)?;
    let is_tight = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
    let tight = is_tight(rest.chars().next()) && is_tight(rest[..inner].chars().next_back());
    tight.then(|| Marked { open: sign.len(), inner, close: sign.len(), look: change(look) })
}

/// `[words](target)`.
fn link(text: &str, look: Look) -> Option<Marked> {
    let inner = text.find("](")?.checked_sub(1).filter(|inner| *inner > 0)?;
    let target = text[inner + 3..].find(')')?;
    Some(Marked { open: 1, inner, close: target + 3, look: Look { kind: Kind::Link, ..look } })
}

fn push<'a>(piece: &'a str, look: Look, spans: &mut Vec<(&'a str, Look)>) {
    if !piece.is_empty() {
        spans.push((piece, look));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every piece with a letter for what it is: Text, Marker, Quote, Link; bold and italic.
    fn shown(text: &str) -> String {
        let pieces = spans(text);
        assert_eq!(pieces.iter().map(|(piece, _)| *piece).collect::<String>(), text);
        let shown = pieces.iter().map(|(piece, look)| {
            let kind = match look.kind {
                Kind::Text => "T",
                Kind::Marker => "M",
                Kind::Quote => "Q",
                Kind::Link => "L",
            };
            let bold = if look.bold { "b" } else { "" };
            let italic = if look.italic { "i" } else { "" };
            format!("{kind}{bold}{italic}<{piece}>")
        });
        shown.collect()
    }

    #[test]
    fn marks_around_words_are_markers() {
        assert_eq!(shown("a **b** c"), "T<a >M<**>Tb<b>M<**>T< c>");
        assert_eq!(shown("[sea](x.png)!"), "M<[>L<sea>M<](x.png)>T<!>");
    }

    #[test]
    fn lines_have_their_markers() {
        assert_eq!(shown("# A\nb"), "Mb<# >Tb<A\n>T<b>");
        assert_eq!(shown("> said"), "Mi<> >Qi<said>");
        assert_eq!(shown("- [ ] tea"), "M<- [ ] >T<tea>");
        assert_eq!(shown("12. tea"), "M<12. >T<tea>");
        assert_eq!(shown("---\n"), "M<---\n>");
    }

    #[test]
    fn what_is_no_markup_is_text() {
        for text in ["snake_case_word", "2 * 3 * 4", "#tag", "a [b] c", "** a", "-5 degrees", "🌧️*"]
        {
            assert_eq!(shown(text), format!("T<{text}>"));
        }
    }
}
