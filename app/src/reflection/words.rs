//! Words of a text with what matters about them: where they are, what they share, what they are.
use unicode_segmentation::UnicodeSegmentation;

use super::language::Lexicon;

/// What a word does in its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Says little by itself: "the", "was", "you".
    Function,
    /// Carries meaning.
    Content,
    /// Written with a capital inside a sentence.
    Name,
    /// Digits, or a number word of the text as it stands.
    Number,
}

/// A word of a text.
#[derive(Clone)]
pub struct Word {
    /// Byte offset of its start.
    pub start: usize,
    /// Byte offset of its end.
    pub end: usize,
    /// In lower case with a straight apostrophe.
    pub lower: String,
    /// What it shares with its other forms.
    pub stem: String,
    /// What it does.
    pub class: Class,
}

impl Word {
    /// Whether a claim about the day rests on it.
    #[must_use]
    pub fn carries(&self) -> bool {
        self.class != Class::Function
    }
}

/// The words of `text` in order.
#[must_use]
pub fn words(text: &str, lexicon: &Lexicon) -> Vec<Word> {
    let mut first = true;
    let mut found = Vec::new();
    let mut end = 0;
    for (start, word) in text.unicode_word_indices() {
        let gap = &text[end..start];
        let abbreviated = found.last().is_some_and(|w: &Word| is_abbreviated(w, lexicon));
        first |=
            gap.contains(['!', '?', '“', '"', '\n', ':']) || (gap.contains('.') && !abbreviated);
        end = start + word.len();
        found.push(classify(start, word, first, lexicon));
        first = false;
    }
    found
}

/// In lower case, with straight apostrophes.
#[must_use]
pub fn plain(text: &str) -> String {
    text.to_lowercase().replace('’', "'")
}

/// Whether a full stop after a word is likely to be its own: "Mr.", "W.".
fn is_abbreviated(word: &Word, lexicon: &Lexicon) -> bool {
    (word.end - word.start == 1 && word.lower != "i") || lexicon.has("title", &word.lower)
}

fn classify(start: usize, word: &str, first: bool, lexicon: &Lexicon) -> Word {
    let lower = plain(word);
    let class = if word.starts_with(|c: char| c.is_ascii_digit()) {
        Class::Number
    } else if lexicon.has("stop", &lower) || lower == "i" {
        Class::Function
    } else if !first && word.starts_with(char::is_uppercase) {
        Class::Name
    } else {
        Class::Content
    };
    Word { start, end: start + word.len(), stem: lexicon.stem(&lower), lower, class }
}
