//! The contents of the catalogue: its pages, and every record that is in none.
use zeroize::Zeroizing;

use super::page::{actors, put_actors};
use crate::{
    clock::Clock,
    ledger::Stored,
    packing::{self, Bytes},
};

/// Where the catalogue lies.
pub(super) struct Contents {
    /// Its pages, and how many revisions are in each.
    pub(super) pages: Vec<(Stored, usize)>,
    pub(super) loose: Vec<(Stored, Loose)>,
}

/// A record that is in no page.
pub(super) enum Loose {
    Other,
    /// Its name and clock.
    Value(String, Clock),
    /// Read when the vault is opened, for its key.
    Attachment,
    Segment,
}

impl Contents {
    pub(super) fn encode(&self) -> Zeroizing<Vec<u8>> {
        let (mut actors, mut body) = (Vec::new(), Zeroizing::new(Vec::new()));
        packing::put(&mut body, self.pages.len() as u64);
        for (stored, count) in &self.pages {
            put_stored(&mut body, stored);
            packing::put(&mut body, *count as u64);
        }
        packing::put(&mut body, self.loose.len() as u64);
        for (stored, loose) in &self.loose {
            put_stored(&mut body, stored);
            body.push(loose.code());
            if let Loose::Value(name, clock) = loose {
                packing::put_text(&mut body, name);
                clock.pack(&mut actors, &mut body);
            }
        }
        let mut payload = Zeroizing::new(Vec::with_capacity(body.len() + 8 * actors.len() + 16));
        put_actors(&mut payload, &actors);
        payload.extend_from_slice(&body);
        payload
    }

    /// Reads contents; none where they make no sense.
    pub(super) fn decode(payload: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(payload);
        let actors = actors(&mut bytes)?;
        let (mut pages, mut loose) = (Vec::new(), Vec::new());
        for _ in 0..bytes.count()? {
            pages.push((stored(&mut bytes)?, bytes.count()?));
        }
        for _ in 0..bytes.count()? {
            let (stored, [code]) = (stored(&mut bytes)?, bytes.array()?);
            let one = match code {
                0 => Loose::Other,
                1 => {
                    let name = bytes.text()?.to_owned();
                    Loose::Value(name, Clock::unpack(&actors, &mut bytes)?)
                }
                2 => Loose::Attachment,
                3 => Loose::Segment,
                _ => return None,
            };
            loose.push((stored, one));
        }
        Some(Self { pages, loose })
    }
}

impl Loose {
    fn code(&self) -> u8 {
        match self {
            Self::Other => 0,
            Self::Value(..) => 1,
            Self::Attachment => 2,
            Self::Segment => 3,
        }
    }
}

fn put_stored(bytes: &mut Vec<u8>, stored: &Stored) {
    packing::put(bytes, stored.row.cast_unsigned());
    bytes.extend_from_slice(&stored.id);
    bytes.extend_from_slice(&stored.tag);
}

fn stored(bytes: &mut Bytes<'_>) -> Option<Stored> {
    let row = bytes.number()?.cast_signed();
    Some(Stored { row, id: bytes.array()?, tag: bytes.array()? })
}
