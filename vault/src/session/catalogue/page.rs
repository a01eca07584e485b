//! A page of the catalogue: revisions of entries, and of those that are shown what the list needs.
use jiff::civil::{Date, DateTime, Time};
use zeroize::Zeroizing;

use super::Loaded;
use crate::{
    EntryId, EntryMeta, RevisionId,
    clock::{Actor, Clock},
    ledger::Stored,
    packing::{self, Bytes},
    revision::{Page, Revision, State},
};

/// Bits of the byte that tells what a revision is.
const STATE: u8 = 3;
const IS_LISTED: u8 = 4;
const IS_STARRED: u8 = 8;
const IS_KEPT_FROM_MODEL: u8 = 16;

/// A revision with what the list needs of its entry, where it is the one shown.
pub(super) struct Listed {
    pub(super) entry: EntryId,
    pub(super) revision: Revision,
    pub(super) meta: Option<EntryMeta>,
}

impl Listed {
    pub(super) fn into_loaded(self) -> Loaded {
        Loaded::Entry(self.entry, self.revision, self.meta)
    }
}

/// The payload of a page of these revisions, in the order of their rows.
pub(super) fn encode<'a>(
    revisions: &[(EntryId, &Revision)],
    meta_of: &dyn Fn(EntryId) -> Option<&'a EntryMeta>,
) -> Zeroizing<Vec<u8>> {
    let (mut actors, mut body) = (Vec::new(), Zeroizing::new(Vec::new()));
    let mut row = 0;
    for (entry, revision) in revisions {
        let Stored { row: next, id, tag } = revision.stored;
        packing::put(&mut body, next.wrapping_sub(row).cast_unsigned());
        row = next;
        [id, tag, entry.0].iter().for_each(|bytes| body.extend_from_slice(bytes));
        revision.clock.pack(&mut actors, &mut body);
        put_date(&mut body, revision.written.date());
        put_time(&mut body, Some(revision.written.time()));
        let meta = meta_of(*entry).filter(|meta| meta.revision.0 == id);
        body.push(revision.state.code() | meta.map_or(0, flags));
        if let Some(meta) = meta {
            put_meta(&mut body, meta);
        }
    }
    let mut payload = Zeroizing::new(Vec::with_capacity(body.len() + 8 * actors.len() + 16));
    packing::put(&mut payload, revisions.len() as u64);
    put_actors(&mut payload, &actors);
    payload.extend_from_slice(&body);
    payload
}

/// Reads a page; none where it makes no sense.
pub(super) fn decode(payload: &[u8], page: Page) -> Option<Vec<Listed>> {
    let mut bytes = Bytes(payload);
    let count = bytes.count()?;
    let actors = actors(&mut bytes)?;
    let (mut listed, mut row) = (Vec::new(), 0_i64);
    for _ in 0..count {
        row = row.wrapping_add(bytes.number()?.cast_signed());
        let (id, tag, entry) = (bytes.array()?, bytes.array()?, EntryId(bytes.array()?));
        let clock = Clock::unpack(&actors, &mut bytes)?;
        let (date, mut time) = (date(&mut bytes)?, None);
        read_time(&mut bytes, &mut time)?;
        let written = DateTime::from_parts(date, time?);
        let [flags] = bytes.array()?;
        let state = State::of_code(flags & STATE)?;
        let stored = Stored { row, id, tag };
        let revision = Revision { stored, clock, written, state, page };
        let mut meta = None;
        if flags & IS_LISTED != 0 {
            let id = RevisionId(id);
            meta = Some(self::meta(&mut bytes, entry, id, flags)?);
        }
        listed.push(Listed { entry, revision, meta });
    }
    Some(listed)
}

pub(super) fn put_actors(bytes: &mut Vec<u8>, actors: &[Actor]) {
    packing::put(bytes, actors.len() as u64);
    actors.iter().for_each(|actor| bytes.extend_from_slice(&actor.0));
}

pub(super) fn actors(bytes: &mut Bytes<'_>) -> Option<Vec<Actor>> {
    let count = bytes.count()?;
    let mut actors = Vec::new();
    for _ in 0..count {
        actors.push(Actor(bytes.array()?));
    }
    Some(actors)
}

/// What is known of a revision that is shown, beside its state.
fn flags(meta: &EntryMeta) -> u8 {
    let starred = if meta.starred { IS_STARRED } else { 0 };
    let kept = if meta.kept_from_model { IS_KEPT_FROM_MODEL } else { 0 };
    IS_LISTED | starred | kept
}

fn put_meta(bytes: &mut Vec<u8>, meta: &EntryMeta) {
    put_date(bytes, meta.date);
    put_time(bytes, meta.time);
    packing::put_text(bytes, &meta.heading);
    packing::put(bytes, meta.tags.len() as u64);
    meta.tags.iter().for_each(|tag| packing::put_text(bytes, tag));
    // One more than the mood, so that 0 is none.
    packing::put(bytes, meta.mood.map_or(0, |mood| u64::from(mood) + 1));
    packing::put(bytes, meta.words as u64);
}

fn meta(bytes: &mut Bytes<'_>, id: EntryId, revision: RevisionId, flags: u8) -> Option<EntryMeta> {
    let (date, mut time) = (date(bytes)?, None);
    read_time(bytes, &mut time)?;
    let heading = bytes.text()?.to_owned();
    let mut tags = Vec::new();
    for _ in 0..bytes.count()? {
        tags.push(bytes.text()?.to_owned());
    }
    let mood = match bytes.number()? {
        0 => None,
        more => Some(u8::try_from(more - 1).ok()?),
    };
    let words = bytes.count()?;
    let (starred, kept_from_model) = (flags & IS_STARRED != 0, flags & IS_KEPT_FROM_MODEL != 0);
    Some(EntryMeta {
        id,
        revision,
        date,
        time,
        heading,
        tags,
        mood,
        starred,
        kept_from_model,
        words,
    })
}

fn put_date(bytes: &mut Vec<u8>, date: Date) {
    bytes.extend_from_slice(&date.year().to_le_bytes());
    bytes.extend_from_slice(&[date.month().cast_unsigned(), date.day().cast_unsigned()]);
}

fn date(bytes: &mut Bytes<'_>) -> Option<Date> {
    let year = i16::from_le_bytes(bytes.array()?);
    let [month, day] = bytes.array()?.map(u8::cast_signed);
    Date::new(year, month, day).ok()
}

/// Zero for none; else one more than twice the seconds of the day, one more again where
/// nanoseconds follow.
fn put_time(bytes: &mut Vec<u8>, time: Option<Time>) {
    let Some(time) = time else { return packing::put(bytes, 0) };
    let [hour, minute, second] = [time.hour(), time.minute(), time.second()].map(i64::from);
    let seconds = ((hour * 60 + minute) * 60 + second).cast_unsigned();
    let nanoseconds = time.subsec_nanosecond().cast_unsigned();
    packing::put(bytes, 2 * seconds + if nanoseconds > 0 { 2 } else { 1 });
    if nanoseconds > 0 {
        packing::put(bytes, nanoseconds.into());
    }
}

/// Reads what [`put_time`] wrote; none where it makes no sense.
fn read_time(bytes: &mut Bytes<'_>, time: &mut Option<Time>) -> Option<()> {
    let Some(more) = bytes.number()?.checked_sub(1) else { return Some(()) };
    let seconds = i32::try_from(more / 2).ok()?;
    let nanoseconds = if more % 2 == 1 { bytes.number()? } else { 0 };
    let part = |value: i32| i8::try_from(value).ok();
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let nanoseconds = i32::try_from(nanoseconds).ok()?;
    *time = Some(Time::new(part(hour)?, part(minute)?, part(second)?, nanoseconds).ok()?);
    Some(())
}

impl State {
    fn code(self) -> u8 {
        match self {
            Self::Living => 0,
            Self::Deleted => 1,
            Self::Purged => 2,
        }
    }

    fn of_code(code: u8) -> Option<Self> {
        [Self::Living, Self::Deleted, Self::Purged].get(usize::from(code)).copied()
    }
}
