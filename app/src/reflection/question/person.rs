//! From "I" to "you": what a person says of themselves, as said to them.
use crate::reflection::{
    language::{Language, Lexicon},
    words::plain,
};

/// `text` in the second person; `None` where that can't be done safely ("you", a quotation).
#[must_use]
pub fn turned(text: &str, language: Language) -> Option<String> {
    let lexicon = language.lexicon();
    let mut out = String::with_capacity(text.len() + 8);
    let mut subject = false;
    let words: Vec<(&str, &str)> = split(text).collect();
    let first = words.iter().any(|(word, _)| plain(word) == "ich");
    for (at, (word, rest)) in words.iter().enumerate() {
        let lower = plain(word);
        if lexicon.has("not_turned", &lower) {
            return None;
        }
        let next = words.get(at + 1).map(|(next, _)| plain(next)).unwrap_or_default();
        // "My Lord" is how he was called, and "Lord" by itself is not.
        if lower == "my" && lexicon.has("lordly", &next) {
            let name = words.get(at + 2).is_some_and(|(w, _)| w.starts_with(char::is_uppercase));
            if name {
                continue;
            }
            return None;
        }
        let before_subject = words.get(at + 1).is_some_and(|(next, _)| plain(next) == "i");
        let new = match language {
            // "Havent", as it is typed.
            Language::English => english(&lower, subject || before_subject).or_else(|| {
                lexicon.pair("contraction", &lower).map(|full| full.replace('\'', "’"))
            }),
            // A verb stands at the end of what is turned, and only there is known to be the person's.
            Language::German if first && at + 1 == words.len() => {
                Some(lexicon.pair("verb", &lower)?.to_owned())
            }
            Language::German => lexicon.pair("turn", &lower).map(str::to_owned),
            Language::French => french(&lower, subject, lexicon),
            Language::Spanish if lexicon.has("hides_person", &lower) => return None,
            Language::Spanish if lexicon.has_ending("together", &lower) => return None,
            Language::Spanish => spanish(&lower, lexicon),
        };
        out.push_str(new.as_deref().unwrap_or(word));
        out.push_str(rest);
        subject = lexicon.has("subject_turned", &lower)
            || (subject && (lexicon.has("adverb", &lower) || lexicon.has("clitic", &lower)));
    }
    Some(out)
}

fn english(lower: &str, by_subject: bool) -> Option<String> {
    let new = match lower {
        "i" | "me" | "we" | "us" => "you",
        "my" | "our" => "your",
        "mine" | "ours" => "yours",
        "myself" => "yourself",
        "ourselves" => "yourselves",
        "i'm" | "im" | "we're" => "you’re",
        "i've" | "ive" | "we've" => "you’ve",
        "i'd" | "id" | "we'd" => "you’d",
        "i'll" | "we'll" => "you’ll",
        "am" => "are",
        "was" if by_subject => "were",
        "wasn't" | "wasnt" if by_subject => "weren’t",
        _ => return None,
    };
    Some(new.to_owned())
}

/// "j'ai" is two words in one, and only "je" makes "suis" the verb of the person.
fn french(lower: &str, by_subject: bool, lexicon: &Lexicon) -> Option<String> {
    if let Some(rest) = lower.strip_prefix("j'") {
        return Some(format!("tu {}", lexicon.pair("verb", rest).unwrap_or(rest)));
    }
    if let Some(rest) = lower.strip_prefix("m'") {
        let verb = lexicon.pair("verb", rest).filter(|_| by_subject);
        return Some(format!("t’{}", verb.unwrap_or(rest)));
    }
    let verb = lexicon.pair("verb", lower).filter(|_| by_subject);
    verb.or_else(|| lexicon.pair("turn", lower)).map(str::to_owned)
}

/// Endings tell the person of a verb in the past: "llamé", "discutí".
fn spanish(lower: &str, lexicon: &Lexicon) -> Option<String> {
    if let Some(pair) = lexicon.pair("turn", lower) {
        return Some(pair.to_owned());
    }
    if lexicon.has("not_verb", lower) || lower.chars().count() < 3 {
        return None;
    }
    if let Some(stem) = lower.strip_suffix('é').filter(|_| lexicon.is_future(lower)) {
        return Some(format!("{stem}ás"));
    }
    if let Some(stem) = lower.strip_suffix('í') {
        // "Reíste", "caíste": two syllables.
        let i = if stem.ends_with(['a', 'e', 'o']) { 'í' } else { 'i' };
        return Some(format!("{stem}{i}ste"));
    }
    let stem = lower.strip_suffix('é')?;
    let soft = [("qu", "c"), ("gu", "g"), ("c", "z")];
    let spelled = soft
        .iter()
        .find_map(|(end, new)| stem.strip_suffix(end).map(|stem| format!("{stem}{new}")));
    Some(format!("{}aste", spelled.unwrap_or_else(|| stem.to_owned())))
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
            ("said id come", "said you’d come"),
            ("i havent called mine", "you haven’t called yours"),
            ("my mother was sad", "your mother was sad"),
            ("we fought about our flat", "you fought about your flat"),
            ("how late was I", "how late were you"),
            ("my wife at my Lord Brouncker’s", "your wife at Lord Brouncker’s"),
        ] {
            assert_eq!(turned(mine, Language::English).as_deref(), Some(yours));
        }
    }

    #[test]
    fn other_languages_turn_verbs_too() {
        for (language, mine, yours) in [
            (Language::German, "mir die Hand gedrückt", "dir die Hand gedrückt"),
            (Language::French, "j'ai croisé Claire", "tu as croisé Claire"),
            (Language::French, "elle m'a dit la vérité", "elle t’a dit la vérité"),
            (Language::French, "je ne savais pas", "tu ne savais pas"),
            (Language::Spanish, "discutí con mi hermana", "discutiste con tu hermana"),
            (Language::Spanish, "llegué tarde", "llegaste tarde"),
            (Language::Spanish, "iré a casa", "irás a casa"),
            (Language::Spanish, "me senté allí", "te sentaste allí"),
            (Language::Spanish, "me reí", "te reíste"),
        ] {
            assert_eq!(turned(mine, language).as_deref(), Some(yours));
        }
    }

    #[test]
    fn what_can_be_misread_is_left_alone() {
        assert_eq!(turned("I told you so", Language::English), None);
        assert_eq!(turned("nous avons bu", Language::French), None);
        assert_eq!(turned("llamar a Ana cuando llegue", Language::Spanish), None);
        assert_eq!(turned("my Lord went home", Language::English), None);
    }
}
