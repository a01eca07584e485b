//! Faults, counted: what kills, power cuts and full disks leave of a journal that is written to.
//!
//! A child process ([`load`]) announces and acknowledges each step; whatever happens to it, what it
//! acknowledged must be there afterwards, with the step it was at whole or not at all.
pub mod cuts;
pub mod disk;
pub mod flips;
pub mod full;
pub mod kills;
pub mod load;
pub mod model;
pub mod random;
pub mod trace;

use std::path::Path;

use vault::{KdfParams, MasterKey, Passphrase, Session, Vault};

use model::Model;

/// Opens the journals of the fault program.
pub const PASSPHRASE: &str = "harbour lantern walnut sixteen";

/// What a run of one kind of fault found.
#[derive(Default)]
pub struct Count {
    /// Faults that were made.
    pub faults: usize,
    /// Steps that had been acknowledged when a fault struck, over all faults.
    pub acknowledged: usize,
    /// Faults that struck in the middle of a step.
    pub in_a_step: usize,
    /// What was wrong afterwards.
    pub failures: Vec<String>,
}

/// Makes a journal of the least cost that is allowed.
/// # Errors
/// Those of the vault.
pub fn create(path: &Path) -> vault::Result<Session> {
    Vault::create(path, &Passphrase::new(PASSPHRASE), KdfParams::FLOOR)
}

/// Derives the key of a journal.
/// # Errors
/// Those of the vault.
pub fn unlock_key(path: &Path) -> vault::Result<MasterKey> {
    Vault::open(path)?.unlock_key(&Passphrase::new(PASSPHRASE))
}

/// Opens what a fault left and compares it with what may stand there; gives which of them does.
/// # Errors
/// What is wrong, for a person to read.
pub fn check(path: &Path, key: &MasterKey, allowed: &[Model]) -> Result<usize, String> {
    let opened = Vault::open(path).and_then(|vault| vault.into_session(key.again()));
    let session = opened.map_err(|error| format!("does not open: {error}"))?;
    if !session.integrity().is_sound() {
        return Err(format!("opens, but not sound: {:?}", session.integrity()));
    }
    let verified = session.verify().map_err(|error| format!("does not verify: {error}"))?;
    if !verified.is_sound() {
        return Err(format!("verifies, but not sound: {verified:?}"));
    }
    let found = Model::of(&session)?;
    drop(session);
    check_listed(path, key, &found)?;
    let which = allowed.iter().position(|model| *model == found);
    which.ok_or_else(|| allowed.first().map_or(String::new(), |model| model.difference(&found)))
}

/// Opens it as a window does, by its catalogue and stored index, which must say the same.
fn check_listed(path: &Path, key: &MasterKey, whole: &Model) -> Result<(), String> {
    let opened = Vault::open(path).and_then(|vault| vault.into_session_listed(key.again()));
    let mut session = opened.map_err(|error| format!("does not open by its catalogue: {error}"))?;
    if Model::of(&session)? != *whole {
        return Err("its catalogue says something else than its records".to_owned());
    }
    let words = |error: vault::Error| error.to_string();
    let index = session.indexed().map_err(words)?;
    if index.len() != session.ids().len() {
        return Err(format!("{} of {} entries indexed", index.len(), session.ids().len()));
    }
    loop {
        match session.check(1 << 16).map_err(words)? {
            None => {}
            Some(found) if found.is_sound() => return Ok(()),
            Some(found) => return Err(format!("opens by its catalogue, but not sound: {found:?}")),
        }
    }
}
