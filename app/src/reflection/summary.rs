//! Summaries: the sentences that carry the span are chosen here, the model words them, and only what rests on them is kept.
mod draft;

use std::{collections::HashSet, ops::Range};

use engine::{CancelToken, Chunk, Message};
use vault::Entry;

use self::draft::Draft;
use super::{
    LanguageModel, Progress, Sentence, Summary,
    crisis::crisis,
    language::Language,
    prompt,
    select::{Scored, choose, scored, strongest},
    sentence::sentences,
    support::{Own, support},
};

/// Tokens of the person's sentences that the model reads for one part.
const PART_TOKENS: usize = 1200;
/// Tokens for each sentence that the model writes.
const SENTENCE_TOKENS: usize = 40;
/// Tokens of a sentence, at least about.
const SHORTEST_TOKENS: usize = 6;
/// Entries of one part, a week.
const PART_ENTRIES: usize = 7;
/// Most parts that a span is told in.
const MOST_PARTS: usize = 12;
/// Most sentences of a summary in parts.
const MOST: usize = 14;
/// Words from which a sentence is worth shortening.
const LONG: usize = 20;

/// See [`super::summarise`].
pub(super) fn summarise(
    model: &mut dyn LanguageModel,
    entries: &[Entry],
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(Progress),
) -> engine::Result<Summary> {
    let care = entries.iter().rev().find_map(|e| crisis(&e.content.text));
    let mut summary = Summary {
        sentences: Vec::new(),
        entries_used: 0,
        entries_total: entries.len(),
        model: model.name(),
        model_hash: model.fingerprint(),
        complete: true,
        care,
    };
    if care.is_some() && entries.len() == 1 {
        summary.entries_used = 1;
        return Ok(summary);
    }
    let texts: Vec<&str> = entries.iter().map(|e| e.content.text.as_str()).collect();
    let language =
        Language::guess(&texts.iter().flat_map(|t| t.chars().take(400)).collect::<String>());
    let all = scored(&texts, language.lexicon());
    let parts = parts(entries.len());
    let mut writer = Writer { model, entries, language, cancel, on_progress };
    for (done, part) in parts.iter().enumerate() {
        if parts.len() > 1 {
            (writer.on_progress)(Progress::Part { done, total: parts.len() });
        }
        let mine: Vec<&Scored<'_>> = all.iter().filter(|s| part.contains(&s.own.entry)).collect();
        summary.complete =
            writer.part(&mine, sentence_count(&mine, parts.len()), &mut summary.sentences)?;
        if !summary.complete {
            break;
        }
        summary.entries_used = part.end;
    }
    Ok(summary)
}

/// Consecutive entries that are told together: one part for a week, about a dozen for more than a season.
fn parts(entries: usize) -> Vec<Range<usize>> {
    let size = entries.div_ceil(MOST_PARTS).max(PART_ENTRIES);
    (0..entries).step_by(size.max(1)).map(|start| start..(start + size).min(entries)).collect()
}

/// How many sentences tell a part: up to four alone, fewer each where there are many parts.
fn sentence_count(part: &[&Scored<'_>], parts: usize) -> usize {
    let words: usize = part.iter().map(|s| s.own.words.len()).sum();
    let alone = match words {
        0..35 => 1,
        35..120 => 2,
        120..300 => 3,
        300..700 => 4,
        _ => 5,
    };
    if parts > 1 { alone.min(MOST / parts).max(1) } else { alone }
}

struct Writer<'a> {
    model: &'a mut dyn LanguageModel,
    entries: &'a [Entry],
    language: Language,
    cancel: &'a CancelToken,
    on_progress: &'a mut dyn FnMut(Progress),
}

impl Writer<'_> {
    /// Tells one part; false when it was stopped.
    fn part(
        &mut self,
        part: &[&Scored<'_>],
        count: usize,
        out: &mut Vec<Sentence>,
    ) -> engine::Result<bool> {
        let mut covered = HashSet::new();
        let mut left = count;
        if self.model.writes_prose() {
            let written = self.prose(part, count, &mut covered, out)?;
            left = count.saturating_sub(written);
        }
        let free: Vec<&Scored<'_>> =
            part.iter().filter(|s| !covered.contains(s.own.text)).copied().collect();
        for at in choose(&free, left) {
            if self.cancel.is_canceled() {
                return Ok(false);
            }
            let sentence = self.worded(&free[at].own)?;
            self.release(sentence, out);
        }
        Ok(!self.cancel.is_canceled())
    }

    fn release(&mut self, sentence: Sentence, out: &mut Vec<Sentence>) {
        let shown = if sentence.quoted {
            format!("“{}”\n", sentence.text)
        } else {
            format!("{}\n", sentence.text)
        };
        (self.on_progress)(Progress::Text(shown));
        out.push(sentence);
    }

    /// A sentence in the model's short form if that rests on it, else in the person's own words.
    fn worded(&mut self, own: &Own<'_>) -> engine::Result<Sentence> {
        let sources = vec![self.entries[own.entry].id];
        let quoted = Sentence { text: one_line(own.text), sources: sources.clone(), quoted: true };
        if own.words.len() < LONG || self.language != Language::English || self.cancel.is_canceled()
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
        Ok(if rests { Sentence { text, sources, quoted: false } } else { quoted })
    }

    /// The model's own prose on a part, as far as it rests on the part; how many sentences were kept.
    fn prose<'t>(
        &mut self,
        part: &[&Scored<'t>],
        count: usize,
        covered: &mut HashSet<&'t str>,
        out: &mut Vec<Sentence>,
    ) -> engine::Result<usize> {
        let heavy: HashSet<usize> = part
            .iter()
            .map(|s| s.own.entry)
            .collect::<HashSet<_>>()
            .into_iter()
            .filter(|e| crisis(&self.entries[*e].content.text).is_some())
            .collect();
        let safe = |s: &&&Scored<'_>| !heavy.contains(&s.own.entry);
        let told: Vec<&Scored<'t>> = part.iter().filter(safe).copied().collect();
        let told = self.fitting(told, count)?;
        if told.is_empty() {
            return Ok(0);
        }
        let request = prompt::request(self.digest(&told, count), "", SENTENCE_TOKENS * count, &[]);
        let mut draft = Draft::new(&told, self.entries, self.language);
        let on_progress = &mut *self.on_progress;
        let before = out.len();
        self.model.generate(&request, self.cancel, &mut |chunk| match chunk {
            Chunk::Prompt { read, total } => on_progress(Progress::Reading { read, total }),
            Chunk::Text(text) => {
                for sentence in draft.push(text) {
                    on_progress(Progress::Text(format!("{}\n", sentence.text)));
                    out.push(sentence);
                }
            }
        })?;
        for sentence in draft.finish() {
            self.release(sentence, out);
        }
        covered.extend(draft.covered());
        Ok(out.len() - before)
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

/// With single spaces, for showing.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
