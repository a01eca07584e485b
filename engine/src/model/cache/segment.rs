//! A piece of a cache: keys and values of some positions, of all layers and heads.
use super::SEGMENT;
use crate::kernel::{LANES, Number, Pieces, wipe};
use std::ops::Range;

/// What a cache is cut into.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub(super) layers: usize,
    pub(super) kv_heads: usize,
    /// A multiple of 16.
    pub(super) head_dim: usize,
}

/// Keys lie as `[layer][head][position / 16][dim][position % 16]`, values as `[layer][head][position][dim]`.
pub(super) struct Segment<T: Number> {
    keys: Numbers<T>,
    values: Numbers<T>,
}

/// Overwritten on drop.
struct Numbers<T: Number> {
    numbers: Vec<T>,
    /// `[layer][head][position / 16][dim / 16][position % 16]`; empty unless the numbers are scaled.
    scales: Vec<u16>,
}

impl<T: Number> Numbers<T> {
    fn zeros(count: usize) -> Self {
        let scales = if T::SCALED { count / LANES } else { 0 };
        Self { numbers: vec![T::default(); count], scales: vec![0; scales] }
    }
}

impl<T: Number> Drop for Numbers<T> {
    fn drop(&mut self) {
        wipe(&mut self.numbers);
        wipe(&mut self.scales);
    }
}

impl<T: Number> Segment<T> {
    /// Where the numbers of a head lie.
    fn head(&self, shape: Shape, head: usize) -> Range<usize> {
        let size = self.keys.numbers.len() / (shape.layers * shape.kv_heads);
        head * size..(head + 1) * size
    }

    /// Writes the key and the value of every head of a layer at a position.
    pub(super) fn write(
        &mut self,
        shape: Shape,
        layer: usize,
        position: usize,
        (keys, values): (&[f32], &[f32]),
    ) {
        let dim = shape.head_dim;
        for head in 0..shape.kv_heads {
            let start = self.head(shape, layer * shape.kv_heads + head).start;
            let here = head * dim..(head + 1) * dim;
            let both = keys[here.clone()].as_chunks().0.iter().zip(values[here].as_chunks().0);
            for (group, (key, value)) in both.enumerate() {
                let key_at =
                    start + (position / LANES * dim + group * LANES) * LANES + position % LANES;
                let value_at = start + position * dim + group * LANES;
                let scale_at =
                    start / LANES + position / LANES * dim + group * LANES + position % LANES;
                let (key, scale) = T::narrow(key);
                self.keys.numbers[key_at..]
                    .iter_mut()
                    .step_by(LANES)
                    .zip(key)
                    .for_each(|(to, x)| *to = x);
                self.keys.scales.get_mut(scale_at).into_iter().for_each(|to| *to = scale);
                let (value, scale) = T::narrow(value);
                self.values.numbers[value_at..][..LANES].copy_from_slice(&value);
                self.values.scales.get_mut(scale_at).into_iter().for_each(|to| *to = scale);
            }
        }
    }
}

/// Adds segments until there is room for `end` positions; `positions` says how many the next one has, where so many
/// are held.
pub(super) fn reserve<T: Number>(
    segments: &mut Vec<Segment<T>>,
    shape: Shape,
    end: usize,
    positions: impl Fn(usize) -> usize,
) {
    while segments.len() * SEGMENT < end {
        let positions = positions(segments.len() * SEGMENT);
        let count = shape.layers * shape.kv_heads * positions * shape.head_dim;
        segments.push(Segment { keys: Numbers::zeros(count), values: Numbers::zeros(count) });
    }
}

/// Keys and values of the `head`-th of all heads of all layers.
pub(super) fn pieces<T: Number>(
    segments: &[Segment<T>],
    shape: Shape,
    head: usize,
) -> (Pieces<'_, T>, Pieces<'_, T>) {
    let of = |part: fn(&Segment<T>) -> &Numbers<T>| Pieces {
        numbers: segments
            .iter()
            .map(|segment| &part(segment).numbers[segment.head(shape, head)])
            .collect(),
        scales: segments
            .iter()
            .filter(|_| T::SCALED)
            .map(|segment| {
                let Range { start, end } = segment.head(shape, head);
                &part(segment).scales[start / LANES..end / LANES]
            })
            .collect(),
    };
    (of(|segment| &segment.keys), of(|segment| &segment.values))
}
