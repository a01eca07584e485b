//! Reads what a person typed into words to find and conditions to meet.
use std::ops::{Range, RangeInclusive};

use jiff::civil::Date;

use super::{
    documents::label,
    time::{self, TimeSpan},
    tokenize::{self, Tokens},
};

/// Most words a query is read for; what is past them is left out.
const MAX_ATOMS: usize = 32;

/// What an entry must have and be.
#[derive(Clone, PartialEq, Default)]
pub(crate) struct Plan {
    pub(crate) clauses: Vec<Clause>,
    pub(crate) conditions: Vec<Condition>,
}

impl Plan {
    /// The plan with what is written without spaces cut into its pairs of characters; `None` if it has nothing of the
    /// kind.
    pub(crate) fn in_pairs(&self) -> Option<Self> {
        let is_long = |clause: &Clause| {
            !clause.negated && clause.atoms.iter().any(|atom| atom.unspaced && atom.words.len() > 2)
        };
        self.clauses.iter().any(is_long).then(|| {
            let (long, mut clauses): (Vec<_>, Vec<_>) =
                self.clauses.iter().cloned().partition(is_long);
            let atoms: usize = clauses.iter().map(|clause| clause.atoms.len()).sum();
            let pairs = long.iter().flat_map(|clause| &clause.atoms).flat_map(Atom::pairs);
            let clause = |atom| Clause { atoms: vec![atom], negated: false };
            clauses.extend(pairs.map(clause).take(MAX_ATOMS.saturating_sub(atoms)));
            Self { clauses, conditions: self.conditions.clone() }
        })
    }
}

/// One of these must be found, or, negated, none of them.
#[derive(Clone, PartialEq)]
pub(crate) struct Clause {
    pub(crate) atoms: Vec<Atom>,
    pub(crate) negated: bool,
}

/// A word, or several in a row.
#[derive(Clone, PartialEq)]
pub(crate) struct Atom {
    /// As it was typed.
    pub(crate) shown: String,
    /// At least one.
    pub(crate) words: Vec<Word>,
    /// The forms as they stand, without words of the same stem.
    pub(crate) exact: bool,
    /// The last word is a beginning.
    pub(crate) prefix: bool,
    /// Not quoted, and of a script without spaces: several words, maybe, that need not be in a row.
    pub(crate) unspaced: bool,
}

impl Atom {
    /// Each two of its words that follow each other.
    fn pairs(&self) -> impl Iterator<Item = Self> {
        self.words.windows(2).map(|pair| Self {
            shown: pair.iter().map(|word| word.lower.as_str()).collect(),
            words: pair.to_vec(),
            exact: true,
            prefix: false,
            unspaced: false,
        })
    }
}

/// A word asked for.
#[derive(Clone, PartialEq)]
pub(crate) struct Word {
    pub(crate) folded: String,
    /// In lower case, its diacritics kept.
    pub(crate) lower: String,
}

/// A test an entry must pass, or, negated, fail.
#[derive(Clone, PartialEq)]
pub(crate) struct Condition {
    pub(crate) test: Test,
    pub(crate) negated: bool,
}

/// What can be asked of an entry besides its words.
#[derive(Clone, PartialEq)]
pub(crate) enum Test {
    Tag {
        name: String,
        beginning: bool,
    },
    Journal {
        name: String,
        beginning: bool,
    },
    Mood(RangeInclusive<u8>),
    Starred,
    HasMood,
    HasTag,
    HasTitle,
    /// A file is attached whose media type begins so.
    HasFile(&'static str),
    /// In one of these ranges of days, both ends in.
    Days(Vec<(Date, Date)>),
    /// This month and day of any year.
    DayOfYear(i8, i8),
}

/// A piece of the query between spaces, or between quotes.
struct Piece<'a> {
    /// Without sign, key and quotes.
    text: &'a str,
    /// Where the piece stands, with all that belongs to it.
    range: Range<usize>,
    key: Option<&'a str>,
    negated: bool,
    quoted: bool,
    /// Nothing comes after it, not even a quote.
    open: bool,
}

/// The plan of a query, and, if it has plain dates, the plan with these read as words.
pub(crate) fn read(text: &str, today: Date, typing: bool) -> (Plan, Option<Plan>) {
    let pieces = cut(text);
    let spans = plain_dates(text, &pieces, today);
    if spans.is_empty() {
        return (plan(&pieces, &[], today, typing), None);
    }
    let literal = plan(&pieces, &[], today, typing);
    (plan(&pieces, &spans, today, typing), Some(literal))
}

/// Where the conditions of a query stand in it.
pub(crate) fn conditions(text: &str, today: Date) -> Vec<Range<usize>> {
    let pieces = cut(text);
    let spans = plain_dates(text, &pieces, today);
    let is_test = |piece: &&Piece<'_>| {
        piece.key.is_some_and(|key| {
            key.eq_ignore_ascii_case("person") || test(key, piece, today, false).is_some()
        })
    };
    let keyed = pieces.iter().filter(is_test).map(|piece| piece.range.clone());
    let mut ranges: Vec<_> = keyed.chain(spans.into_iter().map(|span| span.range)).collect();
    ranges.sort_by_key(|range| range.start);
    ranges
}

fn plan(pieces: &[Piece<'_>], spans: &[TimeSpan], today: Date, typing: bool) -> Plan {
    let mut plan = Plan { clauses: Vec::new(), conditions: date_conditions(spans) };
    let mut or = false;
    let mut negate = false;
    let mut atoms = 0;
    for (at, piece) in pieces.iter().enumerate() {
        if spans.iter().any(|span| contains(&span.range, &piece.range)) {
            continue;
        }
        let bare = !piece.quoted && !piece.negated && piece.key.is_none();
        let inner = at > 0 && at + 1 < pieces.len();
        match piece.text {
            "OR" | "|" | "||" if bare && (inner || at > 0) => or = true,
            "AND" | "&" | "&&" if bare && inner => {}
            "NOT" if bare && at + 1 < pieces.len() => negate = true,
            _ => {
                let negated = piece.negated || negate;
                let typing = typing && piece.open;
                if let Some(test) = piece.key.and_then(|key| test(key, piece, today, typing)) {
                    plan.conditions.push(Condition { test, negated });
                } else if let Some(atom) = atom(piece, typing && !negated)
                    && atoms < MAX_ATOMS
                {
                    atoms += 1;
                    add_clause(&mut plan.clauses, Clause { atoms: vec![atom], negated }, or);
                }
                (or, negate) = (false, false);
            }
        }
    }
    plan
}

/// Adds a clause, or, after an `OR`, its atoms to the clause before.
fn add_clause(clauses: &mut Vec<Clause>, clause: Clause, or: bool) {
    match clauses.last_mut() {
        Some(last) if or && !clause.negated && !last.negated => last.atoms.extend(clause.atoms),
        _ => clauses.push(clause),
    }
}

/// Several plain dates are alternatives; an open end ("since May") narrows them.
fn date_conditions(spans: &[TimeSpan]) -> Vec<Condition> {
    let is_open = |span: &TimeSpan| span.first == Date::MIN || span.last == Date::MAX;
    let (open, closed): (Vec<_>, Vec<_>) = spans.iter().partition(|span| is_open(span));
    let mut days: Vec<Vec<(Date, Date)>> =
        open.iter().map(|span| vec![(span.first, span.last)]).collect();
    if !closed.is_empty() {
        days.push(closed.iter().map(|span| (span.first, span.last)).collect());
    }
    days.into_iter().map(|days| Condition { test: Test::Days(days), negated: false }).collect()
}

/// The dates that stand in the query as plain words and can hardly be anything else.
fn plain_dates(text: &str, pieces: &[Piece<'_>], today: Date) -> Vec<TimeSpan> {
    let is_plain = |range: &Range<usize>| {
        pieces.iter().filter(|piece| overlap(&piece.range, range)).all(|piece| {
            !piece.quoted
                && !piece.negated
                && piece.key.is_none()
                && range.start <= piece.range.start
                && piece.range.end <= range.end + 1
        })
    };
    let spans = time::parse_time(text, today).into_iter();
    let mut spans: Vec<TimeSpan> =
        spans.filter(|span| span.sure && is_plain(&span.range)).collect();
    for piece in pieces {
        let is_free = spans.iter().all(|span| !overlap(&span.range, &piece.range));
        if let Some(span) = year(piece, today).filter(|_| is_free && is_plain(&piece.range)) {
            spans.push(span);
        }
    }
    spans
}

/// A bare year, which is sure only where nothing else is looked for but words.
fn year(piece: &Piece<'_>, today: Date) -> Option<TimeSpan> {
    let is_year = piece.text.len() == 4 && piece.text.bytes().all(|byte| byte.is_ascii_digit());
    let (first, last) = time::parse_period(piece.text, today).filter(|_| is_year)?;
    Some(TimeSpan { range: piece.range.clone(), first, last, sure: true })
}

fn contains(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end + 1 && overlap(outer, inner)
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

fn is_quote(char: char) -> bool {
    matches!(char, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '«' | '»')
}

/// Cuts a query at its spaces, but not within quotes.
fn cut(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(skip) = text[at..].find(|char: char| !char.is_whitespace()) {
        at += skip;
        let piece = cut_piece(text, at);
        at = piece.range.end;
        pieces.push(piece);
    }
    pieces
}

fn cut_piece(text: &str, start: usize) -> Piece<'_> {
    let mut at = start;
    let rest = &text[at..];
    let negated = rest.starts_with(['-', '\u{2212}'])
        && rest.chars().nth(1).is_some_and(|next| !next.is_whitespace() && next != '-');
    if negated {
        at += rest.chars().next().map_or(0, char::len_utf8);
    }
    let key = key_of(&text[at..]);
    at += key.map_or(0, |key| key.len() + 1);
    let quote = text[at..].chars().next().filter(|&char| is_quote(char));
    let inner = at + quote.map_or(0, char::len_utf8);
    let ends = |char: char| if quote.is_some() { is_quote(char) } else { char.is_whitespace() };
    let stop = text[inner..].find(ends).map(|length| inner + length);
    let inner_end = stop.unwrap_or(text.len());
    let closing = if quote.is_some() { closing_len(text, inner_end) } else { 0 };
    Piece {
        text: &text[inner..inner_end],
        range: start..inner_end + closing,
        key,
        negated,
        quoted: quote.is_some(),
        open: stop.is_none(),
    }
}

fn closing_len(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(0, char::len_utf8)
}

/// The name before a colon, if it is one that means something and something follows it.
fn key_of(text: &str) -> Option<&str> {
    const KEYS: [&str; 11] =
        ["tag", "person", "mood", "is", "has", "in", "before", "after", "on", "since", "until"];
    let (key, value) = text.split_once(':')?;
    let known = KEYS.iter().any(|known| key.eq_ignore_ascii_case(known));
    (known && value.chars().next().is_some_and(|char| !char.is_whitespace())).then_some(key)
}

/// The word or words of a piece; `None` if it has none.
fn atom(piece: &Piece<'_>, typing: bool) -> Option<Atom> {
    let person = piece.key.is_some_and(|key| key.eq_ignore_ascii_case("person"));
    // A condition that can't be read is words, its name among them.
    let shown = match piece.key {
        Some(key) if !person => format!("{key}:{}", piece.text),
        _ => piece.text.to_owned(),
    };
    let words = words(&shown);
    let ends_in_word = shown.chars().next_back().is_some_and(|char| !char.is_whitespace());
    if words.is_empty() {
        return None;
    }
    let exact = piece.quoted || person || words.len() > 1;
    let unspaced = !piece.quoted && !person && shown.chars().any(tokenize::is_unspaced);
    Some(Atom { exact, prefix: typing && ends_in_word, words, shown, unspaced })
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for range in Tokens::new(text).take(MAX_ATOMS) {
        let mut folded = String::new();
        tokenize::fold(&text[range.clone()], &mut folded);
        if !folded.is_empty() {
            words.push(Word { folded, lower: text[range].to_lowercase() });
        }
    }
    words
}

/// Reads a condition; `None` if its value makes no sense.
fn test(key: &str, piece: &Piece<'_>, today: Date, typing: bool) -> Option<Test> {
    let value = piece.text.trim();
    let days = |first, last| Some(Test::Days(vec![(first, last)]));
    match key.to_ascii_lowercase().as_str() {
        "tag" => {
            let name = label(value.trim_start_matches('#'));
            (!name.is_empty()).then_some(Test::Tag { name, beginning: typing })
        }
        "in" => {
            let name = label(value);
            (!name.is_empty()).then_some(Test::Journal { name, beginning: typing })
        }
        "mood" => mood(value),
        "is" => {
            matches!(value, "starred" | "star" | "favourite" | "favorite").then_some(Test::Starred)
        }
        "has" => has(value),
        "on" if value.eq_ignore_ascii_case("today") => {
            Some(Test::DayOfYear(today.month(), today.day()))
        }
        "on" => period(value, today).and_then(|(first, last)| days(first, last)),
        "before" => {
            period(value, today).and_then(|(first, _)| days(Date::MIN, first.yesterday().ok()?))
        }
        "after" => {
            period(value, today).and_then(|(_, last)| days(last.tomorrow().ok()?, Date::MAX))
        }
        "since" => period(value, today).and_then(|(first, _)| days(first, Date::MAX)),
        "until" => period(value, today).and_then(|(_, last)| days(Date::MIN, last)),
        _ => None,
    }
}

fn has(value: &str) -> Option<Test> {
    match value {
        "mood" => Some(Test::HasMood),
        "tag" | "tags" => Some(Test::HasTag),
        "title" => Some(Test::HasTitle),
        "photo" | "photos" | "picture" | "image" => Some(Test::HasFile("image/")),
        "video" | "videos" => Some(Test::HasFile("video/")),
        "audio" | "sound" => Some(Test::HasFile("audio/")),
        "file" | "files" | "attachment" | "attachments" => Some(Test::HasFile("")),
        _ => None,
    }
}

/// `2`, `<3`, `>=4`, `2-4`.
fn mood(value: &str) -> Option<Test> {
    let number = |text: &str| text.trim_start_matches('=').parse::<u8>().ok();
    let range = if let Some(most) = value.strip_prefix("<=") {
        1..=number(most)?
    } else if let Some(least) = value.strip_prefix(">=") {
        number(least)?..=u8::MAX
    } else if let Some(above) = value.strip_prefix('<') {
        1..=number(above)?.saturating_sub(1)
    } else if let Some(below) = value.strip_prefix('>') {
        number(below)?.saturating_add(1)..=u8::MAX
    } else if let Some((least, most)) = value.split_once('-') {
        number(least)?..=number(most)?
    } else {
        let mood = number(value)?;
        mood..=mood
    };
    Some(Test::Mood(range))
}

/// The days a value like `2021`, `2021-03`, `2021-03-04` or "last summer" names.
fn period(value: &str, today: Date) -> Option<(Date, Date)> {
    time::parse_period(value, today)
}
