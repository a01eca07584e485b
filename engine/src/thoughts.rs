//! What a thinking model thinks before it answers is not shown.

const BEGIN: &str = "<think>";
const END: &str = "</think>";

/// Lets the answer through and keeps the think block before it back.
pub(crate) enum Thoughts {
    /// The answer has not begun, and may begin with a think block.
    Unknown(String),
    /// In a think block; what may be the beginning of its end.
    Inside(String),
    /// After it, where white space is not part of the answer.
    Before,
    /// In the answer.
    Done,
}

impl Thoughts {
    /// For an answer to a prompt.
    pub(crate) fn after(prompt: &str) -> Self {
        if prompt.trim_end().ends_with(BEGIN) {
            Self::Inside(String::new())
        } else {
            Self::Unknown(String::new())
        }
    }

    /// For an answer whose beginning is given.
    pub(crate) fn none() -> Self {
        Self::Done
    }

    /// Takes more text and returns what is shown of it.
    pub(crate) fn push(&mut self, text: &str) -> String {
        match self {
            Self::Done => text.to_owned(),
            Self::Before => self.answer(text),
            Self::Unknown(held) => {
                held.push_str(text);
                let begun = held.trim_start();
                if let Some(inside) = begun.strip_prefix(BEGIN) {
                    let inside = inside.to_owned();
                    *self = Self::Inside(String::new());
                    return self.push(&inside);
                }
                if BEGIN.starts_with(begun) {
                    return String::new();
                }
                let shown = std::mem::take(held);
                *self = Self::Done;
                shown
            }
            Self::Inside(held) => {
                held.push_str(text);
                if let Some((_, answer)) = held.split_once(END) {
                    let answer = answer.to_owned();
                    return self.answer(&answer);
                }
                let keep = (0..END.len()).rev().find(|&n| held.ends_with(&END[..n])).unwrap_or(0);
                held.drain(..held.len() - keep);
                String::new()
            }
        }
    }

    /// What was held back and is no think block, when nothing more comes.
    pub(crate) fn finish(&mut self) -> String {
        match std::mem::replace(self, Self::Done) {
            Self::Unknown(held) => held,
            Self::Inside(_) | Self::Before | Self::Done => String::new(),
        }
    }

    fn answer(&mut self, text: &str) -> String {
        let text = text.trim_start();
        *self = if text.is_empty() { Self::Before } else { Self::Done };
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Thoughts;
    use proptest::prelude::*;

    fn shown(prompt: &str, text: &str, step: usize) -> String {
        let mut thoughts = Thoughts::after(prompt);
        let characters: Vec<char> = text.chars().collect();
        let parts = characters.chunks(step).map(|part| part.iter().collect::<String>());
        let mut shown: String = parts.map(|part| thoughts.push(&part)).collect();
        shown += &thoughts.finish();
        shown
    }

    proptest! {
        #[test]
        fn only_the_think_block_is_kept_back(inside in "[a-z</ ]{0,20}", answer in "[a-z<>/]{0,20}", step in 1..9_usize) {
            let whole = format!("<think>{inside}</think>\n\n{answer}");
            let expected = whole.split_once("</think>").unwrap().1.trim_start().to_owned();
            prop_assert_eq!(&shown("", &whole, step), &expected);
            prop_assert_eq!(&shown("<think>\n", &format!("{inside}</think>{answer}"), step), &expected);
            prop_assert_eq!(shown("", &format!("x{answer}"), step), format!("x{answer}"));
            prop_assert_eq!(shown("", "<thi", step), "<thi");
            prop_assert_eq!(shown("", "<think>never ended", step), "");
        }
    }
}
