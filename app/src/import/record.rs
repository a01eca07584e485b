//! One entry: a JSON object with `date` and `text`, and whatever else is known of it.

use jiff::civil::{Date, Time};
use serde_json::{Map, Value};
use vault::Content;

/// Fields of other programs that list attachments.
const MEDIA: [&str; 5] = ["photos", "videos", "audios", "pdfAttachments", "attachments"];

/// Levels of a field that is kept as it is; far below what a JSON reader refuses.
const MAX_DEPTH: usize = 16;

/// An entry that was read, and what was not taken as it is.
pub(super) struct Record {
    pub(super) content: Content,
    pub(super) media: usize,
    pub(super) flaws: Vec<&'static str>,
}

/// Reads an object; without a good date and some text it is no entry, anything else is left out.
pub(super) fn read(mut object: Map<String, Value>) -> Result<Record, &'static str> {
    let date = match object.remove("date") {
        Some(Value::String(date)) => parse_date(&date).ok_or("the date is not YYYY-MM-DD"),
        _ => Err("no date"),
    }?;
    let mut flaws = Vec::new();
    let mut fields = Fields { object, flaws: &mut flaws };
    let mut content = Content::new(date);
    content.text = fields.text()?;
    content.title = fields.string("title", "the title is not a text, left out").unwrap_or_default();
    if content.text.trim().is_empty() && content.title.trim().is_empty() {
        return Err("no text");
    }
    content.time = fields.time();
    content.zone = fields.string("zone", "the zone is not a text, left out");
    content.tags = fields.tags();
    content.mood = fields.mood();
    content.starred = fields.flag("starred");
    content.kept_from_model = fields.flag("kept_from_model");
    let media = fields.media();
    content.extra = fields.rest();
    Ok(Record { content, media, flaws })
}

/// A day of the calendar as `YYYY-MM-DD`, nothing else.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    has_shape(text, "0000-00-00").then(|| text.parse().ok()).flatten()
}

/// A time of day as `HH:MM` or `HH:MM:SS`, which may have a fraction; nothing else.
#[must_use]
pub fn parse_time(text: &str) -> Option<Time> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let seconds = has_shape(whole, "00:00:00");
    let minutes = whole == text && has_shape(whole, "00:00");
    (minutes || seconds).then(|| text.parse().ok()).flatten()
}

/// A tag without its `#` and the blanks around it; none when nothing is left.
#[must_use]
pub fn parse_tag(text: &str) -> Option<String> {
    let tag = text.trim().trim_start_matches('#').trim();
    (!tag.is_empty() && !tag.contains(char::is_control)).then(|| tag.to_owned())
}

/// Whether the text has digits where the shape has `0`, and the shape's own characters elsewhere.
fn has_shape(text: &str, shape: &str) -> bool {
    let fits = |(byte, wanted): (u8, u8)| match wanted {
        b'0' => byte.is_ascii_digit(),
        _ => byte == wanted,
    };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
}

fn is_shallow(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(values) => {
            levels > 0 && values.iter().all(|value| is_shallow(value, levels - 1))
        }
        Value::Object(map) => levels > 0 && map.values().all(|value| is_shallow(value, levels - 1)),
        _ => true,
    }
}

/// The fields that are still to be read.
struct Fields<'a> {
    object: Map<String, Value>,
    flaws: &'a mut Vec<&'static str>,
}

impl Fields<'_> {
    fn text(&mut self) -> Result<String, &'static str> {
        match self.object.remove("text") {
            Some(Value::String(text)) => Ok(text.replace("\r\n", "\n")),
            None | Some(Value::Null) => Ok(String::new()),
            Some(_) => Err("the text is not a text"),
        }
    }

    fn string(&mut self, name: &str, flaw: &'static str) -> Option<String> {
        match self.object.remove(name)? {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(text),
            Value::Null => None,
            _ => self.flaw(flaw),
        }
    }

    fn time(&mut self) -> Option<Time> {
        let text = self.string("time", "the time is not HH:MM, left out")?;
        parse_time(&text).or_else(|| self.flaw("the time is not HH:MM, left out"))
    }

    fn tags(&mut self) -> Vec<String> {
        let listed = match self.object.remove("tags") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(values)) => values,
            Some(other) => vec![other],
        };
        let wanted = listed.len();
        let tags: Vec<_> = listed.iter().filter_map(|tag| parse_tag(tag.as_str()?)).collect();
        if tags.len() < wanted {
            self.flaws.push("a tag is not a word, left out");
        }
        tags
    }

    fn mood(&mut self) -> Option<u8> {
        let value = self.object.remove("mood").filter(|value| !value.is_null())?;
        let mood = value.as_u64().and_then(|mood| u8::try_from(mood).ok());
        mood.filter(|mood| (1..=5).contains(mood))
            .or_else(|| self.flaw("the mood is not 1 to 5, left out"))
    }

    fn flag(&mut self, name: &str) -> bool {
        matches!(self.object.remove(name), Some(Value::Bool(true)))
    }

    fn media(&self) -> usize {
        let lists = MEDIA.iter().filter_map(|name| self.object.get(*name)?.as_array());
        lists.map(Vec::len).sum()
    }

    /// What this version does not know is kept; the id is the vault's to give.
    fn rest(mut self) -> Map<String, Value> {
        self.object.remove("id");
        let before = self.object.len();
        self.object.retain(|_, value| is_shallow(value, MAX_DEPTH));
        if self.object.len() < before {
            self.flaws.push("a field is nested too deeply, left out");
        }
        self.object
    }

    fn flaw<T>(&mut self, what: &'static str) -> Option<T> {
        self.flaws.push(what);
        None
    }
}
