//! What lies inside sealed records, for whoever has the key: a row of (length u16, inner bytes).
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut rest = input;
    let mut records = Vec::new();
    while let Some((length, more)) = rest.split_first_chunk() {
        let (record, more) = more.split_at(more.len().min(u16::from_le_bytes(*length).into()));
        records.push(record);
        rest = more;
    }
    vault::fuzzing::read_records(&records);
});
