//! Mentions that mean one person or one place, brought together.
use std::collections::HashMap;

use super::{
    Kind,
    correction::{Correction, Corrections},
    scan::{Cues, Mention, Scan},
    vocabulary::{Form, Part, Vocabulary},
};
use crate::reflection::language::Language;

/// A name that stands alone belongs to the one who bears it so many times as often as any other.
const CLEARLY: usize = 3;

/// A name that is there so many times as often as a longer one is no short way to write it.
const RARELY: usize = 20;

/// How the whole journal writes a word.
#[derive(Clone, Copy, Default)]
struct Use {
    small: u32,
    large: u32,
    determined: u32,
}

/// Where a mention is: its entry and itself, by their places.
pub(super) type Place = (usize, usize);

/// One who is named, or a place. No `Debug`.
pub(super) struct Group {
    /// Every way it is written, the most frequent first, in lower case; the first is its key.
    pub(super) ways: Vec<String>,
    /// As it is shown.
    pub(super) name: String,
    pub(super) kind: Kind,
    /// In order of the entries.
    pub(super) places: Vec<Place>,
}

/// A name as it is written, and what speaks for what.
struct Way {
    title: Option<Form>,
    names: Vec<Form>,
    kin: bool,
    language: Language,
    shown: String,
    places: Vec<Place>,
    person: usize,
    place: usize,
    determined: usize,
}

/// Which name: the stem of its title, its words.
type Key = (Option<Form>, Vec<Form>, bool);

/// The names of these entries.
pub(super) struct Names<'a> {
    scans: &'a [&'a Scan],
    words: &'a mut Vocabulary,
    uses: Vec<Use>,
}

impl<'a> Names<'a> {
    pub(super) fn new(scans: &'a [&'a Scan], words: &'a mut Vocabulary) -> Self {
        let mut uses = vec![Use::default(); words.len()];
        for counted in scans.iter().flat_map(|scan| &scan.words) {
            let of = &mut uses[counted.form as usize];
            of.small += u32::from(counted.small);
            of.large += u32::from(counted.large);
            of.determined += u32::from(counted.determined);
        }
        Self { scans, words, uses }
    }

    /// All that is named, with what the person said about it, the most frequent first.
    pub(super) fn groups(&mut self, corrections: &Corrections) -> Vec<Group> {
        let ways = self.ways();
        let heads = heads(&ways, self.words);
        let mut members: HashMap<usize, Vec<usize>> = HashMap::new();
        for (at, head) in heads.iter().enumerate() {
            members.entry(*head).or_default().push(at);
        }
        let mut groups: Vec<Group> =
            members.into_values().filter_map(|members| group(&ways, members)).collect();
        groups.sort_by(|a, b| b.places.len().cmp(&a.places.len()).then(a.ways.cmp(&b.ways)));
        corrected(groups, corrections)
    }

    fn ways(&mut self) -> Vec<Way> {
        let mut ways: Vec<Way> = Vec::new();
        let mut known: HashMap<Key, usize> = HashMap::new();
        for (entry, scan) in self.scans.iter().enumerate() {
            for (at, mention) in scan.mentions.iter().enumerate() {
                let Some((title, names)) = self.name(mention, scan.language) else { continue };
                let key = self.key(title, &names, mention.kin, scan.language);
                let way = *known.entry(key).or_insert_with(|| {
                    let shown = self.shown(title, &names, mention, scan.language);
                    ways.push(Way::new(title, names, mention.kin, scan.language, shown));
                    ways.len() - 1
                });
                let given = self.sum(&ways[way], mention, scan.language);
                ways[way].add((entry, at), mention.cues, given);
            }
        }
        let fits = |way: &Way| way.kin || way.title.is_some() || self.is_name(way);
        ways.into_iter().filter(fits).collect()
    }

    /// What of a mention is a name: a word that only begins the sentence is none.
    fn name(&self, mention: &Mention, language: Language) -> Option<(Option<Form>, Vec<Form>)> {
        let names = mention.names();
        if mention.kin || mention.title.is_some() || !mention.first {
            return Some((mention.title, names.to_vec()));
        }
        let first = *names.first()?;
        let of = self.uses[first as usize];
        let given = self.words.is(first, Part::GIVEN, language);
        let is_known = of.large > 4 * of.small && language != Language::German;
        let is_said = mention.cues.says && names.len() == 1;
        let is_name = is_known || (of.small == 0 && (is_said || given));
        let rest = if is_name { names } else { &names[1..] };
        (!rest.is_empty()).then(|| (None, rest.to_vec()))
    }

    fn key(&mut self, title: Option<Form>, names: &[Form], kin: bool, language: Language) -> Key {
        let mut stem = |form: Form| self.words.stem(form, language);
        let title = title.map(&mut stem);
        match names.last() {
            Some(last) if kin => (title, vec![stem(*last)], true),
            _ => (title, names.to_vec(), kin),
        }
    }

    fn shown(
        &self,
        title: Option<Form>,
        names: &[Form],
        mention: &Mention,
        language: Language,
    ) -> String {
        let dropped = mention.names().len() - names.len();
        let of_name = |(at, form): (usize, &Form)| {
            let owned = mention.owned >> (at + dropped) & 1 == 1;
            let mark = if owned { "’s" } else { "" };
            match mention.kin {
                true => self.spelt(*form),
                false => format!("{}{mark}", self.written(*form, language)),
            }
        };
        let title = title.map(|form| self.written(form, language));
        title.into_iter().chain(names.iter().enumerate().map(of_name)).collect::<Vec<_>>().join(" ")
    }

    fn written(&self, form: Form, language: Language) -> String {
        let links = [Part::LINKED, Part::PARTICLE];
        if links.into_iter().any(|part| self.words.is(form, part, language)) {
            return self.words.lower(form).to_owned();
        }
        let written = self.words.written(form);
        let is_initial = written.chars().count() == 1;
        if is_initial { format!("{written}.") } else { written.to_owned() }
    }

    /// A word as the journal mostly writes it inside sentences.
    fn spelt(&self, form: Form) -> String {
        let of = self.uses[form as usize];
        let word =
            if of.small > of.large { self.words.lower(form) } else { self.words.written(form) };
        word.to_owned()
    }

    /// What the name by itself says: how much for a person, how much for a place.
    fn sum(&self, way: &Way, mention: &Mention, language: Language) -> (usize, usize) {
        let is = |at: Option<&Form>, part| at.is_some_and(|at| self.words.is(*at, part, language));
        let (first, last) = (way.names.first(), way.names.last());
        let given = is(first, Part::GIVEN);
        let place = is(last, Part::PLACE) && (way.names.len() == 1 || !given);
        let certain = way.kin || way.title.is_some() || mention.cues.related;
        (3 * usize::from(certain) + 2 * usize::from(given), 2 * usize::from(place))
    }

    /// Whether words with capitals are a name here: hardly ever written small, and in German, where
    /// every noun has a capital, never after an article.
    fn is_name(&self, way: &Way) -> bool {
        let [name] = way.names.as_slice() else {
            return way.language != Language::German || way.person > 0;
        };
        let of = self.uses[*name as usize];
        let is = |part| self.words.is(*name, part, way.language);
        let is_initial = self.words.lower(*name).chars().count() == 1;
        if is_initial {
            return way.person > 0;
        }
        let is_known = is(Part::GIVEN) || is(Part::PLACE);
        match way.language {
            Language::German => {
                let bare = of.determined == 0 && of.small == 0;
                is_known || (bare && way.places.len() > 2 && way.person > way.places.len() / 2)
            }
            _ => of.large > 4 * of.small || (is_known && of.small == 0),
        }
    }
}

impl Way {
    fn new(
        title: Option<Form>,
        names: Vec<Form>,
        kin: bool,
        language: Language,
        shown: String,
    ) -> Self {
        let (person, place, determined) = (0, 0, 0);
        let places = Vec::new();
        Self { title, names, kin, language, shown, places, person, place, determined }
    }

    fn add(&mut self, place: Place, cues: Cues, given: (usize, usize)) {
        let certain = 3 * usize::from(cues.place_noun);
        self.person += given.0 + 2 * usize::from(cues.says) + usize::from(cues.met);
        self.person += usize::from(cues.owning);
        self.place += given.1 + 2 * usize::from(cues.inside) + usize::from(cues.toward) + certain;
        self.determined += usize::from(cues.determined);
        self.places.push(place);
    }

    /// The word a person is called by alone: the last of several, or the only one.
    fn surname(&self) -> Option<Form> {
        self.names.last().copied().filter(|_| !self.kin)
    }
}

/// Of each way, the one that it is another way to write, or itself.
fn heads(ways: &[Way], words: &Vocabulary) -> Vec<usize> {
    let mut by_word: HashMap<Form, Vec<usize>> = HashMap::new();
    for (at, way) in ways.iter().enumerate().filter(|(_, way)| !way.kin) {
        let ends = [way.names.first(), way.names.last()];
        for word in ends.into_iter().flatten() {
            let of = by_word.entry(*word).or_default();
            if of.last() != Some(&at) {
                of.push(at);
            }
        }
    }
    let mut heads: Vec<usize> = (0..ways.len()).collect();
    for (at, way) in ways.iter().enumerate().filter(|(_, way)| !way.kin) {
        let near = way.surname().and_then(|word| by_word.get(&word)).map_or(&[][..], Vec::as_slice);
        let others = near.iter().copied().filter(|other| *other != at);
        let mut fits: Vec<usize> =
            others.filter(|other| stands_for(way, &ways[*other], words)).collect();
        fits.sort_by_key(|other| std::cmp::Reverse(ways[*other].places.len()));
        let weight = |place: usize| fits.get(place).map_or(0, |at| ways[*at].places.len());
        let rare = RARELY * weight(0) < way.places.len();
        if !rare && weight(0) >= CLEARLY * weight(1) && way.place <= way.person {
            heads[at] = fits.first().copied().unwrap_or(at);
        }
    }
    (0..heads.len()).map(|at| last_head(at, &heads)).collect()
}

/// Follows heads to their end.
fn last_head(at: usize, heads: &[usize]) -> usize {
    let mut head = at;
    for _ in 0..4 {
        if heads[head] == head || heads[head] == at {
            break;
        }
        head = heads[head];
    }
    head
}

/// Whether `short` is a shorter way to write `long`: "Coventry" or "Mr Coventry", "Sir W. Pen" of "Sir
/// William Pen", "Anna" of "Anna Berger".
fn stands_for(short: &Way, long: &Way, words: &Vocabulary) -> bool {
    let linked = |way: &Way| way.names.first().is_some_and(|of| words.lower(*of) == "of");
    let is_place = long.title.is_none() && long.place >= long.person;
    if linked(long) || linked(short) || is_place || long.language != short.language {
        return false;
    }
    let same_title = short.title == long.title;
    match (short.names.as_slice(), long.names.as_slice()) {
        ([a], [b]) => a == b && short.title.is_none() && long.title.is_some(),
        ([a], [.., b]) if a == b => short.title.is_none() || same_title,
        ([a], [b, ..]) => a == b && short.title.is_none() && long.title.is_none(),
        ([a, x], [b, y]) => {
            x == y && a != b && same_title && is_initial_of(words.lower(*a), words.lower(*b))
        }
        _ => false,
    }
}

fn is_initial_of(short: &str, long: &str) -> bool {
    let first = short.chars().next();
    let is_short = short.chars().count() == 1 || (short == "wm" && long == "william");
    is_short && long.chars().count() > 1 && long.chars().next() == first
}

/// Several ways to write one name, if they tell what it is.
fn group(ways: &[Way], mut members: Vec<usize>) -> Option<Group> {
    members.sort_by_key(|at| std::cmp::Reverse(ways[*at].places.len()));
    let sum = |count: fn(&Way) -> usize| members.iter().map(|at| count(&ways[*at])).sum::<usize>();
    let (person, place) = (sum(|way| way.person), sum(|way| way.place));
    let mut places: Vec<Place> =
        members.iter().flat_map(|at| ways[*at].places.iter().copied()).collect();
    places.sort_unstable();
    let determined = 2 * sum(|way| way.determined) > places.len();
    let certain = members.iter().any(|at| ways[*at].title.is_some() || ways[*at].kin);
    let kind = match (person, place) {
        _ if certain => Kind::Person,
        (0, 0) => return None,
        (person, place) if person >= place && (!determined || person > places.len()) => {
            // A rare cue of a name that is there often says nothing.
            (3 * person >= places.len()).then_some(Kind::Person)?
        }
        (_, place) if place > person && 4 * place >= places.len() => Kind::Place,
        _ => return None,
    };
    let key = |at: &usize| ways[*at].shown.to_lowercase().replace('.', "");
    let mut spelt: Vec<String> = members.iter().map(key).collect();
    spelt.dedup();
    let name = ways[*members.first()?].shown.clone();
    Some(Group { ways: spelt, name, kind, places })
}

/// What the person said about names, done.
fn corrected(groups: Vec<Group>, corrections: &Corrections) -> Vec<Group> {
    let mut kept: Vec<Group> = Vec::with_capacity(groups.len());
    let mut joining: Vec<(String, Group)> = Vec::new();
    for mut group in groups {
        let said = group.ways.iter().find_map(|way| corrections.about(way));
        match said {
            None => kept.push(group),
            Some(Correction { kind: Some(Kind::Neither), .. }) => {}
            Some(Correction { same_as: Some(other), .. }) => joining.push((other.clone(), group)),
            Some(said) => {
                group.kind = said.kind.unwrap_or(group.kind);
                if let Some(name) = &said.name {
                    group.name.clone_from(name);
                }
                kept.push(group);
            }
        }
    }
    join(&mut kept, joining);
    kept.sort_by(|a, b| b.places.len().cmp(&a.places.len()).then(a.ways.cmp(&b.ways)));
    kept
}

/// Puts groups to those they are to be; where that one is to be another's, in as many rounds as it takes.
fn join(kept: &mut Vec<Group>, mut joining: Vec<(String, Group)>) {
    while !joining.is_empty() {
        let before = joining.len();
        let mut left = Vec::new();
        for (other, group) in joining {
            match kept.iter_mut().find(|known| known.ways.contains(&other)) {
                Some(known) => known.take(group),
                None => left.push((other, group)),
            }
        }
        // Nobody is there to be joined: one stands for itself, and the others may join that.
        if left.len() == before {
            kept.extend(left.pop().map(|(_, group)| group));
        }
        joining = left;
    }
}

impl Group {
    fn take(&mut self, other: Self) {
        self.ways.extend(other.ways);
        self.places.extend(other.places);
        self.places.sort_unstable();
    }
}
