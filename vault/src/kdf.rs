//! Argon2id (RFC 9106): from what a person types to 32 bytes, at a chosen cost.
use std::time::Instant;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroizing;

use crate::{Error, Result, locked::Key};

/// What a derivation may take at unlocking, in seconds.
const TARGET_SECS: f64 = 0.7;
/// The least and the most memory a reader accepts, in KiB: 8 MiB and 1 GiB.
const MEMORY_KIB: std::ops::RangeInclusive<u32> = 8 * 1024..=1024 * 1024;
/// The most memory times passes a reader accepts, in KiB: 4 GiB.
const MAX_WORK_KIB: u64 = 4 * 1024 * 1024;

/// Cost of the key derivation (Argon2id, RFC 9106).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KdfParams {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl KdfParams {
    /// The least a new vault is made with: RFC 9106's second recommendation.
    pub const FLOOR: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 4 };

    /// Chosen on this machine for about 0.7 s, within a quarter of its memory.
    #[must_use]
    pub fn calibrate() -> Self {
        // The faster of two, since something else may have been running during one.
        let fastest = floor_secs().min(floor_secs());
        let scale = TARGET_SECS / fastest.max(1e-3);
        let blocks = (scale * 4.0).clamp(4.0, 64.0) as u32;
        let memory_kib = (blocks * 16 * 1024).min(quarter_of_memory_kib());
        Self { memory_kib, ..Self::FLOOR }.within_bounds()
    }

    /// These, raised to the floor and lowered to what a reader accepts.
    pub(crate) fn within_bounds(self) -> Self {
        let floor = Self::FLOOR;
        let lanes = self.lanes.clamp(floor.lanes, 8);
        let memory_kib = self.memory_kib.clamp(floor.memory_kib, *MEMORY_KIB.end());
        let most = u32::try_from(MAX_WORK_KIB / u64::from(memory_kib)).unwrap_or(floor.passes);
        Self { memory_kib, passes: self.passes.clamp(floor.passes, most.min(16)), lanes }
    }

    /// Whether a reader may spend this: checked before any memory is taken.
    pub(crate) fn is_acceptable(self) -> bool {
        MEMORY_KIB.contains(&self.memory_kib)
            && (1..=16).contains(&self.passes)
            && (1..=8).contains(&self.lanes)
            && u64::from(self.memory_kib) * u64::from(self.passes) <= MAX_WORK_KIB
    }
}

/// Derives 32 bytes; refuses costs outside a reader's bounds before allocating.
pub(crate) fn derive(secret: &[u8], salt: &[u8; 32], params: KdfParams) -> Result<Key> {
    if !params.is_acceptable() {
        return Err(Error::damaged("the cost of its key derivation is out of bounds"));
    }
    let refused = |_| Error::damaged("its key derivation");
    let cost = Params::new(params.memory_kib, params.passes, params.lanes, Some(32));
    let cost = cost.map_err(refused)?;
    let mut memory = Zeroizing::new(Vec::new());
    memory.try_reserve_exact(cost.block_count()).map_err(|_| out_of_memory())?;
    memory.resize(cost.block_count(), Block::new());
    let mut key = Key::default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, cost)
        .hash_password_into_with_memory(secret, salt, key.as_mut(), memory.as_mut_slice())
        .map_err(refused)?;
    Ok(key)
}

/// How long a derivation at the floor takes.
fn floor_secs() -> f64 {
    let start = Instant::now();
    // The result is of no use; a failure shows as a time of nothing, which the bounds hold.
    let _ = derive(b"", &[0; 32], KdfParams::FLOOR);
    start.elapsed().as_secs_f64()
}

/// A quarter of this machine's memory in KiB, or no limit where it can't be told.
fn quarter_of_memory_kib() -> u32 {
    let total = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("MemTotal:"))?;
        line.split_whitespace().nth(1)?.parse::<u32>().ok()
    });
    total.map_or(u32::MAX, |kib| kib / 4)
}

fn out_of_memory() -> Error {
    let source = std::io::ErrorKind::OutOfMemory.into();
    Error::Io { context: "could not take the memory for the key derivation", source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_outside_a_readers_bounds_are_refused() {
        let params = |memory_kib, passes, lanes| KdfParams { memory_kib, passes, lanes };
        for wrong in [
            params(u32::MAX, 1, 1),
            params(1024 * 1024 + 1, 1, 1),
            params(1024 * 1024, 5, 1),
            params(64 * 1024, u32::MAX, 1),
            params(64 * 1024, 17, 1),
            params(64 * 1024, 0, 1),
            params(64 * 1024, 3, 0),
            params(64 * 1024, 3, 255),
            params(0, 1, 1),
        ] {
            assert!(matches!(derive(b"x", &[0; 32], wrong), Err(Error::Damaged { .. })));
        }
    }

    #[test]
    fn what_is_made_is_at_least_the_floor_and_always_readable() {
        for memory_kib in [0, 1 << 16, 300_000, 1 << 20, u32::MAX] {
            for (passes, lanes) in [(0, 0), (3, 4), (16, 8), (u32::MAX, u32::MAX)] {
                let made = KdfParams { memory_kib, passes, lanes }.within_bounds();
                assert!(made.is_acceptable(), "{made:?}");
                assert!(made.memory_kib >= 64 * 1024 && made.passes >= 3 && made.lanes >= 4);
            }
        }
    }

    #[test]
    fn calibration_gives_what_a_reader_accepts() {
        let params = KdfParams::calibrate();
        assert_eq!(params, params.within_bounds());
    }
}
