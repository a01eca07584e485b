//! The same questions, asked plainly: the newest entries that fit into a prompt, and the question.
use engine::{CancelToken, Engine, Message, Role};
use inglenook::reflection::{LanguageModel, prompt::request};
use jiff::civil::Date;
use serde_json::Value;
use vault::Entry;

use crate::{Failure, days};

/// Characters of entries in a prompt, some 1,500 tokens.
const ROOM: usize = 6000;
/// What admits that there is nothing.
const ADMISSIONS: [&str; 9] = [
    "nothing",
    "no mention",
    "not mention",
    "no entr",
    "no record",
    "no information",
    "don't know",
    "nada",
    "nichts",
];

/// What the model answers.
pub fn plain(
    model: &mut Engine,
    entries: &[Entry],
    question: &str,
    today: Date,
) -> Result<String, Failure> {
    let mut dated: Vec<&Entry> = entries.iter().filter(|e| e.content.date <= today).collect();
    dated.sort_by_key(|entry| std::cmp::Reverse(entry.content.date));
    let mut journal = Vec::new();
    let mut left = ROOM;
    for entry in dated {
        let told = format!("{}: {}", entry.content.date, entry.content.text);
        journal.push(told.chars().take(left).collect::<String>());
        left = left.saturating_sub(told.chars().count());
        if left == 0 {
            break;
        }
    }
    journal.reverse();
    let journal = journal.join("\n\n");
    let prompt = format!("This is my journal.\n\n{journal}\n\nToday is {today}. {question}");
    let message = Message { role: Role::User, content: prompt };
    let request = request(vec![message], "", 80, &[]);
    Ok(LanguageModel::generate(model, &request, &CancelToken::default(), &mut |_| {})?.text)
}

/// Whether an answer says what is wanted, read kindly: the number that was counted and the days, in any form; or that
/// there is nothing. What has neither number nor day is right when it says anything.
pub fn is_right(wanted: &Value, answer: &str) -> Result<bool, Failure> {
    let answer = answer.to_lowercase();
    let admits = ADMISSIONS.iter().any(|words| answer.contains(words));
    if wanted["kind"] == "nothing" {
        return Ok(admits);
    }
    let (only, any) = (days(wanted, "only")?, days(wanted, "any")?);
    let mut words = answer.split(|c: char| !c.is_alphanumeric());
    let counted = wanted["count"].as_u64().map(|count| words.any(|w| w == count.to_string()));
    Ok(match counted {
        Some(counted) => counted,
        None if !only.is_empty() => only.iter().all(|&day| states(&answer, day)),
        None if !any.is_empty() => any.iter().any(|&day| states(&answer, day)),
        None => !admits && !answer.trim().is_empty(),
    })
}

fn states(answer: &str, day: Date) -> bool {
    let english = |form: &str| jiff::fmt::strtime::format(form, day).unwrap_or_default();
    ["%Y-%m-%d", "%-d %B", "%B %-d"]
        .into_iter()
        .any(|form| answer.contains(&english(form).to_lowercase()))
}
