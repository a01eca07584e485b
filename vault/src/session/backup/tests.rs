//! A backup opens as the vault did; a bad one never takes the place of a good one.
use jiff::{ToSpan, civil::date};

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
