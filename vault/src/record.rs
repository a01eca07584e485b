//! A record: a kind, a payload and zeros up to a coarse size, sealed to its place.
use zeroize::Zeroizing;

use crate::{
    Error, Result,
    keys::{Keys, VaultId},
    padding::padded_len,
    seal,
    store::FORMAT,
};

/// Largest payload of one record: 256 MiB.
pub(crate) const MAX_PAYLOAD: usize = 256 << 20;
/// Kind, schema, length of the payload.
const HEADER: usize = 6;

/// What a record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A revision of an entry.
    Entry,
    /// A value under a name.
    Value,
    /// A revision of an attachment's description.
    Attachment,
    /// A page of the catalogue, made of revisions.
    Page,
    /// The contents of the catalogue.
    Contents,
    /// A segment of the index, made of entries.
    Segment,
    /// Kind and schema of a newer version: kept and copied, never read.
    Other(u8, u8),
}

/// A record as it is before sealing.
pub(crate) struct Record {
    pub(crate) id: [u8; 16],
    pub(crate) kind: Kind,
    pub(crate) payload: Zeroizing<Vec<u8>>,
}

impl Record {
    /// Seals it to its id and its vault.
    pub(crate) fn seal(&self, keys: &Keys, vault: VaultId) -> Result<Vec<u8>> {
        seal::seal(&keys.records, &associated(vault, &self.id), &self.inner()?)
    }

    /// Opens what is stored under an id; `None` if it doesn't authenticate or makes no sense.
    pub(crate) fn open(keys: &Keys, vault: VaultId, id: [u8; 16], sealed: &[u8]) -> Option<Self> {
        Self::decode(id, seal::open(&keys.records, &associated(vault, &id), sealed)?)
    }

    /// Reads what lay inside; `None` if it makes no sense.
    pub(crate) fn decode(id: [u8; 16], mut inner: Zeroizing<Vec<u8>>) -> Option<Self> {
        let header = *inner.first_chunk::<HEADER>()?;
        let [kind, schema, length @ ..] = header;
        let end = HEADER.checked_add(usize::try_from(u32::from_le_bytes(length)).ok()?)?;
        if inner.len() < end || inner[end..].iter().fold(0, |all, byte| all | byte) != 0 {
            return None;
        }
        inner.truncate(end);
        inner.drain(..HEADER);
        Some(Self { id, kind: Kind::of_code(kind, schema), payload: inner })
    }

    fn inner(&self) -> Result<Zeroizing<Vec<u8>>> {
        if self.payload.len() > MAX_PAYLOAD {
            return Err(Error::TooLarge);
        }
        let length = u32::try_from(self.payload.len()).map_err(|_| Error::TooLarge)?;
        let padded = padded_len(HEADER + self.payload.len());
        let mut inner = Zeroizing::new(Vec::with_capacity(padded));
        inner.extend_from_slice(&self.kind.code());
        inner.extend_from_slice(&length.to_le_bytes());
        inner.extend_from_slice(&self.payload);
        inner.resize(padded, 0);
        Ok(inner)
    }
}

impl Kind {
    fn of_code(kind: u8, schema: u8) -> Self {
        match (kind, schema) {
            (1, 1) => Self::Entry,
            (2, 1) => Self::Value,
            (3, 1) => Self::Attachment,
            (4, 1) => Self::Page,
            (5, 1) => Self::Contents,
            (6, 1) => Self::Segment,
            (kind, schema) => Self::Other(kind, schema),
        }
    }

    /// Whether it is made of other records, and can be made of them again.
    pub(crate) fn is_derived(self) -> bool {
        matches!(self, Self::Page | Self::Contents | Self::Segment)
    }

    fn code(self) -> [u8; 2] {
        match self {
            Self::Entry => [1, 1],
            Self::Value => [2, 1],
            Self::Attachment => [3, 1],
            Self::Page => [4, 1],
            Self::Contents => [5, 1],
            Self::Segment => [6, 1],
            Self::Other(kind, schema) => [kind, schema],
        }
    }
}

/// The last 16 bytes of what is sealed, by which the root knows it.
pub(crate) fn tag_of(sealed: &[u8]) -> [u8; seal::TAG] {
    sealed.last_chunk().copied().unwrap_or_default()
}

fn associated(vault: VaultId, id: &[u8; 16]) -> Vec<u8> {
    [b"ink1 record".as_slice(), &FORMAT.to_le_bytes(), &vault.0, id].concat()
}
