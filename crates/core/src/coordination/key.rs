//! Names that say nothing of what they name.

use std::fmt;

use hmac_sha256::HMAC;

use crate::error::{Error, ErrorKind};

/// What the [keys](Key) of a store are made with: 256 secret bits that live in the store, so that
/// all who use it make the same keys, and whoever sees a key cannot try addresses against it.
#[derive(Clone, PartialEq, Eq)]
pub struct HashKey([u8; 32]);

impl HashKey {
    /// A new one that nobody can guess.
    ///
    /// # Errors
    ///
    /// `Unavailable` where the system gives no random numbers.
    pub fn random() -> Result<Self, Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|source| {
            Error::new(ErrorKind::Unavailable, "the system gives no random numbers").with_source(source)
        })?;
        Ok(Self(bytes))
    }

    /// One that was made before.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// To be kept in a store.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key of a name that has several parts: the first 128 bits of their HMAC-SHA256 (RFC 2104).
    pub fn key(&self, parts: &[&str]) -> Key {
        let mut hmac = HMAC::new(self.0);
        for part in parts {
            // With their lengths, so that no two lists of parts read the same.
            hmac.update((part.len() as u64).to_be_bytes());
            hmac.update(part);
        }
        let mut key = [0; 16];
        key.copy_from_slice(&hmac.finalize()[..16]);
        Key(key)
    }
}

/// It is a secret.
impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey")
    }
}

/// What stands in a store for an account, a person or a limit. It shows 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key([u8; 16]);

impl Key {
    /// The bytes, which are as good as random.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Reads what [`Display`](fmt::Display) shows; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let is_key = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_key.then(|| u128::from_str_radix(text, 16).ok()).flatten().map(|bits| Self(bits.to_be_bytes()))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_hmac_of_its_parts() {
        let key = |parts: &[&str]| HashKey::from_bytes([7; 32]).key(parts).to_string();
        // python3: hmac.new(bytes([7]*32), (1).to_bytes(8, "big")+b"a"+(2).to_bytes(8, "big")+b"bc", "sha256")
        assert_eq!(key(&["a", "bc"]), "430e46797a396e1f14f7243eb7cf5ecf");
        assert_ne!(key(&["ab", "c"]), key(&["a", "bc"]));
        assert_ne!(key(&["a", "bc"]), HashKey::from_bytes([8; 32]).key(&["a", "bc"]).to_string());
        assert!(!format!("{:?}", HashKey::from_bytes([7; 32])).contains('7'));
    }

    #[test]
    fn keys_are_read_as_they_are_shown() {
        let key = HashKey::from_bytes([0; 32]).key(&[]);
        assert_eq!(Key::parse(&key.to_string()), Some(key));
        for text in ["", "0", "+0000000000000000000000000000001", "zz000000000000000000000000000000"] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
    }
}
