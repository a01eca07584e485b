//! Overwriting of large buffers.

/// Overwrites with zeros, at the speed of memory: `zeroize` writes one element at a time.
pub(crate) fn wipe<T: Copy + Default>(values: &mut [T]) {
    values.fill(T::default());
    // The compiler must assume that the zeros are read, so it can't leave them out.
    std::hint::black_box(values);
}
