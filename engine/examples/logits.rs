//! Writes what a model makes of token ids, to be compared with another implementation: `logits MODEL OUT GREEDY`.
//!
//! Reads ids from stdin. `OUT` gets the logits after every token as 32-bit floats: `whole` (read in one go),
//! `parts` (7 at a time), `single`; and `greedy`, the ids of a continuation of `GREEDY` tokens.
use engine::Engine;
use std::{
    error::Error,
    fs,
    io::Read,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, model, out, count] = arguments.as_slice() else {
        return Err("logits MODEL OUT GREEDY".into());
    };
    let (out, count) = (PathBuf::from(out), count.parse()?);
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let ids: Vec<u32> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let mut engine = Engine::load(Path::new(model))?;
    for (name, portion) in [("whole", ids.len()), ("parts", 7), ("single", 1)] {
        let mut bytes = Vec::new();
        engine.forget();
        engine.evaluate(&ids, portion, &mut |_, logits| {
            bytes.extend(logits.iter().flat_map(|logit| logit.to_le_bytes()));
        })?;
        fs::write(out.join(name), bytes)?;
    }
    let continuation: Vec<String> = continued(&mut engine, ids, count)?;
    fs::write(out.join("greedy"), continuation.join(" "))?;
    Ok(())
}

/// The likeliest token after the ids, again and again.
fn continued(
    engine: &mut Engine,
    mut ids: Vec<u32>,
    count: usize,
) -> Result<Vec<String>, Box<dyn Error>> {
    let start = ids.len();
    engine.forget();
    while ids.len() < start + count {
        let mut next = 0;
        engine.evaluate(&ids, ids.len(), &mut |_, logits| {
            let best = |a: &usize, b: &usize| logits[*a].total_cmp(&logits[*b]).then(b.cmp(a));
            next = (0..logits.len()).max_by(best).unwrap_or(0);
        })?;
        ids.push(u32::try_from(next)?);
    }
    Ok(ids[start..].iter().map(u32::to_string).collect())
}
