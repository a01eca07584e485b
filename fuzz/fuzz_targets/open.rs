//! A hostile file, opened as a vault and read with the right key. The input is patches to a sound
//! vault (place u24, length u8, bytes), or after a first byte of 255 the whole file.
#![no_main]
use std::{fs, path::Path};

use libfuzzer_sys::fuzz_target;
use vault::{Vault, fuzzing};

const SOUND: &[u8] = include_bytes!("../../vault/tests/data/format1.inglenook");

fuzz_target!(|input: &[u8]| {
    let file = match input.split_first() {
        Some((255, whole)) => whole.to_vec(),
        _ => patched(input),
    };
    let path = std::env::temp_dir().join(format!("fuzz-open-{}", std::process::id()));
    fs::write(&path, file).unwrap();
    look_at(&path);
    for ending in ["", "-wal", "-journal", "-shm", ".lock"] {
        let _ = fs::remove_file(format!("{}{ending}", path.display()));
    }
});

fn patched(mut patches: &[u8]) -> Vec<u8> {
    let mut file = SOUND.to_vec();
    while let Some(([low, middle, high, length], rest)) = patches.split_first_chunk() {
        let place = u32::from_le_bytes([*low, *middle, *high, 0]) as usize % file.len();
        let (patch, rest) = rest.split_at(rest.len().min(usize::from(*length)));
        let end = file.len().min(place + patch.len());
        file[place..end].copy_from_slice(&patch[..end - place]);
        patches = rest;
    }
    file
}

/// What still reads must be what was written.
fn look_at(path: &Path) {
    let Ok(vault) = Vault::open(path) else { return };
    let _ = vault.slot_kinds();
    let Ok(session) = vault.into_session(fuzzing::master_key_of_format_1()) else { return };
    let _ = session.verify();
    let sound = session.integrity().is_sound();
    let mut entries = 0;
    let read = session.for_each_entry(&mut |entry| {
        let _ = session.history(entry.id);
        for attachment in session.attachments(entry.id) {
            let mut bytes = Vec::new();
            if session.read_attachment(attachment.id, &mut bytes).is_ok() {
                assert_eq!(bytes, b"A sketch, in words.");
            }
        }
        entries += 1;
    });
    assert!(!sound || (read.is_ok() && entries == session.ids().len() && entries > 0));
}
