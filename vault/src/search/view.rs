//! The index as one search sees it, together with the entries themselves.
use std::{borrow::Cow, cell::RefCell, ops::Deref};

use super::{forward, inverted::Inverted};
use crate::{Entry, EntryId};

/// Gives the words of every entry in their order: from memory, or, where a segment left them out
/// and they have not come yet, from the entry.
pub(crate) struct View<'a> {
    index: &'a Inverted,
    entry_of: RefCell<&'a mut dyn FnMut(EntryId) -> Option<Entry>>,
}

impl<'a> View<'a> {
    pub(crate) fn new(
        index: &'a Inverted,
        entry_of: &'a mut dyn FnMut(EntryId) -> Option<Entry>,
    ) -> Self {
        Self { index, entry_of: RefCell::new(entry_of) }
    }

    pub(crate) fn entry(&self, id: EntryId) -> Option<Entry> {
        (self.entry_of.borrow_mut())(id)
    }

    /// The units of a document; none where its entry can't be read.
    pub(crate) fn units(&self, doc: u32) -> Cow<'a, [u16]> {
        if let Some(units) = self.index.forward.units(doc) {
            return Cow::Borrowed(units);
        }
        let entry = self.entry(self.index.documents.get(doc).id);
        let words = entry.map(|entry| self.index.words_of(&entry.content)).unwrap_or_default();
        let mut units = Vec::with_capacity(words.len());
        words.iter().for_each(|&word| forward::encode(word, &mut units));
        Cow::Owned(units)
    }
}

impl Deref for View<'_> {
    type Target = Inverted;

    fn deref(&self) -> &Inverted {
        self.index
    }
}
