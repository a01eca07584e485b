//! What is taken note of when an entry is read: its words, and what in it may name somebody or some place.
use std::collections::HashMap;

use jiff::civil::Date;
use vault::Content;

use super::vocabulary::{Form, Part, Token, Vocabulary};
use crate::reflection::language::Language;

/// Most words of a name; what is past them is left out.
pub(super) const LONGEST: usize = 4;

/// How often an entry has a word. No `Debug`.
pub(super) struct Counted {
    pub(super) form: Form,
    /// In lower case.
    pub(super) small: u16,
    /// With a capital inside a sentence.
    pub(super) large: u16,
    /// Of those, after an article or another determiner.
    pub(super) determined: u16,
}

/// What speaks for a person or for a place beside a name.
#[derive(Clone, Copy, Default)]
pub(super) struct Cues {
    /// Before it stands a relation: "my sister Ruth".
    pub(super) related: bool,
    /// After it stands what only people do: "said".
    pub(super) says: bool,
    /// Before it stands what is done with people: "with", "met".
    pub(super) met: bool,
    /// "in", "at".
    pub(super) inside: bool,
    /// "to", "from".
    pub(super) toward: bool,
    /// It ends in "street", "church", "park".
    pub(super) place_noun: bool,
    /// "the" stands before it.
    pub(super) determined: bool,
    /// Something is somebody's: "Will's".
    pub(super) owning: bool,
}

/// What may be a name. No `Debug`.
#[derive(Clone)]
pub(super) struct Mention {
    /// Bytes of the text, with title or relation.
    pub(super) start: u32,
    pub(super) end: u32,
    /// "Mr", "Aunt".
    pub(super) title: Option<Form>,
    /// The words of the name; of a relation the "my", if there is one, and the relation.
    names: [Form; LONGEST],
    count: u8,
    /// Which of them end with "'s", a bit each.
    pub(super) owned: u8,
    /// A relation without a name: "my mother", "Mum".
    pub(super) kin: bool,
    /// Its first word begins a sentence, so that its capital says nothing.
    pub(super) first: bool,
    pub(super) cues: Cues,
}

impl Mention {
    pub(super) fn names(&self) -> &[Form] {
        &self.names[..usize::from(self.count)]
    }
}

/// What was taken note of. No `Debug`: it is made of the entry.
pub(super) struct Scan {
    pub(super) date: Date,
    pub(super) language: Language,
    pub(super) mood: Option<u8>,
    pub(super) words: Vec<Counted>,
    pub(super) mentions: Vec<Mention>,
}

impl Scan {
    /// Reads an entry.
    pub(super) fn of(content: &Content, words: &mut Vocabulary, tokens: &mut Vec<Token>) -> Self {
        words.read(&content.text, tokens);
        let language = words.language(tokens);
        let reader = Reader { tokens, words, language };
        let mentions = reader.mentions();
        let counted = count(&reader);
        Self { date: content.date, language, mood: content.mood, words: counted, mentions }
    }
}

fn count(reader: &Reader<'_>) -> Vec<Counted> {
    let mut places: HashMap<Form, usize> = HashMap::with_capacity(reader.tokens.len());
    let mut counted: Vec<Counted> = Vec::new();
    for (at, token) in reader.tokens.iter().enumerate() {
        let form = token.surface.form;
        let place = *places.entry(form).or_insert(counted.len());
        if place == counted.len() {
            counted.push(Counted { form, small: 0, large: 0, determined: 0 });
        }
        let word = &mut counted[place];
        let inside = token.surface.capital && !token.first;
        let determined = inside && at > 0 && reader.is(at - 1, Part::DETERMINER);
        word.small = word.small.saturating_add(u16::from(!token.surface.capital));
        word.large = word.large.saturating_add(u16::from(inside));
        word.determined = word.determined.saturating_add(u16::from(determined));
    }
    counted.shrink_to_fit();
    counted
}

/// Looks for names in the words of an entry.
struct Reader<'a> {
    tokens: &'a [Token],
    words: &'a Vocabulary,
    language: Language,
}

impl Reader<'_> {
    fn mentions(&self) -> Vec<Mention> {
        let mut found: Vec<Mention> = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let Some((mut mention, next)) = self.mention(at) else {
                at += 1;
                continue;
            };
            // "with Lena and Jan": what is said of the first is said of both.
            let before = found.last().filter(|last| self.joins(last, &mention));
            if let Some(last) = before {
                mention.cues.met |= last.cues.met;
                mention.cues.inside |= last.cues.inside;
            }
            found.push(mention);
            at = next;
        }
        found
    }

    /// What is named from `at` on, and where to go on.
    fn mention(&self, at: usize) -> Option<(Mention, usize)> {
        if self.is(at, Part::MINE) {
            return self.relation(at);
        }
        if !self.tokens[at].surface.capital {
            return None;
        }
        if self.is(at, Part::TITLE) {
            let names = self.run(at + 1, true);
            if !names.is_empty() {
                return Some(self.named(at, Some(self.form(at)), &names));
            }
        }
        let belongs =
            at > 0 && (self.is(at - 1, Part::DETERMINER) || self.is(at - 1, Part::ANOTHERS));
        if self.is(at, Part::KIN_NAME) && !belongs {
            return Some(self.kin(at, at));
        }
        let names = self.run(at, false);
        (!names.is_empty()).then(|| self.named(at, None, &names))
    }

    /// "my mother", "my sister Ruth", "my Lord Sandwich".
    fn relation(&self, mine: usize) -> Option<(Mention, usize)> {
        let near = |at: usize| at < self.tokens.len() && self.tokens[at].joined;
        let described = near(mine + 2) && !self.is(mine + 1, Part::STOP);
        let is_kin = |at: usize| near(at) && self.is(at, Part::KIN);
        let kin = match (is_kin(mine + 1), described && is_kin(mine + 2)) {
            (true, _) => mine + 1,
            (false, true) => mine + 2,
            (false, false) => {
                let titled = near(mine + 1) && self.is(mine + 1, Part::TITLE);
                let found = titled.then(|| self.mention(mine + 1)).flatten()?;
                return Some(found);
            }
        };
        let names = match self.tokens[kin].surface.owning {
            true => Vec::new(),
            false => self.run(kin + 1, true),
        };
        if names.is_empty() || !self.is_given(names[0]) {
            return Some(self.kin(mine, kin));
        }
        let title = self.is(kin, Part::TITLE).then(|| self.form(kin));
        let (mut mention, next) = self.named(kin, title, &names);
        (mention.cues.related, mention.start) = (true, self.tokens[mine].start);
        Some((mention, next))
    }

    /// Whether a word after a relation is its name: in German every noun has a capital.
    fn is_given(&self, at: usize) -> bool {
        self.language != Language::German || self.is(at, Part::GIVEN)
    }

    fn kin(&self, from: usize, kin: usize) -> (Mention, usize) {
        let names = if from == kin { vec![kin] } else { vec![from, kin] };
        let (mut mention, next) = self.named(from, None, &names);
        mention.kin = true;
        (mention, next)
    }

    /// The words of a name from `at` on: with capitals, nothing but spaces between.
    fn run(&self, from: usize, titled: bool) -> Vec<usize> {
        let mut run: Vec<usize> = Vec::new();
        let mut at = from;
        while at < self.tokens.len() && run.len() < LONGEST {
            let token = self.tokens[at];
            let goes_on = token.joined || (run.is_empty() && !titled);
            if !goes_on || !self.may_name(at) {
                let linked = self.link(at, titled && run.is_empty());
                match linked.filter(|_| goes_on && run.len() + 2 <= LONGEST) {
                    Some(next) => run.extend([at, next]),
                    None => break,
                }
                at = run.last().map_or(at, |last| last + 1);
                continue;
            }
            run.push(at);
            at += 1;
            // "St James's", "Paul's Church": the name of a place goes on.
            let place = self.is(run[0], Part::SAINT) || self.is_at(at, Part::PLACE_NOUN);
            if token.surface.owning && !place {
                break;
            }
        }
        run
    }

    fn may_name(&self, at: usize) -> bool {
        let lower = self.words.lower(self.form(at));
        self.tokens[at].surface.capital
            && !self.is(at, Part::STOP)
            && !self.is(at, Part::NO_NAME)
            && lower != "i"
            && !lower.starts_with("i'")
            && !lower.contains(|c: char| c.is_ascii_digit())
    }

    /// "of" after a title, "de" or "van": where the name after it is.
    fn link(&self, at: usize, titled: bool) -> Option<usize> {
        let small = !self.tokens[at].surface.capital;
        let links = self.is(at, Part::PARTICLE) && at > 0 && self.tokens[at - 1].surface.capital;
        let linked = titled && self.is(at, Part::LINKED);
        let next = at + 1;
        let named = next < self.tokens.len() && self.tokens[next].joined && self.may_name(next);
        (small && (links || linked) && named).then_some(next)
    }

    fn named(&self, from: usize, title: Option<Form>, run: &[usize]) -> (Mention, usize) {
        let last = run.last().copied().unwrap_or(from);
        let mut names = [0; LONGEST];
        for (slot, at) in names.iter_mut().zip(run) {
            *slot = self.form(*at);
        }
        let mention = Mention {
            start: self.tokens[from].start,
            end: self.tokens[last].end,
            title,
            names,
            count: u8::try_from(run.len()).unwrap_or_default(),
            owned: self.owned(run),
            kin: false,
            first: self.tokens[from].first,
            cues: self.cues(from, last),
        };
        (mention, last + 1)
    }

    /// All but the last: a name is the same whoever's it is.
    fn owned(&self, run: &[usize]) -> u8 {
        let inner = &run[..run.len().saturating_sub(1)];
        let owning = inner.iter().enumerate().filter(|(_, at)| self.tokens[**at].surface.owning);
        owning.fold(0, |bits, (place, _)| bits | 1 << place)
    }

    fn cues(&self, first: usize, last: usize) -> Cues {
        let mut cues = Cues { owning: self.tokens[last].surface.owning, ..Cues::default() };
        let next = last + 1;
        let followed = next < self.tokens.len() && self.tokens[next].joined;
        cues.says = followed && !cues.owning && self.says(next);
        let street = followed && self.is(next, Part::PLACE_NOUN);
        let ends_so = last > first && self.is(last, Part::PLACE_NOUN);
        cues.place_noun = street || ends_so || self.is(first, Part::SAINT);
        let mut before = first;
        while before > 0 && self.tokens[before].joined {
            before -= 1;
            let determines = self.is(before, Part::DETERMINER) || self.is(before, Part::MINE);
            cues.determined |= determines;
            if !determines {
                cues.met = self.is(before, Part::MET);
                cues.inside = self.is(before, Part::INSIDE) && !cues.owning;
                cues.toward = self.is(before, Part::TOWARD) && !cues.owning;
                break;
            }
        }
        cues
    }

    /// "said", "has never said", "hat gesagt".
    fn says(&self, at: usize) -> bool {
        let window = at..(at + 3).min(self.tokens.len());
        let mut joined = window.take_while(|at| self.tokens[*at].joined);
        joined
            .find(|at| !self.is(*at, Part::STOP) || self.is(*at, Part::SAYS))
            .is_some_and(|at| self.is(at, Part::SAYS))
    }

    fn joins(&self, last: &Mention, next: &Mention) -> bool {
        let at = self.tokens.partition_point(|token| token.start < last.end);
        let follows = self.tokens.get(at + 1).is_some_and(|token| token.start == next.start);
        follows && self.is(at, Part::AND)
    }

    /// Whether there is a word at `at`, and it is `part`.
    fn is_at(&self, at: usize, part: Part) -> bool {
        at < self.tokens.len() && self.is(at, part)
    }

    fn form(&self, at: usize) -> Form {
        self.tokens[at].surface.form
    }

    fn is(&self, at: usize, part: Part) -> bool {
        self.words.is(self.form(at), part, self.language)
    }
}
