//! A buffer that threads write in disjoint parts.
use std::marker::PhantomData;

/// The mutable slice it was made from, to be written from several threads.
pub(crate) struct Shared<'a, T> {
    start: *mut T,
    length: usize,
    slice: PhantomData<&'a mut [T]>,
}

// SAFETY: it stands for a `&mut [T]`; the tasks that share it write disjoint parts.
unsafe impl<T: Send> Sync for Shared<'_, T> {}
// SAFETY: as above.
unsafe impl<T: Send> Send for Shared<'_, T> {}

impl<'a, T: Copy> Shared<'a, T> {
    pub(crate) fn new(slice: &'a mut [T]) -> Self {
        Self { start: slice.as_mut_ptr(), length: slice.len(), slice: PhantomData }
    }

    /// Writes values from `start`; panics outside the slice. Tasks must write disjoint parts.
    #[inline]
    pub(crate) fn write(&self, start: usize, values: &[T]) {
        assert!(start <= self.length && values.len() <= self.length - start);
        // SAFETY: inside the slice that this borrows; tasks write disjoint parts, and nobody reads meanwhile.
        unsafe { self.start.add(start).copy_from_nonoverlapping(values.as_ptr(), values.len()) }
    }
}
