//! What a model file makes of texts and conversations, to be compared with other implementations: `judge MODEL`.
//!
//! Reads a JSON list from stdin and prints one: a text becomes its token ids, a list of messages the rendered prompt
//! with the beginning of an answer, or null where the template refuses it.
#![allow(clippy::print_stdout, reason = "it tells results")]
use engine::{ControlNames, Ending, ModelFile};
use serde_json::Value;
use std::{error::Error, io::stdin, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("judge MODEL")?;
    let file = ModelFile::open(Path::new(&path))?;
    let items: Vec<Value> = serde_json::from_reader(stdin())?;
    let results = items.iter().map(|item| match item {
        Value::String(text) => file
            .tokenize(text, ControlNames::Text)
            .map(|tokens| Value::from(tokens.into_iter().map(|(id, _)| id).collect::<Vec<_>>())),
        messages => Ok(file.render(messages, Ending::Answer).map_or(Value::Null, Value::from)),
    });
    println!("{}", Value::from(results.collect::<Result<Vec<_>, _>>()?));
    Ok(())
}
