//! Whatever a model would say, what comes out has the form that was asked for.
use super::{Constraint, Grammar, Schema, SortedPieces};
use crate::{
    gguf::{
        Gguf, Source,
        testing::{tiny, vocabulary},
    },
    tokenizer::Tokenizer,
};
use proptest::prelude::*;
use serde_json::Value;

/// All bytes, and words that cross the borders of what the grammars are made of.
fn tokenizer() -> (Tokenizer, usize) {
    let mut tokens = vocabulary();
    let more = [
        "\",Ġ\"", "\"]", "\":Ġ", "{\"", "\\\"", "?Ċ", ".Ġ", "1.", "Ã¼", "the", "them", "theme",
        "\"]}", "ðŁĻĤ",
    ];
    tokens.extend(more.map(String::from));
    let mut kinds = vec![1; tokens.len()];
    kinds[257..259].fill(3);
    let writer =
        tiny().texts("tokenizer.ggml.tokens", &tokens).ints("tokenizer.ggml.token_type", &kinds);
    let bytes = writer.build();
    let gguf = Gguf::read(&mut Source::new(&bytes[..], bytes.len() as u64)).unwrap();
    (Tokenizer::new(&gguf.metadata).unwrap(), tokens.len())
}

/// What a model that knows nothing writes; `None` where there is no room for any text.
fn written(grammar: &Grammar, most: usize, mut seed: u64) -> Option<String> {
    let (tokenizer, vocabulary) = tokenizer();
    let pieces = SortedPieces::new(&tokenizer, vocabulary);
    let mut constraint = Constraint::new(grammar, &pieces).unwrap();
    let mut text = Vec::new();
    for generated in 0..most {
        let mut logits = vec![0.0; vocabulary];
        constraint
            .rule_out(&mut logits, most - generated, |token| tokenizer.ends_turn(token))
            .ok()?;
        let allowed: Vec<u32> =
            (0..).zip(&logits).filter(|(_, l)| l.is_finite()).map(|(t, _)| t).collect();
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let token = allowed[(seed >> 33) as usize % allowed.len()];
        if tokenizer.ends_turn(token) {
            break;
        }
        text.extend_from_slice(tokenizer.bytes(token));
        constraint.push(tokenizer.bytes(token));
        if constraint.must_end() {
            break;
        }
    }
    Some(String::from_utf8(text).expect("whole characters"))
}

fn themes() -> Schema {
    let quotes = Schema::List { of: Box::new(Schema::Text(20)), least: 0, most: 3 };
    let kind = Schema::OneOf(vec!["work".into(), "a \"home\"".into()]);
    let theme = Schema::Object(vec![
        ("theme".into(), Schema::Text(12)),
        ("kind".into(), kind),
        ("quotes".into(), quotes),
        ("count".into(), Schema::Integer),
        ("sure".into(), Schema::Bool),
    ]);
    let themes = Schema::List { of: Box::new(theme), least: 1, most: 3 };
    Schema::Object(vec![("themes".into(), themes)])
}

fn has_shape(schema: &Schema, value: &Value) -> bool {
    match (schema, value) {
        (Schema::Text(most), Value::String(text)) => (1..=*most).contains(&text.chars().count()),
        (Schema::OneOf(texts), Value::String(text)) => texts.contains(text),
        (Schema::Integer, value) => value.is_i64() || value.is_u64(),
        (Schema::Bool, value) => value.is_boolean(),
        (Schema::List { of, least, most }, Value::Array(items)) => {
            (*least..=*most).contains(&items.len()) && items.iter().all(|item| has_shape(of, item))
        }
        (Schema::Object(properties), Value::Object(values)) => {
            values.len() == properties.len()
                && properties.iter().all(|(name, schema)| {
                    values.get(name).is_some_and(|value| has_shape(schema, value))
                })
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn json_parses_and_has_its_shape(seed: u64, most in 1..400_usize) {
        let schema = themes();
        match written(&Grammar::from(&schema), most, seed) {
            Some(text) => {
                let value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
                prop_assert!(has_shape(&schema, &value), "{}", text);
            }
            None => prop_assert!(most < 84),
        }
    }

    #[test]
    fn lines_are_numbered_and_whole(seed: u64, count in 1..5_usize, most in 60..200_usize) {
        let question = Grammar::Sequence(vec![Grammar::Except("?".into()).repeat(3, 40), Grammar::text("?")]);
        let text = written(&Grammar::numbered(count, &question), most, seed).unwrap();
        let lines: Vec<_> = text.split('\n').collect();
        prop_assert_eq!(lines.len(), count);
        for (n, line) in (1..).zip(lines) {
            let question = line.strip_prefix(&format!("{n}. ")).unwrap();
            let (said, rest) = question.split_once('?').unwrap();
            prop_assert!(rest.is_empty() && (3..=40).contains(&said.chars().count()), "{}", line);
        }
    }

    #[test]
    fn choices_and_repetitions_keep_their_bounds(seed: u64, least in 0..4_usize, more in 0..4_usize) {
        let part = Grammar::Choice(vec![Grammar::text("the"), Grammar::text("them"), Grammar::text("ü")]);
        let text = written(&Grammar::list(&part, ";", least, least + more), 100, seed).unwrap();
        let parts: Vec<_> = text.split(';').filter(|part| !part.is_empty()).collect();
        prop_assert!((least..=least + more).contains(&parts.len()), "{}", text);
        prop_assert!(parts.iter().all(|part| ["the", "them", "ü"].contains(part)), "{}", text);
    }
}

#[test]
fn a_grammar_that_is_too_large_or_has_no_text_is_refused() {
    let (tokenizer, vocabulary) = tokenizer();
    let pieces = SortedPieces::new(&tokenizer, vocabulary);
    let many = Grammar::Except(String::new()).repeat(0, 1000).repeat(0, 1000);
    assert!(Constraint::new(&many, &pieces).is_none());
    let mut nothing = Constraint::new(&Grammar::Choice(Vec::new()), &pieces).unwrap();
    assert!(nothing.rule_out(&mut vec![0.0; vocabulary], 10, |_| true).is_err());
}
