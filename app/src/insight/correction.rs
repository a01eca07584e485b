//! What the person said about names: who is one, who is nobody, what is a place; sealed, one value a name.
use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use vault::Session;

use super::{Kind, hash, key_of};

/// What the names of the values begin with.
const NAME: &str = "insight/name/";

/// What was said about one name. No `Debug`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// What it is; `Neither` is forgotten, and then nothing else is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Another way to write this name, in lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<String>,
    /// How it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// All of it, by the hash of the name: what is forgotten is not written down. No `Debug`.
#[derive(Default)]
pub struct Corrections(HashMap<String, Correction>);

impl Corrections {
    /// What a journal holds; what can't be read counts as not said.
    #[must_use]
    pub fn load(session: &Session) -> Self {
        let read = |name: String| {
            let bytes = session.value(&name).ok().flatten()?;
            let said = serde_json::from_slice(&bytes).ok()?;
            Some((name.strip_prefix(NAME)?.to_owned(), said))
        };
        Self(session.value_names(NAME).into_iter().filter_map(read).collect())
    }

    /// Whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was said about a name, in lower case without full stops.
    #[must_use]
    pub fn about(&self, key: &str) -> Option<&Correction> {
        (!self.is_empty()).then(|| self.0.get(&hash(key))).flatten()
    }

    /// Keeps what is said about a name beside what was said before.
    /// # Errors
    /// Those of the vault; nothing is changed then.
    pub fn say(&mut self, session: &mut Session, name: &str, new: Correction) -> vault::Result<()> {
        let key = hash(&key_of(name));
        let mut said = self.0.get(&key).cloned().unwrap_or_default();
        said = match new {
            new if new.kind == Some(Kind::Neither) => new,
            new => Correction {
                kind: new.kind.or(said.kind).filter(|kind| *kind != Kind::Neither),
                same_as: new.same_as.or(said.same_as),
                name: new.name.or(said.name),
            },
        };
        let bytes = serde_json::to_vec(&said).unwrap_or_default();
        session.set_value(&format!("{NAME}{key}"), &bytes)?;
        self.0.insert(key, said);
        Ok(())
    }

    /// Takes back what was said about a name.
    /// # Errors
    /// Those of the vault.
    pub fn take_back(&mut self, session: &mut Session, name: &str) -> vault::Result<()> {
        let key = hash(&key_of(name));
        session.remove_value(&format!("{NAME}{key}"))?;
        self.0.remove(&key);
        Ok(())
    }
}
