//! Where byte-level tokenizers cut text into words before anything is joined.
//!
//! These are the regular expressions of the models, written out: they run on every prompt, and are exact.
use unicode_normalization::char::is_combining_mark;

/// A way of cutting.
#[derive(Clone, Copy)]
pub(super) enum Split {
    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
    Gpt2,
    /// Every digit for itself, then as GPT-2.
    Digits,
    /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,n}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
    Llama3 {
        /// Digits in a group.
        digits: usize,
    },
}

impl Split {
    /// The way that `tokenizer.ggml.pre` names.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "gpt-2" | "phi-2" | "mpt" | "olmo" | "jais" => Self::Gpt2,
            "smollm" | "starcoder" | "refact" | "command-r" | "codeshell" => Self::Digits,
            "llama3" | "llama-v3" | "llama-bpe" | "smaug-bpe" | "dbrx" | "falcon3" => {
                Self::Llama3 { digits: 3 }
            }
            "qwen2" | "stablelm2" | "deepseek-r1-qwen" => Self::Llama3 { digits: 1 },
            _ => return None,
        })
    }

    /// Calls `word` with every word, in order; together they are the text.
    pub(super) fn words<'a>(self, text: &'a str, word: &mut dyn FnMut(&'a str)) {
        match self {
            Self::Gpt2 => cut(text, gpt2_word, word),
            Self::Digits => cut(text, digit_run, &mut |part| cut(part, gpt2_word, word)),
            Self::Llama3 { digits } => cut(text, |text| llama3_word(text, digits), word),
        }
    }
}

fn cut<'a>(text: &'a str, length: impl Fn(&str) -> usize, word: &mut dyn FnMut(&'a str)) {
    let mut rest = text;
    while !rest.is_empty() {
        let (head, tail) = rest.split_at(length(rest));
        word(head);
        rest = tail;
    }
}

/// One digit, or everything up to the next.
fn digit_run(text: &str) -> usize {
    match text.chars().next() {
        Some(first) if is_number(first) => first.len_utf8(),
        _ => span(text, |c| !is_number(c)),
    }
}

fn gpt2_word(text: &str) -> usize {
    let contraction =
        ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"].iter().find(|c| text.starts_with(**c));
    if let Some(contraction) = contraction {
        return contraction.len();
    }
    let space = usize::from(text.starts_with(' '));
    let rest = &text[space..];
    for class in [is_letter, is_number, is_other] {
        let length = span(rest, class);
        if length > 0 {
            return space + length;
        }
    }
    white_space(text)
}

fn llama3_word(text: &str, digits: usize) -> usize {
    let lower: String = text.chars().take(3).map(|c| c.to_ascii_lowercase()).collect();
    let contraction =
        ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"].iter().find(|c| lower.starts_with(**c));
    if let Some(contraction) = contraction {
        return contraction.len();
    }
    let Some(first) = text.chars().next() else { return 0 };
    let lead = if matches!(first, '\r' | '\n') || is_letter(first) || is_number(first) {
        0
    } else {
        first.len_utf8()
    };
    let letters = span(&text[lead..], is_letter);
    if letters > 0 {
        return lead + letters;
    }
    let number: usize =
        text.chars().take(digits).take_while(|&c| is_number(c)).map(char::len_utf8).sum();
    if number > 0 {
        return number;
    }
    let space = usize::from(first == ' ');
    let other = span(&text[space..], is_other);
    if other > 0 {
        return space + other + span(&text[space + other..], |c| matches!(c, '\r' | '\n'));
    }
    let white = &text[..span(text, char::is_whitespace)];
    white.rfind(['\r', '\n']).map_or_else(|| white_space(text), |last| last + 1)
}

/// `\s+(?!\S)|\s+`: a run of white space without its last character when a word follows.
fn white_space(text: &str) -> usize {
    let run = span(text, char::is_whitespace);
    let last = text[..run].chars().next_back().map_or(0, char::len_utf8);
    if run < text.len() && run > last { run - last } else { run }
}

fn span(text: &str, class: impl Fn(char) -> bool) -> usize {
    text.find(|c| !class(c)).unwrap_or(text.len())
}

fn is_other(c: char) -> bool {
    !c.is_whitespace() && !is_letter(c) && !is_number(c)
}

/// `\p{N}`.
fn is_number(c: char) -> bool {
    c.is_numeric()
}

/// `\p{L}`: alphabetic, without the numbers, marks and circled symbols that Unicode also calls alphabetic.
fn is_letter(c: char) -> bool {
    c.is_alphabetic()
        && !c.is_numeric()
        && !is_combining_mark(c)
        && !matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f149}' | '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}')
}
