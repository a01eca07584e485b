//! Measures the engine for `scripts/engine_bench.py`: `bench MODEL [q8]`; with `q8`, keys and values are held at 8 bits.
//!
//! Reads one request a line and answers each with one number:
//! `prompt N` seconds to read `N` tokens from nothing,
//! `generate N` seconds to read `N` tokens more, one after another,
//! `forget` seconds to forget all,
//! `memory` bytes that the process holds,
//! `surprise IDS...` mean negative log-probability of each token after those before it.
#![allow(clippy::print_stdout, reason = "it tells figures")]
use engine::{CacheType, Engine};
use std::{
    error::Error,
    io::{BufRead, Write, stdin, stdout},
    path::Path,
    time::Instant,
};

/// Tokens of a text for measurements, any that every model knows.
fn token(position: usize) -> u32 {
    (position * 31 % 250) as u32
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let model = arguments.next().ok_or("bench MODEL [q8]")?;
    let cache = if arguments.next().is_some() { CacheType::Q8 } else { CacheType::F16 };
    let mut engine = Engine::load_with_cache(Path::new(&model), cache)?;
    let mut tokens: Vec<u32> = Vec::new();
    for line in stdin().lock().lines() {
        let line = line?;
        let mut words = line.split_whitespace();
        let name = words.next().unwrap_or_default();
        let numbers: Vec<u32> = words.map(str::parse).collect::<Result<_, _>>()?;
        let count = numbers.first().map_or(0, |&count| count as usize);
        let begun = Instant::now();
        let answer = match name {
            "memory" => memory()?,
            "surprise" => surprise(&mut engine, &numbers)?,
            "prompt" | "forget" => {
                engine.forget();
                tokens = (0..count).map(token).collect();
                read(&mut engine, &tokens)?;
                begun.elapsed().as_secs_f64()
            }
            "generate" => {
                for _ in 0..count {
                    tokens.push(token(tokens.len()));
                    read(&mut engine, &tokens)?;
                }
                begun.elapsed().as_secs_f64()
            }
            _ => return Err("an unknown request".into()),
        };
        println!("{answer}");
        stdout().flush()?;
    }
    Ok(())
}

fn read(engine: &mut Engine, tokens: &[u32]) -> Result<(), Box<dyn Error>> {
    if !tokens.is_empty() {
        engine.logits(tokens)?;
    }
    Ok(())
}

/// Bytes in memory, where the system says.
fn memory() -> Result<f64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? * 1024.0)
}

fn surprise(engine: &mut Engine, ids: &[u32]) -> Result<f64, Box<dyn Error>> {
    let mut sum = 0.0;
    engine.forget();
    engine.evaluate(ids, 64, &mut |position, logits| {
        if let Some(&next) = ids.get(position + 1) {
            let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let total: f64 = logits.iter().map(|&x| f64::from(x - largest).exp()).sum();
            sum += total.ln() - f64::from(logits[next as usize] - largest);
        }
    })?;
    Ok(sum / (ids.len() - 1) as f64)
}
