//! Reads an expression of time from its words: prepositions, ranges, and what stands in them.
use jiff::civil::Date;

use super::{
    calendar::{self, Period, plus_days, plus_months},
    lex::Word,
    names,
};

/// Stands at a word of a text; a reading that fails leaves it there.
pub(super) struct Reader<'a> {
    words: &'a [Word],
    pub(super) at: usize,
    pub(super) today: Date,
}

impl<'a> Reader<'a> {
    pub(super) fn new(words: &'a [Word], at: usize, today: Date) -> Self {
        Self { words, at, today }
    }

    /// An expression as it stands in a sentence.
    pub(super) fn expression(&mut self) -> Option<Period> {
        let before = self.at.checked_sub(1).map(|at| self.words[at].text.as_str());
        if matches!(before, Some("every" | "each")) {
            return None;
        }
        self.attempt(Self::between)
            .or_else(|| self.attempt(Self::open))
            .or_else(|| self.attempt(Self::within))
            .or_else(|| self.attempt(Self::point))
            .or_else(|| self.attempt(Self::lone_name))
    }

    /// What can stand after a preposition, or as the whole of a text: a bare month or year too.
    pub(super) fn bare(&mut self) -> Option<Period> {
        self.attempt(Self::point).or_else(|| {
            self.attempt(|reader| {
                reader.take("the");
                reader.lone_year().or_else(|| reader.lone_month()).or_else(|| reader.lone_name())
            })
        })
    }

    /// The word so many ahead; empty past the end.
    pub(super) fn word(&self, ahead: usize) -> &'a str {
        self.words.get(self.at + ahead).map_or("", |word| word.text.as_str())
    }

    /// Steps over a word if it is this one.
    pub(super) fn take(&mut self, word: &str) -> bool {
        let taken = self.word(0) == word;
        self.at += usize::from(taken);
        taken
    }

    /// Steps over a word if it is one of these.
    pub(super) fn take_any(&mut self, words: &[&'static str]) -> Option<&'static str> {
        words.iter().find(|word| self.take(word)).copied()
    }

    /// Steps over these words if they all stand here.
    pub(super) fn take_all(&mut self, words: &[&str]) -> bool {
        let taken = words.iter().enumerate().all(|(ahead, word)| self.word(ahead) == *word);
        self.at += if taken { words.len() } else { 0 };
        taken
    }

    /// Steps over a word that a table of names knows.
    pub(super) fn named<T>(&mut self, lookup: impl Fn(&str) -> Option<T>) -> Option<T> {
        let found = lookup(self.word(0))?;
        self.at += 1;
        Some(found)
    }

    /// Steps back if the reading fails.
    pub(super) fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let start = self.at;
        let result = read(self);
        if result.is_none() {
            self.at = start;
        }
        result
    }

    /// The latest of a yearly period of which `is_past` holds.
    pub(super) fn latest(
        &self,
        of_year: impl Fn(i16) -> Option<Period>,
        is_past: impl Fn(&Period) -> bool,
    ) -> Option<Period> {
        let year = self.today.year();
        // Leap days can be eight years apart.
        (year.saturating_sub(8)..=year).rev().filter_map(of_year).find(is_past)
    }

    /// The latest of a yearly period that has begun.
    pub(super) fn latest_begun(&self, of_year: impl Fn(i16) -> Option<Period>) -> Option<Period> {
        self.latest(of_year, |period| period.first <= self.today)
    }

    /// "between March and June 2020", "from Monday to Friday", "between 3 and 10 May".
    fn between(&mut self) -> Option<Period> {
        let joints: &[&str] =
            match self.take_any(&["between", "from", "zwischen", "entre", "von", "vom", "du"])? {
                "between" => &["and"],
                "zwischen" => &["und"],
                "entre" => &["et", "y"],
                "von" | "vom" => &["bis"],
                "du" => &["au"],
                _ => &["to", "until", "till", "through"],
            };
        let start = self.at;
        if let Some(day) = self.named(names::day)
            && self.take_any(joints).is_some()
            && let Some(last) = self.bare()
        {
            let first = Date::new(last.last.year(), last.last.month(), day).ok()?;
            return (first <= last.last).then(|| Period::new(first, last.last));
        }
        self.at = start;
        let mut first = self.bare()?;
        self.take_any(joints)?;
        let joint = self.at;
        let mut last = self.bare()?;
        let has_year =
            |from: usize, to: usize| self.words[from..to].iter().any(|word| has_year(&word.text));
        let (begins, ends) = (has_year(start, joint), has_year(joint, self.at));
        // "between Christmas 1665 and New Year": the next one.
        if begins && !ends && self.words[joint..self.at].iter().all(|word| is_yearly(&word.text)) {
            let after = plus_months(first.last, 12);
            last = Reader::new(self.words, joint, after).bare()?;
        }
        let has_year = ends;
        if first.first > last.last || has_year {
            first = Reader::new(self.words, start, last.last).bare()?;
        }
        (first.first <= last.last).then(|| Period::new(first.first, last.last))
    }

    /// "since March", "before 2019", "until yesterday", "seit März", "antes de 2019".
    fn open(&mut self) -> Option<Period> {
        self.take("ever");
        let word = self.word(0);
        self.at += 1;
        if word == "avant" && self.word(0) == "hier" {
            return None;
        }
        self.take_any(&["de", "del", "dem", "der", "le"]);
        let period = self.bare()?;
        let open = match word {
            "since" | "seit" | "depuis" | "desde" => Period::new(period.first, Date::MAX),
            "from" => {
                let onward = self.take("on") || self.take("onwards") || self.take("onward");
                onward.then(|| Period::new(period.first, Date::MAX))?
            }
            "after" | "nach" | "apres" | "despues" => {
                Period::new(plus_days(period.last, 1), Date::MAX).with_sure(period.sure)
            }
            "before" | "vor" | "avant" | "antes" => {
                Period::new(Date::MIN, plus_days(period.first, -1)).with_sure(period.sure)
            }
            "until" | "till" | "bis" | "jusqua" | "jusqu'en" | "jusqu'au" | "hasta" => {
                Period::new(Date::MIN, period.last).with_sure(period.sure)
            }
            _ => return None,
        };
        Some(open)
    }

    /// "in March", "on 3 May", "during the summer", "im März 2021".
    fn within(&mut self) -> Option<Period> {
        const PREPOSITIONS: [&str; 21] = [
            "in",
            "on",
            "during",
            "over",
            "at",
            "within",
            "around",
            "throughout",
            "im",
            "am",
            "en",
            "el",
            "le",
            "au",
            "la",
            "an",
            "zu",
            "wahrend",
            "pendant",
            "durant",
            "durante",
        ];
        self.take_any(&PREPOSITIONS)?;
        self.bare()
    }

    /// What needs no preposition.
    fn point(&mut self) -> Option<Period> {
        self.attempt(Self::edge)
            .or_else(|| self.attempt(Self::weekday_of))
            .or_else(|| self.attempt(Self::relative))
            .or_else(|| self.attempt(Self::absolute))
    }

    /// A weekday or a feast: likely a time, but as likely just a word.
    fn lone_name(&mut self) -> Option<Period> {
        if let Some((feast, words)) = self.feast() {
            self.at += words;
            return self.latest_begun(|year| feast.of_year(year)).map(Period::unsure);
        }
        let weekday = self.named(names::weekday)?;
        let back = i32::from(self.today.weekday().since(weekday));
        Some(Period::day(plus_days(self.today, -back)).unsure())
    }

    fn lone_month(&mut self) -> Option<Period> {
        if let Some(season) = self.named(names::season) {
            return self.latest_begun(|year| season.of_year(year)).map(Period::unsure);
        }
        let month = self.named(names::month)?;
        self.latest_begun(|year| calendar::month(year, month)).map(Period::unsure)
    }

    fn lone_year(&mut self) -> Option<Period> {
        self.take("year");
        calendar::year(self.named(names::year)?)
    }

    /// Whether the text is German, by its commonest words.
    pub(super) fn is_german(&self) -> bool {
        const COMMON: [&str; 12] =
            ["ich", "was", "ist", "war", "habe", "und", "nicht", "der", "die", "das", "wo", "wer"];
        self.words.iter().any(|word| COMMON.contains(&word.text.as_str()))
    }

    pub(super) fn feast(&self) -> Option<(names::Feast, usize)> {
        names::feast([self.word(0), self.word(1), self.word(2)])
    }
}

/// Whether a word names a part of any year.
fn is_yearly(word: &str) -> bool {
    const FEASTS: [&str; 12] = [
        "the",
        "new",
        "year",
        "years",
        "year's",
        "day",
        "eve",
        "christmas",
        "easter",
        "neujahr",
        "silvester",
        "weihnachten",
    ];
    names::month(word).is_some()
        || names::season(word).is_some()
        || names::day(word).is_some()
        || FEASTS.contains(&word)
}

fn has_year(word: &str) -> bool {
    names::year(word).is_some() || word.get(..4).is_some_and(|start| names::year(start).is_some())
}
