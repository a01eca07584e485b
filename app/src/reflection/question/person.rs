//! From "I" to "you": what a person says of themselves, as said to them.

/// `text` in the second person; `None` where that can't be done safely ("we", "you", a quotation).
#[must_use]
pub fn second_person(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 8);
    let mut subject = false;
    for (word, rest) in split(text) {
        let lower = word.to_lowercase().replace('’', "'");
        if UNSAFE.contains(&lower.as_str()) {
            return None;
        }
        let turned = turned(&lower, subject);
        out.push_str(turned.as_deref().unwrap_or(word));
        out.push_str(rest);
        subject = lower == "i" || (subject && ADVERBS.contains(&lower.as_str()));
    }
    Some(out)
}

/// Words that would mean somebody else once the rest is turned.
const UNSAFE: [&str; 12] = [
    "we", "us", "our", "ours", "you", "your", "yours", "we're", "we'll", "you're", "you'll", "thou",
];

/// Words that may stand between "I" and its verb.
const ADVERBS: [&str; 10] =
    ["also", "really", "just", "still", "always", "never", "only", "often", "even", "already"];

fn turned(lower: &str, after_subject: bool) -> Option<String> {
    let new = match lower {
        "i" | "me" => "you",
        "my" => "your",
        "mine" => "yours",
        "myself" => "yourself",
        "i'm" => "you’re",
        "i've" => "you’ve",
        "i'd" => "you’d",
        "i'll" => "you’ll",
        "am" => "are",
        "was" if after_subject => "were",
        "wasn't" if after_subject => "weren’t",
        _ => return None,
    };
    Some(new.to_owned())
}

/// Words with what follows each up to the next.
fn split(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let inside = |c: char| c.is_alphanumeric() || c == '\'' || c == '’';
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let word = rest.find(|c| !inside(c)).unwrap_or(rest.len());
        let end = rest[word..].find(inside).map_or(rest.len(), |at| word + at);
        let found = (&rest[..word], &rest[word..end]);
        rest = &rest[end..];
        Some(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_oneself_is_said_to_one() {
        for (mine, yours) in [
            ("call my sister back", "call your sister back"),
            ("I am tired and I was late", "you are tired and you were late"),
            ("she was kind to me", "she was kind to you"),
            ("I still was not sure of myself", "you still were not sure of yourself"),
            ("I’m not mine", "you’re not yours"),
            ("my mother was sad", "your mother was sad"),
        ] {
            assert_eq!(second_person(mine).as_deref(), Some(yours));
        }
    }

    #[test]
    fn what_can_be_misread_is_left_alone() {
        assert_eq!(second_person("we went home with our bags"), None);
        assert_eq!(second_person("I told you so"), None);
    }
}
