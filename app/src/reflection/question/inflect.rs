//! Forms of English verbs that a question needs: "going" of "go".
use crate::reflection::language::Lexicon;

/// A phrase that begins with a bare verb, with its gerund: "ringing him" of "ring him".
#[must_use]
pub fn gerund(act: &str, lexicon: &Lexicon) -> String {
    let (verb, rest) = act.split_once(' ').map_or((act, ""), |(verb, rest)| (verb, rest));
    let space = if rest.is_empty() { "" } else { " " };
    let mut parts = verb.split('-');
    let head = parts.next().unwrap_or(verb);
    let tail: String = parts.map(|part| format!("-{part}")).collect();
    format!("{}{tail}{space}{rest}", ing(head, lexicon))
}

fn ing(verb: &str, lexicon: &Lexicon) -> String {
    let keeps_e = ["ee", "oe", "ye"].iter().any(|end| verb.ends_with(end)) || verb == "be";
    if let Some(stem) = verb.strip_suffix("ie") {
        format!("{stem}ying")
    } else if let Some(stem) = verb.strip_suffix('e').filter(|_| !keeps_e) {
        format!("{stem}ing")
    } else if lexicon.has("doubled", &verb.to_lowercase()) {
        let last = verb.chars().last().map(String::from).unwrap_or_default();
        format!("{verb}{last}ing")
    } else {
        format!("{verb}ing")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reflection::language::Language;

    #[test]
    fn gerunds_are_spelled_as_in_a_dictionary() {
        let lexicon = Language::English.lexicon();
        for (act, doing) in [
            ("ring him this week", "ringing him this week"),
            ("write to her", "writing to her"),
            ("be there", "being there"),
            ("stop", "stopping"),
            ("lie about it", "lying about it"),
            ("see Anna", "seeing Anna"),
            ("forget it", "forgetting it"),
            ("open the box", "opening the box"),
        ] {
            assert_eq!(gerund(act, lexicon), doing);
        }
    }
}
