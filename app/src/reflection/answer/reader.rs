//! Takes a question apart: its mood, tags, weekdays and event, then whom and what it asks for.
use std::ops::{Range, RangeInclusive};

use jiff::civil::Weekday;

use super::{
    asked::{Anchor, Relation},
    wanted::{Item, Person},
};
use crate::{
    insight::Aliases,
    reflection::{
        language::Lexicon,
        words::{Class, Word},
    },
};

/// How many words before "after" may say how long after.
const LEAD: usize = 3;

/// What a journal knows of names.
pub(super) struct Names<'a> {
    /// Tells one that is written small.
    pub(super) is_name: &'a dyn Fn(&str) -> bool,
    pub(super) aliases: &'a Aliases,
}

/// Takes the words of a question one part after the other.
pub(super) struct Reader<'a> {
    pub(super) question: &'a str,
    pub(super) lexicon: &'a Lexicon,
    pub(super) names: &'a Names<'a>,
    pub(super) words: &'a [Word],
    /// Words that are taken, by their place.
    pub(super) used: Vec<usize>,
}

impl Reader<'_> {
    /// What says nothing of what is asked for: "come up", "is there talk of".
    pub(super) fn idle(&mut self) {
        for way in self.lexicon.list("idle") {
            if let Some(taken) = self.said(&[way], 0..self.words.len()) {
                self.used.extend(taken);
            }
        }
    }

    /// "in a good mood", "mood below 3".
    pub(super) fn mood(&mut self) -> Option<RangeInclusive<u8>> {
        let at = self.words.iter().position(|w| self.lexicon.has("mood_question", &w.lower))?;
        let near = at.saturating_sub(2)..(at + 4).min(self.words.len());
        let list =
            |list: &str| near.clone().find(|&at| self.lexicon.has(list, &self.words[at].lower));
        let number = near.clone().find_map(|at| Some((at, self.words[at].lower.parse().ok()?)));
        let (low, high) = (list("mood_low"), list("mood_high"));
        let (place, range) = match (number, low, high) {
            (Some((at, number)), Some(_), _) => (at, 1..=u8::saturating_sub(number, 1)),
            (Some((at, number)), None, Some(_)) => (at, u8::saturating_add(number, 1)..=5),
            (Some((at, number)), None, None) => (at, number..=number),
            (None, Some(at), _) => (at, 1..=2),
            (None, None, Some(at)) => (at, 4..=5),
            (None, None, None) => return None,
        };
        self.used.extend([at, place].into_iter().chain(low).chain(high));
        Some(range)
    }

    /// "#garden", "tagged garden".
    pub(super) fn tags(&mut self) -> Vec<String> {
        let mut tags = Vec::new();
        for (at, word) in self.words.iter().enumerate() {
            let hash = self.question[..word.start].ends_with('#');
            let said = at > 0 && self.lexicon.has("tag_question", &self.words[at - 1].lower);
            if hash || said {
                tags.push(word.lower.clone());
                self.used.extend([at, if said { at - 1 } else { at }]);
            }
        }
        tags
    }

    /// "on Sundays".
    pub(super) fn weekdays(&mut self) -> Vec<Weekday> {
        let number = |word: &Word| self.lexicon.pair("weekdays", &word.lower)?.parse().ok();
        let named = |(at, word)| Some((at, Weekday::from_monday_one_offset(number(word)?).ok()?));
        let found: Vec<(usize, Weekday)> =
            self.words.iter().enumerate().filter_map(named).collect();
        self.used.extend(found.iter().map(|(at, _)| *at));
        found.into_iter().map(|(_, weekday)| weekday).collect()
    }

    /// "before the move", at the end of the question.
    pub(super) fn anchor(&mut self) -> Option<Anchor> {
        const RELATIONS: [(&str, Relation); 5] = [
            ("anchor_before", Relation::Before),
            ("anchor_after", Relation::After),
            ("anchor_since", Relation::Since),
            ("anchor_until", Relation::Until),
            ("anchor_during", Relation::During),
        ];
        let named =
            |w: &Word| RELATIONS.into_iter().find(|(list, _)| self.lexicon.has(list, &w.lower));
        let mut places = self.words.iter().enumerate().skip(1);
        let (at, relation) = places.find_map(|(at, w)| {
            let (_, relation) = named(w)?;
            (!self.is_whither(at)).then_some((at, relation))
        })?;
        let lead = &self.words[at.saturating_sub(LEAD)..=at];
        let lead = self.question[lead[0].start..self.words[at].end].to_owned();
        let before = self.used.len();
        let event = self.items(at + 1..self.words.len());
        if event.is_empty() {
            self.used.truncate(before);
            return None;
        }
        self.used.extend(at..self.words.len());
        Some(Anchor { relation, lead, event })
    }

    /// "nach Potsdam" beside a verb of going: the way there, no event.
    fn is_whither(&self, at: usize) -> bool {
        let has = |at: usize, list| self.lexicon.has(list, &self.words[at].lower);
        has(at, "place_to")
            && self.words.get(at + 1).is_some_and(|next| next.class == Class::Name)
            && (0..self.words.len()).any(|at| has(at, "going"))
    }

    /// What is said in several ways first, then people, then single words.
    pub(super) fn items(&mut self, range: Range<usize>) -> Vec<Item> {
        let mut items = Vec::new();
        for way in self.lexicon.alike() {
            if let Some(taken) = self.said(&way.words, range.clone()) {
                self.used.extend(taken);
                items.push(Item::alike(way, self.lexicon));
            }
        }
        let mut at = range.start;
        while at < range.end {
            let person = if self.used.contains(&at) { None } else { self.person(at, range.end) };
            at += 1;
            if let Some((person, taken)) = person {
                self.used.extend(taken.clone());
                let mut item = Item::person(person, self.lexicon);
                item.place = self.is_where(taken.start);
                for other in self.names.aliases.others(&self.name(taken.clone())) {
                    item.add_name(Person::written(other, self.lexicon), self.lexicon);
                }
                items.push(item);
                at = taken.end;
            }
        }
        let asks = |w: &Word| {
            let has = |list| self.lexicon.has(list, self.lexicon.bare(&w.lower));
            let is_light = has("light") && !has("act");
            let listed = ["query", "see_question", "mention_question"].into_iter().any(has);
            w.carries() && !is_light && !listed
        };
        for at in range {
            if !self.used.contains(&at) && asks(&self.words[at]) {
                let mut item = Item::word(&self.words[at], self.lexicon);
                let mine = |at: usize| self.lexicon.has("possessive", &self.words[at].lower);
                item.mine = at.checked_sub(1).is_some_and(mine);
                item.place = self.is_where(at);
                item.act |= self.lexicon.has("going", &self.words[at].lower);
                items.push(item);
            }
        }
        items
    }

    /// A name as it stands, whoever's it is.
    fn name(&self, taken: Range<usize>) -> String {
        let words: Vec<&str> = self.words[taken].iter().map(|word| word.lower.as_str()).collect();
        words.join(" ").trim_end_matches("'s").to_owned()
    }

    /// Whether what begins at `at` is asked for as where somebody is or goes.
    fn is_where(&self, at: usize) -> bool {
        let skipped = |at: &usize| {
            let has = |list| self.lexicon.has(list, &self.words[*at].lower);
            has("article") || has("possessive")
        };
        let before = (0..at).rev().find(|at| !skipped(at));
        before.is_some_and(|at| {
            let has = |at: usize, list| self.lexicon.has(list, &self.words[at].lower);
            // "A letter to her", "angry at her" ask for no place.
            let idle = |at| ["query", "adverb", "going"].iter().any(|list| has(at, list));
            let other = at > 0 && self.words[at - 1].class == Class::Content && !idle(at - 1);
            (has(at, "place_at") || has(at, "place_to")) && !other
        })
    }

    /// Where one of several ways to say a thing stands.
    fn said(&self, alike: &[&str], range: Range<usize>) -> Option<Range<usize>> {
        alike.iter().find_map(|way| {
            let stems: Vec<String> = way.split('_').map(|w| self.lexicon.stem(w)).collect();
            let mut starts = range.clone();
            let start = starts.find(|&at| {
                at + stems.len() <= range.end
                    && stems
                        .iter()
                        .zip(at..)
                        .all(|(stem, at)| self.words[at].stem == *stem && !self.used.contains(&at))
            })?;
            Some(start..start + stems.len())
        })
    }

    /// Somebody named from here on: a title and names, or a relation ("my mother").
    fn person(&self, at: usize, end: usize) -> Option<(Person, Range<usize>)> {
        let word = &self.words[at];
        let is_name = |at: usize| {
            at < end && !self.used.contains(&at) && {
                let word = &self.words[at];
                word.class == Class::Name || (word.carries() && (self.names.is_name)(&word.lower))
            }
        };
        let kin = self.lexicon.has("kin", &word.lower);
        let titled = kin || self.lexicon.has("title", &word.lower);
        let first = if titled && is_name(at + 1) { at + 1 } else { at };
        let names = (first..end).take_while(|&at| is_name(at)).count();
        if names == 0 && !kin {
            return None;
        }
        let taken = at..first.max(at) + names.max(1);
        let names: Vec<String> = match names {
            0 => vec![word.lower.clone()],
            count => self.words[first..first + count].iter().map(|w| w.lower.clone()).collect(),
        };
        let title = (first > at).then(|| word.lower.clone());
        let names = names.into_iter().map(|n| n.trim_end_matches("'s").to_owned()).collect();
        Some((Person { kin: kin && title.is_none(), title, names }, taken))
    }
}
