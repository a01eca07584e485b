//! Randomness from the system, and nothing else; where there is none, nothing is sealed.
use crate::{Error, Result};

/// `N` random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N]> {
    #[cfg(test)]
    if tests::FAILING.get() {
        return Err(Error::Random);
    }
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Error::Random)?;
    Ok(bytes)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;

    thread_local! {
        /// Set to make this thread's randomness fail.
        pub(crate) static FAILING: Cell<bool> = const { Cell::new(false) };
    }
}
