//! Journals of 1,000, 10,000 and 100,000 entries: how long until one sees the list, until one can
//! search, until a save is on disk; what they take on disk and in memory. Beside them the same
//! entries in plaintext SQLite with FTS5, and in SQLCipher where its command line is installed.
//!
//! `cargo bench -p vault --bench scale` or, for other sizes, `… --bench scale -- 5000 50000`.
//! The entries are the diary in the folder that `INGLENOOK_TEST_DATA` names, repeated and varied.
#![allow(clippy::print_stdout, reason = "printing is what it is for")]
#![allow(clippy::disallowed_types, reason = "each journal is opened by a process of its own")]
use std::{
    error::Error,
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use jiff::ToSpan;
use rusqlite::Connection;
use vault::{
    Content, EntryId, KdfParams, Passphrase, Session, Vault,
    search::{Index, Query},
};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Saves that are timed.
const SAVES: usize = 200;
/// JSON around the content in a revision: entry, clock, time of writing.
const AROUND_CONTENT: usize = 140;

fn main() -> Outcome<()> {
    let arguments: Vec<_> = std::env::args().skip(1).filter(|one| !one.starts_with("--")).collect();
    match arguments.as_slice() {
        [what, path] if what == "ours" => return ours(Path::new(path)),
        [what, path] if what == "plain" => return plain(Path::new(path)),
        _ => {}
    }
    let Some(diary) = read_diary() else {
        println!("no diary: set INGLENOOK_TEST_DATA to the folder of pepys.jsonl");
        return Ok(());
    };
    let sizes: Vec<usize> = arguments.iter().filter_map(|size| size.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1_000, 10_000, 100_000] } else { sizes };
    sizes.into_iter().try_for_each(|size| measure(&multiply(&diary, size)))
}

fn measure(entries: &[Content]) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let text: usize = entries.iter().map(|content| content.text.len()).sum();
    println!("\n{} entries, {:.1} MB of text", entries.len(), text as f64 / 1e6);
    println!("  a sync of 32 KiB on this disk: {}", figures(&mut syncs(folder.path())?));
    let path = folder.path().join("journal");
    let mut session = Vault::create(&path, &passphrase(), KdfParams::FLOOR)?;
    for part in entries.chunks(10_000) {
        session.import(part)?;
    }
    session.close()?;
    println!("Inglenook");
    report_padding(&path, entries, text)?;
    report_derived(&path, text)?;
    report_size(&path, text)?;
    again("ours", &path)?;
    let path = folder.path().join("plain");
    fill_plain(&path, entries)?;
    cipher(folder.path(), text)?;
    println!("SQLite with FTS5, plaintext");
    report_size(&path, text)?;
    again("plain", &path)
}

/// Measures in a process of its own, whose memory nothing else has used.
fn again(what: &str, path: &Path) -> Outcome<()> {
    let status = Command::new(std::env::current_exe()?).arg(what).arg(path).status()?;
    if status.success() { Ok(()) } else { Err("the measuring process failed".into()) }
}

/// The way a window takes: the list, the stored index, then what is left to do while it is used.
fn ours(path: &Path) -> Outcome<()> {
    let vault = Vault::open(path)?;
    let start = Instant::now();
    let key = vault.unlock_key(&passphrase())?;
    println!("  key derivation, at its least: {:.0?}", start.elapsed());
    let start = Instant::now();
    let mut session = vault.into_session_listed(key)?;
    println!(
        "  list: {} ms after it, {} MB resident, by the catalogue: {}",
        start.elapsed().as_millis(),
        resident()?,
        !session.is_checked()
    );
    let (mut index, mut longest) = (Index::new(), Duration::ZERO);
    let mut more = true;
    while more {
        let start = Instant::now();
        more = session.load_index(&mut index)?;
        longest = longest.max(start.elapsed());
    }
    let missing: Vec<_> = session.ids().into_iter().filter(|id| !index.has(*id)).collect();
    for id in &missing {
        index.put(&session.entry(*id)?);
    }
    let elapsed = start.elapsed().as_millis();
    println!(
        "  searchable: {elapsed} ms after it, {} MB resident, {} entries read for it",
        resident()?,
        missing.len()
    );
    search(&session, &index, "before the words are in order")?;
    longest = longest.max(check(&mut session)?);
    let start = Instant::now();
    for id in session.ids() {
        index.fill(&session.entry(id)?);
    }
    let held = index.memory() / 1_000_000;
    println!(
        "  words in order: {} ms more, {} MB resident, index {held} MB",
        start.elapsed().as_millis(),
        resident()?
    );
    search(&session, &index, "after that")?;
    println!("  longest that a save waits for the index or the check: {longest:.1?}");
    save(&mut session)?;
    let start = Instant::now();
    session.settle()?;
    println!("  settling after the saves: {:.0?}", start.elapsed());
    Ok(session.close()?)
}

fn save(session: &mut Session) -> Outcome<()> {
    let content = session.entry(session.ids()[session.ids().len() / 2])?.content;
    let mut times = Vec::new();
    for number in 0..SAVES {
        let content = Content { text: format!("{number} {}", content.text), ..content.clone() };
        let start = Instant::now();
        session.put(EntryId::random(), &content)?;
        times.push(start.elapsed());
    }
    println!("  save: {}", figures(&mut times));
    Ok(())
}

/// Checks all records, bit by bit; gives the longest bit.
fn check(session: &mut Session) -> Outcome<Duration> {
    let (start, mut longest) = (Instant::now(), Duration::ZERO);
    loop {
        let part = Instant::now();
        let found = session.check(1 << 20)?;
        longest = longest.max(part.elapsed());
        if let Some(found) = found {
            println!("  checked: {} ms, {found:?}", start.elapsed().as_millis());
            return Ok(longest);
        }
    }
}

fn search(session: &Session, index: &Index, when: &str) -> Outcome<()> {
    print!("  searches {when}:");
    for text in ["plague", "\"the great fire\"", "music singing", "\"and so to bed\""] {
        let start = Instant::now();
        let query = Query::parse(text, "1669-06-10".parse()?, true);
        let results = index.search(&query, 20, &mut |id| session.entry(id).ok());
        print!(" {text} {} in {:.1?};", results.total, start.elapsed());
    }
    println!();
    Ok(())
}

/// What of the file is made of the entries, and the first settling.
fn report_derived(path: &Path, text: usize) -> Outcome<()> {
    let before = fs::metadata(path)?.len();
    let vault = Vault::open(path)?;
    let key = vault.unlock_key(&passphrase())?;
    let mut session = vault.into_session(key)?;
    let mut ids = session.ids();
    while let Some(id) = ids.pop() {
        session.stage(&session.entry(id)?)?;
    }
    let start = Instant::now();
    session.settle()?;
    println!("  first settling, once all is staged: {:.0?}", start.elapsed());
    session.close()?;
    let more = (fs::metadata(path)?.len() - before) as f64 / text as f64;
    println!("  catalogue and index: {more:.3} times the text");
    Ok(())
}

/// What the zeros that hide lengths take.
fn report_padding(path: &Path, entries: &[Content], text: usize) -> Outcome<()> {
    let sealed: i64 = Connection::open(path)?.query_row(
        "SELECT sum(length(sealed) - 46) FROM record",
        [],
        |row| row.get(0),
    )?;
    let json = entries.iter().map(|content| Ok(serde_json::to_vec(content)?.len()));
    let payload = json.sum::<Outcome<usize>>()? + entries.len() * AROUND_CONTENT;
    let padding = (sealed as f64 - payload as f64) / text as f64;
    println!("  padding: about {padding:.2} times the text");
    Ok(())
}

fn fill_plain(path: &Path, entries: &[Content]) -> Outcome<()> {
    let mut database = Connection::open(path)?;
    database.execute_batch(
        "PRAGMA journal_mode = WAL;
         CREATE TABLE entry(id INTEGER PRIMARY KEY, date TEXT, text TEXT);
         CREATE VIRTUAL TABLE search USING fts5(text, content='entry', content_rowid='id');",
    )?;
    let transaction = database.transaction()?;
    {
        let mut insert = transaction.prepare("INSERT INTO entry(date, text) VALUES (?1, ?2)")?;
        for content in entries {
            insert.execute((content.date.to_string(), &content.text))?;
        }
    }
    transaction.execute("INSERT INTO search(search) VALUES ('rebuild')", [])?;
    transaction.commit()?;
    Ok(database.close().map_err(|(_, error)| error)?)
}

fn plain(path: &Path) -> Outcome<()> {
    let start = Instant::now();
    let database = Connection::open(path)?;
    database.execute_batch("PRAGMA synchronous = FULL")?;
    let list = "SELECT id, date, substr(text, 1, 80) FROM entry ORDER BY date DESC";
    let mut select = database.prepare(list)?;
    let rows = select.query_map([], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
    })?;
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    println!("  list: {:.0?}, {} MB resident", start.elapsed(), resident()?);
    let find = "SELECT count(*) FROM search WHERE search MATCH 'plague'";
    let found: i64 = database.query_row(find, [], |row| row.get(0))?;
    println!(
        "  searched: {:.0?} from the start, {found} found, {} MB resident",
        start.elapsed(),
        resident()?
    );
    let text: String = database.query_row(
        "SELECT text FROM entry WHERE id = ?1",
        [rows.len() as i64 / 2],
        |row| row.get(0),
    )?;
    let mut times = Vec::new();
    for number in 0..SAVES {
        let text = format!("{number} {text}");
        let start = Instant::now();
        database.execute_batch("BEGIN")?;
        database.execute("INSERT INTO entry(date, text) VALUES ('1670-01-01', ?1)", [&text])?;
        let id = database.last_insert_rowid();
        database.execute("INSERT INTO search(rowid, text) VALUES (?1, ?2)", (id, &text))?;
        database.execute_batch("COMMIT")?;
        times.push(start.elapsed());
    }
    println!("  save: {}", figures(&mut times));
    Ok(())
}

/// The same tables, encrypted page by page; asked through its command line, which times itself.
/// Debian's SQLCipher has no FTS5: FTS4 stands in.
fn cipher(folder: &Path, text: usize) -> Outcome<()> {
    let (path, plain) = (folder.join("cipher"), folder.join("plain"));
    println!("SQLCipher");
    let fts =
        match cipher_says(&path, "CREATE VIRTUAL TABLE probe USING fts5(x); DROP TABLE probe;") {
            Err(_) => {
                println!("  not installed");
                return Ok(());
            }
            Ok(said) if said.contains("no such module") => "fts4(content='entry', text)",
            Ok(_) => "fts5(text, content='entry', content_rowid='id')",
        };
    println!("  with {}", &fts[..4]);
    let fill = format!(
        "PRAGMA journal_mode = WAL;
         CREATE TABLE entry(id INTEGER PRIMARY KEY, date TEXT, text TEXT);
         CREATE VIRTUAL TABLE search USING {fts};
         ATTACH '{}' AS plain KEY ''; BEGIN;
         INSERT INTO entry SELECT id, date, text FROM plain.entry;
         INSERT INTO search(search) VALUES ('rebuild'); COMMIT;",
        plain.display()
    );
    cipher_says(&path, &fill)?;
    report_size(&path, text)?;
    let rowid = if fts.starts_with("fts4") { "docid" } else { "rowid" };
    let look = format!(
        ".timer on
         SELECT 'key and first page', count(*) FROM sqlite_master;
         SELECT 'list', count(*), max(length(line)) FROM
            (SELECT id, date, substr(text, 1, 80) AS line FROM entry ORDER BY date DESC LIMIT -1);
         SELECT 'searched', count(*) FROM search WHERE search MATCH 'plague';
         PRAGMA synchronous = FULL; BEGIN;
         INSERT INTO entry(date, text) SELECT date, text FROM entry WHERE id = 500;
         INSERT INTO search({rowid}, text) SELECT id, text FROM entry ORDER BY id DESC LIMIT 1;
         COMMIT;"
    );
    let said = cipher_says(&path, &look)?;
    said.lines().for_each(|line| println!("  {line}"));
    Ok(())
}

fn cipher_says(path: &Path, sql: &str) -> Outcome<String> {
    let mut command = Command::new("sqlcipher");
    command.arg(path).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let input = child.stdin.take().ok_or("no input")?;
    { input }.write_all(format!("PRAGMA key = 'walnut harbour';\n{sql}\n").as_bytes())?;
    let output = child.wait_with_output()?;
    let said = [output.stdout, output.stderr].concat();
    Ok(String::from_utf8_lossy(&said).into_owned())
}

/// What it takes to make a little durable, as a save does.
fn syncs(folder: &Path) -> Outcome<Vec<Duration>> {
    let mut file = File::create(folder.join("sync"))?;
    let (mut times, bytes) = (Vec::new(), vec![7; 32 * 1024]);
    for _ in 0..SAVES {
        let start = Instant::now();
        file.write_all(&bytes)?;
        file.sync_data()?;
        times.push(start.elapsed());
    }
    Ok(times)
}

fn report_size(path: &Path, text: usize) -> Outcome<()> {
    let bytes = fs::metadata(path)?.len();
    println!(
        "  file: {:.1} MB, {:.2} times the text",
        bytes as f64 / 1e6,
        bytes as f64 / text as f64
    );
    Ok(())
}

fn figures(times: &mut [Duration]) -> String {
    times.sort();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    format!("median {:.1?}, 95 % within {:.1?}", at(50), at(95))
}

/// In megabytes.
fn resident() -> Outcome<usize> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.split_whitespace().nth(1).ok_or("no VmRSS")?.parse::<usize>()? / 1000)
}

fn passphrase() -> Passphrase {
    Passphrase::new("walnut harbour seven lanterns")
}

/// So many entries: the diary again and again, years later, words swapped so that none is twice.
fn multiply(diary: &[Content], size: usize) -> Vec<Content> {
    let varied = |(number, content): (usize, &Content)| {
        let copy = number / diary.len();
        let mut words: Vec<_> = content.text.split(' ').collect();
        let length = words.len();
        if copy > 0 && length > 1 {
            words.rotate_left(copy * 7 % length);
        }
        let date = content.date.saturating_add((copy as i64 * 10).years());
        Content { date, text: words.join(" "), ..content.clone() }
    };
    diary.iter().cycle().take(size).enumerate().map(varied).collect()
}

fn read_diary() -> Option<Vec<Content>> {
    let folder = std::env::var_os("INGLENOOK_TEST_DATA")?;
    let lines = fs::read_to_string(PathBuf::from(folder).join("pepys.jsonl")).ok()?;
    lines.lines().map(|line| serde_json::from_str(line).ok()).collect()
}
