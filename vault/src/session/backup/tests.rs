//! A backup opens as the vault did; a bad one never takes the place of a good one.
use jiff::{ToSpan, civil::date};
use proptest::prelude::*;

use super::*;
use crate::testing::{Place, create, text, texts, unlock, write};

fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_backup_opens_as_the_vault_was() {
    let place = Place::new();
    let folder = place.folder.path().join("backups");
    let mut session = create(&place.path);
    let id = write(&mut session, "kept");
    let backup = session.backup(&folder, date(2026, 11, 22)).unwrap();
    assert_eq!(names(&folder), ["journal-06060606-2026-11-22.inglenook"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&backup.path), mode(&folder)), (0o600, 0o700));
    }
    session.put(id, &text("changed")).unwrap();
    let copy = unlock(&backup.path).unwrap();
    assert!(copy.integrity().is_sound());
    assert_eq!(texts(&copy), ["kept"]);
    drop(copy);
    session.backup(&folder, date(2026, 11, 22)).unwrap();
    assert_eq!(texts(&unlock(&backup.path).unwrap()), ["changed"]);
    assert_eq!(session.backups(&folder).unwrap(), [backup]);
}

#[test]
fn a_year_of_daily_backups_leaves_days_weeks_and_months() {
    let newest = date(2026, 11, 22);
    let days: Vec<_> = (0..500).map(|back| newest.checked_sub(back.days()).unwrap()).collect();
    let mut stay = Vec::new();
    for day in days.iter().rev() {
        stay.insert(0, *day);
        let kept = kept(stay.iter().copied());
        stay.retain(|day| kept.contains(day));
    }
    let mut expected: Vec<_> = days[..7].to_vec();
    expected.extend([date(2026, 11, 15), date(2026, 11, 8), date(2026, 11, 1)]);
    expected.extend((1..=10).rev().map(|month| date(2026, month, 1).last_of_month()));
    expected.push(date(2025, 12, 31));
    expected.retain(|day| stay.contains(day));
    assert_eq!(stay, expected);
    assert!(stay.len() >= 20 && stay.contains(&date(2025, 12, 31)), "{stay:?}");
}

#[test]
fn other_files_and_other_vaults_are_left_alone() {
    let place = Place::new();
    let session = create(&place.path);
    let folder = place.folder.path().join("backups");
    fs::create_dir(&folder).unwrap();
    let foreign = ["journal-ffffffff-2020-01-01.inglenook", "notes-2020-01-01.inglenook"];
    for name in foreign {
        fs::write(folder.join(name), "").unwrap();
    }
    for back in 0..20 {
        let day = date(2026, 3, 20).checked_sub((20 - back).days()).unwrap();
        session.backup(&folder, day).unwrap();
    }
    let kept = names(&folder);
    assert!(foreign.iter().all(|name| kept.contains(&(*name).to_owned())));
    assert!(kept.len() < 15, "{kept:?}");
}

#[test]
fn a_damaged_vault_removes_no_older_backup() {
    let place = Place::new();
    let folder = place.folder.path().join("backups");
    let mut session = create(&place.path);
    write(&mut session, "kept");
    for day in 1..=7 {
        session.backup(&folder, date(2020, 1, day)).unwrap();
    }
    drop(session);
    let damage = "UPDATE record SET sealed = zeroblob(length(sealed))";
    rusqlite::Connection::open(&place.path).unwrap().execute_batch(damage).unwrap();
    let session = unlock(&place.path).unwrap();
    for day in 1..=20 {
        session.backup(&folder, date(2021, 1, day)).unwrap();
    }
    assert_eq!(session.backups(&folder).unwrap().len(), 27);
    let good = &session.backups(&folder).unwrap()[26];
    assert_eq!(texts(&unlock(&good.path).unwrap()), ["kept"]);
}

#[test]
fn the_backup_just_made_stays_whatever_the_clock_says() {
    let place = Place::new();
    let folder = place.folder.path().join("backups");
    let session = create(&place.path);
    for year in 2000..2030 {
        session.backup(&folder, date(year, 6, 1)).unwrap();
    }
    let back = session.backup(&folder, date(1990, 1, 1)).unwrap();
    assert!(session.backups(&folder).unwrap().contains(&back));
}

#[test]
fn a_backup_to_a_file_replaces_nothing_and_leaves_nothing_beside() {
    let place = Place::new();
    let mut session = create(&place.path);
    write(&mut session, "kept");
    let folder = place.folder.path().join("stick");
    fs::create_dir(&folder).unwrap();
    let path = folder.join("copy #1?.inglenook");
    session.backup_to(&path).unwrap();
    let taken = fs::read(&path).unwrap();
    assert!(matches!(session.backup_to(&path), Err(Error::Exists(_))));
    let copy = session.open_copy(&path).unwrap();
    assert_eq!(texts(&copy), ["kept"]);
    assert!(copy.verify().unwrap().is_sound());
    drop(copy);
    assert_eq!(names(&folder), ["copy #1?.inglenook"]);
    assert!(fs::read(&path).unwrap() == taken);
}

#[test]
fn a_copy_that_is_only_read_cannot_be_written() {
    let place = Place::new();
    let mut session = create(&place.path);
    write(&mut session, "kept");
    let path = place.folder.path().join("copy");
    session.backup_to(&path).unwrap();
    let mut copy = session.open_copy(&path).unwrap();
    let refused = copy.put(crate::EntryId::random(), &text("more"));
    assert!(matches!(refused, Err(Error::ReadOnly)));
    assert_eq!(texts(&copy), ["kept"]);
}

fn days() -> impl Strategy<Value = std::collections::BTreeSet<i32>> {
    proptest::collection::btree_set(-2000_i32..2000, 1..200)
}

proptest! {
    #[test]
    fn thinning_keeps_the_newest_and_every_recent_day_week_and_month(offsets in days()) {
        let days: Vec<_> = offsets
            .iter()
            .rev()
            .map(|offset| date(2026, 1, 1).checked_add(offset.days()).unwrap())
            .collect();
        let kept = kept(days.iter().copied());
        prop_assert!(days.iter().take(DAYS).all(|day| kept.contains(day)));
        prop_assert!(kept.iter().all(|day| days.contains(day)));
        prop_assert!(kept.len() <= DAYS + WEEKS + MONTHS);
        // The newest of a month that stays is the newest there was of it.
        for month in kept.iter().map(|day| day.first_of_month()) {
            let newest = days.iter().find(|day| day.first_of_month() == month);
            let shown = days.iter().filter(|day| day.first_of_month() >= month);
            let months: HashSet<_> = shown.map(|day| day.first_of_month()).collect();
            prop_assert!(months.len() > MONTHS || newest.is_some_and(|day| kept.contains(day)));
        }
        // Thinning what was thinned takes nothing more.
        let mut again: Vec<_> = kept.iter().copied().collect();
        again.sort_unstable_by(|a, b| b.cmp(a));
        prop_assert_eq!(super::kept(again.iter().copied()), kept);
    }
}
