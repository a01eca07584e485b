//! Reads records as unlocking does, from their insides.
use zeroize::Zeroizing;

pub use super::catalogue::fuzzing::{read_contents, read_page};
use super::{Loaded, Loading};
use crate::{
    ledger::Stored,
    record::Record,
    revision::Lineage,
    search::segment::{Builder, Segment},
};

/// Takes in what was inside these records, in a row, and looks at all that stands.
pub fn read_records(inner: &[&[u8]]) {
    let mut loading = Loading::default();
    for (row, inner) in (0_i64..).zip(inner) {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&row.to_le_bytes());
        if let Some(record) = Record::decode(id, Zeroizing::new(inner.to_vec())) {
            loading.add(Loaded::of(Stored { row, id, tag: id }, &record));
        }
    }
    let attached = loading.attachments.values().map(|attached| &attached.lineage);
    for lineage in loading.entries.values().chain(loading.values.values()).chain(attached) {
        look_at(lineage);
    }
    let _ = loading.metas.into_iter().collect::<super::list::List>();
}

/// Reads a segment of the stored index. What is read and written again reads as the same.
pub fn read_segment(payload: &[u8]) {
    let Some(segment) = Segment::decode(payload) else { return };
    let members = segment.members.len() as u32;
    for (_, postings) in segment.forms() {
        assert!(postings.is_sorted_by(|one, next| one.0 < next.0), "members out of order");
        assert!(postings.iter().all(|it| it.0 < members && it.1 > 0), "a member that is not there");
    }
    let mut builder = Builder::default();
    builder.take(&segment, &|_| true);
    let again = builder.encode();
    assert!(Segment::decode(&again).is_some_and(|it| it.members.len() == segment.members.len()));
}

/// Whatever the clocks say, something stands, and what is gone is below it.
fn look_at(lineage: &Lineage) {
    assert!(lineage.heads().count() > 0, "no head");
    assert!(lineage.standing().len() <= lineage.0.len());
    assert!(lineage.shown().is_none() || lineage.last_living().is_some());
    let (superseded, purged) = (lineage.superseded(), lineage.purged());
    assert!(purged.is_subset(&superseded), "a purge that removes what stands");
    assert!(lineage.heads().all(|head| !superseded.contains(&head.stored.id)), "a head below");
    let all = lineage.clock();
    assert!(lineage.0.iter().all(|one| one.clock <= all), "a clock that has not seen everything");
}
