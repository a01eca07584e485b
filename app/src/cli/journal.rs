//! What every command shares: which journal, how it opens, and how its entries are named.

use std::path::{Path, PathBuf};

use jiff::{Zoned, civil::Date};
use serde::Serialize;
use vault::{Entry, EntryId, KeyFile, Passphrase, Session, SlotKind, Vault};

use super::{
    arguments::Common,
    failure::Failure,
    passphrase::Source,
    screen::{self, Format, plain},
};
use crate::{keeping::conflict_copy, paths, rollback, settings::Settings};

/// The options that every command takes, and what they mean.
pub(super) struct Context {
    /// The journal's file.
    pub(super) journal: PathBuf,
    /// Where models are searched, if the person says here or in the settings.
    pub(super) models: Option<PathBuf>,
    /// What the journal asks for beside the passphrase.
    pub(super) key_file: Option<PathBuf>,
    /// Where the passphrase comes from.
    pub(super) passphrase: Source,
    /// What stdout gets.
    pub(super) format: Format,
}

impl Context {
    /// Reads the options.
    pub(super) fn new(common: Common) -> Self {
        Self {
            journal: common.journal.unwrap_or_else(paths::default_journal),
            models: common.models.or_else(|| Settings::load(&paths::settings_file()).models),
            key_file: common.key_file,
            passphrase: if common.passphrase_stdin { Source::Stdin } else { Source::Prompt },
            format: if common.json { Format::Json } else { Format::Text },
        }
    }

    /// Takes hold of the journal, so that what is wrong with it is told before a passphrase is asked.
    pub(super) fn hold(&self) -> Result<Vault, Failure> {
        Ok(Vault::open(&self.journal)?)
    }

    /// Asks for the passphrase and unlocks.
    pub(super) fn unlock(&self, vault: Vault) -> Result<Session, Failure> {
        self.unlock_with(vault, &self.passphrase.ask("Passphrase: ")?)
    }

    /// Unlocks, and warns of what can't be read.
    pub(super) fn unlock_with(
        &self,
        vault: Vault,
        passphrase: &Passphrase,
    ) -> Result<Session, Failure> {
        let asks_for_file = !vault.slot_kinds().contains(&SlotKind::Passphrase);
        let master = match self.key_file()? {
            Some(key_file) => vault.unlock_key_with_file(passphrase, &key_file)?,
            None if asks_for_file => return Err(Failure::key_file_missing()),
            None => vault.unlock_key(passphrase)?,
        };
        let session = vault.into_session(master)?;
        if !session.integrity().is_sound() {
            screen::warn("the journal is damaged, see 'inglenook verify' and 'inglenook salvage'");
        }
        Ok(session)
    }

    /// The key file given with `--key-file`.
    pub(super) fn key_file(&self) -> Result<Option<KeyFile>, Failure> {
        let read = self.key_file.as_deref().map(KeyFile::read).transpose();
        read.map_err(|_| Failure::new("could not read the key file: check --key-file"))
    }

    /// [`Self::hold`], then [`Self::unlock`]; tells of a conflict copy that a sync tool left.
    pub(super) fn open(&self) -> Result<Session, Failure> {
        let mut session = self.unlock(self.hold()?)?;
        if let Some(older) = rollback::watch(&mut session, &self.journal, &paths::seen_folder()) {
            let changes = older.seen - older.found;
            screen::warn(&format!(
                "this is an older copy of the journal, {} behind the one that was open here \
                 before: if it was not you who put it here, see 'inglenook help restore'",
                count(usize::try_from(changes).unwrap_or(usize::MAX), "change", "changes")
            ));
        }
        for copy in conflict_copy::with_news(&session, &self.journal) {
            screen::warn(&format!(
                "another copy of this journal holds changes, see 'inglenook merge': {}",
                plain(&copy.to_string_lossy()).replace('\n', " ")
            ));
        }
        Ok(session)
    }

    /// Where this journal's backups go, unless the command says.
    pub(super) fn backup_folder(&self) -> PathBuf {
        Settings::load(&paths::settings_file()).backup_folder(&self.journal)
    }

    /// The folder or file given with `--models`, or chosen in the settings.
    pub(super) fn models(&self) -> Option<&Path> {
        self.models.as_deref()
    }
}

/// What is told of an entry that was changed.
#[derive(Serialize)]
pub(super) struct Id {
    pub(super) id: String,
}

impl From<EntryId> for Id {
    fn from(id: EntryId) -> Self {
        Self { id: id.to_string() }
    }
}

/// An entry, as `--json` gives it.
#[derive(Serialize)]
pub(super) struct EntryDocument {
    id: String,
    date: Date,
    time: Option<String>,
    title: String,
    text: String,
    tags: Vec<String>,
    mood: Option<u8>,
    starred: bool,
    kept_from_model: bool,
}

impl From<Entry> for EntryDocument {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id.to_string(),
            date: entry.content.date,
            time: entry.content.time.map(clock),
            title: entry.heading(),
            text: entry.content.text,
            tags: entry.content.tags,
            mood: entry.content.mood,
            starred: entry.content.starred,
            kept_from_model: entry.content.kept_from_model,
        }
    }
}

impl EntryDocument {
    /// One line of a list.
    pub(super) fn line(&self) -> String {
        let time = self.time.as_deref().map_or("     ", |time| &time[..5]);
        format!("{}  {} {time}  {}", &self.id[..8], self.date, plain(&self.title))
    }

    /// The whole entry, for reading.
    pub(super) fn page(&self) -> String {
        let mut head = vec![self.date.strftime("%A, %-d %B %Y").to_string()];
        head.extend(self.time.clone());
        head.extend(self.mood.map(|mood| format!("mood {mood} of 5")));
        head.extend(self.tags.iter().map(|tag| format!("#{}", plain(tag))));
        head.extend(self.kept_from_model.then(|| "kept from the model".to_owned()));
        head.push(self.id[..8].to_owned());
        let title = match self.text.trim_start().starts_with(&self.title) {
            true => String::new(),
            false => format!("{}\n\n", plain(&self.title)),
        };
        format!("{}\n\n{title}{}", head.join(" · "), plain(&self.text))
    }
}

/// The living entry that an id, or the beginning of one, names.
pub(super) fn find(session: &Session, beginning: &str) -> Result<EntryId, Failure> {
    let ids = session.ids().into_iter().map(|id| (id, id.to_string()));
    only(ids, beginning)?.ok_or_else(|| vault::Error::NoSuchEntry.into())
}

/// The only thing whose id begins so, if there is one.
pub(super) fn only<T>(
    things: impl Iterator<Item = (T, String)>,
    beginning: &str,
) -> Result<Option<T>, Failure> {
    let wanted = beginning.to_ascii_lowercase();
    if wanted.is_empty() || !wanted.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Failure::usage("an id is made of the digits 0-9 and a-f"));
    }
    let mut found = things.filter(|(_, id)| id.starts_with(&wanted)).map(|(thing, _)| thing);
    match (found.next(), found.count()) {
        (found, 0) => Ok(found),
        (_, others) => {
            let number = others + 1;
            Err(Failure::new(format!("{number} ids begin with this: give more of it")))
        }
    }
}

/// Every entry whose day is in the span, oldest first.
pub(super) fn between(session: &Session, first: Date, last: Date) -> Result<Vec<Entry>, Failure> {
    let mut entries = Vec::new();
    session.for_each_entry(&mut |entry| {
        if (first..=last).contains(&entry.content.date) {
            entries.push(entry);
        }
    })?;
    Ok(entries)
}

/// The person's day.
pub(super) fn today() -> Date {
    Zoned::now().date()
}

/// `21:05`, or `21:05:30` where there are seconds.
pub(super) fn clock(time: jiff::civil::Time) -> String {
    let format = if time.second() == 0 { "%H:%M" } else { "%H:%M:%S" };
    time.strftime(format).to_string()
}

/// `1 entry`, `2 entries`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
