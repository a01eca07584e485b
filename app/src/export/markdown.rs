//! The journal as one Markdown document.

use std::io::{self, Write};

use vault::{Content, Entry};

/// Writes a `#` heading for each day, and a `##` heading for each entry that has a time or a title.
pub(super) fn write(entries: &[Entry], out: &mut dyn Write) -> io::Result<()> {
    let mut day = None;
    for Entry { content, .. } in entries {
        let same_day = day.replace(content.date) == Some(content.date);
        if !same_day {
            writeln!(out, "# {}\n", content.date.strftime("%Y-%m-%d, %A"))?;
        }
        match heading(content) {
            Some(heading) => writeln!(out, "## {heading}\n")?,
            None if same_day => writeln!(out, "---\n")?,
            None => {}
        }
        if !content.text.trim().is_empty() {
            writeln!(out, "{}\n", content.text.trim_end())?;
        }
        if let Some(notes) = notes(content) {
            writeln!(out, "*{notes}*\n")?;
        }
    }
    Ok(())
}

fn heading(content: &Content) -> Option<String> {
    let time = content.time.map(|time| time.strftime("%H:%M").to_string());
    let title = (!content.title.trim().is_empty()).then(|| content.title.trim().replace('\n', " "));
    let parts: Vec<_> = time.into_iter().chain(title).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// Mood, tags and star, on one line.
fn notes(content: &Content) -> Option<String> {
    let mood = content.mood.map(|mood| format!("Mood {mood} of 5"));
    let star = content.starred.then(|| "Starred".to_owned());
    let tags = content.tags.iter().map(|tag| format!("#{tag}"));
    let notes: Vec<_> = mood.into_iter().chain(star).chain(tags).collect();
    (!notes.is_empty()).then(|| notes.join(" · "))
}
