//! Reads the parts of a catalogue from their payloads.
use super::{contents::Contents, page};
use crate::{EntryId, EntryMeta, revision::Page};

/// Reads the contents of a catalogue. What is read and written again reads as the same.
pub fn read_contents(payload: &[u8]) {
    let Some(contents) = Contents::decode(payload) else { return };
    let again = Contents::decode(&contents.encode());
    assert!(again.is_some_and(|again| {
        again.pages == contents.pages && again.loose.len() == contents.loose.len()
    }));
}

/// Reads a page of a catalogue. What is read and written again reads as the same.
pub fn read_page(payload: &[u8]) {
    let Some(mut listed) = page::decode(payload, Page(0)) else { return };
    // Each once: of an entry that is there several times, only one is shown.
    listed.sort_by_key(|it| it.entry);
    listed.dedup_by_key(|it| it.entry);
    let meta_of = |id: EntryId| -> Option<&EntryMeta> {
        let at = listed.binary_search_by_key(&id, |it| it.entry).ok()?;
        listed[at].meta.as_ref()
    };
    let revisions: Vec<_> = listed.iter().map(|it| (it.entry, &it.revision)).collect();
    let again = page::decode(&page::encode(&revisions, &meta_of), Page(0)).unwrap_or_default();
    assert_eq!(again.len(), listed.len(), "a page that can't be written again");
    for (one, other) in again.iter().zip(&listed) {
        let same = one.revision.stored == other.revision.stored && one.entry == other.entry;
        assert!(same && one.revision.clock == other.revision.clock && one.meta == other.meta);
    }
}
