//! One person under several names: a search for one of them finds all.
use super::{Corrections, Named, Overview, key_of};

/// Names of those who have more than one. No `Debug`.
#[derive(Clone, Default)]
pub struct Aliases(Vec<Vec<String>>);

impl Aliases {
    /// The people of a journal who are written in several ways.
    #[must_use]
    pub fn of(overview: &Overview) -> Self {
        Self(overview.people.iter().map(names).filter(|names| names.len() > 1).collect())
    }

    /// Those whose names the person brought together.
    #[must_use]
    pub fn said(overview: &Overview, corrections: &Corrections) -> Self {
        let is_said = |way: &String| {
            let said = corrections.about(way);
            said.is_some_and(|said| said.same_as.is_some() || said.name.is_some())
        };
        let people = overview.people.iter().filter(|named| named.ways.iter().any(is_said));
        Self(people.map(names).collect())
    }

    /// The other names of one who has this name, in lower case without full stops.
    #[must_use]
    pub fn others(&self, name: &str) -> Vec<&str> {
        let key = key_of(name);
        let is_name = |way: &String| *way == key || way.strip_prefix("my ") == Some(&key);
        let of_one = self.0.iter().filter(|ways| ways.iter().any(is_name)).flatten();
        of_one.filter(|way| **way != key).map(String::as_str).collect()
    }

    /// A query in which `person:` stands for all names of that person.
    #[must_use]
    pub fn expand(&self, query: &str) -> String {
        let mut expanded = String::new();
        let mut rest = query;
        while let Some((before, piece, after)) = person_piece(rest) {
            expanded.push_str(before);
            expanded.push_str(&self.with_others(piece));
            rest = after;
        }
        expanded + rest
    }

    /// What asks for a person, with what asks for the other names; the original stays last, since it
    /// may still be typed on.
    fn with_others(&self, piece: &str) -> String {
        let negated = piece.starts_with('-');
        let joint = if negated { " " } else { " OR " };
        let sign = if negated { "-" } else { "" };
        let name = piece.split_once(':').map_or("", |(_, name)| name);
        let others = self.others(name.trim_matches(is_quote)).into_iter();
        let others: Vec<String> = others.map(|way| format!("{sign}person:\"{way}\"")).collect();
        others.into_iter().chain([piece.to_owned()]).collect::<Vec<_>>().join(joint)
    }
}

/// Every way somebody is written, and how the person wants them shown.
fn names(named: &Named) -> Vec<String> {
    let shown = Some(key_of(&named.name)).filter(|shown| !named.ways.contains(shown));
    named.ways.iter().cloned().chain(shown).collect()
}

/// The next `person:NAME` of a query: what stands before it, itself, what comes after.
fn person_piece(query: &str) -> Option<(&str, &str, &str)> {
    const KEY: &str = "person:";
    let lower = query.to_ascii_lowercase();
    let starts = |at: &usize| {
        let before = &query[..*at];
        let bare = before.strip_suffix('-').unwrap_or(before);
        bare.chars().next_back().is_none_or(char::is_whitespace)
    };
    let at = lower.match_indices(KEY).map(|(at, _)| at).find(starts)?;
    let from = if query[..at].ends_with('-') { at - 1 } else { at };
    let value = &query[at + KEY.len()..];
    let length = match value.chars().next().filter(|&c| is_quote(c)) {
        Some(quote) => {
            let inner = &value[quote.len_utf8()..];
            let close = inner.char_indices().find(|(_, c)| is_quote(*c));
            quote.len_utf8() + close.map_or(inner.len(), |(at, c)| at + c.len_utf8())
        }
        None => value.find(char::is_whitespace).unwrap_or(value.len()),
    };
    let end = at + KEY.len() + length;
    Some((&query[..from], &query[from..end], &query[end..]))
}

fn is_quote(char: char) -> bool {
    matches!(char, '"' | '“' | '”' | '„' | '«' | '»')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_looked_for_under_every_name() {
        let ways = ["marta", "m", "marta berger"].map(str::to_owned).to_vec();
        let aliases = Aliases(vec![ways]);
        assert_eq!(
            aliases.expand("lake person:Marta 2021"),
            "lake person:\"m\" OR person:\"marta berger\" OR person:Marta 2021"
        );
        assert_eq!(
            aliases.expand("-person:\"Marta Berger\" x"),
            "-person:\"marta\" -person:\"m\" -person:\"Marta Berger\" x"
        );
        for same in ["person:Oscar", "a person: Marta", "person:", "xperson:Marta", "ä person:\""]
        {
            assert_eq!(aliases.expand(same), same);
        }
    }
}
