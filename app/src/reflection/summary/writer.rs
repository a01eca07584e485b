//! What the model writes of a span that is told at once.
use std::collections::HashSet;

use engine::{CancelToken, Chunk, Message};
use vault::Entry;

use super::{draft::Draft, one_line, shown};
use crate::reflection::{
    LanguageModel, Progress, Source, Told,
    language::Language,
    prompt,
    select::{Scored, strongest},
    sentence::sentences,
    support::{Own, support},
};

/// Tokens of the person's sentences that the model reads at once.
const PART_TOKENS: usize = 1200;
/// Tokens for each sentence that the model writes.
const SENTENCE_TOKENS: usize = 40;
/// Tokens of a sentence, at least about.
const SHORTEST_TOKENS: usize = 6;
/// Words from which a sentence is worth shortening.
const LONG: usize = 20;

/// Words sentences of `entries`.
pub(super) struct Writer<'a> {
    pub(super) model: &'a mut dyn LanguageModel,
    pub(super) entries: &'a [Entry],
    /// Entries that no model is to write about.
    pub(super) heavy: HashSet<usize>,
    pub(super) language: Language,
    pub(super) cancel: &'a CancelToken,
    pub(super) on_progress: &'a mut dyn FnMut(Progress),
    /// Whether what is written is shown at once.
    pub(super) streams: bool,
}

impl Writer<'_> {
    pub(super) fn is_stopped(&self) -> bool {
        self.cancel.is_canceled()
    }

    pub(super) fn release(&mut self, told: Told, out: &mut Vec<Told>) {
        if self.streams {
            (self.on_progress)(Progress::Text(shown(&told)));
        }
        out.push(told);
    }

    /// A sentence in the model's short form if that rests on it, else in the person's own words.
    pub(super) fn worded(&mut self, own: &Own<'_>) -> engine::Result<Told> {
        let entry = &self.entries[own.entry];
        let sources = vec![source(entry, own.text)];
        let quoted = Told { text: one_line(own.text), quoted: true, sources: sources.clone() };
        if own.words.len() < LONG
            || self.language != Language::English
            || self.heavy.contains(&own.entry)
        {
            return Ok(quoted);
        }
        let messages = prompt::messages(prompt::SHORTEN, &[("sentence", &quoted.text)]);
        let request = prompt::request(messages, "", SENTENCE_TOKENS, &["\n"]);
        let completion = self.model.generate(&request, self.cancel, &mut |_| {})?;
        let text = one_line(&completion.text);
        let shorter =
            text.len() < quoted.text.len() && text.ends_with('.') && sentences(&text).len() == 1;
        let rests = shorter && support(&text, &[own], self.language.lexicon()).is_some();
        Ok(if rests { Told { text, quoted: false, sources } } else { quoted })
    }

    /// The prose of a model that writes any, as far as it rests on these sentences; those it rests on.
    pub(super) fn prose<'t>(
        &mut self,
        part: &[&Scored<'t>],
        count: usize,
        out: &mut Vec<Told>,
    ) -> engine::Result<HashSet<&'t str>> {
        let is_safe = |s: &&&Scored<'t>| !self.heavy.contains(&s.own.entry);
        let safe = part.iter().filter(is_safe).copied();
        let told = if self.model.writes_prose() { safe.collect() } else { Vec::new() };
        let told = self.fitting(told, count)?;
        if told.is_empty() {
            return Ok(HashSet::new());
        }
        let request = prompt::request(self.digest(&told, count), "", SENTENCE_TOKENS * count, &[]);
        let mut draft = Draft::new(&told, self.entries, self.language);
        let (on_progress, streams) = (&mut *self.on_progress, self.streams);
        self.model.generate(&request, self.cancel, &mut |chunk| match chunk {
            Chunk::Prompt { read, total } if streams => {
                on_progress(Progress::Reading { read, total });
            }
            Chunk::Prompt { .. } => {}
            Chunk::Text(text) => {
                for sentence in draft.push(text) {
                    if streams {
                        on_progress(Progress::Text(shown(&sentence)));
                    }
                    out.push(sentence);
                }
            }
        })?;
        for sentence in draft.finish() {
            self.release(sentence, out);
        }
        Ok(draft.covered().collect())
    }

    /// As many of the part's sentences, those that carry most, as the model can read at once.
    fn fitting<'s, 't>(
        &self,
        told: Vec<&'s Scored<'t>>,
        count: usize,
    ) -> engine::Result<Vec<&'s Scored<'t>>> {
        let room = self
            .model
            .context_length()
            .saturating_sub(SENTENCE_TOKENS * (count + 1))
            .min(PART_TOKENS);
        let mut kept = strongest(&told, room / SHORTEST_TOKENS);
        while !kept.is_empty() && self.model.count_tokens(&self.digest(&kept, count))? > room {
            kept = strongest(&kept, kept.len() * 3 / 4);
        }
        Ok(kept)
    }

    /// The prompt: each entry's sentences after its day.
    fn digest(&self, told: &[&Scored<'_>], count: usize) -> Vec<Message> {
        let mut lines = String::new();
        let mut entry = None;
        for sentence in told {
            if entry != Some(sentence.own.entry) {
                entry = Some(sentence.own.entry);
                let date = self.entries[sentence.own.entry].content.date;
                lines.push_str(&date.strftime("\n%-d %B: ").to_string());
            }
            lines.push_str(&one_line(sentence.own.text));
            lines.push(' ');
        }
        let count = count.to_string();
        let values = [
            ("language", self.language.english_name()),
            ("count", count.as_str()),
            ("entries", lines.trim()),
        ];
        prompt::messages(prompt::SUMMARISE, &values)
    }
}

/// A sentence of an entry, as a source.
pub(super) fn source(entry: &Entry, text: &str) -> Source {
    let start = entry.content.text.find(text).unwrap_or_default();
    Source { entry: entry.id, date: entry.content.date, text: text.to_owned(), start }
}
