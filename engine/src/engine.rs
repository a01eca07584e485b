//! A loaded model with its tokenizer, chat template and memory of the last prompt.
#[cfg(test)]
mod tests;

use crate::{
    chat::{ChatTemplate, Message},
    error::{Checked, Error, Result},
    file,
    generation::{CancelToken, Chunk, Completion, FinishReason, GenerationRequest, Usage},
    gguf::{Gguf, Source},
    grammar::{Constraint, SortedPieces},
    memory,
    model::{CHUNK, CacheType, Config, KvCache, Model},
    sampler::{self, Sampler},
    thoughts::Thoughts,
    tokenizer::{TextStream, Tokenizer},
};
use std::{
    cell::OnceCell,
    io::Read,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use zeroize::{Zeroize, Zeroizing};

/// What a model file says of itself.
#[derive(Clone, Debug)]
pub struct ModelInfo {
    /// Its name, or the file's.
    pub name: String,
    /// `general.architecture`.
    pub architecture: String,
    /// The most common type of its tensors, such as `Q4_1`.
    pub quantisation: String,
    /// Tokens it can read.
    pub context_length: usize,
    /// Size of the file in bytes.
    pub file_bytes: u64,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// Licence, if the file says.
    pub licence: Option<String>,
    /// Estimated memory in use once loaded, in bytes.
    pub memory_bytes: u64,
}

/// A loaded model with its tokenizer and chat template.
pub struct Engine {
    info: ModelInfo,
    tokenizer: Tokenizer,
    template: ChatTemplate,
    model: Model,
    cache: KvCache,
    /// The tokens whose keys and values the cache holds.
    held: Zeroizing<Vec<u32>>,
    /// Made for the first grammar.
    pieces: OnceCell<Arc<SortedPieces>>,
}

/// A prompt that the cache holds.
struct ReadPrompt {
    prompt: Zeroizing<Vec<u32>>,
    /// After its last token; `None` when cancelled.
    logits: Option<Zeroizing<Vec<f32>>>,
    usage: Usage,
}

impl Engine {
    /// Loads a GGUF file. Keys and values are held at 16 bits, or at 8 where memory is short.
    /// # Errors
    /// `Model`, with the reason in words.
    pub fn load(path: &Path) -> Result<Self> {
        Self::open(path, None)
    }

    /// As [`Self::load`], with keys and values held as `cache` says.
    /// # Errors
    /// As `load`.
    pub fn load_with_cache(path: &Path, cache: CacheType) -> Result<Self> {
        Self::open(path, Some(cache))
    }

    fn open(path: &Path, cache: Option<CacheType>) -> Result<Self> {
        let source = file::source(path)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Self::read(source, name, memory::available(), cache)
            .map_err(|what| Error::model(what, path))
    }

    /// Loads from any source; `available`: bytes of free memory, if known.
    pub(crate) fn read(
        mut source: Source<impl Read>,
        file_name: String,
        available: Option<u64>,
        cache: Option<CacheType>,
    ) -> Checked<Self> {
        let file_bytes = source.length();
        let gguf = Gguf::read(&mut source)?;
        let mut config = Config::new(&gguf)?;
        let memory_bytes = memory::fit(&gguf, &mut config, available, cache)?;
        let tokenizer = Tokenizer::new(&gguf.metadata)?;
        let template = ChatTemplate::new(&gguf.metadata, &tokenizer)?;
        let text = |key| gguf.metadata.text(key).map(|text| text.map(str::to_owned));
        let mut info = ModelInfo {
            name: text("general.name")?.filter(|name| !name.is_empty()).unwrap_or(file_name),
            architecture: config.architecture.into(),
            quantisation: gguf.quantisation().into(),
            context_length: config.context,
            file_bytes,
            sha256: String::new(),
            licence: text("general.license")?,
            memory_bytes,
        };
        let cache = KvCache::new(&config);
        let model = Model::read(&mut source, &gguf, config)?;
        info.sha256 = source.finish()?;
        let (held, pieces) = (Zeroizing::default(), OnceCell::new());
        Ok(Self { info, tokenizer, template, model, cache, held, pieces })
    }

    /// What the file says.
    #[must_use]
    pub fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// Tokens that these messages take as a prompt.
    /// # Errors
    /// When the template fails.
    pub fn count_tokens(&self, messages: &[Message]) -> Result<usize> {
        self.prompt(messages, "").map(|prompt| prompt.len())
    }

    /// Answers. `on_chunk` is called for progress and text; `cancel` is seen within 100 ms.
    /// # Errors
    /// `TooLong`, `Compute`.
    pub fn generate(
        &mut self,
        request: &GenerationRequest,
        cancel: &CancelToken,
        on_chunk: &mut dyn FnMut(Chunk<'_>),
    ) -> Result<Completion> {
        let read = self.read_request(request, cancel, on_chunk)?;
        self.complete(request, &read, cancel, on_chunk)
    }

    /// Answers several times, with the seeds that follow the request's; the prompt is read once.
    /// # Errors
    /// As `generate`.
    pub fn generate_several(
        &mut self,
        request: &GenerationRequest,
        count: usize,
        cancel: &CancelToken,
    ) -> Result<Vec<Completion>> {
        let mut read = self.read_request(request, cancel, &mut |_| {})?;
        let mut request = request.clone();
        let mut completions = Vec::with_capacity(count);
        for _ in 0..count {
            self.keep(read.prompt.len());
            completions.push(self.complete(&request, &read, cancel, &mut |_| {})?);
            request.sampling.seed = request.sampling.seed.wrapping_add(1);
            read.usage.reused_tokens = read.prompt.len();
            read.usage.prompt_time = Duration::ZERO;
        }
        Ok(completions)
    }

    /// Mean log-probability per token of `continuation` after the prompt; 0 for an empty one.
    /// # Errors
    /// `TooLong`, `Compute`.
    pub fn log_probability(&mut self, messages: &[Message], continuation: &str) -> Result<f32> {
        let all = self.log_probabilities(messages, &[continuation])?;
        Ok(all.first().copied().unwrap_or(0.0))
    }

    /// The same for several continuations; the prompt is read once.
    /// # Errors
    /// `TooLong`, `Compute`.
    pub fn log_probabilities(
        &mut self,
        messages: &[Message],
        continuations: &[&str],
    ) -> Result<Vec<f32>> {
        let prompt = self.prompt(messages, "")?;
        let encode = |continuation: &&str| {
            let mut tokens = Zeroizing::new(Vec::new());
            self.tokenizer.encode_text(continuation, false, &mut tokens);
            tokens
        };
        let continuations: Vec<_> = continuations.iter().map(encode).collect();
        let longest = continuations.iter().map(|tokens| tokens.len()).max().unwrap_or(0);
        self.require_room(prompt.len(), longest)?;
        self.reach(prompt.len() + longest);
        self.reuse(&prompt);
        let logits = self.read_prompt(&prompt, &CancelToken::default(), &mut |_| {})?;
        let logits = logits.unwrap_or_default();
        let mut means = Vec::with_capacity(continuations.len());
        for tokens in &continuations {
            self.keep(prompt.len());
            let sum = self.sum_of_log_probabilities(&logits, tokens)?;
            means.push((sum / tokens.len().max(1) as f64) as f32);
        }
        Ok(means)
    }

    /// Of tokens after the held ones, whose logits are given.
    fn sum_of_log_probabilities(&mut self, logits: &[f32], tokens: &[u32]) -> Result<f64> {
        let Some((&first, rest)) = tokens.split_first() else { return Ok(0.0) };
        let mut sum = sampler::log_probability(logits, first);
        let mut begin = 0;
        for expected in rest.chunks(CHUNK) {
            let read = &tokens[begin..begin + expected.len()];
            let logits = self.step(read, read.len(), &|| false)?.unwrap_or_default();
            let each = logits.chunks_exact(self.vocabulary()).zip(expected);
            sum +=
                each.map(|(logits, &token)| sampler::log_probability(logits, token)).sum::<f64>();
            begin += expected.len();
        }
        Ok(sum)
    }

    /// Logits after tokens, for comparison with other implementations and for perplexity: `on_logits` gets the
    /// position and the logits of every token that was not held from the last call. Reads `portion` tokens at once.
    /// # Errors
    /// `TooLong`, `Compute`.
    pub fn evaluate(
        &mut self,
        tokens: &[u32],
        portion: usize,
        on_logits: &mut dyn FnMut(usize, &[f32]),
    ) -> Result<()> {
        self.require_room(tokens.len(), 0)?;
        if let Some(&token) = tokens.iter().find(|&&token| token as usize >= self.vocabulary()) {
            return Err(Error::Compute(format!("there is no token {token}")));
        }
        self.reach(self.model.config().context);
        self.reuse(tokens);
        while self.held.len() < tokens.len() {
            let at = self.held.len();
            let part = &tokens[at..tokens.len().min(at + portion.max(1))];
            let logits = self.step(part, part.len(), &|| false)?.unwrap_or_default();
            for (position, logits) in (at..).zip(logits.chunks_exact(self.vocabulary())) {
                on_logits(position, logits);
            }
        }
        Ok(())
    }

    /// Logits after the last of some tokens, for measurements. What is held of them is not read again.
    /// # Errors
    /// `TooLong`, `Compute`.
    pub fn logits(&mut self, tokens: &[u32]) -> Result<Zeroizing<Vec<f32>>> {
        self.require_room(tokens.len(), 0)?;
        self.reach(self.model.config().context);
        self.reuse(tokens);
        let logits = self.read_prompt(tokens, &CancelToken::default(), &mut |_| {})?;
        Ok(logits.unwrap_or_default())
    }

    /// Forgets the last prompt, and overwrites what was computed from it.
    pub fn forget(&mut self) {
        self.keep(0);
        self.cache.wipe();
    }

    /// What of the answer is kept back; nothing, where its beginning or its form is given.
    fn thoughts(&self, request: &GenerationRequest, prompt: &[u32]) -> Thoughts {
        if !request.prefill.is_empty() || request.grammar.is_some() {
            return Thoughts::none();
        }
        let last = &prompt[prompt.len().saturating_sub(8)..];
        Thoughts::after(&last.iter().map(|&token| self.tokenizer.piece(token)).collect::<String>())
    }

    /// Tokens of a prompt with the beginning of its answer.
    fn prompt(&self, messages: &[Message], prefill: &str) -> Result<Zeroizing<Vec<u32>>> {
        let segments = self.template.render(messages, &self.tokenizer)?;
        let mut tokens = Zeroizing::new(self.tokenizer.encode(&segments));
        if !prefill.is_empty() {
            self.tokenizer.encode_text(prefill, false, &mut tokens);
        }
        Ok(tokens)
    }

    /// Number of tokens it knows.
    fn vocabulary(&self) -> usize {
        self.model.config().vocabulary
    }

    /// Refuses a prompt that leaves no room for a continuation, or for any.
    fn require_room(&self, prompt: usize, continuation: usize) -> Result<()> {
        let limit = self.model.config().context.saturating_sub(1);
        let tokens = prompt + continuation;
        if prompt > 0 && tokens <= limit { Ok(()) } else { Err(Error::TooLong { tokens, limit }) }
    }

    /// Says how long the text may become. What was read for the other length of a model that has two is forgotten.
    fn reach(&mut self, tokens: usize) {
        if self.cache.set_reach(tokens, self.model.config().rope.original_context) {
            self.keep(0);
        }
    }

    /// Keeps what the cache shares with the beginning of `prompt`, and returns how many tokens that are:
    /// not the last one, whose logits are wanted.
    fn reuse(&mut self, prompt: &[u32]) -> usize {
        let shared = self.held.iter().zip(prompt).take_while(|(held, token)| held == token).count();
        let shared = shared.min(prompt.len().saturating_sub(1));
        self.keep(shared);
        shared
    }

    fn keep(&mut self, tokens: usize) {
        let forgotten = self.held.len().min(tokens);
        self.held[forgotten..].zeroize();
        self.held.truncate(tokens);
        self.cache.truncate(tokens);
    }

    /// Reads what the cache does not hold yet; the logits after the last token, or `None` when cancelled.
    fn read_prompt(
        &mut self,
        prompt: &[u32],
        cancel: &CancelToken,
        on_chunk: &mut dyn FnMut(Chunk<'_>),
    ) -> Result<Option<Zeroizing<Vec<f32>>>> {
        let mut logits = None;
        while self.held.len() < prompt.len() {
            let at = self.held.len();
            let end = prompt.len().min(at + CHUNK);
            let wanted = usize::from(end == prompt.len());
            logits = self.step(&prompt[at..end], wanted, &|| cancel.is_canceled())?;
            if logits.is_none() {
                return Ok(None);
            }
            on_chunk(Chunk::Prompt { read: end, total: prompt.len() });
        }
        Ok(logits)
    }

    /// Reads the prompt of a request.
    fn read_request(
        &mut self,
        request: &GenerationRequest,
        cancel: &CancelToken,
        on_chunk: &mut dyn FnMut(Chunk<'_>),
    ) -> Result<ReadPrompt> {
        let prompt = self.prompt(&request.messages, &request.prefill)?;
        self.require_room(prompt.len(), 0)?;
        let begun = Instant::now();
        self.reach(prompt.len() + request.max_tokens);
        let reused_tokens = self.reuse(&prompt);
        let logits = self.read_prompt(&prompt, cancel, on_chunk)?;
        let usage = Usage {
            prompt_tokens: prompt.len(),
            reused_tokens,
            prompt_time: begun.elapsed(),
            ..Usage::default()
        };
        Ok(ReadPrompt { prompt, logits, usage })
    }

    /// Answers a prompt that was read.
    fn complete(
        &mut self,
        request: &GenerationRequest,
        read: &ReadPrompt,
        cancel: &CancelToken,
        on_chunk: &mut dyn FnMut(Chunk<'_>),
    ) -> Result<Completion> {
        let begun = Instant::now();
        let (mut text, mut usage) = (String::new(), read.usage);
        let Some(logits) = read.logits.clone() else {
            return Ok(Completion { text, finish: FinishReason::Canceled, usage });
        };
        let mut thoughts = self.thoughts(request, &read.prompt);
        let mut show = |part: String| {
            if !part.is_empty() {
                on_chunk(Chunk::Text(&part));
                text.push_str(&part);
            }
        };
        let pieces = request.grammar.as_ref().map(|_| self.sorted_pieces());
        let constraint = match (&request.grammar, &pieces) {
            (Some(grammar), Some(pieces)) => Some(
                Constraint::new(grammar, pieces)
                    .ok_or_else(|| Error::Compute("the grammar is too large".into()))?,
            ),
            _ => None,
        };
        let (finish, tokens) = self.answer(request, logits, constraint, cancel, &mut |part| {
            show(thoughts.push(part));
        })?;
        show(thoughts.finish());
        usage.generated_tokens = tokens;
        usage.generation_time = begun.elapsed();
        Ok(Completion { text, finish, usage })
    }

    /// The vocabulary in the order of its bytes; made when it is first needed.
    fn sorted_pieces(&self) -> Arc<SortedPieces> {
        let vocabulary = self.vocabulary();
        let sorted = || Arc::new(SortedPieces::new(&self.tokenizer, vocabulary));
        Arc::clone(self.pieces.get_or_init(sorted))
    }

    /// Generates after the prompt; why it ended, and how many tokens it took.
    fn answer(
        &mut self,
        request: &GenerationRequest,
        mut logits: Zeroizing<Vec<f32>>,
        mut constraint: Option<Constraint<'_>>,
        cancel: &CancelToken,
        on_text: &mut dyn FnMut(&str),
    ) -> Result<(FinishReason, usize)> {
        let mut generated = 0;
        let mut sampler = Sampler::new(&request.sampling);
        let mut stream = TextStream::new(&request.stop);
        let context = self.model.config().context;
        let most = request.max_tokens.min(context + 1 - self.held.len());
        let finish = loop {
            if cancel.is_canceled() {
                break FinishReason::Canceled;
            }
            if generated >= most {
                break FinishReason::Length;
            }
            if let Some(constraint) = &mut constraint {
                let left = most - generated;
                constraint.rule_out(&mut logits, left, |token| self.tokenizer.ends_turn(token))?;
            }
            let token = sampler.sample(&mut logits, &self.held);
            if self.tokenizer.ends_turn(token) {
                break FinishReason::Stop;
            }
            generated += 1;
            if let Some(constraint) = &mut constraint {
                constraint.push(self.tokenizer.bytes(token));
            }
            emit(&stream.push(self.tokenizer.bytes(token)), on_text);
            if stream.stopped() || constraint.as_ref().is_some_and(Constraint::must_end) {
                break FinishReason::Stop;
            }
            if self.held.len() >= context {
                break FinishReason::Length;
            }
            match self.step(&[token], 1, &|| cancel.is_canceled())? {
                Some(next) => logits = next,
                None => break FinishReason::Canceled,
            }
        };
        emit(&stream.finish(), on_text);
        Ok((finish, generated))
    }

    /// Reads tokens after the held ones.
    fn step(
        &mut self,
        tokens: &[u32],
        wanted: usize,
        canceled: &dyn Fn() -> bool,
    ) -> Result<Option<Zeroizing<Vec<f32>>>> {
        let logits = self.model.forward(tokens, wanted, &mut self.cache, canceled)?;
        if logits.is_some() {
            self.held.extend_from_slice(tokens);
        }
        Ok(logits)
    }
}

fn emit(text: &str, on_text: &mut dyn FnMut(&str)) {
    if !text.is_empty() {
        on_text(text);
    }
}
