//! Opening: what is told apart, and that a refusal changes nothing.
use std::fs;

use super::*;
use crate::{
    lock::beside,
    testing::{Place, create, passphrase, text, texts, unlock, write},
};

/// What `open` refuses with; the file has to be the same after it.
fn refused(path: &Path) -> Error {
    let before = fs::read(path).unwrap();
    let Err(error) = Vault::open(path) else { panic!("opened") };
    assert!(fs::read(path).unwrap() == before, "a refused file was changed");
    error
}

#[test]
fn what_is_no_vault_is_told_apart_and_left_alone() {
    let place = Place::new();
    assert!(matches!(Vault::open(&place.path), Err(Error::Missing(_))));
    for bytes in [b"".as_slice(), b"Dear diary", &[0; 200]] {
        fs::write(&place.path, bytes).unwrap();
        assert!(matches!(refused(&place.path), Error::NotAVault(_)));
    }
    fs::remove_file(&place.path).unwrap();
    let other = rusqlite::Connection::open(&place.path).unwrap();
    other.execute_batch("CREATE TABLE t(a); INSERT INTO t VALUES (1)").unwrap();
    drop(other);
    assert!(matches!(refused(&place.path), Error::NotAVault(_)));
    let names = fs::read_dir(place.folder.path()).unwrap().count();
    assert_eq!(names, 1, "a refusal leaves no file behind");
    assert!(matches!(Vault::open(place.folder.path()), Err(Error::NotAVault(_))));
}

#[test]
fn a_newer_version_is_refused_unchanged() {
    let place = Place::new();
    drop(create(&place.path));
    let mut bytes = fs::read(&place.path).unwrap();
    bytes[63] = 2;
    fs::write(&place.path, bytes).unwrap();
    assert!(matches!(refused(&place.path), Error::NewerVersion { found: 2, supported: 1 }));
}

#[test]
fn a_table_or_trigger_that_does_not_belong_there_is_refused() {
    for sql in [
        "CREATE TABLE plain(text)",
        "CREATE TRIGGER t AFTER INSERT ON record BEGIN DELETE FROM record; END",
        "DROP TABLE chunk",
    ] {
        let place = Place::new();
        drop(create(&place.path));
        rusqlite::Connection::open(&place.path).unwrap().execute_batch(sql).unwrap();
        assert!(matches!(Vault::open(&place.path), Err(Error::Damaged { .. })), "{sql}");
    }
}

#[test]
fn a_vault_is_never_made_over_a_file() {
    let place = Place::new();
    fs::write(&place.path, "Dear diary").unwrap();
    let made = Vault::create(&place.path, &passphrase("x"), KdfParams::FLOOR);
    assert!(matches!(made, Err(Error::Exists(_))));
    assert_eq!(fs::read(&place.path).unwrap(), b"Dear diary");
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_it_and_nothing_lies_beside_it_once_closed() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let mut session = create(&place.path);
    write(&mut session, "x");
    for ending in ["", "-wal", ".lock"] {
        let mode = fs::metadata(beside(&place.path, ending)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{ending}");
    }
    session.close().unwrap();
    let mut names: Vec<_> =
        fs::read_dir(place.folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["journal.inglenook", "journal.inglenook.lock"]);
}

#[test]
fn a_second_open_is_refused_and_a_stale_lock_is_not_one() {
    let place = Place::new();
    let session = create(&place.path);
    assert!(matches!(Vault::open(&place.path), Err(Error::InUse)));
    // Under another name there is another lock file, but SQLite's own lock holds.
    #[cfg(unix)]
    {
        let alias = place.folder.path().join("alias");
        std::os::unix::fs::symlink(&place.path, &alias).unwrap();
        assert!(matches!(Vault::open(&alias), Err(Error::InUse)));
    }
    drop(session);
    assert!(beside(&place.path, ".lock").exists());
    assert!(unlock(&place.path).is_ok());
}

#[test]
fn a_wrong_passphrase_opens_nothing_and_changes_nothing() {
    let place = Place::new();
    let right = passphrase("cafe\u{301} au lait");
    let mut session = Vault::create(&place.path, &right, KdfParams::FLOOR).unwrap();
    write(&mut session, "kept");
    drop(session);
    let before = fs::read(&place.path).unwrap();
    let vault = Vault::open(&place.path).unwrap();
    for wrong in ["", "cafe au lait", "Cafe\u{301} au lait", "cafe\u{301} au lait ", "☕"] {
        assert!(matches!(vault.unlock_key(&passphrase(wrong)), Err(Error::WrongPassphrase)));
    }
    drop(vault);
    assert!(fs::read(&place.path).unwrap() == before);
    let composed = passphrase("caf\u{e9} au lait");
    let session = Vault::open(&place.path).unwrap().unlock(&composed).unwrap();
    assert_eq!(texts(&session), ["kept"]);
}

#[test]
fn a_key_of_another_vault_opens_nothing() {
    let place = Place::new();
    drop(create(&place.path));
    let vault = Vault::open(&place.path).unwrap();
    let opened = vault.into_session(MasterKey::random().unwrap());
    assert!(matches!(opened, Err(Error::WrongPassphrase)));
}

#[test]
fn a_folder_that_can_not_be_written_says_so() {
    let place = Place::new();
    drop(create(&place.path));
    fs::remove_file(beside(&place.path, ".lock")).unwrap();
    let writable = fs::metadata(place.folder.path()).unwrap().permissions();
    let mut permissions = writable.clone();
    permissions.set_readonly(true);
    fs::set_permissions(place.folder.path(), permissions).unwrap();
    let opened = Vault::open(&place.path).err();
    let made = Vault::create(&place.path.with_extension("new"), &passphrase("x"), KdfParams::FLOOR);
    // A superuser writes anywhere.
    let is_superuser = fs::write(place.folder.path().join("probe"), "").is_ok();
    fs::set_permissions(place.folder.path(), writable).unwrap();
    if is_superuser {
        println!("running as a superuser: nothing is read-only");
    } else {
        assert!(matches!(opened, Some(Error::ReadOnly)));
        assert!(matches!(made, Err(Error::ReadOnly)));
    }
}

#[test]
fn a_path_with_spaces_and_letters_of_any_script_works() {
    let place = Place::new();
    let path = place.folder.path().join("Mein Tagebuch é 日記 ?mode=ro#%41.inglenook");
    let mut session = create(&path);
    let id = crate::EntryId::random();
    session.put(id, &text("here")).unwrap();
    drop(session);
    assert_eq!(texts(&unlock(&path).unwrap()), ["here"]);
}
