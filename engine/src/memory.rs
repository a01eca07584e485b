//! Whether a model fits into the memory there is.
use crate::{
    error::Checked,
    gguf::Gguf,
    model::{CacheType, Config},
};

/// Bytes of memory that could be taken now, if the system says.
pub(crate) fn available() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? * 1024)
}

/// Tokens that a text usually has at most; the estimate counts keys and values for so many.
const USUAL_CONTEXT: usize = 8192;
/// A model that can't read so many tokens for lack of memory is of no use.
const LEAST_CONTEXT: usize = 4096;
/// Estimated bytes of a chunk's activations and logits; weights are never there twice.
const BESIDE: u64 = 1 << 25;
/// Estimated bytes that a tokenizer takes for each of its tokens.
const TOKEN: u64 = 512;

/// Estimates the bytes that a model takes once loaded, for a text of usual length. Keys and values are held as `cache`
/// says, or at 8 bits where there is no room for so long a text at 16. Refused when even a short one does not fit;
/// otherwise the context is cut to what does.
pub(crate) fn fit(
    gguf: &Gguf,
    config: &mut Config,
    available: Option<u64>,
    cache: Option<CacheType>,
) -> Checked<u64> {
    let embeddings = gguf.tensors.get("token_embd.weight").map(|tensor| tensor.dims.as_slice());
    let tokens = embeddings.and_then(<[usize]>::last).map_or(0, |tokens| *tokens as u64);
    let beside = tokens.saturating_mul(TOKEN).saturating_add(BESIDE);
    let fixed = gguf.weight_bytes().saturating_add(beside);
    let needed = |config: &Config, tokens: usize| {
        fixed.saturating_add(config.cache_bytes(tokens.min(config.context).next_multiple_of(16)))
    };
    config.cache_type = cache.unwrap_or_default();
    let is_short = available.is_some_and(|available| needed(config, USUAL_CONTEXT) > available);
    if cache.is_none() && is_short {
        config.cache_type = CacheType::Q8;
    }
    let estimate = needed(config, USUAL_CONTEXT);
    let Some(available) = available else { return Ok(estimate) };
    let least = needed(config, LEAST_CONTEXT);
    if least > available {
        return Err(format!(
            "the model needs more memory than there is ({} MB of {} MB)",
            least >> 20,
            available >> 20
        ));
    }
    let room = (available - fixed) / config.cache_bytes(1);
    config.context = config.context.min(usize::try_from(room).unwrap_or(usize::MAX));
    Ok(estimate)
}
