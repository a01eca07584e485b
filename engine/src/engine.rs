//! A loaded model with its tokenizer, chat template and memory of the last prompt.
#[cfg(test)]
mod tests;

use crate::{
    chat::{ChatTemplate, Message},
    error::{Checked, Error, Result},
    file,
    generation::{CancelToken, Chunk, Completion, FinishReason, GenerationRequest, Usage},
    gguf::{Gguf, Source},
    memory,
    model::{CHUNK, Config, KvCache, Model},
    sampler::{self, Sampler},
    thoughts::Thoughts,
    tokenizer::{TextStream, Tokenizer},
};
use std::{io::Read, path::Path, time::Instant};
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
}

impl Engine {
    /// Loads a GGUF file.
    /// # Errors
    /// `Model`, with the reason in words.
    pub fn load(path: &Path) -> Result<Self> {
        let source = file::source(path)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Self::read(source, name, memory::available()).map_err(|what| Error::model(what, path))
    }

    /// Loads from any source; `available`: bytes of free memory, if known.
    pub(crate) fn read(
        mut source: Source<impl Read>,
        file_name: String,
        available: Option<u64>,
    ) -> Checked<Self> {
        let file_bytes = source.length();
        let gguf = Gguf::read(&mut source)?;
        let mut config = Config::new(&gguf)?;
        let memory_bytes = memory::fit(&gguf, &mut config, available)?;
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
        Ok(Self { info, tokenizer, template, model, cache, held: Zeroizing::default() })
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
        let prompt = self.prompt(&request.messages, &request.prefill)?;
        self.require_room(&prompt)?;
        let begun = Instant::now();
        self.reach(prompt.len() + request.max_tokens);
        let reused_tokens = self.reuse(&prompt);
        let logits = self.read_prompt(&prompt, cancel, on_chunk)?;
        let mut usage = Usage {
            prompt_tokens: prompt.len(),
            reused_tokens,
            prompt_time: begun.elapsed(),
            ..Usage::default()
        };
        let mut text = String::new();
        let finish = match logits {
            None => FinishReason::Canceled,
            Some(logits) => {
                let mut thoughts = self.thoughts(request, &prompt);
                let mut show = |part: String| {
                    if !part.is_empty() {
                        on_chunk(Chunk::Text(&part));
                        text.push_str(&part);
                    }
                };
                let (finish, tokens) = self.answer(request, logits, cancel, &mut |part| {
                    show(thoughts.push(part));
                })?;
                show(thoughts.finish());
                usage.generated_tokens = tokens;
                finish
            }
        };
        usage.generation_time = begun.elapsed().saturating_sub(usage.prompt_time);
        Ok(Completion { text, finish, usage })
    }

    /// Mean log-probability per token of `continuation` after the prompt; 0 for an empty one.
    /// # Errors
    /// `TooLong`, `Compute`.
    pub fn log_probability(&mut self, messages: &[Message], continuation: &str) -> Result<f32> {
        let start = self.prompt(messages, "")?.len();
        let tokens = self.prompt(messages, continuation)?;
        self.require_room(&tokens)?;
        let mut sum = 0.0;
        // The logits that tell of the first token of the continuation are those after the prompt's last.
        let first = start.saturating_sub(1);
        self.reach(tokens.len());
        let keep = self.reuse(&tokens).min(first);
        self.keep(keep);
        let vocabulary = self.vocabulary();
        while self.held.len() + 1 < tokens.len() {
            let at = self.held.len();
            let end =
                if at < first { first.min(at + CHUNK) } else { (tokens.len() - 1).min(at + CHUNK) };
            let wanted = if at < first { 0 } else { end - at };
            let logits = self.step(&tokens[at..end], wanted, &|| false)?.unwrap_or_default();
            for (logits, &token) in logits.chunks_exact(vocabulary).zip(&tokens[at + 1..]) {
                sum += sampler::log_probability(logits, token);
            }
        }
        Ok((sum / (tokens.len() - start).max(1) as f64) as f32)
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
        self.require_room(tokens)?;
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
        self.require_room(tokens)?;
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

    /// What of the answer is kept back; nothing, where its beginning is given.
    fn thoughts(&self, request: &GenerationRequest, prompt: &[u32]) -> Thoughts {
        if !request.prefill.is_empty() {
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

    /// Refuses a prompt that leaves no room for an answer.
    fn require_room(&self, prompt: &[u32]) -> Result<()> {
        let limit = self.model.config().context.saturating_sub(1);
        if (1..=limit).contains(&prompt.len()) {
            return Ok(());
        }
        Err(Error::TooLong { tokens: prompt.len(), limit })
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

    /// Generates after the prompt; why it ended, and how many tokens it took.
    fn answer(
        &mut self,
        request: &GenerationRequest,
        mut logits: Zeroizing<Vec<f32>>,
        cancel: &CancelToken,
        on_text: &mut dyn FnMut(&str),
    ) -> Result<(FinishReason, usize)> {
        let mut generated = 0;
        let mut sampler = Sampler::new(&request.sampling);
        let mut stream = TextStream::new(&request.stop);
        let finish = loop {
            if cancel.is_canceled() {
                break FinishReason::Canceled;
            }
            if generated >= request.max_tokens {
                break FinishReason::Length;
            }
            let token = sampler.sample(&mut logits, &self.held);
            if self.tokenizer.ends_turn(token) {
                break FinishReason::Stop;
            }
            generated += 1;
            emit(&stream.push(self.tokenizer.bytes(token)), on_text);
            if stream.stopped() {
                break FinishReason::Stop;
            }
            if self.held.len() >= self.model.config().context {
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
