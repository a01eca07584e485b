//! The entry that is being written.
use egui::text::{CCursor, CharIndex};
use jiff::{
    Zoned,
    civil::{Date, Time},
};
use unicode_segmentation::UnicodeSegmentation;
use vault::{Content, Entry, EntryId};

/// An open entry: what the person sees, and what the vault is known to hold. No `Debug`.
pub struct Draft {
    /// Which entry.
    pub id: EntryId,
    /// As it stands in the window.
    pub content: Content,
    /// The day as typed.
    pub date: String,
    /// The time as typed; empty for none.
    pub time: String,
    /// The tags as typed.
    pub tags: String,
    stored: Option<Content>,
    touched: bool,
}

impl Draft {
    /// An empty entry of this moment.
    #[must_use]
    pub fn new(now: &Zoned) -> Self {
        let time = Time::new(now.hour(), now.minute(), 0, 0).ok();
        let zone = now.time_zone().iana_name().map(str::to_owned);
        let content = Content { time, zone, ..Content::new(now.date()) };
        Self::of(EntryId::random(), content, None)
    }

    /// An entry as the vault holds it.
    #[must_use]
    pub fn open(entry: Entry) -> Self {
        Self::of(entry.id, entry.content.clone(), Some(entry.content))
    }

    /// An entry whose newest text is still on its way to the vault.
    #[must_use]
    pub fn pending(id: EntryId, content: Content) -> Self {
        Self::of(id, content, None)
    }

    fn of(id: EntryId, content: Content, stored: Option<Content>) -> Self {
        let (date, time, tags) =
            (content.date.to_string(), time_text(content.time), content.tags.join(", "));
        Self { id, content, date, time, tags, stored, touched: false }
    }

    /// Takes note that `content` changed.
    pub fn touch(&mut self) {
        self.touched = true;
    }

    /// Whether it changed since this was asked last.
    pub fn take_touched(&mut self) -> bool {
        std::mem::take(&mut self.touched)
    }

    /// Takes the day and time as typed, if they are a day and a time.
    /// Whether they are; what is not is left as typed, for the person to see.
    pub fn take_moment(&mut self) -> bool {
        let date = self.date.trim().parse::<Date>();
        let time = match self.time.trim() {
            "" => Ok(None),
            typed => parse_time(typed).map(Some).ok_or(()),
        };
        let (Ok(date), Ok(time)) = (date, time) else { return false };
        if (date, time) != (self.content.date, self.content.time) {
            (self.content.date, self.content.time) = (date, time);
            self.touch();
        }
        true
    }

    /// Shows the day and time as they are, in place of what was typed.
    pub fn reset_moment(&mut self) {
        self.date = self.content.date.to_string();
        self.time = time_text(self.content.time);
    }

    /// Takes the tags as typed: parted by commas, without `#`, each once.
    pub fn take_tags(&mut self) {
        let mut tags = Vec::<String>::new();
        for tag in self.tags.split(',').map(|tag| tag.trim().trim_start_matches('#').trim()) {
            if !tag.is_empty() && !tags.iter().any(|known| known == tag) {
                tags.push(tag.to_owned());
            }
        }
        if tags != self.content.tags {
            self.content.tags = tags;
            self.touch();
        }
    }

    /// Whether the vault lacks something of it. An empty new entry lacks nothing.
    #[must_use]
    pub fn is_unsaved(&self) -> bool {
        match &self.stored {
            Some(stored) => *stored != self.content,
            None => !self.is_blank(),
        }
    }

    /// Whether the vault holds any of it.
    #[must_use]
    pub fn is_stored(&self) -> bool {
        self.stored.is_some()
    }

    /// Whether nothing is written in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        let content = &self.content;
        content.text.trim().is_empty()
            && content.title.trim().is_empty()
            && content.tags.is_empty()
            && content.mood.is_none()
            && !content.starred
    }

    /// The vault is known to hold this.
    pub fn acknowledge(&mut self, content: Content) {
        self.stored = Some(content);
    }

    /// Puts a line at the end, as a quote with room to answer below.
    pub fn append_quote(&mut self, line: &str) {
        self.append(&format!("> {line}"));
    }

    /// Puts a paragraph at the end, with room for another.
    pub fn append(&mut self, paragraph: &str) {
        let text = &mut self.content.text;
        let gap = match text.trim_end().is_empty() {
            true => "",
            false => "\n\n",
        };
        text.truncate(text.trim_end().len());
        text.push_str(&format!("{gap}{paragraph}\n\n"));
        self.touch();
    }
}

fn time_text(time: Option<Time>) -> String {
    time.map(|time| time.strftime("%H:%M").to_string()).unwrap_or_default()
}

fn parse_time(typed: &str) -> Option<Time> {
    Time::strptime("%H:%M", typed).or_else(|_| typed.parse()).ok()
}

/// A text field's text, where backspace and delete take what a person sees as one character.
pub struct GraphemeText<'a>(pub &'a mut String);

impl egui::TextBuffer for GraphemeText<'_> {
    fn is_mutable(&self) -> bool {
        true
    }

    fn as_str(&self) -> &str {
        self.0
    }

    fn insert_text(&mut self, text: &str, char_index: CharIndex) -> usize {
        self.0.insert_text(text, char_index)
    }

    fn delete_char_range(&mut self, char_range: std::ops::Range<CharIndex>) {
        self.0.delete_char_range(char_range);
    }

    fn delete_previous_char(&mut self, ccursor: CCursor) -> CCursor {
        let end = self.byte_index_from_char_index(ccursor.index);
        let chars = line_before(self.0, end.0)
            .graphemes(true)
            .next_back()
            .map_or(0, |grapheme| grapheme.chars().count());
        self.delete_selected_ccursor_range([ccursor - chars, ccursor])
    }

    fn delete_next_char(&mut self, ccursor: CCursor) -> CCursor {
        let start = self.byte_index_from_char_index(ccursor.index);
        let chars = self.0[start.0..].graphemes(true).next().map_or(0, |next| next.chars().count());
        self.delete_selected_ccursor_range([ccursor, ccursor + chars])
    }

    fn replace_with(&mut self, text: &str) {
        text.clone_into(self.0);
    }

    fn type_id(&self) -> std::any::TypeId {
        std::any::TypeId::of::<GraphemeText<'static>>()
    }
}

/// The line up to `end`, with the line break where nothing else is: a backward search for
/// graphemes in a long entry may not look at all of it.
fn line_before(text: &str, end: usize) -> &str {
    let before = &text[..end];
    let start = before.trim_end_matches('\n').rfind('\n').map_or(0, |newline| newline + 1);
    &before[start..]
}

#[cfg(test)]
mod tests;
