//! The root: one sealed row that says which records and slots there are.
use crate::{
    Result,
    keys::{Keys, VaultId, keyed_hash},
    seal,
    slot::Slot,
    store::FORMAT,
};

/// Bytes before sealing.
const LEN: usize = 88;
/// Set for ever once a root could not be read and was made anew.
const REBUILT: u64 = 1;

/// A set of records as a sum, so that a save costs no more for a large vault: Clarke et al.,
/// "Incremental Multiset Hash Functions and Their Application to Memory Integrity Checking", 2003.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RecordSet {
    count: u64,
    /// Sum of the records' hashes modulo 2^256, little endian.
    sum: [u8; 32],
}

/// What the root row says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Root {
    /// Counts every change of the vault.
    pub(crate) generation: u64,
    pub(crate) records: RecordSet,
    slots: [u8; 32],
    flags: u64,
}

impl RecordSet {
    pub(crate) fn insert(&mut self, keys: &Keys, id: &[u8; 16], tag: &[u8; seal::TAG]) {
        self.count = self.count.wrapping_add(1);
        add(&mut self.sum, element(keys, id, tag));
    }

    /// Takes in all of another set.
    pub(crate) fn join(&mut self, other: &Self) {
        self.count = self.count.wrapping_add(other.count);
        add(&mut self.sum, other.sum);
    }

    pub(crate) fn remove(&mut self, keys: &Keys, id: &[u8; 16], tag: &[u8; seal::TAG]) {
        self.count = self.count.wrapping_sub(1);
        add(&mut self.sum, negative(element(keys, id, tag)));
    }
}

impl Root {
    pub(crate) fn new(keys: &Keys, slots: &[Slot]) -> Self {
        let slots = slot_set(keys, slots);
        Self { generation: 1, records: RecordSet::default(), slots, flags: 0 }
    }

    /// Stands in for a root that can't be read: agrees with what is there, and says for ever
    /// that it was made anew.
    pub(crate) fn rebuilt(keys: &Keys, records: RecordSet, slots: &[Slot]) -> Self {
        Self { records, flags: REBUILT, ..Self::new(keys, slots) }
    }

    /// The same, one change later.
    pub(crate) fn next(&self) -> Self {
        Self { generation: self.generation.saturating_add(1), ..*self }
    }

    pub(crate) fn is_rebuilt(&self) -> bool {
        self.flags & REBUILT != 0
    }

    /// Takes over a new set of slots.
    pub(crate) fn set_slots(&mut self, keys: &Keys, slots: &[Slot]) {
        self.slots = slot_set(keys, slots);
    }

    pub(crate) fn agrees_with_slots(&self, keys: &Keys, slots: &[Slot]) -> bool {
        self.slots == slot_set(keys, slots)
    }

    pub(crate) fn seal(&self, keys: &Keys, vault: VaultId) -> Result<Vec<u8>> {
        let mut plain = Vec::with_capacity(LEN);
        plain.extend_from_slice(&self.generation.to_le_bytes());
        plain.extend_from_slice(&self.records.count.to_le_bytes());
        plain.extend_from_slice(&self.records.sum);
        plain.extend_from_slice(&self.slots);
        plain.extend_from_slice(&self.flags.to_le_bytes());
        seal::seal(&keys.root, &associated(vault), &plain)
    }

    pub(crate) fn open(keys: &Keys, vault: VaultId, sealed: &[u8]) -> Option<Self> {
        let plain = seal::open(&keys.root, &associated(vault), sealed)?;
        let plain: &[u8; LEN] = plain.as_slice().try_into().ok()?;
        let u64_at = |at: usize| plain[at..].first_chunk().map(|bytes| u64::from_le_bytes(*bytes));
        Some(Self {
            generation: u64_at(0)?,
            records: RecordSet { count: u64_at(8)?, sum: *plain[16..].first_chunk()? },
            slots: *plain[48..].first_chunk()?,
            flags: u64_at(80)?,
        })
    }
}

fn element(keys: &Keys, id: &[u8; 16], tag: &[u8; seal::TAG]) -> [u8; 32] {
    keyed_hash(&keys.record_set, b"ink1 record", &[id, tag])
}

fn slot_set(keys: &Keys, slots: &[Slot]) -> [u8; 32] {
    let bytes: Vec<&[u8]> = slots.iter().map(|slot| slot.bytes.as_slice()).collect();
    keyed_hash(&keys.slot_set, b"ink1 slots", &bytes)
}

fn associated(vault: VaultId) -> Vec<u8> {
    [b"ink1 root".as_slice(), &FORMAT.to_le_bytes(), &vault.0].concat()
}

/// `sum += other` modulo 2^256, little endian.
fn add(sum: &mut [u8; 32], other: [u8; 32]) {
    let mut carry = false;
    for (byte, more) in sum.iter_mut().zip(other) {
        let (partial, first) = byte.overflowing_add(more);
        let (total, second) = partial.overflowing_add(u8::from(carry));
        *byte = total;
        carry = first || second;
    }
}

/// `-number` modulo 2^256.
fn negative(mut number: [u8; 32]) -> [u8; 32] {
    number.iter_mut().for_each(|byte| *byte = !*byte);
    let mut one = [0; 32];
    one[0] = 1;
    add(&mut number, one);
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MasterKey;

    fn keys() -> Keys {
        Keys::derive(&MasterKey::random().unwrap())
    }

    #[test]
    fn a_set_is_the_same_whatever_the_order_and_whatever_came_and_went() {
        let keys = keys();
        let ids: [[u8; 16]; 3] = [[1; 16], [2; 16], [3; 16]];
        let (mut a, mut b) = (RecordSet::default(), RecordSet::default());
        ids.iter().for_each(|id| a.insert(&keys, id, &[0; 16]));
        ids.iter().rev().for_each(|id| b.insert(&keys, id, &[0; 16]));
        b.insert(&keys, &[4; 16], &[9; 16]);
        assert!(a != b);
        b.remove(&keys, &[4; 16], &[9; 16]);
        assert!(a == b);
        b.remove(&keys, &ids[0], &[0; 16]);
        b.insert(&keys, &ids[0], &[1; 16]);
        assert!(a != b, "an older row of the same id is another set");
        let (mut one, mut two) = (RecordSet::default(), RecordSet::default());
        one.insert(&keys, &ids[2], &[0; 16]);
        ids[..2].iter().for_each(|id| two.insert(&keys, id, &[0; 16]));
        one.join(&two);
        assert!(one == a, "two halves are the whole");
    }

    #[test]
    fn a_root_reads_back_and_belongs_to_one_vault() {
        let keys = keys();
        let root = Root::new(&keys, &[]);
        let sealed = root.seal(&keys, VaultId([3; 16])).unwrap();
        assert!(Root::open(&keys, VaultId([3; 16]), &sealed) == Some(root));
        assert!(Root::open(&keys, VaultId([4; 16]), &sealed).is_none());
    }
}
