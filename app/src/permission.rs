//! What the person lets a model read: every entry but those kept from it, or nothing at all.
use vault::{Content, Entry, Session};

/// The name of the value.
const NAME: &str = "permission";
/// What the value says where nothing may be read.
const NOTHING: &[u8] = b"nothing";
/// What it says where every entry decides for itself.
const ENTRIES: &[u8] = b"entries";

/// What a model may read of a journal. Whoever hands entries to a model asks here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Permission {
    /// Every entry that is not kept from it.
    #[default]
    Entries,
    /// Nothing.
    Nothing,
}

impl Permission {
    /// What holds for a journal; nothing may be read where that can't be told.
    #[must_use]
    pub fn load(session: &Session) -> Self {
        match session.value(NAME) {
            Ok(None) => Self::Entries,
            Ok(Some(value)) if value == ENTRIES => Self::Entries,
            _ => Self::Nothing,
        }
    }

    /// Seals it in the journal.
    /// # Errors
    /// Those of the vault.
    pub fn store(self, session: &mut Session) -> vault::Result<()> {
        let value = match self {
            Self::Entries => ENTRIES,
            Self::Nothing => NOTHING,
        };
        session.set_value(NAME, value)
    }

    /// Whether a model may read an entry that says this.
    #[must_use]
    pub fn allows(self, content: &Content) -> bool {
        self == Self::Entries && content.is_read_by_model()
    }

    /// Leaves the entries that a model may read; how many were kept from it.
    pub fn retain(self, entries: &mut Vec<Entry>) -> usize {
        let all = entries.len();
        entries.retain(|entry| self.allows(&entry.content));
        all - entries.len()
    }
}

#[cfg(test)]
mod tests {
    use vault::{KdfParams, Passphrase, Vault};

    use super::*;
    use crate::reflection::script::entry;

    #[test]
    fn an_entry_or_the_whole_journal_can_be_kept_from_a_model() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j");
        let mut session = Vault::create(&path, &Passphrase::new("p"), KdfParams::FLOOR).unwrap();
        let mut entries = vec![entry(1, "read"), entry(2, "kept")];
        entries[1].content.kept_from_model = true;
        let permission = Permission::load(&session);
        let mut read = entries.clone();
        assert_eq!((permission.retain(&mut read), read.len()), (1, 1));
        assert_eq!(read[0].content.text, "read");
        Permission::Nothing.store(&mut session).unwrap();
        assert_eq!(Permission::load(&session).retain(&mut entries), 2);
        Permission::Entries.store(&mut session).unwrap();
        assert_eq!(Permission::load(&session), Permission::Entries);
    }
}
