//! Conversations as the model was trained to read them: the chat template of its file.
#[cfg(test)]
mod tests;

use crate::{
    error::{Checked, Error, Result},
    file::Ending,
    gguf::Metadata,
    tokenizer::{Segment, Tokenizer},
};
use fancy_regex::{Captures, Regex};
use minijinja::{
    Environment, ErrorKind, Output, State, Value, context,
    value::{Kwargs, Serde, ValueKind},
};
use minijinja_contrib::pycompat;
use serde::{Deserialize, Serialize};
use serde_json::ser::Formatter;
use std::{
    borrow::Cow,
    io::{self, Write},
};

/// Steps that a template may take; a runaway loop ends in an error.
const FUEL: u64 = 1_000_000;
/// Bytes that the fuel pays for, and so the most that one step of a template may make.
const MOST_MADE: usize = 64 * FUEL as usize;

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

/// A message as templates take it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    role: String,
    content: String,
}

/// A template without Hugging Face's marks around what an assistant wrote, which say something to trainers only.
fn without_marks(template: &str) -> String {
    let mark = Regex::new(r"\{%([-+]?)\s*(end)?generation\s*([-+]?)%\}");
    let plain = |found: &Captures<'_>| {
        let tag = if found.get(2).is_some() { "endif" } else { "if true" };
        format!("{{%{} {tag} {}%}}", &found[1], &found[3])
    };
    let replaced = mark.and_then(|mark| mark.try_replacen(template, 0, plain).map(Cow::into_owned));
    replaced.unwrap_or_else(|_| template.to_owned())
}

/// As in Python, where None is not.
fn is_iterable(value: &Value) -> bool {
    !value.is_none() && value.try_iter().is_ok()
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
        environment.set_unknown_method_callback(call_method);
        environment.add_function("raise_exception", raise_exception);
        environment.add_function("strftime_now", strftime_now);
        environment.add_filter("tojson", to_json);
        environment.add_test("iterable", is_iterable);
        environment.set_formatter(print_value);
        environment
            .add_template_owned("chat", without_marks(template))
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
        let mark = free_mark(messages);
        let messages: Vec<Plain> = messages
            .iter()
            .map(|message| Plain {
                role: message.role.name().into(),
                content: self.marked(&message.content, mark).into_owned(),
            })
            .collect();
        // Thinking costs a small machine minutes, and is not shown.
        let text = self.render_folded(&messages, context! { enable_thinking => false }, true)?;
        let unmarked = |segment| match segment {
            Segment::Text(text) => Segment::Text(text.replace(mark, "")),
            control @ Segment::Control(_) => control,
        };
        Ok(tokenizer.segments(&text).into_iter().map(unmarked).collect())
    }

    /// As Hugging Face's `apply_chat_template` without arguments.
    pub(crate) fn render_json(
        &self,
        messages: &serde_json::Value,
        ending: Ending,
    ) -> Result<String> {
        let plain: Option<Vec<Plain>> = serde_json::from_value(messages.clone()).ok();
        let answer = ending == Ending::Answer;
        match plain {
            Some(messages) => self.render_folded(&messages, context! {}, answer),
            None => self.run(&Value::from(Serde(messages)), context! {}, answer),
        }
    }

    /// Renders; instructions that the template refuses or leaves out go before the first message of the person.
    fn render_folded(&self, messages: &[Plain], extra: Value, answer: bool) -> Result<String> {
        let rendered = self.run(&Value::from(Serde(messages)), extra.clone(), answer);
        let [system, rest @ ..] = messages else { return rendered };
        let heard = |text: &String| text.contains(system.content.trim());
        if system.role != "system" || rendered.as_ref().is_ok_and(heard) {
            return rendered;
        }
        let mut folded = rest.to_vec();
        match folded.first_mut().filter(|first| first.role == "user") {
            Some(first) => first.content = format!("{}\n\n{}", system.content, first.content),
            None => return rendered,
        }
        self.run(&Value::from(Serde(&folded)), extra, answer).or(rendered)
    }

    fn run(&self, messages: &Value, extra: Value, answer: bool) -> Result<String> {
        let failed = |error: &minijinja::Error| {
            Error::Compute(format!(
                "its chat template does not take these messages ({})",
                error.kind()
            ))
        };
        let template = self.environment.get_template("chat").map_err(|error| failed(&error))?;
        template
            .render(context! {
                messages, tools => (), documents => (), bos_token => self.bos.as_str(),
                eos_token => self.eos.as_str(), add_generation_prompt => answer, ..extra
            })
            .map_err(|error| failed(&error))
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

/// Python's methods. What they make is charged for only once it is there, so what could be large is refused
/// before.
fn call_method(
    state: &mut State<'_, '_>,
    value: &Value,
    name: &str,
    arguments: &[Value],
) -> std::result::Result<Value, minijinja::Error> {
    match (name, value.as_str(), arguments) {
        ("join", Some(between), [items]) => {
            // A list in a list may hold the same long text many times.
            let length = |item: Value| {
                item.as_object().map_or(Some(item.as_str().map_or(64, str::len)), |_| None)
            };
            let lengths: Option<Vec<usize>> = items.try_iter()?.map(length).collect();
            let made = lengths.map(|lengths| {
                lengths
                    .iter()
                    .map(|n| n.saturating_add(between.len()))
                    .fold(0, usize::saturating_add)
            });
            if made.is_none_or(|made| made > MOST_MADE) {
                return Err(ErrorKind::OutOfFuel.into());
            }
        }
        ("replace", Some(text), [old, new, ..]) => {
            let (old, new) = (old.as_str().unwrap_or_default(), new.as_str().unwrap_or_default());
            if text.matches(old).count().saturating_mul(new.len()) > MOST_MADE {
                return Err(ErrorKind::OutOfFuel.into());
            }
        }
        // Widths, and lists that hold the same long text many times, have no bound.
        ("format", Some(text), arguments) => {
            let long = |value: &Value| {
                value.as_object().is_some() || value.as_str().is_some_and(|s| s.len() > 1 << 16)
            };
            let digits = text.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit));
            if digits || text.len() > 1 << 10 || arguments.iter().any(long) {
                return Err(ErrorKind::OutOfFuel.into());
            }
        }
        _ => {}
    }
    pycompat::unknown_method_callback(state, value, name, arguments)
}

fn raise_exception(_message: &str) -> std::result::Result<Value, minijinja::Error> {
    // The text may quote a message, so it is not passed on.
    Err(minijinja::Error::new(ErrorKind::InvalidOperation, "refused by the template"))
}

fn strftime_now(format: &str) -> std::result::Result<String, minijinja::Error> {
    jiff::fmt::strtime::format(format, &jiff::Zoned::now())
        .map_err(|_| minijinja::Error::new(ErrorKind::InvalidOperation, "unknown date format"))
}

/// As Python's `json.dumps` writes it.
fn to_json(value: &Value, options: Kwargs) -> std::result::Result<Value, minijinja::Error> {
    let indent: Option<usize> = options.get("indent")?;
    // Texts are never escaped, and keys are in order, whatever is asked.
    let _: Option<bool> = options.get("ensure_ascii")?;
    let _: Option<bool> = options.get("sort_keys")?;
    options.assert_all_used()?;
    let mut text = Vec::new();
    let written = match indent {
        Some(indent) => {
            let indent = vec![b' '; indent.min(16)];
            let formatter = serde_json::ser::PrettyFormatter::with_indent(&indent);
            value.serialize(&mut serde_json::Serializer::with_formatter(&mut text, formatter))
        }
        None => value.serialize(&mut serde_json::Serializer::with_formatter(&mut text, Spaced)),
    };
    let text = written.ok().and_then(|()| String::from_utf8(text).ok());
    text.map(Value::from_safe_string)
        .ok_or_else(|| minijinja::Error::new(ErrorKind::BadSerialization, "no JSON for this value"))
}

/// A space after every comma and colon.
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { out.write_all(b", ") }
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { out.write_all(b", ") }
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }
}

/// Prints nothing and truth values as Python does.
fn print_value(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> std::result::Result<(), minijinja::Error> {
    let word = match value.kind() {
        ValueKind::None => "None",
        ValueKind::Bool if value.is_true() => "True",
        ValueKind::Bool => "False",
        _ => return minijinja::escape_formatter(out, state, value),
    };
    out.write_str(word).map_err(|_| minijinja::Error::from(ErrorKind::WriteFailure))
}
