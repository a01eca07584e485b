//! Passages of entries by their meaning: vectors a model made of them, and which lie near to one.
//!
//! A vector takes a byte a dimension. A search looks at them all: fifteen thousand passages are
//! a matter of a millisecond, and nothing is missed.
use std::{collections::HashMap, ops::Range};

use zeroize::{Zeroize, Zeroizing};

use crate::EntryId;

/// How many products are made side by side.
const PIECE: usize = 16;

/// What the nearness of the passage before or after counts for, and that of the entry as a whole;
/// found on 176 questions to two journals, where a third more or less of either did about as well.
const NEIGHBOUR: f32 = 0.25;
const WHOLE: f32 = 0.35;
/// How near passages commonly are to a question that they don't answer, mean and standard deviation;
/// of the default model over a diary. What is seen in a journal counts for more the more of it there
/// is: this for as much as so many passages.
const COMMON: (f32, f32) = (0.1, 0.1);
const COMMON_PASSAGES: f32 = 100.0;
/// Bytes of a stored passage before its vector: where it begins and ends, what a step is worth.
const STORED_HEAD: usize = 12;

/// Unit vectors of passages, wiped on drop.
pub struct Passages {
    dimensions: usize,
    /// Of each passage its vector, scaled so that its largest part is 127.
    parts: Vec<i8>,
    owners: Vec<Owner>,
    /// Of each entry how long the mean of its vectors is: 1 where all point one way.
    lengths: HashMap<EntryId, f32>,
}

/// Whose vector it is.
struct Owner {
    id: EntryId,
    range: Range<u32>,
    /// What one step of the parts is worth.
    step: f32,
}

/// A passage near to what was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// Of which entry.
    pub id: EntryId,
    /// Which bytes of the text it was made of.
    pub range: Range<usize>,
    /// The cosine of the angle to what was asked, from -1 to 1.
    pub similarity: f32,
    /// By how many standard deviations it is nearer, with what stands around it and the entry as a
    /// whole, than passages commonly are to this question.
    pub deviation: f32,
}

impl Passages {
    /// None yet, of vectors with so many dimensions.
    #[must_use]
    pub fn new(dimensions: usize) -> Self {
        let (parts, owners) = (Vec::new(), Vec::new());
        Self { dimensions, parts, owners, lengths: HashMap::new() }
    }

    /// How many passages there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.owners.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.owners.is_empty()
    }

    /// Whether an entry has passages.
    #[must_use]
    pub fn contains(&self, id: EntryId) -> bool {
        self.lengths.contains_key(&id)
    }

    /// Sets the passages of an entry: byte ranges of its text with their vectors. Vectors need not
    /// be of unit length; what is past the dimensions is left out, what is missing is 0.
    pub fn put<'v>(
        &mut self,
        id: EntryId,
        passages: impl IntoIterator<Item = (Range<usize>, &'v [f32])>,
    ) {
        self.remove(id);
        for (range, vector) in passages {
            let step = quantise(vector, self.dimensions, &mut self.parts);
            let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            self.owners.push(Owner { id, range: place(range.start)..place(range.end), step });
        }
        self.measure(id);
    }

    /// Sets the passages of an entry from what [`stored`] made; false, and none are set, when the
    /// bytes are not of passages with so many dimensions.
    pub fn put_stored(&mut self, id: EntryId, bytes: &[u8]) -> bool {
        self.remove(id);
        let row = STORED_HEAD + self.dimensions;
        if !bytes.len().is_multiple_of(row) {
            return false;
        }
        for row in bytes.chunks_exact(row) {
            let number = |at: usize| {
                row[at..].first_chunk().map(|bytes| u32::from_le_bytes(*bytes)).unwrap_or_default()
            };
            let step = Some(f32::from_bits(number(8))).filter(|step| step.is_finite());
            let range = number(0)..number(4);
            self.owners.push(Owner { id, range, step: step.unwrap_or_default() });
            self.parts.extend(row[STORED_HEAD..].iter().map(|&part| i8::from_le_bytes([part])));
        }
        self.measure(id);
        true
    }

    /// Notes how long the mean of an entry's vectors is; they were put last.
    fn measure(&mut self, id: EntryId) {
        let count = self.owners.iter().rev().take_while(|owner| owner.id == id).count();
        if count == 0 {
            return;
        }
        let first = self.owners.len() - count;
        let rows = self.parts[first * self.dimensions..].chunks_exact(self.dimensions.max(1));
        let mut sum = Zeroizing::new(vec![0.0; self.dimensions]);
        for (row, owner) in rows.zip(&self.owners[first..]) {
            for (sum, &part) in sum.iter_mut().zip(row) {
                *sum += f32::from(part) * owner.step;
            }
        }
        let squares: f32 = sum.iter().map(|part| part * part).sum();
        self.lengths.insert(id, squares.sqrt() / count as f32);
    }

    /// Takes the passages of an entry out.
    pub fn remove(&mut self, id: EntryId) {
        if self.lengths.remove(&id).is_none() {
            return;
        }
        let mut kept = 0;
        for at in 0..self.owners.len() {
            if self.owners[at].id != id {
                self.owners.swap(kept, at);
                let start = at * self.dimensions;
                self.parts.copy_within(start..start + self.dimensions, kept * self.dimensions);
                kept += 1;
            }
        }
        self.owners.truncate(kept);
        self.parts[kept * self.dimensions..].zeroize();
        self.parts.truncate(kept * self.dimensions);
    }

    /// The nearest passage of every entry, nearest first.
    #[must_use]
    pub fn nearest(&self, vector: &[f32]) -> Vec<Near> {
        let similarities = self.similarities(vector);
        let in_context = self.in_context(&similarities);
        let around = 1.0 + NEIGHBOUR + WHOLE;
        let (mean, deviation) = spread(&in_context, (COMMON.0 * around, COMMON.1));
        let numbered: Vec<(f32, usize)> = in_context.into_iter().zip(0..).collect();
        // The passages of an entry stand side by side.
        let entries = numbered.chunk_by(|a, b| self.owners[a.1].id == self.owners[b.1].id);
        let nearest = |same: &[(f32, usize)]| {
            same.iter().copied().max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
        };
        let mut best: Vec<(f32, usize)> = entries.filter_map(nearest).collect();
        best.sort_by(|a, b| {
            let id = |at: usize| self.owners[at].id;
            b.0.total_cmp(&a.0).then_with(|| id(a.1).cmp(&id(b.1)))
        });
        let near = |(value, at): (f32, usize)| {
            let Owner { id, range, .. } = &self.owners[at];
            let range = range.start as usize..range.end as usize;
            let similarity = similarities[at];
            Near { id: *id, range, similarity, deviation: (value - mean) / deviation }
        };
        best.into_iter().map(near).collect()
    }

    /// Each similarity with a share of the nearer neighbour's and of the whole entry's: what is told
    /// in two passages is nearer as a whole than either, and what an entry is about speaks for all of
    /// it. At the ends of an entry the mean stands for a neighbour.
    fn in_context(&self, similarities: &[f32]) -> Vec<f32> {
        let (mean, _) = spread(similarities, COMMON);
        let mut values = Vec::with_capacity(similarities.len());
        for same in self.owners.chunk_by(|a, b| a.id == b.id) {
            let own = &similarities[values.len()..][..same.len()];
            let whole = WHOLE * self.whole(same[0].id, own);
            let of = |at: Option<usize>| at.and_then(|at| own.get(at)).copied().unwrap_or(mean);
            values.extend(own.iter().enumerate().map(|(at, similarity)| {
                let neighbour = of(at.checked_sub(1)).max(of(Some(at + 1)));
                similarity + NEIGHBOUR * neighbour + whole
            }));
        }
        values
    }

    /// The cosine to the mean of an entry's vectors, from those to each.
    fn whole(&self, id: EntryId, similarities: &[f32]) -> f32 {
        let mean = similarities.iter().sum::<f32>() / similarities.len() as f32;
        mean / self.lengths.get(&id).copied().unwrap_or(1.0).max(f32::EPSILON)
    }

    /// The cosine to every passage.
    fn similarities(&self, vector: &[f32]) -> Vec<f32> {
        let mut asked = Vec::new();
        let asked_step = quantise(vector, self.dimensions, &mut asked);
        // In 16 bits, products and their sums are one instruction of the processor.
        let asked: Vec<i16> = asked.into_iter().map(i16::from).collect();
        let rows = self.parts.chunks_exact(self.dimensions.max(1)).zip(&self.owners);
        rows.map(|(row, owner)| dot(row, &asked) as f32 * owner.step * asked_step).collect()
    }
}

impl Drop for Passages {
    fn drop(&mut self) {
        self.parts.zeroize();
    }
}

/// The passages of an entry as bytes to seal, for [`Passages::put_stored`].
#[must_use]
pub fn stored<'v>(
    dimensions: usize,
    passages: impl IntoIterator<Item = (Range<usize>, &'v [f32])>,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut parts = Vec::with_capacity(dimensions);
    for (range, vector) in passages {
        parts.clear();
        let step = quantise(vector, dimensions, &mut parts);
        for place in [range.start, range.end] {
            bytes.extend(u32::try_from(place).unwrap_or(u32::MAX).to_le_bytes());
        }
        bytes.extend(step.to_le_bytes());
        bytes.extend(parts.iter().flat_map(|part| part.to_le_bytes()));
    }
    bytes
}

/// Appends the parts of a vector; what one step is worth, for a vector of unit length.
fn quantise(vector: &[f32], dimensions: usize, parts: &mut Vec<i8>) -> f32 {
    let value = |at: usize| vector.get(at).copied().filter(|part| part.is_finite()).unwrap_or(0.0);
    let largest = (0..dimensions).map(|at| value(at).abs()).fold(0.0, f32::max);
    let start = parts.len();
    if largest == 0.0 {
        parts.resize(start + dimensions, 0);
        return 0.0;
    }
    parts.extend((0..dimensions).map(|at| (value(at) / largest * 127.0).round() as i8));
    let squares: f32 = parts[start..].iter().map(|&part| f32::from(part).powi(2)).sum();
    squares.sqrt().recip()
}

/// In pieces of a fixed length, which the compiler turns into vector code.
fn dot(row: &[i8], asked: &[i16]) -> i32 {
    let (rows, asked_pieces) = (row.chunks_exact(PIECE), asked.chunks_exact(PIECE));
    let (row_rest, asked_rest) = (rows.remainder(), asked_pieces.remainder());
    let product = |(&a, &b): (&i8, &i16)| i32::from(a) * i32::from(b);
    let mut sums = [0; PIECE];
    for (row, asked) in rows.zip(asked_pieces) {
        for (sum, pair) in sums.iter_mut().zip(row.iter().zip(asked)) {
            *sum += product(pair);
        }
    }
    sums.iter().sum::<i32>() + row_rest.iter().zip(asked_rest).map(product).sum::<i32>()
}

/// Mean and standard deviation of `values` and of [`COMMON_PASSAGES`] others that are as `common`: of
/// a few values alone none could stand out. The deviation is never 0.
fn spread(values: &[f32], common: (f32, f32)) -> (f32, f32) {
    let (common_mean, common_deviation) = common;
    let count = values.len() as f32 + COMMON_PASSAGES;
    let mean = (values.iter().sum::<f32>() + COMMON_PASSAGES * common_mean) / count;
    let squares: f32 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let common_squares = common_deviation.powi(2) + (common_mean - mean).powi(2);
    let variance = (squares + COMMON_PASSAGES * common_squares) / count;
    (mean, variance.sqrt().max(1e-3))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(number: u8) -> EntryId {
        EntryId([number; 16])
    }

    fn put(passages: &mut Passages, number: u8, vectors: &[Vec<f32>]) {
        let ranges = vectors.iter().enumerate().map(|(at, vector)| (at..at + 1, &vector[..]));
        passages.put(id(number), ranges);
    }

    fn cosine(a: &[f32], b: &[f32]) -> f32 {
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
    }

    #[test]
    fn put_replaces_and_remove_removes() {
        let mut passages = Passages::new(2);
        put(&mut passages, 1, &[vec![1.0, 0.0], vec![0.0, 2.0]]);
        put(&mut passages, 2, &[vec![0.6, 0.8]]);
        let near = passages.nearest(&[0.0, 1.0]);
        assert_eq!(near.iter().map(|near| near.id).collect::<Vec<_>>(), [id(1), id(2)]);
        assert_eq!(near[0].range, 1..2);
        put(&mut passages, 1, &[vec![1.0, 0.0]]);
        assert_eq!(passages.nearest(&[0.0, 1.0])[0].id, id(2));
        passages.remove(id(2));
        assert_eq!((passages.len(), passages.contains(id(2))), (1, false));
    }

    #[test]
    fn what_stands_around_decides_between_equals() {
        let mut passages = Passages::new(2);
        put(&mut passages, 1, &[vec![0.6, 0.8], vec![1.0, 0.0]]);
        put(&mut passages, 2, &[vec![0.6, 0.8], vec![0.0, 1.0]]);
        let near = passages.nearest(&[0.0, 1.0]);
        assert_eq!((near[0].id, &near[0].range), (id(2), &(1..2)));
        put(&mut passages, 2, &[vec![0.6, 0.8], vec![0.6, 0.8]]);
        assert_eq!(passages.nearest(&[0.0, 1.0])[0].id, id(2));
    }

    #[test]
    fn the_whole_entry_decides_between_equals() {
        let mut passages = Passages::new(2);
        let near = vec![0.0, 1.0];
        let far = |share: f32| vec![1.0, share];
        put(&mut passages, 1, &[near.clone(), far(0.0), far(0.0)]);
        put(&mut passages, 2, &[near, far(0.0), far(0.5)]);
        assert_eq!(passages.nearest(&[0.0, 1.0])[0].id, id(2));
        let stored = stored(2, [(0..1, &[0.0, 1.0][..]), (1..2, &[1.0, 0.0])]);
        assert!(passages.put_stored(id(3), &stored));
        let length = passages.lengths[&id(3)];
        assert!((length - 0.5_f32.sqrt()).abs() < 1e-3, "{length}");
    }

    #[test]
    fn one_of_few_passages_can_stand_out() {
        let mut passages = Passages::new(2);
        put(&mut passages, 1, &[vec![0.05, 1.0]]);
        put(&mut passages, 2, &[vec![0.9, 0.4]]);
        let near = passages.nearest(&[1.0, 0.0]);
        assert_eq!(near[0].id, id(2));
        assert!(near[0].deviation > 4.0 && near[1].deviation < 1.0);
    }

    #[test]
    fn stored_passages_come_back_and_a_piece_of_them_does_not() {
        let bytes = stored(2, [(3..9, &[0.6, 0.8][..])]);
        let mut passages = Passages::new(2);
        assert!(passages.put_stored(id(1), &bytes) && passages.contains(id(1)));
        assert_eq!(passages.nearest(&[0.6, 0.8])[0].range, 3..9);
        assert!(!passages.put_stored(id(1), &bytes[1..]) && passages.is_empty());
    }

    #[test]
    fn hostile_vectors_are_taken() {
        let mut passages = Passages::new(3);
        put(&mut passages, 1, &[vec![], vec![f32::NAN, f32::INFINITY, 0.0], vec![1.0; 9]]);
        let near = passages.nearest(&[f32::NAN; 3]);
        assert!(near.iter().all(|near| near.similarity.is_finite() && near.deviation.is_finite()));
        assert_eq!(Passages::new(0).nearest(&[1.0]), []);
    }

    proptest! {
        #[test]
        fn a_byte_a_dimension_is_near_enough(
            vectors in prop::collection::vec(prop::collection::vec(-1.0..1.0_f32, 64), 1..20),
            asked in prop::collection::vec(-1.0..1.0_f32, 64),
        ) {
            let mut passages = Passages::new(64);
            for (number, vector) in (0..).zip(&vectors) {
                put(&mut passages, number, std::slice::from_ref(vector));
            }
            for near in passages.nearest(&asked) {
                let exact = cosine(&vectors[usize::from(near.id.0[0])], &asked);
                prop_assert!((near.similarity - exact).abs() < 0.02);
            }
        }
    }
}
