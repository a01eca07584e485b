//! No name of an attachment leaves its folder, hides, or takes the place of a file.
use jiff::civil::date;
use proptest::prelude::*;
use vault::{Content, KdfParams, Passphrase, Vault};

use super::*;

#[test]
fn names_of_an_enemy_stay_in_the_folder() {
    for (given, safe) in [
        ("photo.jpg", "photo.jpg"),
        ("Grüße aus Köln.jpeg", "Grüße aus Köln.jpeg"),
        ("../../.ssh/authorized_keys", "authorized_keys"),
        ("/etc/passwd", "passwd"),
        ("C:\\Windows\\evil.exe", "evil.exe"),
        ("C:evil.exe", "C_evil.exe"),
        (".bashrc", "bashrc"),
        ("...", "attachment"),
        ("..", "attachment"),
        ("", "attachment"),
        ("a/", "attachment"),
        ("a\0b\n.txt", "ab.txt"),
        ("photo\u{202e}gpj.exe", "photogpj.exe"),
        ("NUL.txt", "_NUL.txt"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("a.txt. .", "a.txt"),
        ("console.txt", "console.txt"),
    ] {
        assert_eq!(safe_name(given), safe, "{given:?}");
    }
    let long = safe_name(&format!("{}.jpg", "ß".repeat(500)));
    assert!(long.len() <= MAX_NAME && long.ends_with("ß.jpg"), "{long}");
}

proptest! {
    #[test]
    fn any_name_is_one_visible_part_of_a_path(name in any::<String>()) {
        let safe = safe_name(&name);
        prop_assert!(!safe.is_empty() && safe.len() <= MAX_NAME);
        prop_assert!(!safe.starts_with('.') && !safe.contains(['/', '\\', '\0']));
        let path = Path::new("folder").join(&safe);
        prop_assert_eq!(path.components().count(), 2);
        prop_assert_eq!(path.file_name().and_then(|last| last.to_str()), Some(safe.as_str()));
        prop_assert_eq!(safe_name(&safe), safe);
    }
}

#[test]
fn a_file_goes_in_and_comes_out_beside_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let (path, params) = (folder.path().join("j"), KdfParams::FLOOR);
    let mut session = Vault::create(&path, &Passphrase::new("x"), params).unwrap();
    let entry = EntryId::random();
    session.put(entry, &Content::new(date(2026, 1, 1))).unwrap();
    let photo = folder.path().join("photo.JPG");
    fs::write(&photo, b"light").unwrap();
    attach(&mut session, entry, &photo).unwrap();
    assert!(matches!(attach(&mut session, entry, folder.path()), Err(Problem::File(_))));
    let attached = &session.attachments(entry)[0];
    assert_eq!((attached.media_type.as_str(), attached.length), ("image/jpeg", 5));
    let out = folder.path().join("out");
    let saved: Vec<_> = (0..3).map(|_| save_into(&session, attached, &out).unwrap()).collect();
    let names = ["photo.JPG", "photo (2).JPG", "photo (3).JPG"];
    assert_eq!(saved, names.map(|name| out.join(name)));
    assert!(saved.iter().all(|path| fs::read(path).unwrap() == b"light"));
    assert_eq!(fs::read_dir(&out).unwrap().count(), 3);
}

#[cfg(unix)]
#[test]
fn a_link_that_waits_in_the_folder_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (path, params) = (folder.path().join("j"), KdfParams::FLOOR);
    let mut session = Vault::create(&path, &Passphrase::new("x"), params).unwrap();
    let entry = EntryId::random();
    session.put(entry, &Content::new(date(2026, 1, 1))).unwrap();
    session.attach(entry, "a.txt", "text/plain", &mut b"mine".as_slice()).unwrap();
    let target = folder.path().join("target");
    std::os::unix::fs::symlink(&target, folder.path().join("a.txt")).unwrap();
    let saved = save_into(&session, &session.attachments(entry)[0], folder.path()).unwrap();
    assert_eq!(saved, folder.path().join("a (2).txt"));
    assert!(!target.exists());
}
