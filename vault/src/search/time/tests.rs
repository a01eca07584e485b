use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;

/// A Sunday.
const TODAY: Date = date(2026, 11, 22);

/// Checks that `text` holds one expression, `expression`, from `first` to `last`.
#[track_caller]
fn check(text: &str, expression: &str, first: &str, last: &str) {
    let spans = parse_time(text, TODAY);
    assert_eq!(spans.len(), 1, "{text}: {spans:?}");
    assert_eq!(&text[spans[0].range.clone()], expression, "{text}");
    let show = |date: Date, open| if date == open { String::new() } else { date.to_string() };
    assert_eq!(show(spans[0].first, Date::MIN), first, "{text}");
    assert_eq!(show(spans[0].last, Date::MAX), last, "{text}");
}

fn check_all(cases: &[(&str, &str, &str)]) {
    for (text, first, last) in cases {
        check(text, text, first, last);
        check(&format!("What — {text}?"), text, first, last);
    }
}

#[test]
fn reads_the_edges_of_a_period() {
    check_all(&[
        ("the last day of 2020", "2020-12-31", "2020-12-31"),
        ("on the first day of March 2021", "2021-03-01", "2021-03-01"),
        ("the last week of March 2021", "2021-03-25", "2021-03-31"),
        ("the first month of 2019", "2019-01-01", "2019-01-31"),
    ]);
    assert_eq!(parse_time("my last day at school, and the next day", TODAY), []);
}

#[test]
fn reads_a_weekday_of_a_month_and_feasts_of_one_day() {
    check_all(&[
        ("the first Sunday of May 2021", "2021-05-02", "2021-05-02"),
        ("last Friday in June 2021", "2021-06-25", "2021-06-25"),
        ("Easter Monday 2021", "2021-04-05", "2021-04-05"),
        ("Good Friday 2021", "2021-04-02", "2021-04-02"),
        ("Ostermontag 2021", "2021-04-05", "2021-04-05"),
        ("Whitsun 2021", "2021-05-23", "2021-05-24"),
        ("Twelfth Night 2021", "2021-01-06", "2021-01-06"),
    ]);
}

#[test]
fn a_range_over_the_turn_of_the_year_is_read_from_either_end() {
    check_all(&[
        ("between Christmas and New Year 2021", "2020-12-24", "2021-01-01"),
        ("between Christmas 2020 and New Year", "2020-12-24", "2021-01-01"),
        ("from November 2020 to February", "2020-11-01", "2021-02-28"),
        ("from November 2020 to yesterday", "2020-11-01", "2026-11-21"),
    ]);
}

#[test]
fn reads_days_near_today() {
    check_all(&[
        ("today", "2026-11-22", "2026-11-22"),
        ("yesterday", "2026-11-21", "2026-11-21"),
        ("Yesterday evening", "2026-11-21", "2026-11-21"),
        ("the day before yesterday", "2026-11-20", "2026-11-20"),
        ("last night", "2026-11-21", "2026-11-21"),
        ("this morning", "2026-11-22", "2026-11-22"),
        ("last Monday", "2026-11-16", "2026-11-16"),
        ("last sunday", "2026-11-15", "2026-11-15"),
        ("on Tuesday", "2026-11-17", "2026-11-17"),
        ("this tuesday", "2026-11-17", "2026-11-17"),
        ("next friday", "2026-11-27", "2026-11-27"),
    ]);
}

#[test]
fn reads_what_is_counted_from_today() {
    check_all(&[
        ("last week", "2026-11-09", "2026-11-15"),
        ("this week", "2026-11-16", "2026-11-22"),
        ("next week", "2026-11-23", "2026-11-29"),
        ("the week before last", "2026-11-02", "2026-11-08"),
        ("last weekend", "2026-11-14", "2026-11-15"),
        ("the past week", "2026-11-15", "2026-11-22"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("last 3 months", "2026-08-22", "2026-11-22"),
        ("the last few days", "2026-11-19", "2026-11-22"),
        ("three days ago", "2026-11-19", "2026-11-19"),
        ("a couple of weeks ago", "2026-11-02", "2026-11-08"),
        ("2 months ago", "2026-09-01", "2026-09-30"),
        ("a year ago", "2025-01-01", "2025-12-31"),
        ("a year ago today", "2025-11-22", "2025-11-22"),
        ("last summer", "2026-06-01", "2026-08-31"),
        ("last autumn", "2025-09-01", "2025-11-30"),
        ("this autumn", "2026-09-01", "2026-11-30"),
        ("last winter", "2025-12-01", "2026-02-28"),
        ("last march", "2026-03-01", "2026-03-31"),
        ("last november", "2025-11-01", "2025-11-30"),
        ("last Christmas", "2025-12-24", "2025-12-26"),
        ("last decade", "2010-01-01", "2019-12-31"),
    ]);
}

#[test]
fn reads_dates() {
    check_all(&[
        ("2020-05-03", "2020-05-03", "2020-05-03"),
        ("2020-05", "2020-05-01", "2020-05-31"),
        ("3.5.2020", "2020-05-03", "2020-05-03"),
        ("5/31/2020", "2020-05-31", "2020-05-31"),
        ("3 may 2020", "2020-05-03", "2020-05-03"),
        ("3rd of May, 2020", "2020-05-03", "2020-05-03"),
        ("May 3rd, 2020", "2020-05-03", "2020-05-03"),
        ("on the 3rd of December", "2025-12-03", "2025-12-03"),
        ("29 february", "2024-02-29", "2024-02-29"),
        ("march 2021", "2021-03-01", "2021-03-31"),
        ("in March", "2026-03-01", "2026-03-31"),
        ("in December", "2025-12-01", "2025-12-31"),
        ("march last year", "2025-03-01", "2025-03-31"),
        ("in 2021", "2021-01-01", "2021-12-31"),
        ("the summer of 2019", "2019-06-01", "2019-08-31"),
        ("winter 2020", "2020-12-01", "2021-02-28"),
        ("in the nineties", "1990-01-01", "1999-12-31"),
        ("the 1660s", "1660-01-01", "1669-12-31"),
        ("early march 2021", "2021-03-01", "2021-03-10"),
        ("the end of 2020", "2020-09-01", "2020-12-31"),
        ("the week of 3 May 2020", "2020-04-27", "2020-05-03"),
        ("Easter 2024", "2024-03-29", "2024-04-01"),
        ("New Year's Eve 2019", "2019-12-31", "2019-12-31"),
    ]);
}

#[test]
fn reads_names_of_other_languages() {
    check_all(&[
        ("Montag, 3. Mai 2021", "2021-05-03", "2021-05-03"),
        ("im März 2021", "2021-03-01", "2021-03-31"),
        ("1er août 2020", "2020-08-01", "2020-08-01"),
        ("3 de mayo de 2020", "2020-05-03", "2020-05-03"),
    ]);
}

#[test]
fn reads_what_is_told_from_today_in_other_languages() {
    check_all(&[
        ("gestern", "2026-11-21", "2026-11-21"),
        ("vorgestern", "2026-11-20", "2026-11-20"),
        ("letzte Woche", "2026-11-09", "2026-11-15"),
        ("im letzten Februar", "2026-02-01", "2026-02-28"),
        ("letzten Sommer", "2026-06-01", "2026-08-31"),
        ("dieses Jahr", "2026-01-01", "2026-12-31"),
        ("vor zwei Wochen", "2026-11-02", "2026-11-08"),
        ("vor einem Jahr", "2025-01-01", "2025-12-31"),
        ("seit März", "2026-03-01", ""),
        ("zwischen März und Juni 2020", "2020-03-01", "2020-06-30"),
        ("Ende 2020", "2020-09-01", "2020-12-31"),
        ("an Weihnachten", "2025-12-24", "2025-12-26"),
        ("hier soir", "2026-11-21", "2026-11-21"),
        ("avant-hier", "2026-11-20", "2026-11-20"),
        ("la semaine dernière", "2026-11-09", "2026-11-15"),
        ("en mars dernier", "2026-03-01", "2026-03-31"),
        ("l’été dernier", "2026-06-01", "2026-08-31"),
        ("cette année", "2026-01-01", "2026-12-31"),
        ("il y a deux semaines", "2026-11-02", "2026-11-08"),
        ("depuis mars 2020", "2020-03-01", ""),
        ("ayer", "2026-11-21", "2026-11-21"),
        ("la semana pasada", "2026-11-09", "2026-11-15"),
        ("el fin de semana pasado", "2026-11-14", "2026-11-15"),
        ("el verano pasado", "2026-06-01", "2026-08-31"),
        ("hace tres días", "2026-11-19", "2026-11-19"),
        ("antes de 2019", "", "2018-12-31"),
        ("entre marzo y junio de 2020", "2020-03-01", "2020-06-30"),
    ]);
    assert_eq!(parse_time("was ist hier passiert", TODAY), []);
}

#[test]
fn reads_days_told_from_another() {
    check_all(&[
        ("the day after 3 May 2020", "2020-05-04", "2020-05-04"),
        ("the day before Christmas Day 2019", "2019-12-24", "2019-12-24"),
        ("a year before 3 May 2020", "2019-05-03", "2019-05-03"),
        ("two weeks after 2020-05-03", "2020-05-17", "2020-05-17"),
        ("this time last year", "2025-11-15", "2025-11-29"),
    ]);
}

#[test]
fn reads_ranges() {
    check_all(&[
        ("since March", "2026-03-01", ""),
        ("since 2019", "2019-01-01", ""),
        ("before 2019", "", "2018-12-31"),
        ("after 3 may 2020", "2020-05-04", ""),
        ("until yesterday", "", "2026-11-21"),
        ("between March and June 2020", "2020-03-01", "2020-06-30"),
        ("between november and february", "2025-11-01", "2026-02-28"),
        ("from Monday to Wednesday", "2026-11-16", "2026-11-18"),
        ("between 3 and 10 May 2020", "2020-05-03", "2020-05-10"),
        ("from 2018 to 2020", "2018-01-01", "2020-12-31"),
    ]);
}

#[test]
fn leaves_words_alone() {
    for text in [
        "may",
        "march",
        "I may go",
        "we march on",
        "spring water",
        "fall down",
        "2021",
        "5 apples",
        "since Anna moved",
        "before dinner",
        "every monday",
        "in the morning",
        "the end of it",
        "",
        "a week",
        "10-20",
        "99.99.9999",
        "last",
        "the",
        "between us",
        "from here to there",
    ] {
        assert_eq!(parse_time(text, TODAY), [], "{text}");
    }
}

#[test]
fn tells_what_it_is_sure_of() {
    for (text, sure) in [
        ("march 2021", true),
        ("yesterday", true),
        ("in 2020", true),
        ("in march", false),
        ("monday", false),
        ("may 3", false),
        ("3 may", true),
    ] {
        assert_eq!(parse_time(text, TODAY)[0].sure, sure, "{text}");
    }
}

const PIECES: [&str; 40] = [
    "last",
    "next",
    "this",
    "the",
    "week",
    "of",
    "before",
    "after",
    "since",
    "between",
    "and",
    "from",
    "to",
    "2020",
    "may",
    "march",
    "3",
    "31",
    "9999",
    "ago",
    "days",
    "years",
    "monday",
    "summer",
    "winter",
    "christmas",
    "early",
    "end",
    "in",
    "on",
    "decade",
    "90s",
    "2020-02-30",
    "1er",
    "couple",
    "a",
    "year",
    "today",
    "weekend",
    "month",
];

proptest! {
    #[test]
    fn any_words_give_ordered_spans(
        picks in prop::collection::vec(0..PIECES.len(), 0..12),
        year in -9999..=9999_i16,
    ) {
        let text = picks.iter().map(|&at| PIECES[at]).collect::<Vec<_>>().join(" ");
        let mut end = 0;
        for span in parse_time(&text, date(year, 2, 28)) {
            prop_assert!(span.range.start >= end && span.range.end <= text.len());
            prop_assert!(span.first <= span.last, "{text}: {span:?}");
            end = span.range.end;
        }
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,40}") {
        for span in parse_time(&text, TODAY) {
            prop_assert!(text.get(span.range).is_some());
        }
        parse_period(&text, TODAY);
    }
}
