//! The SQLite file: five tables of sealed bytes, and how they are written durably.
use std::{
    fs::File,
    io::{ErrorKind, Read},
    ops::Range,
    path::Path,
    time::Duration,
};

use rusqlite::{
    Connection, OpenFlags, Transaction, TransactionBehavior, config::DbConfig, types::ValueRef,
};

use crate::{
    Error, Result,
    lock::{Lock, private},
    place::Placed,
    slot::{MAX_SLOTS, Slot},
};

/// The format written, and the newest one read; SQLite's `user_version`.
pub(crate) const FORMAT: u32 = 1;
/// SQLite's `application_id`: "Inkn".
const APPLICATION: u32 = 0x496e_6b6e;
/// Chosen by measuring: the smallest file for a diary whose pages are still cheap to save.
const PAGE_SIZE: u32 = 16 * 1024;
/// The whole schema; a file with any other is refused.
const SCHEMA: [&str; 4] = [
    "CREATE TABLE slot(row INTEGER PRIMARY KEY, body BLOB NOT NULL)",
    "CREATE TABLE root(row INTEGER PRIMARY KEY, sealed BLOB NOT NULL)",
    "CREATE TABLE record(row INTEGER PRIMARY KEY, id BLOB NOT NULL, sealed BLOB NOT NULL)",
    "CREATE TABLE chunk(row INTEGER PRIMARY KEY, file BLOB NOT NULL, number INTEGER NOT NULL, \
     sealed BLOB NOT NULL, UNIQUE(file, number))",
];
/// How often a scan of broken pages is taken up again; the steps grow to some 10^9 rows.
const MAX_SCANS: usize = 200;
/// How many rows that were passed over are asked for one by one; a page holds some hundreds.
const MAX_TRIED: usize = 1 << 14;
/// In force before the first page is read. EXCLUSIVE comes first: no shared memory file, and a
/// second process is refused.
const SETTINGS: &str = "
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA mmap_size = 0;
    PRAGMA temp_store = MEMORY;
    PRAGMA secure_delete = ON;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA wal_autocheckpoint = 200;";
/// What of it matters where nothing is written.
const READING: &str = "
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA mmap_size = 0;
    PRAGMA temp_store = MEMORY;";

/// An open file, held against other processes.
pub(crate) struct Store {
    connection: Connection,
    placed: Placed,
    /// Declared last, so that it is let go last. None where nothing can be written.
    _lock: Option<Lock>,
}

/// A row of the record table, whatever is in it.
pub(crate) struct Row<'a> {
    pub(crate) row: i64,
    pub(crate) id: &'a [u8],
    pub(crate) sealed: &'a [u8],
}

/// A transaction: all of it becomes durable, or none.
pub(crate) struct Write<'a>(Transaction<'a>);

impl Store {
    /// Builds a new file and puts it in place whole: before this returns, `path` is free or,
    /// after it, a complete vault. `fill` writes the first rows.
    pub(crate) fn create(path: &Path, fill: impl FnOnce(&Write<'_>) -> Result<()>) -> Result<Self> {
        let exists = || path.symlink_metadata().is_ok();
        let lock = if exists() { None } else { Some(Lock::take(path)?) };
        let Some(lock) = lock.filter(|_| !exists()) else {
            return Err(Error::Exists(path.to_owned()));
        };
        crate::place::new_file(path, |temporary| build(temporary, fill))?;
        Self::connect(path, lock)
    }

    /// Opens a file after looking at it without touching it.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        check_header(path)?;
        let store = Self::connect(path, Lock::take(path)?)?;
        store.check_schema()?;
        Ok(store)
    }

    /// Opens a file that nobody writes to, and leaves no trace beside it. A log that lies beside
    /// it is not read.
    pub(crate) fn open_read_only(path: &Path) -> Result<Self> {
        check_header(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(immutable_uri(path)?, flags)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.execute_batch(READING)?;
        let store = Self { connection, placed: Placed::of(path)?, _lock: None };
        store.check_schema()?;
        Ok(store)
    }

    fn connect(path: &Path, lock: Lock) -> Result<Self> {
        let connection = connect(path)?;
        if connection.is_readonly("main")? {
            return Err(Error::ReadOnly);
        }
        Ok(Self { connection, placed: Placed::of(path)?, _lock: Some(lock) })
    }

    pub(crate) fn slots(&self) -> Result<Vec<Slot>> {
        let mut statement = self.connection.prepare("SELECT row, body FROM slot ORDER BY row")?;
        let mut rows = statement.query([])?;
        let mut slots = Vec::new();
        while let Some(row) = rows.next()? {
            if slots.len() == MAX_SLOTS {
                return Err(Error::damaged("too many slots"));
            }
            slots.push(Slot { row: row.get(0)?, bytes: blob(row.get_ref(1)?).to_vec() });
        }
        Ok(slots)
    }

    pub(crate) fn root(&self) -> Result<Option<Vec<u8>>> {
        let mut statement = self.connection.prepare("SELECT sealed FROM root WHERE row = 1")?;
        let mut rows = statement.query([])?;
        Ok(rows
            .next()?
            .map(|row| row.get_ref(0).map(|sealed| blob(sealed).to_vec()))
            .transpose()?)
    }

    /// Shows every record that can be reached, and says whether all could; where pages are
    /// broken, it goes on behind them, and then asks for each row that it passed over.
    pub(crate) fn scan(&self, visit: &mut dyn FnMut(&Row<'_>)) -> Result<bool> {
        let (mut next, mut step) = (i64::MIN, 1);
        let mut passed_over = Vec::new();
        for _ in 0..MAX_SCANS {
            let mut reached = next;
            let scanned = self.scan_from(next, &mut |row| {
                reached = row.row.saturating_add(1);
                visit(row);
            });
            match scanned {
                Ok(()) if passed_over.is_empty() => return Ok(true),
                Ok(()) => break,
                Err(Error::Damaged { .. }) => {}
                Err(error) => return Err(error),
            }
            step = if reached > next { 1 } else { step + step / 8 + 1 };
            let broken = reached.max(0);
            next = broken.saturating_add(step);
            passed_over.push(broken..next);
        }
        self.try_each(passed_over, visit)?;
        Ok(false)
    }

    /// Shows those of these rows that are there: a row can often be found where the way through all
    /// of them is broken.
    fn try_each(&self, rows: Vec<Range<i64>>, visit: &mut dyn FnMut(&Row<'_>)) -> Result<()> {
        let Ok(last) = self.last_row() else { return Ok(()) };
        for row in rows.into_iter().flatten().take_while(|row| *row <= last).take(MAX_TRIED) {
            match self.visit(row, visit) {
                Ok(()) | Err(Error::Damaged { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn scan_from(&self, row: i64, visit: &mut dyn FnMut(&Row<'_>)) -> Result<()> {
        self.scan_until(row, i64::MAX, &mut |row| {
            visit(row);
            true
        })
        .map(|_| ())
    }

    /// Shows the records of these rows, as long as `visit` wants more; says whether it saw the last.
    pub(crate) fn scan_until(
        &self,
        first: i64,
        last: i64,
        visit: &mut dyn FnMut(&Row<'_>) -> bool,
    ) -> Result<bool> {
        let select =
            "SELECT row, id, sealed FROM record WHERE row >= ?1 AND row <= ?2 ORDER BY row";
        self.show(select, (first, last), visit)
    }

    /// Shows every record, the newest first, as long as `visit` wants more.
    pub(crate) fn scan_back(&self, visit: &mut dyn FnMut(&Row<'_>) -> bool) -> Result<()> {
        let select = "SELECT row, id, sealed FROM record WHERE row <= ?1 ORDER BY row DESC";
        self.show(select, [i64::MAX], visit).map(|_| ())
    }

    /// Shows one record, which must be there.
    pub(crate) fn visit(&self, row: i64, visit: &mut dyn FnMut(&Row<'_>)) -> Result<()> {
        let mut there = false;
        self.scan_until(row, row, &mut |row| {
            visit(row);
            there = true;
            true
        })?;
        if there { Ok(()) } else { Err(Error::damaged("a record is gone")) }
    }

    /// Whether a row has this record.
    pub(crate) fn has(&self, row: i64, id: &[u8; 16]) -> Result<bool> {
        let select = "SELECT id FROM record WHERE row = ?1";
        let mut statement = self.connection.prepare(select)?;
        let mut rows = statement.query([row])?;
        let found = rows.next()?.map(|row| row.get_ref(0).map(|found| blob(found) == id));
        Ok(found.transpose()?.unwrap_or(false))
    }

    /// The number of the last row; 0 where there is none.
    pub(crate) fn last_row(&self) -> Result<i64> {
        let select = "SELECT ifnull(max(row), 0) FROM record";
        Ok(self.connection.query_row(select, [], |row| row.get(0))?)
    }

    fn show(
        &self,
        select: &str,
        parameters: impl rusqlite::Params,
        visit: &mut dyn FnMut(&Row<'_>) -> bool,
    ) -> Result<bool> {
        let mut statement = self.connection.prepare(select)?;
        let mut rows = statement.query(parameters)?;
        while let Some(row) = rows.next()? {
            let (id, sealed) = (blob(row.get_ref(1)?), blob(row.get_ref(2)?));
            if !visit(&Row { row: row.get(0)?, id, sealed }) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What is sealed in a row.
    pub(crate) fn sealed(&self, row: i64) -> Result<Vec<u8>> {
        let select = "SELECT sealed FROM record WHERE row = ?1";
        let mut statement = self.connection.prepare(select)?;
        let mut rows = statement.query([row])?;
        let row = rows.next()?.ok_or_else(|| Error::damaged("a record is gone"))?;
        Ok(blob(row.get_ref(0)?).to_vec())
    }

    /// What is sealed in a piece of an attachment; none where it isn't there.
    pub(crate) fn chunk(&self, file: &[u8; 16], number: u64) -> Result<Option<Vec<u8>>> {
        let select = "SELECT sealed FROM chunk WHERE file = ?1 AND number = ?2";
        let mut statement = self.connection.prepare(select)?;
        let mut rows = statement.query((file, number.cast_signed()))?;
        Ok(rows
            .next()?
            .map(|row| row.get_ref(0).map(|sealed| blob(sealed).to_vec()))
            .transpose()?)
    }

    /// Whether pages, cells and free lists hang together. Says nothing of their content.
    pub(crate) fn is_structure_sound(&self) -> bool {
        let check = self.connection.pragma_query_value(None, "quick_check", |row| {
            row.get::<_, String>(0).map(|answer| answer == "ok")
        });
        check.unwrap_or(false)
    }

    pub(crate) fn write(&mut self) -> Result<Write<'_>> {
        self.placed.check()?;
        Ok(Write(self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?))
    }

    /// Folds the log into the file and empties it: nothing deleted remains in either.
    pub(crate) fn checkpoint(&self) -> Result<()> {
        let busy: i64 =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy == 0 { Ok(()) } else { Err(Error::InUse) }
    }

    /// Writes a copy without free pages to `path`, an empty file.
    pub(crate) fn copy_to(&self, path: &Path) -> Result<()> {
        let path = path.to_str().ok_or_else(|| {
            let source = ErrorKind::InvalidFilename.into();
            Error::Io { context: "the backup's path is not Unicode", source }
        })?;
        self.connection.execute("VACUUM INTO ?1", [path])?;
        Ok(())
    }

    fn check_schema(&self) -> Result<()> {
        let mut statement =
            self.connection.prepare("SELECT sql FROM sqlite_schema ORDER BY rowid")?;
        let found = statement
            .query_map([], |row| row.get::<_, Option<String>>(0))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        // The fifth is the index that SQLite makes for UNIQUE, which has no text.
        let expected = SCHEMA.iter().map(|sql| Some((*sql).to_owned())).chain([None]);
        if found.into_iter().eq(expected) {
            Ok(())
        } else {
            Err(Error::damaged("tables that don't belong there"))
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // Without this the log stays beside the file, still whole; the next open folds it in.
        let _ = self.checkpoint();
    }
}

impl Write<'_> {
    pub(crate) fn insert_record(&self, id: &[u8; 16], sealed: &[u8]) -> Result<i64> {
        let insert = "INSERT INTO record(id, sealed) VALUES (?1, ?2)";
        Ok(self.0.prepare(insert)?.insert((id, sealed))?)
    }

    pub(crate) fn delete_record(&self, row: i64) -> Result<()> {
        self.0.prepare("DELETE FROM record WHERE row = ?1")?.execute([row])?;
        Ok(())
    }

    pub(crate) fn insert_chunk(&self, file: &[u8; 16], number: u64, sealed: &[u8]) -> Result<()> {
        let insert = "INSERT OR REPLACE INTO chunk(file, number, sealed) VALUES (?1, ?2, ?3)";
        self.0.execute(insert, (file, number.cast_signed(), sealed))?;
        Ok(())
    }

    pub(crate) fn delete_chunks(&self, file: &[u8; 16]) -> Result<()> {
        self.0.execute("DELETE FROM chunk WHERE file = ?1", [file])?;
        Ok(())
    }

    pub(crate) fn set_root(&self, sealed: &[u8]) -> Result<()> {
        let replace = "INSERT OR REPLACE INTO root(row, sealed) VALUES (1, ?1)";
        self.0.prepare(replace)?.execute([sealed])?;
        Ok(())
    }

    pub(crate) fn insert_slot(&self, bytes: &[u8]) -> Result<i64> {
        Ok(self.0.prepare("INSERT INTO slot(body) VALUES (?1)")?.insert([bytes])?)
    }

    pub(crate) fn delete_slot(&self, row: i64) -> Result<()> {
        self.0.execute("DELETE FROM slot WHERE row = ?1", [row])?;
        Ok(())
    }

    /// Returns when it is on disk.
    pub(crate) fn commit(self) -> Result<()> {
        Ok(self.0.commit()?)
    }
}

/// A new file of the format, closed and on disk.
fn build(path: &Path, fill: impl FnOnce(&Write<'_>) -> Result<()>) -> Result<()> {
    private().create_new(true).open(path)?;
    let mut connection = Connection::open_with_flags(path, flags())?;
    connection.execute_batch(&format!("PRAGMA page_size = {PAGE_SIZE};"))?;
    configure(&connection)?;
    connection.pragma_update(None, "application_id", APPLICATION)?;
    connection.pragma_update(None, "user_version", FORMAT)?;
    connection.execute_batch(&SCHEMA.join(";"))?;
    let write = Write(connection.transaction()?);
    fill(&write)?;
    write.commit()?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(File::open(path)?.sync_all()?)
}

fn connect(path: &Path) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, flags())?;
    configure(&connection)?;
    Ok(connection)
}

/// A URI that tells SQLite to take the file as it is: no lock, no log.
fn immutable_uri(path: &Path) -> Result<String> {
    let path = std::path::absolute(path)?;
    let path = path.to_str().ok_or_else(|| {
        let source = ErrorKind::InvalidFilename.into();
        Error::Io { context: "the path is not Unicode", source }
    })?;
    let mut uri = "file:".to_owned();
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                uri.push(char::from(byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    Ok(uri + "?immutable=1")
}

fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

fn configure(connection: &Connection) -> Result<()> {
    connection.busy_timeout(Duration::ZERO)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    Ok(connection.execute_batch(SETTINGS)?)
}

/// Tells a vault from any other file by its first 100 bytes.
fn check_header(path: &Path) -> Result<()> {
    let not_a_vault = || Error::NotAVault(path.to_owned());
    let mut header = [0; 100];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut header));
    match read.map_err(|error| error.kind()) {
        Ok(()) => {}
        Err(ErrorKind::NotFound) => return Err(Error::Missing(path.to_owned())),
        Err(ErrorKind::UnexpectedEof | ErrorKind::IsADirectory) => return Err(not_a_vault()),
        Err(kind) => return Err(std::io::Error::from(kind).into()),
    }
    let u32_at = |at: usize| header[at..].first_chunk().map(|bytes| u32::from_be_bytes(*bytes));
    if !header.starts_with(b"SQLite format 3\0") || u32_at(68) != Some(APPLICATION) {
        return Err(not_a_vault());
    }
    match u32_at(60) {
        Some(FORMAT) => Ok(()),
        Some(0) | None => Err(Error::damaged("its version")),
        Some(found) => Err(Error::NewerVersion { found, supported: FORMAT }),
    }
}

/// The bytes of a value; none where it is of another type.
fn blob(value: ValueRef<'_>) -> &[u8] {
    value.as_blob().unwrap_or_default()
}

#[cfg(test)]
impl Store {
    /// From now on the disk is full.
    pub(crate) fn limit_to_its_size(&self) {
        let pages: i64 = self.connection.query_row("PRAGMA page_count", [], |r| r.get(0)).unwrap();
        self.connection.pragma_update(None, "max_page_count", pages).unwrap();
    }
}
