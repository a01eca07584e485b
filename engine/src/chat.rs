//! Conversations as the model was trained to read them: the chat template of its file.
use crate::{
    error::{Checked, Error, Result},
    gguf::Metadata,
    tokenizer::{Segment, Tokenizer},
};
use minijinja::{Environment, ErrorKind, Value, context};
use std::borrow::Cow;

/// Steps that a template may take; a runaway loop ends in an error.
const FUEL: u64 = 1_000_000;

/// Who says a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Instructions.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// One message of a conversation; no `Debug`: it may hold journal text.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// Who.
    pub role: Role,
    /// What.
    pub content: String,
}

/// A model's chat template.
pub(crate) struct ChatTemplate {
    environment: Environment<'static>,
    bos: String,
    eos: String,
    /// Characters with which control tokens begin.
    starts: Vec<char>,
}

impl ChatTemplate {
    /// From the metadata of a model file.
    pub(crate) fn new(metadata: &Metadata, tokenizer: &Tokenizer) -> Checked<Self> {
        let template =
            metadata.text("tokenizer.chat_template")?.ok_or("the model has no chat template")?;
        let mut environment = Environment::new();
        let syntax =
            environment.syntax().to_builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(|error| error.to_string())?);
        environment.set_fuel(Some(FUEL));
        environment
            .set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function("raise_exception", raise_exception);
        environment.add_function("strftime_now", strftime_now);
        environment.add_filter("tojson", to_json);
        environment
            .add_template_owned("chat", template.to_owned())
            .map_err(|_| "the model's chat template can't be read")?;
        Ok(Self {
            environment,
            bos: tokenizer.bos_text(),
            eos: tokenizer.eos_text(),
            starts: tokenizer.control_starts(),
        })
    }

    /// The prompt for an answer to `messages`. Names of control tokens in a message stay text: while the
    /// template runs, a mark that no message holds stands inside them.
    pub(crate) fn render(
        &self,
        messages: &[Message],
        tokenizer: &Tokenizer,
    ) -> Result<Vec<Segment>> {
        let failed = |error: &minijinja::Error| {
            Error::Compute(format!(
                "its chat template does not take these messages ({})",
                error.kind()
            ))
        };
        let mark = free_mark(messages);
        let messages: Vec<Value> = messages
            .iter()
            .map(|message| {
                context! { role => message.role.name(), content => self.marked(&message.content, mark).as_ref() }
            })
            .collect();
        let template = self.environment.get_template("chat").map_err(|error| failed(&error))?;
        let text = template
            .render(context! {
                messages, bos_token => self.bos.as_str(), eos_token => self.eos.as_str(),
                add_generation_prompt => true, enable_thinking => false,
            })
            .map_err(|error| failed(&error))?;
        let unmarked = |segment| match segment {
            Segment::Text(text) => Segment::Text(text.replace(mark, "")),
            control @ Segment::Control(_) => control,
        };
        Ok(tokenizer.segments(&text).into_iter().map(unmarked).collect())
    }

    fn marked<'a>(&self, content: &'a str, mark: char) -> Cow<'a, str> {
        if !content.contains(self.starts.as_slice()) {
            return content.into();
        }
        let mut marked = String::with_capacity(content.len() + 16);
        for character in content.chars() {
            marked.push(character);
            if self.starts.contains(&character) {
                marked.push(mark);
            }
        }
        marked.into()
    }
}

/// A private-use character that no message holds.
fn free_mark(messages: &[Message]) -> char {
    let is_free = |mark: &char| !messages.iter().any(|message| message.content.contains(*mark));
    ('\u{e000}'..='\u{f8ff}').find(is_free).unwrap_or('\u{10ffff}')
}

fn raise_exception(_message: &str) -> std::result::Result<Value, minijinja::Error> {
    // The text may quote a message, so it is not passed on.
    Err(minijinja::Error::new(ErrorKind::InvalidOperation, "refused by the template"))
}

fn strftime_now(format: &str) -> std::result::Result<String, minijinja::Error> {
    jiff::fmt::strtime::format(format, &jiff::Zoned::now())
        .map_err(|_| minijinja::Error::new(ErrorKind::InvalidOperation, "unknown date format"))
}

fn to_json(value: &Value) -> std::result::Result<Value, minijinja::Error> {
    let text = serde_json::to_string(value).map_err(|_| {
        minijinja::Error::new(ErrorKind::BadSerialization, "no JSON for this value")
    })?;
    Ok(Value::from_safe_string(text))
}
