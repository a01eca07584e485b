//! The thread that owns the open journal and its search index.
use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, TryRecvError},
};

use jiff::civil::Date;
use vault::{
    Content, Entry, EntryId, KdfParams, KeyFile, Passphrase, Session, Vault, overwrite_stack,
    search::{Index, Query, Results},
};

use super::{EventSender, Worker};
use crate::{
    derived,
    event::{Event, Gathered, Kept, Stale},
    insight::Aliases,
    meaning::Meanings,
    paths,
    permission::Permission,
    power,
    reflection::{Outline, Span, asked::Asked, cache, conversation},
    rollback,
    state::EntryRow,
    trace,
};

mod catching_up;
pub mod insight;
mod job;
pub mod keeping;
mod meaning;

use catching_up::CatchUp;
pub use insight::InsightJob;
use insight::Reading;
pub use job::{Purpose, Secret, VaultJob};
pub use keeping::{Change, KeepJob};

/// Results that are shown at once; the others follow when nothing else waits, because each is an
/// entry to open.
const FIRST_PAGE: usize = 30;
/// Results of one search that are shown.
const SEARCH_LIMIT: usize = 200;

/// Starts the thread. `seen` is the folder that remembers the newest state of each journal.
/// # Errors
/// When the system refuses a thread.
pub fn spawn(events: EventSender, seen: PathBuf) -> std::io::Result<Worker<VaultJob>> {
    Worker::spawn("vault", move |jobs| Keeper { events, seen, journal: None }.run(&jobs))
}

struct Keeper {
    events: EventSender,
    seen: PathBuf,
    /// Boxed: what is moved out of a thread's frame stays behind in it, and keys must not.
    journal: Option<Box<Journal>>,
}

struct Journal {
    session: Session,
    index: Index,
    /// Entries not in the index yet, the newest last.
    unindexed: Vec<EntryId>,
    /// Entries whose words the index has, but not in their order; the newest last.
    unordered: Vec<EntryId>,
    total: usize,
    catch_up: CatchUp,
    /// That something is wrong with the journal was told, when it was opened or since.
    told_damage: bool,
    /// The search of which only the first page was given: its ticket, text and day.
    unfinished: Option<(u64, String, Date)>,
    /// Once they are loaded.
    meanings: Option<Meanings>,
    /// Entries whose passages are to be made, the newest last.
    lacking: Vec<EntryId>,
    /// What is known of people and themes.
    reading: Reading,
}

impl Keeper {
    fn run(mut self, jobs: &Receiver<VaultJob>) {
        loop {
            let job = if self.has_more_to_do() {
                jobs.try_recv()
            } else {
                jobs.recv().map_err(|_| TryRecvError::Disconnected)
            };
            match job {
                Ok(job) => {
                    let event = self.work(job);
                    overwrite_stack();
                    event.into_iter().for_each(|event| self.events.send(event));
                }
                Err(TryRecvError::Empty) => self.do_more(),
                Err(TryRecvError::Disconnected) => break,
            }
        }
        self.close();
    }

    /// In a frame of its own, which the caller overwrites: keys and text are moved through it.
    #[inline(never)]
    fn work(&mut self, job: VaultJob) -> Option<Event> {
        match job {
            VaultJob::Create { path, passphrase, params } => {
                let params = params.unwrap_or_else(KdfParams::calibrate);
                Some(self.opened(&path, Vault::create(&path, &passphrase, params)))
            }
            VaultJob::Unlock { path, secret } => Some(self.unlock(&path, &secret)),
            VaultJob::Lock => {
                self.close();
                Some(Event::Locked)
            }
            VaultJob::SaveSettings { path, settings } => {
                settings.save(&path).err().map(Event::SettingsNotSaved)
            }
            VaultJob::FindModel { chosen } => {
                let chosen = chosen.as_deref();
                Some(Event::ModelFound {
                    model: paths::find_model(chosen),
                    embedder: paths::find_embedder(chosen),
                })
            }
            job => self.journal.as_mut().and_then(|journal| journal.work(job)),
        }
    }

    fn unlock(&mut self, path: &Path, secret: &Secret) -> Event {
        let vault = match Vault::open(path) {
            Ok(vault) => vault,
            Err(error) => return Event::NotOpened(error),
        };
        if secret.lacks_key_file(&vault) {
            self.events.send(Event::Kept(Box::new(Kept::AsksForKeyFile)));
        }
        let deriving = trace::span("key-derived");
        let key = secret.unlock_key(&vault);
        drop(deriving);
        self.opened(path, key.and_then(|key| vault.into_session_listed(key)))
    }

    fn opened(&mut self, path: &Path, session: vault::Result<Session>) -> Event {
        match session.map(Journal::new) {
            Ok((mut journal, rows)) => {
                let permission = Permission::load(&journal.session);
                let damaged = journal.session.damaged();
                let older = rollback::watch(&mut journal.session, path, &self.seen);
                let behind = older.map_or(0, |older| older.seen - older.found);
                self.journal = Some(Box::new(journal));
                Event::Opened { rows, damaged, behind, permission }
            }
            Err(error) => Event::NotOpened(error),
        }
    }

    fn close(&mut self) {
        if let Some(mut journal) = self.journal.take() {
            // Without it the next opening is slower.
            let _ = journal.session.settle();
            // Every save was acknowledged before; what fails here is only the folding of the log,
            // which the next unlock does again.
            let _ = journal.session.close();
        }
    }

    fn has_more_to_do(&self) -> bool {
        let more = |journal: &Journal| {
            journal.unfinished.is_some()
                || journal.catch_up != CatchUp::Done
                || journal.reading.has_more()
        };
        self.journal.as_ref().is_some_and(|journal| more(journal))
    }

    /// What waits for a moment without jobs: the rest of a search, a little catching up, then entries to
    /// be read for people and themes.
    fn do_more(&mut self) {
        let Some(journal) = &mut self.journal else { return };
        if let Some((ticket, text, today)) = journal.unfinished.take() {
            let results = journal.find(&text, today, SEARCH_LIMIT);
            self.events.send(Event::Found { ticket, results });
            return;
        }
        let event = match journal.catch_up {
            CatchUp::Done => journal.read_on(),
            _ => journal.catch_up(),
        };
        event.into_iter().for_each(|event| self.events.send(event));
    }
}

impl Journal {
    /// The rows come from what unlocking gathered: nothing is read a second time for them.
    fn new(session: Session) -> (Self, Vec<EntryRow>) {
        let rows: Vec<_> = session.metas().map(EntryRow::listed).collect();
        let told_damage = session.is_checked() && !session.integrity().is_sound();
        let journal = Self {
            session,
            index: Index::new(),
            unindexed: Vec::new(),
            unordered: Vec::new(),
            total: rows.len(),
            catch_up: CatchUp::Segments,
            told_damage,
            unfinished: None,
            meanings: None,
            lacking: Vec::new(),
            reading: Reading::default(),
        };
        (journal, rows)
    }

    fn work(&mut self, job: VaultJob) -> Option<Event> {
        match job {
            VaultJob::Put { id, edition, content } => Some(self.put(id, edition, *content)),
            VaultJob::Read(id) => Some(match self.session.entry(id) {
                Ok(entry) => Event::Read(Box::new(entry)),
                Err(error) => Event::NotRead(error),
            }),
            VaultJob::Delete(id) => Some(self.delete(id)),
            VaultJob::Check { passphrase, key_file } => {
                Some(Event::Checked(self.check(&passphrase, key_file.as_deref())))
            }
            VaultJob::Search { ticket, text, today } => Some(self.search(ticket, text, today)),
            VaultJob::SearchNear { ticket, text, today, near } => {
                Some(self.search_near(ticket, &text, today, &near))
            }
            VaultJob::LoadMeanings { model } => Some(self.load_meanings(model)),
            VaultJob::NextLacking => Some(Event::Lacking(self.next_lacking())),
            VaultJob::KeepMade(made) => Some(self.keep_made(made)),
            VaultJob::Gather { ticket, ids, purpose } => Some(self.gather(ticket, ids, &purpose)),
            // What is not kept is made again the next time.
            VaultJob::KeepSummary { place, summary } => {
                let _ = place.write(&mut self.session, &summary);
                None
            }
            VaultJob::KeepAsked { entry, questions, day } => {
                let asked = Asked::load(&self.session);
                let _ = asked.keep(&mut self.session, entry, &questions, day);
                None
            }
            VaultJob::Insight(job) => self.insight(job),
            VaultJob::NextStale { model } => Some(Event::Stale(self.next_stale(&model))),
            VaultJob::DeleteSummary(span) => {
                cache::remove(&mut self.session, &span).err().map(Event::NotRead)
            }
            VaultJob::DeleteModelText => Some(match derived::clear_text(&mut self.session) {
                Ok(()) => Event::ModelTextDeleted,
                Err(error) => Event::NotRead(error),
            }),
            VaultJob::Permit(permission) => Some(self.permit(permission)),
            VaultJob::LoadConversation => {
                let turns = conversation::load(&self.session);
                (!turns.is_empty()).then_some(Event::ConversationLoaded(turns))
            }
            VaultJob::KeepConversation(turns) => {
                conversation::keep(&mut self.session, &turns).err().map(Event::NotRead)
            }
            VaultJob::Keep(job) => self.keep(job),
            VaultJob::Create { .. }
            | VaultJob::Unlock { .. }
            | VaultJob::Lock
            | VaultJob::FindModel { .. }
            | VaultJob::SaveSettings { .. } => None,
        }
    }

    fn gather(&mut self, ticket: u64, ids: Vec<EntryId>, purpose: &Purpose) -> Event {
        let entries = ids.into_iter().filter_map(|id| self.session.entry(id).ok());
        let mut entries: Vec<Entry> = entries.collect();
        let kept = Permission::load(&self.session).retain(&mut entries);
        let outline = match purpose {
            Purpose::Summary { model, span } => self.outline(span, &entries, model),
            Purpose::Questions(_) | Purpose::Answer => None,
        };
        let asked = match (purpose, entries.last()) {
            (Purpose::Questions(day), Some(entry)) => {
                Asked::load(&self.session).about_others(entry.id, *day)
            }
            _ => Vec::new(),
        };
        let aliases = match purpose {
            Purpose::Answer => self.merged_names(&entries),
            _ => Aliases::default(),
        };
        let gathered = Gathered { entries, kept, outline, asked, aliases };
        Event::Gathered { ticket, gathered: Box::new(gathered) }
    }

    fn outline(&self, span: &Span, entries: &[Entry], model: &Path) -> Option<Outline> {
        let mut outline = Outline::of(span, entries, model)?;
        outline.read(&self.session, entries);
        Some(outline)
    }

    /// The first summary that is not true any more, of those that there were.
    fn next_stale(&self, model: &Path) -> Stale {
        if !power::is_on_mains() {
            return Stale::OnBattery;
        }
        let kept = cache::kept(&self.session, model).unwrap_or_default();
        let mut stale = kept.into_iter().filter(|kept| kept.is_stale);
        let gathered = |kept: cache::Kept| {
            let entries: Vec<Entry> =
                kept.entries.iter().filter_map(|id| self.session.entry(*id).ok()).collect();
            let outline = self.outline(&kept.span, &entries, model)?;
            let (asked, aliases) = (Vec::new(), Aliases::default());
            Some(Gathered { entries, kept: 0, outline: Some(outline), asked, aliases })
        };
        stale.find_map(gathered).map_or(Stale::Nothing, |it| Stale::Summary(Box::new(it)))
    }

    /// The settings may remember a key file that the journal no longer asks for.
    fn check(&self, passphrase: &Passphrase, key_file: Option<&Path>) -> vault::Result<()> {
        let with_file =
            |path| self.session.check_passphrase(passphrase, Some(&KeyFile::read(path)?));
        match key_file.map(with_file) {
            Some(Ok(())) => Ok(()),
            _ => self.session.check_passphrase(passphrase, None),
        }
    }

    fn put(&mut self, id: EntryId, edition: u64, content: Content) -> Event {
        match self.session.put(id, &content) {
            Ok(saved) => {
                trace::moment("saved");
                let entry = Entry { id, revision: saved.revision, content };
                self.index.put(&entry);
                self.reading.put(&entry);
                self.lacking.retain(|other| *other != id);
                if !entry.content.is_read_by_model() {
                    self.forget(id, entry.content.date);
                } else if self.meanings.as_ref().is_some_and(|meanings| meanings.lacks(&entry)) {
                    self.lacking.push(id);
                }
                Event::Saved { id, edition, row: Box::new(EntryRow::of(&entry)) }
            }
            Err(error) => Event::NotSaved { id, error },
        }
    }

    fn delete(&mut self, id: EntryId) -> Event {
        let date = self.session.entry(id).map(|entry| entry.content.date);
        match self.session.delete(id) {
            Ok(_) => {
                self.lacking.retain(|other| *other != id);
                if let Ok(date) = date {
                    self.forget(id, date);
                }
                self.index.remove(id);
                self.reading.remove(id);
                Event::Deleted(id)
            }
            Err(error) => Event::NotRead(error),
        }
    }

    /// What can't be deleted of what was made of an entry is deleted at the latest when it is made anew.
    fn forget(&mut self, id: EntryId, date: Date) {
        let _ = derived::forget(&mut self.session, id, date);
        if let Some(meanings) = &mut self.meanings {
            let _ = meanings.remove(&mut self.session, id);
        }
    }

    fn permit(&mut self, permission: Permission) -> Event {
        if permission.store(&mut self.session).is_ok() && permission == Permission::Nothing {
            (self.meanings, self.lacking) = (None, Vec::new());
            let _ = derived::clear(&mut self.session);
        }
        Event::Permitted(Permission::load(&self.session))
    }

    fn search(&mut self, ticket: u64, text: String, today: Date) -> Event {
        let _searching = trace::span("search");
        self.index.set_files(self.session.attached());
        let results = self.find(&text, today, FIRST_PAGE);
        self.unfinished = (results.total > results.hits.len()).then_some((ticket, text, today));
        Event::Found { ticket, results }
    }

    fn find(&mut self, text: &str, today: Date, limit: usize) -> Results {
        let query = Query::parse(&self.reading.expand(text), today, true);
        self.index.search(&query, limit, &mut |id| self.session.entry(id).ok())
    }
}
