//! Encryption of what is secret on the server too.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use orgport_core::{Error, ErrorKind};

/// AES-256-GCM under one key, each time with another nonce that stands in front.
#[derive(Clone)]
pub(crate) struct Seal(Arc<RandomizedNonceKey>);

impl Seal {
    pub(crate) fn new(key: &[u8; 32]) -> Result<Self, Error> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, key)
            .map_err(|_| broken("coordination.token_key cannot be used"))?;
        Ok(Self(Arc::new(key)))
    }

    /// Text that only this key opens, and only in this place.
    pub(crate) fn seal(&self, place: &str, text: &str) -> Result<String, Error> {
        let mut sealed = text.as_bytes().to_vec();
        let nonce = self.0.seal_in_place_append_tag(Aad::from(place.as_bytes()), &mut sealed);
        let nonce = nonce.map_err(|_| broken("the token cannot be encrypted"))?;
        Ok(STANDARD.encode([&nonce.as_ref()[..], &sealed].concat()))
    }

    pub(crate) fn open(&self, place: &str, sealed: &str) -> Result<String, Error> {
        let what = "the token on the Redis server was encrypted with another coordination.token_key, or is damaged; \
                    log in again";
        let open = || {
            let mut bytes = STANDARD.decode(sealed).ok()?;
            let (nonce, sealed) = bytes.split_at_mut_checked(NONCE_LEN)?;
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let text = self.0.open_in_place(nonce, Aad::from(place.as_bytes()), sealed).ok()?;
            String::from_utf8(text.to_vec()).ok()
        };
        open().ok_or_else(|| broken(what))
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal")
    }
}

fn broken(what: &str) -> Error {
    Error::new(ErrorKind::Config, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_opens_with_its_key_in_its_place_alone() {
        let seal = Seal::new(&[7; 32]).expect("a key");
        let [one, two] = [(); 2].map(|()| seal.seal("a place", "a token").expect("sealed"));
        assert!(one != two && !one.contains("token"));
        assert_eq!(seal.open("a place", &one).expect("opened"), "a token");
        let other = Seal::new(&[8; 32]).expect("a key");
        let cut = &one[..one.len() - 4];
        for outcome in [seal.open("elsewhere", &one), other.open("a place", &one), seal.open("a place", cut)]
        {
            assert_eq!(outcome.expect_err("not opened").kind(), ErrorKind::Config);
        }
        assert!(seal.open("a place", "").is_err() && seal.open("a place", "§").is_err());
    }
}
