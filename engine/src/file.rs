//! A model file that is looked at without being loaded: what it says of itself, its tokenizer, its chat template.
use crate::{
    chat::ChatTemplate,
    engine::ModelInfo,
    error::{Checked, Error, Result},
    gguf::{Gguf, Source, printable},
    memory,
    model::{self, Config},
    tokenizer::{Segment, Tokenizer},
};
use std::{
    cell::OnceCell,
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

/// The checked header of a GGUF file; one that holds only a vocabulary will do.
pub struct ModelFile {
    path: PathBuf,
    gguf: Gguf,
    length: u64,
    /// Made when it is first asked for.
    tokenizer: OnceCell<Checked<Tokenizer>>,
}

/// What the names of control tokens in a text are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControlNames {
    /// Text, like any other.
    Text,
    /// The tokens they name.
    Tokens,
}

impl ModelFile {
    /// Reads and checks the header.
    /// # Errors
    /// `Model`, with the reason in words.
    pub fn open(path: &Path) -> Result<Self> {
        let mut source = source(path)?;
        let length = source.length();
        let gguf = Gguf::read(&mut source).map_err(|what| Error::model(what, path))?;
        Ok(Self { path: path.to_owned(), gguf, length, tokenizer: OnceCell::new() })
    }

    /// What the file says of itself; numbers that it does not say are 0, the hash is empty.
    /// # Errors
    /// `Model`, where what it says makes no sense.
    pub fn info(&self) -> Result<ModelInfo> {
        self.check(self.read_info())
    }

    /// Why this program can't run it, in words; `None` when it can.
    #[must_use]
    pub fn obstacle(&self) -> Option<String> {
        if self.gguf.tensors.is_empty() {
            return Some("the model file holds a vocabulary only".into());
        }
        if self.gguf.metadata.text("general.architecture") == Ok(Some("bert")) {
            return Some("an embedding model finds by meaning and writes nothing".into());
        }
        let run = || {
            let mut config = Config::new(&self.gguf)?;
            model::check(&self.gguf, &config)?;
            memory::fit(&self.gguf, &mut config, memory::available(), None)?;
            ChatTemplate::new(&self.gguf.metadata, self.read_tokenizer()?).map(|_| ())
        };
        run().err()
    }

    /// SHA-256 of the whole file, hexadecimal.
    /// # Errors
    /// `Model`, when it can't be read.
    pub fn sha256(&self) -> Result<String> {
        self.check(source(&self.path)?.finish())
    }

    /// The tokens of a text, and what each stands for; nothing is added at its beginning or end.
    /// # Errors
    /// `Model`, when the tokenizer is not known.
    pub fn tokenize(&self, text: &str, names: ControlNames) -> Result<Vec<(u32, String)>> {
        let tokenizer = self.check(self.read_tokenizer())?;
        let segments = match names {
            ControlNames::Text => vec![Segment::Text(text.to_owned())],
            ControlNames::Tokens => tokenizer.segments(text),
        };
        let mut tokens = Vec::new();
        tokenizer.encode_segments(&segments, &mut tokens);
        Ok(tokens.into_iter().map(|token| (token, tokenizer.piece(token))).collect())
    }

    /// The text that the model's chat template makes of messages with `role` and `content`, given as JSON.
    /// # Errors
    /// `Model`, when there is no template; `Compute`, when it does not take the messages.
    pub fn render(&self, messages: &serde_json::Value, ending: Ending) -> Result<String> {
        let tokenizer = self.check(self.read_tokenizer())?;
        let template = self.check(ChatTemplate::new(&self.gguf.metadata, tokenizer))?;
        template.render_json(messages, ending)
    }

    fn check<T>(&self, checked: Checked<T>) -> Result<T> {
        checked.map_err(|what| Error::model(what, &self.path))
    }

    fn read_tokenizer(&self) -> Checked<&Tokenizer> {
        let made = self.tokenizer.get_or_init(|| Tokenizer::new(&self.gguf.metadata));
        made.as_ref().map_err(String::clone)
    }

    fn read_info(&self) -> Checked<ModelInfo> {
        let metadata = &self.gguf.metadata;
        let text = |key| metadata.text(key).map(|text| text.map(str::to_owned));
        let architecture = metadata.text("general.architecture")?.unwrap_or("none");
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let context = metadata.int(&format!("{architecture}.context_length"), 0..=1 << 40)?;
        let memory = Config::new(&self.gguf)
            .and_then(|mut config| memory::fit(&self.gguf, &mut config, None, None));
        Ok(ModelInfo {
            name: text("general.name")?.filter(|name| !name.is_empty()).unwrap_or(stem),
            architecture: printable(architecture),
            quantisation: self.gguf.quantisation().into(),
            context_length: context.unwrap_or(0),
            file_bytes: self.length,
            sha256: String::new(),
            licence: text("general.license")?,
            memory_bytes: memory.unwrap_or(0),
        })
    }
}

/// Where a rendered conversation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// After the last message.
    LastMessage,
    /// Where the model's answer begins.
    Answer,
}

/// A file to be read from its beginning.
pub(crate) fn source(path: &Path) -> Result<Source<BufReader<File>>> {
    let open = || {
        let file = File::open(path)?;
        file.metadata().map(|metadata| (file, metadata.len()))
    };
    let (file, length) = open().map_err(|error| {
        Error::model(format!("the model file can't be read: {}", error.kind()), path)
    })?;
    Ok(Source::new(BufReader::with_capacity(1 << 18, file), length))
}
