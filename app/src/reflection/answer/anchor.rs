//! "before the move": the days of an event that the journal tells of.
use jiff::{ToSpan, civil::Date};
use vault::search::time::parse_time;

use super::{
    Journal, MOST_ITEMS,
    asked::{Asked, Relation},
    evidence::{Hit, search_entry},
    wanted::Place,
};

/// Days of a journal that tell of one event lie no further apart.
const CLUSTER: i32 = 21;
/// "Before" and "after" an event mean so many days.
const AROUND: i32 = 90;
/// What more than this share of the entries tell of is no event.
const COMMON: f32 = 0.15;

/// Turns an event of the question into days; one that the journal doesn't tell of, or tells of all the
/// time, becomes words to look for.
pub(super) fn resolve(asked: &mut Asked, journal: &Journal<'_>) {
    let Some(mut anchor) = asked.anchor.take() else { return };
    anchor.event.truncate(MOST_ITEMS);
    let all = (1u32 << anchor.event.len()) - 1;
    let somewhere = asked.own && anchor.event.iter().any(|item| item.place);
    let meets = somewhere.then_some(Place::Yes);
    let mut told: Vec<(Date, usize)> = Vec::new();
    let written = |date: Date| date <= asked.today;
    for at in (0..journal.entries.len()).filter(|&at| written(journal.date(at))) {
        let hits = search_entry(journal, at, &anchor.event, meets);
        let happened = |hit: &&Hit<'_>| hit.mask == all && !hit.denied;
        let count = hits.iter().filter(happened).count();
        if count > 0 {
            told.push((journal.date(at), count));
        }
    }
    let common = told.len() as f32 > COMMON * journal.entries.len() as f32 && told.len() > 3;
    match densest(&told) {
        Some((first, peak, last)) if !common => {
            let span = counted(&anchor.lead, peak, asked.today);
            let around = || days(anchor.relation, first, peak, last, asked.today);
            asked.spans.push(span.unwrap_or_else(around));
        }
        _ => {
            asked.place |= somewhere;
            asked.meeting |= somewhere;
            asked.items.extend(anchor.event);
        }
    }
}

/// "the day after": as if the day of the event had been named.
fn counted(lead: &str, peak: Date, today: Date) -> Option<(Date, Date)> {
    let dated = parse_time(&format!("{lead} {peak}"), today);
    let span = dated.first().filter(|span| span.last != Date::MAX && span.first != Date::MIN)?;
    (span.range.start + 1 < lead.len() && (span.first, span.last) != (peak, peak))
        .then_some((span.first, span.last))
}

fn days(relation: Relation, first: Date, peak: Date, last: Date, today: Date) -> (Date, Date) {
    let shift = |date: Date, days: i32| date.saturating_add(days.days());
    match relation {
        Relation::Before => (shift(peak, -AROUND), shift(peak, -1)),
        Relation::After => (shift(peak, 1), shift(peak, AROUND)),
        Relation::Since => (peak, today),
        Relation::Until => (Date::MIN, shift(peak, -1)),
        Relation::During => (first, last),
    }
}

/// First, fullest and last day of the stretch in which most is told.
fn densest(told: &[(Date, usize)]) -> Option<(Date, Date, Date)> {
    let apart = |a: Date, b: Date| a.until(b).map_or(i32::MAX, |span| span.get_days());
    told.chunk_by(|a, b| apart(a.0, b.0) <= CLUSTER)
        .max_by_key(|stretch| stretch.iter().map(|(_, count)| count).sum::<usize>())
        .and_then(|stretch| {
            let most = stretch.iter().map(|(_, count)| *count).max()?;
            let peak = stretch.iter().find(|(_, count)| *count == most)?;
            Some((stretch.first()?.0, peak.0, stretch.last()?.0))
        })
}
