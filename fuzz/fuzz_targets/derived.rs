//! What lies inside records that are made of others, for whoever has the key: pages and contents of
//! the catalogue, segments of the index. The first byte says which.
#![no_main]
use libfuzzer_sys::fuzz_target;
use vault::fuzzing::{read_contents, read_page, read_segment};

#[path = "../bounded.rs"]
mod bounded;

/// Far more than any of them takes for the longest input, 8 KiB.
const MOST: usize = 64 << 20;

fuzz_target!(|input: &[u8]| {
    let Some((which, payload)) = input.split_first() else { return };
    bounded::within(MOST, || match which % 3 {
        0 => read_page(payload),
        1 => read_contents(payload),
        _ => read_segment(payload),
    });
});
