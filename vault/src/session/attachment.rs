//! Attachments: files of any size, sealed piece by piece in constant memory.
use std::{
    collections::{HashMap, HashSet},
    io::{self, Read},
};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Session, now};
use crate::{
    EntryId, Error, Result,
    clock::Clock,
    hex,
    ledger::{Change, Stored},
    locked::Key,
    padding::padme,
    random,
    record::{Kind, Record},
    revision::{AttachmentBody, FileContent, Lineage, Page, Revision, State, to_json},
    seal,
    store::{FORMAT, Store, Write},
};

#[cfg(test)]
mod tests;

/// Bytes of a piece before sealing; the last may be shorter.
const PIECE: usize = 64 * 1024;

/// Names an attachment for ever; 128 random bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct AttachmentId(pub [u8; 16]);

/// A file attached to an entry.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Which attachment.
    pub id: AttachmentId,
    /// The entry it belongs to.
    pub entry: EntryId,
    /// Its file name, as the person gave it. Not to be used as a path.
    pub name: String,
    /// Its media type, such as `image/jpeg`.
    pub media_type: String,
    /// In bytes.
    pub length: u64,
}

/// An attachment as it is known in memory.
#[derive(Default)]
pub(super) struct Attached {
    pub(super) lineage: Lineage,
    /// None once it was removed.
    file: Option<(EntryId, FileContent)>,
}

/// An attachment that is about to be removed for good.
pub(super) struct Removal {
    pub(super) id: AttachmentId,
    body: AttachmentBody,
    delete: Vec<Stored>,
}

impl Removal {
    pub(super) fn plan(&self, change: &mut Change) -> Result<()> {
        change.insert.push(record(&self.body)?);
        change.delete.extend(&self.delete);
        Ok(())
    }
}

impl Session {
    /// Attaches a file to an entry, in one transaction; reads `source` once, to its end.
    /// # Errors
    /// `NoSuchEntry`, those of `put`, and those of reading; nothing is changed then.
    pub fn attach(
        &mut self,
        entry: EntryId,
        name: &str,
        media_type: &str,
        source: &mut dyn Read,
    ) -> Result<AttachmentId> {
        self.lineage(entry)?;
        let id = AttachmentId(random::bytes()?);
        let key = Key::new(random::bytes()?);
        let mut file = FileContent {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            length: 0,
            key: Zeroizing::new(hex::encode(&*key)),
        };
        let mut body = self.attachment_body(id, entry, Clock::default());
        let mut change = Change::default();
        let stored = self.ledger.commit_with(&mut change, |write, change| {
            file.length = write_pieces(write, id, &key, source)?;
            body.content = Some(file);
            change.insert.push(record(&body)?);
            Ok(())
        })?;
        self.take_attachment(&stored, body);
        Ok(id)
    }

    /// The files attached to an entry, by name.
    #[must_use]
    pub fn attachments(&self, entry: EntryId) -> Vec<Attachment> {
        let files = self.attachments.iter().filter_map(|(id, attached)| {
            let (of, FileContent { name, media_type, length, .. }) = attached.file.as_ref()?;
            let (name, media_type) = (name.clone(), media_type.clone());
            Some(Attachment { id: *id, entry: *of, name, media_type, length: *length })
        });
        let mut files: Vec<_> = files.filter(|attachment| attachment.entry == entry).collect();
        files.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        files
    }

    /// Every entry with attached files, once a file, with its media type.
    #[must_use]
    pub fn attached(&self) -> Vec<(EntryId, String)> {
        let file = |attached: &Attached| {
            let (of, content) = attached.file.as_ref()?;
            Some((*of, content.media_type.clone()))
        };
        self.attachments.values().filter_map(file).collect()
    }

    /// Writes the bytes of an attachment to `sink`. Where it fails, what was written so far is
    /// right but not whole, and is to be thrown away.
    /// # Errors
    /// `NoSuchEntry`, `Damaged`, `Io`.
    pub fn read_attachment(&self, id: AttachmentId, sink: &mut dyn io::Write) -> Result<()> {
        let file = self.attachments.get(&id).and_then(|attached| attached.file.as_ref());
        let (_, file) = file.ok_or(Error::NoSuchEntry)?;
        let damaged = || Error::damaged("an attachment");
        let key = Key::new(hex::decode(&file.key).ok_or_else(damaged)?);
        let (count, mut left) = (pieces(file.length), file.length);
        for number in 0..count {
            let sealed = self.ledger.store.chunk(&id.0, number)?.ok_or_else(damaged)?;
            let place = associated(id, number, number + 1 == count);
            let piece = seal::open(&key, &place, &sealed).ok_or_else(damaged)?;
            let wanted = usize::try_from(left).unwrap_or(PIECE).min(piece.len());
            sink.write_all(&piece[..wanted])?;
            left -= wanted as u64;
        }
        if left == 0 { Ok(()) } else { Err(damaged()) }
    }

    /// Removes an attachment for good, here and wherever this vault is merged.
    /// # Errors
    /// `NoSuchEntry`, and those of `put`.
    pub fn remove_attachment(&mut self, id: AttachmentId) -> Result<()> {
        let removal = self.removal(id)?;
        let mut change = Change::default();
        removal.plan(&mut change)?;
        let stored = self.ledger.commit_with(&mut change, |write, _| write.delete_chunks(&id.0))?;
        stored.into_iter().for_each(|stored| self.removed(&removal, stored));
        self.note_seen();
        self.ledger.store.checkpoint()
    }

    /// What it takes to remove every attachment of an entry for good.
    pub(super) fn removals(&self, entry: EntryId) -> Result<Vec<Removal>> {
        self.attachments(entry).iter().map(|attachment| self.removal(attachment.id)).collect()
    }

    fn removal(&self, id: AttachmentId) -> Result<Removal> {
        let attached = self.attachments.get(&id).ok_or(Error::NoSuchEntry)?;
        let (entry, _) = *attached.file.as_ref().ok_or(Error::NoSuchEntry)?;
        let mut body = self.attachment_body(id, entry, attached.lineage.clock());
        body.purged = true;
        Ok(Removal { id, body, delete: attached.lineage.0.iter().map(|one| one.stored).collect() })
    }

    /// Brings what is in memory up to date with a removal that is on disk.
    pub(super) fn removed(&mut self, removal: &Removal, stored: Stored) {
        let attached = self.attachments.entry(removal.id).or_default();
        attached.forget(&removal.delete.iter().map(|stored| stored.id).collect());
        let (clock, written) = (removal.body.clock.clone(), removal.body.written);
        let (state, page) = (State::Purged, Page::NONE);
        attached.lineage.add(Revision { stored, clock, written, state, page });
    }

    /// Attachments that are there, with the revision that describes each.
    pub(super) fn attached_files(&self) -> impl Iterator<Item = (AttachmentId, Stored, u64)> {
        self.attachments.iter().filter_map(|(id, attached)| {
            let (_, file) = attached.file.as_ref()?;
            Some((*id, attached.lineage.shown()?.stored, file.length))
        })
    }

    pub(super) fn damaged_attachments(&self) -> Result<usize> {
        let mut damaged = 0;
        for (id, ..) in self.attached_files() {
            match self.read_attachment(id, &mut io::sink()) {
                Err(Error::Damaged { .. }) => damaged += 1,
                read => read?,
            }
        }
        Ok(damaged)
    }

    /// A revision that comes after `clock` and says nothing yet.
    fn attachment_body(
        &self,
        attachment: AttachmentId,
        entry: EntryId,
        mut clock: Clock,
    ) -> AttachmentBody {
        clock.bump(self.actor);
        AttachmentBody { attachment, entry, clock, written: now(), content: None, purged: false }
    }

    fn take_attachment(&mut self, stored: &[Stored], body: AttachmentBody) {
        if let [stored] = stored {
            take(&mut self.attachments, *stored, body);
        }
        self.note_seen();
    }
}

impl Attached {
    /// Takes in what another copy knows of the same attachment.
    pub(super) fn join(&mut self, other: Self) {
        self.lineage.0.extend(other.lineage.0);
        self.file = self.file.take().or(other.file);
        self.settle();
    }

    pub(super) fn forget(&mut self, gone: &HashSet<[u8; 16]>) {
        self.lineage.remove_all(gone);
        self.settle();
    }

    fn settle(&mut self) {
        if self.lineage.shown().is_none() {
            self.file = None;
        }
    }
}

impl From<AttachmentId> for String {
    fn from(id: AttachmentId) -> Self {
        hex::encode(&id.0)
    }
}

impl TryFrom<String> for AttachmentId {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        hex::decode(&text).map(Self).ok_or(Error::NoSuchEntry)
    }
}

/// Copies the pieces of an attachment as they are: they depend on no key but their own.
pub(super) fn copy_pieces(
    from: &Store,
    write: &Write<'_>,
    id: AttachmentId,
    length: u64,
) -> Result<()> {
    for number in 0..pieces(length) {
        match from.chunk(&id.0, number) {
            Ok(Some(sealed)) => write.insert_chunk(&id.0, number, &sealed)?,
            // A piece that can't be reached costs its attachment, and nothing else.
            Ok(None) | Err(Error::Damaged { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Takes in the description of an attachment.
pub(super) fn take(
    attachments: &mut HashMap<AttachmentId, Attached>,
    stored: Stored,
    body: AttachmentBody,
) {
    let state = State::of(body.content.as_ref(), body.purged);
    let AttachmentBody { attachment, entry, clock, written, content, .. } = body;
    let attached = attachments.entry(attachment).or_default();
    let page = Page::NONE;
    attached.lineage.add(Revision { stored, clock, written, state, page });
    attached.file = attached.file.take().or(content.map(|content| (entry, content)));
    attached.settle();
}

fn record(body: &AttachmentBody) -> Result<Record> {
    Ok(Record { id: random::bytes()?, kind: Kind::Attachment, payload: to_json(body)? })
}

/// Seals all of `source`, piece by piece; gives its length.
fn write_pieces(
    write: &Write<'_>,
    id: AttachmentId,
    key: &Key,
    source: &mut dyn Read,
) -> Result<u64> {
    let (mut length, mut written, mut number) = (0, 0, 0);
    let mut piece = next_piece(source, &mut length, &mut written)?;
    loop {
        let following = next_piece(source, &mut length, &mut written)?;
        let last = following.is_empty();
        let sealed = seal::seal(key, &associated(id, number, last), &piece)?;
        write.insert_chunk(&id.0, number, &sealed)?;
        if last {
            return Ok(length);
        }
        (piece, number) = (following, number + 1);
    }
}

/// The next piece of the source, or of the zeros that follow it; empty after both.
fn next_piece(
    source: &mut dyn Read,
    length: &mut u64,
    written: &mut u64,
) -> Result<Zeroizing<Vec<u8>>> {
    let mut piece = Zeroizing::new(Vec::with_capacity(PIECE));
    source.take(PIECE as u64).read_to_end(&mut piece)?;
    *length += piece.len() as u64;
    if piece.len() < PIECE {
        let zeros = padded(*length) - *written - piece.len() as u64;
        let filled = usize::try_from(zeros).unwrap_or(PIECE).saturating_add(piece.len());
        piece.resize(filled.min(PIECE), 0);
    }
    *written += piece.len() as u64;
    Ok(piece)
}

fn pieces(length: u64) -> u64 {
    padded(length).div_ceil(PIECE as u64).max(1)
}

fn padded(length: u64) -> u64 {
    usize::try_from(length).map_or(length, |length| padme(length) as u64)
}

fn associated(id: AttachmentId, number: u64, last: bool) -> Vec<u8> {
    let place = number.to_le_bytes();
    [b"ink1 chunk".as_slice(), &FORMAT.to_le_bytes(), &id.0, &place, &[u8::from(last)]].concat()
}
