//! A text's sentences, as slices of it: Markdown, abbreviations and very long sentences included.
use std::ops::Range;

/// Words after which a full stop ends nothing.
const ABBREVIATIONS: &str = " mr mrs ms dr st sr jr prof capt col coll gen serjt esq viz maj lt sgt rev hon messrs wm ph ld thos geo chas vs etc eg ie cf vol dept approx appt \
    jan feb mar apr jun jul aug sept sep oct nov dec mon tue wed thu fri sat sun \
    hr fr bzw usw ca nr str evtl ggf inkl zb mme mlle sra srta ud uds dña pp the ";

/// Months, which a German or an English day number may stand before or after.
const MONTHS: &str = " january february march april may june july august september october november december \
    jan feb mar apr jun jul aug sept sep oct nov dec januar februar märz mai juni juli oktober dezember ";

/// More words than this, and a sentence is told in clauses.
const LONG: usize = 30;
/// A clause has at least so many words.
const SHORTEST_CLAUSE: usize = 5;

/// The sentences of `text`, long ones as clauses, each a slice of it. Headings, rules, tables,
/// pictures, code and lines that are only a date are left out.
#[must_use]
pub fn units(text: &str) -> Vec<&str> {
    sentences(text).into_iter().flat_map(clauses).collect()
}

/// The sentences of `text`, each a slice of it.
#[must_use]
pub fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for block in blocks(text) {
        split_block(&text[block], &mut found);
    }
    found.retain(|s| s.contains(char::is_alphabetic) && !is_date(s));
    found
}

/// A sentence of more than 30 words in pieces that can stand alone; others as they are.
#[must_use]
pub fn clauses(sentence: &str) -> Vec<&str> {
    if count(sentence) <= LONG {
        return vec![sentence];
    }
    let strong = pieces(sentence, &[";", ":—", "—", " – ", ": "]);
    let weak = [
        ", and ", ", but ", ", where ", ", so ", ", then ", ", which ", ", who ", ", und ",
        ", aber ",
    ];
    strong
        .into_iter()
        .flat_map(|p| if count(p) > LONG { pieces(p, &weak) } else { vec![p] })
        .map(trim_clause)
        .filter(|p| count(p) >= 3)
        .collect()
}

fn count(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Cuts before each separator, unless a piece would get shorter than the shortest clause.
fn pieces<'a>(text: &'a str, separators: &[&str]) -> Vec<&'a str> {
    let mut cuts: Vec<usize> =
        separators.iter().flat_map(|s| text.match_indices(s)).map(|(at, _)| at).collect();
    cuts.sort_unstable();
    let mut found = Vec::new();
    let mut start = 0;
    for cut in cuts {
        if cut > start
            && count(&text[start..cut]) >= SHORTEST_CLAUSE
            && count(&text[cut..]) >= SHORTEST_CLAUSE
        {
            found.push(&text[start..cut]);
            start = cut;
        }
    }
    found.push(&text[start..]);
    found
}

fn trim_clause(clause: &str) -> &str {
    let mut rest = clause.trim_matches(|c: char| c.is_whitespace() || ",;:—–-".contains(c));
    for word in ["and ", "but ", "so ", "then ", "und ", "aber ", "et ", "mais ", "y ", "pero "] {
        if let Some(shorter) = rest.strip_prefix(word) {
            rest = shorter.trim_start();
        }
    }
    rest
}

/// Byte ranges of paragraphs and list items, without their markers.
fn blocks(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    let mut fenced = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            fenced = !fenced;
            open = false;
        } else if fenced || trimmed.is_empty() || skipped(trimmed) {
            open = false;
        } else {
            let marker = marker(trimmed);
            let begin = start + (line.len() - line.trim_start().len()) + marker;
            let end = start + line.trim_end().len();
            match found.last_mut() {
                Some(last) if open && marker == 0 => last.end = end,
                _ => found.push(begin.min(end)..end),
            }
            open = true;
        }
    }
    found
}

fn skipped(line: &str) -> bool {
    line.starts_with(['#', '|'])
        || line.starts_with("![")
        || line.chars().all(|c| "-*_= ".contains(c))
}

/// Length in bytes of a list or quote marker.
fn marker(line: &str) -> usize {
    let mut length = 0;
    for marker in ["> ", "- [ ] ", "- [x] ", "- ", "* ", "+ ", "• "] {
        if line[length..].starts_with(marker) {
            length += marker.len();
        }
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = line[digits..].starts_with(". ") || line[digits..].starts_with(") ");
    if length == 0 && (1..=2).contains(&digits) && numbered && !before_month(&line[digits + 2..]) {
        length = digits + 2;
    }
    length
}

fn before_month(rest: &str) -> bool {
    let word = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_lowercase();
    !word.is_empty() && MONTHS.contains(&format!(" {word} "))
}

fn split_block<'a>(block: &'a str, found: &mut Vec<&'a str>) {
    let mut start = 0;
    let mut skip_to = 0;
    for (at, c) in block.char_indices() {
        if at < skip_to {
            continue;
        }
        let end = match c {
            '.' | '!' | '?' | '…' | '。' | '！' | '？' => after_closers(block, at),
            '\n' if line_is_sentence(&block[start..at], &block[at + 1..]) => at + 1,
            _ => continue,
        };
        skip_to = end;
        if c == '\n' || ends_sentence(block, start, at, end) {
            push(&block[start..end], found);
            start = end;
        }
    }
    push(&block[start..], found);
}

fn push<'a>(sentence: &'a str, found: &mut Vec<&'a str>) {
    let sentence = sentence.trim();
    if !sentence.is_empty() {
        found.push(sentence);
    }
}

fn after_closers(block: &str, at: usize) -> usize {
    let run = block[at..].find(|c: char| !".!?…。！？\"'”’»)]*_".contains(c));
    run.map_or(block.len(), |length| at + length)
}

/// A short line without a stop, before a line that begins with a capital, is a sentence of its own.
fn line_is_sentence(before: &str, after: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or(before).trim_end();
    line.chars().count() < 60
        && !line.ends_with([',', ';', ':', '-', '—'])
        && after.trim_start().starts_with(char::is_uppercase)
}

fn ends_sentence(block: &str, start: usize, at: usize, end: usize) -> bool {
    let next = block[end..].trim_start();
    let Some(first) = next.chars().next() else { return true };
    let wide =
        "。！？".contains(&block[at..at + block[at..].chars().next().map_or(1, char::len_utf8)]);
    if !wide && next.len() == block[end..].len() {
        return false;
    }
    let quoted = block[at..end].contains(['"', '”', '’', '»']);
    let lower = first.is_lowercase();
    if block[at..].starts_with('.') && !block[at..].starts_with("..") && !quoted {
        return !stops_nothing(&block[start..at], next, lower);
    }
    !lower || (!quoted && !block[at..].starts_with(['.', '…']))
}

/// Whether a full stop belongs to the word before it: an abbreviation, an initial, a German day.
fn stops_nothing(before: &str, next: &str, lower: bool) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || "(“\"[-".contains(c))
        .next()
        .unwrap_or_default();
    let plain: String = word.to_lowercase().chars().filter(|c| *c != '.').collect();
    let number = !plain.is_empty() && plain.chars().all(|c| c.is_ascii_digit());
    let initial =
        plain.chars().count() == 1 && plain != "i" && plain.chars().all(char::is_alphabetic);
    let dotted = word.contains('.') && !number;
    let known = ABBREVIATIONS.contains(&format!(" {plain} "));
    // "spent 12s. upon them": pounds, shillings and pence.
    let sum = lower && plain.ends_with(['s', 'd', 'l']) && {
        let digits = &plain[..plain.len() - 1];
        !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
    };
    (number && ((lower && !next.starts_with("i ")) || before_month(next)))
        || (initial && (!lower || word.starts_with(char::is_uppercase)))
        || (dotted && lower)
        || sum
        || known
}

/// Whether a sentence is nothing but a date: "2nd.", "Jan. 1st (Lord's day).".
fn is_date(sentence: &str) -> bool {
    let outside = sentence.split('(').next().unwrap_or(sentence);
    let mut words =
        outside.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).peekable();
    words.peek().is_some() && count(sentence) <= 6 && words.all(is_date_word)
}

fn is_date_word(word: &str) -> bool {
    let word = word.to_lowercase();
    let ordinal = word.trim_end_matches(|c: char| c.is_alphabetic());
    let suffix = &word[ordinal.len()..];
    let number = !ordinal.is_empty() && ["", "st", "nd", "rd", "th", "d"].contains(&suffix);
    number || MONTHS.contains(&format!(" {word} "))
}

#[cfg(test)]
mod tests;
