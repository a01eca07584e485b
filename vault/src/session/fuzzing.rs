//! Reads records as unlocking does, from their insides.
use zeroize::Zeroizing;

use super::{Loaded, Loading};
use crate::{ledger::Stored, record::Record, revision::Lineage};

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
