//! Expressions that are told from today: "yesterday", "last summer", "two weeks ago", "vor zwei
//! Wochen", "la semaine dernière".
use super::{
    calendar::{self, Period, Unit, plus_days},
    names,
    reader::Reader,
};

/// Which of its kind.
#[derive(Clone, Copy, PartialEq)]
enum Which {
    Last,
    /// As "last", but a unit is counted back from today: "the past week".
    Past,
    This,
    Next,
}

impl Which {
    /// Before what it is said of: "last week", "letzten Sommer".
    fn before(word: &str) -> Option<Self> {
        let stem = word.trim_end_matches(['e', 'n', 'r', 's', 'm']);
        Some(match word {
            "last" | "previous" | "ultimo" | "ultima" => Self::Last,
            "past" => Self::Past,
            "this" | "current" | "cette" | "este" | "esta" => Self::This,
            "next" | "coming" => Self::Next,
            _ => match stem {
                "letzt" | "vergangen" | "vergang" | "vorig" => Self::Last,
                "di" | "dies" if word.starts_with("diese") => Self::This,
                "nachst" | "kommend" | "komm" if word.ends_with(['e', 'n', 'r', 's']) => Self::Next,
                _ => return None,
            },
        })
    }

    /// After it: "la semaine dernière", "el verano pasado".
    fn after(word: &str) -> Option<Self> {
        Some(match word {
            "dernier" | "derniere" | "passe" | "passee" | "pasado" | "pasada" => Self::Last,
            "prochain" | "prochaine" | "proximo" | "proxima" => Self::Next,
            _ => return None,
        })
    }
}

impl Reader<'_> {
    pub(super) fn relative(&mut self) -> Option<Period> {
        self.attempt(Self::near_day)
            .or_else(|| self.attempt(Self::ago))
            .or_else(|| self.attempt(Self::before_last))
            .or_else(|| self.attempt(Self::this_time))
            .or_else(|| self.attempt(Self::which))
            .or_else(|| self.attempt(Self::which_after))
    }

    /// "yesterday evening", "the day before yesterday", "last night", "lately".
    fn near_day(&mut self) -> Option<Period> {
        let today = self.today;
        let day = |ago: i32| Some(Period::day(plus_days(today, -ago)));
        self.take("the");
        if self.take_all(&["day", "before", "yesterday"]) {
            return day(2);
        }
        if self.take_all(&["day", "after", "tomorrow"]) {
            return day(-2);
        }
        if self.take_all(&["other", "day"]) {
            return Some(Period::new(plus_days(today, -7), plus_days(today, -1)).unsure());
        }
        if self.take_all(&["last", "night"]) {
            return day(1);
        }
        if self.take("this") {
            return self.day_part().then(|| Period::day(today));
        }
        if self.take_all(&["avant", "hier"]) {
            return day(2);
        }
        let ago = match self.word(0) {
            "today" | "tonight" | "heute" | "aujourd'hui" | "hoy" => 0,
            "yesterday" | "gestern" | "ayer" | "anoche" => 1,
            // In German it is "here".
            "hier" if !self.is_german() => 1,
            "vorgestern" | "anteayer" | "antier" => 2,
            "tomorrow" | "demain" => -1,
            "recently" | "lately" | "neulich" | "kurzlich" | "recemment" | "recientemente" => {
                self.at += 1;
                return Some(Period::new(plus_days(today, -30), today).unsure());
            }
            _ => return None,
        };
        self.at += 1;
        self.day_part();
        day(ago)
    }

    fn day_part(&mut self) -> bool {
        let parts = [
            "morning",
            "afternoon",
            "evening",
            "night",
            "morgen",
            "abend",
            "nacht",
            "matin",
            "soir",
        ];
        self.take_any(&parts).is_some()
    }

    /// "three days ago", "a couple of weeks ago", "a year ago today", "vor drei Tagen".
    fn ago(&mut self) -> Option<Period> {
        let said = self.take_all(&["il", "y", "a"]) || self.take_any(&["vor", "hace"]).is_some();
        let count = self.count()?;
        let unit = self.named(names::unit)?;
        if !said && !self.take("ago") {
            return None;
        }
        let date = unit.shift(self.today, -count);
        if self.take("today") { Some(Period::day(date)) } else { Some(unit.around(date)) }
    }

    fn count(&mut self) -> Option<i32> {
        let article = |reader: &mut Self| reader.take_any(&["a", "ein"]).is_some();
        self.attempt(|reader| article(reader).then(|| reader.named(several)).flatten())
            .or_else(|| self.named(names::count))
            .inspect(|_| {
                self.take("of");
            })
    }

    /// "the week before last".
    fn before_last(&mut self) -> Option<Period> {
        self.take("the");
        let unit = self.named(names::unit)?;
        self.take_all(&["before", "last"]).then(|| unit.around(unit.shift(self.today, -2)))
    }

    /// "this time last year": the week before and the week after.
    fn this_time(&mut self) -> Option<Period> {
        self.take_any(&["around", "about"]);
        if !self.take_all(&["this", "time", "last"]) {
            return None;
        }
        let day = self.named(names::unit)?.shift(self.today, -1);
        Some(Period::new(plus_days(day, -7), plus_days(day, 7)))
    }

    /// "last week", "the past three months", "this summer", "next Friday".
    fn which(&mut self) -> Option<Period> {
        self.take_any(&["the", "der", "die", "das", "den", "dem", "la", "el"]);
        let which = self.named(Which::before)?;
        if (which == Which::Last || which == Which::Past)
            && let Some(period) = self.attempt(Self::counted_back)
        {
            return Some(period);
        }
        self.which_of(which)
    }

    /// "la semaine dernière", "mars dernier", "el verano pasado".
    fn which_after(&mut self) -> Option<Period> {
        self.take_any(&["la", "le", "el", "les", "los"]);
        if self.take_all(&["fin", "de", "semana"]) {
            return Which::after(self.word(0)).map(|which| {
                self.at += 1;
                self.of_unit(Unit::Weekend, which)
            });
        }
        let which = Which::after(self.word(1))?;
        let period = self.which_of(which)?;
        self.at += 1;
        Some(period)
    }

    fn which_of(&mut self, which: Which) -> Option<Period> {
        self.which_unit(which)
            .or_else(|| self.which_weekday(which))
            .or_else(|| self.which_of_year(which))
    }

    /// "three weeks" after "last".
    fn counted_back(&mut self) -> Option<Period> {
        let count = self.count()?;
        let unit = self.named(names::unit)?;
        Some(Period::new(unit.shift(self.today, -count), self.today))
    }

    fn which_unit(&mut self, which: Which) -> Option<Period> {
        // "My last day at school" is not yesterday.
        let is_day = |unit: &Unit| *unit == Unit::Day && matches!(which, Which::Last | Which::Next);
        let unit = self.named(names::unit).filter(|unit| !is_day(unit))?;
        Some(self.of_unit(unit, which))
    }

    fn of_unit(&self, unit: Unit, which: Which) -> Period {
        let around = |count| unit.around(unit.shift(self.today, count));
        match which {
            Which::Past if unit != Unit::Weekend => {
                Period::new(unit.shift(self.today, -1), self.today)
            }
            Which::Last | Which::Past => around(-1),
            Which::This => around(0),
            Which::Next => around(1),
        }
    }

    fn which_weekday(&mut self, which: Which) -> Option<Period> {
        let weekday = self.named(names::weekday)?;
        let today = self.today.weekday();
        let days = match which {
            Which::Last | Which::Past => -match i32::from(today.since(weekday)) {
                0 => 7,
                days => days,
            },
            Which::This => {
                i32::from(weekday.to_monday_zero_offset())
                    - i32::from(today.to_monday_zero_offset())
            }
            Which::Next => match i32::from(today.until(weekday)) {
                0 => 7,
                days => days,
            },
        };
        Some(Period::day(plus_days(self.today, days)))
    }

    /// A month, a season or a feast.
    fn which_of_year(&mut self, which: Which) -> Option<Period> {
        if let Some((feast, words)) = self.feast() {
            self.at += words;
            return self.which_period(which, |year| feast.of_year(year));
        }
        if let Some(season) = self.named(names::season) {
            return self.which_period(which, |year| season.of_year(year));
        }
        let month = self.named(names::month)?;
        self.which_period(which, |year| calendar::month(year, month))
    }

    fn which_period(
        &self,
        which: Which,
        of_year: impl Fn(i16) -> Option<Period>,
    ) -> Option<Period> {
        let (today, year) = (self.today, self.today.year());
        match which {
            Which::Last | Which::Past => self.latest(of_year, |period| period.last < today),
            Which::This => self
                .latest_begun(&of_year)
                .filter(|period| today <= period.last)
                .or_else(|| of_year(year)),
            Which::Next => {
                (year..=year.saturating_add(1)).filter_map(of_year).find(|p| p.first > today)
            }
        }
    }
}

fn several(name: &str) -> Option<i32> {
    matches!(name, "couple" | "few" | "paar").then(|| names::count(name)).flatten()
}
