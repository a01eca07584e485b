//! Expressions that are told from today: "yesterday", "last summer", "two weeks ago".
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

impl Reader<'_> {
    pub(super) fn relative(&mut self) -> Option<Period> {
        self.attempt(Self::near_day)
            .or_else(|| self.attempt(Self::ago))
            .or_else(|| self.attempt(Self::before_last))
            .or_else(|| self.attempt(Self::which))
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
        let ago = match self.take_any(&[
            "today",
            "tonight",
            "yesterday",
            "tomorrow",
            "recently",
            "lately",
        ])? {
            "today" | "tonight" => 0,
            "yesterday" => 1,
            "tomorrow" => -1,
            _ => return Some(Period::new(plus_days(today, -30), today).unsure()),
        };
        self.day_part();
        day(ago)
    }

    fn day_part(&mut self) -> bool {
        self.take_any(&["morning", "afternoon", "evening", "night"]).is_some()
    }

    /// "three days ago", "a couple of weeks ago", "a year ago today".
    fn ago(&mut self) -> Option<Period> {
        let count = self.count()?;
        let unit = self.named(names::unit)?;
        if !self.take("ago") {
            return None;
        }
        let date = unit.shift(self.today, -count);
        if self.take("today") { Some(Period::day(date)) } else { Some(unit.around(date)) }
    }

    fn count(&mut self) -> Option<i32> {
        self.attempt(|reader| reader.take("a").then(|| reader.named(several)).flatten())
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

    /// "last week", "the past three months", "this summer", "next Friday".
    fn which(&mut self) -> Option<Period> {
        self.take("the");
        let which = match self
            .take_any(&["last", "previous", "past", "this", "current", "next", "coming"])?
        {
            "last" | "previous" => Which::Last,
            "past" => Which::Past,
            "this" | "current" => Which::This,
            _ => Which::Next,
        };
        if (which == Which::Last || which == Which::Past)
            && let Some(period) = self.attempt(Self::counted_back)
        {
            return Some(period);
        }
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
        let unit = self.named(names::unit)?;
        let around = |count| unit.around(unit.shift(self.today, count));
        Some(match which {
            Which::Past if unit != Unit::Weekend => {
                Period::new(unit.shift(self.today, -1), self.today)
            }
            Which::Last | Which::Past => around(-1),
            Which::This => around(0),
            Which::Next => around(1),
        })
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
    matches!(name, "couple" | "few").then(|| names::count(name)).flatten()
}
