//! The command about the ways to unlock: listed, removed, with a key file or without.

use std::path::Path;

use serde::Serialize;
use vault::{KdfParams, KeyFile, Passphrase, Session, SlotId, SlotKind};

use super::{
    arguments,
    failure::Failure,
    journal::{Context, only},
    screen::print,
};

/// Changes the ways to unlock where that is asked, and lists them.
pub(super) fn keys(context: &Context, arguments: &arguments::Keys) -> Result<(), Failure> {
    let vault = context.hold()?;
    let passphrase = context.passphrase.ask("Passphrase: ")?;
    let mut session = context.unlock_with(vault, &passphrase)?;
    if let Some(id) = &arguments.remove {
        remove(&mut session, id)?;
    }
    if let Some(file) = &arguments.add_file {
        add_file(&mut session, &passphrase, file)?;
    }
    if arguments.drop_file {
        session.change_passphrase(&passphrase, KdfParams::calibrate())?;
    }
    let keys = session.slots().into_iter().map(KeyDocument::from).collect();
    session.close()?;
    print(context.format, &Keys { keys }, |list, out| {
        for key in &list.keys {
            writeln!(out, "{}  {}", &key.id[..8], key.kind)?;
        }
        Ok(())
    })
}

fn remove(session: &mut Session, beginning: &str) -> Result<(), Failure> {
    let slots = session.slots().into_iter().map(|(id, _)| (id, id.to_string()));
    let id = only(slots, beginning)?
        .ok_or_else(|| Failure::new("no such way to unlock: 'inglenook keys' lists them"))?;
    Ok(session.remove_slot(id)?)
}

fn add_file(session: &mut Session, passphrase: &Passphrase, file: &Path) -> Result<(), Failure> {
    if file.symlink_metadata().is_err() {
        KeyFile::create(file)?;
    }
    let key_file = KeyFile::read(file)?;
    Ok(session.require_key_file(passphrase, &key_file, KdfParams::calibrate())?)
}

#[derive(Serialize)]
struct Keys {
    keys: Vec<KeyDocument>,
}

#[derive(Serialize)]
struct KeyDocument {
    id: String,
    kind: &'static str,
}

impl From<(SlotId, SlotKind)> for KeyDocument {
    fn from((id, kind): (SlotId, SlotKind)) -> Self {
        let kind = match kind {
            SlotKind::Passphrase => "passphrase",
            SlotKind::PassphraseAndKeyFile => "passphrase-and-key-file",
            SlotKind::Recovery => "recovery",
            SlotKind::Other(_) => "unknown",
        };
        Self { id: id.to_string(), kind }
    }
}
