//! The names of months, weekdays, seasons, feasts and numbers.
use jiff::civil::{Date, Weekday};

use super::calendar::{self, Period, Season, Unit};

/// The number of a month from its folded name: English in full or short, German, French, Spanish.
pub(super) fn month(name: &str) -> Option<i8> {
    Some(match name {
        "january" | "jan" | "januar" | "janner" | "janvier" | "enero" => 1,
        "february" | "feb" | "februar" | "fevrier" | "febrero" => 2,
        "march" | "mar" | "marz" | "maerz" | "mars" | "marzo" => 3,
        "april" | "apr" | "avril" | "abril" => 4,
        "may" | "mai" | "mayo" => 5,
        "june" | "jun" | "juni" | "juin" | "junio" => 6,
        "july" | "jul" | "juli" | "juillet" | "julio" => 7,
        "august" | "aug" | "aout" | "agosto" => 8,
        "september" | "sep" | "sept" | "septembre" | "septiembre" | "setiembre" => 9,
        "october" | "oct" | "oktober" | "octobre" | "octubre" => 10,
        "november" | "nov" | "novembre" | "noviembre" => 11,
        "december" | "dec" | "dezember" | "decembre" | "diciembre" => 12,
        _ => return None,
    })
}

/// A weekday from its folded name: English, German, French, Spanish.
pub(super) fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "monday" | "montag" | "lundi" | "lunes" => Weekday::Monday,
        "tuesday" | "dienstag" | "mardi" | "martes" => Weekday::Tuesday,
        "wednesday" | "mittwoch" | "mercredi" | "miercoles" => Weekday::Wednesday,
        "thursday" | "donnerstag" | "jeudi" | "jueves" => Weekday::Thursday,
        "friday" | "freitag" | "vendredi" | "viernes" => Weekday::Friday,
        "saturday" | "samstag" | "sonnabend" | "samedi" | "sabado" => Weekday::Saturday,
        "sunday" | "sonntag" | "dimanche" | "domingo" => Weekday::Sunday,
        _ => return None,
    })
}

pub(super) fn season(name: &str) -> Option<Season> {
    Some(match name {
        "spring" | "springtime" | "fruhling" | "fruhjahr" | "printemps" | "primavera" => {
            Season::Spring
        }
        "summer" | "summertime" | "sommer" | "ete" | "verano" => Season::Summer,
        "autumn" | "fall" | "herbst" | "automne" | "otono" => Season::Autumn,
        "winter" | "hiver" | "invierno" => Season::Winter,
        _ => return None,
    })
}

/// Which of several, by its place; that of the last is 0.
pub(super) const ORDINALS: [&str; 6] = ["last", "first", "second", "third", "fourth", "fifth"];

pub(super) fn unit(name: &str) -> Option<Unit> {
    Some(match name {
        "day" | "days" | "tag" | "tage" | "tagen" | "jour" | "jours" | "dia" | "dias" => Unit::Day,
        "week" | "weeks" | "woche" | "wochen" | "semaine" | "semaines" | "semana" | "semanas" => {
            Unit::Week
        }
        "weekend" | "weekends" | "wochenende" | "wochenenden" => Unit::Weekend,
        "month" | "months" | "monat" | "monate" | "monaten" | "mois" | "mes" | "meses" => {
            Unit::Month
        }
        "year" | "years" | "jahr" | "jahre" | "jahren" | "jahres" | "an" | "ans" | "annee"
        | "annees" | "ano" | "anos" => Unit::Year,
        "decade" | "decades" | "jahrzehnt" | "jahrzehnte" => Unit::Decade,
        _ => return None,
    })
}

/// A small number, in digits or as a word.
pub(super) fn count(name: &str) -> Option<i32> {
    const WORDS: [[&str; 13]; 4] = [
        [
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve",
        ],
        [
            "null", "eins", "zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun",
            "zehn", "elf", "zwolf",
        ],
        [
            "zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
            "onze", "douze",
        ],
        [
            "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve",
            "diez", "once", "doce",
        ],
    ];
    let place = |words: &[&str; 13]| words.iter().position(|word| *word == name);
    if let Some(number) = WORDS.iter().find_map(place) {
        return i32::try_from(number).ok();
    }
    match name {
        "a" | "an" | "ein" | "eine" | "einem" | "einen" | "einer" | "une" | "una" => Some(1),
        "couple" => Some(2),
        "few" | "several" | "paar" | "quelques" | "unos" | "unas" | "varios" | "varias" => Some(3),
        _ if name.len() <= 4 => name.parse().ok(),
        _ => None,
    }
}

/// The day of a month: "3", "3rd", "1er".
pub(super) fn day(name: &str) -> Option<i8> {
    let digits = name.trim_end_matches(|char: char| char.is_ascii_alphabetic());
    let ending = &name[digits.len()..];
    let known = matches!(ending, "" | "st" | "nd" | "rd" | "th" | "er" | "e");
    let day = digits.parse().ok().filter(|day| (1..=31).contains(day));
    day.filter(|_| known && digits.len() <= 2)
}

/// A year of four digits.
pub(super) fn year(name: &str) -> Option<i16> {
    let all_digits = name.len() == 4 && name.bytes().all(|byte| byte.is_ascii_digit());
    name.parse().ok().filter(|year| all_digits && (1000..=2999).contains(year))
}

/// The first year of a decade: "1990s", "90s", "nineties"; one of two digits is the latest begun.
pub(super) fn decade(name: &str, today: Date) -> Option<i16> {
    const WORDS: [&str; 8] = [
        "twenties",
        "thirties",
        "forties",
        "fifties",
        "sixties",
        "seventies",
        "eighties",
        "nineties",
    ];
    let word = WORDS.iter().position(|word| *word == name).and_then(|at| i16::try_from(at).ok());
    let digits = name.strip_suffix("'s").or_else(|| name.strip_suffix('s'));
    let number: i16 = match (word, digits) {
        (Some(at), _) => 20 + 10 * at,
        (None, Some(digits)) if matches!(digits.len(), 2 | 4) => digits.parse().ok()?,
        _ => return None,
    };
    if number % 10 != 0 {
        return None;
    }
    let century = today.year().div_euclid(100) * 100;
    match number {
        1000.. => Some(number),
        ..100 if century + number <= today.year() => Some(century + number),
        ..100 => Some(century - 100 + number),
        _ => None,
    }
}

/// A feast, by its name without "day" and "eve", and the days around it that count.
#[derive(Clone, Copy)]
pub(super) enum Feast {
    NewYear,
    NewYearsEve,
    Epiphany,
    Valentine,
    GoodFriday,
    Easter,
    EasterSunday,
    EasterMonday,
    Whitsun,
    Halloween,
    ChristmasEve,
    Christmas,
    ChristmasDay,
    BoxingDay,
}

/// The feast the words begin with, and how many words that takes.
pub(super) fn feast(words: [&str; 3]) -> Option<(Feast, usize)> {
    Some(match words {
        ["new", "years" | "year's", "eve"] => (Feast::NewYearsEve, 3),
        ["new", "years" | "year's", "day"] => (Feast::NewYear, 3),
        ["valentines" | "valentine's", "day", _] => (Feast::Valentine, 2),
        ["new", "year" | "years" | "year's", _] => (Feast::NewYear, 2),
        ["twelfth", "day" | "night", _] => (Feast::Epiphany, 2),
        ["epiphany" | "dreikonig", ..] => (Feast::Epiphany, 1),
        ["good", "friday", _] => (Feast::GoodFriday, 2),
        ["easter", "sunday" | "day", _] => (Feast::EasterSunday, 2),
        ["easter", "monday", _] => (Feast::EasterMonday, 2),
        ["easter", ..] => (Feast::Easter, 1),
        ["whitsun" | "whitsunday" | "pentecost", ..] => (Feast::Whitsun, 1),
        ["halloween", ..] => (Feast::Halloween, 1),
        ["christmas", "eve", _] => (Feast::ChristmasEve, 2),
        ["christmas", "day", _] => (Feast::ChristmasDay, 2),
        ["christmas", ..] => (Feast::Christmas, 1),
        ["boxing", "day", _] => (Feast::BoxingDay, 2),
        ["weihnachten" | "noel" | "navidad" | "navidades", ..] => (Feast::Christmas, 1),
        ["heiligabend" | "nochebuena", ..] => (Feast::ChristmasEve, 1),
        ["silvester" | "nochevieja", ..] => (Feast::NewYearsEve, 1),
        ["neujahr", ..] => (Feast::NewYear, 1),
        ["nouvel", "an", _] | ["ano", "nuevo", _] => (Feast::NewYear, 2),
        ["karfreitag", ..] => (Feast::GoodFriday, 1),
        ["ostersonntag", ..] => (Feast::EasterSunday, 1),
        ["ostermontag", ..] => (Feast::EasterMonday, 1),
        ["lundi" | "lunes", "de", "paques" | "pascua"] => (Feast::EasterMonday, 3),
        ["vendredi" | "viernes", "saint" | "santo", _] => (Feast::GoodFriday, 2),
        ["pfingsten" | "pentecote" | "pentecostes", ..] => (Feast::Whitsun, 1),
        ["ostern" | "paques" | "pascua", ..] => (Feast::Easter, 1),
        _ => return None,
    })
}

impl Feast {
    pub(super) fn of_year(self, year: i16) -> Option<Period> {
        let days = |month, first, last| {
            Some(Period::new(
                Date::new(year, month, first).ok()?,
                Date::new(year, month, last).ok()?,
            ))
        };
        let easter = |first, last| {
            let sunday = calendar::easter(year)?;
            Some(Period::new(calendar::plus_days(sunday, first), calendar::plus_days(sunday, last)))
        };
        match self {
            Self::NewYear => days(1, 1, 1),
            Self::NewYearsEve => days(12, 31, 31),
            Self::Valentine => days(2, 14, 14),
            Self::Halloween => days(10, 31, 31),
            Self::ChristmasEve => days(12, 24, 24),
            Self::Christmas => days(12, 24, 26),
            Self::ChristmasDay => days(12, 25, 25),
            Self::BoxingDay => days(12, 26, 26),
            Self::Epiphany => days(1, 6, 6),
            Self::GoodFriday => easter(-2, -2),
            Self::Easter => easter(-2, 1),
            Self::EasterSunday => easter(0, 0),
            Self::EasterMonday => easter(1, 1),
            Self::Whitsun => easter(49, 50),
        }
    }
}
