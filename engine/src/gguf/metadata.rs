//! Keys and values of a GGUF file.
use super::{Source, printable};
use crate::error::Checked;
use std::{
    collections::{BTreeMap, btree_map::Entry},
    io::Read,
    ops::RangeInclusive,
};

const MAX_ELEMENTS: u64 = 1 << 20;
/// Real ones take a tenth of this; in memory a value takes up to eight times its bytes in the file.
const MAX_BYTES: u64 = 1 << 27;

static NO_TEXTS: Texts = Texts { text: String::new(), ends: Vec::new() };

/// A value; all whole numbers are one kind.
pub(crate) enum Value {
    /// Any whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Yes or no.
    Bool(bool),
    /// A text.
    Text(String),
    /// A list of texts.
    Texts(Texts),
    /// A list of numbers.
    Numbers(Vec<f32>),
}

/// Texts in one buffer. A vocabulary has some hundred thousand: each in an allocation of its own takes several times
/// its length, and leaves holes in memory.
#[derive(Default)]
pub(crate) struct Texts {
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Texts {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Panics when there is none.
    pub(crate) fn get(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..self.ends[index]]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.get(index))
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }
}

impl<T: AsRef<str>> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        let mut all = Self::default();
        texts.into_iter().for_each(|text| all.push(text.as_ref()));
        all
    }
}

/// What a file says of itself.
pub(crate) struct Metadata(BTreeMap<String, Value>);

impl Metadata {
    pub(super) fn read(source: &mut Source<impl Read>, count: u64) -> Checked<Self> {
        let mut values = BTreeMap::new();
        for _ in 0..count {
            let key = source.string()?;
            let kind = source.u32()?;
            let value = read_value(source, kind)?;
            if source.position() > MAX_BYTES {
                return Err("damaged model file: more than 128 MiB before its tensors".into());
            }
            match values.entry(key) {
                Entry::Occupied(_) => return Err("damaged model file: a key is there twice".into()),
                Entry::Vacant(vacant) => vacant.insert(value),
            };
        }
        Ok(Self(values))
    }

    /// The text at a key, without what comes after it.
    pub(super) fn find_text(
        source: &mut Source<impl Read>,
        count: u64,
        wanted: &str,
    ) -> Checked<Option<String>> {
        for _ in 0..count {
            let (key, kind) = (source.string()?, source.u32()?);
            let value = read_value(source, kind)?;
            if let (true, Value::Text(text)) = (key == wanted, value) {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    /// A value of any kind.
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// A whole number inside the range; `None` when the key is absent.
    pub(crate) fn int(&self, key: &str, range: RangeInclusive<usize>) -> Checked<Option<usize>> {
        match self.get(key) {
            None => Ok(None),
            Some(&Value::Int(value)) => match usize::try_from(value) {
                Ok(value) if range.contains(&value) => Ok(Some(value)),
                _ => Err(format!("damaged model file: {} is out of range", printable(key))),
            },
            Some(_) => Err(wrong_kind(key)),
        }
    }

    /// A finite number; `None` when the key is absent.
    pub(crate) fn float(&self, key: &str, range: RangeInclusive<f64>) -> Checked<Option<f32>> {
        match self.get(key) {
            None => Ok(None),
            Some(&Value::Float(value)) if range.contains(&value) => Ok(Some(value as f32)),
            Some(Value::Float(_)) => {
                Err(format!("damaged model file: {} is out of range", printable(key)))
            }
            Some(_) => Err(wrong_kind(key)),
        }
    }

    /// Yes or no; `None` when the key is absent.
    pub(crate) fn bool(&self, key: &str) -> Checked<Option<bool>> {
        match self.get(key) {
            None => Ok(None),
            Some(&Value::Bool(value)) => Ok(Some(value)),
            Some(_) => Err(wrong_kind(key)),
        }
    }

    /// A text; `None` when the key is absent.
    pub(crate) fn text(&self, key: &str) -> Checked<Option<&str>> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Text(value)) => Ok(Some(value)),
            Some(_) => Err(wrong_kind(key)),
        }
    }

    /// A list of texts; empty when the key is absent.
    pub(crate) fn texts(&self, key: &str) -> Checked<&Texts> {
        match self.get(key) {
            None => Ok(&NO_TEXTS),
            Some(Value::Texts(values)) => Ok(values),
            Some(_) => Err(wrong_kind(key)),
        }
    }

    /// A list of numbers; empty when the key is absent.
    pub(crate) fn numbers(&self, key: &str) -> Checked<&[f32]> {
        match self.get(key) {
            None => Ok(&[]),
            Some(Value::Numbers(values)) => Ok(values),
            Some(_) => Err(wrong_kind(key)),
        }
    }

    /// Tensors begin at multiples of this many bytes.
    pub(super) fn alignment(&self) -> Checked<u64> {
        match self.int("general.alignment", 1..=64)? {
            None | Some(32) => Ok(32),
            Some(64) => Ok(64),
            Some(_) => Err("damaged model file: general.alignment is out of range".into()),
        }
    }
}

/// Said of a key whose value is of another kind than it must be.
fn wrong_kind(key: &str) -> String {
    format!("damaged model file: {} is of the wrong kind", printable(key))
}

fn read_value(source: &mut Source<impl Read>, kind: u32) -> Checked<Value> {
    Ok(match kind {
        6 => Value::Float(f64::from(f32::from_le_bytes(source.bytes()?))),
        12 => Value::Float(f64::from_le_bytes(source.bytes()?)),
        7 => Value::Bool(source.bytes::<1>()?[0] != 0),
        8 => Value::Text(source.string()?),
        9 => read_array(source)?,
        _ => Value::Int(read_int(source, kind)?),
    })
}

fn read_int(source: &mut Source<impl Read>, kind: u32) -> Checked<i64> {
    Ok(match kind {
        0 => i64::from(u8::from_le_bytes(source.bytes()?)),
        1 => i64::from(i8::from_le_bytes(source.bytes()?)),
        2 => i64::from(u16::from_le_bytes(source.bytes()?)),
        3 => i64::from(i16::from_le_bytes(source.bytes()?)),
        4 => i64::from(u32::from_le_bytes(source.bytes()?)),
        5 => i64::from(i32::from_le_bytes(source.bytes()?)),
        10 => i64::try_from(u64::from_le_bytes(source.bytes()?))
            .map_err(|_| "damaged model file: a number is out of range".to_owned())?,
        11 => i64::from_le_bytes(source.bytes()?),
        _ => return Err("damaged model file: a value of an unknown kind".into()),
    })
}

/// A list of texts or numbers; no lists of lists. Grows as it is read, never ahead.
fn read_array(source: &mut Source<impl Read>) -> Checked<Value> {
    let kind = source.u32()?;
    let count = source.u64()?;
    source.require(count, 1)?;
    if count > MAX_ELEMENTS {
        return Err(format!("damaged model file: a list of more than {MAX_ELEMENTS} items"));
    }
    if kind == 8 {
        return Ok(Value::Texts((0..count).map(|_| source.string()).collect::<Checked<_>>()?));
    }
    let number = |source: &mut Source<_>| match read_value(source, kind)? {
        Value::Int(value) => Ok(value as f32),
        Value::Float(value) => Ok(value as f32),
        Value::Bool(value) => Ok(f32::from(u8::from(value))),
        _ => Err("damaged model file: a list of lists".into()),
    };
    if kind == 9 {
        return Err("damaged model file: a list of lists".into());
    }
    Ok(Value::Numbers((0..count).map(|_| number(source)).collect::<Checked<_>>()?))
}
