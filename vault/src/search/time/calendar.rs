//! Arithmetic of days, weeks, months, seasons and years.
use jiff::{Span, civil::Date};

/// A run of days, both ends in.
#[derive(Clone, Copy)]
pub(super) struct Period {
    pub(super) first: Date,
    pub(super) last: Date,
    /// It can hardly mean anything but time.
    pub(super) sure: bool,
}

impl Period {
    pub(super) fn new(first: Date, last: Date) -> Self {
        Self { first, last, sure: true }
    }

    pub(super) fn day(date: Date) -> Self {
        Self::new(date, date)
    }

    pub(super) fn unsure(self) -> Self {
        Self { sure: false, ..self }
    }

    pub(super) fn with_sure(self, sure: bool) -> Self {
        Self { sure, ..self }
    }

    /// A part of it, in shares of its length.
    pub(super) fn part(self, from: f64, to: f64) -> Self {
        let days = f64::from(days_between(self.first, self.last) + 1);
        let first = plus_days(self.first, (days * from).round() as i32);
        let last = plus_days(self.first, (days * to).round() as i32 - 1);
        Self { first, last: last.max(first), sure: self.sure }
    }
}

/// A stretch the calendar repeats.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Unit {
    Day,
    Week,
    Weekend,
    Month,
    Year,
    Decade,
}

impl Unit {
    /// The one `date` lies in; of weekends that of its week.
    pub(super) fn around(self, date: Date) -> Period {
        let monday = plus_days(date, -i32::from(date.weekday().to_monday_zero_offset()));
        match self {
            Self::Day => Period::day(date),
            Self::Week => Period::new(monday, plus_days(monday, 6)),
            Self::Weekend => Period::new(plus_days(monday, 5), plus_days(monday, 6)),
            Self::Month => Period::new(date.first_of_month(), date.last_of_month()),
            Self::Year => Period::new(date.first_of_year(), date.last_of_year()),
            Self::Decade => {
                decade(date.year().div_euclid(10) * 10).unwrap_or_else(|| Self::Year.around(date))
            }
        }
    }

    /// `date` moved by so many.
    pub(super) fn shift(self, date: Date, count: i32) -> Date {
        match self {
            Self::Day => plus_days(date, count),
            Self::Week | Self::Weekend => plus_days(date, count.saturating_mul(7)),
            Self::Month => plus_months(date, count),
            Self::Year => plus_months(date, count.saturating_mul(12)),
            Self::Decade => plus_months(date, count.saturating_mul(120)),
        }
    }
}

/// A season of the northern half.
#[derive(Clone, Copy)]
pub(super) enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

impl Season {
    /// Winter is that which begins in the year.
    pub(super) fn of_year(self, year: i16) -> Option<Period> {
        let month = match self {
            Self::Spring => 3,
            Self::Summer => 6,
            Self::Autumn => 9,
            Self::Winter => 12,
        };
        let first = Date::new(year, month, 1).ok()?;
        Some(Period::new(first, plus_months(first, 2).last_of_month()))
    }
}

/// The day moved by so many days, as far as the calendar goes.
pub(super) fn plus_days(date: Date, days: i32) -> Date {
    Span::new().try_days(days).map_or(date, |span| date.saturating_add(span))
}

pub(super) fn plus_months(date: Date, months: i32) -> Date {
    Span::new().try_months(months).map_or(date, |span| date.saturating_add(span))
}

pub(super) fn month(year: i16, month: i8) -> Option<Period> {
    Some(Unit::Month.around(Date::new(year, month, 1).ok()?))
}

pub(super) fn year(year: i16) -> Option<Period> {
    Some(Unit::Year.around(Date::new(year, 1, 1).ok()?))
}

/// Ten years from `first_year` on.
pub(super) fn decade(first_year: i16) -> Option<Period> {
    let last = Date::new(first_year.checked_add(9)?, 12, 31).ok()?;
    Some(Period::new(Date::new(first_year, 1, 1).ok()?, last))
}

/// Easter Sunday, by the method of Meeus, Jones and Butcher.
pub(super) fn easter(year: i16) -> Option<Date> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn days_between(first: Date, last: Date) -> i32 {
    let hours = first.duration_until(last).as_hours();
    i32::try_from(hours / 24).unwrap_or(i32::MAX - 1)
}
