//! Slots of a question, filled with the entry's words, said to the person; none where that would not read well.
use std::ops::Range;

use super::{
    clause::Line, construction::Match, inflect::gerund, person::turned, phrase::is_no_deed,
};
use crate::reflection::language::Language;

/// Words that a slot has at most.
const LONGEST: usize = 14;
/// So few words before a comma say little without what stands behind it.
const SHORT: usize = 4;

/// A question with its slots filled, if each can be.
#[must_use]
pub fn fill(form: &str, line: &Line<'_, '_>, found: &Match, language: Language) -> Option<String> {
    let mut question = String::with_capacity(form.len() * 2);
    let mut rest = form;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        question.push_str(before);
        question.push_str(&value(name, line, found, language)?);
        rest = after;
    }
    question.push_str(rest);
    let question = joined(&question, language);
    let mut letters = question.chars();
    let first = letters.next()?.to_uppercase();
    Some(first.chain(letters).collect())
}

/// What the words of a form and of a slot become where they meet: "de + appeler", "de + el".
fn joined(question: &str, language: Language) -> String {
    match language {
        Language::French => {
            let mut text = question.to_owned();
            for vowel in "aeiouyéèêàâîôûhAEIOUÉÈÊÀÎÔH".chars() {
                text = text.replace(&format!(" de {vowel}"), &format!(" d’{vowel}"));
                text = text.replace(&format!(" que {vowel}"), &format!(" qu’{vowel}"));
            }
            text.replace(" de le ", " du ").replace(" de les ", " des ")
        }
        Language::Spanish => question.replace(" de el ", " del ").replace(" a el ", " al "),
        Language::English => question.replace("You wrote that you wrote ", "You wrote "),
        Language::German => question.to_owned(),
    }
}

/// Whether every slot holds what it is for.
#[must_use]
pub fn holds(line: &Line<'_, '_>, found: &Match, language: Language) -> bool {
    found.slots.iter().all(|(slot, range)| {
        let range = trimmed(line, range);
        *slot == "who"
            || ((1..=LONGEST).contains(&range.len())
                && fits(slot, line, &range, language)
                && ends_well(line, &range))
    })
}

fn value(name: &str, line: &Line<'_, '_>, found: &Match, language: Language) -> Option<String> {
    match name {
        "you" => whole(line, found, language),
        "who" => who(line, found, language),
        "they" => they(line, found, language),
        "acting" if found.slot("doing").is_some() => value("thing", line, found, language),
        "acting" => Some(gerund(&value("act", line, found, language)?, line.lexicon)),
        "feeling" => feeling(line, found),
        _ => {
            let (kind, range) = found.slots.iter().find(|(slot, _)| names(name, slot))?;
            let range = trimmed(line, range);
            let text = turned(&line.inside(&range), language)?;
            let adds_whether = *kind == "what" && !line.is(range.start, "wh");
            Some(if adds_whether { format!("whether {text}") } else { text })
        }
    }
}

/// Whether a slot of the pattern gives a slot of the form.
fn names(wanted: &str, slot: &str) -> bool {
    let family = match slot {
        "untold" | "undone" => "rest",
        "lastoccasion" => "occasion",
        "pastclause" => "clause",
        "didact" | "couldact" | "impulse" => "act",
        "doing" | "wished" | "memory" | "person" | "thought" | "felt" | "gift" => "thing",
        "perfect3" | "notyet" | "nicht" | "geweint" => "perfect",
        _ => slot,
    };
    wanted == family
}

/// Without what hangs at the end: "too", "at all", "again and".
fn trimmed(line: &Line<'_, '_>, range: &Range<usize>) -> Range<usize> {
    let mut end = range.end;
    while end > range.start + 1 && line.is(end - 1, "hanging") {
        end -= 1;
    }
    range.start..end
}

fn ends_well(line: &Line<'_, '_>, range: &Range<usize>) -> bool {
    let last = line.lower(range.end - 1);
    let text = line.slice(range);
    // "the one who": without what tells which one, it says nothing.
    let open = line.is(range.end, "rel") && line.is(range.end - 1, "weak_thing");
    let speaks = text.contains(" '") && text.contains(" I ");
    !open
        && !line.lexicon.has("dangling", last)
        && !line.lexicon.has("cut_off", last)
        && last != "i"
        && !text.contains(['"', '“', '”', '„', '«', '»', '*', '[', '_'])
        && !speaks
}

fn fits(slot: &str, line: &Line<'_, '_>, range: &Range<usize>, language: Language) -> bool {
    let at = range.start;
    match (slot, language) {
        ("untold", _) => line.is(at, "untold"),
        // "I have not the time".
        ("undone", _) => !line.is(at, "determiner"),
        ("pastclause", _) => {
            clause(line, range) && range.clone().any(|w| line.is(w, "past_perfect"))
        }
        ("passe", _) => {
            let verb = range.clone().find(|&w| !line.is_adverb(w)).unwrap_or(at);
            line.lexicon.has_ending("passe_ending", line.lower(verb))
        }
        ("impulse", _) => line.is(at, "impulse"),
        ("gift", _) => gift(line, range),
        ("act" | "didact" | "couldact", Language::English) => {
            bare_verb(line, at)
                && range.len() >= 2
                && runs_on(line, &(at + 1..range.end)).is_none()
                && !line.is(at, "impulse")
                && !is_no_deed(&line.words, at, line.lexicon)
                && (slot == "act" || !line.is(at, "stative") || line.is(at + 1, "said_deed"))
        }
        // "Ich wollte das nicht hören": no deed.
        ("act", _) => line.is_infinitive(range) && range.clone().all(|w| !line.is(w, "negation")),
        ("perfect", _) => perfect(line, range) && range.clone().all(|w| !line.is(w, "negation")),
        ("perfect3", _) => perfect(line, range),
        ("notyet", _) => perfect(line, range) && line.slice(range).contains("noch nicht"),
        ("nicht", _) => perfect(line, range) && range.clone().any(|w| line.is(w, "negation")),
        // "So stunned", but that is only half of it.
        ("war", _) => range.clone().all(|w| !line.is_finite(w) && line.lower(w) != "so"),
        ("geweint", _) => perfect(line, range) && line.is(range.end - 1, "cry"),
        ("doing", _) => line.lower(at).ends_with("ing"),
        ("memory", _) => {
            !line.is(at, "not_thing") && runs_on(line, range).is_none() && range.len() >= 2
        }
        ("wished", _) => {
            (line.is(at, "determiner") || line.is(at, "amount"))
                && runs_on(line, range).is_none()
                && !line.is(range.end - 1, "weak_thing")
                && range.len() >= 2
        }
        ("thing", _) => thing(line, range),
        ("person", _) => line.is(at, "person_object") && range.len() == 1,
        ("thought", _) => thing(line, range) || (line.lower(at) == "what" && range.len() > 2),
        ("felt", _) => line.is(at, "determiner") && thing(line, range),
        ("clause", _) => clause(line, range),
        ("what", _) => range.len() >= 2 && (line.is(at, "wh") || clause(line, range)),
        ("would", _) => bare_verb(line, at),
        ("pp", _) => !line.is(at, "determiner") && !line.is(at, "stop"),
        ("occasion", _) => occasion(line, range),
        // "Last night" and "last Monday" are when, not what.
        ("lastoccasion", _) => {
            let is_when = ["vague", "weekday", "month"].iter().any(|list| line.is(at, list));
            occasion(line, range) && (!is_when || line.lower(at) == "day")
        }
        _ => true,
    }
}

/// A participle at the end, with something before it.
fn perfect(line: &Line<'_, '_>, range: &Range<usize>) -> bool {
    line.is_participle(range.end - 1) && range.len() >= 2
}

fn bare_verb(line: &Line<'_, '_>, at: usize) -> bool {
    let capital = line.slice(&(at..at + 1)).starts_with(char::is_uppercase);
    !capital
        && line.lower(at) != "die"
        && !line.is(at, "not_bare")
        && !line.is(at, "stop")
        && !line.is_past(at)
        || line.lower(at) == "be"
}

/// Something that one gets, not "got up" or "got lost".
fn gift(line: &Line<'_, '_>, range: &Range<usize>) -> bool {
    let at = range.start;
    let is_named = ["determiner", "amount", "news"].iter().any(|list| line.is(at, list));
    let number = line.lower(at).starts_with(|c: char| c.is_ascii_digit());
    (is_named || number) && runs_on(line, range).is_none()
}

/// What there was a first or a last of: "day at the shop".
fn occasion(line: &Line<'_, '_>, range: &Range<usize>) -> bool {
    let at = range.start;
    let says_nothing =
        range.len() == 1 && ["vague", "weekday", "month"].iter().any(|list| line.is(at, list));
    !line.is(at, "stop")
        && line.lower(at) != "time"
        && !says_nothing
        && runs_on(line, range).is_none()
}

/// What can stand after "about": something named, not a sentence of its own.
fn thing(line: &Line<'_, '_>, range: &Range<usize>) -> bool {
    let at = range.start;
    let alone = range.len() == 1 && line.is(at, "weak_thing");
    let clause = line.lower(at) == "that" && line.is_subject_pronoun(at + 1);
    !alone && !clause && !line.is(at, "not_thing") && runs_on(line, range).is_none()
}

/// A subject and its verb.
fn clause(line: &Line<'_, '_>, range: &Range<usize>) -> bool {
    let at = range.start;
    let subject = line.is_subject_pronoun(at)
        || line.lower(at) == "it"
        || line.is(at, "determiner")
        || line.is_name(at);
    let has_verb = line.is_subject_pronoun(at)
        || (at..range.end).any(|w| line.is_finite(w) || line.is(w, "own_contracted"));
    let second = (at + 2..range.end).find(|&w| line.is_subject_pronoun(w));
    let apart = second.is_none_or(|w| line.is(w - 1, "wh") || line.is(w - 1, "links"));
    range.len() >= 3 && subject && has_verb && apart
}

/// Whether what is said is a clause, or something to do: "that he can't", "to wait".
fn says_clause(line: &Line<'_, '_>, range: &Range<usize>) -> bool {
    let at = range.start + usize::from(line.lower(range.start) == "that");
    line.lower(at) == "to" || clause(line, &(at..range.end))
}

/// Where a second clause begins that nothing joins to the first, as in texts without punctuation.
fn runs_on(line: &Line<'_, '_>, range: &Range<usize>) -> Option<usize> {
    let mut free = true;
    for at in range.clone() {
        if line.is(at, "wh") || line.is(at, "links") {
            free = false;
        }
        let verb = line.is(at, "finite") || line.is(at, "third_person_verb") || line.is_was(at);
        if free && (line.is_subject_pronoun(at) || verb) {
            return Some(at);
        }
    }
    None
}

/// All that was matched; a subject that was left out is put in.
fn whole(line: &Line<'_, '_>, found: &Match, language: Language) -> Option<String> {
    let range = event_range(line, found);
    if !(3..=LONGEST + 2).contains(&range.len()) || !ends_well(line, &range) {
        return None;
    }
    let text = turned(&line.inside(&range), language)?;
    let dropped = language == Language::English
        && found.slot("who").is_none()
        && !has_subject(line, range.start);
    Some(if dropped { format!("you {text}") } else { text })
}

fn has_subject(line: &Line<'_, '_>, at: usize) -> bool {
    line.is_subject_pronoun(at)
        || line.is(at, "determiner")
        || line.is_name(at)
        || ["it", "there"].contains(&line.lower(at))
}

/// Without a clause of time at its end, and without what hangs there.
fn event_range(line: &Line<'_, '_>, found: &Match) -> Range<usize> {
    let whole = &found.whole;
    // "Since the funeral" is no clause.
    let begins = |w: usize| {
        let noun = line.is(w, "determiner") || line.is_name(w);
        let has_verb = (w + 1..whole.end).any(|v| line.is_finite(v));
        line.is_subject_pronoun(w) || (noun && has_verb)
    };
    let asks = |w: usize| line.is(w, "reports") && says(line, &(whole.start..w));
    let cut = (whole.start + 3..whole.end).find(|&w| {
        let time = line.is(w, "subordinate") && begins(w + 1) && !asks(w);
        // "Took coach and to the play": a way of travelling, and not of asking.
        time || (line.is(w, "joins") && line.is(w + 1, "whither")) || begins_another(line, whole, w)
    });
    trimmed(line, &(whole.start..cut.unwrap_or(whole.end)))
}

/// "I left with my box and the guard, Julio, …": who is named last, before a comma, does what comes next.
/// "I dined at home and Mr. Moore with me": somebody without a verb.
fn begins_another(line: &Line<'_, '_>, whole: &Range<usize>, at: usize) -> bool {
    let somebody = line.is(at + 1, "title") || line.is_somebody(at + 1);
    let beside = somebody && (at + 2..whole.end).take(2).any(|w| line.lower(w) == "with");
    let goes_on = line.words.get(whole.end).is_some_and(|next| {
        line.text[line.words[whole.end - 1].end..next.start].trim_start().starts_with(',')
    });
    let named = line.is(at + 1, "determiner") && at + 4 >= whole.end;
    line.is(at, "joins") && (beside || (goes_on && named))
}

/// Whether a sentence says more of what was matched, without which it can't be taken up: "he told me
/// yesterday, that…", "the ship that brought her (…) sank", "she says she can't, till…", "then came Ruth".
#[must_use]
pub fn is_whole(line: &Line<'_, '_>, found: &Match) -> bool {
    let end = found.whole.end;
    let says_nothing = line.is(end - 1, "say") || line.is(end - 1, "embeds");
    let said = found.whole.clone().rfind(|&w| line.is(w, "say"));
    // "When you said Sunday", "when you said don't go".
    let bare = |w: usize| end - w <= 2 || line.is(w + 1, "speech_begins");
    let says_nothing = says_nothing || said.is_some_and(bare);
    // "Everyone says well deserved".
    let told = found.whole.clone().rfind(|&w| line.is(w, "says_now"));
    let says_nothing = says_nothing || told.is_some_and(|w| !says_clause(line, &(w + 1..end)));
    if says_nothing || lacks_verb(line, &found.whole) {
        return false;
    }
    let Some(next) = line.words.get(end) else { return !comes_first(line, found) };
    let gap = &line.text[line.words[end - 1].end..next.start];
    let reports = says(line, &found.whole);
    let goes_on = gap.contains(['(', '[']) || (reports && line.is(end, "reports"));
    let joined = ["joins", "cut", "subordinate"].iter().any(|list| line.is(end, list));
    // "I said yes, two": too little to leave the rest out.
    let adds = gap.contains(',')
        && found.whole.len() <= SHORT
        && !joined
        && !line.is_subject_pronoun(end)
        && line.noun_phrase(end, line.words.len()).is_none();
    !goes_on && !adds && !line.is(end - 1, "cut_off") && !comes_first(line, found)
}

/// Whether somebody says or knows something.
fn says(line: &Line<'_, '_>, range: &Range<usize>) -> bool {
    range.clone().any(|w| line.is(w, "say") || line.is(w, "embeds"))
}

/// Whether a clause was begun that has no verb: "telling her that the house", before a comma.
fn lacks_verb(line: &Line<'_, '_>, range: &Range<usize>) -> bool {
    let verb =
        |w: usize| line.is_finite(w) || line.lexicon.has_ending("finite_ending", line.lower(w));
    let begun = range.clone().rfind(|&w| line.is(w, "begins_clause"));
    begun.is_some_and(|at| !(at + 1..range.end).any(verb))
}

/// Whether "it" or "her" in what was matched means something that only the sentences before it name.
#[must_use]
pub fn points_back(line: &Line<'_, '_>, found: &Match) -> bool {
    let range = &found.whole;
    let function = |w: usize| w >= range.end || !line.words[w].carries();
    let points = |w: &usize| {
        let loose = line.is(*w, "points_if_loose")
            && function(w + 1)
            && !line.is_subject_pronoun(w + 1)
            && !line.is(w + 1, "determiner")
            && !line.is(w + 1, "intensity");
        let object = line.is(*w, "clitic_object")
            && line.lexicon.has_ending("infinitive", line.lower(*w + 1));
        let attached = line.lexicon.has_ending("points_ending", line.lower(*w));
        line.is(*w, "points") || loose || object || attached
    };
    let named = |w: usize| {
        let noun = w > range.start && !function(w) && line.is(w - 1, "determiner");
        noun || line.is(w, "other_subject")
            || line.is_somebody(w)
            || line.is(w, "kin")
            || line.is(w, "person")
    };
    let first = line.is(range.start, "possessor").then_some(range.start).filter(points);
    let pointing = first.or_else(|| (range.start + 1..range.end).find(points));
    pointing.is_some_and(|at| !(range.start..at).any(named))
}

/// Whether a verb stands before its subject, so that the subject is not left out, or has none: "called up by six",
/// "troubled with a cold", "rained all day".
fn comes_first(line: &Line<'_, '_>, found: &Match) -> bool {
    let verb = found.whole.clone().find(|&w| !line.is_adverb(w) && !line.is(w, "opening"));
    let by = |verb: usize| {
        let at = (verb + 1..verb + 4).find(|&w| line.lower(w) == "by");
        let done = at.is_some_and(|w| !line.lower(w + 1).ends_with("ing"));
        let troubled = line.is_past(verb) && (done || line.is(verb, "suffered"));
        troubled || line.is(verb, "impersonal")
    };
    if verb.is_some_and(by) {
        return true;
    }
    let inverted = |verb: usize| {
        let after = verb + 1;
        line.is(verb, "arrives")
            && (line.is(after, "determiner") || line.is(after, "title") || line.is_name(after))
    };
    verb.is_some_and(inverted)
}

/// Whether the rest of an event is one clause.
#[must_use]
pub fn is_one_clause(line: &Line<'_, '_>, found: &Match) -> bool {
    let range = event_range(line, found);
    let subject = found.slot("who").map_or(range.start + 1, |who| who.end);
    let verb = (subject.min(range.end)..range.end).find(|&w| line.is_finite(w));
    let after = verb.map_or(range.end, |verb| verb + 1);
    let speaks = verb.is_some_and(|v| line.is(v, "say") || line.is(v, "embeds"));
    speaks || runs_on(line, &(after..range.end)).is_none()
}

fn who(line: &Line<'_, '_>, found: &Match, language: Language) -> Option<String> {
    let range = found.slot("who")?;
    let named = !line.is(range.start, "other_subject");
    turned(&line.inside(&range), language).filter(|_| named)
}

/// The event with "he" or "she" in place of who did it.
fn they(line: &Line<'_, '_>, found: &Match, language: Language) -> Option<String> {
    let who = found.slot("who")?;
    let is = |list| who.clone().any(|w| line.is(w, list));
    let pronoun = match (is("she"), is("he")) {
        (true, false) => "she",
        (false, true) => "he",
        _ => return None,
    };
    let range = event_range(line, found);
    let rest = turned(line.slice(&(who.end..range.end)), language)?;
    (ends_well(line, &range) && range.end > who.end).then(|| format!("{pronoun} {rest}"))
}

/// The one word for a feeling.
fn feeling(line: &Line<'_, '_>, found: &Match) -> Option<String> {
    let at = found.whole.clone().find(|&w| line.is(w, "state"))?;
    let plain = (found.whole.start..at).all(|w| !line.is(w, "negation"));
    plain.then(|| line.inside(&(at..at + 1)))
}
