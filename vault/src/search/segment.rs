//! A part of the index as it is stored: the words of some entries, packed.
//!
//! What is stored are words as they were written, in lower case, not as they are folded: all that
//! the index knows of an entry follows from them, and so an index that was stored finds what one made
//! of the entries finds. `FORMAT.md` describes the bytes.
use std::collections::HashMap;

use zeroize::{Zeroize, Zeroizing};

use super::{
    inverted::{TAG_WEIGHT, TEXT_WEIGHT, TITLE_WEIGHT},
    language::{self, CommonWords},
    terms::Terms,
    tokenize::{self, Tokens},
};
use crate::{
    Content, Entry, EntryId, RevisionId,
    packing::{self, BitReader, BitWriter, Bytes},
};

/// How words are cut and folded: this program's way, and the versions of the tables it rests on.
/// A segment of any other is made anew.
const WAY: [u8; 7] = {
    let (std, normal) = (char::UNICODE_VERSION, unicode_normalization::UNICODE_VERSION);
    [1, std.0, std.1, std.2, normal.0, normal.1, normal.2]
};
/// Bytes by which a segment knows a revision: the first of its id.
const SHORT: usize = 8;
const TITLED: u8 = 0x80;

/// The revision of an entry that is in a segment.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    pub(crate) id: EntryId,
    revision: [u8; SHORT],
}

impl Key {
    /// Whether it is this revision whose words these are.
    pub(crate) fn is(&self, revision: RevisionId) -> bool {
        revision.0.starts_with(&self.revision)
    }
}

/// An entry in a segment.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) key: Key,
    /// Words in all its fields, and the breaks between.
    pub(crate) words: u32,
    pub(crate) language: u8,
    pub(crate) titled: bool,
    pub(crate) journal: Option<String>,
}

/// Entries whose words are put together for a segment.
#[derive(Default)]
pub(crate) struct Builder {
    pub(crate) members: Vec<Member>,
    forms: Forms,
    /// Form, member, weight.
    postings: Vec<(u32, u32, u32)>,
}

/// Words in lower case by number, and in which languages each is one of the commonest, a bit each.
struct Forms {
    terms: Terms,
    common: Vec<u32>,
    lookup: CommonWords,
    folded: String,
}

impl Default for Forms {
    fn default() -> Self {
        let (terms, lookup) = (Terms::new(), CommonWords::new());
        Self { terms, common: Vec::new(), lookup, folded: String::new() }
    }
}

impl Forms {
    /// The number of a word; none where nothing is left of it when it is folded.
    fn intern(&mut self, lower: &str) -> Option<u32> {
        if let Some(form) = self.terms.get(lower) {
            return Some(form);
        }
        tokenize::fold(lower, &mut self.folded);
        if self.folded.is_empty() {
            return None;
        }
        self.common.push(language::languages_of(&self.folded, &self.lookup));
        Some(self.terms.intern(lower))
    }
}

impl Builder {
    /// Adds an entry; each only once.
    pub(crate) fn put(&mut self, entry: &Entry) {
        let Content { title, text, tags, .. } = &entry.content;
        let mut common = [0; language::COUNT];
        let mut read = Vec::new();
        let fields = [(title, TITLE_WEIGHT), (text, TEXT_WEIGHT)].into_iter();
        for (field, weight) in fields.chain(tags.iter().map(|tag| (tag, TAG_WEIGHT))) {
            for range in Tokens::new(field) {
                let lower = tokenize::lower(&field[range]);
                let Some(form) = self.forms.intern(&lower) else { continue };
                language::count(self.forms.common[form as usize], &mut common);
                read.push((form, weight));
            }
        }
        let member = Member {
            key: Key { id: entry.id, revision: short(entry.revision) },
            words: (read.len() + 1 + tags.len()) as u32,
            language: language::likeliest(&common) as u8,
            titled: !title.trim().is_empty(),
            journal: super::documents::journal_of(&entry.content).map(str::to_owned),
        };
        self.enter(member, read);
    }

    /// Adds those members of a segment that are wanted.
    pub(crate) fn take(&mut self, segment: &Segment, wanted: &dyn Fn(&Member) -> bool) {
        let mut read: HashMap<u32, Vec<(u32, u32)>> = HashMap::new();
        let kept = (0..).zip(&segment.members).filter(|(_, member)| wanted(member));
        read.extend(kept.map(|(number, _)| (number, Vec::new())));
        for (text, postings) in segment.forms() {
            for &(number, weight) in postings {
                if let Some(read) = read.get_mut(&number)
                    && let Some(form) = self.forms.intern(text)
                {
                    read.push((form, weight));
                }
            }
        }
        for (number, member) in (0..).zip(&segment.members) {
            if let Some(read) = read.remove(&number) {
                self.enter(member.clone(), read);
            }
        }
    }

    fn enter(&mut self, member: Member, mut read: Vec<(u32, u32)>) {
        let number = self.members.len() as u32;
        self.members.push(member);
        read.sort_unstable_by_key(|&(form, _)| form);
        for same in read.chunk_by(|one, next| one.0 == next.0) {
            self.postings.push((same[0].0, number, same.iter().map(|&(_, weight)| weight).sum()));
        }
    }

    /// The bytes of the segment.
    pub(crate) fn encode(mut self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(2 * self.postings.len()));
        bytes.extend_from_slice(&WAY);
        packing::put(&mut bytes, self.members.len() as u64);
        self.members.iter().for_each(|member| member.encode(&mut bytes));
        let forms = &self.forms.terms;
        let mut order: Vec<u32> = (0..forms.len() as u32).collect();
        order.sort_unstable_by(|&a, &b| forms.text(a).cmp(forms.text(b)));
        let mut places = vec![0; order.len()];
        (0..).zip(&order).for_each(|(place, &form)| places[form as usize] = place);
        self.postings.iter_mut().for_each(|posting| posting.0 = places[posting.0 as usize]);
        self.postings.sort_unstable();
        let mut bits = BitWriter::default();
        packing::put(&mut bytes, order.len() as u64);
        let mut before = "";
        for (one, &form) in self.postings.chunk_by(|one, next| one.0 == next.0).zip(&order) {
            let text = forms.text(form);
            let shared = shared(before, text);
            packing::put(&mut bytes, shared as u64);
            packing::put_text(&mut bytes, &text[shared..]);
            packing::put(&mut bytes, one.len() as u64);
            encode_postings(one, self.members.len(), &mut bits);
            before = text;
        }
        let mut bits = bits.finish();
        bytes.extend_from_slice(&bits);
        bits.zeroize();
        bytes
    }
}

impl Drop for Builder {
    fn drop(&mut self) {
        self.postings.zeroize();
    }
}

impl Member {
    fn encode(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.key.id.0);
        bytes.extend_from_slice(&self.key.revision);
        packing::put(bytes, u64::from(self.words));
        bytes.push(self.language | if self.titled { TITLED } else { 0 });
        // One more than its length, so that an empty name is not none.
        packing::put(bytes, self.journal.as_ref().map_or(0, |name| name.len() as u64 + 1));
        bytes.extend_from_slice(self.journal.as_deref().unwrap_or_default().as_bytes());
    }

    fn decode(bytes: &mut Bytes<'_>) -> Option<Self> {
        let key = Key { id: EntryId(bytes.array()?), revision: bytes.array()? };
        let words = u32::try_from(bytes.number()?).ok()?;
        let [flags] = bytes.array()?;
        let journal = match bytes.count()? {
            0 => None,
            more => Some(std::str::from_utf8(bytes.slice(more - 1)?).ok()?.to_owned()),
        };
        let language = flags & !TITLED;
        let known = usize::from(language) < language::COUNT;
        let titled = flags & TITLED != 0;
        known.then_some(Self { key, words, language, titled, journal })
    }
}

/// A segment that was read.
pub(crate) struct Segment {
    pub(crate) members: Vec<Member>,
    /// The words one after the other.
    text: Zeroizing<String>,
    /// Of each word, where its text and its postings end.
    ends: Vec<(usize, usize)>,
    /// Members by number, rising within a word, with what it weighs there.
    postings: Vec<(u32, u32)>,
}

impl Segment {
    /// Reads the bytes of a segment; none where they make no sense or were made another way.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        if bytes.array()? != WAY {
            return None;
        }
        let count = bytes.count()?;
        let mut members = Vec::new();
        for _ in 0..count {
            members.push(Member::decode(&mut bytes)?);
        }
        let (mut text, mut counts) = (Zeroizing::new(String::new()), Vec::new());
        let mut before: usize = 0;
        for _ in 0..bytes.count()? {
            let (start, shared) = (text.len(), bytes.count()?);
            let beginning = before..before.checked_add(shared)?;
            text.get(beginning.clone())?;
            text.extend_from_within(beginning);
            text.push_str(bytes.text()?);
            counts.push((text.len(), bytes.count().filter(|count| *count <= members.len())?));
            before = start;
        }
        let mut segment = Self { members, text, ends: Vec::new(), postings: Vec::new() };
        let mut bits = BitReader::new(bytes.0);
        for (end, count) in counts {
            decode_postings(count, segment.members.len(), &mut bits, &mut segment.postings)?;
            segment.ends.push((end, segment.postings.len()));
        }
        Some(segment)
    }

    /// The words in the order of their text, with their postings.
    pub(crate) fn forms(&self) -> impl Iterator<Item = (&str, &[(u32, u32)])> {
        let starts = std::iter::once((0, 0)).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|((text, postings), (text_end, postings_end))| {
            (&self.text[text..*text_end], &self.postings[postings..*postings_end])
        })
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        self.postings.zeroize();
    }
}

/// The members as Rice-coded gaps, each less one but the first, then the weights in gamma code.
fn encode_postings(one: &[(u32, u32, u32)], members: usize, bits: &mut BitWriter) {
    let low = packing::rice_low(one.len(), members);
    let mut next = 0;
    for &(_, member, _) in one {
        bits.rice(member - next, low);
        next = member + 1;
    }
    one.iter().for_each(|&(_, _, weight)| bits.gamma(weight));
}

fn decode_postings(
    count: usize,
    members: usize,
    bits: &mut BitReader<'_>,
    postings: &mut Vec<(u32, u32)>,
) -> Option<()> {
    let low = packing::rice_low(count, members);
    let start = postings.len();
    let mut next = 0_u32;
    for _ in 0..count {
        let member = next.checked_add(bits.rice(low)?)?;
        next = member.checked_add(1).filter(|next| *next as usize <= members)?;
        postings.push((member, 0));
    }
    for posting in &mut postings[start..] {
        posting.1 = bits.gamma()?;
    }
    Some(())
}

fn short(revision: RevisionId) -> [u8; SHORT] {
    std::array::from_fn(|at| revision.0[at])
}

/// How many bytes two texts share at the front, in whole characters.
fn shared(before: &str, text: &str) -> usize {
    let alike = before.bytes().zip(text.bytes()).take_while(|(one, other)| one == other).count();
    text.floor_char_boundary(alike)
}
