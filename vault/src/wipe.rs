//! Overwrites what functions that have returned left on the stack of their thread: the allocator
//! wipes the heap only.

/// Bytes of one frame.
const FRAME: usize = 8 * 1024;
/// Frames, as deep as anything here goes by far: 512 KiB of the 2 MiB that a thread has.
const DEPTH: usize = 64;

/// Overwrites the part of this thread's stack below the caller. Called where work is over.
pub fn overwrite_stack() {
    overwrite(DEPTH);
}

#[inline(never)]
fn overwrite(depth: usize) {
    let mut frame = [0_u8; FRAME];
    // The compiler must assume that the zeros are read, so it can't leave them out.
    std::hint::black_box(&mut frame);
    if depth > 0 {
        overwrite(depth - 1);
    }
    // After the call, so that it is no tail call.
    std::hint::black_box(&mut frame);
}
