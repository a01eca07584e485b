//! All memory of a running process, and what can be found in it.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]
use std::{collections::BTreeMap, fmt, fs, os::unix::fs::FileExt as _};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// So many characters in a row are found, wherever in a text they begin.
const SHINGLE: usize = 12;
/// Memory is searched in pieces of this many bytes.
const PIECE: usize = 16 << 20;
/// At the end of the name of a mapping that is not swapped out.
const LOCKED: &str = " (locked)";

/// What is searched for.
#[derive(Default)]
pub struct Wanted {
    needles: Vec<Vec<u8>>,
    names: Vec<&'static str>,
}

/// Where something that is searched for was found: how often, by its name and the mapping, and what
/// lies around it once.
#[derive(Default)]
pub struct Found(BTreeMap<(&'static str, String), (usize, String)>);

impl Wanted {
    /// Every twelve characters in a row of a text, or all of a shorter one, in UTF-8, UTF-16 and UTF-32.
    #[must_use]
    pub fn text(mut self, name: &'static str, text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        for shingle in chars.windows(SHINGLE.min(chars.len())) {
            let shingle: String = shingle.iter().collect();
            self = self.bytes(name, shingle.as_bytes().to_vec());
            let utf16 = shingle.encode_utf16().flat_map(u16::to_le_bytes).collect();
            self = self.bytes(name, utf16);
            let utf32 = shingle.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
            self = self.bytes(name, utf32);
        }
        self
    }

    /// These bytes.
    #[must_use]
    pub fn bytes(mut self, name: &'static str, bytes: Vec<u8>) -> Self {
        self.needles.push(bytes);
        self.names.push(name);
        self
    }

    /// Leaves out what the process holds now, before anything of it was typed: common words.
    /// None where this user may not read its memory.
    #[must_use]
    pub fn without_those_in(mut self, process: u32) -> Option<Self> {
        let mut known = vec![false; self.needles.len()];
        self.search(process, &mut |needle, _, _| known[needle] = true)?;
        let unknown = |known: &[bool]| known.iter().map(|known| !known).collect::<Vec<_>>();
        let mut keep = unknown(&known).into_iter();
        self.needles.retain(|_| keep.next() == Some(true));
        let mut keep = unknown(&known).into_iter();
        self.names.retain(|_| keep.next() == Some(true));
        Some(self)
    }

    /// Searches all memory of a process; letters of either case are the same.
    /// None where this user may not read it.
    #[must_use]
    pub fn find_in(&self, process: u32) -> Option<Found> {
        let mut found = Found::default();
        self.search(process, &mut |needle, mapping, around| {
            let place = (self.names[needle], mapping.to_owned());
            found.0.entry(place).or_insert_with(|| (0, readable(around))).0 += 1;
        })?;
        Some(found)
    }

    fn search(&self, process: u32, on_hit: &mut dyn FnMut(usize, &str, &[u8])) -> Option<()> {
        let memory = fs::File::open(format!("/proc/{process}/mem")).ok()?;
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&self.needles)
            .unwrap();
        let longest = self.needles.iter().map(Vec::len).max().unwrap_or(1);
        let mut piece = vec![0; PIECE];
        for (start, end, mapping) in mappings(process) {
            let mut at = start;
            while at < end {
                let wanted = usize::try_from(end - at).unwrap().min(PIECE);
                // Pages that no one can read, such as those of the kernel, are left out.
                let read = memory.read_at(&mut piece[..wanted], at).unwrap_or(0);
                for hit in search.find_overlapping_iter(&piece[..read]) {
                    let around = hit.start().saturating_sub(64)..(hit.end() + 64).min(read);
                    on_hit(hit.pattern().as_usize(), &mapping, &piece[around]);
                }
                if read < wanted {
                    break;
                }
                // What lies across the border of two pieces is found in the second.
                let reaches_end = at + read as u64 == end;
                at += (read - if reaches_end { 0 } else { longest }) as u64;
            }
        }
        Some(())
    }
}

fn readable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).escape_debug().to_string()
}

impl Found {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether all of this name that was found lies in memory that is not swapped out.
    #[must_use]
    pub fn is_locked(&self, name: &str) -> bool {
        let mut places = self.0.keys().filter(|(what, _)| *what == name);
        places.all(|(_, mapping)| mapping.ends_with(LOCKED))
    }

    /// Whether anything of this name was found.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.keys().any(|(what, _)| *what == name)
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((what, mapping), (times, around)) in &self.0 {
            writeln!(f, "{what}: {times} times in {mapping}, once as {around}")?;
        }
        Ok(())
    }
}

/// Start, end and name of each mapping that can be read; the name says which are not swapped out.
fn mappings(process: u32) -> Vec<(u64, u64, String)> {
    let maps = fs::read_to_string(format!("/proc/{process}/smaps")).unwrap();
    let mut found: Vec<Mapping> = Vec::new();
    for line in maps.lines() {
        let flags = line.strip_prefix("VmFlags:").unwrap_or_default();
        if let Some(mapping) = Mapping::parse(line) {
            found.push(mapping);
        } else if let Some(last) = found.last_mut()
            && flags.split_whitespace().any(|flag| flag == "lo")
        {
            last.name.push_str(LOCKED);
        }
    }
    let readable = found.into_iter().filter(|mapping| mapping.readable);
    readable.map(|mapping| (mapping.start, mapping.end, mapping.name)).collect()
}

struct Mapping {
    start: u64,
    end: u64,
    name: String,
    readable: bool,
}

impl Mapping {
    /// The first line of what the kernel tells of a mapping.
    fn parse(line: &str) -> Option<Self> {
        let mut fields = line.split_whitespace();
        let (start, end) = fields.next()?.split_once('-')?;
        let readable = fields.next()?.starts_with('r');
        let name = fields.nth(3).unwrap_or("anonymous").to_owned();
        let place = |digits| u64::from_str_radix(digits, 16).ok();
        Some(Self { start: place(start)?, end: place(end)?, name, readable })
    }
}
