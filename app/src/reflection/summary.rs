//! Summaries: the sentences that carry the span are chosen here, the model words them, and only what rests on them is kept.
mod draft;
pub(super) mod outline;
pub(super) mod prose;
mod writer;

use std::collections::HashSet;

use engine::CancelToken;
use vault::Entry;

use self::writer::Writer;
use super::{
    LanguageModel, Origin, Outline, Progress, Summary, Told,
    crisis::crisis,
    language::Language,
    select::{Scored, choose, choose_from_parts, scored, scored_again},
    support::Own,
    words::words,
};

/// Most sentences of a summary that is told from others.
const MOST: usize = 14;

/// See [`super::summarise`].
pub(super) fn summarise(
    model: &mut dyn LanguageModel,
    entries: &[Entry],
    outline: &Outline,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(Progress),
) -> engine::Result<Summary> {
    let total = outline.unread();
    let mut teller = Teller { model, entries, cancel, on_progress, done: 0, total };
    let summary = teller.tell(outline)?;
    // What is told from other summaries is shown once it is chosen.
    if !outline.parts.is_empty() {
        let shown = summary.sentences.iter().map(|told| Progress::Text(shown(told)));
        shown.for_each(|progress| (teller.on_progress)(progress));
    }
    Ok(summary)
}

/// A sentence as it is shown while the work runs.
fn shown(told: &Told) -> String {
    if told.quoted { format!("“{}”\n", told.text) } else { format!("{}\n", told.text) }
}

/// Tells outlines, the parts before the whole.
struct Teller<'a> {
    model: &'a mut dyn LanguageModel,
    entries: &'a [Entry],
    cancel: &'a CancelToken,
    on_progress: &'a mut dyn FnMut(Progress),
    /// Spans told from their entries so far.
    done: usize,
    /// All of these.
    total: usize,
}

impl Teller<'_> {
    fn tell(&mut self, outline: &Outline) -> engine::Result<Summary> {
        if let Some(kept) = &outline.kept {
            return Ok(kept.clone());
        }
        if outline.parts.is_empty() {
            return self.tell_entries(outline);
        }
        let mut parts = Vec::new();
        for part in &outline.parts {
            let summary = self.tell(part)?;
            let is_complete = summary.complete;
            if let Some(place) = part.place.clone().filter(|_| is_complete && part.kept.is_none()) {
                (self.on_progress)(Progress::Made(Box::new((place, summary.clone()))));
            }
            parts.push(summary);
            if !is_complete {
                break;
            }
        }
        self.join(outline, &parts)
    }

    /// From the entries themselves.
    fn tell_entries(&mut self, outline: &Outline) -> engine::Result<Summary> {
        if self.total > 1 {
            (self.on_progress)(Progress::Part { done: self.done, total: self.total });
        }
        self.done += 1;
        let entries = &self.entries[outline.entries.clone()];
        let mut summary = self.begin(outline);
        if self.cancel.is_canceled() {
            summary.complete = false;
            return Ok(summary);
        }
        let cares: Vec<_> = entries.iter().map(|entry| crisis(&entry.content.text)).collect();
        summary.care = cares.iter().rev().find_map(|care| *care);
        if summary.care.is_some() && entries.len() == 1 {
            summary.entries_used = 1;
            return Ok(summary);
        }
        let texts: Vec<&str> = entries.iter().map(|e| e.content.text.as_str()).collect();
        let language = language(&texts);
        let all = scored(&texts, language.lexicon());
        let all: Vec<&Scored<'_>> = all.iter().collect();
        let count = sentence_count(all.iter().map(|s| s.own.words.len()).sum());
        let streams = self.total == 1;
        let heavy = (0..entries.len()).filter(|&at| cares[at].is_some()).collect();
        let mut writer = self.writer(entries, heavy, language, streams);
        let mut covered = writer.prose(&all, count, &mut summary.sentences)?;
        let left = count.saturating_sub(summary.sentences.len());
        let free: Vec<&Scored<'_>> =
            all.iter().filter(|s| !covered.contains(s.own.text)).copied().collect();
        for at in choose(&free, left) {
            if writer.is_stopped() {
                break;
            }
            let told = writer.worded(&free[at].own)?;
            covered.insert(free[at].own.text);
            writer.release(told, &mut summary.sentences);
        }
        summary.complete = !writer.is_stopped();
        if summary.complete {
            summary.entries_used = entries.len();
        }
        Ok(summary)
    }

    /// From the summaries of its parts; those of a span that was stopped may be few.
    fn join(&mut self, outline: &Outline, parts: &[Summary]) -> engine::Result<Summary> {
        let mut summary = self.begin(outline);
        summary.entries_used = parts.iter().map(|part| part.entries_used).sum();
        summary.complete = parts.iter().all(|part| part.complete);
        summary.care = parts.iter().rev().find_map(|part| part.care);
        let told: Vec<&Told> = parts.iter().flat_map(|part| &part.sentences).collect();
        let texts: Vec<&str> = told.iter().map(|told| told.text.as_str()).collect();
        let language = language(&texts);
        let entries = self.entries;
        let owns = parts.iter().map(|part| owns(part, entries, language)).collect();
        let scored = scored_again(owns, language.lexicon());
        let part_of = |at: usize| {
            let ends = parts.iter().scan(0, |end, part| {
                *end += part.sentences.len();
                Some(*end)
            });
            ends.take_while(|end| *end <= at).count()
        };
        let chosen = choose_from_parts(&scored, &part_of, MOST.max(parts.len()));
        let mut covered = HashSet::new();
        if summary.complete && self.model.writes_prose() {
            let chosen: Vec<&Scored<'_>> = chosen.iter().map(|at| &scored[*at]).collect();
            let told_of: HashSet<usize> = chosen.iter().map(|s| s.own.entry).collect();
            let is_heavy = |at: &usize| crisis(&entries[*at].content.text).is_some();
            let heavy = told_of.into_iter().filter(is_heavy).collect();
            let mut writer = self.writer(entries, heavy, language, false);
            let count = chosen.len().div_ceil(2);
            covered = writer.prose(&chosen, count, &mut summary.sentences)?;
            summary.complete = !writer.is_stopped();
        }
        let left = chosen.into_iter().filter(|at| !covered.contains(scored[*at].own.text));
        summary.sentences.extend(left.map(|at| told[at].clone()));
        summary.sentences.sort_by_key(|told| told.sources.first().map(|source| source.date));
        Ok(summary)
    }

    fn begin(&self, outline: &Outline) -> Summary {
        let entries = &self.entries[outline.entries.clone()];
        let words = |entry: &Entry| entry.content.text.split_whitespace().count();
        Summary {
            sentences: Vec::new(),
            entries_used: 0,
            entries_total: entries.len(),
            entries_kept: 0,
            words: entries.iter().map(words).sum(),
            origin: Origin::of(&*self.model),
            complete: true,
            care: None,
        }
    }

    fn writer<'s>(
        &'s mut self,
        entries: &'s [Entry],
        heavy: HashSet<usize>,
        language: Language,
        streams: bool,
    ) -> Writer<'s> {
        let Self { model, cancel, on_progress, .. } = self;
        Writer {
            model: &mut **model,
            entries,
            heavy,
            language,
            cancel,
            on_progress: &mut **on_progress,
            streams,
        }
    }
}

/// The language of most of it.
fn language(texts: &[&str]) -> Language {
    Language::guess(&texts.iter().flat_map(|t| t.chars().take(400)).collect::<String>())
}

/// The sentences of entries that a summary rests on, one for each of its sentences.
fn owns<'s>(part: &'s Summary, entries: &[Entry], language: Language) -> Vec<Own<'s>> {
    let own = |told: &'s Told| {
        let source = told.sources.first()?;
        let entry = entries.iter().position(|entry| entry.id == source.entry)?;
        let words = words(&source.text, language.lexicon());
        Some(Own { entry, text: source.text.as_str(), words })
    };
    let nothing = || Own { entry: 0, text: "", words: Vec::new() };
    part.sentences.iter().map(|told| own(told).unwrap_or_else(nothing)).collect()
}

/// How many sentences tell so many words.
fn sentence_count(words: usize) -> usize {
    match words {
        0..25 => 1,
        25..45 => 2,
        45..150 => 3,
        150..400 => 4,
        _ => 5,
    }
}

/// With single spaces, for showing.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
