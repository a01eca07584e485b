//! Doors for the targets in `fuzz/`, compiled for them alone.
pub use crate::session::fuzzing::{read_contents, read_page, read_records, read_segment};
use crate::{MasterKey, keys::VaultId, locked::Key};

/// The master key of the vault in `tests/data`, which `format1.json` tells to everybody.
#[must_use]
pub fn master_key_of_format_1() -> MasterKey {
    let key = 0x8d35_dd17_6704_bbed_3a92_caeb_b04b_6bbf_u128.to_be_bytes();
    let rest = 0x9873_855c_91ef_687f_6e8a_9ccc_48a8_1ccd_u128.to_be_bytes();
    let vault = 0xed91_8baf_f812_6cff_b24c_8327_f584_ecff_u128.to_be_bytes();
    let mut whole = Key::default();
    whole[..16].copy_from_slice(&key);
    whole[16..].copy_from_slice(&rest);
    MasterKey { key: whole, vault: VaultId(vault) }
}
