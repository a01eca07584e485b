//! Which token comes next.
use zeroize::Zeroizing;

/// Tokens back that the repetition penalty looks.
const PENALTY_WINDOW: usize = 64;

/// How the next token is chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct SamplingParams {
    /// 0 is greedy.
    pub temperature: f32,
    /// 0 is off.
    pub top_k: usize,
    /// 1 is off.
    pub top_p: f32,
    /// 0 is off.
    pub min_p: f32,
    /// 1 is off.
    pub repetition_penalty: f32,
    /// Same seed, same text.
    pub seed: u64,
}

/// Chooses tokens.
pub(crate) struct Sampler {
    params: SamplingParams,
    state: u64,
}

impl Sampler {
    /// Starts from the seed.
    pub(crate) fn new(params: &SamplingParams) -> Self {
        Self { params: params.clone(), state: params.seed }
    }

    /// The next token after `history`; `logits` are changed by the repetition penalty.
    pub(crate) fn sample(&mut self, logits: &mut [f32], history: &[u32]) -> u32 {
        self.penalise(logits, &history[history.len().saturating_sub(PENALTY_WINDOW)..]);
        if self.params.temperature <= 0.0 || self.params.temperature.is_nan() {
            return greedy(logits);
        }
        let mut candidates = self.candidates(logits);
        self.keep_nucleus(&mut candidates);
        let total: f32 = candidates.iter().map(|&(_, weight)| weight).sum();
        let mut left = self.uniform() * total;
        for &(token, weight) in candidates.iter() {
            left -= weight;
            if left < 0.0 {
                return token;
            }
        }
        candidates.first().map_or(0, |&(token, _)| token)
    }

    fn penalise(&self, logits: &mut [f32], recent: &[u32]) {
        let penalty = self.params.repetition_penalty;
        if penalty == 1.0 || penalty <= 0.0 {
            return;
        }
        let mut recent = Zeroizing::new(recent.to_vec());
        recent.sort_unstable();
        recent.dedup();
        for &token in recent.iter() {
            if let Some(logit) = logits.get_mut(token as usize) {
                *logit = if *logit > 0.0 { *logit / penalty } else { *logit * penalty };
            }
        }
    }

    /// The `top_k` likeliest tokens with weights relative to the first's, the likeliest first.
    fn candidates(&self, logits: &[f32]) -> Zeroizing<Vec<(u32, f32)>> {
        let mut candidates =
            Zeroizing::new((0..).zip(logits.iter().copied()).collect::<Vec<(u32, f32)>>());
        let by_logit = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        let top_k = self.params.top_k;
        if (1..candidates.len()).contains(&top_k) {
            candidates.select_nth_unstable_by(top_k - 1, by_logit);
            candidates.truncate(top_k);
        }
        candidates.sort_unstable_by(by_logit);
        let best = candidates.first().map_or(0.0, |&(_, logit)| logit);
        for (_, logit) in candidates.iter_mut() {
            *logit = ((*logit - best) / self.params.temperature).exp();
        }
        candidates
    }

    /// Drops what `min_p` and `top_p` drop; the likeliest token stays.
    fn keep_nucleus(&self, candidates: &mut Vec<(u32, f32)>) {
        let min_p = self.params.min_p;
        let likely = candidates.iter().take_while(|&&(_, weight)| weight >= min_p).count();
        candidates.truncate(likely.max(1));
        let wanted = candidates.iter().map(|&(_, weight)| weight).sum::<f32>() * self.params.top_p;
        let mut sum = 0.0;
        let within = candidates.iter().take_while(|&&(_, weight)| {
            let before = sum;
            sum += weight;
            before < wanted
        });
        let within = within.count();
        candidates.truncate(within.max(1));
    }

    /// The next number in 0..1, by SplitMix64.
    fn uniform(&mut self) -> f32 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 40) as f32 / (1 << 24) as f32
    }
}

/// The likeliest token.
pub(crate) fn greedy(logits: &[f32]) -> u32 {
    let best = (0..).zip(logits).fold((0, f32::NEG_INFINITY), |best, (token, &logit)| {
        if logit > best.1 { (token, logit) } else { best }
    });
    best.0
}

/// Logarithm of the probability that `token` has among `logits`.
pub(crate) fn log_probability(logits: &[f32], token: u32) -> f64 {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|&logit| f64::from(logit - max).exp()).sum();
    let logit = logits.get(token as usize).copied().unwrap_or(f32::NEG_INFINITY);
    f64::from(logit - max) - sum.ln()
}
