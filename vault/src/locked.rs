//! Keys lie in pages of their own that the system does not swap out.
use std::ops::{Deref, DerefMut};

use region::LockGuard;
use zeroize::Zeroize;

/// 32 secret bytes in a page of their own: kept out of the swap file, where the system lets us, and wiped on drop.
/// No `Debug`.
pub(crate) struct Key {
    /// `None` where the limit on locked memory (`ulimit -l`) is used up: the key is of use all the same.
    /// Before the page, and so dropped before it: once that is freed, another key may lie there.
    _lock: Option<LockGuard>,
    page: Box<Page>,
}

/// As large as the pages of the common systems, since a page that two keys share would be released with the first.
#[repr(align(16384))]
#[derive(Default)]
struct Page([u8; 32]);

impl Key {
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        let mut key = Self::default();
        *key = bytes;
        key
    }
}

impl Default for Key {
    fn default() -> Self {
        let page = Box::<Page>::default();
        let lock = region::lock(page.0.as_ptr(), page.0.len()).ok();
        Self { _lock: lock, page }
    }
}

impl Clone for Key {
    fn clone(&self) -> Self {
        Self::new(**self)
    }
}

impl Drop for Key {
    // Before the fields: the page is still locked when it is wiped.
    fn drop(&mut self) {
        self.page.0.zeroize();
    }
}

impl Deref for Key {
    type Target = [u8; 32];

    fn deref(&self) -> &[u8; 32] {
        &self.page.0
    }
}

impl DerefMut for Key {
    fn deref_mut(&mut self) -> &mut [u8; 32] {
        &mut self.page.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_key_lies_in_a_locked_page_until_it_is_dropped() {
        let key = Key::new([7; 32]);
        if key._lock.is_none() {
            println!("left out: no memory may be locked here");
            return;
        }
        let at = key.as_ptr().addr();
        assert!(is_locked(at));
        drop(key);
        assert!(!is_locked(at));
    }

    /// Whether the mapping that holds an address is locked; not, when there is none.
    #[cfg(target_os = "linux")]
    fn is_locked(address: usize) -> bool {
        let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
        let mut inside = false;
        for line in maps.lines() {
            if let Some((start, end)) = range(line) {
                inside = (start..end).contains(&address);
            } else if inside && let Some(flags) = line.strip_prefix("VmFlags:") {
                return flags.split_whitespace().any(|flag| flag == "lo");
            }
        }
        false
    }

    #[cfg(target_os = "linux")]
    fn range(line: &str) -> Option<(usize, usize)> {
        let (start, end) = line.split_whitespace().next()?.split_once('-')?;
        Some((usize::from_str_radix(start, 16).ok()?, usize::from_str_radix(end, 16).ok()?))
    }
}
