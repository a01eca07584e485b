//! JSON of a given shape: the part of JSON Schema that a small model can fill in.
use super::Grammar;

/// The shape of a JSON value. It is written on one line, with a space after every comma and colon; the properties of an
/// object are all there, in their order.
#[derive(Clone)]
pub enum Schema {
    /// A string of at most so many characters, and not empty.
    Text(usize),
    /// One of these strings.
    OneOf(Vec<String>),
    /// A whole number of at most nine digits.
    Integer,
    /// `true` or `false`.
    Bool,
    /// A list.
    List {
        /// Of what.
        of: Box<Self>,
        /// So many at least.
        least: usize,
        /// So many at most.
        most: usize,
    },
    /// An object with these properties.
    Object(Vec<(String, Self)>),
}

impl From<&Schema> for Grammar {
    fn from(schema: &Schema) -> Self {
        match schema {
            Schema::Text(most) => string(*most),
            Schema::OneOf(texts) => Self::Choice(texts.iter().map(|text| literal(text)).collect()),
            Schema::Integer => integer(),
            Schema::Bool => Self::Choice(vec![Self::text("true"), Self::text("false")]),
            Schema::List { of, least, most } => {
                let items = Self::list(&Self::from(of.as_ref()), ", ", *least, *most);
                Self::Sequence(vec![Self::text("["), items, Self::text("]")])
            }
            Schema::Object(properties) => object(properties),
        }
    }
}

fn object(properties: &[(String, Schema)]) -> Grammar {
    let mut parts = vec![Grammar::text("{")];
    for (index, (name, schema)) in properties.iter().enumerate() {
        if index > 0 {
            parts.push(Grammar::text(", "));
        }
        parts.extend([literal(name), Grammar::text(": "), schema.into()]);
    }
    parts.push(Grammar::text("}"));
    Grammar::Sequence(parts)
}

fn literal(text: &str) -> Grammar {
    Grammar::Text(serde_json::Value::from(text).to_string())
}

fn string(most: usize) -> Grammar {
    let escaped = Grammar::Sequence(vec![Grammar::text("\\"), Grammar::OneOf("\"\\/nt".into())]);
    let character = Grammar::Choice(vec![Grammar::Except("\"\\".into()), escaped]);
    let quote = || Grammar::text("\"");
    Grammar::Sequence(vec![quote(), character.repeat(1, most), quote()])
}

fn integer() -> Grammar {
    let first = Grammar::OneOf("123456789".into());
    let digits = Grammar::OneOf("0123456789".into()).repeat(0, 8);
    let positive = Grammar::Sequence(vec![Grammar::text("-").repeat(0, 1), first, digits]);
    Grammar::Choice(vec![Grammar::text("0"), positive])
}
