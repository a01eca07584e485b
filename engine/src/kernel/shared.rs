//! A buffer that threads write in disjoint parts.
use std::marker::PhantomData;

/// The mutable slice it was made from, to be written from several threads.
pub(crate) struct Shared<'a> {
    start: *mut f32,
    length: usize,
    slice: PhantomData<&'a mut [f32]>,
}

// SAFETY: it stands for a `&mut [f32]`; the tasks that share it write disjoint parts.
unsafe impl Sync for Shared<'_> {}
// SAFETY: as above.
unsafe impl Send for Shared<'_> {}

impl<'a> Shared<'a> {
    pub(crate) fn new(slice: &'a mut [f32]) -> Self {
        Self { start: slice.as_mut_ptr(), length: slice.len(), slice: PhantomData }
    }

    /// Writes values from `start`; panics outside the slice. Tasks must write disjoint parts.
    #[inline]
    pub(crate) fn write(&self, start: usize, values: &[f32]) {
        assert!(start <= self.length && values.len() <= self.length - start);
        // SAFETY: inside the slice that this borrows; tasks write disjoint parts, and nobody reads meanwhile.
        unsafe { self.start.add(start).copy_from_nonoverlapping(values.as_ptr(), values.len()) }
    }
}
