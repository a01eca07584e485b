//! An unlocked vault: entries and values, read and written.
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use jiff::{Unit, Zoned, civil::DateTime};

use crate::{
    Content, Entry, EntryId, EntryMeta, Error, Integrity, MasterKey, Result, RevisionId,
    clock::{Actor, Clock},
    keys::Keys,
    ledger::{Change, Ledger, Stored},
    random,
    record::{Kind, Record},
    revision::{EntryBody, Lineage, Page, Revision, State, from_json, to_json},
    seen::{Rollback, Seen},
    store::Store,
};

mod attachment;
mod backup;
mod catalogue;
mod damage;
#[cfg(test)]
mod diary;
#[cfg(test)]
mod durable;
#[cfg(test)]
mod format;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod history;
#[cfg(test)]
mod hostile;
mod import;
mod indexing;
mod list;
mod loading;
mod merge;
mod salvage;
mod slots;
#[cfg(test)]
mod tests;
mod trash;
mod value;

use attachment::Attached;
pub use attachment::{Attachment, AttachmentId};
pub use backup::Backup;
use catalogue::Catalogue;
pub use damage::DamagedEntry;
pub use history::RevisionMeta;
pub use import::ImportCount;
use indexing::StoredIndex;
use list::List;
use loading::{Loaded, Loading};
pub use merge::Merged;
pub use salvage::Salvaged;
pub use slots::SlotId;
pub use trash::Trashed;

/// How long saves of one entry may go on replacing each other.
const BURST: Duration = Duration::from_secs(10 * 60);

/// A save that is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The revision that was written.
    pub revision: RevisionId,
    /// The vault's generation after it.
    pub generation: u64,
}

/// An unlocked vault. Dropping it locks.
pub struct Session {
    ledger: Ledger,
    master: MasterKey,
    actor: Actor,
    entries: HashMap<EntryId, Lineage>,
    list: List,
    values: HashMap<String, Lineage>,
    attachments: HashMap<AttachmentId, Attached>,
    /// Records of kinds that this version doesn't know.
    others: Vec<Stored>,
    bursts: HashMap<EntryId, Burst>,
    seen: Option<Seen>,
    catalogue: Catalogue,
    index: StoredIndex,
}

/// Saves of an entry that stand for one revision.
struct Burst {
    revision: [u8; 16],
    started: Instant,
}

impl Session {
    /// Reads and checks every record.
    pub(crate) fn load(store: Store, master: MasterKey) -> Result<Self> {
        let mut loading = Loading::default();
        let keys = Keys::derive(&master);
        let ledger =
            Ledger::load(store, keys, master.vault, &read, &mut |loaded| loading.add(loaded))?;
        Self::of(ledger, master, loading, Catalogue::default())
    }

    /// Takes what the catalogue says, where that agrees with the root; see [`Session::check`].
    pub(crate) fn load_listed(store: Store, master: MasterKey) -> Result<Self> {
        let keys = Keys::derive(&master);
        match catalogue::load(&store, &keys, master.vault)? {
            Some((unchecked, loading, catalogue)) => {
                let ledger = unchecked.into_ledger(store, keys, master.vault)?;
                Self::of(ledger, master, loading, catalogue)
            }
            None => Self::load(store, master),
        }
    }

    fn of(
        ledger: Ledger,
        master: MasterKey,
        loading: Loading,
        catalogue: Catalogue,
    ) -> Result<Self> {
        let mut session = Self {
            ledger,
            master,
            actor: Actor::random()?,
            entries: HashMap::new(),
            list: List::default(),
            values: HashMap::new(),
            attachments: HashMap::new(),
            others: Vec::new(),
            bursts: HashMap::new(),
            seen: None,
            catalogue,
            index: StoredIndex::default(),
        };
        session.take(loading);
        Ok(session)
    }

    /// Keeps what was read, in the place of all that was.
    fn take(&mut self, loading: Loading) {
        let Loading { entries, values, attachments, others, segments, unused, mut metas } = loading;
        let shown = |meta: &EntryMeta| entries.get(&meta.id).and_then(Lineage::shown);
        metas.retain(|meta| shown(meta).is_some_and(|it| it.stored.id == meta.revision.0));
        self.list = metas.into_iter().collect();
        self.entries = entries;
        (self.values, self.attachments, self.others) = (values, attachments, others);
        self.index = StoredIndex::unread(segments);
        self.catalogue.unused.extend(unused);
        // What is shown came with what the list needs; not so in a catalogue that is older than a
        // deletion.
        let shown = self.entries.iter().filter(|(_, lineage)| lineage.shown().is_some());
        if shown.clone().count() == self.list.len() {
            return;
        }
        let unlisted = shown.filter(|(id, _)| self.list.get(**id).is_none());
        let unlisted: Vec<_> = unlisted.map(|(id, _)| *id).collect();
        unlisted.into_iter().for_each(|id| self.refresh_meta(id, None));
    }

    /// Looks at about so many bytes more of a vault that was opened by [`crate::Vault::into_session_listed`]:
    /// its structure first, then its records. Tells in the end what was found; where that is not
    /// sound, everything is read anew, as [`crate::Vault::into_session`] does.
    /// # Errors
    /// `Io`.
    pub fn check(&mut self, bytes: usize) -> Result<Option<Integrity>> {
        if self.ledger.is_checked() {
            return Ok(Some(self.integrity()));
        }
        let found = self.look_at(bytes)?;
        if found.is_some_and(|found| !found.is_sound()) {
            let mut loading = Loading::default();
            self.ledger.reload(&read, &mut |loaded| loading.add(loaded))?;
            self.catalogue = Catalogue::default();
            self.take(loading);
            return Ok(Some(self.integrity()));
        }
        Ok(found)
    }

    fn look_at(&mut self, bytes: usize) -> Result<Option<Integrity>> {
        let Self { ledger, entries, values, attachments, others, index, catalogue, .. } = self;
        let attached = attachments.values().map(|attached| &attached.lineage);
        let lineages = entries.values().chain(values.values()).chain(attached);
        let revisions = lineages.flat_map(|lineage| &lineage.0).map(|revision| revision.stored);
        let derived = index.stored().chain(catalogue.stored());
        ledger.check(bytes, revisions.chain(others.iter().copied()).chain(derived))
    }

    /// Whether every record was looked at since the vault was opened.
    #[must_use]
    pub fn is_checked(&self) -> bool {
        self.ledger.is_checked()
    }

    /// Writes an entry durably: when this returns, the text survives a power cut.
    ///
    /// Saves within ten minutes replace each other, so that saving as the person types leaves
    /// one revision; [`Session::commit_revision`] ends that.
    /// # Errors
    /// `Full`, `ReadOnly`, `Io`; nothing is changed then.
    pub fn put(&mut self, id: EntryId, content: &Content) -> Result<Saved> {
        if id.0 == [0; 16] {
            return Err(Error::Random);
        }
        if let Some(standing) = self.same_as_shown(id, content)? {
            return Ok(Saved { revision: standing, generation: self.generation() });
        }
        let replaced = self.replaceable(id);
        let saved = self.revise(id, Some(content.clone()), replaced)?;
        let started = match (replaced, self.bursts.get(&id)) {
            (Some(_), Some(burst)) => burst.started,
            _ => Instant::now(),
        };
        self.bursts.insert(id, Burst { revision: saved.revision.0, started });
        Ok(saved)
    }

    /// Ends a run of saves: what is saved now stays as a revision of its own.
    pub fn commit_revision(&mut self, id: EntryId) {
        self.bursts.remove(&id);
    }

    /// Reads one entry.
    /// # Errors
    /// `NoSuchEntry`, `Damaged`.
    pub fn entry(&self, id: EntryId) -> Result<Entry> {
        let shown = self.entries.get(&id).and_then(Lineage::shown).ok_or(Error::NoSuchEntry)?;
        self.read(id, shown)
    }

    /// Every living entry in the order of date, time, id; a damaged one is skipped (see `damaged`).
    /// # Errors
    /// `Io`.
    pub fn for_each_entry(&self, visit: &mut dyn FnMut(Entry)) -> Result<()> {
        let mut ids: Vec<_> =
            self.list.iter().map(|meta| (meta.date, meta.time, meta.id)).collect();
        ids.sort_unstable();
        for (_, _, id) in ids {
            match self.entry(id) {
                Ok(entry) => visit(entry),
                Err(Error::Damaged { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Ids of every living entry, newest day first, within a day by time.
    #[must_use]
    pub fn ids(&self) -> Vec<EntryId> {
        self.list.iter().map(|meta| meta.id).collect()
    }

    /// What a list needs of every living entry, in the order of [`Session::ids`].
    pub fn metas(&self) -> impl ExactSizeIterator<Item = &EntryMeta> {
        self.list.iter()
    }

    /// How many records could not be read.
    #[must_use]
    pub fn damaged(&self) -> usize {
        self.ledger.integrity().damaged_records
    }

    /// What was found when the vault was unlocked.
    #[must_use]
    pub fn integrity(&self) -> Integrity {
        self.ledger.integrity()
    }

    /// Reads and checks everything once more, as it is on disk now.
    /// # Errors
    /// `Io`.
    pub fn verify(&self) -> Result<Integrity> {
        let damaged_attachments = self.damaged_attachments()?;
        Ok(Integrity { damaged_attachments, ..self.ledger.verify()? })
    }

    /// Counts the changes of this vault.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.ledger.generation()
    }

    /// Remembers the newest generation seen of this vault in a file in `folder`, outside the
    /// vault; see [`Session::rollback`].
    /// # Errors
    /// `Full`, `ReadOnly`, `Io`.
    pub fn watch_for_rollback(&mut self, folder: &std::path::Path) -> Result<()> {
        let ledger = &self.ledger;
        self.seen = Some(Seen::read(folder, &ledger.keys, ledger.vault, self.generation())?);
        Ok(())
    }

    /// Whether this is an older copy than one that was open on this computer before.
    /// The next save accepts it as the newest.
    #[must_use]
    pub fn rollback(&self) -> Option<Rollback> {
        self.seen.as_ref().and_then(|seen| seen.rollback)
    }

    /// Accepts an older copy as the newest, as the next save would.
    /// # Errors
    /// `Full`, `ReadOnly`, `Io`.
    pub fn accept_rollback(&mut self) -> Result<()> {
        let ledger = &self.ledger;
        let Some(seen) = &mut self.seen else { return Ok(()) };
        seen.rollback = None;
        seen.note(&ledger.keys, ledger.vault, ledger.generation())
    }

    /// Folds the log into the file and closes: after it, one file holds everything.
    /// # Errors
    /// `Io`, `Full`.
    pub fn close(self) -> Result<()> {
        self.ledger.store.checkpoint()
    }

    fn read(&self, id: EntryId, revision: &Revision) -> Result<Entry> {
        let record = self.ledger.read(&revision.stored)?;
        let content = from_json::<EntryBody>(&record.payload).and_then(|body| body.content);
        let content = content.ok_or_else(|| Error::damaged("a record"))?;
        Ok(Entry { id, revision: RevisionId(revision.stored.id), content })
    }

    /// The revision shown, if it alone stands and says just this.
    fn same_as_shown(&self, id: EntryId, content: &Content) -> Result<Option<RevisionId>> {
        let Some(lineage) = self.entries.get(&id) else { return Ok(None) };
        let mut heads = lineage.heads();
        let (Some(head), None) = (heads.next(), heads.next()) else { return Ok(None) };
        if head.state != State::Living {
            return Ok(None);
        }
        let shown = match self.read(id, head) {
            Err(Error::Damaged { .. }) => return Ok(None),
            read => read?,
        };
        Ok((shown.content == *content).then_some(shown.revision))
    }

    /// The save that the next one may replace: this session's own, alone and recent.
    fn replaceable(&self, id: EntryId) -> Option<Stored> {
        let burst = self.bursts.get(&id).filter(|burst| burst.started.elapsed() < BURST)?;
        let mut heads = self.entries.get(&id)?.heads();
        let (Some(head), None) = (heads.next(), heads.next()) else { return None };
        (head.stored.id == burst.revision).then_some(head.stored)
    }

    /// Writes a revision that has seen all others of its entry.
    fn revise(
        &mut self,
        id: EntryId,
        content: Option<Content>,
        replaced: Option<Stored>,
    ) -> Result<Saved> {
        let mut clock = self.entries.get(&id).map(Lineage::clock).unwrap_or_default();
        clock.bump(self.actor);
        let body = EntryBody { entry: id, clock, written: now(), content, purged: false };
        self.write_body(body, replaced.into_iter().collect())
    }

    fn write_body(&mut self, body: EntryBody, delete: Vec<Stored>) -> Result<Saved> {
        let record = Record { id: random::bytes()?, kind: Kind::Entry, payload: to_json(&body)? };
        let revision = RevisionId(record.id);
        let mut change = Change { insert: vec![record], delete };
        let stored = self.ledger.commit(&mut change)?;
        let lineage = self.entries.entry(body.entry).or_default();
        lineage.remove_all(&change.delete.iter().map(|stored| stored.id).collect());
        lineage.0.extend(stored.into_iter().map(|stored| Revision::of(stored, &body)));
        self.refresh_meta(body.entry, Some((revision, &body)));
        self.note_seen();
        Ok(Saved { revision, generation: self.generation() })
    }

    /// Brings the list up to date with what is shown of an entry; `written` spares reading it back.
    fn refresh_meta(&mut self, id: EntryId, written: Option<(RevisionId, &EntryBody)>) {
        self.list.remove(id);
        let Some(shown) = self.entries.get(&id).and_then(Lineage::shown) else { return };
        let meta = match written {
            Some((revision, EntryBody { content: Some(content), .. }))
                if revision.0 == shown.stored.id =>
            {
                Some(EntryMeta::of(id, revision, content))
            }
            _ => self
                .read(id, shown)
                .ok()
                .map(|entry| EntryMeta::of(id, entry.revision, &entry.content)),
        };
        if let Some(meta) = meta {
            self.list.put(meta);
        }
    }

    /// A failure here only makes a later check weaker, and the save is already on disk.
    fn note_seen(&self) {
        let ledger = &self.ledger;
        if let Some(seen) = &self.seen {
            let _ = seen.note(&ledger.keys, ledger.vault, ledger.generation());
        }
    }
}

fn read(stored: Stored, record: Record) -> Loaded {
    Loaded::of(stored, &record)
}

impl Revision {
    fn of(stored: Stored, body: &EntryBody) -> Self {
        let EntryBody { clock, written, .. } = body;
        let (clock, state) = (clock.clone(), body.state());
        Self { stored, clock, written: *written, state, page: Page::NONE }
    }

    fn of_value(stored: Stored, clock: Clock) -> Self {
        let (written, state) = (DateTime::ZERO, State::Living);
        Self { stored, clock, written, state, page: Page::NONE }
    }
}

/// Civil time on this computer's clock, to the second.
fn now() -> DateTime {
    let now = Zoned::now().datetime();
    now.round(Unit::Second).unwrap_or(now)
}
