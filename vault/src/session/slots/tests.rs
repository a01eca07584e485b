//! Each way to unlock opens; what was removed doesn't.
use std::fs;

use super::*;
use crate::{
    Vault,
    testing::{Place, passphrase, texts, write},
};

#[test]
fn a_recovery_key_opens_until_it_is_renewed() {
    let place = Place::new();
    let forgotten = passphrase("forgotten");
    let mut session = Vault::create(&place.path, &forgotten, KdfParams::FLOOR).unwrap();
    write(&mut session, "kept");
    let old = session.renew_recovery_key().unwrap();
    let new = session.renew_recovery_key().unwrap();
    assert_eq!(session.slots().len(), 2);
    drop(session);
    let vault = Vault::open(&place.path).unwrap();
    assert!(matches!(vault.recover_key(&old), Err(Error::WrongPassphrase)));
    let typed = RecoveryKey::parse(&new.phrase()).unwrap();
    let master = vault.recover_key(&typed).unwrap();
    let mut session = vault.into_session(master).unwrap();
    assert_eq!(texts(&session), ["kept"]);
    session.change_passphrase(&passphrase("found"), KdfParams::FLOOR).unwrap();
    drop(session);
    let vault = Vault::open(&place.path).unwrap();
    assert_eq!(vault.slot_kinds(), [SlotKind::Recovery, SlotKind::Passphrase]);
    assert!(vault.recover_key(&typed).is_ok() && vault.unlock_key(&passphrase("found")).is_ok());
}

#[test]
fn a_key_file_is_asked_for_with_the_passphrase() {
    let place = Place::new();
    let file = place.folder.path().join("photo");
    fs::write(&file, [3; 10_000]).unwrap();
    let key_file = KeyFile::read(&file).unwrap();
    let typed = passphrase("typed");
    let mut session = Vault::create(&place.path, &typed, KdfParams::FLOOR).unwrap();
    session.require_key_file(&typed, &key_file, KdfParams::FLOOR).unwrap();
    drop(session);
    let vault = Vault::open(&place.path).unwrap();
    assert!(matches!(vault.unlock_key(&typed), Err(Error::WrongPassphrase)));
    assert!(vault.unlock_key_with_file(&typed, &key_file).is_ok());
    fs::write(&file, [4; 10_000]).unwrap();
    let other = KeyFile::read(&file).unwrap();
    let opened = vault.unlock_key_with_file(&typed, &other);
    assert!(matches!(opened, Err(Error::WrongPassphrase)));
    assert!(matches!(KeyFile::read(&place.path.with_extension("no")), Err(Error::Missing(_))));
}

#[test]
fn the_last_way_to_unlock_stays() {
    let place = Place::new();
    let typed = passphrase("typed");
    let mut session = Vault::create(&place.path, &typed, KdfParams::FLOOR).unwrap();
    let [(first, _)] = session.slots()[..] else { panic!("one slot") };
    assert!(matches!(session.remove_slot(first), Err(Error::LastSlot)));
    session.renew_recovery_key().unwrap();
    session.remove_slot(first).unwrap();
    assert!(matches!(session.remove_slot(first), Err(Error::NoSuchSlot)));
    let [(recovery, SlotKind::Recovery)] = session.slots()[..] else { panic!("one slot") };
    assert!(matches!(session.remove_slot(recovery), Err(Error::LastSlot)));
    drop(session);
    let vault = Vault::open(&place.path).unwrap();
    assert!(matches!(vault.unlock_key(&typed), Err(Error::WrongPassphrase)));
}
