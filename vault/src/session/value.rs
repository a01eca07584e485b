//! Sealed values by name: settings and caches.
use super::Session;
use crate::{
    Error, Result,
    ledger::Change,
    random,
    record::{Kind, Record},
    revision::{Lineage, Revision, ValueHead},
};

impl Session {
    /// A sealed value of the person's settings or of a cache, by name.
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn value(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let Some(shown) = self.values.get(name).and_then(Lineage::shown) else { return Ok(None) };
        let record = self.ledger.read(&shown.stored)?;
        match ValueHead::split(&record.payload) {
            Some((_, value)) => Ok(Some(value.to_vec())),
            None => Err(Error::damaged("a record")),
        }
    }

    /// Names of the sealed values that begin so, in order.
    #[must_use]
    pub fn value_names(&self, beginning: &str) -> Vec<String> {
        let standing = self.values.iter().filter(|(_, lineage)| lineage.shown().is_some());
        let mut names: Vec<String> =
            standing.map(|(name, _)| name).filter(|n| n.starts_with(beginning)).cloned().collect();
        names.sort_unstable();
        names
    }

    /// Deletes a sealed value for good; what a merge brings of it comes back.
    /// # Errors
    /// Those of `put`.
    pub fn remove_value(&mut self, name: &str) -> Result<()> {
        let Some(lineage) = self.values.get(name) else { return Ok(()) };
        let delete: Vec<_> = lineage.0.iter().map(|revision| revision.stored).collect();
        if !delete.is_empty() {
            self.ledger.commit(&mut Change { insert: Vec::new(), delete })?;
            self.note_seen();
        }
        self.values.remove(name);
        Ok(())
    }

    /// Writes a sealed value; the one before it is gone.
    /// # Errors
    /// Those of `put`.
    pub fn set_value(&mut self, name: &str, value: &[u8]) -> Result<()> {
        let lineage = self.values.get(name).cloned().unwrap_or_default();
        let mut clock = lineage.clock();
        clock.bump(self.actor);
        let head = ValueHead { name: name.to_owned(), clock };
        let record = Record { id: random::bytes()?, kind: Kind::Value, payload: head.join(value)? };
        let delete = lineage.0.iter().map(|revision| revision.stored).collect();
        let stored = self.ledger.commit(&mut Change { insert: vec![record], delete })?;
        let revisions =
            stored.into_iter().map(|stored| Revision::of_value(stored, head.clock.clone()));
        self.values.insert(head.name, Lineage(revisions.collect()));
        self.note_seen();
        Ok(())
    }
}
