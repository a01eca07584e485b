//! Memory for weights, in huge pages where the system has them: with small ones a core spends about a tenth of the time
//! of a token on looking up where they are.
use std::{
    alloc::{Layout, alloc, dealloc, handle_alloc_error},
    cell::RefCell,
    marker::PhantomData,
    ops::{Deref, DerefMut},
    ptr::NonNull,
    slice,
    sync::Arc,
};

/// Size of a huge page.
const PAGE: usize = 2 << 20;
/// What smaller buffers of a model share, so that few huge pages are filled in part; the rest of it is only addresses. Where there
/// are no huge pages, each buffer has its own.
const CHUNK: usize = if cfg!(target_os = "linux") { 128 << 20 } else { 0 };

/// Values that may be all zeros.
///
/// # Safety
/// Any bytes must be a value, its alignment at most that of [`Line`](super::Line), and nothing be done when it is dropped.
pub(super) unsafe trait Plain: Copy {}

// SAFETY: it is a number.
unsafe impl Plain for f32 {}
// SAFETY: as above.
unsafe impl Plain for u16 {}

/// Where the weights of one model come from. No two models share memory, so that all of it is freed with a model.
#[derive(Default)]
pub(crate) struct Pages {
    /// The chunk that small buffers come from, and how much of it is taken.
    open: RefCell<Option<(Arc<Chunk>, usize)>>,
}

impl Pages {
    /// Room for so many bytes: a chunk, and where in it they start.
    fn place(&self, bytes: usize) -> (Arc<Chunk>, usize) {
        if bytes >= CHUNK {
            return (Arc::new(Chunk::new(bytes.max(1))), 0);
        }
        let (chunk, place) = match self.open.take() {
            Some((chunk, taken)) if taken + bytes <= CHUNK => (chunk, taken),
            _ => (Arc::new(Chunk::new(CHUNK)), 0),
        };
        let taken = (place + bytes).next_multiple_of(ALIGN);
        self.open.replace(Some((chunk.clone(), taken)));
        (chunk, place)
    }
}

/// A slice of its own.
pub(super) struct Buffer<T> {
    start: NonNull<T>,
    length: usize,
    /// Holds the memory.
    _chunk: Arc<Chunk>,
    values: PhantomData<T>,
}

// SAFETY: it owns its values as a `Vec` does.
unsafe impl<T: Send> Send for Buffer<T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for Buffer<T> {}

impl<T: Plain> Buffer<T> {
    /// So many zeros.
    pub(super) fn zeros(pages: &Pages, length: usize) -> Self {
        const { assert!(align_of::<T>() <= ALIGN) };
        let bytes = length * size_of::<T>();
        let (chunk, place) = pages.place(bytes);
        // SAFETY: the place is in the chunk, aligned, and handed out once.
        let start = unsafe {
            let start = chunk.start.add(place);
            start.write_bytes(0, bytes);
            start.cast()
        };
        Self { start, length, _chunk: chunk, values: PhantomData }
    }
}

impl<T> Deref for Buffer<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: so many values are there, this buffer's alone.
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.length) }
    }
}

impl<T> DerefMut for Buffer<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as above.
        unsafe { slice::from_raw_parts_mut(self.start.as_ptr(), self.length) }
    }
}

/// Each buffer starts at such a multiple.
const ALIGN: usize = align_of::<super::Line>();

/// Memory of one or more buffers, freed with the last of them.
struct Chunk {
    start: NonNull<u8>,
    layout: Layout,
}

// SAFETY: it only holds the memory; what lies there belongs to buffers.
unsafe impl Send for Chunk {}
// SAFETY: as above.
unsafe impl Sync for Chunk {}

impl Chunk {
    fn new(bytes: usize) -> Self {
        let Ok(layout) = Layout::from_size_align(bytes, PAGE) else {
            handle_alloc_error(Layout::new::<super::Line>())
        };
        // SAFETY: its size is not zero.
        let start =
            NonNull::new(unsafe { alloc(layout) }).unwrap_or_else(|| handle_alloc_error(layout));
        // It is advice: where it can't be followed, pages are small.
        #[cfg(target_os = "linux")]
        // SAFETY: the memory is this chunk's, and the advice does not change what it holds.
        let _ = unsafe { libc::madvise(start.as_ptr().cast(), bytes, libc::MADV_HUGEPAGE) };
        Self { start, layout }
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        // SAFETY: allocated so, and no buffer is left.
        unsafe { dealloc(self.start.as_ptr(), self.layout) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Line;

    #[test]
    fn buffers_are_zero_and_their_own() {
        let pages = Pages::default();
        let lengths = [1, 0, 3, 1000, CHUNK / 4 - 1, 7, CHUNK / 4 + 1];
        let mut buffers: Vec<_> =
            lengths.iter().map(|&length| Buffer::<f32>::zeros(&pages, length)).collect();
        for (i, buffer) in buffers.iter_mut().enumerate() {
            assert!(buffer.iter().all(|&value| value == 0.0));
            assert!(buffer.start.as_ptr().addr().is_multiple_of(ALIGN));
            buffer.fill(i as f32 + 1.0);
        }
        for (i, buffer) in buffers.iter().enumerate() {
            assert_eq!(buffer.len(), lengths[i]);
            assert!(buffer.iter().all(|&value| value == i as f32 + 1.0));
        }
    }

    #[test]
    fn a_models_memory_is_freed_with_it() {
        let (pages, others) = (Pages::default(), Pages::default());
        let (mine, _theirs) = (Buffer::<Line>::zeros(&pages, 9), Buffer::<Line>::zeros(&others, 9));
        let chunk = Arc::downgrade(&mine._chunk);
        drop(pages);
        assert!(chunk.upgrade().is_some());
        drop(mine);
        assert!(chunk.upgrade().is_none());
    }
}
