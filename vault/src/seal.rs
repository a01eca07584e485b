//! XChaCha20-Poly1305: the one way anything is sealed and opened.
use chacha20poly1305::{AeadInOut, Key as AeadKey, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::{Result, locked::Key, random};

/// Bytes of a nonce.
pub(crate) const NONCE: usize = 24;
/// Bytes of an authentication tag.
pub(crate) const TAG: usize = 16;

/// Seals: a random nonce, the ciphertext, its tag.
pub(crate) fn seal(key: &Key, associated: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    seal_with_nonce(key, random::bytes()?, associated, plain)
}

/// Opens what [`seal`] made; `None` if anything differs.
pub(crate) fn open(key: &Key, associated: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, rest) = sealed.split_first_chunk::<NONCE>()?;
    let (body, tag) = rest.split_last_chunk::<TAG>()?;
    let mut plain = Zeroizing::new(body.to_vec());
    cipher(key)
        .decrypt_inout_detached(
            &XNonce::from(*nonce),
            associated,
            plain.as_mut_slice().into(),
            &Tag::from(*tag),
        )
        .ok()?;
    Some(plain)
}

/// [`seal`] with a nonce that is given, which must never be used twice with a key.
pub(crate) fn seal_with_nonce(
    key: &Key,
    nonce: [u8; NONCE],
    associated: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>> {
    let mut sealed = Vec::with_capacity(NONCE + plain.len() + TAG);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plain);
    let tag = cipher(key)
        .encrypt_inout_detached(&XNonce::from(nonce), associated, (&mut sealed[NONCE..]).into())
        .map_err(|_| crate::Error::TooLarge)?;
    sealed.extend_from_slice(&tag);
    Ok(sealed)
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&AeadKey::from(**key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_with_the_same_key_data_and_bytes() {
        let key = Key::new([7; 32]);
        let sealed = seal(&key, b"here", b"text").unwrap();
        assert_eq!(open(&key, b"here", &sealed).unwrap().as_slice(), b"text");
        assert!(open(&key, b"there", &sealed).is_none());
        assert!(open(&Key::new([8; 32]), b"here", &sealed).is_none());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open(&key, b"here", &changed).is_none(), "byte {at}");
            assert!(open(&key, b"here", &sealed[..at]).is_none(), "cut at {at}");
        }
    }

    #[test]
    fn equal_texts_seal_differently() {
        let key = Key::new([7; 32]);
        assert!(seal(&key, b"", b"text").unwrap() != seal(&key, b"", b"text").unwrap());
    }
}
