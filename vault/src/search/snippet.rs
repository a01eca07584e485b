//! Cuts the piece out of an entry that shows best what was found in it.
use std::ops::Range;

use super::{
    Snippet,
    dictionary::BREAK,
    forward,
    inverted::Inverted,
    matching::Group,
    rank::Found,
    tokenize::{self, Tokens},
};
use crate::Content;

/// How many words are shown.
const WORDS: usize = 30;
/// How many of them stand before the first hit.
const LEAD: usize = 8;
/// Most bytes shown, should words be very long.
const MAX_BYTES: usize = 480;
/// About how much of a passage is shown, in bytes.
const PASSAGE_BYTES: usize = 200;
/// How far a piece may reach past its words to end at a space, in bytes.
const MARGIN: usize = 24;

/// Where an atom stands among the words of an entry.
struct Place {
    word: usize,
    atom: u32,
}

/// Makes snippets for the entries of one search.
pub(crate) struct Snippets<'a> {
    index: &'a Inverted,
    found: &'a Found,
    marks: Vec<u32>,
}

impl<'a> Snippets<'a> {
    pub(crate) fn new(index: &'a Inverted, found: &'a Found) -> Self {
        Self { index, found, marks: super::rank::marks(index, &found.atoms) }
    }

    /// The best piece of an entry: around the densest hits of its text, else of its title, else
    /// the beginning.
    pub(crate) fn cut(&self, doc: u32, content: &Content) -> Snippet {
        let words = match self.index.forward.units(doc) {
            Some(units) => forward::decode(units).collect(),
            None => self.index.words_of(content),
        };
        let mut fields = words.split(|&word| word == BREAK);
        let title = self.places(fields.next().unwrap_or_default());
        let text = self.places(fields.next().unwrap_or_default());
        if text.is_empty() && (!title.is_empty() || content.text.trim().is_empty()) {
            let both = format!("{} — {}", content.title.trim(), content.text);
            return self.piece(both.trim_end_matches([' ', '—']), densest(&title));
        }
        self.piece(&content.text, densest(&text))
    }

    fn places(&self, words: &[u32]) -> Vec<Place> {
        let mut places = Vec::new();
        for (at, &word) in words.iter().enumerate() {
            let mut atoms = self.marks[word as usize];
            while atoms != 0 {
                let atom = atoms.trailing_zeros();
                atoms &= atoms - 1;
                if self.stands(&words[at..], atom).is_some() {
                    places.push(Place { word: at, atom });
                }
            }
        }
        places
    }

    /// How many words the atom takes at the beginning of `words`, if it is there.
    fn stands(&self, words: &[u32], atom: u32) -> Option<usize> {
        let groups = &self.found.atoms[atom as usize].groups;
        let has = |(group, word): (&Group, &u32)| {
            group.binary_search_by_key(word, |&(word, _)| word).is_ok()
        };
        let stands = groups.len() <= words.len() && groups.iter().zip(words).all(has);
        stands.then_some(groups.len())
    }

    /// The words of `text` from number `first` on, on one line, with what is found in them.
    fn piece(&self, text: &str, first: usize) -> Snippet {
        let tokens: Vec<Range<usize>> = Tokens::new(text).skip(first).take(WORDS + 1).collect();
        let shown = &tokens[..tokens.len().min(WORDS)];
        let (Some(from), Some(to)) = (shown.first(), shown.last()) else {
            return one_line(text, 0..text.floor_char_boundary(MAX_BYTES), &[]);
        };
        let start = if first == 0 { 0 } else { widen_left(text, from.start) };
        let end = if tokens.len() > WORDS { widen_right(text, to.end) } else { text.len() };
        let end = end.min(text.floor_char_boundary(start + MAX_BYTES));
        one_line(text, start..end, &self.highlights(text, shown))
    }

    fn highlights(&self, text: &str, tokens: &[Range<usize>]) -> Vec<Range<usize>> {
        let mut folded = String::new();
        let number = |range: &Range<usize>| {
            tokenize::fold(&text[range.clone()], &mut folded);
            self.index.dictionary.get(&folded).unwrap_or(BREAK)
        };
        let words: Vec<u32> = tokens.iter().map(number).collect();
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for place in self.places(&words) {
            let length = self.stands(&words[place.word..], place.atom).unwrap_or(1);
            let range = tokens[place.word].start..tokens[place.word + length - 1].end;
            match ranges.last_mut() {
                Some(last) if range.start < last.end => last.end = last.end.max(range.end),
                _ => ranges.push(range),
            }
        }
        ranges
    }
}

/// The beginning of a passage, on one line.
pub(crate) fn passage(text: &str, range: &Range<usize>) -> Snippet {
    let start = text.floor_char_boundary(range.start.min(text.len()));
    let end = text.ceil_char_boundary(range.end.clamp(start, text.len()));
    let cut = text.floor_char_boundary((start + PASSAGE_BYTES).min(end));
    one_line(text, start..if cut < end { widen_right(text, cut) } else { end }, &[])
}

/// The number of the first word to show: the window with the most different atoms, then the most
/// hits, then the earliest.
fn densest(places: &[Place]) -> usize {
    let mut best = (0, 0, 0..0);
    for (at, place) in places.iter().enumerate() {
        let inside = places[at..].iter().take_while(|other| other.word < place.word + WORDS - LEAD);
        let (mut atoms, mut count, mut last) = (0u32, 0, 0);
        for other in inside {
            atoms |= 1 << other.atom;
            count += 1;
            last = other.word;
        }
        if (atoms.count_ones(), count) > (best.0, best.1) {
            best = (atoms.count_ones(), count, place.word..last + 1);
        }
    }
    best.2.start.saturating_sub(LEAD)
}

fn widen_left(text: &str, start: usize) -> usize {
    let from = text.ceil_char_boundary(start.saturating_sub(MARGIN));
    let space = text[from..start].rfind(char::is_whitespace);
    space.map_or(start, |space| text.ceil_char_boundary(from + space + 1))
}

fn widen_right(text: &str, end: usize) -> usize {
    let to = text.floor_char_boundary((end + MARGIN).min(text.len()));
    text[end..to].find(char::is_whitespace).map_or(end, |space| end + space)
}

/// A piece of a text with its white space made single spaces, and dots where it is cut.
fn one_line(text: &str, piece: Range<usize>, highlights: &[Range<usize>]) -> Snippet {
    let mut line = String::with_capacity(piece.len() + 8);
    let mut shown: Vec<Range<usize>> = Vec::new();
    let mut coming = highlights.iter().filter(|range| range.end <= piece.end).peekable();
    if !text[..piece.start].trim().is_empty() {
        line.push('…');
    }
    let empty = line.len();
    let mut open = None;
    for (at, char) in text[piece.clone()].char_indices() {
        let at = piece.start + at;
        if let Some(range) = coming.next_if(|range| range.start <= at) {
            open = Some((line.len(), range.end));
        }
        if !char.is_whitespace() && !char.is_control() {
            line.push(char);
        } else if line.len() > empty && !line.ends_with(' ') {
            line.push(' ');
        }
        if let Some((start, end)) = open
            && at + char.len_utf8() >= end
        {
            shown.push(start..line.len());
            open = None;
        }
    }
    line.truncate(line.trim_end().len());
    if !text[piece.end..].trim().is_empty() {
        line.push('…');
    }
    shown.retain(|range| range.start < range.end && range.end <= line.len());
    Snippet { text: line, highlights: shown }
}
