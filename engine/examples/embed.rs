//! Turns texts into vectors, and says how fast: `embed MODEL TEXTS [VECTORS]`.
//!
//! `TEXTS` is a file with a JSON string a line. Prints seconds, seconds of processor time (Linux), and seconds of
//! loading before. The vectors are written as 32-bit numbers, little endian, one after another.
#![allow(clippy::print_stdout, reason = "it tells figures")]
use engine::{CancelToken, Embedder};
use std::{error::Error, fs, path::Path, time::Instant};

/// Texts that are given to the model at once.
const TOGETHER: usize = 128;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, texts, vectors @ ..] = arguments.as_slice() else {
        return Err("embed MODEL TEXTS [VECTORS]".into());
    };
    let texts: Vec<String> =
        fs::read_to_string(texts)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let loading = Instant::now();
    let embedder = Embedder::load(Path::new(model))?;
    let loading = loading.elapsed().as_secs_f64();
    let (begun, processor) = (Instant::now(), processor_seconds());
    let mut made: Vec<u8> = Vec::new();
    for texts in texts.chunks(TOGETHER) {
        let together = embedder.embed(texts, &CancelToken::default())?.unwrap_or_default();
        made.extend(together.iter().flatten().flat_map(|x| x.to_le_bytes()));
    }
    let processor = processor_seconds() - processor;
    println!("{:.4} {processor:.4} {loading:.4}", begun.elapsed().as_secs_f64());
    if let [path] = vectors {
        fs::write(path, made)?;
    }
    Ok(())
}

/// Seconds of processor time that this process took, where the system says.
fn processor_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: f64 = fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / 100.0
}
