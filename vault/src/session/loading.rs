//! What unlocking gathers, record by record.
use std::collections::HashMap;

use super::attachment::{self, Attached};
use crate::{
    AttachmentId, EntryId, EntryMeta, RevisionId,
    ledger::Stored,
    record::{Kind, Record},
    revision::{AttachmentBody, EntryBody, Lineage, Revision, ValueHead, from_json},
};

/// Everything that a session keeps in memory.
#[derive(Default)]
pub(super) struct Loading {
    pub(super) entries: HashMap<EntryId, Lineage>,
    pub(super) values: HashMap<String, Lineage>,
    pub(super) attachments: HashMap<AttachmentId, Attached>,
    pub(super) others: Vec<Stored>,
    /// Segments of the stored index.
    pub(super) segments: Vec<Stored>,
    /// Parts of a catalogue that is not used.
    pub(super) unused: Vec<Stored>,
    /// Of every revision that has content.
    pub(super) metas: Vec<EntryMeta>,
}

/// What is kept of one record; the slow half of loading, for any thread.
pub(super) enum Loaded {
    Entry(EntryId, Revision, Option<EntryMeta>),
    Value(String, Revision),
    Attachment(Stored, AttachmentBody),
    Segment(Stored),
    /// A part of a catalogue.
    Catalogue(Stored),
    Other(Stored),
    /// It authenticates and makes no sense.
    Nothing,
}

impl Loading {
    pub(super) fn add(&mut self, loaded: Loaded) {
        match loaded {
            Loaded::Entry(id, revision, meta) => {
                self.entries.entry(id).or_default().add(revision);
                self.metas.extend(meta);
            }
            Loaded::Value(name, revision) => {
                self.values.entry(name).or_default().add(revision);
            }
            Loaded::Attachment(stored, body) => {
                attachment::take(&mut self.attachments, stored, body);
            }
            Loaded::Segment(stored) => self.segments.push(stored),
            Loaded::Catalogue(stored) => self.unused.push(stored),
            Loaded::Other(stored) => self.others.push(stored),
            Loaded::Nothing => {}
        }
    }
}

impl Loaded {
    pub(super) fn of(stored: Stored, record: &Record) -> Self {
        let read = match record.kind {
            Kind::Entry => Self::entry(stored, record),
            Kind::Value => Self::value(stored, record),
            Kind::Attachment => {
                from_json(&record.payload).map(|body| Self::Attachment(stored, body))
            }
            Kind::Page | Kind::Contents => Some(Self::Catalogue(stored)),
            Kind::Segment => Some(Self::Segment(stored)),
            Kind::Other(..) => Some(Self::Other(stored)),
        };
        read.unwrap_or(Self::Nothing)
    }

    fn entry(stored: Stored, record: &Record) -> Option<Self> {
        let body = from_json::<EntryBody>(&record.payload)?;
        let meta = |content| EntryMeta::of(body.entry, RevisionId(stored.id), content);
        let meta = body.content.as_ref().map(meta);
        Some(Self::Entry(body.entry, Revision::of(stored, &body), meta))
    }

    fn value(stored: Stored, record: &Record) -> Option<Self> {
        let (head, _) = ValueHead::split(&record.payload)?;
        Some(Self::Value(head.name, Revision::of_value(stored, head.clock)))
    }
}
