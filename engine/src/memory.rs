//! Whether a model fits into the memory there is.
use crate::{error::Checked, gguf::Gguf, model::Config};

/// Bytes of memory that could be taken now, if the system says.
pub(crate) fn available() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? * 1024)
}

/// Bytes that a model takes once loaded; refused when that is more than there is.
pub(crate) fn check(gguf: &Gguf, config: &Config, available: Option<u64>) -> Checked<u64> {
    let largest = gguf.tensors.values().map(|tensor| tensor.bytes).max().unwrap_or(0);
    // While a tensor is read it is there twice; logits and activations of a chunk are small beside that.
    let needed =
        gguf.weight_bytes().saturating_add(config.cache_bytes()).saturating_add(2 * largest);
    match available {
        Some(available) if needed > available => Err(format!(
            "the model needs more memory than there is ({} MB of {} MB)",
            needed >> 20,
            available >> 20
        )),
        _ => Ok(needed),
    }
}
