//! Damage: every byte of a small journal and of its log is flipped in turn, and both are cut off at
//! every length that matters. Nothing may be accepted as other text, and what is whole comes over
//! into a salvaged journal.
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use vault::{EntryId, MasterKey, Session, Vault};

use super::{
    create,
    model::{content_of, file_of, id_of, text_of},
    unlock_key,
};

const PATTERNS: [u8; 3] = [0x01, 0x80, 0xff];
/// Lengths of the beginning that are tried one by one; further on, every sector's.
const HEADER: usize = 200;
const SECTOR: usize = 512;
/// Where the bytes around are all zero, one in so many is flipped.
const EMPTY: usize = 97;

/// What came of the damage.
#[derive(Default)]
pub struct Damage {
    /// How often something was damaged.
    pub tried: usize,
    /// The journal was refused.
    pub refused: usize,
    /// It opened and told that something is wrong.
    pub told: usize,
    /// It opened as an older copy, which the generation seen before tells.
    pub older: usize,
    /// It opened, and all was there.
    pub harmless: usize,
    /// The most entries that one damage took, where the journal opened.
    pub most_lost: usize,
    /// What was wrong.
    pub failures: Vec<String>,
}

/// A small journal, closed or with its log still beside it.
struct Image {
    name: &'static str,
    file: Vec<u8>,
    log: Option<Vec<u8>>,
    key: MasterKey,
    /// What remembers the newest generation.
    seen: Vec<(std::ffi::OsString, Vec<u8>)>,
}

/// What can be read of a journal.
#[derive(PartialEq, Default)]
struct Found {
    texts: BTreeMap<EntryId, String>,
    files: BTreeSet<u64>,
}

/// Flips every `step`-th byte in three ways and tries every length at which something is cut off.
/// # Panics
/// When the files can't be written.
#[must_use]
pub fn run(step: usize) -> Damage {
    let images = [Image::make(false), Image::make(true)];
    images.iter().map(|image| image.try_all(step)).fold(Damage::default(), Damage::and)
}

/// What is done to a file.
enum Harm {
    Flip { at: usize, pattern: u8 },
    Cut { length: usize },
}

impl Harm {
    fn on(&self, bytes: &[u8]) -> Vec<u8> {
        let mut changed = bytes.to_vec();
        match *self {
            Self::Flip { at, pattern } => changed[at] ^= pattern,
            Self::Cut { length } => changed.truncate(length),
        }
        changed
    }
}

impl fmt::Display for Harm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flip { at, pattern } => write!(f, "byte {at} ^ {pattern:#x}"),
            Self::Cut { length } => write!(f, "cut at {length}"),
        }
    }
}

impl Damage {
    fn and(mut self, other: Self) -> Self {
        self.tried += other.tried;
        self.refused += other.refused;
        self.told += other.told;
        self.older += other.older;
        self.harmless += other.harmless;
        self.most_lost = self.most_lost.max(other.most_lost);
        self.failures.extend(other.failures);
        self
    }
}

fn is_skipped(bytes: &[u8], at: usize) -> bool {
    let around = &bytes[at.saturating_sub(32)..bytes.len().min(at + 32)];
    around.iter().all(|byte| *byte == 0) && !at.is_multiple_of(EMPTY)
}

impl Image {
    /// Four entries and two files; with the log, all of them are in it alone.
    fn make(with_log: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        create(&path).unwrap().close().unwrap();
        let key = unlock_key(&path).unwrap();
        let seen = folder.path().join("seen");
        let mut session = open(&path, &key).unwrap();
        session.watch_for_rollback(&seen).unwrap();
        for number in 1..=4 {
            session.put(id_of(number), &content_of(number)).unwrap();
        }
        for number in [6, 9] {
            let name = number.to_string();
            session.attach(id_of(2), &name, "text/plain", &mut &*small_file(number)).unwrap();
        }
        session.indexed().unwrap();
        session.settle().unwrap();
        let log = with_log.then(|| fs::read(folder.path().join("journal-wal")).unwrap());
        let open_file = fs::read(&path).unwrap();
        session.close().unwrap();
        let file = if with_log { open_file } else { fs::read(&path).unwrap() };
        let seen = fs::read_dir(seen).unwrap().map(|file| {
            let file = file.unwrap();
            (file.file_name(), fs::read(file.path()).unwrap())
        });
        let name = if with_log { "log" } else { "file" };
        Self { name, file, log, key, seen: seen.collect() }
    }

    /// The file that is harmed.
    fn target(&self) -> &[u8] {
        self.log.as_ref().unwrap_or(&self.file)
    }

    fn harms(&self, step: usize) -> Vec<Harm> {
        let target = self.target();
        let places = (0..target.len()).step_by(step).filter(|at| !is_skipped(target, *at));
        let flips = places.flat_map(|at| PATTERNS.map(|pattern| Harm::Flip { at, pattern }));
        let lengths = (0..HEADER).chain((0..target.len()).step_by(SECTOR)).step_by(step.min(16));
        flips.chain(lengths.map(|length| Harm::Cut { length })).collect()
    }

    /// One harm after the other, on every core.
    fn try_all(&self, step: usize) -> Damage {
        let (harms, next) = (self.harms(step), AtomicUsize::new(0));
        let work = || {
            let mut damage = Damage::default();
            while let Some(harm) = harms.get(next.fetch_add(1, Ordering::Relaxed)) {
                self.look(harm, &mut damage);
            }
            damage
        };
        thread::scope(|scope| {
            let count = thread::available_parallelism().map_or(1, usize::from);
            let workers: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
            let damages = workers.into_iter().map(|worker| worker.join().unwrap());
            damages.fold(Damage::default(), Damage::and)
        })
    }

    /// Puts the harmed file in its place and reads all that can be read.
    fn look(&self, harm: &Harm, damage: &mut Damage) {
        let changed = harm.on(self.target());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        match self.log {
            Some(_) => {
                fs::write(&path, &self.file).unwrap();
                fs::write(folder.path().join("journal-wal"), changed).unwrap();
            }
            None => fs::write(&path, changed).unwrap(),
        }
        fs::create_dir(folder.path().join("seen")).unwrap();
        for (name, bytes) in &self.seen {
            fs::write(folder.path().join("seen").join(name), bytes).unwrap();
        }
        damage.tried += 1;
        let judged = catch_unwind(AssertUnwindSafe(|| self.judge(folder.path(), damage)));
        let failure = match judged {
            Ok(Ok(())) => return,
            Ok(Err(failure)) => failure,
            Err(_) => "a panic".to_owned(),
        };
        damage.failures.push(format!("{} {harm}: {failure}", self.name));
    }

    fn judge(&self, folder: &Path, damage: &mut Damage) -> Result<(), String> {
        let Ok(session) = open(&folder.join("journal"), &self.key) else {
            damage.refused += 1;
            return Ok(());
        };
        let found = Found::of(&session)?;
        let whole = Found::whole();
        drop(session);
        self.judge_listed(folder, &found)?;
        let mut session = open(&folder.join("journal"), &self.key)
            .map_err(|error| format!("opened once, not twice: {error}"))?;
        session.watch_for_rollback(&folder.join("seen")).map_err(|error| error.to_string())?;
        damage.most_lost = damage.most_lost.max(whole.texts.len() - found.texts.len());
        let sound = session.verify().is_ok_and(|integrity| integrity.is_sound());
        if !sound {
            damage.told += 1;
            return self.salvage(&session, &found, &folder.join("salvaged"));
        }
        if session.rollback().is_some() {
            damage.older += 1;
            return Ok(());
        }
        damage.harmless += 1;
        if found == whole { Ok(()) } else { Err("a loss without a word".to_owned()) }
    }

    /// By its catalogue it shows nothing else, and once it is checked the same; what can be read of
    /// broken pages depends on which of them SQLite had read before, but it is never less.
    fn judge_listed(&self, folder: &Path, found: &Found) -> Result<(), String> {
        let words = |error: vault::Error| format!("by the catalogue: {error}");
        let vault = Vault::open(&folder.join("journal")).map_err(words)?;
        let mut session = vault.into_session_listed(self.key.again()).map_err(words)?;
        Found::of(&session)?;
        session.indexed().map_err(words)?;
        while session.check(1 << 16).map_err(words)?.is_none() {}
        let listed = Found::of(&session)?;
        match session.integrity().is_sound() {
            true if listed != *found => Err("by the catalogue something else is found".to_owned()),
            false if !found.is_within(&listed) => Err("by the catalogue less is found".to_owned()),
            _ => Ok(()),
        }
    }

    /// What could be read is in the new journal, perhaps more, and that one is sound.
    fn salvage(&self, session: &Session, found: &Found, path: &Path) -> Result<(), String> {
        session.salvage(path).map_err(|error| format!("salvage: {error}"))?;
        let salvaged = open(path, &self.key).map_err(|error| format!("salvaged: {error}"))?;
        let brought = Found::of(&salvaged)?;
        let lost = found.texts.keys().filter(|id| !brought.texts.contains_key(id)).count()
            + found.files.difference(&brought.files).count();
        if lost == 0 { Ok(()) } else { Err(format!("salvage left {lost} behind")) }
    }
}

impl Found {
    fn whole() -> Self {
        let texts = (1..=4).map(|number| (id_of(number), text_of(number))).collect();
        Self { texts, files: BTreeSet::from([6, 9]) }
    }

    fn is_within(&self, other: &Self) -> bool {
        self.texts.keys().all(|id| other.texts.contains_key(id))
            && self.files.is_subset(&other.files)
    }

    /// Everything that can be read; fails where it isn't what was written.
    fn of(session: &Session) -> Result<Self, String> {
        let (mut found, whole) = (Self::default(), Self::whole());
        let mut visit = |entry: vault::Entry| {
            found.texts.insert(entry.id, entry.content.text);
        };
        session.for_each_entry(&mut visit).map_err(|error| error.to_string())?;
        if found.texts.iter().any(|(id, text)| whole.texts.get(id) != Some(text)) {
            return Err("a text that nobody wrote".to_owned());
        }
        for attachment in session.attachments(id_of(2)) {
            let mut bytes = Vec::new();
            if session.read_attachment(attachment.id, &mut bytes).is_err() {
                continue;
            }
            let number = attachment.name.parse().map_err(|_| "a name nobody gave".to_owned())?;
            if bytes != small_file(number) {
                return Err("a file that nobody attached".to_owned());
            }
            found.files.insert(number);
        }
        Ok(found)
    }
}

fn open(path: &Path, key: &MasterKey) -> vault::Result<Session> {
    Vault::open(path)?.into_session(key.again())
}

/// A file of at most two KB: every byte of it is flipped.
fn small_file(number: u64) -> Vec<u8> {
    let mut bytes = file_of(number);
    bytes.truncate(2000);
    bytes
}
