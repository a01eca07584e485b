//! The thread that owns the open journal and its search index.
use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, TryRecvError},
};

use jiff::civil::Date;
use vault::{
    Content, Entry, EntryId, KdfParams, KeyFile, MasterKey, Passphrase, RecoveryKey, Session,
    SlotKind, Vault, overwrite_stack,
    search::{Index, Near, Query, Results},
};

use super::{EventSender, Worker};
use crate::{
    derived,
    event::{Event, Gathered, Kept, Stale},
    insight::Aliases,
    meaning::{Made, Meanings},
    paths,
    permission::Permission,
    power,
    reflection::{
        Outline, Span, Summary,
        asked::Asked,
        cache::{self, Place},
        conversation::{self, Turn},
    },
    rollback,
    settings::Settings,
    state::EntryRow,
    trace,
};

mod catching_up;
pub mod insight;
pub mod keeping;
mod meaning;

use catching_up::CatchUp;
pub use insight::InsightJob;
use insight::Reading;
pub use keeping::{Change, KeepJob};

/// Results that are shown at once; the others follow when nothing else waits, because each is an
/// entry to open.
const FIRST_PAGE: usize = 30;
/// Results of one search that are shown.
const SEARCH_LIMIT: usize = 200;

/// What the thread is asked to do. No `Debug`: most hold secrets or text.
pub enum VaultJob {
    /// Makes a journal and unlocks it.
    Create {
        /// Where.
        path: PathBuf,
        /// The passphrase that will open it.
        passphrase: Passphrase,
        /// Cost of the key derivation; chosen on this machine when `None`.
        params: Option<KdfParams>,
    },
    /// Unlocks a journal.
    Unlock {
        /// Where.
        path: PathBuf,
        /// What was typed.
        secret: Secret,
    },
    /// Writes an entry.
    Put {
        /// Which.
        id: EntryId,
        /// Which edition of the draft, told back when it is on disk.
        edition: u64,
        /// What it says.
        content: Box<Content>,
    },
    /// Reads an entry.
    Read(EntryId),
    /// Puts an entry in the trash.
    Delete(EntryId),
    /// Searches.
    Search {
        /// Told back with the results.
        ticket: u64,
        /// What was typed.
        text: String,
        /// The day that "last week" counts from.
        today: Date,
    },
    /// Searches by words and by meaning.
    SearchNear {
        /// Told back with the results.
        ticket: u64,
        /// What was typed.
        text: String,
        /// The day that "last week" counts from.
        today: Date,
        /// What is nearest to it.
        near: Vec<Near>,
    },
    /// Reads the passages made by an embedding model.
    LoadMeanings {
        /// Its folder or file.
        model: PathBuf,
    },
    /// Gives the next entries whose passages are to be made.
    NextLacking,
    /// Seals passages that were made.
    KeepMade(Vec<Made>),
    /// Reads entries to reflect on.
    Gather {
        /// Told back with the entries.
        ticket: u64,
        /// Which, oldest first.
        ids: Vec<EntryId>,
        /// What for.
        purpose: Purpose,
    },
    /// Keeps a summary for the next time.
    KeepSummary {
        /// Where.
        place: Place,
        /// The summary.
        summary: Box<Summary>,
    },
    /// Remembers what was asked about an entry.
    KeepAsked {
        /// Which.
        entry: EntryId,
        /// What was asked.
        questions: Vec<String>,
        /// When.
        day: Date,
    },
    /// Something about people, themes, open loops and prompts.
    Insight(InsightJob),
    /// Finds a summary that the model in this file has to make anew.
    NextStale {
        /// The file.
        model: PathBuf,
    },
    /// Deletes the summary of a span.
    DeleteSummary(Span),
    /// Deletes all that a model wrote.
    DeleteModelText,
    /// Lets a model read the journal, or not: then what it made is deleted.
    Permit(Permission),
    /// Gives the questions and answers that are kept.
    LoadConversation,
    /// Seals the questions and answers; none throws away what was kept.
    KeepConversation(Vec<Turn>),
    /// Something about what guards against loss.
    Keep(KeepJob),
    /// Whether this passphrase opens the journal that is open.
    Check {
        /// What was typed.
        passphrase: Passphrase,
        /// The key file that was asked for beside it, if one was.
        key_file: Option<PathBuf>,
    },
    /// Closes the journal.
    Lock,
    /// Looks for the language model.
    FindModel {
        /// The folder or file chosen by the person, if one was.
        chosen: Option<PathBuf>,
    },
    /// Writes the settings, which are not secret.
    SaveSettings {
        /// The file.
        path: PathBuf,
        /// What it shall say.
        settings: Box<Settings>,
    },
}

/// What opens a journal. No `Debug`.
pub enum Secret {
    /// A passphrase, and the key file asked for beside it.
    Passphrase(Passphrase, Option<PathBuf>),
    /// The recovery phrase.
    Recovery(RecoveryKey),
}

/// What entries are gathered for.
pub enum Purpose {
    /// A summary; what is kept of it and still true comes along.
    Summary {
        /// The model's file.
        model: PathBuf,
        /// What of.
        span: Span,
    },
    /// Questions as of this day.
    Questions(Date),
    /// An answer.
    Answer,
}

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

impl Secret {
    fn unlock_key(&self, vault: &Vault) -> vault::Result<MasterKey> {
        match self {
            Self::Passphrase(passphrase, None) => vault.unlock_key(passphrase),
            Self::Passphrase(passphrase, Some(path)) => {
                vault.unlock_key_with_file(passphrase, &KeyFile::read(path)?)
            }
            Self::Recovery(key) => vault.recover_key(key),
        }
    }

    fn lacks_key_file(&self, vault: &Vault) -> bool {
        matches!(self, Self::Passphrase(_, None))
            && !vault.slot_kinds().contains(&SlotKind::Passphrase)
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
