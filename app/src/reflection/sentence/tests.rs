use super::*;

fn check(text: &str, expected: &[&str]) {
    assert_eq!(sentences(text), expected);
}

#[test]
fn abbreviations_initials_and_dates_end_nothing() {
    check(
        "2nd. Went with Mr. Moore and Sir W. Batten to St. James’s. Home late.",
        &["Went with Mr. Moore and Sir W. Batten to St. James’s.", "Home late."],
    );
    check("Jan. 1st (Lord’s day). This morning I rose.", &["This morning I rose."]);
    check(
        "Am 3. Mai war ich da. Es war z.B. kalt.",
        &["Am 3. Mai war ich da.", "Es war z.B. kalt."],
    );
    check(
        "Spent 12s. upon them. Sir Wm. Compton and Lt.-Coll. Baron came.",
        &["Spent 12s. upon them.", "Sir Wm. Compton and Lt.-Coll. Baron came."],
    );
    check("M. said she was tired. Then home.", &["M. said she was tired.", "Then home."]);
    check("Dinner at 5. Then home.", &["Dinner at 5.", "Then home."]);
    check(
        "I said no. She laughed, and so did I. Then we slept.",
        &["I said no.", "She laughed, and so did I.", "Then we slept."],
    );
}

#[test]
fn lower_case_writers_have_sentences_too() {
    check("i went home. then i slept...", &["i went home.", "then i slept..."]);
}

#[test]
fn quotes_stay_with_their_sentence() {
    check("“What?” he said. “Go!” I went.", &["“What?” he said.", "“Go!”", "I went."]);
}

#[test]
fn markdown_is_read_item_by_item() {
    check(
        "# Monday\n\n- call Anna\n- [ ] pay rent\n1. first thing\n\nA wrapped\nline here.\n\n---\n```\ncode.\n```\n> quoted",
        &["call Anna", "pay rent", "first thing", "A wrapped\nline here.", "quoted"],
    );
    check("Slept badly\nCoffee with Jo\nthen rain", &["Slept badly", "Coffee with Jo\nthen rain"]);
}

#[test]
fn other_scripts_split_without_spaces() {
    check("今日は雨。家にいた。", &["今日は雨。", "家にいた。"]);
}

#[test]
fn long_sentences_are_told_in_clauses_that_are_slices() {
    let long = "Up early and to the office, where we sat all the morning upon the accounts of the yard; \
        and then my wife and I went to the play, where we saw a very dull piece and came home; but my cold is no better.";
    let found = clauses(long);
    assert_eq!(found.len(), 3);
    assert_eq!(found[2], "my cold is no better.");
    assert!(found.iter().all(|c| long.contains(c)));
}

#[test]
fn nothing_is_lost_between_sentences_of_prose() {
    let text = "One. Two! Three? Four… Five";
    assert_eq!(sentences(text).join(" "), text);
}
