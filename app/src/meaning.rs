//! What entries mean: vectors of their passages, made by the embedding model, sealed in the vault.
//!
//! They are kept by month of the entries, so that an edit writes little and unlocking reads few records.
//! Each is kept with a hash of the text it was made of: it is made anew exactly when the text changed.
pub mod cut;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ops::Range,
    path::Path,
};

use engine::{CancelToken, Embedder};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use vault::{
    Content, Entry, EntryId, Session,
    search::{Passages, stored},
};
use zeroize::Zeroizing;

/// What the names of the values begin with.
pub const NAME: &str = "meaning/";
/// Counts the rules by which passages are cut and stored.
const VERSION: u8 = 1;
/// Bytes of a hash kept.
const HASH: usize = 16;

/// A beginning of a SHA-256.
type Hash = [u8; HASH];

/// Which model vectors are of, and how long they are. Vectors of two models can't be compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Space {
    model: Hash,
    /// Length of a vector.
    pub dimensions: usize,
}

impl Space {
    /// The space of the embedding model at `path`.
    /// # Errors
    /// When it can't be used.
    pub fn of(path: &Path) -> engine::Result<Self> {
        let info = Embedder::info(path)?;
        let hash = Sha256::new_with_prefix([VERSION]).chain_update(info.fingerprint);
        Ok(Self { model: short(hash), dimensions: info.dimensions })
    }
}

/// What was made of one entry, ready to be sealed.
pub struct Made {
    id: EntryId,
    month: Date,
    text: Hash,
    bytes: Zeroizing<Vec<u8>>,
}

impl Made {
    /// Makes what is to be kept of entries; `None` when cancelled.
    /// # Errors
    /// The model's.
    pub fn of(
        entries: &[Entry],
        embedder: &Embedder,
        space: Space,
        cancel: &CancelToken,
    ) -> engine::Result<Option<Vec<Self>>> {
        let cut: Vec<Vec<Range<usize>>> =
            entries.iter().map(|entry| cut::passages(&entry.content.text)).collect();
        let texts = entries.iter().zip(&cut).flat_map(|(entry, ranges)| {
            ranges.iter().map(move |range| &entry.content.text[range.clone()])
        });
        let Some(vectors) = embedder.embed(&texts.collect::<Vec<&str>>(), cancel)? else {
            return Ok(None);
        };
        let mut vectors = vectors.as_slice();
        let made = entries.iter().zip(&cut).map(|(entry, ranges)| {
            let (own, rest) = vectors.split_at(ranges.len());
            vectors = rest;
            Self::new(entry, ranges, own, space)
        });
        Ok(Some(made.collect()))
    }

    /// Which entry it was made of.
    #[must_use]
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// Whether it was made of the text that the entry has now.
    #[must_use]
    pub fn is_of(&self, entry: &Entry) -> bool {
        self.id == entry.id && self.text == text_hash(&entry.content)
    }

    /// Puts it among the passages in memory.
    pub fn join(&self, passages: &mut Passages) {
        passages.put_stored(self.id, &self.bytes);
    }

    fn new(entry: &Entry, ranges: &[Range<usize>], vectors: &[Vec<f32>], space: Space) -> Self {
        let passages = ranges.iter().cloned().zip(vectors.iter().map(Vec::as_slice));
        Self {
            id: entry.id,
            month: entry.content.date.first_of_month(),
            text: text_hash(&entry.content),
            bytes: Zeroizing::new(stored(space.dimensions, passages)),
        }
    }
}

/// Which entries have passages, and of what text they were made.
pub struct Meanings {
    space: Space,
    known: HashMap<EntryId, (Date, Hash)>,
}

impl Meanings {
    /// What the vault holds of this model, and the passages themselves; what it holds of another is
    /// left for being replaced.
    /// # Errors
    /// Those of the vault.
    pub fn load(session: &Session, space: Space) -> vault::Result<(Self, Passages)> {
        let mut passages = Passages::new(space.dimensions);
        let mut meanings = Self { space, known: HashMap::new() };
        let kept = kept_from_model(session);
        for name in session.value_names(NAME) {
            let Some(month) = month_of(&name) else { continue };
            let Some(bytes) = session.value(&name)?.map(Zeroizing::new) else { continue };
            for item in items(&bytes, space) {
                // What stands of an entry that is not read any more is known, to be swept.
                if kept.contains(&item.id) || passages.put_stored(item.id, item.bytes) {
                    meanings.known.insert(item.id, (month, item.text));
                }
            }
        }
        Ok((meanings, passages))
    }

    /// Which model they are of.
    #[must_use]
    pub fn space(&self) -> Space {
        self.space
    }

    /// Whether the passages of an entry have to be made, because there are none or its text changed;
    /// never where it is kept from the model.
    #[must_use]
    pub fn lacks(&self, entry: &Entry) -> bool {
        if !entry.content.is_read_by_model() {
            return false;
        }
        let known = self.known.get(&entry.id);
        known.is_none_or(|(_, text)| *text != text_hash(&entry.content))
    }

    /// Seals what was made, in place of what there was.
    /// # Errors
    /// Those of the vault; nothing is changed then but months that are written already.
    pub fn put(&mut self, session: &mut Session, made: Vec<Made>) -> vault::Result<()> {
        let mut months: BTreeMap<Date, Vec<Made>> = BTreeMap::new();
        // The person may have kept one of them from the model meanwhile.
        let kept = kept_from_model(session);
        for made in made.into_iter().filter(|made| !kept.contains(&made.id)) {
            if let Some((month, _)) = self.known.get(&made.id)
                && *month != made.month
            {
                self.remove(session, made.id)?;
            }
            months.entry(made.month).or_default().push(made);
        }
        for (month, made) in months {
            let gone: Vec<EntryId> = made.iter().map(|made| made.id).collect();
            self.write(session, month, &gone, &made)?;
            self.known.extend(made.into_iter().map(|made| (made.id, (month, made.text))));
        }
        Ok(())
    }

    /// Deletes what there is of an entry.
    /// # Errors
    /// Those of the vault.
    pub fn remove(&mut self, session: &mut Session, id: EntryId) -> vault::Result<()> {
        let Some((month, _)) = self.known.get(&id).copied() else { return Ok(()) };
        self.write(session, month, &[id], &[])?;
        self.known.remove(&id);
        Ok(())
    }

    /// Deletes what there is of entries that are no more, or are kept from the model now.
    /// # Errors
    /// Those of the vault.
    pub fn sweep(&mut self, session: &mut Session) -> vault::Result<()> {
        let kept = kept_from_model(session);
        let living: HashSet<EntryId> = session.ids().into_iter().collect();
        let is_dead = |id: &&EntryId| !living.contains(id) || kept.contains(id);
        let dead: Vec<EntryId> = self.known.keys().filter(is_dead).copied().collect();
        dead.into_iter().try_for_each(|id| self.remove(session, id))
    }

    /// Writes a month without `gone` and with `made`.
    fn write(
        &self,
        session: &mut Session,
        month: Date,
        gone: &[EntryId],
        made: &[Made],
    ) -> vault::Result<()> {
        let name = format!("{NAME}{}", month.strftime("%Y-%m"));
        let before = Zeroizing::new(session.value(&name)?.unwrap_or_default());
        let mut bytes = Zeroizing::new(self.space.model.to_vec());
        for item in items(&before, self.space).filter(|item| !gone.contains(&item.id)) {
            append(&mut bytes, item.id, item.text, item.bytes);
        }
        for made in made {
            append(&mut bytes, made.id, made.text, &made.bytes);
        }
        match bytes.len() {
            HASH => session.remove_value(&name),
            _ => session.set_value(&name, &bytes),
        }
    }
}

fn kept_from_model(session: &Session) -> HashSet<EntryId> {
    let kept = session.metas().filter(|meta| meta.kept_from_model);
    kept.map(|meta| meta.id).collect()
}

/// Deletes all that there is.
/// # Errors
/// Those of the vault.
pub fn clear(session: &mut Session) -> vault::Result<()> {
    session.value_names(NAME).iter().try_for_each(|name| session.remove_value(name))
}

/// Deletes what there is of an entry of the day `date`, of whatever model.
/// # Errors
/// Those of the vault.
pub fn forget(session: &mut Session, id: EntryId, date: Date) -> vault::Result<()> {
    let name = format!("{NAME}{}", date.strftime("%Y-%m"));
    let before = Zeroizing::new(session.value(&name)?.unwrap_or_default());
    let Some((model, rest)) = before.split_first_chunk::<HASH>() else { return Ok(()) };
    if items_in(rest).all(|item| item.id != id) {
        return Ok(());
    }
    let mut bytes = Zeroizing::new(model.to_vec());
    for item in items_in(rest).filter(|item| item.id != id) {
        append(&mut bytes, item.id, item.text, item.bytes);
    }
    match bytes.len() {
        HASH => session.remove_value(&name),
        _ => session.set_value(&name, &bytes),
    }
}

/// What is kept of an entry within its month.
struct Item<'a> {
    id: EntryId,
    text: Hash,
    bytes: &'a [u8],
}

fn append(bytes: &mut Vec<u8>, id: EntryId, text: Hash, passages: &[u8]) {
    bytes.extend(id.0);
    bytes.extend(text);
    bytes.extend(u32::try_from(passages.len()).unwrap_or_default().to_le_bytes());
    bytes.extend(passages);
}

/// The items of a month; none where it is of another model.
fn items(bytes: &[u8], space: Space) -> impl Iterator<Item = Item<'_>> {
    items_in(bytes.strip_prefix(&space.model).unwrap_or_default())
}

/// The items after the model's hash; none after a fault.
fn items_in(mut rest: &[u8]) -> impl Iterator<Item = Item<'_>> {
    std::iter::from_fn(move || {
        let (id, after) = rest.split_first_chunk()?;
        let (text, after) = after.split_first_chunk()?;
        let (length, after) = after.split_first_chunk()?;
        let (bytes, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        rest = after;
        Some(Item { id: EntryId(*id), text: *text, bytes })
    })
}

fn month_of(name: &str) -> Option<Date> {
    format!("{}-01", name.strip_prefix(NAME)?).parse().ok()
}

fn text_hash(content: &Content) -> Hash {
    short(Sha256::new_with_prefix(content.text.as_bytes()))
}

fn short(hash: Sha256) -> Hash {
    let mut short = [0; HASH];
    short.copy_from_slice(&hash.finalize()[..HASH]);
    short
}

#[cfg(test)]
mod tests;
