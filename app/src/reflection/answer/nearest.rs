//! The entries that come nearest to a question that nothing answers.
use std::collections::HashMap;

use vault::{EntryId, search::Near};

use super::{
    FAR, Journal, SHOWN,
    asked::Asked,
    evidence::{Evidence, Hit},
};

/// What the words of a question count for less on other days than it asks for.
const OTHER_DAYS: f32 = 0.3;

/// Those that have most of what is asked for, mentions too, by words and by meaning, best first.
pub(super) fn nearest<'a>(journal: &Journal<'a>, near: &[Near], asked: &Asked) -> Vec<Hit<'a>> {
    let written: Vec<usize> =
        (0..journal.entries.len()).filter(|&at| journal.date(at) <= asked.today).collect();
    let mut found = Evidence::mentions(journal, &written, asked).best();
    for hit in &mut found {
        let is_covered = asked.covers(&journal.entries[hit.entry].content);
        hit.score -= if is_covered { 0.0 } else { OTHER_DAYS };
    }
    let places: HashMap<EntryId, usize> =
        written.iter().map(|&at| (journal.entries[at].id, at)).collect();
    for near in near.iter().take(2 * SHOWN).take_while(|near| near.similarity >= FAR) {
        let Some(&at) = places.get(&near.id) else { continue };
        let gain = (near.similarity - FAR) / (1.0 - FAR);
        match found.iter_mut().find(|hit| hit.entry == at) {
            Some(hit) => hit.score += gain,
            None => found.push(Hit { score: gain - OTHER_DAYS, ..Hit::bare(at) }),
        }
    }
    let away = |hit: &Hit<'_>| asked.days_from(journal.date(hit.entry));
    found.sort_by(|a, b| {
        let latest = b.entry.cmp(&a.entry);
        b.score.total_cmp(&a.score).then(away(a).cmp(&away(b))).then(latest)
    });
    found.truncate(SHOWN);
    found
}
