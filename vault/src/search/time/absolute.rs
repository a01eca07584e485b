//! Expressions that name their day, month, season or year: "3 May 2020", "the summer of 2019".
use jiff::civil::Date;

use super::{
    calendar::{self, Period, Unit},
    names,
    reader::Reader,
};

/// Months whose names are words of other meaning too.
const AMBIGUOUS: [&str; 4] = ["may", "march", "mar", "mars"];

impl Reader<'_> {
    pub(super) fn absolute(&mut self) -> Option<Period> {
        self.attempt(|reader| reader.named(digits))
            .or_else(|| self.attempt(Self::part))
            .or_else(|| self.attempt(Self::moved))
            .or_else(|| self.attempt(Self::week_of))
            .or_else(|| self.attempt(Self::day_of_month))
            .or_else(|| self.attempt(Self::named_of_year))
            .or_else(|| self.attempt(Self::decade))
    }

    /// "early March 2021", "the end of last year", "mid 2020".
    fn part(&mut self) -> Option<Period> {
        self.take("the");
        let parts: [(&[&str], f64, f64); 18] = [
            (&["early"], 0.0, 1.0 / 3.0),
            (&["mid"], 1.0 / 3.0, 2.0 / 3.0),
            (&["late"], 2.0 / 3.0, 1.0),
            (&["beginning", "of"], 0.0, 1.0 / 3.0),
            (&["start", "of"], 0.0, 1.0 / 3.0),
            (&["middle", "of"], 1.0 / 3.0, 2.0 / 3.0),
            (&["end", "of"], 2.0 / 3.0, 1.0),
            (&["first", "half", "of"], 0.0, 0.5),
            (&["second", "half", "of"], 0.5, 1.0),
            (&["last", "half", "of"], 0.5, 1.0),
            (&["anfang"], 0.0, 1.0 / 3.0),
            (&["mitte"], 1.0 / 3.0, 2.0 / 3.0),
            (&["ende"], 2.0 / 3.0, 1.0),
            (&["debut"], 0.0, 1.0 / 3.0),
            (&["fin"], 2.0 / 3.0, 1.0),
            (&["principios", "de"], 0.0, 1.0 / 3.0),
            (&["mediados", "de"], 1.0 / 3.0, 2.0 / 3.0),
            (&["finales", "de"], 2.0 / 3.0, 1.0),
        ];
        let (_, from, to) = parts.into_iter().find(|(words, ..)| self.take_all(words))?;
        let whole = self.bare()?;
        (whole.last > whole.first).then(|| whole.part(from, to))
    }

    /// "the last day of 2020", "the first week of May".
    pub(super) fn edge(&mut self) -> Option<Period> {
        self.take("the");
        let is_first = self.take_any(&["first", "last"])? == "first";
        let unit = self.named(names::unit).filter(|unit| *unit != Unit::Weekend)?;
        self.take("of").then_some(())?;
        let whole = self.bare()?;
        let (first, last) = if is_first {
            (whole.first, calendar::plus_days(unit.shift(whole.first, 1), -1))
        } else {
            (calendar::plus_days(unit.shift(whole.last, -1), 1), whole.last)
        };
        let inside = whole.first <= first && last <= whole.last;
        inside.then(|| Period::new(first, last))
    }

    /// "the first Sunday of May 1665", "last Friday in June".
    pub(super) fn weekday_of(&mut self) -> Option<Period> {
        self.take("the");
        let which = self.named(|word| names::ORDINALS.iter().position(|it| *it == word))?;
        let weekday = self.named(names::weekday)?;
        self.take_any(&["of", "in"])?;
        let whole = self.bare()?;
        let from = i32::from(weekday.since(whole.first.weekday()));
        let to = i32::from(whole.last.weekday().since(weekday));
        let day = match i32::try_from(which).ok()? {
            0 => calendar::plus_days(whole.last, -to),
            which => calendar::plus_days(whole.first, from + 7 * (which - 1)),
        };
        (whole.first <= day && day <= whole.last).then(|| Period::day(day))
    }

    /// "the day after 3 May", "two weeks before Easter", "a year before 3 May 2020".
    fn moved(&mut self) -> Option<Period> {
        self.take_any(&["the", "exactly"]);
        let day = self.attempt(|reader| reader.take("day").then_some((1, Unit::Day)));
        let (count, unit) = match day {
            Some(day) => day,
            None => (self.named(names::count)?, self.named(names::unit)?),
        };
        let count = match self.take_any(&["before", "after"])? {
            "before" => -count,
            _ => count,
        };
        let from = self.bare()?;
        // Days are counted from the nearer end.
        let (first, last) = match (unit, count > 0) {
            (Unit::Day, true) => (from.last, from.last),
            (Unit::Day, false) => (from.first, from.first),
            _ => (from.first, from.last),
        };
        Some(Period::new(unit.shift(first, count), unit.shift(last, count)))
    }

    /// "the week of 3 May", "the weekend after Easter".
    fn week_of(&mut self) -> Option<Period> {
        self.take("the");
        let unit = self.named(names::unit).filter(|unit| *unit != Unit::Day)?;
        let count = match self.take_any(&["of", "starting", "beginning", "before", "after"])? {
            "before" => -1,
            "after" => 1,
            _ => 0,
        };
        self.take("on");
        let day = self.bare()?.first;
        Some(unit.around(unit.shift(day, count)))
    }

    /// "3 May 2020", "the 3rd of May", "May 3rd", "Montag, 3. Mai 2020".
    fn day_of_month(&mut self) -> Option<Period> {
        self.attempt(|reader| reader.named(names::weekday));
        self.take_any(&["the", "den", "dem", "le", "el"]);
        let name = self.word(0);
        let (day, month, month_first) = match self.named(names::month) {
            Some(month) => (self.named(names::day)?, month, true),
            None => {
                let day = self.named(names::day)?;
                self.take_any(&["of", "de"]);
                (day, self.named(names::month)?, false)
            }
        };
        if let Some(year) = self.year_after() {
            return Date::new(year, month, day).ok().map(Period::day);
        }
        let of_year = |year| Date::new(year, month, day).ok().map(Period::day);
        let sure = !(month_first && AMBIGUOUS.contains(&name));
        self.latest_begun(of_year).map(|period| period.with_sure(sure))
    }

    /// "March 2021", "summer of last year", "Christmas 2019".
    fn named_of_year(&mut self) -> Option<Period> {
        self.take("the");
        if let Some((feast, words)) = self.feast() {
            self.at += words;
            return feast.of_year(self.year_after()?);
        }
        if let Some(season) = self.named(names::season) {
            return season.of_year(self.year_after()?);
        }
        let month = self.named(names::month)?;
        calendar::month(self.year_after()?, month)
    }

    /// "the nineties", "the 1660s".
    fn decade(&mut self) -> Option<Period> {
        let article = self.take("the");
        let name = self.word(0);
        let today = self.today;
        let first = self.named(|name| names::decade(name, today))?;
        let period = calendar::decade(first)?;
        Some(period.with_sure(article || name.len() > 4))
    }

    /// "2021", "of 2021", "last year" after a month's name.
    fn year_after(&mut self) -> Option<i16> {
        self.attempt(|reader| {
            reader.take_any(&["of", "in", "de", "del"]);
            if let Some(year) = reader.named(names::year) {
                return Some(year);
            }
            let year = reader.relative()?;
            let whole = Unit::Year.around(year.first);
            ((year.first, year.last) == (whole.first, whole.last)).then(|| year.first.year())
        })
    }
}

/// "2020-05-03", "2020/5/3", "2020-05", "3.5.2020", "3/5/2020": the day before the month where
/// the year is last and both could be it.
fn digits(word: &str) -> Option<Period> {
    let separator = word.chars().find(|char| !char.is_ascii_digit())?;
    let parts: Vec<&str> = word.split(separator).collect();
    let number = |text: &str| text.parse::<i8>().ok();
    match parts[..] {
        [year, month] if names::year(year).is_some() && separator != '.' => {
            calendar::month(names::year(year)?, number(month)?)
        }
        [year, month, day] if names::year(year).is_some() => {
            Date::new(names::year(year)?, number(month)?, number(day)?).ok().map(Period::day)
        }
        [day, month, year] => {
            let (day, month, year) = (number(day)?, number(month)?, names::year(year)?);
            let date = Date::new(year, month, day).or_else(|_| Date::new(year, day, month));
            date.ok().map(Period::day)
        }
        _ => None,
    }
}
